"""Lags that look at the calendar: the value of the same unit so many years before, or null."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from foedus.errors import FoedusError


def lagged(frame: pl.DataFrame, keys: Sequence[str], columns: Sequence[str], years: int) -> pl.DataFrame:
    """`frame` with <column>_lag<years> for each of `columns`: the value in year - `years` of the unit that `keys` name.

    Null where the frame has no row for that unit and year. years >= 1. Raises FoedusError for another number.
    """
    if years < 1:
        raise FoedusError(f"A lag of {years} years: expected 1 or more.")
    # A unit's rows are sorted by year and have no year twice, so the row `k` back is never later than year - k; with a
    # gap it is earlier. Looking back 1 to `years` rows for the right year is cheaper than a join and needs no order.
    found = frame.select(
        *keys,
        (pl.col("year") + years).cast(frame.schema["year"]).alias("year"),
        *(pl.col(c).alias(f"{c}_lag{years}") for c in columns),
    )
    return frame.join(found, on=[*keys, "year"], how="left", maintain_order="left")
