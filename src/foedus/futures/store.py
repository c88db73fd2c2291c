"""The folder of a run: a manifest, and for each chunk a part of six Parquet files, whole or not there.

A part is complete when `parts/NNNNN.json` stands, which is written last and holds the checksums of its files. So a run
that was killed goes on with the chunks that are not complete, and a damaged file is found and made again.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import foedus
from foedus.errors import OutputError
from foedus.futures.chunk import CHUNK, Job
from foedus.futures.errors import StoreError
from foedus.futures.parts import TABLES, digest
from foedus.model.envelope import hash_of

SCHEMA = "foedus-futures/1"
MANIFEST = "manifest.json"


def manifest_of(job: Job, worlds: int, files: dict[str, str]) -> dict[str, Any]:
    """What a run is: seed, years, names, and the hash of every input. files : other inputs, name -> sha256."""
    w = job.world
    arrays = w.arrays()
    return {
        "schema": SCHEMA,
        "version": foedus.__version__,
        "polars": pl.__version__,
        "worlds": worlds,
        "chunk": CHUNK,
        "seed": job.seed,
        "origin": w.origin,
        "until": job.until,
        "scenario": job.plan.name,
        "scenario_title": job.plan.title,
        "without": sorted(job.plan.off),
        "states": list(w.states),
        "treaties": list(w.treaties) + [f.id for f in job.plan.foundings],
        "titles": list(w.titles) + [f.title for f in job.plan.foundings],
        "defence": [bool(d) for d in w.defence] + [f.defence for f in job.plan.foundings],
        "economy": job.economy,
        "members_at_start": [int(n) for n in w.member.sum(axis=1)],
        "sources": [list(row) for row in w.sources],
        "inputs": {
            "world": hash_of("|".join((*w.states, *w.treaties)), *(v for _, v in sorted(arrays.items()))),
            "plan": hash_of(repr(_plain(job.plan))),
            **{f"fit {name}": digest(fit.to_json().encode()) for name, fit in sorted(job.fits.by_name.items())},
            **files,
        },
    }


def _plain(plan: Any) -> list[tuple[str, Any]]:
    """A plan's content in an order and form that does not vary."""

    def content(value: Any) -> Any:
        if hasattr(value, "tobytes"):
            return (value.shape, digest(value.tobytes()))
        if isinstance(value, dict):
            return sorted((k, content(v)) for k, v in value.items())
        if isinstance(value, tuple | list):
            return [content(v) for v in value]
        if isinstance(value, frozenset):
            return sorted(value)
        if hasattr(value, "__dataclass_fields__"):
            return [(k, content(getattr(value, k))) for k in value.__dataclass_fields__]
        return value

    found: list[tuple[str, Any]] = content(plan)
    return found


@dataclass(frozen=True)
class Store:
    """A folder of a run, opened. manifest : as written by `manifest_of`."""

    folder: Path
    manifest: dict[str, Any]

    def complete(self, chunk: int) -> bool:
        """Whether a part is there with the checksums it was written with."""
        try:
            seal = json.loads(self._seal(chunk).read_text(encoding="utf-8"))
            return set(seal) == set(TABLES) and all(
                digest(self.file(name, chunk).read_bytes()) == seal[name] for name in TABLES
            )
        except (OSError, ValueError):
            return False

    def damaged(self, chunk: int) -> bool:
        """Whether a part was sealed and no longer fits its checksums."""
        return self._seal(chunk).is_file() and not self.complete(chunk)

    def write(self, chunk: int, files: dict[str, bytes]) -> None:
        """Write a part; it counts only when the last file, the seal, stands. Raises OutputError."""
        with suppress(OSError):
            self._seal(chunk).unlink()
        for name, data in files.items():
            write_whole(self.file(name, chunk), data)
        seal = json.dumps({name: digest(data) for name, data in sorted(files.items())}, indent=1) + "\n"
        write_whole(self._seal(chunk), seal.encode())

    def file(self, table: str, chunk: int) -> Path:
        """Path of one table's file of a part."""
        return self.folder / "parts" / f"{table}-{chunk:05d}.parquet"

    def _seal(self, chunk: int) -> Path:
        return self.folder / "parts" / f"{chunk:05d}.json"

    def scan(self, table: str) -> pl.LazyFrame:
        """A table over all parts. Raises StoreError when the run is not complete."""
        missing = [k for k in range(self.n_chunks) if not self.file(table, k).is_file()]
        if missing:
            raise StoreError(
                f"{self.folder}: {len(missing)} of {self.n_chunks} parts are missing; run the same command to go on."
            )
        return pl.scan_parquet([self.file(table, k) for k in range(self.n_chunks)])

    @property
    def n_chunks(self) -> int:
        """Number of parts when complete."""
        return -(-int(self.manifest["worlds"]) // int(self.manifest["chunk"]))


def create(folder: Path, manifest: dict[str, Any]) -> Store:
    """Open `folder` for this run: a new one, or one of the same run that was interrupted.

    Raises StoreError when it holds another run or other things, OutputError when it cannot be written.
    """
    found = folder / MANIFEST
    if found.is_file():
        old = open_run(folder).manifest
        if old != manifest:
            differs = sorted(k for k in {*old, *manifest} if old.get(k) != manifest.get(k))
            raise StoreError(
                f"{folder} holds another run (it differs in {', '.join(differs)}). Write to another folder with -o,"
                " or remove this one."
            )
        _writable(folder)
        return Store(folder, manifest)
    if folder.is_dir() and any(p for p in folder.iterdir() if not p.name.endswith(".part")):
        raise StoreError(f"{folder} is not empty and holds no run; name a new folder with -o.")
    try:
        (folder / "parts").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror}. Write elsewhere with -o.") from None
    _writable(folder)
    write_whole(found, (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())
    return Store(folder, manifest)


def _writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK) or not os.access(folder / "parts", os.W_OK):
        raise OutputError(f"{folder} cannot be written: permission denied. Write elsewhere with -o.")


def open_run(folder: Path) -> Store:
    """Open the folder of a run for reading. Raises StoreError when it is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] != SCHEMA:
            raise StoreError(f"{folder}: made by another version of foedus ({manifest['schema']}); run it again.")
        return Store(folder, manifest)
    except OSError:
        raise StoreError(f"{folder} is not the folder of a run. Make one: foedus futures run -o {folder}") from None
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"{folder / MANIFEST} is damaged. Remove the folder and run again.") from None


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, flush it to the disk, then rename. Raises OutputError; nothing is half-written."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        says = f"{path} cannot be written: {error.strerror or error}."
        raise OutputError(f"{says} Complete parts are kept: make room, then run the same command again.") from None
