"""Read the record's files, the embedded ones and a user's own, into one `Record`.

The files are the truth. Parsing them takes seconds, so the parsed tables are kept as JSON in the user's cache, keyed by
the name, size and time of every file; a cache that is missing, stale or unwritable only costs time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import platformdirs

import foedus
from foedus.errors import Problem, RecordError
from foedus.record.exchange import Tables, decode, encode
from foedus.record.parse import parse_treaty, read_rows
from foedus.record.record import Record
from foedus.record.tables import LISTS, SOURCE_LIST, TABLES

EMBEDDED = Path(str(files("foedus.record"))) / "data"
MAX_FILE_BYTES = 20_000_000  # far above any honest file of the record; a junk file must not fill the memory


def load(own: str | Path | None = None) -> Record:
    """The embedded record, with the files of the directory `own` added to it or in their place.

    A treaty or source of the same id, a row of the same key, replaces the embedded one. A second call gives the same
    `Record` while no file has changed. Raises RecordError with every problem of every file.
    """
    folders = (EMBEDDED, _own_folder(own)) if own else (EMBEDDED,)
    return _load(folders, _cache_path(p for folder in folders for p in record_files(folder)))


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...], cache: Path) -> Record:
    """The record of `folders`; the name of `cache` changes with every file, so a changed file is read again."""
    cached = _read_cache(cache)
    if cached is not None:
        return Record(cached.rows, cached.treaties, cached.sources, cached.origin)
    tables = read_tables(folders)
    record = Record(tables.rows, tables.treaties, tables.sources, tables.origin)
    if folders != (EMBEDDED,):
        from foedus.record.check import check  # only a user's own files need it here; the embedded ones pass in CI

        problems = check(record).problems
        if problems:  # what the embedded files themselves have wrong is not the user's to mend
            known = set(check(load()).problems)
            problems = tuple(p for p in problems if p not in known)
        if problems:
            raise RecordError(problems)
    _write_cache(cache, tables)
    return record


def _own_folder(own: str | Path) -> Path:
    folder = Path(own)
    if not folder.is_dir():
        says = (
            "is not a folder. Give a folder with treaties/*.toml and, if needed, the tables that docs/record.md lists"
        )
        raise RecordError([Problem(str(own), "", says)])
    if not record_files(folder):
        says = "holds no file of a record: expected treaties/<id>.toml or one of " + ", ".join([*TABLES, *LISTS])
        raise RecordError([Problem(str(own), "", says)])
    return folder


def record_files(folder: Path) -> list[Path]:
    """The files of a record folder that foedus reads, sorted by path."""
    named = [folder / name for name in (*TABLES, *LISTS) if (folder / name).is_file()]
    return sorted([*named, *folder.glob("treaties/*.toml"), *folder.glob("sources/*.toml")])


def read_tables(folders: Iterable[Path]) -> Tables:
    """Every file of `folders`, later folders replacing earlier ones; RecordError with the problems of all files."""
    tables = Tables(rows={name: [] for name in (*TABLES, *LISTS)}, treaties={}, sources={}, origin={})
    problems: list[Problem] = []
    for folder in folders:
        for path in record_files(folder):
            try:
                _read_into(tables, path, shown(path))
            except RecordError as error:
                problems += error.problems
    if problems:
        raise RecordError(problems)
    return tables


def shown(path: Path) -> str:
    """How a file is named to the user: relative to the package for the embedded record, else as given."""
    return f"record/data/{path.relative_to(EMBEDDED).as_posix()}" if path.is_relative_to(EMBEDDED) else str(path)


def _read_into(tables: Tables, path: Path, name: str) -> None:
    text = _text(path, name)
    if path.parent.name == "treaties":
        treaty = parse_treaty(text, name)
        if treaty.id != path.stem:
            raise RecordError([Problem(name, "id", f'is "{treaty.id}"; the file must be called {treaty.id}.toml')])
        tables.treaties[treaty.id] = treaty
        tables.origin[treaty.id] = name
        return
    if path.parent.name == "sources":
        tables.sources.update({s.id: s for s in _by_key(read_rows(text, name, *SOURCE_LIST), name).values()})
        return
    rows = read_csv(text, name, TABLES[path.name]) if path.name in TABLES else read_rows(text, name, *LISTS[path.name])
    merged = _by_key(tables.rows[path.name], name) | _by_key(rows, name)
    tables.rows[path.name][:] = merged.values()
    tables.origin[path.name] = name


def _by_key(rows: Iterable[msgspec.Struct], name: str) -> dict[Any, Any]:
    """The rows of one file by their key; RecordError when two of them share one."""
    found: dict[Any, msgspec.Struct] = {}
    problems = []
    for row in rows:
        key = row_key(row)
        if key in found:
            says = "stands twice in this file; one row would hide the other"
            problems.append(Problem(name, ", ".join("" if part is None else str(part) for part in key), says))
        found[key] = row
    if problems:
        raise RecordError(problems)
    return found


def _text(path: Path, name: str) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            says = f"is larger than {MAX_FILE_BYTES // 1_000_000} MB; that is no file of a record"
            raise RecordError([Problem(name, "", says)])
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a byte order mark in front
    except UnicodeDecodeError as error:
        raise RecordError([Problem(name, "", f"is not UTF-8 text (byte {error.start}); save it as UTF-8")]) from None
    except OSError as error:
        raise RecordError([Problem(name, "", f"cannot be read: {error.strerror}")]) from None


_KEYS = {
    "StateRow": ("code",),
    "StateSpell": ("code", "since"),
    "StateName": ("name", "code", "kind", "since"),
    "Capital": ("code", "capital", "since"),
    "Succession": ("predecessor", "successor", "day"),
    "OutlineSpell": ("outline", "since"),
    "Figure": ("state", "indicator", "year"),
    "Border": ("a", "b"),
    "Nuclear": ("state", "status", "since"),
    "Neutrality": ("state", "kind", "since"),
    "GreatPower": ("state", "since"),
    "Rivalry": ("a", "b", "first_year"),
    "WarParty": ("war", "state", "since"),
    "Regime": ("state", "first_year"),
    "Opinion": ("scope", "state", "treaty", "target", "group", "day", "pollster", "family", "question", "released"),
}


def row_key(row: msgspec.Struct) -> tuple[Any, ...]:
    """What tells a row of a table from the others: a row of the same key in another folder replaces it."""
    return tuple(getattr(row, name) for name in _KEYS.get(type(row).__name__, ("id",)))


RowT = TypeVar("RowT", bound=msgspec.Struct)


def read_csv(text: str, file: str, row_type: type[RowT]) -> list[RowT]:
    """The rows of a CSV file of the record as `row_type`; RecordError with every problem, each with its line."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    known = [f.name for f in msgspec.structs.fields(row_type)]
    problems = [
        Problem(file, name, f"is not a column here. Columns: {', '.join(known)}", 1)
        for name in header
        if name not in known
    ]
    if not header:
        problems.append(Problem(file, "", f"is empty; its first line must name the columns: {', '.join(known)}", 1))
    rows: list[RowT] = []
    try:
        for line in reader:
            if not line:
                continue
            if len(line) != len(header):
                says = f"has {len(line)} fields, the header has {len(header)}; quote fields that contain commas"
                problems.append(Problem(file, "row", says, reader.line_num))
                continue
            try:
                rows.append(_row(dict(zip(header, line, strict=True)), row_type))
            except msgspec.ValidationError as error:
                problems.append(Problem(file, "row", f"{error}; found {','.join(line):.120}", reader.line_num))
    except csv.Error as error:
        problems.append(Problem(file, "", f"not valid CSV: {error}", reader.line_num))
    if problems:
        raise RecordError(problems)
    return rows


