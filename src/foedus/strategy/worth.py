"""What a plan is worth: foresight, planning together, other strategies, other plans nearly as good, other weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.linear import INF, Model, minimise
from foedus.strategy.plan import Problem, Real, Scenarios, losses, objective
from foedus.strategy.programme import Plan, allocate, build, plan_of

NEARLY = 0.02  # [choice] a plan within 2 % of the best is as good, given what is known
FAIREST = 0.005  # [choice] what of the objective may be given up for payments nearer to fair shares


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


@dataclass(frozen=True, slots=True)
class Alone:
    """Planning together against each alone, with the same money from each member.

    apart : objective when each member buys what is best if nobody else came, and all of this is put together. joint :
    of the joint plan. without : member -> objective of the best plan of the others if it stays out with its money.
    """

    apart: float
    joint: float
    without: Mapping[str, float]


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


@dataclass(frozen=True, slots=True)
class Shift:
    """How the plan answers one changed number. moved : share of the money that goes elsewhere, [0, 1]. top : the
    package that gets most then."""

    changed: str
    moved: float
    top: str


def foresight(problem: Problem) -> Foresight:
    """What knowing more, or planning for the average, would change; all for the mean loss."""
    neutral = replace(problem, risk_weight=0.0)
    p = problem.scenarios.probability
    best = np.array([allocate(_only(neutral, np.array([s]))).objective for s in range(len(p))])
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


def acting_alone(problem: Problem, plan: Plan) -> Alone:
    """The joint plan against plans that each member makes for itself, and against plans without each member."""
    paid = plan.spending.sum(axis=1)
    units = np.zeros_like(plan.units)
    without = {}
    for i, name in enumerate(problem.members):
        if paid[i] > 1e-9:
            units[i] = allocate(_alone(problem, i, float(paid[i]))).units[0]
        without[name] = allocate(_without(problem, i, float(paid.sum() - paid[i]))).objective
    return Alone(objective(problem, losses(problem, units)), plan.objective, without)


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


def _without(problem: Problem, i: int, money: float) -> Problem:
    """The problem of the others: member i brings nothing, the others keep to what they would pay in all."""
    cap = problem.cap.copy()
    cap[i] = 0.0
    floor = problem.floor.copy()
    floor[i] = 0.0
    existing = problem.existing.copy()
    existing[i] = 0.0
    packages = tuple(replace(p, least=0.0) for p in problem.packages)
    need = problem.need.copy()
    need[i] = 0.0
    need = need / need.sum() if need.sum() > 0 else np.full(len(need), 1 / len(need))
    return replace(
        problem, packages=packages, cap=cap, floor=floor, existing=existing, need=need, budget=money, band=INF
    )


def strategies(problem: Problem, plan: Plan, known: Foresight) -> list[Strategy]:
    """The plan beside others that somebody might propose, each within the same constraints; smallest regret first."""
    proposals = {
        "this plan": plan.units,
        "mean loss only": allocate(replace(problem, risk_weight=0.0)).units,
        "worst cases only": allocate(replace(problem, risk_weight=1.0)).units,
        "for the average": mean_plan(problem).units,
        "same for every package": _even(problem, plan),
    }
    s = problem.scenarios
    for t, name in enumerate(s.names):
        rows = np.flatnonzero(s.threat == t)
        if (s.requirement[rows] > 0).any():
            proposals[f"all for: {name}"] = allocate(_only(problem, rows)).units
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


def _only(problem: Problem, index: NDArray[np.int64]) -> Problem:
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


def near_best(problem: Problem, plan: Plan, within: float = NEARLY) -> dict[str, tuple[float, float]]:
    """Package -> least and most money on it in any plan within `within` of the best objective.

    Wide: the recommendation is soft. Source: modelling to generate alternatives, Brill (1979), Management Science 25.
    """
    model, first = build(problem)
    _as_good(model, plan, within)
    found = {}
    for k, package in enumerate(problem.packages):
        ends = []
        for sign in (1.0, -1.0):
            target = np.zeros(len(model.cost))
            target[first.units[:, k]] = sign * problem.price[:, k]
            answer = minimise(replace(model, cost=list(target), offset=0.0))
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
    return plan if answer is None else plan_of(problem, answer.x[first.units], plan.bound, plan.prices)


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
    return plan_of(problem, answer.x[first.units], answer.bound)


def shifts(problem: Problem, plan: Plan) -> list[Shift]:
    """The plan again with each threat's probability and each dimension's weight halved and doubled, and the budget
    a tenth less and more; what moves most first."""
    s = problem.scenarios
    changed: dict[str, Problem] = {}
    for factor, word in ((0.5, "half"), (2.0, "twice")):
        for t, name in enumerate(s.names):
            if (s.requirement[s.threat == t] > 0).any():
                p = np.where(s.threat == t, factor, 1.0) * s.probability
                changed[f"{word} the probability of {name}"] = replace(
                    problem, scenarios=replace(s, probability=p / p.sum())
                )
        for d, name in enumerate(problem.dimensions):
            weight = s.weight.copy()
            weight[:, d] *= factor
            changed[f"{word} the weight of {name}"] = replace(problem, scenarios=replace(s, weight=weight))
    if problem.budget < INF:
        for factor, word in ((0.9, "a tenth less"), (1.1, "a tenth more")):
            changed[f"{word} money in all"] = replace(problem, budget=factor * problem.budget)
    base = _mix(plan.spending)
    found = []
    for words, other in changed.items():
        mix = _mix(allocate(other).spending)
        found.append(Shift(words, float(np.abs(mix - base).sum() / 2), problem.packages[int(mix.argmax())].name))
    return sorted(found, key=lambda f: -f.moved)


def _mix(spending: Real) -> Real:
    """Each package's share of all money."""
    by_package = spending.sum(axis=0)
    return np.asarray(by_package / by_package.sum() if by_package.sum() > 0 else by_package)
