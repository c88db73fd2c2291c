"""The file of an allocation read against the record: figures of members, who is bound by the casus engine, chances."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from foedus.casus import evaluate, read_event
from foedus.errors import FoedusError
from foedus.measure import Evidence
from foedus.record import Record
from foedus.strategy.errors import PlanError
from foedus.strategy.figures import held
from foedus.strategy.honour import ACTS, Rates
from foedus.strategy.plan import Real
from foedus.strategy.plan_checks import problems_of
from foedus.strategy.plan_file import PlanFile, Threat, read_file
from foedus.strategy.probabilities import read_probabilities

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


def read_plan(
    record: Record,
    file: Path,
    *,
    probabilities: Path | None = None,
    chances: Mapping[str, float] | None = None,
    evidence: Evidence | None = None,
) -> Stated:
    """Read `file`, and `probabilities` (a file) or `chances` (event -> probability) in place of its own. evidence :
    data sets for GDP and expenditure in place of the record's, as in `figures.held`. Raises PlanError with every
    problem found."""
    raw = read_file(file)
    problems = problems_of(raw)
    if problems:
        raise PlanError(str(file), problems)
    day = raw.on or date.today()
    try:
        members = _members(record, raw, day, evidence)
        bound = tuple(_bound(record, t, members, day) for t in raw.threat)
    except PlanError:
        raise
    except FoedusError as error:
        raise PlanError(str(file), [str(error)]) from None
    given = probabilities or (file.parent / raw.probabilities if raw.probabilities else None)
    found = chances or (read_probabilities(given) if given else {})
    chance = _chances(file, raw.threat, found, given)
    return Stated(file, raw, members, day, bound, chance)


def _members(record: Record, raw: PlanFile, day: date, evidence: Evidence | None) -> Members:
    if raw.member:
        codes = tuple(m.state for m in raw.member)
        gdp = np.array([m.gdp or 0.0 for m in raw.member])
        milex = np.array([m.milex or 0.0 for m in raw.member])
        return Members(codes, tuple(_name(record, c) for c in codes), gdp, milex, "the file", {})
    treaty = record.treaty(raw.treaty)
    table, source = held(record, tuple(sorted(treaty.members_on(day))), day, evidence)
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
