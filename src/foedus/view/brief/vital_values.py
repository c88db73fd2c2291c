"""The values behind the vital signs: of a treaty on a day, from the record alone, and of every other on that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from foedus.measure.cohesion import among_members
from foedus.measure.depth import institutions
from foedus.measure.portfolio import TOP
from foedus.measure.similarity import scores
from foedus.panel.figures import spending
from foedus.record import Record, Treaty
from foedus.view.bonds import defenders, ties

FIRST_YEAR = 1816  # the list of states begins
DEMOCRACIES = ("electoral_democracy", "liberal_democracy")


@dataclass(frozen=True, slots=True)
class Vital:
    """One value of a treaty on a day. value : None where it is not known. about : what a sentence wants to name.

    known, of : members behind the value, and members.
    """

    value: float | None
    about: tuple[str, ...] = ()
    known: int = 0
    of: int = 0


Vitals = Mapping[str, Vital]


@lru_cache(maxsize=512)
def live(record: Record, day: date) -> Mapping[str, frozenset[str]]:
    """Treaty in force on `day` -> its members; universal organisations and those without a member are left out."""
    found = {t.id: frozenset(t.members_on(day)) for t in record.in_force(day) if not t.universal}
    return {id_: members for id_, members in found.items() if members}


@lru_cache(maxsize=512)
def in_system(record: Record, year: int, day: date) -> tuple[str, ...]:
    """States with a COW number that were in the system on a day of `year` up to `day`, sorted."""
    first = date(year, 1, 1)
    codes = {s.code for s in record.spells if s.since <= day and (s.until is None or s.until > first)}
    return tuple(sorted(c for c in codes if record.states[c].cow and record.states[c].kind != "entity"))


@lru_cache(maxsize=4)
def _democratic(record: Record) -> Mapping[str, tuple[tuple[int, int, bool], ...]]:
    """State -> spans of years (inclusive) with whether it was a democracy."""
    found: dict[str, list[tuple[int, int, bool]]] = {}
    for r in record.regimes:
        found.setdefault(r.state, []).append((r.first_year, r.last_year or 9999, r.regime in DEMOCRACIES))
    return {state: tuple(spans) for state, spans in found.items()}


@lru_cache(maxsize=512)
def _rivalries(record: Record, year: int) -> tuple[tuple[str, str], ...]:
    """Strategic rivalries of a year, as `measure.rivalries_of` reads them, without the way between capitals."""
    return tuple((r.a, r.b) for r in record.rivalries if r.first_year <= year <= (r.last_year or year))


@lru_cache(maxsize=4)
def _spending(record: Record) -> Mapping[str, tuple[float, float]]:
    """State -> military expenditure and GDP of one year, million USD, where both are known."""
    found = {s: spending(record, s) for s in record.states}
    return {s: (row[1], row[2]) for s, row in found.items() if row}


def vitals(record: Record, treaty: Treaty, day: date) -> Vitals:
    """Every vital sign of `treaty` on `day` that needs no figures; empty when it has no member then.

    The same values as those of `measure.profile` where a name is the same; ties count for the year up to the day.
    """
    members = tuple(sorted(treaty.members_on(day)))
    if not members:
        return {}
    mean, least = _alike(record, members, day)
    own, n = frozenset(members), len(members)
    inside = [pair for pair in _rivalries(record, day.year) if own.issuperset(pair)]
    outside = sorted({b if a in own else a for a, b in _rivalries(record, day.year) if (a in own) != (b in own)})
    built = institutions(treaty, day)
    bound = defenders(record, day)
    beyond = sorted(frozenset().union(*(bound.get(s, ()) for s in members)) - own)
    shared = [len(own & theirs) for id_, theirs in live(record, day).items() if id_ != treaty.id]
    return {
        "n_members": Vital(float(n), known=n, of=n),
        "kappa_mean": mean,
        "kappa_min": least,
        "democracies": _democracies(record, members, day.year),
        "overlap_n": Vital(float(sum(k > 1 for k in shared)), known=n, of=n),
        "outsiders": Vital(float(len(beyond)), tuple(beyond), n, n),
        "rivals_outside": Vital(float(len(outside)), tuple(outside), n, n),
        "rivals_inside": Vital(float(len(inside)), tuple(s for pair in inside for s in pair), n, n),
        "institutions_n": Vital(
            float(sum(built.values())), tuple(kind if k == 1 else f"{kind} ({k})" for kind, k in built.items()), n, n
        ),
    }


def carried(record: Record, treaty: Treaty, day: date) -> Vitals:
    """What the latest figures say of the members on `day`: the largest share of expenditure, and expenditure by GDP."""
    members = sorted(treaty.members_on(day))
    known = {s: _spending(record)[s] for s in members if s in _spending(record)}
    total = sum(m for m, _ in known.values())
    n, of = len(known), len(members)
    if total <= 0:
        return dict.fromkeys(("burden_top_share", "milex_by_gdp"), Vital(None, (), n, of))
    top = max(known, key=lambda s: known[s][0])
    share = Vital(known[top][0] / total, (top,), n, of) if n > 1 else Vital(None, (), n, of)
    return {"burden_top_share": share, "milex_by_gdp": Vital(total / sum(g for _, g in known.values()), (), n, of)}


def _alike(record: Record, members: tuple[str, ...], day: date) -> tuple[Vital, Vital]:
    """Kappa of the members' portfolios: mean over pairs, and of the least alike pair."""
    system = in_system(record, day.year, day) if day.year >= FIRST_YEAR else ()
    at = [i for i, s in enumerate(system) if s in members]
    n, of = len(at), len(members)
    if n < 2:
        return Vital(None, (), n, of), Vital(None, (), n, of)
    kappa = scores(_ties(record, system, day)[at], TOP).kappa
    found = among_members(kappa, np.arange(n))
    pair = tuple(system[at[i]] for i in found.weakest) if found.weakest else ()
    return Vital(found.mean, (), n, of), Vital(found.least, pair, n, of)


