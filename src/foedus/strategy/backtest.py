"""A back-test of the allocation: the plan that a past year would have made, judged by what came.

The plan sees the texts, figures and events up to its day and nothing later. What came is told by the same counts in
the years after. Needs and yields are those of the file in both, so only the probabilities are tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from foedus.measure import gather
from foedus.record import Record
from foedus.strategy.counted import COUNTED, years_of
from foedus.strategy.errors import PlanError
from foedus.strategy.plan import Problem, Real, cvar, losses, objective
from foedus.strategy.plan_file import PlanFile, read_file
from foedus.strategy.problem import problem_of
from foedus.strategy.programme import Plan, allocate
from foedus.strategy.sensitivity import moved
from foedus.strategy.stated import Stated, read_plan

BEFORE = 10  # [choice] years that a plan looks back on
LAST = 2014  # COW's disputes end here

Years = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a threat was held to be, and was. years : with the event; before, after : probability a year."""

    threat: str
    counts: str
    years_before: tuple[int, ...]
    years_after: tuple[int, ...]
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan under the chances of the years after: objective, mean loss, mean of the worst cases."""

    name: str
    objective: float
    mean: float
    tail: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """before, after : first and last year counted. packages : name -> money as planned, and with hindsight. moved :
    share of the money that hindsight puts elsewhere."""

    title: str
    money: str
    figures: str
    before: tuple[int, int]
    after: tuple[int, int]
    chances: tuple[Chance, ...]
    packages: Mapping[str, tuple[float, float]]
    plans: tuple[Judged, ...]
    moved: float


def backtest(record: Record, folder: Path, file: Path) -> Backtest:
    """The plan of `file`, made on its day with the data sets in `folder`, judged by the years after it, to LAST.

    Its threats are named as in COUNTED. Raises PlanError for a file without treaty or day, with a day in or after LAST,
    or with a threat that is not counted; SourceError for a missing data set.
    """
    raw, day = _dated(file)
    states = record.treaty(raw.treaty).members_on(day)
    before, after = (day.year - BEFORE + 1, day.year), (day.year + 1, LAST)
    seen, came = (years_of(folder, states, *span) for span in (before, after))
    known = _stated(record, folder, file, seen, before)
    problem = problem_of(known)
    later = replace(known, probability=chances(raw, came, after))
    truth = problem_of(later)
    plan, hindsight = allocate(problem), allocate(truth)
    spent = zip(problem.packages, plan.spending.sum(axis=0), hindsight.spending.sum(axis=0), strict=True)
    return Backtest(
        problem.title,
        problem.money,
        known.members.source,
        before,
        after,
        tuple(_chance(known, later, seen, came, i) for i in range(len(raw.threat))),
        {p.name: (float(a), float(b)) for p, a, b in spent},
        _judged(truth, day.year, plan, hindsight),
        moved(plan.spending, hindsight.spending),
    )


def planned(record: Record, folder: Path, file: Path) -> Plan:
    """The plan of `file` on its day alone, from nothing that came later."""
    raw, day = _dated(file)
    span = (day.year - BEFORE + 1, day.year)
    seen = years_of(folder, record.treaty(raw.treaty).members_on(day), *span)
    return allocate(problem_of(_stated(record, folder, file, seen, span)))


def _chance(known: Stated, later: Stated, seen: Years, came: Years, i: int) -> Chance:
    threat = known.raw.threat[i]
    event = threat.event or threat.name
    before, after = (tuple(sorted(years[event])) for years in (seen, came))
    return Chance(threat.name, COUNTED[event], before, after, known.probability[i], later.probability[i])


def _stated(record: Record, folder: Path, file: Path, seen: Years, span: tuple[int, int]) -> Stated:
    raw = read_file(file)
    given = zip((t.event or t.name for t in raw.threat), chances(raw, seen, span), strict=True)
    return read_plan(record, file, chances=dict(given), evidence=gather(record, folder))


def chances(raw: PlanFile, seen: Years, span: tuple[int, int]) -> tuple[float, ...]:
    """Probability of each threat in a year: (years with it + 1/2) / (years + 1), the mean under Jeffreys' prior, so
    that what was never seen is not held impossible; all in proportion where they sum to more than 1, since threats
    exclude each other here."""
    n = span[1] - span[0] + 1
    each = np.array([(len(seen[t.event or t.name]) + 0.5) / (n + 1) for t in raw.threat])
    return tuple((each / max(1.0, each.sum())).tolist())


def _dated(file: Path) -> tuple[PlanFile, date]:
    """The file and its day; PlanError where a back-test cannot be made of it."""
    raw = read_file(file)
    problems = (
        [] if raw.treaty else ['treaty: missing; a back-test reads members from the record, treaty = "nato-1949"']
    )
    if raw.on is None or not raw.on.year < LAST:
        problems.append(f"on: a day before {LAST}, where COW's disputes end; found {raw.on or 'none'}")
    problems += _uncounted([t.event or t.name for t in raw.threat])
    if problems or raw.on is None:
        raise PlanError(str(file), problems)
    return raw, raw.on


def _uncounted(events: Sequence[str]) -> list[str]:
    return [
        f'threat[{i}].event: "{event}" is not counted in the data sets; known: {", ".join(COUNTED)}'
        for i, event in enumerate(events, 1)
        if event not in COUNTED
    ]


def _judged(truth: Problem, year: int, plan: Plan, hindsight: Plan) -> tuple[Judged, ...]:
    paid = plan.spending.sum(axis=1, keepdims=True)
    proposals: dict[str, Real] = {
        "with hindsight": hindsight.units,
        f"planned in {year}": plan.units,
        "same for every package": np.asarray(paid / len(truth.packages) / truth.price),
        "nothing bought": np.zeros_like(plan.units),
    }
    p, found = truth.scenarios.probability, []
    for name, units in proposals.items():
        lost = losses(truth, units)
        found.append(Judged(name, objective(truth, lost), float(np.dot(p, lost)), cvar(lost, p, truth.tail)))
    return tuple(found)
