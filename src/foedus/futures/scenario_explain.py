"""A scenario in words: each assumption, what it rests on, and where the world stands today in what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from foedus.futures.scenario import (
    Accession,
    Attack,
    Founding,
    Growth,
    Invitation,
    Lever,
    Membership,
    RegimeChange,
    RivalryChange,
    Scenario,
    Spending,
    Termination,
    Withdrawal,
)
from foedus.futures.scenario_check import covered
from foedus.futures.scenario_eligibility import barred_by
from foedus.record import Record

_MANY = 6  # states named in a line before the rest is counted


@dataclass(frozen=True, slots=True)
class Line:
    """One assumption. when : year or years; what : in words; today : where the record stands in it, "" if nowhere.

    why, source : the analyst's own words; mark : always "assumed", since a scenario observes nothing.
    """

    where: str
    when: str
    what: str
    today: str
    why: str
    source: str
    mark: str = "assumed"


def explain(scenario: Scenario, record: Record, origin: int) -> list[Line]:
    """Every assumption of a checked `scenario`, in the order of its years."""
    words = _Words(scenario, record, date(origin, 12, 31))
    found = [
        (words.span(entry), Line(where, _shown(words.span(entry)), *words.of(entry), entry.says, entry.source))
        for where, entry in scenario.entries()
    ]
    return [line for _, line in sorted(found, key=lambda item: item[0][0])]


def _shown(span: tuple[int, int | None]) -> str:
    first, last = span
    return f"{first}" if last == first else f"{first} to {last}" if last else f"from {first}"


@dataclass(frozen=True)
class _Words:
    scenario: Scenario
    record: Record
    eve: date

    def span(self, entry: Any) -> tuple[int, int | None]:
        """First and last year of an assumption; None: to the end of the run."""
        if hasattr(entry, "day"):
            year: int = entry.day.year
            return year, (entry.last_year if isinstance(entry, Invitation) else year)
        last = entry.by if isinstance(entry, Spending) else entry.last_year
        return entry.first_year or self.eve.year + 1, last

    def of(self, entry: Any) -> tuple[str, str]:
        """(what, today) of one assumption."""
        if isinstance(entry, Withdrawal | Accession | Invitation | Termination):
            return self._movement(entry)
        if isinstance(entry, Founding):
            pledges = ", ".join(p.replace("_", " ") for p in entry.pledges)
            return f"{entry.name} is founded by {self._names(entry.members)}; it promises {pledges}", ""
        if isinstance(entry, Attack):
            return f"{self._name(entry.attacker)} attacks {self._name(entry.target)}", self._bound(entry.target)
        if isinstance(entry, RegimeChange):
            today = next((r.regime for r in self.record.regimes if r.state == entry.state and self._holds(r)), "")
            became = entry.regime.replace("_", " ")
            return f"{self._name(entry.state)} becomes a {became}", today.replace("_", " ")
        if isinstance(entry, RivalryChange):
            return f"a rivalry of {self._names(entry.between)} {entry.change}", ""
        return self._gradual(entry)

    def _movement(self, entry: Withdrawal | Accession | Invitation | Termination) -> tuple[str, str]:
        treaty, n = self._treaty(entry.treaty), len(self._members(entry.treaty))
        today = f"{n} members" if n else ""
        if isinstance(entry, Termination):
            return f"{treaty} ends", today
        who = self._names(entry.states)
        if isinstance(entry, Withdrawal):
            return f"{who} leaves {treaty}" if len(entry.states) == 1 else f"{who} leave {treaty}", today
        if isinstance(entry, Accession):
            says = f"{who} joins {treaty}" if len(entry.states) == 1 else f"{who} join {treaty}"
            return says, "; ".join([today, *self._barred(entry)] if today else self._barred(entry))
        return f"{who}: {entry.factor:g} times the hazard of joining {treaty}", today

    def _barred(self, entry: Accession) -> list[str]:
        """Which of them the law of today keeps out: the scenario takes it to change."""
        found = barred_by(self.record, entry.treaty, entry.states, self.eve)
        return [f"{self._name(s)} may not join by today's law: {why}" for s, why in found.items()]

    def _gradual(self, entry: Growth | Spending | Lever | Membership) -> tuple[str, str]:
        if isinstance(entry, Growth):
            return f"{self._whose(entry)}: {entry.add_points:+g} points on the yearly growth of GDP", ""
        if isinstance(entry, Spending):
            says = f"{self._whose(entry)}: who spends less climbs to {entry.percent_gdp:g} % of GDP by {entry.by}"
            return says, self._shares(entry)
        if isinstance(entry, Membership):
            verb = "must stay in" if entry.rule == "must" else "stays out of"
            return f"{self._names(entry.states)} {verb} {self._treaty(entry.treaty)}", ""
        whom = [*map(self._treaty, entry.treaties), *([self._names(entry.states)] if entry.states else [])]
        process = entry.process.replace("_", " ")
        if entry.process == "founding":
            who = f"the weight among founders: {whom[0]}" if whom else "the number of foundings"
            return f"{entry.factor:g} times {who}", ""
        return f"{entry.factor:g} times the hazard of {process}: {', '.join(whom) or 'everywhere'}", ""

    def _shares(self, entry: Spending) -> str:
        """What the states of a path spend today: median, who is at the target, who is not known."""
        who = sorted(covered(entry, self.scenario, self.record, self.eve))
        found = {s: self._latest(s) for s in who}
        known = [v for v in found.values() if v is not None]
        if not known:
            return "no share of GDP is known"
        there = sum(v >= entry.percent_gdp for v in known)
        says = f"median {median(known):.1f} % of GDP; {there} of {len(known)} there already"
        missing = [s for s, v in found.items() if v is None]
        return says + (f"; not known, so left out: {', '.join(missing)}" if missing else "")

    def _latest(self, state: str) -> float | None:
        rows = [f for f in self.record.figures_of(state) if f.indicator == "milex_share_gdp" and f.year]
        rows = [f for f in rows if f.year and self.eve.year - 10 <= f.year <= self.eve.year]
        return max(rows, key=lambda f: f.year or 0).value if rows else None

    def _bound(self, target: str) -> str:
        partners = sorted(self.record.partners(target, self.eve, "defence"))
        return f"defence partners: {self._names(tuple(partners))}" if partners else "no defence partner"

    def _whose(self, entry: Growth | Spending) -> str:
        if entry.members_of:
            return f"members of {self._treaty(entry.members_of)}"
        return self._names(entry.states)

    def _holds(self, row: Any) -> bool:
        year = self.eve.year
        return bool(row.first_year <= year and (row.last_year is None or row.last_year >= year))

    def _members(self, treaty: str) -> tuple[str, ...]:
        held = self.record.treaties.get(treaty)
        return held.members_on(self.eve) if held else ()

    def _treaty(self, id_: str) -> str:
        founded = {f.id: f.name for f in self.scenario.founding}
        return founded[id_] if id_ in founded else self.record.treaties[id_].title

    def _name(self, code: str) -> str:
        return self.record.state_name(code)

    def _names(self, codes: tuple[str, ...]) -> str:
        shown = [self._name(c) for c in codes[:_MANY]]
        if len(codes) > _MANY:
            return f"{', '.join(shown)} and {len(codes) - _MANY} more"
        return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
