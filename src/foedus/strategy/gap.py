"""How far a plan made for drawn scenarios may be from the best for the process that drew them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from foedus.strategy.errors import StrategyError
from foedus.strategy.plan import losses, objective
from foedus.strategy.problem import problem_of
from foedus.strategy.programme import Plan, allocate
from foedus.strategy.stated import Stated

FRESH = 10  # times as many draws as the plan was made with, to judge it by


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap of a plan. seen : objective under the draws it was made for; fresh : under many new ones. low, high : 95
    % interval of fresh less the best possible (never below 0). n : replications."""

    seen: float
    fresh: float
    low: float
    high: float
    n: int


def sampling_gap(stated: Stated, plan: Plan, *, replications: int = 10) -> Gap:
    """The gap of `plan` by new draws: in each replication the best plan for them against this plan under the same.

    Source: Mak, Morton and Wood (1999), Operations Research Letters 24: 47-56; common draws in both terms. Raises
    StrategyError for fewer than two replications.
    """
    from scipy.stats import t as student

    if replications < 2:
        raise StrategyError(f"An interval needs at least two replications, asked: {replications}.")
    gaps = []
    for r in range(1, replications + 1):
        again = problem_of(stated, seed=stated.raw.seed + r)
        gaps.append(objective(again, losses(again, plan.units)) - allocate(again).objective)
    mean, error = float(np.mean(gaps)), float(np.std(gaps, ddof=1)) / math.sqrt(replications)
    half = float(student.ppf(0.975, replications - 1)) * error
    n_draws = stated.raw.arrival.draws if stated.raw.arrival else 1
    many = problem_of(stated, seed=stated.raw.seed, draws=FRESH * n_draws)
    fresh = objective(many, losses(many, plan.units))
    return Gap(plan.objective, fresh, max(0.0, mean - half), mean + half, replications)
