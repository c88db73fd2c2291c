"""How often what an allocation plans for has happened: the years with such an event, counted in data sets.

Only rows of the years asked for are looked at, so what came later cannot reach a plan made before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from foedus import sources

FORCE = 4  # COW's hostility level of a use of force
WAR = 2  # UCDP's level of at least a thousand deaths in battle in a year
NEAR_KM = 950  # [choice] between the nearest points; how far "beyond the borders" reaches

COUNTED: Mapping[str, str] = {
    "attack from the east": "Russia began a dispute by using force against a member (COW disputes)",
    "attack from elsewhere": "another outsider began a dispute by using force against a member (COW disputes)",
    "cyber campaign": "an outside state began a cyber incident against a member (DCID)",
    "instability beyond the borders": f"an outside state within {NEAR_KM} km of a member fought a war (UCDP)",
}


def years_of(folder: Path, members: Collection[str], first: int, last: int) -> dict[str, frozenset[int]]:
    """For each event of COUNTED the years from `first` to `last` in which it happened to `members` (codes).

    Raises SourceError for a data set that is missing or wrong.
    """
    between = pl.col("year").is_between(first, last)
    begun = pl.col("interactionstartdate").str.slice(0, 4).cast(pl.Int32).alias("year")
    force = _force(sources.read("cow_mid_dyads", folder).filter(between), members)
    is_russia = pl.col("ccode1_state") == "RUS"
    cyber = sources.read("dcid_incidents", folder).with_columns(begun).filter(between)
    wars = sources.read("ucdp", folder).filter(between)
    near = sources.read("mindist", folder).filter(between)
    found = {
        "attack from the east": force.filter(is_russia),
        "attack from elsewhere": force.filter(~is_russia),
        "cyber campaign": _cyber(cyber, members),
        "instability beyond the borders": _wars(wars, near, members),
    }
    return {event: frozenset(rows["year"].to_list()) for event, rows in found.items()}


def _force(disputes: pl.DataFrame, members: Collection[str]) -> pl.DataFrame:
    """Directed disputes in which an outsider on the side that began it used force against a member."""
    return disputes.filter(
        pl.col("hostlev1") >= FORCE,
        pl.col("sidea1") == 1,
        pl.col("orig1") == 1,
        pl.col("orig2") == 1,
        ~pl.col("ccode1_state").is_in([*members]),
        pl.col("ccode2_state").is_in([*members]),
    )


def _cyber(incidents: pl.DataFrame, members: Collection[str]) -> pl.DataFrame:
    """Incidents between a member and an outsider that the outsider began."""
    hit = pl.col("state_a_state").is_in([*members]) | pl.col("state_b_state").is_in([*members])
    return incidents.filter(hit, ~pl.col("initiator_state").is_in([*members]))


def _wars(conflicts: pl.DataFrame, distances: pl.DataFrame, members: Collection[str]) -> pl.DataFrame:
    """Outside states at war, by year, within NEAR_KM of a member."""
    at_war = conflicts.filter(pl.col("intensity_level") >= WAR, ~pl.col("gwno_a_state").is_in([*members]))
    both = pl.concat(
        [
            distances.select("year", "mindist", state=a, other=b)
            for a, b in (("ccode1_state", "ccode2_state"), ("ccode2_state", "ccode1_state"))
        ]
    )
    near = both.filter(pl.col("mindist") <= NEAR_KM, pl.col("other").is_in([*members]))
    return at_war.join(near, left_on=["gwno_a_state", "year"], right_on=["state", "year"], how="semi")
