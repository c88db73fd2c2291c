"""The units at risk of a hazard, year by year: who could have joined, who could have left, which could have ended.

Order within a year, as in the simulator: alliances end, then members of those that go on leave, then others join. So a
row of an alliance that ends in the year is at risk of ending only. An alliance that is left with fewer than two members
has ended; one that ends because a state ended has not (its row is left out).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.membership import kernels
from foedus.model.membership.history import ACCEDED, FOUNDER, WENT, WITHDREW, History, Year, walk
from foedus.model.membership.standing import ACCESSION, RELATIONS, TERMINATION, WITHDRAWAL, Standing

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Rows at risk. x (n, p): terms in the order of `terms`. event (n,): 0 or 1. weight (n,): 1 / share drawn.

    treaty, state (-1 for termination), year (n,).
    """

    terms: tuple[str, ...]
    x: _Floats
    event: _Floats
    weight: _Floats
    treaty: _Ints
    state: _Ints
    year: _Ints

    def only(self, keep: NDArray[np.bool_]) -> Units:
        """The rows where `keep` holds."""
        return Units(
            self.terms, self.x[keep], self.event[keep], self.weight[keep], self.treaty[keep], self.state[keep],
            self.year[keep],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """Which years are rows, and how non-events are drawn: all of alliances founded by three or more; of those founded
    by two, which hardly ever admit anybody, the share `of_pairs` (accession only). The draw of a (year, treaty, state)
    depends on the seed and the year alone.
    """

    since: int = 1816
    half_life: float = 20.0
    of_pairs: float = 1.0
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of one alliance in one year: terms (r, p), event, weight and state (r,)."""

    x: _Floats
    event: _Floats
    weight: _Floats
    state: _Ints


def accession_units(history: History, drawing: Drawing) -> Units:
    """Every state in the system beside every alliance in force that it is not in; event: it accedes in the year.

    Signatories that have yet to ratify, and states that come in by succession in the year, are not at risk.
    """
    pending: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for s in history.spells:
        if s.how == FOUNDER:
            pending[s.treaty].append((s.state, s.joined))

    def rows(world: Standing, year: Year, a: int) -> _Rows:
        at_risk, accedes = world.here & ~world.member[a], np.zeros(len(world.here), bool)
        for state, joined in pending[a]:
            at_risk[state] &= joined < world.year
        for s in year.joined:
            if s.treaty == a:
                accedes[s.state] = s.how == ACCEDED and at_risk[s.state]
                at_risk[s.state] &= s.how == ACCEDED
        share = drawing.of_pairs if world.treaties[a, kernels.FOUNDERS] <= 2 else 1.0
        who = np.flatnonzero(at_risk & (accedes | (_draws(drawing, world.year, a, len(at_risk)) < share)))
        relation, n = relations_of(world, a)
        out = np.empty((who.size, len(ACCESSION)))
        kernels.accession_rows(
            float(world.year), world.half_life, n, who, world.since[a], world.left[a], world.states, world.treaties[a],
            relation, out,
        )  # fmt: skip
        return _Rows(out, accedes[who].astype(np.float64), np.where(accedes[who], 1.0, 1.0 / share), who)

    return _collect(history, drawing, ACCESSION, rows, is_over=False)


def withdrawal_units(history: History, drawing: Drawing) -> Units:
    """Every member of every alliance of three or more that goes on; event: it leaves, or is made to leave, in the year.

    One of two that leaves ends the alliance: that is termination. A member whose state ends is not at risk.
    """

    def rows(world: Standing, year: Year, a: int) -> _Rows:
        at_risk, withdraws = world.member[a].copy(), np.zeros(len(world.here), bool)
        for s in year.left:
            if s.treaty == a:
                withdraws[s.state] = s.how_left == WITHDREW
                at_risk[s.state] &= s.how_left != WENT
        relation, n = relations_of(world, a)
        who = np.flatnonzero(at_risk) if n >= 3 else np.empty(0, np.int64)
        out = np.empty((who.size, len(WITHDRAWAL)))
        kernels.withdrawal_rows(
            float(world.year), world.half_life, n, who, world.since[a], world.states, world.treaties[a], relation, out
        )
        return _Rows(out, withdraws[who].astype(np.float64), np.ones(who.size), who)

    return _collect(history, drawing, WITHDRAWAL, rows, is_over=False)


def termination_units(history: History, drawing: Drawing) -> Units:
    """Every alliance in force; event: it ends in the year, or is left with fewer than two members."""

    def rows(world: Standing, year: Year, a: int) -> _Rows:
        relation, _ = relations_of(world, a)
        out = np.empty((1, len(TERMINATION)))
        members = np.flatnonzero(world.member[a])
        kernels.termination_row(float(world.year), members, world.states, world.treaties[a], relation, out[0])
        ends = np.array([float(bool(_ends(history, world, year, a)))])
        return _Rows(out, ends, np.ones(1), np.array([-1]))

    return _collect(history, drawing, TERMINATION, rows, is_over=True)


def relations_of(world: Standing, a: int) -> tuple[_Floats, int]:
    """`kernels.relations` of the treaty a: (N, 9), and the number of its members."""
    out = np.empty((len(world.here), len(RELATIONS)))
    n = kernels.relations(
        float(world.year), world.half_life, world.member[a], world.since[a], world.left[a], world.states, world.joint,
        world.shared, world.log_distance, world.rival, world.common, world.war, out,
    )  # fmt: skip
    return out, n


def _collect(
    history: History,
    drawing: Drawing,
    terms: tuple[str, ...],
    rows: Callable[[Standing, Year, int], _Rows],
    is_over: bool,
) -> Units:
    """`rows` of every alliance that was in force at the start of a year; unless `is_over`, only if it did not end."""
    found: list[_Rows] = []
    treaty: list[int] = []
    years: list[int] = []
    for world, year in walk(history, drawing.half_life):
        if not drawing.since <= world.year <= history.last:
            continue
        for a in np.flatnonzero(world.in_force).tolist():
            ends = _ends(history, world, year, a)
            if ends is None or (ends and not is_over):
                continue
            found.append(rows(world, year, a))
            treaty.append(a)
            years.append(world.year)
    sizes = [len(r.event) for r in found]
    none = _Rows(np.empty((0, len(terms))), np.empty(0), np.empty(0), np.empty(0, np.int64))
    together = [np.concatenate([getattr(r, c) for r in found or [none]]) for c in ("x", "event", "weight", "state")]
    x, event, weight, state = together
    return Units(terms, x, event, weight, np.repeat(treaty, sizes).astype(np.int64), state,
                 np.repeat(years, sizes).astype(np.int64))  # fmt: skip


def _ends(history: History, world: Standing, year: Year, a: int) -> bool | None:
    """Whether the alliance ends in the year; None when it does because a state ended."""
    if history.treaties.ended[a] == world.year:
        return bool(history.treaties.by_itself[a]) or None
    members = set(np.flatnonzero(world.member[a]).tolist())
    leavers = {s.state: s.how_left for s in year.left if s.treaty == a and s.state in members}
    joiners = {s.state for s in year.joined if s.treaty == a}
    if len(members - set(leavers) | joiners) >= 2:
        return False
    return None if WENT in leavers.values() else True


def _draws(drawing: Drawing, year: int, a: int, n: int) -> _Floats:
    """Uniform numbers for the states beside the treaty a in a year, shape (n,)."""
    return np.random.Generator(np.random.Philox(key=[drawing.seed, year * 100_000 + a])).random(n)
