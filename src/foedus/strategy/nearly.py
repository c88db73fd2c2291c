"""Plans nearly as good: how much each package may get, the payments nearest to fair shares, the second best choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foedus.strategy.linear import INF, Model, minimise
from foedus.strategy.plan import Problem
from foedus.strategy.programme import Plan, build, plan_of

NEARLY = 0.02  # [choice] a plan within 2 % of the best is as good, given what is known
FAIREST = 0.005  # [choice] what of the objective may be given up for payments nearer to fair shares


def near_best(problem: Problem, plan: Plan, within: float = NEARLY) -> dict[str, tuple[float, float]]:
    """Package -> least and most money on it in any plan within `within` of the best objective.

    Wide: the recommendation is soft. Source: modelling to generate alternatives, Brill (1979), Management Science 25.
    """
    model, first = build(problem)
    _as_good(model, plan, within)
    found, answer = {}, None
    for k, package in enumerate(problem.packages):
        ends = []
        for sign in (1.0, -1.0):
            target = np.zeros(len(model.cost))
            target[first.units[:, k]] = sign * problem.price[:, k]
            answer = minimise(replace(model, cost=list(target), offset=0.0), answer)
            ends.append(sign * answer.objective if answer else float(plan.spending[:, k].sum()))
        found[package.name] = (ends[0] + 0.0, ends[1] + 0.0)
    return found


def fairest(problem: Problem, plan: Plan, within: float = FAIREST) -> Plan:
    """Of the plans within `within` of the best objective, the one whose payments lie nearest to fair shares.

    Members whose help counts alike are told apart only by which draws they happen to be in; this leaves that out.
    """
    model, first = build(problem)
    _as_good(model, plan, within)
    model.cost, model.offset = [0.0] * len(model.cost), 0.0
    away = model.columns(len(problem.members), cost=1.0)
    total = model.columns(1)[0]
    model.row([*first.money, total], [*np.ones(len(first.money)), -1.0], 0.0, 0.0)
    for i, fair in enumerate(problem.fair):
        model.row([away[i], first.money[i], total], [1.0, -1.0, fair], 0.0, INF)
        model.row([away[i], first.money[i], total], [1.0, 1.0, -fair], 0.0, INF)
    answer = minimise(model)
    return plan if answer is None else replace(plan_of(problem, answer, first, plan.prices), bound=plan.bound)


def _as_good(model: Model, plan: Plan, within: float) -> None:
    """Add the row that keeps the objective of `model` within `within` of that of `plan`."""
    cost = np.array(model.cost)
    used = np.flatnonzero(cost)
    slack = max(within * abs(plan.objective), 1e-9)
    model.row(used, cost[used], -INF, plan.objective + slack - model.offset)


def second_best(problem: Problem, plan: Plan) -> Plan | None:
    """The best plan that makes another choice among whole-or-nothing packages; None without such packages.

    The first choice is cut off by the row that at least one binary differs (Balas and Jeroslow 1972).
    """
    whole = [k for k, p in enumerate(problem.packages) if p.lumpy]
    if not whole:
        return None
    model, first = build(problem)
    columns = first.units[:, whole].ravel()
    chosen = plan.units[:, whole].ravel() > 0.5
    model.row(columns, np.where(chosen, -1.0, 1.0), 1.0 - chosen.sum(), INF)
    answer = minimise(model)
    if answer is None:
        return None
    return plan_of(problem, answer, first)
