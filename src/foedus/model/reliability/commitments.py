"""The commitments that wars called upon: Leeds and Anac's table, with each war's year and what the treaty promised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from foedus.model.errors import ModelError
from foedus.model.reliability.logit import Floats
from foedus.panel import require
from foedus.sources import read

REFERENCE = ("milinst", "formal", "chcap2d", "dinstch2", "origtar1")
PLEDGES = ("defense", "offense", "neutral", "nonagg", "consul")
FORM = ("asymm", "conditio", "bilat", "wartime", "log_age")
ERA = "post45"
LATER = 1945  # the first year of the later era
# Leeds and Anac number wars as version 3.0 of the Correlates of War did; these have another number in version 4.0,
# whose 154 does not exist and whose 189 is Vietnam and Cambodia, not the Ogaden.
RENUMBERED = {154: 156, 157: 155, 189: 187}
COMMITMENTS = pl.Schema(
    {
        "war": pl.Int32(),
        "cowwarid": pl.Int32(),
        "year": pl.Int32(),
        "atopid": pl.Int32(),
        "honor3": pl.Int32(),
        "honor2": pl.Int32(),
    }
    | {name: pl.Int32() for name in (*REFERENCE, "chalcapd", "chcp2d20", "regch2", "active", *PLEDGES, *FORM[:4])}
    | {"log_age": pl.Float64(), ERA: pl.Int32()}
)


def commitments(sources: Path | None = None, *, until: int | None = None) -> pl.DataFrame:
    """One row for each commitment that a war called upon, in the file's order; schema COMMITMENTS.

    Joined from the user's copies of `leeds_anac` (outcome and the article's variables), `atop_alliances_v4_01` (pledges
    and form) and `wars_inter` (first year of each war). All of it is known when the war begins.
    war, cowwarid : the war's number in versions 3.0 and 4.0 of the Correlates of War. log_age : log(1 + years from the
    treaty's first year to the war's). post45 : 1 for wars that began in 1945 or later. until : last year to keep.
    Raises SourceError for a missing file, ModelError for a war or treaty that is not found.
    """
    terms = (
        read("atop_alliances_v4_01", sources).select("atopid", "begyr", *PLEDGES, "asymm", "conditio").unique("atopid")
    )
    began = read("wars_inter", sources).group_by("warnum").agg(year=pl.col("year").min())
    table = (
        read("leeds_anac", sources)
        .with_columns(cowwarid=pl.col("war").replace(RENUMBERED))
        .join(began, left_on="cowwarid", right_on="warnum", how="left", maintain_order="left")
        .join(terms, on="atopid", how="left", maintain_order="left")
    )
    lost = table.filter(pl.col("year").is_null() | pl.col("begyr").is_null())
    if len(lost):
        row = lost.row(0, named=True)
        raise ModelError(
            f"leeds_anac: war {row['war']} or treaty {row['atopid']} is in no file of wars or treaties beside it."
            " Expected wars_inter 4.0 and atop_alliances_v4_01; see: foedus sources list"
        )
    if until is not None:
        table = table.filter(pl.col("year") <= until)
    age = (pl.col("year") - pl.col("begyr")).clip(0).cast(pl.Float64)
    table = table.with_columns(log_age=age.log1p(), **{ERA: (pl.col("year") >= LATER).cast(pl.Int32)})
    return require(table.select(pl.col(c).cast(t) for c, t in COMMITMENTS.items()), COMMITMENTS, "commitments")


def columns(table: pl.DataFrame, terms: tuple[str, ...]) -> Floats:
    """The columns `terms` as float64, shape (n, p), without a constant."""
    return table.select(pl.col(t).cast(pl.Float64) for t in terms).to_numpy()


def with_constant(x: Floats) -> Floats:
    """`x` with a first column of ones."""
    return np.column_stack([np.ones(len(x)), x])
