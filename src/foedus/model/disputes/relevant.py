"""Politically relevant pairs: neighbours by land or water, or a great power among the two (COW)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

Relevance = Literal["contiguous", "listed"]


def relevant(frame: pl.DataFrame, relevance: Relevance, sources: Path | None) -> pl.DataFrame:
    """The rows of a dyad-year frame (with conttype, cowmaj1, cowmaj2) whose pair is politically relevant that year.

    "contiguous" : in contact on any day of the year, types 1 to 5. "listed" : named in the contiguity file for the year
    at all, so also as type 0, which is no contact, and with the lowest type named (some 1,400 dyad-years more): the
    reference fits read the file so.
    """
    major = (pl.col("cowmaj1") + pl.col("cowmaj2")) > 0
    if relevance == "contiguous":
        return frame.filter((pl.col("conttype") > 0) | major)
    listed = _listed(sources)
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    keyed = frame.with_columns(low=low, high=high).join(listed, on=["low", "high", "year"], how="left")
    kept = keyed.filter(pl.col("listed").is_not_null() | major)
    return kept.with_columns(conttype=pl.col("listed").fill_null(0)).drop("low", "high", "listed")


def quiet_years(happened: str) -> pl.Expr:
    """Column expression: rows of the dyad since the last in which `happened` was 1, or since its first row; from 0.

    For a frame in order of ccode1, ccode2, year that holds relevant rows only: years in between do not count.
    """
    dyad = ["ccode1", "ccode2"]
    spell = pl.col(happened).cast(pl.Int32).cum_sum().over(dyad).shift(1).over(dyad).fill_null(0)
    return pl.int_range(pl.len()).over(*dyad, spell).cast(pl.Float64)


def _listed(sources: Path | None) -> pl.DataFrame:
    from foedus.sources import read

    spells = read("contiguity", sources)
    years = spells.with_columns(
        year=pl.int_ranges(pl.col("stdate").dt.year(), pl.col("enddate").dt.year() + 1, dtype=pl.Int16)
    ).explode("year")
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    named = years.select("year", low=low.cast(pl.Int16), high=high.cast(pl.Int16), listed="conttype")
    return named.group_by("low", "high", "year").agg(pl.col("listed").min())