@lru_cache(maxsize=512)
def _ties(record: Record, system: tuple[str, ...], day: date) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return ties(record, system, day)


def _democracies(record: Record, members: tuple[str, ...], year: int) -> Vital:
    spans = _democratic(record)
    known = [d for s in members for first, last, d in spans.get(s, ()) if first <= year <= last]
    value = sum(known) / len(known) if known else None
    return Vital(value, (str(sum(known)),), len(known), len(members))


def series(record: Record, treaty: Treaty, last: date) -> Iterator[tuple[date, Vitals]]:
    """The vital signs at the end of each year in which the treaty had members, and on `last`."""
    for year in range((treaty.in_force or treaty.signed).year, last.year + 1):
        day = min(date(year, 12, 31), last)
        yield day, vitals(record, treaty, day)


@lru_cache(maxsize=8)
def everybody(record: Record, day: date, has_figures: bool) -> Mapping[str, Vitals]:
    """Treaty -> its vital signs on `day`, of all alliances in force then; with `has_figures` what they carry too."""
    found = {}
    for id_ in live(record, day):
        treaty = record.treaties[id_]
        found[id_] = {**vitals(record, treaty, day), **(carried(record, treaty, day) if has_figures else {})}
    return found


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a value stands among the other alliances of the day that have one: how many have less, as much, more."""

    below: int
    equal: int
    above: int

    @property
    def n(self) -> int:
        """How many others have a value."""
        return self.below + self.equal + self.above

    @property
    def percentile(self) -> float | None:
        """Share of the others below, half of the equal ones counted, in [0, 100]; None without any other."""
        return 100 * (self.below + self.equal / 2) / self.n if self.n else None


def rank(all_: Mapping[str, Vitals], treaty: str, sign: str) -> Rank | None:
    """The rank of one sign of a treaty; None where it has no value. Values that differ by under 1e-9 are equal."""
    own = all_[treaty][sign].value
    if own is None:
        return None
    held = [v for id_, signs in all_.items() if id_ != treaty and (v := signs[sign].value) is not None]
    below, above = sum(v < own - 1e-9 for v in held), sum(v > own + 1e-9 for v in held)
    return Rank(below, len(held) - below - above, above)
