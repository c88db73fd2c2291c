"""Lay the rows of a source on the rows of a panel: null where there is none, each row at most once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.errors import SourceError


def spread(
    values: pl.DataFrame,
    rows: NDArray[np.int32],
    n_rows: int,
    *,
    absent: Mapping[str, int] | None = None,
    covered: NDArray[np.bool_] | None = None,
    source: str = "source",
) -> pl.DataFrame:
    """A frame of `n_rows` rows with each row of `values` at its place in `rows`; -1 leaves a row out.

    absent : the values of rows that the source does not name, where `covered` says that it covers them; else null.
    Raises SourceError when two rows of `values` have one place: the answer would depend on their order.
    """
    nothing = values.clear(1)
    parts = [values, nothing]
    at = np.full(n_rows, len(values), dtype=np.uint32)
    if absent is not None:
        parts.append(pl.DataFrame({c: [absent[c]] for c in values.columns}, schema=values.schema))
        at[slice(None) if covered is None else covered] = len(values) + 1
    placed = np.flatnonzero(rows >= 0)
    at[rows[placed]] = placed
    if np.count_nonzero(at < len(values)) != len(placed):
        raise SourceError(f"{source}: two rows for one and the same key and year; is it a data set of its own making?")
    return pl.concat(parts).select(pl.all().gather(pl.Series(at)))


def chosen(table: pl.DataFrame, at: NDArray[np.integer]) -> pl.DataFrame:
    """The rows of `table` numbered `at`, in that order."""
    return table.select(pl.all().gather(pl.Series(at.astype(np.uint32))))


def reach(years: tuple[int, int], last_row: int, quiet_since: int | None = None) -> tuple[int, int]:
    """First and last year that the user's copy of a data set covers.

    years : what the published file covers. last_row : the last year in the copy, which decides: a copy of an older
    version ends earlier, a newer one later. quiet_since : the last year with a row in the published file, where it
    covers more years than that (the last inter-state war of a list to 2007 ended in 2003).
    """
    return (years[0], years[1] if last_row == quiet_since else last_row)


def span(year: NDArray[np.int16], first: int, last: int) -> NDArray[np.bool_]:
    """Which years lie in [first, last]."""
    inside: NDArray[np.bool_] = (year >= first) & (year <= last)
    return inside
