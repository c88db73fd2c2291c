"""Additions for sets of states: what is known of each member, or of each pair of members, in one row for the set.

A column of a state table becomes <column>_sum, _mean, _min, _max and <column>_n_known; one of a dyad addition, taken
over the pairs of members in the year, _mean, _min, _max and _n_known. The first ones are null unless every member
(every pair) has a value, so that a sum never silently leaves somebody out; <column>_n_known says how many have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from foedus.panel import state_table
from foedus.panel.attach import chosen
from foedus.panel.base import Rows, dyad_years
from foedus.panel.catalogue import Context, DyadAddition, Made, Means, StateTable
from foedus.panel.system import System

_OF_STATES: tuple[str, ...] = ("sum", "mean", "min", "max")
_OF_PAIRS: tuple[str, ...] = ("mean", "min", "max")
_WORDS = {
    "sum": "sum over",
    "mean": "mean of",
    "min": "smallest of",
    "max": "largest of",
    "n_known": "known for how many",
}


@dataclass(frozen=True, eq=False)
class SetYears:
    """Sets of states, each in one year. Members of set r are state[start[r]:start[r + 1]], ascending.

    at : int32, shape (n,): index of the year. state : int32: index in the system; -1 for one that is not in.
    start : int64, shape (n + 1,).
    """

    system: System
    first: int
    at: Rows
    state: Rows
    start: np.ndarray[tuple[int], np.dtype[np.int64]]

    @property
    def n(self) -> int:
        """Number of sets."""
        return len(self.at)


def means_of(addition: StateTable | DyadAddition, context: Context) -> dict[str, Means]:
    """What the columns of an addition mean for sets of states."""
    if isinstance(addition, StateTable):
        base, kinds, whose = addition.means, _OF_STATES, "members"
    else:
        base, kinds, whose = addition.means(False, context.aggregation), _OF_PAIRS, "pairs of members"
    return {
        f"{c}_{kind}": Means(whose if kind == "n_known" else m.unit, f"{m.says}: {_WORDS[kind]} {whose}", "derived")
        for c, m in base.items()
        if m.unit != "text"
        for kind in (*kinds, "n_known")
    }


def add(addition: StateTable | DyadAddition, rows: SetYears, context: Context) -> Made:
    """The columns of an addition, taken over the members of each set or over their pairs."""
    if isinstance(addition, StateTable):
        grid, notes = state_table.dense(addition, rows.system, rows.first, context)
        of = np.repeat(np.arange(rows.n), np.diff(rows.start))
        values = _values(grid, rows.state * np.int32(rows.system.n_years) + rows.at[of], rows.state >= 0)
        return Made(_folded(values, of, np.diff(rows.start), _OF_STATES), notes)
    of, one, two = _pairs(rows)
    every = dyad_years(rows.system, rows.system.first, False)
    made = addition.make(every, context)
    flat = (one.astype(np.int64) * rows.system.n + two) * rows.system.n_years + rows.at[of]
    known = (one >= 0) & (two >= 0)
    place = np.where(known, every.places(np.where(known, flat, 0)), -1)
    numeric = made.frame.select(c for c, t in made.frame.schema.items() if t.is_numeric())
    sizes = np.diff(rows.start)
    return Made(_folded(_values(numeric, place, place >= 0), of, sizes * (sizes - 1) // 2, _OF_PAIRS), made.notes)


def _values(frame: pl.DataFrame, at: np.ndarray[tuple[int], np.dtype[np.int32]], known: np.ndarray) -> pl.DataFrame:
    """Rows `at` of `frame` where known, rows of nulls elsewhere."""
    return chosen(pl.concat([frame, frame.clear(1)]), np.where(known, at, len(frame)))


def _pairs(rows: SetYears) -> tuple[np.ndarray, Rows, Rows]:
    """(set, lower member, higher member) of every pair of members of every set."""
    of: list[np.ndarray] = []
    one, two = [], []
    sizes = np.diff(rows.start)
    for size in np.unique(sizes):  # sets of one size have the same pattern of pairs
        which = np.flatnonzero(sizes == size)
        a, b = np.triu_indices(int(size), 1)
        members = rows.state[rows.start[which][:, None] + np.arange(size)]
        of.append(np.repeat(which, len(a)))
        one.append(np.minimum(members[:, a], members[:, b]).ravel())
        two.append(np.maximum(members[:, a], members[:, b]).ravel())
    if not of:
        none = np.zeros(0, dtype=np.int32)
        return none, none, none
    return np.concatenate(of), np.concatenate(one), np.concatenate(two)


def _folded(values: pl.DataFrame, of: np.ndarray, counts: np.ndarray, kinds: tuple[str, ...]) -> pl.DataFrame:
    """One row for each set, in order; a set without members or pairs has nulls and an n_known of 0."""
    columns = values.columns
    folded = (
        values.with_columns(pl.Series("set", of, dtype=pl.Int64))
        .group_by("set")
        .agg(
            *(
                getattr(pl.col(c).cast(pl.Float64) if kind in ("sum", "mean") else pl.col(c), kind)().alias(
                    f"{c}_{kind}"
                )
                for c in columns
                for kind in kinds
            ),
            *(pl.col(c).count().cast(pl.Int32).alias(f"{c}_n_known") for c in columns),
        )
    )
    every = pl.DataFrame({"set": pl.Series(np.arange(len(counts)), dtype=pl.Int64), "all": counts.astype(np.int32)})
    joined = every.join(folded, on="set", how="left", maintain_order="left")
    return joined.select(
        e
        for c in columns
        for e in (
            *(
                pl.when((pl.col(f"{c}_n_known") == pl.col("all")) & (pl.col("all") > 0))
                .then(pl.col(f"{c}_{kind}"))
                .alias(f"{c}_{kind}")
                for kind in kinds
            ),
            pl.col(f"{c}_n_known").fill_null(0),
        )
    )
