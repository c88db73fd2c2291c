"""Are the wars, rivalries and regimes of the record sound? Dates in order, two sides to a war, no overlapping spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import TypeVar

from foedus.errors import Problem
from foedus.record.record import Record
from foedus.record.spell import overlap
from foedus.record.tables import Regime, Rivalry, War, WarParty

SYSTEM_FIRST_YEAR = 1816  # the state system is listed from this year; a rivalry may be older

Says = Iterator[tuple[str, str]]
SpanT = TypeVar("SpanT")  # days or years, from and to


def event_problems(record: Record) -> Iterator[Problem]:
    """What makes wars.csv, war_parties.csv, rivalries.csv or regimes.csv invalid; unknown states aside."""
    yield from _as_problems(record, "wars.csv", war_problems(record.wars, record.war_parties))
    yield from _as_problems(record, "war_parties.csv", party_problems(record.wars, record.war_parties))
    yield from _as_problems(record, "rivalries.csv", rivalry_problems(record.rivalries))
    yield from _as_problems(record, "regimes.csv", regime_problems(record.regimes))
    yield from _as_problems(record, "wars.csv", _missing_sources(record))


def event_remarks(record: Record) -> Iterator[Problem]:
    """What is worth a look: parties, rivals and regimes of states that were not in the inter-state system then."""
    for party in record.war_parties:
        if _is_state(record, party.state) and not record.in_system(party.state, party.since):
            says = f"{party.since}: not a member of the inter-state system on that day"
            yield Problem(_file(record, "war_parties.csv"), f"{party.war}, {party.state}", says)
    for rivalry in record.rivalries:
        for code in (rivalry.a, rivalry.b):
            if _is_state(record, code) and not _in_years(record, code, rivalry.first_year, rivalry.last_year):
                says = f"{code} was never in the inter-state system from {_years(rivalry)}"
                yield Problem(_file(record, "rivalries.csv"), f"{rivalry.a}-{rivalry.b}", says)
    for regime in record.regimes:
        if _is_state(record, regime.state) and not _in_years(record, regime.state, regime.first_year, regime.last_year):
            says = f"{_years(regime)}: never in the inter-state system in these years"
            yield Problem(_file(record, "regimes.csv"), regime.state, says)


def war_problems(wars: Iterable[War], parties: Iterable[WarParty]) -> Says:
    """(war, what is wrong): ids, dates out of order, a side without a party."""
    sides: dict[str, set[int]] = defaultdict(set)
    for party in parties:
        sides[party.war].add(party.side)
    seen: set[str] = set()
    for war in wars:
        if war.id in seen:
            yield war.id, "stands twice; every war needs an id of its own"
        seen.add(war.id)
        if not war.id.endswith(f"-{war.since.year}"):
            yield war.id, f"the id must end in the year of since, {war.since.year}"
        yield from _order(war.id, war.since, war.until)
        for side in (1, 2):
            if side not in sides[war.id]:
                yield war.id, f"has no party on side {side}; give the parties of both sides in war_parties.csv"


def party_problems(wars: Iterable[War], parties: Sequence[WarParty]) -> Says:
    """(war and state, what is wrong): unknown wars, days outside the war, spans of one state that overlap."""
    known = {war.id: war for war in wars}
    for party in parties:
        where = f"{party.war}, {party.state}"
        war = known.get(party.war)
        if war is None:
            yield where, f'"{party.war}" is no war of wars.csv'
            continue
        yield from _order(where, party.since, party.until)
        if party.since < war.since:
            yield where, f"since {party.since} is before the war began on {war.since}"
        if war.until and (party.until is None or party.until > war.until):
            yield where, f"until {party.until or 'today'} is after the war's end on {war.until}"
    spans = ((f"{p.war}, {p.state}, side {p.side}", (p.since, p.until)) for p in parties)
    yield from _overlapping(spans, overlap)


def rivalry_problems(rivalries: Sequence[Rivalry]) -> Says:
    """(pair, what is wrong): a and b out of order, years out of order, spans of one pair that share a year."""
    for r in rivalries:
        if r.a >= r.b:
            yield f"{r.a}-{r.b}", "a must come before b in the alphabet, so that each pair has one place"
        yield from _year_order(f"{r.a}-{r.b}", r.first_year, r.last_year)
    spans = (("-".join(sorted((r.a, r.b))), (r.first_year, r.last_year)) for r in rivalries)
    yield from _overlapping(spans, _share_a_year)


def regime_problems(regimes: Sequence[Regime]) -> Says:
    """(state, what is wrong): years out of order, spans of one state that share a year."""
    for r in regimes:
        yield from _year_order(r.state, r.first_year, r.last_year)
    yield from _overlapping(((r.state, (r.first_year, r.last_year)) for r in regimes), _share_a_year)


def _missing_sources(record: Record) -> Says:
    # the other three files are checked with all tables that name states
    for war in record.wars:
        for id_ in war.sources or ("(none)",):
            if id_ not in record.sources:
                yield war.id, f'"{id_}" is no source in sources/*.toml'


def _overlapping(spans: Iterable[tuple[str, SpanT]], meet: Callable[[SpanT, SpanT], bool]) -> Says:
    by_name: dict[str, list[SpanT]] = defaultdict(list)
    for name, span in spans:
        by_name[name].append(span)
    for name, own in by_name.items():
        for one, other in combinations(own, 2):
            if meet(one, other):
                yield name, f"two spans overlap: {_span(one)} and {_span(other)}"


def _span(span: object) -> str:
    first, last = span if isinstance(span, tuple) else (span, span)
    return f"{first} to {last or 'today'}"


def _share_a_year(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])


def _order(where: str, since: date, until: date | None) -> Says:
    if until and until <= since:
        yield where, f"until {until} is not after since {since}; until is the first day of peace"


def _year_order(where: str, first: int, last: int | None) -> Says:
    if last is not None and last < first:
        yield where, f"last_year {last} is before first_year {first}"


def _as_problems(record: Record, file: str, says: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    return (Problem(_file(record, file), where, what) for where, what in says)


def _file(record: Record, name: str) -> str:
    return record.origin.get(name, name)


def _is_state(record: Record, code: str) -> bool:
    row = record.states.get(code)
    return row is not None and row.kind != "entity"


def _in_years(record: Record, code: str, first: int, last: int | None) -> bool:
    """Whether the state was in the system on some day of these years; a span before 1816 is nobody's fault."""
    if last is not None and last < SYSTEM_FIRST_YEAR:
        return True
    years = (date(first, 1, 1), None if last is None else date(last + 1, 1, 1))
    return any(overlap((s.since, s.until), years) for s in record.spells if s.code == code)


def _years(row: Rivalry | Regime) -> str:
    return f"{row.first_year} to {row.last_year or 'today'}"
