"""Alliance pledges by directed dyad and year: ATOP 5.1 and COW Formal Alliances 4.1 (Gibler 2009)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.sources.atop import PLEDGES
from foedus.sources.reading import table

ATOP_DYADS = pl.Schema({"cow1": pl.Int32, "cow2": pl.Int32, "year": pl.Int32, **dict.fromkeys(PLEDGES.values(), pl.Boolean())})
COW_DYADS = pl.Schema({"cow1": pl.Int32, "cow2": pl.Int32, "year": pl.Int32, "defence": pl.Boolean()})


def atop_dyads(folder: Path, file: str = "atop_v5_1_directed_dyad_year.parquet") -> pl.DataFrame:
    """Directed dyad-years with an alliance, 1815-2018: what the first state owes the second; schema ATOP_DYADS."""
    theirs = [f"atop_{name}" for name in PLEDGES]
    raw = table(folder, file, ("ccode1", "ccode2", "year", *theirs), rows=(200_000, 350_000))
    pledges = {ours: pl.col(f"atop_{name}") == 1 for name, ours in PLEDGES.items()}
    return raw.select("year", cow1="ccode1", cow2="ccode2", **pledges).select(ATOP_DYADS.names())


def cow_dyads(folder: Path, file: str = "cow_alliance_v4_1_directed_dyad_year.parquet") -> pl.DataFrame:
    """Directed dyad-years with a defence pact in the COW list, 1816-2012; schema COW_DYADS."""
    raw = table(folder, file, ("ccode1", "ccode2", "year", "cow_defense"), rows=(100_000, 150_000))
    return raw.select("year", cow1="ccode1", cow2="ccode2", defence=pl.col("cow_defense") == 1).select(COW_DYADS.names())
