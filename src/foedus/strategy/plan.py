"""The allocation problem as arrays: who can buy what, what it yields, and what each scenario needs.

A unit of a package costs `price` to each member. Units are put together by the package's technology, run through its
curve of diminishing returns and yield capability in one or more dimensions. In each scenario what is needed beyond the
capability that arrives is lost, at a weight. Docs: docs/strategy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.coalition import TECHNOLOGIES
from foedus.strategy.errors import StrategyError, Unbounded

Real = NDArray[np.float64]
INF = float("inf")


@dataclass(frozen=True, slots=True)
class Package:
    """One capability package.

    yields : capability per unit in each dimension, shape (D,). technology : "sum", "weakest-link" (units count as far
    as every member has its part, in proportion to `need`) or "best-shot" (one provider). curve : (units, factor)
    tranches of falling factor; what lies beyond the last is worth nothing; empty: no diminishing. stays : it works
    without an ally's decision in the event. lumpy : bought whole or not at all. least, most : money on it, all members
    together.
    """

    name: str
    yields: tuple[float, ...]
    technology: str = "sum"
    curve: tuple[tuple[float, float], ...] = ()
    stays: bool = False
    lumpy: bool = False
    least: float = 0.0
    most: float = INF

    def __post_init__(self) -> None:
        factors = [factor for _, factor in self.curve]
        if self.technology not in TECHNOLOGIES:
            raise StrategyError(f'{self.name}: technology "{self.technology}"; known: {", ".join(TECHNOLOGIES)}.')
        if min(self.yields, default=0.0) < 0:
            raise StrategyError(f"{self.name}: a yield is 0 or more, found {min(self.yields):g}.")
        if any(b > a for a, b in pairwise(factors)) or any(f < 0 for f in factors):
            raise StrategyError(f"{self.name}: the factors of a curve fall from tranche to tranche, found {factors}.")
        if any(width <= 0 for width, _ in self.curve):
            raise StrategyError(f"{self.name}: each tranche of a curve is wider than 0.")

    @property
    def tranches(self) -> tuple[tuple[float, float], ...]:
        """The curve, or one endless tranche."""
        return self.curve or ((INF, 1.0),)


@dataclass(frozen=True, slots=True)
class Synergy:
    """Two packages that help each other: `bonus` capability in a dimension for each unit that both have."""

    one: int
    other: int
    dimension: int
    bonus: float


@dataclass(frozen=True, slots=True)
class Scenarios:
    """What may happen, S scenarios of T threats.

    names : of the threats. threat : shape (S,), which threat a scenario belongs to. probability : (S,), sums to 1.
    requirement, weight : (S, D). loss : (S,), what is lost whatever is bought. arrives : (S, n), share of each member's
    contribution that is there, in [0, 1]. reach : (S, K), share of each package that works in the place of the event.
    """

    names: tuple[str, ...]
    threat: NDArray[np.int64]
    probability: Real
    requirement: Real
    weight: Real
    loss: Real
    arrives: Real
    reach: Real


@dataclass(frozen=True, slots=True)
class Problem:
    """A joint budget to allocate. n members, K packages, D dimensions, S scenarios; money in one unit, `money`.

    price : (n, K), money for one unit. existing : (n, D), capability that is there already. budget : all money; inf: no
    limit. cap, floor : (n,), most and least money of each member. need : (n,), each member's part of a weakest link,
    sums to 1. fair : (n,) fair shares of all money, sum 1; band : each member pays between (1 - band) and (1 + band)
    times its fair share; inf: no fairness constraint. risk_weight : lambda in [0, 1], weight of CVaR against the mean.
    tail : alpha in [0, 1), CVaR is the mean loss of the worst 1 - alpha. Raises StrategyError for shapes and ranges,
    Unbounded for a negative weight.
    """

    title: str
    money: str
    members: tuple[str, ...]
    packages: tuple[Package, ...]
    dimensions: tuple[str, ...]
    scenarios: Scenarios
    price: Real
    existing: Real
    budget: float
    cap: Real
    floor: Real
    need: Real
    fair: Real
    band: float = INF
    synergies: tuple[Synergy, ...] = ()
    risk_weight: float = 0.5
    tail: float = 0.9

    def __post_init__(self) -> None:
        n, k, d = len(self.members), len(self.packages), len(self.dimensions)
        s = self.scenarios
        shapes = {
            "price": (self.price, (n, k)),
            "existing": (self.existing, (n, d)),
            "cap": (self.cap, (n,)),
            "floor": (self.floor, (n,)),
            "need": (self.need, (n,)),
            "fair": (self.fair, (n,)),
            "requirement": (s.requirement, (len(s.probability), d)),
            "weight": (s.weight, (len(s.probability), d)),
            "arrives": (s.arrives, (len(s.probability), n)),
            "reach": (s.reach, (len(s.probability), k)),
        }
        for name, (array, shape) in shapes.items():
            if array.shape != shape:
                raise StrategyError(f"{name} has the shape {array.shape}, expected {shape}.")
        _check_weights(self)
        if abs(float(s.probability.sum()) - 1) > 1e-9 or (s.probability < 0).any():
            raise StrategyError(f"Probabilities are 0 or more and sum to 1; these sum to {s.probability.sum():.6g}.")
        if not (abs(float(self.need.sum()) - 1) < 1e-9 and (self.need >= 0).all()):
            raise StrategyError("need: each member's part of a weakest link is 0 or more, and they sum to 1.")
        if not (0 <= self.risk_weight <= 1 and 0 <= self.tail < 1):
            raise StrategyError("risk_weight lies in [0, 1] and tail in [0, 1).")
        if (self.price <= 0).any():
            raise StrategyError("Every price is above 0: a package that costs nothing has no place in a budget.")


def _check_weights(problem: Problem) -> None:
    """Raise Unbounded for a weight below 0."""
    s = problem.scenarios
    for row, dimension in np.argwhere(s.weight < 0):
        name, threat = problem.dimensions[dimension], s.names[s.threat[row]]
        raise Unbounded(
            f"{threat}: the weight of {name} is {s.weight[row, dimension]:g}. Below 0, unmet need would count as a gain"
            " and the loss could fall without end; give 0 or more."
        )


def cvar(losses: Real, probability: Real, tail: float) -> float:
    """Conditional value at risk: mean loss of the worst 1 - tail of probability, an atom at the quantile split.

    losses, probability : shape (S,). tail : in [0, 1); 0 gives the mean. Source: Rockafellar and Uryasev (2002),
    Journal of Banking and Finance 26: 1443-1471.

    >>> cvar(np.array([0.0, 10, 20, 50]), np.array([0.5, 0.3, 0.15, 0.05]), 0.8)
    27.5
    """
    order = np.argsort(-losses, kind="stable")
    worst, mass = losses[order], probability[order]
    before = np.concatenate([[0.0], np.cumsum(mass)[:-1]])
    taken = np.clip((1 - tail) - before, 0.0, mass)
    return float(np.dot(taken, worst) / taken.sum())


def objective(problem: Problem, losses: Real) -> float:
    """(1 - lambda) times the mean loss plus lambda times CVaR, for `losses` of shape (S,)."""
    p = problem.scenarios.probability
    mean = float(np.dot(p, losses))
    return (1 - problem.risk_weight) * mean + problem.risk_weight * cvar(losses, p, problem.tail)


def capability(problem: Problem, units: Real) -> Real:
    """Capability that arrives in each scenario and dimension, shape (S, D), from units bought, shape (n, K)."""
    s = problem.scenarios
    effective = np.empty((len(s.probability), len(problem.packages)))
    for k, package in enumerate(problem.packages):
        there = units[:, k] * (np.ones_like(s.arrives) if package.stays else s.arrives)
        effective[:, k] = _curved(package, _together(package, there, problem.need)) * s.reach[:, k]
    found = s.arrives @ problem.existing + effective @ np.array([p.yields for p in problem.packages])
    for y in problem.synergies:
        found[:, y.dimension] += y.bonus * np.minimum(effective[:, y.one], effective[:, y.other])
    return np.asarray(found)


def losses(problem: Problem, units: Real) -> Real:
    """Loss in each scenario, shape (S,): weighted unmet need plus what is lost anyway. The programme's plain twin."""
    s = problem.scenarios
    unmet = np.maximum(0.0, s.requirement - capability(problem, units))
    return np.asarray((s.weight * unmet).sum(axis=1) + s.loss)


def _together(package: Package, there: Real, need: Real) -> Real:
    """Units of a package that count, shape (S,), from those of each member that are there, shape (S, n)."""
    if package.technology == "sum":
        return np.asarray(there.sum(axis=1))
    if package.technology == "best-shot":
        return np.asarray(there.max(axis=1))
    has_need = need > 0
    return np.asarray((there[:, has_need] / need[has_need]).min(axis=1))


def _curved(package: Package, units: Real) -> Real:
    """Units after diminishing returns."""
    total, begin = np.zeros_like(units), 0.0
    for width, factor in package.tranches:
        total += factor * np.clip(units - begin, 0.0, width)
        begin += width
    return total
