"""Which pairs of states have a dispute: onset in politically relevant dyads ("dangerous dyads", Bremer 1992).

The published baseline, on the user's sources: disputes of Gibler, Miller and Little, contiguity, capabilities and great
powers of COW, defence pacts of ATOP. It is non-directed, so it says where disputes are likely, not who is deterred.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.binary import Binary, regress
from foedus.model.disputes.relevant import Relevance, quiet_years, relevant

TERMS = ("constant", "contiguous", "cinc_ratio", "major", "defence_pact", "militarisation", "t", "t2_100", "t3_10000")


def rows(
    sources: Path | None, first: int = 1816, last: int = 2010, relevance: Relevance = "contiguous"
) -> pl.DataFrame:
    """Politically relevant dyad-years. Columns of TERMS but the constant, with gml_onset, ccode1, ccode2, year.

    contiguous : by land. militarisation : soldiers over people, the lower of the two. Null where a
    capability is unknown. t : relevant years since one with a dispute, or since the pair came in.
    """
    from foedus import panel

    frame = panel.dyad_year(
        first=first, last=last, add=["atop", "nmc", "contiguity", "majors", "mids"], sources=sources
    ).frame
    soldiers = [pl.col(f"milper{i}") / pl.col(f"tpop{i}") for i in (1, 2)]
    t = quiet_years("gml_ongoing")
    return relevant(frame.sort("ccode1", "ccode2", "year"), relevance, sources).select(
        "ccode1",
        "ccode2",
        "year",
        "gml_onset",
        contiguous=(pl.col("conttype") == 1).cast(pl.Float64),
        cinc_ratio=pl.min_horizontal("cinc1", "cinc2") / pl.max_horizontal("cinc1", "cinc2"),
        major=pl.max_horizontal("cowmaj1", "cowmaj2").cast(pl.Float64),
        defence_pact=pl.col("atop_defense").cast(pl.Float64),
        militarisation=pl.when(pl.all_horizontal(s.is_finite() for s in soldiers)).then(pl.min_horizontal(*soldiers)),
        t=t,
        t2_100=t**2 / 100,
        t3_10000=t**3 / 10_000,
    )


def fit(frame: pl.DataFrame) -> Binary:
    """Logit of onset on complete rows of `rows`, model-based errors as in the published table."""
    whole = frame.drop_nulls()
    x: NDArray[np.float64] = np.column_stack([np.ones(len(whole)), *(whole[c].to_numpy() for c in TERMS[1:])])
    return regress(x, whole["gml_onset"].to_numpy(), TERMS)
