"""From the file of an allocation to the problem: figures from the record, who is bound from the casus engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from foedus.casus import evaluate, read_event
from foedus.errors import FoedusError
from foedus.record import Record
from foedus.strategy.errors import PlanError
from foedus.strategy.figures import held
from foedus.strategy.honour import ACTS, Rates, coming
from foedus.strategy.plan import INF, Package, Problem, Real, Scenarios, Synergy
from foedus.strategy.plan_file import ASSUMED, PackageRow, PlanFile, Threat, read_file
from foedus.strategy.probabilities import read_probabilities

QUIET = "nothing happens"
_BILLION = 1e3  # million USD


@dataclass(frozen=True, slots=True)
class Members:
    """The paying members. codes, names : (n,); gdp, milex : (n,), in the file's money; left_out : name -> why."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    gdp: Real
    milex: Real
    source: str
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stated:
    """A file read against the record, ready to become a problem for any seed.

    bound : threat -> whether each member has a duty to act, None where every member is there. probability : of each
    threat in a year. day : on which duties are read.
    """

    file: Path
    raw: PlanFile
    members: Members
    day: date
    bound: tuple[tuple[bool, ...] | None, ...]
    probability: tuple[float, ...]

    @property
    def rates(self) -> Rates:
        """How honouring is drawn."""
        a = self.raw.arrival
        return Rates(a.era, a.other, a.shock) if a else Rates()


def read_plan(record: Record, file: Path, *, probabilities: Path | None = None) -> Stated:
    """Read `file`, and `probabilities` in place of its own. Raises PlanError with every problem found."""
    raw = read_file(file)
    problems = [*_sources(raw), *_names(raw)]
    if problems:
        raise PlanError(str(file), problems)
    day = raw.on or date.today()
    try:
        members = _members(record, raw, day)
        bound = tuple(_bound(record, t, members, day) for t in raw.threat)
    except PlanError:
        raise
    except FoedusError as error:
        raise PlanError(str(file), [str(error)]) from None
    given = probabilities or (file.parent / raw.probabilities if raw.probabilities else None)
    chance = _chances(file, raw.threat, read_probabilities(given) if given else {}, given)
    return Stated(file, raw, members, day, bound, chance)


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


# --- members ---------------------------------------------------------------------------------------------------------


def _members(record: Record, raw: PlanFile, day: date) -> Members:
    if raw.member:
        codes = tuple(m.state for m in raw.member)
        gdp = np.array([m.gdp or 0.0 for m in raw.member])
        milex = np.array([m.milex or 0.0 for m in raw.member])
        return Members(codes, tuple(_name(record, c) for c in codes), gdp, milex, "the file", {})
    treaty = record.treaty(raw.treaty)
    table, source = held(record, tuple(sorted(treaty.members_on(day))), day)
    known = table.drop_nulls("burden_share")
    left_out = {r["name"]: r["why"] for r in table.filter(table["burden_share"].is_null()).iter_rows(named=True)}
    return Members(
        tuple(known["state"]),
        tuple(known["name"]),
        known["gdp_musd"].to_numpy() / _BILLION,
        known["milex_musd"].to_numpy() / _BILLION,
        source,
        left_out,
    )


def _name(record: Record, code: str) -> str:
    return record.state_name(code) if code in record.states else code


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


# --- packages --------------------------------------------------------------------------------------------------------


def _package(p: PackageRow, dimensions: Sequence[str]) -> Package:
    yields = tuple(p.yields.get(d, 0.0) for d in dimensions)
    most = INF if p.most is None else p.most
    return Package(p.name, yields, p.technology, p.curve, p.stays, p.lumpy, p.least, most)


def _price(p: PackageRow, code: str) -> float:
    return p.price[code] if isinstance(p.price, dict) else p.price


def _synergy(raw: PlanFile, packages: tuple[str, str], dimension: str, bonus: float) -> Synergy:
    names = [p.name for p in raw.package]
    return Synergy(names.index(packages[0]), names.index(packages[1]), raw.dimensions.index(dimension), bonus)


# --- scenarios -------------------------------------------------------------------------------------------------------


def _bound(record: Record, t: Threat, members: Members, day: date) -> tuple[bool, ...] | None:
    """Whether each member has a duty to act, by the casus engine, from all treaties of the record; the target acts."""
    if not (t.attacker and t.target):
        return None
    stated = {"date": day, "attackers": [t.attacker], "targets": [t.target], "kind": t.kind, "place": t.place or None}
    event = read_event(record, stated)
    verdict = evaluate(record, event, depth=0)
    return tuple(code in event.targets or verdict.level_of(code) in ACTS for code in members.codes)


def _chances(
    file: Path, threats: Sequence[Threat], given: Mapping[str, float], where: Path | None
) -> tuple[float, ...]:
    """The probability of each threat: from the file of probabilities, else its own."""
    found, problems = [], []
    for i, t in enumerate(threats, 1):
        value = given.get(t.event or t.name, t.probability)
        if value is None:
            near = f"; {where} has {', '.join(list(given)[:5])}" if where else ""
            problems.append(f'threat[{i}].probability: "{t.event or t.name}" has none{near}')
        elif not 0 <= value <= 1:
            problems.append(f"threat[{i}].probability: must lie between 0 and 1, found {value:g}")
        else:
            found.append(value)
    if not problems and math.fsum(found) > 1 + 1e-9:
        problems.append(
            f"threat: probabilities sum to {math.fsum(found):.4f}; at most 1, since threats exclude each other here."
            " Make threats of what happens together, or scale them."
        )
    if problems:
        raise PlanError(str(file), problems)
    return tuple(found)


