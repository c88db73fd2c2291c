"""A table of whole numbers out of a csv or Parquet file, every value checked, or one clear error.

A csv is read as text and a Parquet file only after its size and row count are known, so that a file that is not what
its name says costs little memory and ends in one SourceError.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from foedus.errors import SourceError

LARGEST = 64 * 1024 * 1024  # bytes; the biggest file read here has half a megabyte
MOST_ROWS = 5_000_000  # a Parquet file of a few bytes can claim any number of rows


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read: its path, for messages, and its columns as Int32."""

    path: Path
    frame: pl.DataFrame


def table(
    folder: Path,
    name: str,
    columns: Sequence[str],
    *,
    rows: tuple[int, int] | None = None,
    optional: Sequence[str] = (),
) -> Table:
    """The whole-number `columns` of the csv or Parquet file `name` in `folder`; nothing else is read.

    rows : least and most rows that an honest copy has. optional : columns whose cells may be empty (null).
    Raises SourceError, naming file, row and column, for a missing, oversized, truncated, mistyped or other file.
    """
    path = _found(folder / name)
    try:
        raw = _csv(path, columns) if path.suffix == ".csv" else _parquet(path, columns)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, OverflowError, ValueError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        kind = path.suffix.lstrip(".") or "table"
        raise SourceError(f"{path}: cannot be read as {kind} (columns {', '.join(columns)}): {first}") from None
    if rows and not rows[0] <= raw.height <= rows[1]:
        says = f"{path}: {raw.height} rows, expected {rows[0]} to {rows[1]}"
        raise SourceError(f"{says} (read for column {columns[0]}); is the file whole?")
    return Table(path, raw.select(_whole(path, raw[c], c in optional) for c in columns))


def _found(path: Path) -> Path:
    if not path.is_file():
        says = "there is no such file. Place your own copy there; docs/sources.md says where to get it."
        raise SourceError(f"{path}: {says}")
    size = path.stat().st_size
    if size > LARGEST:
        raise SourceError(f"{path}: {size} bytes, more than the {LARGEST} that foedus reads; is it the right file?")
    return path


def _csv(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """The columns as text. A last line with fewer cells than the header is a download that stopped."""
    data = path.read_bytes()
    header = data.split(b"\n", 1)[0]
    last = data.rstrip().rsplit(b"\n", 1)[-1]
    _require(path, columns, [c.strip().strip('"') for c in header.decode("utf-8", "replace").split(",")])
    if b'"' not in last and last.count(b",") != header.count(b","):
        says = f"the last row has {last.count(b',') + 1} cells, the header {header.count(b',') + 1}"
        raise SourceError(f"{path}: {says}, so column {columns[-1]} may be cut short; is the file whole?")
    return pl.read_csv(io.BytesIO(data), infer_schema=False, columns=list(dict.fromkeys(columns)))


def _parquet(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            says = f"does not begin as a Parquet file (read for columns {', '.join(columns)})"
            raise SourceError(f"{path}: {says}; is it another file, or a pointer to one?")
    lazy = pl.scan_parquet(path)
    _require(path, columns, lazy.collect_schema().names())
    n_rows = lazy.select(pl.len()).collect().item()
    if n_rows > MOST_ROWS:
        raise SourceError(
            f"{path}: claims {n_rows} rows (column {columns[0]}), more than the {MOST_ROWS} foedus reads."
        )
    return lazy.select(*columns).collect()


def _require(path: Path, columns: Sequence[str], found: Sequence[str]) -> None:
    missing = [c for c in columns if c not in found]
    if missing:
        says = f"no column {', '.join(missing)}. Expected {', '.join(columns)}; is it another version?"
        raise SourceError(f"{path}: {says}")


def _whole(path: Path, column: pl.Series, optional: bool) -> pl.Series:
    """`column` as Int32, or SourceError naming the first cell that is no whole number."""
    if not (column.dtype.is_numeric() or column.dtype == pl.String):
        raise SourceError(f"{path}: column {column.name} holds {column.dtype}, expected whole numbers.")
    number = column.cast(pl.Float64, strict=False)
    is_empty = column.is_null() if column.dtype.is_numeric() else column.fill_null("").str.strip_chars().is_in(_EMPTY)
    is_whole = (number.is_finite() & (number == number.round()) & (number.abs() < 2**31)).fill_null(False)
    wrong = ~(is_whole | (is_empty & optional))
    if wrong.any():
        row = wrong.arg_max() or 0
        found = "nothing" if is_empty[row] else repr(column[row])
        says = f"row {row + 1}, column {column.name}: expected a whole number, found {found[:40]}"
        raise SourceError(f"{path}: {says}; is the file whole and of this version?")
    return number.cast(pl.Int32)


_EMPTY = ("", "NA")


def day(source: Table, year: str, month: str, dom: str) -> pl.Series:
    """Dates from columns of year, month and day; a year of 0 is null, an unknown month or day stands as the first.

    Raises SourceError for a year outside 1800-2100 and for a day that the calendar does not have.
    """
    parts = source.frame.select(
        year=year,
        month=pl.col(month).fill_null(0).replace(0, 1),
        dom=pl.col(dom).fill_null(0).replace(0, 1),
    )
    text = pl.format("{}-{}-{}", *(pl.col(c).cast(pl.String).str.zfill(2) for c in parts.columns))
    found = parts.select(text.str.to_date("%Y-%m-%d", strict=False).alias(year))[year]
    is_open = parts["year"] == 0
    wrong = ~is_open & (found.is_null() | ~parts["year"].is_between(1800, 2100))
    if wrong.any():
        row = wrong.arg_max() or 0
        says = "-".join(str(value) for value in parts.row(row))
        raise SourceError(f"{source.path}: row {row + 1}, columns {year}, {month}, {dom}: {says} is not a day.")
    return found.set(is_open, None)


def flag(source: Table, column: str) -> pl.Series:
    """A column of 0 and 1 as booleans. Raises SourceError for another number."""
    values = source.frame[column]
    wrong = ~values.is_in([0, 1])
    if wrong.any():
        row = wrong.arg_max() or 0
        raise SourceError(f"{source.path}: row {row + 1}, column {column}: expected 0 or 1, found {values[row]}.")
    return values == 1


def within(source: Table, column: str, least: int, most: int) -> pl.Series:
    """A column whose numbers lie between `least` and `most`. Raises SourceError for another number."""
    values = source.frame[column]
    wrong = ~values.is_between(least, most)
    if wrong.any():
        row = wrong.arg_max() or 0
        says = f"expected {least} to {most}, found {values[row]}"
        raise SourceError(f"{source.path}: row {row + 1}, column {column}: {says}.")
    return values
