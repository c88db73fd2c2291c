"""The baseline run that a brief's outlook rests on: made once for a record, kept, and used again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import platformdirs

import foedus
from foedus.futures.ensemble import job_of, run_to
from foedus.futures.errors import RunError, StoreError
from foedus.futures.parameters import shipped_fits
from foedus.futures.start import from_record
from foedus.futures.store import Store, create, manifest_of, open_run
from foedus.model.envelope import hash_of
from foedus.record import Record, to_json

WORLDS, YEARS, SEED = 500, 15, 1
_KEPT = 3  # folders of runs; an older one is of another record or version


def baseline(record: Record, tell: Callable[[str], None] = lambda step: None) -> Store:
    """WORLDS worlds from the record's last full year, YEARS years on, nothing assumed; from the cache when it is there.

    $FOEDUS_BASELINE_WORLDS asks for another number of worlds. tell : hears that the run is being made, which happens
    once for a record and a set of fits. Raises RunError for a number that cannot be, and what `job_of`, `create` and
    `run_to` raise.
    """
    worlds, fits = _worlds(), shipped_fits()
    texts = (fit.to_json() for _, fit in sorted(fits.by_name.items()))
    key = hash_of(foedus.__version__, f"{worlds} {YEARS} {SEED}", to_json(record), *texts)
    place = folder() / key[:24]
    with suppress(StoreError):  # none there yet, or damaged: made (again) below
        store = open_run(place)
        if all(store.complete(k) for k in range(store.n_chunks)):
            return store
    tell(f"outlook: a baseline run of {worlds:,} worlds, made once and kept in {place}")
    world = from_record(record)
    job = job_of(world, fits=fits, until=world.origin + YEARS, seed=SEED)
    _forget(place)
    store = create(place, manifest_of(job, worlds, {}))
    run_to(store, job)
    return store


def _worlds() -> int:
    asked = os.environ.get("FOEDUS_BASELINE_WORLDS") or str(WORLDS)
    if not asked.isdecimal() or not 1 <= int(asked) <= 1_000_000:
        raise RunError(f'FOEDUS_BASELINE_WORLDS="{asked}": expected a number of worlds, 1 to 1000000.')
    return int(asked)


def folder() -> Path:
    """Where baseline runs are kept: `baseline` in $FOEDUS_CACHE, else in the user's cache of foedus."""
    return Path(os.environ.get("FOEDUS_CACHE") or platformdirs.user_cache_dir("foedus")) / "baseline"


def _forget(place: Path) -> None:
    """Leave room for the run at `place`: what stands there unfinished goes on, of the others the oldest go."""
    place.parent.mkdir(parents=True, exist_ok=True)
    others = sorted((p for p in place.parent.iterdir() if p != place), key=lambda p: p.stat().st_mtime)
    for old in others[: -(_KEPT - 1)]:
        rmtree(old, ignore_errors=True)