def _scenarios(stated: Stated, seed: int, draws: int | None) -> Scenarios:
    """One scenario for each draw of who comes, and one in which nothing happens for the rest of the probability."""
    raw, n = stated.raw, len(stated.members.codes)
    n_draws = draws or (raw.arrival.draws if raw.arrival else 1)
    threat, chance, arrives = [], [], []
    for t, bound in enumerate(stated.bound):
        there = np.ones((1, n), dtype=bool)
        if bound is not None:
            stream = np.random.Generator(np.random.Philox(key=[seed, t]))
            there = coming(np.array(bound), stated.rates, n_draws, stream)
            target = stated.raw.threat[t].target
            if target in stated.members.codes:  # who is attacked is there
                there[:, stated.members.codes.index(target)] = True
        threat += [t] * len(there)
        chance += [stated.probability[t] / len(there)] * len(there)
        arrives += list(there.astype(np.float64))
    names, threats = [t.name for t in raw.threat], list(raw.threat)
    rest = 1 - math.fsum(stated.probability)
    if rest > 1e-12:
        names.append(QUIET)
        threats.append(Threat(name=QUIET, requirement={}, source=ASSUMED))
        threat.append(len(names) - 1)
        chance.append(rest)
        arrives.append(np.ones(n))
    which = np.array(threat)
    p = np.array(chance)
    return Scenarios(
        names=tuple(names),
        threat=which,
        probability=p / p.sum(),
        requirement=np.array([[t.requirement.get(d, 0.0) for d in raw.dimensions] for t in threats])[which],
        weight=np.array([[_weight(t, d) for d in raw.dimensions] for t in threats])[which],
        loss=np.array([t.loss for t in threats])[which],
        arrives=np.array(arrives),
        reach=np.array([[p.reach.get(t.theatre, 1.0) for p in raw.package] for t in threats])[which],
    )


def _weight(t: Threat, dimension: str) -> float:
    return t.weight.get(dimension, 1.0) if isinstance(t.weight, dict) else t.weight


# --- checks ----------------------------------------------------------------------------------------------------------


def _sources(raw: PlanFile) -> list[str]:
    """Entries whose source is neither "assumed" nor listed."""
    known = {s.id for s in raw.source} | {ASSUMED}
    return [
        f'{where}.source: "{e.source}" is no [[source]] here and not "assumed"; known: {", ".join(sorted(known))}'
        for where, e in raw.entries
        if e.source not in known
    ]


def _names(raw: PlanFile) -> list[str]:
    """Names that do not match, and members or arrivals that are missing."""
    problems = []
    dimensions, packages = set(raw.dimensions), {p.name for p in raw.package}
    if bool(raw.treaty) == bool(raw.member):
        problems.append('member: give treaty = "...", whose members are taken from the record, or [[member]], not both')
    if not raw.package or not raw.threat or not raw.dimensions:
        problems.append("package, threat, dimensions: at least one of each")
    used = [(f"package[{i}].yields", p.yields) for i, p in enumerate(raw.package, 1)]
    used += [(f"threat[{i}].requirement", t.requirement) for i, t in enumerate(raw.threat, 1)]
    used += [(f"threat[{i}].weight", t.weight) for i, t in enumerate(raw.threat, 1) if isinstance(t.weight, dict)]
    used += [(f"synergy[{i}].dimension", {y.dimension: 0.0}) for i, y in enumerate(raw.synergy, 1)]
    used += [(f"existing[{i}].dimension", {e.dimension: 0.0}) for i, e in enumerate(raw.existing, 1)]
    for where, table in used:
        problems += [
            f'{where}: no dimension "{d}"; known: {", ".join(raw.dimensions)}' for d in table if d not in dimensions
        ]
    for i, y in enumerate(raw.synergy, 1):
        problems += [f'synergy[{i}].packages: no package "{p}"' for p in y.packages if p not in packages]
    for what, names in (("package", [p.name for p in raw.package]), ("threat", [t.name for t in raw.threat])):
        problems += [f'{what}: "{n}" is named twice' for n in sorted({n for n in names if names.count(n) > 1})]
    codes = {m.state for m in raw.member}
    for i, p in enumerate(raw.package, 1):
        if isinstance(p.price, dict):
            problems += [f'package[{i}].price: none for member "{c}"' for c in sorted(codes - set(p.price))]
            problems += [] if codes else [f"package[{i}].price: one number, since the members come from a treaty"]
    for i, e in enumerate(raw.existing, 1):
        problems += [f'existing[{i}].held: no member "{c}"' for c in e.held if codes and c not in codes]
    if any(t.attacker and t.target for t in raw.threat) and raw.arrival is None:
        problems.append("arrival: missing; a threat names attacker and target, so say how it is drawn who comes")
    problems += _numbers(raw)
    return problems


def _numbers(raw: PlanFile) -> list[str]:
    """Numbers outside their range."""
    problems = []
    for i, t in enumerate(raw.threat, 1):
        problems += [
            f"threat[{i}].requirement.{d}: 0 or more, found {v:g}" for d, v in t.requirement.items() if not v >= 0
        ]
    for i, p in enumerate(raw.package, 1):
        problems += [
            f"package[{i}].reach.{place}: 0 to 1, found {v:g}" for place, v in p.reach.items() if not 0 <= v <= 1
        ]
    if raw.arrival and (raw.arrival.draws < 1 or not 0 <= raw.arrival.other <= 1 or raw.arrival.shock < 0):
        problems.append("arrival: draws is 1 or more, other lies between 0 and 1, shock is 0 or more")
    for name in ("total", "total_share_gdp", "cap_share_gdp", "floor_share_gdp", "band"):
        value = getattr(raw.budget, name)
        if value is not None and not value >= 0:
            problems.append(f"budget.{name}: 0 or more, found {value:g}")
    return problems
