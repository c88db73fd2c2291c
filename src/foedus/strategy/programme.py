"""The two-stage programme: money now, losses in each scenario, the mean loss and its tail as small as can be.

    min (1 - l) sum_s p_s L_s + l [eta + sum_s p_s v_s / (1 - alpha)],  v_s >= L_s - eta,  v_s >= 0,
    L_s = sum_d w_sd u_sd + c_s,  u_sd >= r_sd - capability_sd(units),  u >= 0
    subject to the budget, national caps and floors, limits of packages, and fair shares.

CVaR as a linear programme: Rockafellar and Uryasev (2000), Journal of Risk 2(3): 21-41.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.errors import Infeasible, StrategyError
from foedus.strategy.linear import INF, Answer, Model, Row, minimise
from foedus.strategy.plan import Package, Problem, Real, losses, objective

Index = NDArray[np.int64]
_NO_PRICE = 1e-9  # rounding of the solver, not a price


@dataclass(frozen=True, slots=True)
class Price:
    """What relaxing one constraint by one unit of money would buy: `worth`, objective saved, 0 or more."""

    constraint: str
    worth: float


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer. units, spending : shape (n, K), the second in money. losses : (S,). objective : as `plan.objective`.

    bound : no plan does better than this. prices : of the constraints that bind, dearest first. answer : the solver's,
    from which it may start on a similar problem.
    """

    units: Real
    spending: Real
    losses: Real
    objective: float
    bound: float
    prices: tuple[Price, ...]
    answer: Answer | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the first stage stands in a model. units : (n, K); money : (n,)."""

    units: Index
    money: Index


def allocate(problem: Problem, like: Plan | None = None) -> Plan:
    """The best plan for `problem`. like : the plan of a problem that differs in numbers only, from which the solver
    starts. Raises Infeasible with the constraints that cannot stand together."""
    model, first = build(problem)
    answer = minimise(model, like.answer if like else None)
    if answer is None:
        raise Infeasible(conflict(problem))
    return plan_of(problem, answer, first, _prices(model, answer))


def build(problem: Problem) -> tuple[Model, Columns]:
    """The whole programme as a model, and where its first stage stands."""
    model, first = first_stage(problem)
    unmet, loss = _second_stage(problem, model, first)
    _objective(problem, model, unmet, loss)
    return model, first


def first_stage(problem: Problem, *, loose: bool = False) -> tuple[Model, Columns]:
    """Units, money and every constraint on them. loose : see `_one_provider`."""
    model = Model()
    n, K = len(problem.members), len(problem.packages)
    units = np.empty((n, K), dtype=np.int64)
    for k, package in enumerate(problem.packages):
        units[:, k] = model.columns(n, upper=1.0 if package.lumpy else INF, whole=package.lumpy)
    money = model.columns(n)
    for i in range(n):
        model.row([*units[i], money[i]], [*problem.price[i], -1.0], 0.0, 0.0)
    _limits(problem, model, units, money)
    _fairness(problem, model, money)
    for k, package in enumerate(problem.packages):
        if package.technology == "best-shot":
            _one_provider(problem, model, units[:, k], k, loose)
    return model, Columns(units, money)


def _limits(problem: Problem, model: Model, units: Index, money: Index) -> None:
    unit = problem.money
    if problem.budget < INF:
        model.row(money, 1.0, -INF, problem.budget, f"the joint budget is at most {problem.budget:,.6g} {unit}")
    for i, member in enumerate(problem.members):
        if problem.cap[i] < INF:
            model.row([money[i]], 1.0, -INF, problem.cap[i], f"{member} pays at most {problem.cap[i]:,.6g} {unit}")
        if problem.floor[i] > 0:
            model.row([money[i]], 1.0, problem.floor[i], INF, f"{member} pays at least {problem.floor[i]:,.6g} {unit}")
    for k, package in enumerate(problem.packages):
        if package.most < INF:
            says = f"{package.name} gets at most {package.most:,.6g} {unit}"
            model.row(units[:, k], problem.price[:, k], -INF, package.most, says)
        if package.least > 0:
            says = f"{package.name} gets at least {package.least:,.6g} {unit}"
            model.row(units[:, k], problem.price[:, k], package.least, INF, says)


def _fairness(problem: Problem, model: Model, money: Index) -> None:
    """Each member's part of all money within the band around its fair share."""
    if problem.band == INF:
        return
    total = model.columns(1)[0]
    model.row([*money, total], [*np.ones(len(money)), -1.0], 0.0, 0.0)
    for i, member in enumerate(problem.members):
        least, most = (max(0.0, 1 + sign * problem.band) * problem.fair[i] for sign in (-1, 1))
        if most < 1:
            says = f"{member} pays at most {most:.2%} of all money ({1 + problem.band:g} times its fair share)"
            model.row([money[i], total], [1.0, -most], -INF, 0.0, says)
        if least > 0:
            says = f"{member} pays at least {least:.2%} of all money ({1 - problem.band:g} times its fair share)"
            model.row([money[i], total], [1.0, -least], 0.0, INF, says)


