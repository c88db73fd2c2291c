"""Who owes whom what, as arrays: fast enough to be asked for every year of every alliance.

The arrays are read from `panel.pledge_dyads` once for a record; a question by date is then one comparison of columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.measure.portfolio import TOP
from foedus.panel.pledge_dyads import dyad_spells
from foedus.record import Record

FAR = date(2999, 12, 31)  # beyond any day that is asked for: spells that still run must stay open
_LEVEL = {"defence": TOP, "offence": TOP, "neutrality": 2, "consultation": 2, "non_aggression": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Bonds:
    """Spells of pledges between two members of a treaty; universal organisations are left out.

    codes : states, by number. place : the reverse. one, two : int32, shape (n,), who owes and to whom. level : uint8,
    ATOP's ranking (3 defence or offence, 2 neutrality or consultation, 1 non-aggression, 0 other). defence : bool;
    positive : bool, level 2 or 3, that is something to do and not only to refrain from.
    treaty : its id, shape (n,). since, until : days since 1970, half-open.
    """

    codes: tuple[str, ...]
    place: dict[str, int]
    one: NDArray[np.int32]
    two: NDArray[np.int32]
    level: NDArray[np.uint8]
    defence: NDArray[np.bool_]
    positive: NDArray[np.bool_]
    treaty: NDArray[np.str_]
    since: NDArray[np.int32]
    until: NDArray[np.int32]

    def on(self, day: date) -> NDArray[np.bool_]:
        """Which spells run on `day`."""
        at = _number(day)
        return np.asarray((self.since <= at) & (at < self.until))

    def within(self, first: date, last: date) -> NDArray[np.bool_]:
        """Which spells run on at least one day from `first` to `last`, both included."""
        return np.asarray((self.since <= _number(last)) & (self.until > _number(first)))


@lru_cache(maxsize=4)
def bonds(record: Record) -> Bonds:
    """The bonds of all treaties of the record, to any day."""
    spells = dyad_spells(record, FAR)
    codes = tuple(sorted({*spells["state1"], *spells["state2"]}))
    names = pl.Enum(list(codes))
    level = spells["pledge"].replace_strict(_LEVEL, default=0, return_dtype=pl.UInt8).to_numpy()
    return Bonds(
        codes=codes,
        place={code: i for i, code in enumerate(codes)},
        one=_codes(spells["state1"], names),
        two=_codes(spells["state2"], names),
        level=level,
        defence=(spells["pledge"] == "defence").to_numpy(),
        positive=level >= 2,
        treaty=spells["treaty"].to_numpy().astype(np.str_),
        since=spells["since"].to_physical().to_numpy(),
        until=spells["until"].to_physical().to_numpy(),
    )


def _codes(states: pl.Series, names: pl.Enum) -> NDArray[np.int32]:
    return states.cast(names).to_physical().to_numpy().astype(np.int32)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def ties(record: Record, states: tuple[str, ...], day: date) -> NDArray[np.uint8]:
    """Ties of `states` in the year of `day` up to that day, on ATOP's scale; uint8, shape (n, n), 3 on the diagonal.

    As `measure.portfolio`: a tie counts when it was in force on at least one day of the year; the strongest counts.
    """
    held = bonds(record)
    row = np.full(len(held.codes), -1)
    for i, state in enumerate(states):
        if state in held.place:
            row[held.place[state]] = i
    live = np.flatnonzero(held.within(date(day.year, 1, 1), day) & (held.level > 0))
    a, b = row[held.one[live]], row[held.two[live]]
    inside = (a >= 0) & (b >= 0)
    matrix = np.zeros((len(states), len(states)), dtype=np.uint8)
    np.maximum.at(matrix, (a[inside], b[inside]), held.level[live][inside])
    np.fill_diagonal(matrix, TOP)
    return matrix


@lru_cache(maxsize=512)
def defenders(record: Record, day: date) -> Mapping[str, frozenset[str]]:
    """State -> states with which it shares a defence pledge on `day`, owed either way, both members of the treaty."""
    held = bonds(record)
    chosen = held.on(day) & held.defence
    # One number for each pair: numpy finds the different numbers many times faster than the different rows.
    n = len(held.codes)
    pairs = np.unique(held.one[chosen].astype(np.int64) * n + held.two[chosen])
    found: dict[str, set[str]] = {}
    for a, b in zip((pairs // n).tolist(), (pairs % n).tolist(), strict=True):
        found.setdefault(held.codes[a], set()).add(held.codes[b])
        found.setdefault(held.codes[b], set()).add(held.codes[a])
    return {state: frozenset(others) for state, others in found.items()}
