"""Alliance pledges by directed dyad and year: ATOP 5.1 and COW Formal Alliances 4.1 (Gibler 2009)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from foedus.sources.atop import LARGEST_COW, PLEDGES
from foedus.sources.whole_numbers import Table, flag, table, within

_DYAD_YEAR = {"cow1": pl.Int32(), "cow2": pl.Int32(), "year": pl.Int32()}
ATOP_DYADS = pl.Schema({**_DYAD_YEAR, **dict.fromkeys(PLEDGES.values(), pl.Boolean())})
COW_DYADS = pl.Schema({**_DYAD_YEAR, "defence": pl.Boolean()})


def atop_dyads(folder: Path, file: str = "atop_v5_1_directed_dyad_year.parquet") -> pl.DataFrame:
    """Directed dyad-years with an alliance, 1815-2018: what the first state owes the second; schema ATOP_DYADS.

    Raises SourceError when the file is missing, cut short or another one.
    """
    pledges = {ours: f"atop_{theirs}" for theirs, ours in PLEDGES.items()}
    raw = table(folder, file, ("ccode1", "ccode2", "year", *pledges.values()), rows=(200_000, 350_000))
    return pl.DataFrame({**_dyad_year(raw), **{p: flag(raw, c) for p, c in pledges.items()}}, schema=ATOP_DYADS)


def cow_dyads(folder: Path, file: str = "cow_alliance_v4_1_directed_dyad_year.parquet") -> pl.DataFrame:
    """Directed dyad-years with an alliance in the COW list, 1816-2012, and whether it is a defence pact.

    Schema COW_DYADS. Raises SourceError when the file is missing, cut short or another one.
    """
    raw = table(folder, file, ("ccode1", "ccode2", "year", "cow_defense"), rows=(100_000, 150_000))
    return pl.DataFrame({**_dyad_year(raw), "defence": flag(raw, "cow_defense")}, schema=COW_DYADS)


def _dyad_year(raw: Table) -> dict[str, pl.Series]:
    return {
        "cow1": within(raw, "ccode1", 1, LARGEST_COW),
        "cow2": within(raw, "ccode2", 1, LARGEST_COW),
        "year": within(raw, "year", 1800, 2100),
    }
