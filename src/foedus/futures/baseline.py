"""The baseline run that a brief's outlook rests on: made once for a record, kept, and used again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import platformdirs

from foedus.futures.ensemble import job_of, run_to
from foedus.futures.start import from_record
from foedus.futures.store import Store, create, manifest_of
from foedus.model.envelope import hash_of
from foedus.record import Record

WORLDS, YEARS, SEED = 1000, 15, 1
_KEPT = 3  # folders of runs; an older one is of another record or version


def baseline(record: Record, tell: Callable[[str], None] = lambda step: None) -> Store:
    """WORLDS worlds from the record's last full year, YEARS years on, nothing assumed; from the cache when it is there.

    tell : hears that the run is being made, which happens once for a record and a set of fits. Raises what `job_of`,
    `create` and `run_to` raise.
    """
    world = from_record(record)
    job = job_of(world, until=world.origin + YEARS, seed=SEED)
    manifest = manifest_of(job, WORLDS, {})
    place = folder() / hash_of(repr(sorted(manifest.items())))[:24]
    if not place.is_dir():
        tell(f"outlook: a baseline run of {WORLDS:,} worlds, made once and kept in {place}")
        _forget(place.parent)
    store = create(place, manifest)
    run_to(store, job)
    return store


def folder() -> Path:
    """Where baseline runs are kept: `baseline` in $FOEDUS_CACHE, else in the user's cache of foedus."""
    return Path(os.environ.get("FOEDUS_CACHE") or platformdirs.user_cache_dir("foedus")) / "baseline"


def _forget(cache: Path) -> None:
    """Leave room for one more: the runs used least recently go."""
    cache.mkdir(parents=True, exist_ok=True)
    for old in sorted(cache.iterdir(), key=lambda p: p.stat().st_mtime)[: -(_KEPT - 1)]:
        rmtree(old, ignore_errors=True)