def _one_provider(problem: Problem, model: Model, units: Index, k: int, loose: bool) -> None:
    """At most one member buys package k, as Hirshleifer's best shot has it: no second one is kept in reserve for the
    scenarios in which the provider does not come.

    loose : bound each member's units by more than it could ever pay, rather than by its limits, so that these limits
    stand in their own rows alone and can be named.
    """
    package, room = problem.packages[k], np.zeros(len(units))
    chosen = model.columns(len(units), upper=1.0, whole=True)
    model.row(chosen, 1.0, -INF, 1.0, f"only one member provides {package.name} (a best shot)")
    for i, member in enumerate(problem.members):
        most = min(problem.budget, problem.cap[i], package.most)
        if most == INF:
            raise StrategyError(
                f"{package.name} is a best shot: give a budget, a cap for {member} or a limit for the package."
            )
        if loose:
            most += float(problem.floor.sum()) + sum(p.least for p in problem.packages)
        room[i] = most / problem.price[i, k]
        model.row([units[i], chosen[i]], [1.0, -room[i]], -INF, 0.0)
    model.choices.append(chosen[np.argsort(-room, kind="stable")])


def _second_stage(problem: Problem, model: Model, first: Columns) -> tuple[Index, list[tuple[Index, Real]]]:
    """Capability and unmet need. Returns the columns of unmet need, and by scenario the columns and weights of loss."""
    s = problem.scenarios
    n_scenarios, n_dimensions = s.requirement.shape
    classes, which = np.unique(s.arrives, axis=0, return_inverse=True)
    by_package = [
        _effective(problem, model, package, first.units[:, k], classes) for k, package in enumerate(problem.packages)
    ]
    there = s.arrives @ problem.existing
    every: list[int] = []
    loss: list[tuple[Index, Real]] = []
    for row in range(n_scenarios):
        columns, factors = [], []  # of each package in this scenario
        for k, package in enumerate(problem.packages):
            columns.append(by_package[k][0 if package.stays else int(which[row])])
            factors.append(np.array([f for _, f in package.tranches]) * s.reach[row, k])
        bonus = [_bonus(model, columns, factors, y.one, y.other) for y in problem.synergies]
        wanted = [d for d in range(n_dimensions) if s.requirement[row, d] > there[row, d] and s.weight[row, d] > 0]
        unmet = model.columns(len(wanted))
        for u, d in zip(unmet, wanted, strict=True):
            index, values = [np.array([u])], [np.ones(1)]
            for k, package in enumerate(problem.packages):
                if package.yields[d]:
                    index.append(columns[k])
                    values.append(package.yields[d] * factors[k])
            for y, b in zip(problem.synergies, bonus, strict=True):
                if y.dimension == d:
                    index.append(np.array([b]))
                    values.append(np.array([y.bonus]))
            model.row(np.concatenate(index), np.concatenate(values), s.requirement[row, d] - there[row, d], INF)
        every += list(unmet)
        loss.append((unmet, s.weight[row, wanted]))
    return np.array(every, dtype=np.int64), loss


