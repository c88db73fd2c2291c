"""`History`: who was in the system and in which alliance in which year, and what else is known; `walk` relives it.

A history is the data of every model of this package, whether it comes from the record, from ATOP or from a simulation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import hash_of
from foedus.model.membership import kernels
from foedus.model.membership.standing import HALF_LIFE, STATE_COLUMNS, TREATY_COLUMNS, Standing

OPEN = 9999  # the year in which a spell or treaty ends that has not ended
FOUNDER, ACCEDED, CAME = 0, 1, 2  # how a spell began; CAME: by succession, unification or otherwise without acceding
STAYS, WITHDREW, ENDED, WENT = 0, 1, 2, 3  # how it ended: still in, left, with the treaty, with its state or otherwise
_MOMENTUM, _CASCADE = 5, 3  # years

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Bools = NDArray[np.bool_]


class Spell(NamedTuple):
    """One state in one treaty; event years, so a member from 1949 is one at the start of 1950."""

    treaty: int
    state: int
    joined: int
    left: int
    how: int
    how_left: int


class Dyad(NamedTuple):
    """Two states in a relation (rivalry, war) in the years first to last, both inclusive."""

    one: int
    two: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Treaties:
    """T treaties. id, founded, ended (OPEN: goes on), by_itself (bool): whether its end was a termination, not the end
    of a state. has_defence, is_open: bool. expires: last year of its fixed term, NaN for none. All of shape (T,).
    """

    id: tuple[str, ...]
    founded: _Ints
    ended: _Ints
    by_itself: _Bools
    has_defence: _Bools
    is_open: _Bools
    expires: _Floats


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """N states over the years first to last; row y - first of each array is what is known at the start of year y.

    There is one row more, for the start of last + 1: Y = last - first + 2.
    here (Y, N): in the system on 1 January. democracy, regime_change, major (Y, N): of the year before.
    place (Y, N, 2): latitude and longitude of the capital in degrees; NaN only where not here.
    spells : sorted by joined. rivalries, wars : by year; read with a lag of one. newest : ISO date of the newest input.
    notes : what was left out, for readers.
    """

    data: str
    states: tuple[str, ...]
    first: int
    last: int
    here: _Bools
    democracy: _Floats
    regime_change: _Floats
    major: _Floats
    place: _Floats
    treaties: Treaties
    spells: tuple[Spell, ...]
    rivalries: tuple[Dyad, ...]
    wars: tuple[Dyad, ...]
    newest: str
    notes: tuple[str, ...] = ()

    def up_to(self, year: int | None) -> History:
        """The history as it was known at the end of `year`: without what came after, spells and treaties reopened."""
        if year is None or year >= self.last:
            return self
        rows = year - self.first + 2
        t = self.treaties
        kept = tuple(
            s if s.left <= year else s._replace(left=OPEN, how_left=STAYS) for s in self.spells if s.joined <= year
        )
        later = t.ended > year
        return replace(
            self,
            last=year,
            here=self.here[:rows],
            democracy=self.democracy[:rows],
            regime_change=self.regime_change[:rows],
            major=self.major[:rows],
            place=self.place[:rows],
            treaties=replace(t, ended=np.where(later, OPEN, t.ended), by_itself=t.by_itself & ~later),
            spells=kept,
            rivalries=_until(self.rivalries, year),
            wars=_until(self.wars, year),
            newest=f"{year}-12-31",
        )

    def digest(self) -> str:
        """sha256 of everything in it."""
        t = self.treaties
        return hash_of(
            "|".join((self.data, *self.states, *t.id)), self.here, self.democracy, self.regime_change, self.major,
            np.nan_to_num(self.place), t.founded, t.ended, t.by_itself, t.has_defence, t.is_open,
            np.nan_to_num(t.expires), np.array(self.spells), np.array(self.rivalries), np.array(self.wars),
        )  # fmt: skip

    def founders(self, treaty: int) -> list[int]:
        """Positions of the founders of a treaty, ascending."""
        return sorted(s.state for s in self.spells if s.treaty == treaty and s.how == FOUNDER)


@dataclass(frozen=True, slots=True)
class Year:
    """What happened in one year: positions in spells."""

    founded: tuple[int, ...]  # treaties
    joined: tuple[Spell, ...]  # after the founding
    left: tuple[Spell, ...]


def walk(history: History, half_life: float = HALF_LIFE, start: int | None = None) -> Iterator[tuple[Standing, Year]]:
    """Each year's standing at its start, with what then happened in it; last of all the start of last + 1.

    start : the first year to give, that of the history by default; years before are lived through all the same.
    The arrays of a standing are overwritten when the next one is asked for (`standing_after` gives the last to keep).
    """
    n, t = len(history.states), len(history.treaties.id)
    table = history.treaties
    states, joint, shared = np.zeros((n, len(STATE_COLUMNS))), np.zeros((n, n)), np.zeros((n, n))
    bound = np.zeros((t, n), bool)
    since, left = np.full((t, n), np.nan), np.full((t, n), np.nan)
    treaties = np.zeros((t, len(TREATY_COLUMNS)))
    treaties[:, 0], treaties[:, 1], treaties[:, 2], treaties[:, 3] = (
        table.founded, table.has_defence, table.is_open, table.expires,
    )  # fmt: skip
    distance, begin = np.zeros((n, n)), history.first if start is None else start
    for year, happened in _years(history):
        at = year - history.first
        if year >= begin:
            if year == begin or not np.array_equal(history.place[at], history.place[at - 1], equal_nan=True):
                distance = log_distances(history.place[at])
            here = history.here[at]
            member = bound & here
            in_force = member.sum(axis=1) >= 2
            member &= in_force[:, None]
            states[:, 1], states[:, 2], states[:, 3] = (
                history.democracy[at], history.regime_change[at], history.major[at],
            )  # fmt: skip
            treaties[:, 5:7] = _recent(history, year)
            kernels.shared_alliances(member, shared)
            rival, war = _relation(history.rivalries, year - 1, n), _relation(history.wars, year - 1, n)
            common = np.zeros_like(rival)
            kernels.common_rivals(rival, common)
            yield (
                Standing(
                    year, here, in_force, member, since, left, states, treaties, joint, shared,
                    distance, rival, common, war, half_life,
                ),
                happened,
            )  # fmt: skip
        _live(history, year, happened, bound, since, left, treaties, joint, states)
        kernels.fade(half_life, joint, states)


def standing_after(history: History, half_life: float = HALF_LIFE) -> Standing:
    """How the world stands when the history ends: at the start of last + 1. The walk is not asked to go on."""
    return next(standing for standing, _ in walk(history, half_life, history.last + 1))


def _live(
    history: History, year: int, happened: Year, bound: _Bools, since: _Floats, left: _Floats, treaties: _Floats,
    joint: _Floats, states: _Floats,
) -> None:  # fmt: skip
    """Write what happened in a year into the arrays."""
    for a in happened.founded:
        founders = np.array(history.founders(a), np.int64)
        treaties[a, 4] = founders.size
        if founders.size:
            kernels.record_founding(founders, joint, states)
        since[a, founders] = year  # also of founders that ratify later: the founding is what brought them together
    for s in happened.joined:
        if s.how != FOUNDER:  # a successor meets the members as one that accedes does; it is no accession to explain
            since[s.treaty, s.state] = year
            kernels.record_accession(s.state, np.flatnonzero(bound[s.treaty]), joint, states)
        bound[s.treaty, s.state] = True
    for s in happened.left:
        bound[s.treaty, s.state] = False
        left[s.treaty, s.state] = year
    bound[history.treaties.ended == year] = False


def _years(history: History) -> Iterator[tuple[int, Year]]:
    """Events by year, from the earliest (which may lie before `first`) to the last year."""
    joined: dict[int, list[int]] = defaultdict(list)
    left: dict[int, list[int]] = defaultdict(list)
    for at, s in enumerate(history.spells):
        joined[s.joined].append(at)
        left[s.left].append(at)
    begin = min([history.first, *history.treaties.founded.tolist()])
    for year in range(begin, history.last + 2):
        yield (
            year,
            Year(
                tuple(np.flatnonzero(history.treaties.founded == year).tolist()),
                tuple(history.spells[s] for s in joined.get(year, ())),
                tuple(history.spells[s] for s in left.get(year, ())),
            ),
        )


def _recent(history: History, year: int) -> _Floats:
    """Accessions in the last five years and withdrawals in the last three, by treaty, shape (T, 2)."""
    found = np.zeros((len(history.treaties.id), 2))
    for s in history.spells:
        if s.how == ACCEDED and year - _MOMENTUM <= s.joined < year:
            found[s.treaty, 0] += 1
        if s.how_left == WITHDREW and year - _CASCADE <= s.left < year:
            found[s.treaty, 1] += 1
    return found


def _relation(dyads: tuple[Dyad, ...], year: int, n: int) -> _Bools:
    """Symmetric matrix of the dyads that hold in `year`, shape (n, n)."""
    found = np.zeros((n, n), bool)
    for d in dyads:
        if d.first <= year <= d.last:
            found[d.one, d.two] = found[d.two, d.one] = True
    return found


def _until(dyads: tuple[Dyad, ...], year: int) -> tuple[Dyad, ...]:
    return tuple(d._replace(last=min(d.last, year)) for d in dyads if d.first <= year)


def log_distances(place: _Floats) -> _Floats:
    """log(1 + km) between capitals on the great circle. place (N, 2): degrees; 0 where one is not known. (N, N)."""
    lat, lon = np.radians(np.nan_to_num(place)).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    km = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    unknown = np.isnan(place).any(axis=1)
    km[unknown], km[:, unknown] = 0.0, 0.0
    np.fill_diagonal(km, 0.0)
    return np.asarray(np.log1p(km))
