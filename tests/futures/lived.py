"""A made-up past, the world that it leads to, and a simulated world's log as the history that the fits read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from tests.futures.small import world

from foedus.futures.world import World
from foedus.model.drivers.history import History as Drivers
from foedus.model.membership.history import (
    ACCEDED,
    ENDED,
    FOUNDER,
    OPEN,
    STAYS,
    WITHDREW,
    Dyad,
    History,
    Spell,
    Treaties,
    walk,
)
from foedus.model.membership.standing import Standing
from foedus.record import load

ORIGIN, N, T = 1980, 30, 16
RECORD = load()  # of which nothing is read here
FORMER = Dyad(0, 1, ORIGIN - 7, ORIGIN - 3)  # the first of the pairs that were rivals once
_Ints = NDArray[np.int64]


def past() -> History:
    """Thirty states and sixteen treaties at the end of ORIGIN: entries, exits, rivalries and wars at random."""
    draw = np.random.Generator(np.random.Philox(key=4))
    founded = draw.integers(ORIGIN - 30, ORIGIN - 6, T)
    spells = [s for a in range(T) for s in _spells(draw, a, int(founded[a]))]
    pairs = draw.permutation(np.stack(np.triu_indices(N, 1), axis=1))
    democracy = draw.integers(0, 4, (1, N)) / 3.0
    return History(
        data="made", states=tuple(f"S{i:02d}" for i in range(N)), first=ORIGIN + 1, last=ORIGIN,
        here=np.ones((1, N), bool), democracy=democracy, regime_change=np.zeros((1, N)),
        major=(np.arange(N) % 5 == 0)[None].astype(float),
        place=np.stack([draw.uniform(-35, 60, N), draw.uniform(-20, 110, N)], axis=1)[None],
        treaties=Treaties(
            tuple(f"T{a}" for a in range(T)), founded, np.full(T, OPEN), np.zeros(T, bool), np.arange(T) % 2 == 0,
            np.arange(T) % 3 > 0, np.where(np.arange(T) % 2, ORIGIN + 1.0 + np.arange(T) % 8, np.nan),
        ),
        spells=tuple(sorted(spells, key=lambda s: s.joined)),
        rivalries=(
            *(Dyad(int(i), int(j), ORIGIN - 1 - k, OPEN) for k, (i, j) in enumerate(pairs[:30])),
            *(Dyad(int(i), int(j), FORMER.first, FORMER.last) for i, j in pairs[30:60]),
        ),
        wars=tuple(Dyad(int(i), int(j), ORIGIN, OPEN) for i, j in pairs[60:100]),
        newest=f"{ORIGIN}-12-31",
    )  # fmt: skip


def _spells(draw: np.random.Generator, a: int, founded: int) -> list[Spell]:
    """Two to eight founders, some that joined later, and some that left, all more than five years before the start."""
    size = 2 if a % 4 == 0 else 3 + a % 6
    states = draw.choice(N, size + 3, replace=False).tolist()
    inside = [Spell(a, i, founded, OPEN, FOUNDER, STAYS) for i in states[:size]]
    gone = Spell(a, states[size], founded, ORIGIN - 6, FOUNDER, WITHDREW)
    late = [Spell(a, i, int(draw.integers(founded + 1, ORIGIN - 4)), OPEN, ACCEDED, STAYS) for i in states[size + 1 :]]
    return inside if size == 2 else [*inside, gone, *late]


def at_end(history: History) -> Standing:
    """How the world stands at the start of the year after the last: taken from the walk before it goes on."""
    return next(standing for standing, _ in walk(history) if standing.year > history.last)


def start(history: History) -> World:
    """The world at the end of the made-up past. Its wars go on; every third state is young."""
    small = world(N, tuple((0, 1) for _ in range(T)), ORIGIN)
    rival_since, former = np.zeros((N, N)), np.zeros((N, N), bool)
    for d in history.rivalries:
        one, two = [d.one, d.two], [d.two, d.one]
        rival_since[one, two] = d.first if d.last == OPEN else 0.0
        former[one, two] = d.last < OPEN
    return small.with_(
        standing=at_end(history), rival_since=rival_since, former=former, war_end=0.0,
        regime=np.rint(history.democracy[0] * 3).astype(np.int8),
        state_since=np.where(np.arange(N) % 3, 1900.0, ORIGIN - np.arange(N) % 4),
    )  # fmt: skip


@dataclass
class _Log:
    """What a log adds to a past: spells and rivalries begun and ended, wars, treaties, regimes by year."""

    running: dict[tuple[int, int], Spell]
    feuds: dict[tuple[int, int], Dyad]
    regime: _Ints  # (Y + 1, N): at the end of ORIGIN and of each year after
    spells: list[Spell] = field(default_factory=list)
    rivalries: list[Dyad] = field(default_factory=list)
    wars: list[Dyad] = field(default_factory=list)
    founded: dict[int, tuple[int, bool]] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)

    def read(self, kind: str, year: int, treaty: int, state: int, other: int, value: int) -> None:
        """One row of the log."""
        if kind in ("founding", "accession"):
            how = FOUNDER if kind == "founding" else ACCEDED
            self.running[treaty, state] = Spell(treaty, state, year, OPEN, how, STAYS)
            if kind == "founding":
                self.founded[treaty] = year, value == 1
        elif kind == "withdrawal":
            self.spells.append(self.running.pop((treaty, state))._replace(left=year, how_left=WITHDREW))
        elif kind in ("termination", "lapse"):
            self.ended[treaty] = year
            for key in [k for k in self.running if k[0] == treaty]:
                self.spells.append(self.running.pop(key)._replace(left=year, how_left=ENDED))
        elif kind == "rivalry_onset":
            self.feuds[state, other] = Dyad(state, other, year, OPEN)
        elif kind == "rivalry_end":
            self.rivalries.append(self.feuds.pop((state, other))._replace(last=year - 1))
        elif kind in ("attack", "intervention"):
            self.wars.append(Dyad(state, other, year, OPEN))
        elif kind == "regime_change":
            assert self.regime[year - ORIGIN, state] == other
            self.regime[year - ORIGIN :, state] = value


def lived(before: History, events: pl.DataFrame, until: int) -> History:
    """`before` and what the log of one world says of the years to `until`.

    As in the simulator, a rivalry that ends in a year is none at the start of the next.
    """
    years = until - ORIGIN
    over = [s for s in before.spells if s.left < OPEN]
    log = _Log(
        {(s.treaty, s.state): s for s in before.spells if s.left == OPEN},
        {(max(d.one, d.two), min(d.one, d.two)): d for d in before.rivalries if d.last == OPEN},
        np.tile(np.rint(before.democracy * 3).astype(np.int64), (years + 1, 1)),
    )
    for row in events.select("kind", "year", "treaty", "state", "other", "value").iter_rows():
        log.read(*row)
    democracy = log.regime / 3.0
    return replace(
        before,
        last=until,
        here=np.ones((years + 1, N), bool),
        democracy=democracy,
        regime_change=np.abs(np.diff(democracy, axis=0, prepend=democracy[:1])),
        major=np.tile(before.major, (years + 1, 1)),
        place=np.tile(before.place, (years + 1, 1, 1)),
        treaties=_treaties(before.treaties, log),
        spells=tuple(sorted([*over, *log.spells, *log.running.values()], key=lambda s: s.joined)),
        rivalries=(*(d for d in before.rivalries if d.last < OPEN), *log.rivalries, *log.feuds.values()),
        wars=(*before.wars, *log.wars),
    )


def _treaties(before: Treaties, log: _Log) -> Treaties:
    """Those of the start and those founded in the run, which nobody else may join by their text and have no term."""
    new = [log.founded[a] for a in sorted(log.founded)]
    n = T + len(new)
    ended = np.array([log.ended.get(a, OPEN) for a in range(n)])
    return Treaties(
        tuple(f"T{a}" for a in range(n)), np.append(before.founded, [y for y, _ in new]).astype(np.int64), ended,
        ended < OPEN, np.append(before.has_defence, [d for _, d in new]).astype(bool),
        np.append(before.is_open, np.zeros(len(new), bool)), np.append(before.expires, np.full(len(new), np.nan)),
    )  # fmt: skip


def as_drivers(history: History, begin: World) -> Drivers:
    """The same history as the fits of rivalry and regimes read it; there the last year of a rivalry is one of it."""
    first = FORMER.first - 1
    early = ORIGIN - first
    regime = np.rint(history.democracy * 3).astype(np.int8)
    years = np.arange(first, history.last + 1)
    found = Drivers(
        RECORD, history.states, first, np.ones((N, len(years)), bool),
        np.concatenate([np.repeat(regime[:1], early, axis=0), regime]).T,
        (years - begin.state_since[:, None]).clip(0).astype(np.int16),
        np.log(np.maximum(np.expm1(begin.standing.log_distance), 10.0)),
        np.array([_inclusive(d) for d in history.rivalries], np.int32),
    )  # fmt: skip
    found.__dict__["_defended"] = np.array([*np.zeros((early, N, N), bool), *_defended(history)])
    return found


def _inclusive(d: Dyad) -> tuple[int, int, int, int]:
    """Former rivalries of the start are as they are; one that ended in the run ended in the year after `last`."""
    return min(d.one, d.two), max(d.one, d.two), d.first, d.last + 1 if ORIGIN <= d.last < OPEN else d.last


def _defended(history: History) -> Iterable[NDArray[np.bool_]]:
    """Who owes whom defence at the end of each year from ORIGIN on."""
    for standing, _ in walk(history):
        pledged = standing.member[history.treaties.has_defence].astype(int)
        yield pledged.T @ pledged > 0


EARLIER = past()
START = start(EARLIER)
