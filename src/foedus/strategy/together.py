"""Planning together: against each member for itself, and against all but one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from foedus.strategy.plan import INF, Problem, losses, objective
from foedus.strategy.programme import Plan, allocate


@dataclass(frozen=True, slots=True)
class Alone:
    """Planning together against each alone, with the same money from each member.

    apart : objective when each member buys what is best if nobody else came, and all of this is put together. joint :
    of the joint plan. everybody : of the best plan for the same money without fair shares and least sums of packages,
    which nobody could keep once a member is missing. without : member -> objective of the best plan of the others if
    it stays out with its money, by the same rules as `everybody`. Below `everybody` only for a member that holds a
    weakest link back.
    """

    apart: float
    joint: float
    everybody: float
    without: Mapping[str, float]


def acting_alone(problem: Problem, plan: Plan) -> Alone:
    """The joint plan against plans that each member makes for itself, and against plans without each member."""
    paid = plan.spending.sum(axis=1)
    units = np.zeros_like(plan.units)
    everybody = allocate(_loose(problem, float(paid.sum())), plan)
    without = {}
    for i, name in enumerate(problem.members):
        if paid[i] > 1e-9:
            units[i] = allocate(_alone(problem, i, float(paid[i]))).units[0]
        others = allocate(_without(problem, i, float(paid.sum() - paid[i])), everybody)
        without[name] = others.objective
    return Alone(objective(problem, losses(problem, units)), plan.objective, everybody.objective, without)


def _alone(problem: Problem, i: int, money: float) -> Problem:
    """What member i would plan if nobody else came: its own money, and only its own capability."""
    return replace(
        problem,
        members=(problem.members[i],),
        packages=tuple(replace(p, least=0.0) for p in problem.packages),
        scenarios=replace(problem.scenarios, arrives=np.ones((len(problem.scenarios.probability), 1))),
        price=problem.price[[i]],
        existing=problem.existing[[i]],
        budget=money,
        cap=np.array([INF]),
        floor=np.zeros(1),
        need=np.ones(1),
        fair=np.ones(1),
        band=INF,
    )


def _loose(problem: Problem, money: float) -> Problem:
    """The problem with `money` in all, without fair shares and least sums of packages."""
    packages = tuple(replace(p, least=0.0) for p in problem.packages)
    return replace(problem, packages=packages, budget=money, band=INF)


def _without(problem: Problem, i: int, money: float) -> Problem:
    """The problem of the others: member i brings nothing, the others keep to what they would pay in all."""
    others = np.arange(len(problem.members)) != i
    need = problem.need * others
    return replace(
        _loose(problem, money),
        cap=np.where(others, problem.cap, 0.0),
        floor=problem.floor * others,
        existing=problem.existing * others[:, None],
        need=need / need.sum() if need.sum() > 0 else np.full(len(need), 1 / len(need)),
    )
