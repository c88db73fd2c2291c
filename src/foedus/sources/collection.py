"""The user's collection of files: recognise a file, copy it in, say what is here, check that it is unchanged."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from foedus.errors import SourceError
from foedus.sources.opening import columns_of, refuse
from foedus.sources.place import find, known
from foedus.sources.reading import match, read_file
from foedus.sources.registry import DataSet, Version, data_set, names

_SUFFIXES = (".csv", ".dta", ".parquet")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file and what it is. how : "checksum" or "columns". version : None for a file of no listed version."""

    path: Path
    entry: DataSet
    version: Version | None
    how: str

    @property
    def stored_as(self) -> str:
        """Its name in the collection."""
        return self.version.file if self.version else f"{self.entry.name}{self.path.suffix.lower()}"


@dataclass(frozen=True, slots=True)
class Status:
    """A data set and the file that holds it, if any. version : "" for a version that is not listed."""

    entry: DataSet
    path: Path | None
    version: str
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What `verify` found: says is "" for a file that is as it should be. unchanged : None without a known checksum."""

    entry: DataSet
    path: Path
    rows: int
    unchanged: bool | None
    says: str


def candidates(paths: Iterable[Path]) -> Iterator[Path]:
    """The files among `paths`, and the csv, dta and Parquet files of the folders among them, sorted; no subfolders."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        else:
            yield path


def recognise(path: Path) -> Recognised:
    """What data set the file holds: by its checksum, else by its columns, then read to be sure. Raises SourceError."""
    refuse(path)
    checksum = sha256(path)
    for entry in map(data_set, names()):
        for version in entry.versions:
            if version.sha256 == checksum:
                return Recognised(path, entry, version, "checksum")
    return _by_columns(path)


def _by_columns(path: Path) -> Recognised:
    found = columns_of(path)
    fits: list[DataSet] = []
    for entry in map(data_set, names()):
        with suppress(SourceError):
            match(found, entry, path)
            fits.append(entry)
    # Those that use most of the file's columns first: a file may hold more of them than are read.
    fits.sort(key=lambda entry: -len(entry.columns))
    problems: list[str] = []
    whole: list[DataSet] = []
    for entry in fits:
        if whole and len(entry.columns) < len(whole[0].columns):
            break
        try:
            read_file(path, entry)
        except SourceError as error:
            problems.append(f"  as {entry.name}: {str(error).removeprefix(f'{path}: ')}")
        else:
            whole.append(entry)
    whole = [entry for entry in whole if path.name in entry.files] or whole
    if len(whole) == 1:
        version = next((v for v in whole[0].versions if v.file == path.name), None)
        return Recognised(path, whole[0], version, "columns")
    if whole:
        which = " and ".join(entry.name for entry in whole)
        says = f"the file fits {which}; call a copy of it {whole[0].name}{path.suffix} and add that."
        raise SourceError(f"{path}: {says}")
    if problems:
        raise SourceError("\n".join([f"{path}: the columns fit, the content does not:", *problems[:3]]))
    has = ", ".join(found[:8])
    raise SourceError(f"{path}: no data set has these columns ({has} ...). What is known: foedus sources list.")


def add(recognised: Recognised, to: Path) -> Path:
    """Copy the file into the folder `to` under its name there; the file itself is never changed. Raises SourceError."""
    target = to / recognised.stored_as
    if target.exists() and target.resolve() == recognised.path.resolve():
        return target
    temporary = ""
    try:
        to.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=to, prefix=f".{target.name}.", suffix=".part")
        os.close(handle)
        shutil.copyfile(recognised.path, temporary)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        raise SourceError(
            f"{target}: cannot be written: {error.strerror or error}. Name another folder: --sources DIR."
        ) from None
    return target


def statuses(where: Path) -> list[Status]:
    """Every data set of the registry, and what of it stands in the folder `where`; no file is opened."""
    found = []
    for name in names():
        entry = known(name, where)
        path = find(entry, where)
        listed = next((v for v in entry.versions if path and v.file == path.name), None)
        found.append(Status(entry, path, listed.version if listed else "", listed.years if listed else None))
    return found


def verify(where: Path, only: Iterable[str] = ()) -> Iterator[Checked]:
    """Read every file of the collection, in the registry's order, and compare its checksum with the one that is
    known."""
    for name in only or names():
        entry = known(name, where)
        path = find(entry, where)
        if path is None:
            continue
        listed = next((v for v in entry.versions if v.file == path.name), None)
        try:
            rows, says = read_file(path, entry).height, ""
        except SourceError as error:
            rows, says = 0, str(error)
        unchanged = None
        if listed and listed.sha256 and path.stat().st_size < 2**28:
            unchanged = sha256(path) == listed.sha256
            if not unchanged and not says:
                says = f"{path}: the content differs from the copy of version {listed.version} that was checked."
        yield Checked(entry, path, rows, unchanged, says)


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
