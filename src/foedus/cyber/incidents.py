"""Incidents from the user's own sources, beside the matrix: EuRepoC with dates, the CFR tracker, DCID.

The matrix has no dates and counts actors; these count incidents. Agreement is expected on large states and not on
small.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from foedus.cyber import names
from foedus.cyber.errors import NoSharedThreats, UnknownName
from foedus.cyber.shared import SharedThreats
from foedus.sources import crosswalk, read

RECEIVERS = pl.Schema({"incident": pl.String, "year": pl.Int32, "state": pl.String})
_FEW = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rank correlation (Spearman) of actors that name a member with incidents it received, over n members; the same for
    pairs with joint incidents. by_year : year -> (incidents with a member, with two or more)."""

    n: int
    members: float
    pairs: float
    by_year: dict[int, tuple[int, int]]
    unread: int


def load_eurepoc(folder: Path | None = None) -> tuple[pl.DataFrame, int]:
    """Receivers of EuRepoC incidents with the year they began, schema RECEIVERS, one row for each incident and state;
    and how many receiver cells name no state (regions, unknown). Raises SourceError."""
    begun = read("eurepoc_incidents", folder).select(
        pl.col("id").cast(pl.String).alias("incident"),
        pl.col("start_date").cast(pl.String).str.extract(r"((?:19|20)\d\d)").cast(pl.Int32).alias("year"),
    )
    cells = read("eurepoc_receivers", folder).select(
        pl.col("id").cast(pl.String).alias("incident"),
        pl.col("receiver_country").cast(pl.String).str.split("; ").alias("name"),
    )
    rows = cells.explode("name").drop_nulls("name").with_columns(name=pl.col("name").str.strip_chars())
    known = {n: _state(n) for n in rows["name"].unique().to_list()}
    rows = rows.with_columns(state=pl.col("name").replace_strict(known, return_dtype=pl.String))
    unread = rows.filter(pl.col("state") == "").height
    found = rows.filter(pl.col("state") != "").join(begun, on="incident", how="left")
    return found.select(RECEIVERS.names()).unique().sort("incident", "state"), unread


def load_cfr(folder: Path | None = None) -> tuple[pl.DataFrame, int]:
    """The same from the CFR tracker, whose victims are free text: names of states are read, others are counted."""
    raw = read("cfr_operations", folder).with_row_index("incident")
    rows = raw.select(
        pl.col("incident").cast(pl.String),
        pl.col("Date").cast(pl.String).str.extract(r"((?:19|20)\d\d)").cast(pl.Int32).alias("year"),
        pl.col("Victims").str.split(",").alias("name"),
    )
    rows = rows.explode("name").drop_nulls("name").with_columns(name=pl.col("name").str.strip_chars())
    known = {n: _state(n) for n in rows["name"].unique().to_list()}
    rows = rows.with_columns(state=pl.col("name").replace_strict(known, return_dtype=pl.String))
    found = rows.filter(pl.col("state") != "").select(RECEIVERS.names()).unique().sort("incident", "state")
    return found, rows.filter(pl.col("state") == "").height


def load_dcid(folder: Path | None = None) -> pl.DataFrame:
    """DCID incidents: incident, initiator (code), both sides' names, severity. Rival dyads only: it cannot show what
    allies suffer together. Raises SourceError."""
    raw = read("dcid_incidents", folder)
    return raw.select(
        pl.col("cyberincidentnum").cast(pl.String).alias("incident"),
        pl.col("initiator_state").alias("initiator"),
        pl.col("state_a_state").alias("one"),
        pl.col("state_b_state").alias("other"),
        "severity",
    )


def _state(name: str) -> str:
    """Code of a state's name by the reviewed table, else by the list of names; "" for what is none."""
    try:
        found = names.victim(name, "an incident")
        return found.iso3 if found.kind == "state" else ""
    except UnknownName:
        known = crosswalk.meanings("name").get(crosswalk.plain(name), ())
        return known[-1].state if known else ""


def agreement(found: SharedThreats, receivers: pl.DataFrame, unread: int = 0) -> Agreement:
    """How far the matrix and incident counts order members and pairs alike. Raises NoSharedThreats for too few."""
    from scipy.stats import spearmanr

    own = list(found.members)
    mine = receivers.filter(pl.col("state").is_in(own))
    joint = mine.join(mine, on="incident").group_by("state", "state_right").len()
    counts = {(a, b): n for a, b, n in joint.iter_rows()}
    single = [counts.get((m, m), 0) for m in own]
    if len(own) < _FEW or sum(n > 0 for n in single) < _FEW:
        raise NoSharedThreats(f"Fewer than {_FEW} members received incidents; their order says nothing.")
    places = [(i, j) for i in range(len(own)) for j in range(i)]
    theirs = [counts.get((own[i], own[j]), 0) for i, j in places]
    ours = [int(found.pairs[i, j]) for i, j in places]
    years = mine.drop_nulls("year").group_by("incident", "year").len()
    by_year = {int(y): (part.height, part.filter(pl.col("len") >= 2).height) for (y,), part in years.group_by("year")}
    return Agreement(
        len(own),
        float(spearmanr(found.named, single).statistic),
        float(spearmanr(ours, theirs).statistic),
        dict(sorted(by_year.items())),
        unread,
    )