def _row(cells: dict[str, str], row_type: type[RowT]) -> RowT:
    """One line of a table; an empty cell is an absent value. Raises msgspec.ValidationError."""
    row = msgspec.convert({k: v for k, v in cells.items() if v != ""}, row_type, strict=False)
    for name in row_type.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, float) and not math.isfinite(value):
            raise msgspec.ValidationError(f"{value} is not a number - at `$.{name}`")
    return row


def _cache_path(paths: Iterable[Path]) -> Path:
    seal = hashlib.sha256(foedus.__version__.encode())
    code = Path(__file__).parent
    for path in (*paths, *(code / name for name in ("schema.py", "tables.py", "parse.py", "load.py", "exchange.py"))):
        with suppress(OSError):  # a file that cannot be read is named when it is read
            stat = path.stat()
            seal.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode(errors="surrogateescape"))
    folder = Path(os.environ.get("FOEDUS_CACHE") or platformdirs.user_cache_dir("foedus"))
    return folder / f"record-{seal.hexdigest()[:24]}.json"


def _read_cache(path: Path) -> Tables | None:
    try:
        return decode(path.read_bytes())
    except (OSError, ValueError, RecursionError):  # whatever stands there, the files are the truth
        return None


def _write_cache(path: Path, tables: Tables) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(path.parent.glob("record-*.json"), key=lambda p: p.stat().st_mtime)[:-3]:
            old.unlink(missing_ok=True)  # a few are kept: one for each --record in use
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(encode(tables))
        Path(temporary).replace(path)
