"""Who is in which treaty as a scenario's events pass: nobody leaves, joins or must be what he cannot.

Who is in a treaty when it is left, joined or ended is what the record says at the end of the year before the run,
changed by the scenario's own events in order of day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from foedus.futures.scenario import (
    SHOCKS,
    Accession,
    Founding,
    Growth,
    Invitation,
    Membership,
    Scenario,
    Spending,
    Termination,
    Withdrawal,
)
from foedus.record import Record

_SAME_DAY = ("termination", "withdrawal", "founding", "accession")  # what comes first on one day
Says = Iterator[tuple[str, str]]


@dataclass
class _Following:
    """Who is in which treaty as the scenario's events pass, and which treaties have ended."""

    record: Record
    eve: date
    members: dict[str, set[str]] = field(default_factory=dict)
    ended: dict[str, date] = field(default_factory=dict)

    def of(self, treaty: str) -> set[str]:
        """Members of `treaty` now; none before the scenario founds it."""
        if treaty not in self.members:
            held = self.record.treaties.get(treaty)
            self.members[treaty] = set(held.members_on(self.eve)) if held else set()
        return self.members[treaty]

    def name(self, treaty: str) -> str:
        """What the treaty is called."""
        return self.record.treaties[treaty].title if treaty in self.record.treaties else treaty


def membership_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    """Events in order of day: nobody leaves what he is not in, joins what he is in, or what has ended."""
    now = _Following(record, eve)
    kinds = (Withdrawal, Accession, Invitation, Termination, Founding)
    dated = [(where, e) for where, e in scenario.entries() if isinstance(e, kinds)]
    rank = {name: i for i, name in enumerate((*_SAME_DAY, *SHOCKS))}
    for where, event in sorted(dated, key=lambda item: (item[1].day, rank[item[0].split("[")[0]])):
        if isinstance(event, Founding):
            now.of(event.id).update(event.members)
            continue
        if event.treaty in now.ended:
            yield f"{where}.treaty", f"{now.name(event.treaty)} ended on {now.ended[event.treaty]} in this scenario"
            continue
        if not now.of(event.treaty):
            yield f"{where}.day", f"{now.name(event.treaty)} has no members on {event.day}; is it founded later?"
            continue
        yield from _one_event(where, event, now)


def _one_event(where: str, event: Withdrawal | Accession | Invitation | Termination, now: _Following) -> Says:
    if isinstance(event, Termination):
        now.ended[event.treaty] = event.day
        return
    members = now.of(event.treaty)
    leaves = isinstance(event, Withdrawal)
    for code in event.states:
        if leaves and code not in members:
            yield f"{where}.states", f"{code} is no member of {now.name(event.treaty)} on {event.day}; it cannot leave"
        elif not leaves and code in members:
            says = f"{code} is a member of {now.name(event.treaty)} on {event.day} already"
            yield f"{where}.states", f"{says}; take it out of this entry"
    if leaves:
        members.difference_update(event.states)
    elif isinstance(event, Accession):
        members.update(event.states)


def rule_problems(scenario: Scenario, record: Record, eve: date) -> Says:
    """Rules on membership against each other, against the scenario's own events and against who is a member."""
    rules = list(enumerate(scenario.membership))
    for k, rule in rules:
        if rule.treaty in record.treaties:
            yield from ((f"membership[{k}].states", says) for says in _against_members(rule, scenario, record, eve))
    for (_, a), (j, b) in combinations(rules, 2):
        both = sorted(set(a.states) & set(b.states))
        if a.treaty == b.treaty and both and a.rule != b.rule and meet(years(a, eve), years(b, eve)):
            says = f"{', '.join(both)} must be, and must never be, a member of {a.treaty}"
            yield f"membership[{j}].rule", f"{says} in the same years; take one rule out"
    for table, broken in (("withdrawal", "must"), ("accession", "never"), ("invitation", "never")):
        for i, event in enumerate(getattr(scenario, table)):
            for k, r in rules:
                both = sorted(set(r.states) & set(event.states))
                first, last = years(r, eve)
                if r.rule == broken and r.treaty == event.treaty and both and first <= event.day.year <= last:
                    says = f"{', '.join(both)}: this {table} is against membership[{k}], which says {broken}"
                    yield f"{table}[{i}].states", f"{says}; take one of them out"


def _against_members(rule: Membership, scenario: Scenario, record: Record, eve: date) -> Iterator[str]:
    """Who must be a member and is not when the rule begins, or must never be one and is."""
    first, _ = years(rule, eve)
    members = set(record.treaties[rule.treaty].members_on(eve))
    moves: list[Withdrawal | Accession] = [*scenario.withdrawal, *scenario.accession]
    for event in sorted(moves, key=lambda e: e.day):
        if event.treaty == rule.treaty and event.day.year <= first:
            members = members - {*event.states} if isinstance(event, Withdrawal) else members | {*event.states}
    for code in rule.states:
        if rule.rule == "must" and code not in members:
            yield f"{code} is no member of {rule.treaty} in {first}, so it cannot stay one; write an [[accession]]"
        if rule.rule == "never" and code in members:
            yield f"{code} is a member of {rule.treaty} in {first}; write a [[withdrawal]] in that year or before"


def years(entry: Membership | Growth | Spending, eve: date) -> tuple[int, int]:
    """First and last year of a rule or path; open ends reach from the first year of the run to the end of time."""
    last = entry.by if isinstance(entry, Spending) else entry.last_year
    return entry.first_year or eve.year + 1, last or 9999


def meet(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two spans of years, ends included, have a year in common."""
    return a[0] <= b[1] and b[0] <= a[1]