def _effective(problem: Problem, model: Model, package: Package, units: Index, classes: Real) -> list[Index]:
    """Columns of the tranches of a package for each class of scenarios in which the same members arrive."""
    found = []
    for there in np.ones((1, len(units))) if package.stays else classes:
        tranches = np.concatenate([model.columns(1, upper=width) for width, _ in package.tranches])
        if package.technology == "weakest-link":
            for i in np.flatnonzero(problem.need > 0):
                values = [*np.ones(len(tranches)), -there[i] / problem.need[i]]
                model.row([*tranches, units[i]], values, -INF, 0.0)
        else:
            model.row([*tranches, *units], [*np.ones(len(tranches)), *-there], -INF, 0.0)
        found.append(tranches)
    return found


def _bonus(model: Model, columns: list[Index], factors: list[Real], one: int, other: int) -> int:
    """A column that is at most the effective units of both packages."""
    b = int(model.columns(1)[0])
    for k in (one, other):
        model.row([b, *columns[k]], [1.0, *-factors[k]], -INF, 0.0)
    return b


def _objective(problem: Problem, model: Model, unmet: Index, loss: list[tuple[Index, Real]]) -> None:
    s, risk = problem.scenarios, problem.risk_weight
    for row, (columns, weights) in enumerate(loss):
        for column, weight in zip(columns, weights, strict=True):
            model.cost[column] = (1 - risk) * s.probability[row] * weight
    model.offset = (1 - risk) * float(np.dot(s.probability, s.loss))
    if risk == 0:
        return
    eta = model.columns(1, cost=risk, lower=-INF)[0]
    above = model.columns(len(loss), cost=risk * s.probability / (1 - problem.tail))
    for row, (columns, weights) in enumerate(loss):
        model.row([above[row], eta, *columns], [1.0, 1.0, *-weights], s.loss[row], INF)


def plan_of(problem: Problem, answer: Answer, first: Columns, prices: tuple[Price, ...] = ()) -> Plan:
    """The plan that `answer` buys, judged by the plain losses rather than by what the solver reports."""
    bought = np.maximum(0.0, answer.x[first.units]) + 0.0  # no minus nought
    found = losses(problem, bought)
    return Plan(bought, bought * problem.price, found, objective(problem, found), answer.bound, prices, answer)


def _prices(model: Model, answer: Answer) -> tuple[Price, ...]:
    prices = answer.row_price if len(answer.row_price) else _with_choices_kept(model, answer)
    named = [Price(r.label, abs(float(p))) for r, p in zip(model.rows, prices, strict=True) if r.label]
    return tuple(sorted((p for p in named if p.worth > _NO_PRICE), key=lambda p: -p.worth))


def _with_choices_kept(model: Model, answer: Answer) -> Real:
    """Prices of the rows once every whole-or-nothing choice stays as it is."""
    kept = replace(model, lower=list(model.lower), upper=list(model.upper), is_whole=[False] * len(model.cost))
    for column in np.flatnonzero(model.is_whole):
        kept.lower[column] = kept.upper[column] = round(float(answer.x[column]))
    again = minimise(kept)
    return np.zeros(len(model.rows)) if again is None else again.row_price


def conflict(problem: Problem) -> list[str]:
    """The labels of a smallest set of constraints that no plan keeps (deletion filter: each one left is needed).

    Source: Chinneck and Dravnieks (1991), ORSA Journal on Computing 3: 157-168.
    """
    model, _ = first_stage(problem, loose=True)
    kept = list(model.rows)
    for row in model.rows:
        if row.label and not _holds(model, [r for r in kept if r is not row]):
            kept = [r for r in kept if r is not row]
    return [r.label for r in kept if r.label]


def _holds(model: Model, rows: list[Row]) -> bool:
    return minimise(replace(model, rows=rows)) is not None
