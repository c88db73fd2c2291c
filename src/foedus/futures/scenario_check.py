"""Can this scenario be? Names resolved against the record, then dates, memberships and contradictions, all at once.

What a file's shape can show is in `scenario`; who is in which treaty when, in `scenario_memberships`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import combinations

from foedus.errors import Problem
from foedus.futures.scenario import (
    BY_PAIR,
    BY_TREATY,
    Attack,
    Growth,
    Invitation,
    Lever,
    Membership,
    RegimeChange,
    RivalryChange,
    Scenario,
    ScenarioError,
    Spending,
    located,
    parse,
    text_of,
)
from foedus.futures.scenario_eligibility import eligibility_problems
from foedus.futures.scenario_memberships import Says, meet, membership_problems, rule_problems, years
from foedus.futures.scenario_names import STATE_FIELDS, STATES_FIELDS, TREATY_FIELDS, named
from foedus.record import Record
from foedus.record.parse import line_of


def read(asked: str, record: Record, origin: int, until: int | None = None, without: Collection[str] = ()) -> Scenario:
    """The scenario that `asked` names (a file or a shipped one), with every name resolved to a code or id.

    origin : the year at whose end the run begins; until : its last year, when known. without : assumptions that the run
    switches off; without "eligibility" anybody may be invited. Raises UnknownScenario, or ScenarioError with everything
    that is wrong.
    """
    path = located(asked)
    text = text_of(path)
    return resolved(parse(text, path.name), text, path.name, record, origin, until, without)


def last_full_year(record: Record) -> int:
    """The year at whose end a run begins unless another is asked for: the last that the record knows whole."""
    return max(t.checked for t in record.treaties.values()).year - 1


def resolved(
    scenario: Scenario,
    text: str,
    file: str,
    record: Record,
    origin: int,
    until: int | None = None,
    without: Collection[str] = (),
) -> Scenario:
    """`scenario` with codes and ids for names. Raises ScenarioError with the line of each problem in `text`."""
    found, problems = named(scenario, record)
    if not problems:
        problems = [*_checks(found, record, date(origin, 12, 31), until)]
    if not problems and "eligibility" not in without:  # asks what only a sound scenario can be asked
        problems = [*eligibility_problems(found, record, date(origin, 12, 31))]
    if problems:
        raise ScenarioError([Problem(file, where, says, line_of(text, where)) for where, says in problems])
    return found


def _checks(scenario: Scenario, record: Record, eve: date, until: int | None) -> Says:
    yield from _date_problems(scenario, eve, until)
    yield from _state_problems(scenario, record, eve)
    yield from _founding_problems(scenario, record)
    yield from _treaty_problems(scenario, record, eve)
    yield from membership_problems(scenario, record, eve)
    yield from rule_problems(scenario, record, eve)
    yield from _path_problems(scenario, record, eve)
    yield from _event_problems(scenario, record, eve)


def _date_problems(scenario: Scenario, eve: date, until: int | None) -> Says:
    first_year = eve.year + 1
    for where, entry in scenario.entries():
        day = getattr(entry, "day", None)
        if day and day.year < first_year:
            yield f"{where}.day", f"{day} is before the run begins ({first_year}-01-01). Give a later day"
        if day and until and day.year > until:
            yield f"{where}.day", f"{day} is after the run ends ({until}). Run it for longer, or give an earlier day"
        first = day.year if day else getattr(entry, "first_year", None) or first_year
        for name in ("first_year", "last_year", "by"):
            year = getattr(entry, name, None)
            if year is not None and year < first_year:
                yield f"{where}.{name}", f"{year} is before the run begins; expected {first_year} or later"
            elif year is not None and name != "first_year" and year < first:
                yield f"{where}.{name}", f"{year} is before it begins ({first})"


def _state_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    here = set(record.system(eve))
    for where, entry in scenario.entries():
        for name in (*STATE_FIELDS, *STATES_FIELDS):
            value = getattr(entry, name, ())
            codes = (value,) if isinstance(value, str) else value
            for code in codes:
                if code not in here:
                    says = f"{record.state_name(code)} ({code}) is not in the inter-state system on {eve}"
                    yield f"{where}.{name}", f"{says}; name a state that is, see: foedus state {code}"
            for code in sorted({c for c in codes if codes.count(c) > 1}):
                yield f"{where}.{name}", f"{code} is named twice; name it once"


def _founding_problems(scenario: Scenario, record: Record) -> Says:
    ids = [f.id for f in scenario.founding]
    for i, founding in enumerate(scenario.founding):
        where = f"founding[{i}]"
        if founding.id in record.treaties:
            yield f"{where}.id", f'"{founding.id}" is a treaty of the record; give the new one an id of its own'
        if ids.index(founding.id) != i:
            yield f"{where}.id", f'"{founding.id}" is founded twice; give each an id of its own'
        if len(set(founding.members)) < 2:
            yield f"{where}.members", "a treaty needs two members or more"
        if not founding.pledges:
            yield f"{where}.pledges", 'is empty; name what is promised, as in ["defence"]'


def _treaty_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    founded = {f.id for f in scenario.founding}
    for where, entry in scenario.entries():
        for name in (*TREATY_FIELDS, "treaties"):
            value = getattr(entry, name, "")
            for id_ in (value,) if isinstance(value, str) else value:
                at = f"{where}.{name}"
                if id_ and id_ not in founded:
                    yield from ((at, says) for says in _not_simulated(record, id_, eve))
                elif id_ and isinstance(entry, Invitation | Lever | Membership):
                    yield at, f'"{id_}" is founded by this scenario; only a treaty of the record can stand here'


def _not_simulated(record: Record, id_: str, eve: date) -> Iterator[str]:
    """Why a treaty of the record is not in a run that begins after `eve`, if it is not."""
    treaty = record.treaties[id_]
    if not treaty.on(eve):
        begun = treaty.in_force is not None and treaty.in_force > eve
        ended = f"ended on {treaty.ended}" if treaty.ended else "never came into force"
        why = f"came into force on {treaty.in_force}, after" if begun else f"{ended}; it is not in force on"
        yield f"{treaty.title} ({id_}) {why} {eve}"
    elif len(treaty.members_on(eve)) < 2:
        yield f"{treaty.title} ({id_}) has fewer than two parties on {eve}; it is not simulated"
    elif treaty.universal:
        yield f"{treaty.title} ({id_}) is open to every state; it is no alliance and is not simulated"


def _path_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    for table in ("growth", "spending"):
        entries: tuple[Growth | Spending, ...] = getattr(scenario, table)
        for i, e in enumerate(entries):
            if bool(e.states) == bool(e.members_of):
                yield f"{table}[{i}].states", "give either states or members_of, a treaty whose members are meant"
            if isinstance(e, Spending) and e.by == (e.first_year or eve.year + 1):
                yield f"{table}[{i}].by", f"{e.by} is the first year; a path needs a year or more, give a later one"
        whole = [(i, e) for i, e in enumerate(entries) if bool(e.states) != bool(e.members_of)]
        for (i, a), (j, b) in combinations(whole, 2):
            both = sorted(covered(a, scenario, record, eve) & covered(b, scenario, record, eve))
            if both and meet(years(a, eve), years(b, eve)):
                few = ", ".join(both[:5]) + (" ..." if len(both) > 5 else "")
                yield f"{table}[{j}]", f"{few}: {table}[{i}] gives another path for the same years; keep one"


def _event_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    for where, entry in scenario.entries():
        if isinstance(entry, Lever) and entry.process == "dispute":
            yield f"{where}.process", "no disputes are simulated beyond rivalries; write [[attack]] or [[rivalry]]"
        if isinstance(entry, Lever) and entry.process not in BY_TREATY and entry.treaties:
            yield f"{where}.treaties", f"the hazard of {entry.process} is not one of a treaty; name states, or nothing"
        if isinstance(entry, Lever) and entry.process in BY_TREATY and entry.states and entry.process not in BY_PAIR:
            yield f"{where}.states", f"the hazard of {entry.process} is not one of a state; name treaties, or nothing"
        if isinstance(entry, Attack) and entry.attacker == entry.target:
            yield f"{where}.target", f"{entry.target} cannot attack itself; name another state"
        if isinstance(entry, RivalryChange):
            yield from _rivalry_problem(where, entry, record, eve)
    regimes: dict[tuple[str, int], tuple[str, RegimeChange]] = {}
    for i, change in enumerate(scenario.regime):
        key = change.state, change.day.year
        first, other = regimes.setdefault(key, (f"regime[{i}]", change))
        if other.regime != change.regime:
            says = f"{change.state} becomes {change.regime} and, in {first}, {other.regime} in {change.day.year}"
            yield f"regime[{i}].regime", f"{says}; a year has one regime, keep one"


def _rivalry_problem(where: str, entry: RivalryChange, record: Record, eve: date) -> Says:
    a, b = sorted(entry.between)
    if a == b:
        yield f"{where}.between", f"{a} cannot be its own rival; name two states"
        return
    now = any(
        (r.a, r.b) == (a, b) and r.first_year <= eve.year and (r.last_year is None or r.last_year >= eve.year)
        for r in record.rivalries
    )
    if now and entry.change == "begins":
        yield f"{where}.between", f"{a} and {b} are rivals already on {eve}; take this entry out"
    if not now and entry.change == "ends":
        yield f"{where}.between", f"{a} and {b} are no rivals on {eve}; there is nothing to end"


def covered(entry: Growth | Spending, scenario: Scenario, record: Record, eve: date) -> set[str]:
    """States that a path is for: those named, or the members of the named treaty on the first day of the run."""
    if entry.states:
        return set(entry.states)
    founded = {f.id: set(f.members) for f in scenario.founding}
    id_ = entry.members_of
    return founded[id_] if id_ in founded else set(record.treaties[id_].members_on(eve))
