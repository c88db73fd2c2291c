"""Who exercises with whom: joint military exercises of the last three years, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import polars as pl

WINDOW = 3  # years, the year asked for included
SCALE = 5.0  # exercises: a choice of this project
STAFF = 0.5  # weight of an exercise without troops: a choice of this project
EXERCISE_PAIRS = pl.Schema({"state1": pl.String(), "state2": pl.String(), "weighted": pl.Float64()})


def exercise_pairs(exercises: pl.DataFrame, participants: pl.DataFrame, year: int) -> pl.DataFrame | None:
    """Weighted number of joint exercises of each pair, state1 < state2, in the three years to `year`.

    exercises, participants : data sets `exercises` and `exercise_participants`. Returns schema EXERCISE_PAIRS. An
    exercise counts in the year it began: 1 with land, air, sea or amphibious forces, 0.5 as a command post exercise
    only. Pairs without one are left out. None when the data do not cover all three years: no data is not no exercise.
    """
    first, last = (int(str(v)) for v in (exercises["s_year"].min(), exercises["s_year"].max()))
    if year - WINDOW + 1 < first or year > last:
        return None
    field = pl.max_horizontal("land", "air", "sea", "amphibious") == 1
    chosen = exercises.filter(pl.col("s_year").is_between(year - WINDOW + 1, year)).select(
        "mmeid", weight=pl.when(field).then(1.0).otherwise(STAFF)
    )
    who = participants.select("mmeid", state="state_state").drop_nulls().filter(pl.col("state") != "").unique()
    both = who.join(who, on="mmeid", suffix="2").filter(pl.col("state") < pl.col("state2"))
    found = both.join(chosen, on="mmeid").group_by(state1="state", state2="state2").agg(weighted=pl.col("weight").sum())
    return found.sort("state1", "state2")


def jointness(weighted: float) -> float:
    """1 - exp(-n / 5) of a pair's weighted number of exercises n: 0 for none, towards 1 for many."""
    return 1 - math.exp(-weighted / SCALE)


def mean_jointness(pairs: pl.DataFrame, members: Sequence[str]) -> float | None:
    """Mean over all pairs of `members`, those without a joint exercise counting 0; None for fewer than two members.

    pairs : schema EXERCISE_PAIRS, of a year that the data cover.
    """
    if len(set(members)) < 2:
        return None
    held = {(a, b): w for a, b, w in pairs.select("state1", "state2", "weighted").iter_rows()}
    values = [jointness(held.get(pair, 0.0)) for pair in combinations(sorted(set(members)), 2)]
    return math.fsum(values) / len(values)
