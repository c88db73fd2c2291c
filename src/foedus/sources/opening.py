"""Open a file that may be anything: refuse what cannot be the data set before reading it, then give its columns as
they stand.

Nothing here trusts a file. Its size, first bytes, header and last byte are looked at first, so that junk of any size
costs neither time nor memory, and a file that was cut short is not taken for a whole one.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from foedus.errors import SourceError

MOST_BYTES = 256 * 2**20  # the largest published file that we read has 60 MB
_HEADER_BYTES = 2**16
_PIECE = 2**20
NULLS = ("", "NA", "NaN", ".")
# What a broken file can make Polars raise; its panics are no ordinary exceptions.
BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, OverflowError, ValueError)


def columns_of(path: Path) -> list[str]:
    """The column names of a csv, Parquet or Stata file, from its header alone. Raises SourceError."""
    refuse(path)
    if form(path) == "csv":
        return _csv_header(path)
    if form(path) == "dta":
        from foedus.sources.stata import layout

        return [column.name for column in layout(path).columns]
    try:
        return list(pl.read_parquet_schema(path))
    except BROKEN as error:
        raise SourceError(f"{path}: cannot be read as Parquet: {_first_line(error)}") from None


def raw(
    path: Path,
    wanted: Mapping[str, str],
    kinds: Mapping[str, pl.DataType],
    most_rows: int,
    nulls: Sequence[str] = NULLS,
) -> pl.DataFrame:
    """The columns `wanted` (our name -> name in the file), typed as `kinds` as far as the format allows.

    most_rows : a Parquet file that says it has more is refused unread. nulls : cells of a csv that are null.
    Raises SourceError.
    """
    try:
        if form(path) == "csv":
            return _csv(path, wanted, kinds, nulls)
        if form(path) == "dta":
            from foedus.sources.stata import read_stata

            return read_stata(path).select(pl.col(theirs).alias(ours) for ours, theirs in wanted.items())
        lazy = pl.scan_parquet(path)
        n = int(lazy.select(pl.len()).collect().item())
        if n > most_rows:
            raise SourceError(f"{path}: {n:,} rows, expected at most {most_rows:,}; is it another file?")
        return lazy.select(pl.col(theirs).alias(ours) for ours, theirs in wanted.items()).collect()
    except BROKEN as error:
        raise SourceError(f"{path}: cannot be read as {form(path)}: {_first_line(error)}") from None


def refuse(path: Path) -> None:
    """Raise SourceError for a file that by its size, first or last bytes cannot be a data set."""
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file. docs/sources.md says where to get it.")
    size = path.stat().st_size
    if size == 0:
        raise SourceError(f"{path}: the file is empty; get it again.")
    if size > MOST_BYTES:
        says = f"{size / 1e6:,.0f} MB, expected at most {MOST_BYTES / 1e6:,.0f} MB; it is not read. Is it another file?"
        raise SourceError(f"{path}: {says}")
    if form(path) not in ("csv", "dta", "parquet"):
        raise SourceError(f"{path}: expected a file that ends in .csv, .dta or .parquet.")
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(-min(size, 4), os.SEEK_END)
        tail = file.read(4)
    if form(path) == "parquet" and (head[:4] != b"PAR1" or tail != b"PAR1"):
        which = "not Parquet" if head[:4] != b"PAR1" else "Parquet cut short"
        raise SourceError(f"{path}: the file is {which}; get it again.")
    if form(path) == "csv" and (b"\0" in head or head[:4] == b"PAR1"):
        raise SourceError(f"{path}: the file is not text; expected a csv file.")
    if form(path) == "csv" and tail[-1:] not in (b"\n", b"\r"):
        says = (
            "the last line does not end, as in a file that was cut short; get it again, or end the line if it is whole."
        )
        raise SourceError(f"{path}: {says}")


def _csv_header(path: Path) -> list[str]:
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    line = head.splitlines()[0] if head.splitlines() else b""
    if len(line) == _HEADER_BYTES:
        raise SourceError(f"{path}: no end of a first line within {_HEADER_BYTES} bytes; it is not a table.")
    try:
        text = line.decode("utf-8-sig")
        return next(csv.reader([text], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: the first line is not a csv header: {error}") from None


def form(path: Path) -> str:
    """csv, dta or parquet: the ending of the name, in lower case."""
    return path.suffix.lower().lstrip(".")


def _csv(path: Path, wanted: Mapping[str, str], kinds: Mapping[str, pl.DataType], nulls: Sequence[str]) -> pl.DataFrame:
    numbers = {theirs: kinds[ours] for ours, theirs in wanted.items() if kinds[ours].is_numeric()}
    chosen = [pl.col(theirs).alias(ours) for ours, theirs in wanted.items()]

    def scan(kinds_there: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        return pl.scan_csv(
            path, infer_schema=False, schema_overrides=dict(kinds_there), null_values=list(nulls), raise_if_empty=False
        )

    try:
        frame = scan(numbers).select(chosen).collect()
    except pl.exceptions.ComputeError:
        # Whole numbers written as 1.0, or a value that is none: as text, so that the cast can say which row it is.
        frame = scan({}).select(chosen).collect()
    _no_short_row(path, frame.height)
    return frame


def _no_short_row(path: Path, height: int) -> None:
    """Raise SourceError for a row with fewer cells than the header, which Polars would fill up with nulls.

    Commas are counted piece by piece; in a file with quotation marks they may stand in a cell, so it is passed over.
    """
    commas = 0
    with path.open("rb") as file:
        header = file.readline().count(b",")
        while piece := file.read(_PIECE):
            if b'"' in piece:
                return
            commas += piece.count(b",")
        if commas == header * height:
            return
        file.seek(0)
        for row, line in enumerate(file):
            if row and line.strip() and line.count(b",") < header:
                has = f"{line.count(b',') + 1} cells, the header {header + 1}"
                raise SourceError(f"{path}: data row {row} has {has}; is the file damaged?")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
