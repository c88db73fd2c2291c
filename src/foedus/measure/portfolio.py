"""Alliance portfolios: what each member of the system owes each other member in a year, on a scale of 0 to 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel import pledge_dyads
from foedus.record import Record

LARGEST = 1000  # COW numbers have at most three digits
TOP = 3  # a defence pact; also a state's tie with itself
TIES = pl.Schema({"cow1": pl.Int32, "cow2": pl.Int32, "year": pl.Int32, "tie": pl.UInt8})


@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """The ties of one year.

    cow : int32, shape (n,), COW numbers of the members of the system, ascending. ties : uint8, shape (n, n), 0..3, what
    the state of the row owes the state of the column; 3 on the diagonal. binary : the same, 1 for any tie.
    """

    year: int
    cow: NDArray[np.int32]
    ties: NDArray[np.uint8]

    @property
    def binary(self) -> NDArray[np.uint8]:
        """1 where there is a tie of any kind."""
        return (self.ties > 0).astype(np.uint8)

    def at(self, cow: list[int]) -> NDArray[np.intp]:
        """Rows of those of `cow` that were in the system, in its order."""
        return np.flatnonzero(np.isin(self.cow, cow))


def atop_ties(dyads: pl.DataFrame) -> pl.DataFrame:
    """Ties from the directed dyad-years of ATOP (data set `atop_dyads`); schema TIES.

    Defence or offence 3, else neutrality or consultation 2, else non-aggression 1 (the ranking of Chiba, Johnson and
    Leeds); a dyad with a treaty but no obligation of that state is 0.
    """
    tie = (
        pl.when((pl.col("atop_defense") == 1) | (pl.col("atop_offense") == 1))
        .then(3)
        .when((pl.col("atop_neutral") == 1) | (pl.col("atop_consul") == 1))
        .then(2)
        .when(pl.col("atop_nonagg") == 1)
        .then(1)
        .otherwise(0)
    )
    return _ties(dyads, tie)


def cow_ties(dyads: pl.DataFrame) -> pl.DataFrame:
    """Ties from COW's directed dyad-years (`cow_alliances`): defence 3, neutrality or non-aggression 2, entente 1."""
    tie = (
        pl.when(pl.col("cow_defense") == 1)
        .then(3)
        .when((pl.col("cow_neutral") == 1) | (pl.col("cow_nonagg") == 1))
        .then(2)
        .when(pl.col("cow_entente") == 1)
        .then(1)
        .otherwise(0)
    )
    return _ties(dyads, tie)


def record_ties(record: Record, first: int, last: date) -> pl.DataFrame:
    """Ties from the record's own treaties, on ATOP's scale, of states with a COW number; schema TIES."""
    numbers = {code: row.cow for code, row in record.states.items() if row.cow}
    dyads = pledge_dyads(record, first, last).with_columns(
        ccode1=pl.col("state1").replace_strict(numbers, default=None, return_dtype=pl.Int32),
        ccode2=pl.col("state2").replace_strict(numbers, default=None, return_dtype=pl.Int32),
    )
    tie = (
        pl.when(pl.col("defence") | pl.col("offence"))
        .then(3)
        .when(pl.col("neutrality") | pl.col("consultation"))
        .then(2)
        .when(pl.col("non_aggression"))
        .then(1)
        .otherwise(0)
    )
    return _ties(dyads.drop_nulls(["ccode1", "ccode2"]), tie)


def _ties(dyads: pl.DataFrame, tie: pl.Expr) -> pl.DataFrame:
    chosen = dyads.select(cow1="ccode1", cow2="ccode2", year="year", tie=tie).cast(TIES)
    return chosen.filter(pl.col("tie") > 0)


def cow_system(states: pl.DataFrame) -> Mapping[int, NDArray[np.int32]]:
    """Year -> COW numbers of the states that were in the system on some day of it (data set `cow_states`)."""
    spells = states.select("ccode", "styear", "endyear").rows()
    years = range(min(s[1] for s in spells), max(s[2] for s in spells) + 1)
    return {y: np.array(sorted({c for c, since, end in spells if since <= y <= end}), dtype=np.int32) for y in years}


def record_system(record: Record, first: int, last: int) -> Mapping[int, NDArray[np.int32]]:
    """Year -> COW numbers of the states of the record that were in the system on some day of it."""
    spells = [
        (cow, s.since.year, (s.until or date(last + 1, 1, 2)))
        for s in record.spells
        if (cow := record.states[s.code].cow) and record.states[s.code].kind != "entity"
    ]
    ends = [(c, y, until.year - ((until.month, until.day) == (1, 1))) for c, y, until in spells]
    return {
        y: np.array(sorted({c for c, since, end in ends if since <= y <= end}), dtype=np.int32)
        for y in range(first, last + 1)
    }


def portfolios(ties: pl.DataFrame, system: Mapping[int, NDArray[np.int32]]) -> Iterator[Portfolio]:
    """The portfolio of each year of `system`, ascending. ties : schema TIES; of two for one pair the stronger counts.

    Ties of states outside the system are left out. A year in which `ties` has no row has no known tie but to oneself.
    """
    rows = ties.sort("year", "tie")
    year = rows["year"].to_numpy()
    one, two, tie = (rows[c].to_numpy() for c in ("cow1", "cow2", "tie"))
    for y in sorted(system):
        cow = system[y]
        part = slice(*np.searchsorted(year, [y, y + 1]))
        place = np.full(LARGEST, -1)
        place[cow] = np.arange(len(cow))
        i, k = place[one[part]], place[two[part]]
        inside = (i >= 0) & (k >= 0)
        matrix = np.zeros((len(cow), len(cow)), dtype=np.uint8)
        matrix[i[inside], k[inside]] = tie[part][inside]  # ascending: the strongest is written last
        np.fill_diagonal(matrix, TOP)
        yield Portfolio(y, cow, matrix)
