"""Foresight: what knowing the scenario first would be worth, and what planning for the average loses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.plan import Problem, Real, Scenarios, losses
from foedus.strategy.programme import Plan, allocate


@dataclass(frozen=True, slots=True)
class Foresight:
    """Mean losses. here_and_now : of the best plan for the mean (RP); wait_and_see : if the scenario were known first
    (WS); average : of the plan made for the average scenario (EEV). best : (S,), least loss of each scenario alone.
    Sources: Raiffa and Schlaifer (1961); Birge (1982), Mathematical Programming 24: 314-325.
    """

    here_and_now: float
    wait_and_see: float
    average: float
    best: Real

    @property
    def evpi(self) -> float:
        """Expected value of perfect information, RP - WS: the most that a forecast could be worth."""
        return self.here_and_now - self.wait_and_see

    @property
    def vss(self) -> float:
        """Value of the stochastic solution, EEV - RP: what planning for scenarios rather than their average saves."""
        return self.average - self.here_and_now


def foresight(problem: Problem) -> Foresight:
    """What knowing more, or planning for the average, would change; all for the mean loss."""
    neutral = replace(problem, risk_weight=0.0)
    p = problem.scenarios.probability
    best = np.array([allocate(only(neutral, np.array([s]))).objective for s in range(len(p))])
    plan = allocate(neutral)
    average = losses(neutral, mean_plan(neutral).units)
    return Foresight(plan.objective, float(np.dot(p, best)), float(np.dot(p, average)), best)


def mean_plan(problem: Problem) -> Plan:
    """The plan for one scenario in which every number is its mean."""
    s = problem.scenarios
    p = s.probability / s.probability.sum()
    weight = _mean_weight(s, p)
    one = Scenarios(
        ("the average",),
        np.zeros(1, dtype=np.int64),
        np.ones(1),
        (p @ s.requirement)[None],
        weight[None],
        np.array([p @ s.loss]),
        (p @ s.arrives)[None],
        (p @ s.reach)[None],
    )
    return allocate(replace(problem, scenarios=one))


def _mean_weight(s: Scenarios, p: Real) -> Real:
    """Weight of each dimension, averaged over the scenarios that need it."""
    need = p[:, None] * (s.requirement > 0)
    total = need.sum(axis=0)
    mean = (need * s.weight).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.asarray(np.where(total > 0, mean, (p @ s.weight)))


def only(problem: Problem, index: NDArray[np.int64]) -> Problem:
    """The problem if one of these scenarios were sure to come."""
    s = problem.scenarios
    p = s.probability[index]
    p = p / p.sum() if p.sum() > 0 else np.full(len(index), 1 / len(index))
    fewer = Scenarios(
        s.names,
        s.threat[index],
        p,
        s.requirement[index],
        s.weight[index],
        s.loss[index],
        s.arrives[index],
        s.reach[index],
    )
    return replace(problem, scenarios=fewer)
