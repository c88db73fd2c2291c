"""Who starts a dispute with whom, and whether a target's defence pacts deter (Leeds 2003; Johnson and Leeds 2011).

Directed politically relevant dyads. The target's pacts enter in one of three ways: `any` asks whether anybody but the
challenger owes it defence (ATOP), `free` the same of partners without a pact with the challenger, `covered` whether a
pact would apply against this challenger now: the casus engine's answer from the record. Errors are clustered by dyad.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.binary import Binary, regress
from foedus.model.disputes.covered import covered
from foedus.model.disputes.relevant import Relevance, quiet_years, relevant
from foedus.record import Record

Deterrence = Literal["any", "free", "covered"]
Partners = Literal["owing", "owed"]
_COLUMN = {"any": "target_any", "free": "target_free", "covered": "target_covered"}
_CONTROLS = (
    "challenger_offence",
    "challenger_defence",
    "pact_inside",
    "contiguous",
    "major",
    "cinc_share",
    "t",
    "t2_100",
    "t3_10000",
)


def rows(
    sources: Path | None,
    record: Record | None = None,
    first: int = 1816,
    last: int = 2000,
    relevance: Relevance = "contiguous",
    partners: Partners = "owing",
) -> pl.DataFrame:
    """Directed dyad-years (state 1 the challenger) with `initiates` (0, 1), the controls, and target_any, target_free;
    with a record also target_covered. cinc_share : challenger's share of the two CINC, null where one is unknown. t :
    relevant years since the challenger last began a dispute with the target, or since the pair came in.

    partners : a state's partners are those that owe it a pledge ("owing": who would come), or to which it owes one
    ("owed": as the reference fits count). They differ where a pact binds one side only.
    """
    from foedus import panel

    frame = panel.dyad_year(
        directed=True,
        first=first,
        last=last,
        add=["atop", "nmc", "contiguity", "majors"],
        sources=sources,
    ).frame
    begun = starts(sources)
    frame = _with_partners(frame, partners).join(begun, on=["ccode1", "ccode2", "year"], how="left")
    frame = frame.with_columns(pl.col("initiates").fill_null(0)).sort("ccode1", "ccode2", "year")
    kept = relevant(frame, relevance, sources)
    t = quiet_years("initiates")
    found = kept.select(
        "ccode1",
        "ccode2",
        pl.col("state1", "state2").cast(pl.String),
        "year",
        "target_any",
        "target_free",
        "challenger_offence",
        "challenger_defence",
        "initiates",
        pact_inside=pl.max_horizontal("atop_defense", "owed_defence").cast(pl.Float64),
        contiguous=(pl.col("conttype") == 1).cast(pl.Float64),
        major=pl.max_horizontal("cowmaj1", "cowmaj2").cast(pl.Float64),
        cinc_share=pl.col("cinc1") / (pl.col("cinc1") + pl.col("cinc2")),
        t=t,
        t2_100=t**2 / 100,
        t3_10000=t**3 / 10_000,
    )
    return found if record is None else _with_covered(found, record)


def fit(frame: pl.DataFrame, deterrence: Deterrence) -> Binary:
    """Logit of initiation on complete rows; the second term is the target's pacts, coded as `deterrence` says."""
    terms = (_COLUMN[deterrence], *_CONTROLS)
    whole = frame.drop_nulls([*terms, "initiates"])
    x: NDArray[np.float64] = np.column_stack([np.ones(len(whole)), *(whole[c].to_numpy() for c in terms)])
    dyad = whole["ccode1"].to_numpy().astype(np.int64) * 1000 + whole["ccode2"].to_numpy()
    return regress(x, whole["initiates"].to_numpy(), ("constant", *terms), cluster=dyad)


def starts(sources: Path | None) -> pl.DataFrame:
    """Directed dyad-years in which an originator on side A began a dispute with an originator on side B.

    Columns ccode1, ccode2, year, initiates (1).
    """
    from foedus.sources import read

    raw = read("gml_dyads", sources)
    begun = raw.filter(pl.all_horizontal(pl.col("midonset", "sidea1", "orig1", "orig2") == 1))
    keys = [pl.col(c).cast(pl.Int16) for c in ("ccode1", "ccode2", "year")]
    return begun.select(keys).unique().with_columns(initiates=pl.lit(1, dtype=pl.Int8))


def _with_partners(frame: pl.DataFrame, partners: Partners) -> pl.DataFrame:
    """Whether anybody else is bound to either side by defence or offence (ATOP), as columns of 0 and 1.

    In a directed frame atop_x is what state 1 owes state 2, owed_x what it is owed; sums by state, less the other side.
    """
    key = ["ccode1", "ccode2", "year"]
    pledges = frame.select(*key, "atop_defense", "atop_offense")
    back = pledges.select(
        ccode1="ccode2", ccode2="ccode1", year="year", owed_defence="atop_defense", owed_offence="atop_offense"
    )
    bound = "ccode2" if partners == "owing" else "ccode1"
    totals = pledges.group_by(pl.col(bound).alias("state"), "year").agg(
        defence=pl.col("atop_defense").sum().cast(pl.Int32), offence=pl.col("atop_offense").sum().cast(pl.Int32)
    )
    joined = (
        frame.join(back, on=key, how="left")
        .join(totals.rename({"state": "ccode2", "defence": "t_defence", "offence": "t_offence"}), on=["ccode2", "year"])
        .join(totals.rename({"state": "ccode1", "defence": "c_defence", "offence": "c_offence"}), on=["ccode1", "year"])
        .join(_shared(pledges), on=key, how="left")
    )
    # Within the pair: what binds the challenger to the target, and the target to the challenger, in that direction.
    to_target, to_challenger = ("atop", "owed") if partners == "owing" else ("owed", "atop")
    inside = {"atop": ("atop_defense", "atop_offense"), "owed": ("owed_defence", "owed_offence")}
    known = pl.col("atop_defense").is_not_null()
    free = pl.col("t_defence") - pl.col("n_shared").fill_null(0)
    others = {
        "target_any": pl.col("t_defence") > pl.col(inside[to_target][0]),
        "target_free": free > pl.col(inside[to_target][0]),
        "challenger_offence": pl.col("c_offence") > pl.col(inside[to_challenger][1]),
        "challenger_defence": pl.col("c_defence") > pl.col(inside[to_challenger][0]),
    }
    return joined.with_columns(**{c: pl.when(known).then(e.cast(pl.Float64)) for c, e in others.items()})


def _shared(owed: pl.DataFrame) -> pl.DataFrame:
    """For each directed pair how many third states owe the second defence and have a defence pact with the first."""
    pacts = owed.filter(pl.col("atop_defense") == 1).select("ccode1", "ccode2", "year")
    either = pl.concat([pacts, pacts.select(ccode1="ccode2", ccode2="ccode1", year="year")]).unique()
    defenders = pacts.rename({"ccode1": "partner", "ccode2": "target"})
    friends = either.rename({"ccode1": "partner", "ccode2": "challenger"})
    both = defenders.join(friends, on=["partner", "year"]).filter(pl.col("target") != pl.col("challenger"))
    return both.group_by(ccode1="challenger", ccode2="target", year="year").agg(n_shared=pl.len().cast(pl.Int32))


def _with_covered(frame: pl.DataFrame, record: Record) -> pl.DataFrame:
    found = covered(record, frame["year"].unique().to_list())
    joined = frame.join(found, on=["state1", "state2", "year"], how="left")
    return joined.with_columns(
        target_covered=pl.col("n_defenders").is_not_null().cast(pl.Float64),
        n_defenders=pl.col("n_defenders").fill_null(0),
    )
