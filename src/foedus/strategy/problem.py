"""From what a file states to the problem: limits, packages, and scenarios with draws of who comes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from foedus.errors import FoedusError
from foedus.strategy.errors import PlanError
from foedus.strategy.honour import coming
from foedus.strategy.plan import INF, Package, Problem, Real, Scenarios, Synergy
from foedus.strategy.plan_file import ASSUMED, PackageRow, PlanFile, Threat
from foedus.strategy.stated import Stated

QUIET = "nothing happens"


def problem_of(stated: Stated, *, seed: int | None = None, draws: int | None = None) -> Problem:
    """The problem with who comes drawn by `seed`, `draws` times for each threat; both as in the file by default."""
    raw, n = stated.raw, len(stated.members.codes)
    names = stated.members.names
    total_gdp = float(stated.members.gdp.sum())
    b = raw.budget
    budget = b.total if b.total is not None else INF
    if b.total_share_gdp is not None:
        budget = min(budget, b.total_share_gdp / 100 * total_gdp)
    rows = {r.state: r for r in raw.member}
    try:
        return Problem(
            title=raw.title,
            money=raw.money,
            members=names,
            packages=tuple(_package(p, raw.dimensions) for p in raw.package),
            dimensions=raw.dimensions,
            scenarios=_scenarios(stated, raw.seed if seed is None else seed, draws),
            price=np.array([[_price(p, code) for p in raw.package] for code in stated.members.codes]),
            existing=_existing(stated),
            budget=budget,
            cap=_limits(stated, b.cap_share_gdp, {s: r.cap for s, r in rows.items()}, INF),
            floor=_limits(stated, b.floor_share_gdp, {s: r.floor for s, r in rows.items()}, 0.0),
            need=stated.members.gdp / total_gdp if total_gdp > 0 else np.full(n, 1 / n),
            fair=_fair(stated),
            band=INF if b.band is None else b.band,
            synergies=tuple(_synergy(raw, y.packages, y.dimension, y.bonus) for y in raw.synergy),
            risk_weight=raw.risk_weight,
            tail=raw.tail,
        )
    except PlanError:
        raise
    except FoedusError as error:
        raise type(error)(f"{stated.file}: {error}") from None


def _limits(stated: Stated, share: float | None, own: Mapping[str, float | None], default: float) -> Real:
    """A limit for each member: its own row, else a share of GDP, else `default`."""
    found = np.full(len(stated.members.codes), default)
    if share is not None:
        found = share / 100 * stated.members.gdp
    for i, code in enumerate(stated.members.codes):
        value = own.get(code)
        if value is not None:
            found[i] = value
    return found


def _fair(stated: Stated) -> Real:
    n = len(stated.members.codes)
    by = {"gdp": stated.members.gdp, "milex": stated.members.milex, "equal": np.ones(n)}[stated.raw.budget.fair]
    if by.sum() <= 0:
        if stated.raw.budget.band is not None:
            says = f'budget.fair = "{stated.raw.budget.fair}": no member has such a figure; give it, or fair = "equal"'
            raise PlanError(str(stated.file), [says])
        by = np.ones(n)
    return np.asarray(by / by.sum(), dtype=np.float64)


def _existing(stated: Stated) -> Real:
    found = np.zeros((len(stated.members.codes), len(stated.raw.dimensions)))
    for entry in stated.raw.existing:
        for code, amount in entry.held.items():
            found[stated.members.codes.index(code), stated.raw.dimensions.index(entry.dimension)] += amount
    return found


def _package(p: PackageRow, dimensions: Sequence[str]) -> Package:
    yields = tuple(p.yields.get(d, 0.0) for d in dimensions)
    most = INF if p.most is None else p.most
    return Package(p.name, yields, p.technology, p.curve, p.stays, p.lumpy, p.least, most)


def _price(p: PackageRow, code: str) -> float:
    return p.price[code] if isinstance(p.price, dict) else p.price


def _synergy(raw: PlanFile, packages: tuple[str, str], dimension: str, bonus: float) -> Synergy:
    names = [p.name for p in raw.package]
    return Synergy(names.index(packages[0]), names.index(packages[1]), raw.dimensions.index(dimension), bonus)


def _scenarios(stated: Stated, seed: int, draws: int | None) -> Scenarios:
    """One scenario for each draw of who comes, and one in which nothing happens for the rest of the probability."""
    raw, n = stated.raw, len(stated.members.codes)
    threats, chance = list(raw.threat), list(stated.probability)
    arrives = [_arrives(stated, t, seed, draws) for t in range(len(threats))]
    rest = 1 - math.fsum(chance)
    if rest > 1e-12:
        threats.append(Threat(name=QUIET, requirement={}, source=ASSUMED))
        chance.append(rest)
        arrives.append(np.ones((1, n)))
    which = np.repeat(np.arange(len(threats)), [len(a) for a in arrives])
    p = np.array([chance[t] / len(arrives[t]) for t in which])
    return Scenarios(
        names=tuple(t.name for t in threats),
        threat=which,
        probability=p / p.sum(),
        requirement=np.array([[t.requirement.get(d, 0.0) for d in raw.dimensions] for t in threats])[which],
        weight=np.array([[_weight(t, d) for d in raw.dimensions] for t in threats])[which],
        loss=np.array([t.loss for t in threats])[which],
        arrives=np.concatenate(arrives),
        reach=np.array([[p.reach.get(t.theatre, 1.0) for p in raw.package] for t in threats])[which],
    )


def _arrives(stated: Stated, t: int, seed: int, draws: int | None) -> Real:
    """Which members are there in each draw of threat `t`, shape (draws, n): all of them where nobody is attacked."""
    bound, codes, target = stated.bound[t], stated.members.codes, stated.raw.threat[t].target
    if bound is None:
        return np.ones((1, len(codes)))
    n_draws = draws or (stated.raw.arrival.draws if stated.raw.arrival else 1)
    stream = np.random.Generator(np.random.Philox(key=[seed, t]))
    there = coming(np.array(bound), stated.rates, n_draws, stream)
    if target in codes:  # who is attacked is there
        there[:, codes.index(target)] = True
    return there.astype(np.float64)


def _weight(t: Threat, dimension: str) -> float:
    return t.weight.get(dimension, 1.0) if isinstance(t.weight, dict) else t.weight
