"""Regret: the plan beside others that somebody might propose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foedus.strategy.foresight import Foresight, mean_plan, only
from foedus.strategy.plan import Problem, Real, losses, objective
from foedus.strategy.programme import Plan, allocate


@dataclass(frozen=True, slots=True)
class Strategy:
    """A plan under the problem's scenarios. mean, tail : mean loss and CVaR. regret : largest over threats of its mean
    loss less the least possible there; regret_at : that threat."""

    name: str
    units: Real
    mean: float
    tail: float
    regret: float
    regret_at: str


def strategies(problem: Problem, plan: Plan, known: Foresight) -> list[Strategy]:
    """The plan beside others that somebody might propose, each within the same constraints; smallest regret first."""
    proposals = {
        "this plan": plan.units,
        "mean loss only": allocate(replace(problem, risk_weight=0.0), plan).units,
        "worst cases only": allocate(replace(problem, risk_weight=1.0), plan).units,
        "for the average": mean_plan(problem).units,
        "same for every package": _even(problem, plan),
    }
    s = problem.scenarios
    for t, name in enumerate(s.names):
        rows = np.flatnonzero(s.threat == t)
        if (s.requirement[rows] > 0).any():
            proposals[f"all for: {name}"] = allocate(only(problem, rows)).units
    found = [_judged(problem, name, units, known.best) for name, units in proposals.items()]
    return sorted(found, key=lambda f: (f.regret, f.mean))


def _judged(problem: Problem, name: str, units: Real, best: Real) -> Strategy:
    s, lost = problem.scenarios, losses(problem, units)
    regret = dict.fromkeys(s.names, 0.0)
    for t, threat in enumerate(s.names):
        rows = s.threat == t
        weight = s.probability[rows].sum()
        if weight > 0:
            regret[threat] = float(np.dot(s.probability[rows], (lost - best)[rows]) / weight)
    worst = max(regret, key=regret.__getitem__)
    mean = float(np.dot(s.probability, lost))
    tail = objective(replace(problem, risk_weight=1.0), lost)
    return Strategy(name, units, mean, tail, regret[worst], worst)


def _even(problem: Problem, plan: Plan) -> Real:
    """Each member's money of the plan spread evenly over all packages that are not whole-or-nothing."""
    free = np.array([not p.lumpy for p in problem.packages])
    paid = plan.spending.sum(axis=1, keepdims=True)
    if not free.any():
        return plan.units
    return np.asarray(paid * free / free.sum() / problem.price)
