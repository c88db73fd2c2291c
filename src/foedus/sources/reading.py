"""Read one data set whole, by its entry in the registry: open, type, check, translate the state codes."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.errors import SourceError
from foedus.sources import checks, crosswalk, opening
from foedus.sources.place import find, folder, known, missing_file
from foedus.sources.registry import DataSet


def read(name: str, where: Path | None = None) -> pl.DataFrame:
    """The whole data set `name` with schema `SCHEMAS[name]`, from the folder `where` (see `folder`).

    Columns are named as in the codebook; after each column of state codes stands `<column>_state` with our codes.
    Values that mean "missing" are null. Units: `data_set(name).units`. Raises SourceError, naming file, row and
    column, for a name, a file or a value that is not what the registry says; a frame that is returned is whole.
    """
    place = folder(where)
    entry = known(name, place)
    path = find(entry, place)
    if path is None:
        raise missing_file(entry, place)
    return read_file(path, entry)


def read_file(path: Path, entry: DataSet) -> pl.DataFrame:
    """The data set `entry` from the file `path`; as `read`."""
    wanted = match(opening.columns_of(path), entry, path)
    most = max([entry.rows[1], *(v.rows for v in entry.versions)])
    nulls = ("",) if "iso2" in entry.codes.values() else opening.NULLS  # NA is Namibia
    frame = opening.raw(path, wanted, entry.columns, most, nulls)
    absent = [pl.lit(None, dtype=entry.columns[c]).alias(c) for c in entry.columns if c not in wanted]
    frame = checks.typed(frame.with_columns(absent).select(list(entry.columns)), entry, path)
    frame = checks.without_missing(frame, entry)
    checks.facts(frame, entry, path)
    return with_states(frame, entry, path).select(entry.schema.names())


def match(found: list[str], entry: DataSet, path: Path) -> dict[str, str]:
    """Declared column -> its name in the file: the same letters and digits.

    Raises SourceError for one that is absent.
    """
    alike = {_letters(name): name for name in reversed(found)}
    here = {c: c if c in found else alike.get(_letters(c), "") for c in entry.columns}
    absent = [c for c, theirs in here.items() if not theirs and c not in entry.optional]
    if absent:
        raise SourceError(f"{path}: {_columns_differ(found, absent, entry)}")
    return {c: theirs for c, theirs in here.items() if theirs}


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _columns_differ(found: list[str], absent: list[str], entry: DataSet) -> str:
    if len(found) <= 1:
        separator = next(
            (what for sign, what in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if sign in "".join(found)), ""
        )
        if separator:
            return f"the first line is separated by {separator}, expected commas; save it as csv with commas."
    shown = ", ".join(absent[:8]) + (" ..." if len(absent) > 8 else "")
    has = ", ".join(found[:12]) + (" ..." if len(found) > 12 else "")
    return f"no column {shown}, expected in {entry.name}; found {has}. Is it another file or version?"


def with_states(frame: pl.DataFrame, entry: DataSet, path: Path) -> pl.DataFrame:
    """`frame` with `<column>_state` for each column of state codes. Raises SourceError for a code that nobody knows."""
    years = frame[entry.year] if entry.year else None
    if years is None and entry.assumed_year:
        years = pl.repeat(entry.assumed_year, frame.height, dtype=pl.Int32, eager=True)
    own = {**dict.fromkeys(entry.not_states, ""), **entry.means}
    added = []
    for column, coding in entry.codes.items():
        try:
            found = crosswalk.states(frame[column], coding, years, own)
        except crosswalk.UnknownCode as unknown:
            in_year = f" in {unknown.year}" if unknown.year is not None else ""
            says = f'"{unknown.value}"{in_year} is no state of the {_LISTS[coding]}'
            hint = "Is the file of another version, or the value misread?"
            raise SourceError(f"{path}: data row {unknown.row + 1}, column {column}: {says}. {hint}") from None
        added.append(found.alias(f"{column}_state"))
    return frame.with_columns(added)


_LISTS = {
    "cow": "Correlates of War list",
    "gw": "Gleditsch-Ward list",
    "iso3": "ISO 3166 three-letter codes",
    "iso2": "ISO 3166 two-letter codes",
    "name": "list of names",
}
