"""Sensitivity: how the plan answers when one stated number is another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foedus.strategy.plan import INF, Problem, Real
from foedus.strategy.programme import Plan, allocate


@dataclass(frozen=True, slots=True)
class Shift:
    """How the plan answers one changed number. moved : share of the money that goes elsewhere, [0, 1]. top : the
    package that gets most then."""

    changed: str
    moved: float
    top: str


def shifts(problem: Problem, plan: Plan) -> list[Shift]:
    """The plan again with each threat's probability and each dimension's weight halved and doubled, and the budget
    a tenth less and more; what moves most first."""
    found = []
    for words, other in _changed(problem).items():
        spending = allocate(other, plan).spending
        top = problem.packages[int(spending.sum(axis=0).argmax())].name
        found.append(Shift(words, moved(plan.spending, spending), top))
    return sorted(found, key=lambda f: -f.moved)


def moved(one: Real, other: Real) -> float:
    """Share of the money that two plans, money of shape (n, K), put on different packages, in [0, 1]."""
    return float(np.abs(_mix(one) - _mix(other)).sum() / 2)


def _changed(problem: Problem) -> dict[str, Problem]:
    """What is changed, in words -> the problem with it changed."""
    s, changed = problem.scenarios, {}
    for factor, word in ((0.5, "half"), (2.0, "twice")):
        for t, name in enumerate(s.names):
            if (s.requirement[s.threat == t] > 0).any():
                p = np.where(s.threat == t, factor, 1.0) * s.probability
                other = replace(s, probability=p / p.sum())
                changed[f"{word} the probability of {name}"] = replace(problem, scenarios=other)
        for d, name in enumerate(problem.dimensions):
            weight = s.weight.copy()
            weight[:, d] *= factor
            changed[f"{word} the weight of {name}"] = replace(problem, scenarios=replace(s, weight=weight))
    if problem.budget < INF:
        for factor, word in ((0.9, "a tenth less"), (1.1, "a tenth more")):
            changed[f"{word} money in all"] = replace(problem, budget=factor * problem.budget)
    return changed


def _mix(spending: Real) -> Real:
    """Each package's share of all money."""
    by_package = spending.sum(axis=0)
    return np.asarray(by_package / by_package.sum() if by_package.sum() > 0 else by_package)
