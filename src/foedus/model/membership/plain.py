"""The same design rows said slowly, from the definitions: the oracle of the kernels' tests. A row is a dict by term.

Here a history is a list of events, not a matrix: `own` parts are found by leaving out the events of the treaty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, log1p, sqrt

import numpy as np

from foedus.model.membership.standing import Standing


@dataclass(frozen=True, slots=True)
class Past:
    """One past event: a founding by `joiners` (all of them new), or an accession of one joiner to `others`."""

    treaty: int
    year: int
    joiners: tuple[int, ...]
    others: tuple[int, ...] = ()

    def pairs(self) -> Iterable[tuple[int, int]]:
        """Pairs that the event brings together, smaller position first."""
        if not self.others:
            return combinations(sorted(self.joiners), 2)
        (i,) = self.joiners
        return ((min(i, j), max(i, j)) for j in self.others)


def activity(past: Sequence[Past], world: Standing, i: int, without: int = -1) -> float:
    """Faded number of foundings and accessions of i, those of the treaty `without` left out."""
    return sum(_weight(e, world) for e in past if i in e.joiners and e.treaty != without)


def tie(past: Sequence[Past], world: Standing, i: int, j: int, without: int = -1) -> float:
    """Faded number of events that brought i and j together, those of the treaty `without` left out."""
    pair = (min(i, j), max(i, j))
    return sum(_weight(e, world) for e in past if e.treaty != without and pair in e.pairs())


def relation(past: Sequence[Past], world: Standing, a: int, i: int) -> dict[str, float]:
    """How i stands to the other members of a, by name of RELATIONS; all 0 without other members."""
    others = [int(j) for j in np.flatnonzero(world.member[a]) if j != i]
    treaties = [b for b in range(len(world.in_force)) if b != a and world.in_force[b]]
    x = world.states[:, 1]
    if not others:
        return dict.fromkeys(("tie", "allied", "log_distance", "log_nearest", "rivals", "shared_rivals", "wars",
                              "democracy_gap", "joint_democracy"), 0.0)  # fmt: skip
    return {
        "tie": _mean(tie(past, world, i, j, without=a) for j in others),
        "allied": _mean(any(world.member[b, i] and world.member[b, j] for b in treaties) for j in others),
        "log_distance": _mean(world.log_distance[i, j] for j in others),
        "log_nearest": min(float(world.log_distance[i, j]) for j in others),
        "rivals": _mean(world.rival[i, j] for j in others),
        "shared_rivals": _mean(_has_common_rival(world, i, j) for j in others),
        "wars": _mean(world.war[i, j] for j in others),
        "democracy_gap": abs(float(x[i]) - _mean(x[j] for j in others)),
        "joint_democracy": float(x[i]) * _mean(x[j] for j in others),
    }


def accession(past: Sequence[Past], world: Standing, a: int, i: int) -> dict[str, float]:
    """The terms of ACCESSION of i, not a member, to a."""
    r = relation(past, world, a, i)
    founded, defence, is_open, _, founders, accessions, _ = world.treaties[a].tolist()
    return {
        **_eras(world.year),
        "sqrt_activity": sqrt(activity(past, world, i, without=a)),
        "sqrt_tie": sqrt(r["tie"]),
        **{name: r[name] for name in _ACCESSION_RELATIONS},
        "democracy": float(world.states[i, 1]),
        "major": float(world.states[i, 3]),
        "was_member": float(not np.isnan(world.left[a, i])),
        "log_members": log(world.member[a].sum()),
        "log_age": log(world.year - founded),
        "log_accessions_5y": log1p(accessions),
        "is_open": is_open,
        "is_pair": float(founders <= 2),
        "has_defence": defence,
    }


_ACCESSION_RELATIONS = (
    "allied", "log_distance", "log_nearest", "rivals", "shared_rivals", "wars", "democracy_gap", "joint_democracy",
)  # fmt: skip


def withdrawal(past: Sequence[Past], world: Standing, a: int, i: int) -> dict[str, float]:
    """The terms of WITHDRAWAL of the member i from a."""
    r = relation(past, world, a, i)
    _, defence, _, expires, _, _, exits = world.treaties[a].tolist()
    names = ("allied", "log_distance", "rivals", "shared_rivals", "wars", "democracy_gap")
    return {
        **_eras(world.year),
        **_steps(world.year - float(world.since[a, i])),
        "sqrt_activity": sqrt(activity(past, world, i, without=a)),
        "sqrt_tie": sqrt(r["tie"]),
        **{name: r[name] for name in names},
        "regime_change": float(world.states[i, 2]),
        "major": float(world.states[i, 3]),
        "log_members": log(world.member[a].sum()),
        "log_exits_3y": log1p(exits),
        "term_ends": float(expires == world.year),
        "has_defence": defence,
    }


def termination(past: Sequence[Past], world: Standing, a: int) -> dict[str, float]:
    """The terms of TERMINATION of a: relations among its members as means over pairs."""
    members = [int(i) for i in np.flatnonzero(world.member[a])]
    relations = [relation(past, world, a, i) for i in members]
    founded, defence, _, expires, _, _, exits = world.treaties[a].tolist()
    return {
        **_eras(world.year),
        **_steps(world.year - founded),
        "sqrt_tie": sqrt(_mean(r["tie"] for r in relations)),
        **{n: _mean(r[n] for r in relations) for n in ("allied", "log_distance", "rivals", "wars", "democracy_gap")},
        "democracy": _mean(world.states[i, 1] for i in members),
        "regime_change": _mean(world.states[i, 2] for i in members),
        "major": _mean(world.states[i, 3] for i in members),
        "log_members": log(len(members)),
        "log_exits_3y": log1p(exits),
        "term_ends": float(expires == world.year),
        "has_defence": defence,
    }


def founding(past: Sequence[Past], world: Standing, members: Sequence[int]) -> dict[str, float]:
    """The terms of FOUNDING by the set `members`."""
    pairs = list(combinations(sorted(members), 2))
    x = world.states[:, 1]
    return {
        "sqrt_activity": sqrt(_mean(activity(past, world, i) for i in members)),
        "sqrt_tie": sqrt(_mean(tie(past, world, i, j) for i, j in pairs)),
        "allied": _mean(world.shared[i, j] >= 1 for i, j in pairs),
        "log_distance": _mean(world.log_distance[i, j] for i, j in pairs),
        "rivals": _mean(world.rival[i, j] for i, j in pairs),
        "shared_rivals": _mean(_has_common_rival(world, i, j) for i, j in pairs),
        "wars": _mean(world.war[i, j] for i, j in pairs),
        "democracy_gap": _mean(abs(float(x[i] - x[j])) for i, j in pairs),
        "democracy": _mean(x[i] for i in members),
        "joint_democracy": _mean(x[i] * x[j] for i, j in pairs),
        "major": _mean(world.states[i, 3] for i in members),
        "regime_change": _mean(world.states[i, 2] for i in members),
    }


def _weight(event: Past, world: Standing) -> float:
    return float(2.0 ** (-(world.year - event.year) / world.half_life))


def _has_common_rival(world: Standing, i: int, j: int) -> bool:
    return any(world.rival[i, k] and world.rival[j, k] for k in range(len(world.here)))


def _eras(year: float) -> dict[str, float]:
    return {"one": 1.0, **{f"from_{y}": float(year >= y) for y in (1915, 1946, 1990)}}


def _steps(years: float) -> dict[str, float]:
    return {f"years_{n}": float(years >= n) for n in (3, 6, 11, 21)}


def _mean(values: Iterable[float]) -> float:
    found = [float(v) for v in values]
    return sum(found) / len(found)
