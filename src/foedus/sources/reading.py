"""Open a file of a data set, check its columns, say clearly what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from foedus.errors import SourceError


def table(folder: Path, name: str, columns: Sequence[str], *, rows: tuple[int, int] | None = None) -> pl.DataFrame:
    """The whole-number `columns` of the csv or Parquet file `name` in `folder`; nothing else is read.

    rows : least and most rows that an honest copy has. Raises SourceError for a missing, truncated or other file.
    """
    path = folder / name
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file. Place your own copy there; docs/sources.md says where to get it.")
    try:
        lazy = pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path)
        missing = [c for c in columns if c not in lazy.collect_schema().names()]
        if missing:
            raise SourceError(f"{path}: no column {', '.join(missing)}. Expected {', '.join(columns)}; is it another version?")
        frame = lazy.select(pl.col(c).cast(pl.Int32) for c in columns).collect()
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{path}: cannot be read as {path.suffix.lstrip('.')}: {str(error).splitlines()[0]}") from None
    if rows and not rows[0] <= frame.height <= rows[1]:
        raise SourceError(f"{path}: {frame.height} rows, expected {rows[0]} to {rows[1]}; is the file whole?")
    return frame


def day(year: str, month: str, dom: str) -> pl.Expr:
    """A date from columns of year, month and day; a year of 0 is null, an unknown month or day stands as the first."""
    known = pl.col(year) > 0

    def at_least_one(column: str) -> pl.Expr:
        return pl.when(pl.col(column) > 0).then(pl.col(column)).otherwise(1)

    return pl.when(known).then(pl.date(pl.col(year), at_least_one(month), at_least_one(dom)))
