"""Who wins a war: the initiator's chance against the ratio of capabilities (COW inter-state wars 4.0).

    P(initiator wins) = 1 / (1 + exp(-(a + m ln(C_I / C_T))))

C is the sum of CINC over the states of a side, each in its first year of the war. Sides 1 and 2 of the file are no
neutral labels (side 1 is nearly always the winner), so the model speaks of initiator and target. CINC is a weak guide:
m is far below 1, so no law of squares should be built on it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from foedus.model.binary import Binary, regress

_WON = 1  # outcome code of the file
_TERMS = ("constant", "ln_ratio")


def initiators(wars: pl.DataFrame) -> Binary:
    """Whether the initiator won: terms constant and ln_ratio, on the rows of `decisive`."""
    ratio = wars["ln_ratio"].to_numpy()
    return regress(np.column_stack([np.ones(len(wars)), ratio]), wars["initiator_won"].to_numpy(), _TERMS)


def contest(wars: pl.DataFrame) -> Binary:
    """The stronger side's chance whoever began, C_S^m / (C_S^m + T^m): one term ln_ratio, its coefficient m."""
    turned = np.where(np.arange(len(wars)) % 2 == 0, 1.0, -1.0)  # the likelihood is the same from either side
    ratio, won = wars["ln_ratio"].to_numpy(), wars["initiator_won"].to_numpy()
    return regress((ratio * turned)[:, None], (turned > 0) == won, _TERMS[1:])


def decisive(sources: Path | None) -> pl.DataFrame:
    """One row for each war that one side won and one side began: warnum, ln_ratio (initiator over target),
    initiator_won. A side won when any state of it did. Raises SourceError without wars or capabilities."""
    sides = (
        _states(sources)
        .group_by("warnum", "sidea1")
        .agg(pl.col("cinc").sum(), began=(pl.col("initiator1") == 1).any(), won=pl.col("won").any())
    )
    pairs = sides.filter("began").join(sides.filter(~pl.col("began")), on="warnum", suffix="_target")
    clear = (pl.col("won") != pl.col("won_target")) & (pl.min_horizontal("cinc", "cinc_target") > 0)
    ratio = (pl.col("cinc") / pl.col("cinc_target")).log()
    return pairs.filter(clear).select("warnum", ln_ratio=ratio, initiator_won="won").sort("warnum")


def _states(sources: Path | None) -> pl.DataFrame:
    """One row for each war, side and state: whether it began it and won it, CINC in its first year of the war."""
    from foedus.sources import read

    keys = ["warnum", "ccode1", "sidea1"]
    states = (
        read("wars_inter", sources)
        .group_by(keys)
        .agg(pl.col("year").min(), pl.col("initiator1").max(), won=(pl.col("outcome1") == _WON).any())
    )
    cinc = read("nmc", sources).select(ccode1="ccode", year="year", cinc="cinc")
    return states.join(cinc, on=["ccode1", "year"], how="left")
