"""Dyad-years agree with a slow twin that walks years, days and obligations in plain Python."""

import time
from collections import defaultdict
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from foedus.panel.pledge_dyads import DYAD_SPELL, PLEDGE_DYADS, PLEDGES, dyad_spells, pledge_dyads
from foedus.record import Record, Treaty
from foedus.record.exchange import ROW_TYPES
from foedus.record.schema import Member, Obligation, Role
from foedus.record.spell import in_force

ROLES: tuple[Role, ...] = ("party", "party", "guarantor", "protected")
STATES = ("AAA", "BBB", "CCC", "DDD")
# All days are the first of a month, so that looking at these days misses no interval.
DAYS = st.builds(date, st.integers(1898, 1908), st.integers(1, 12), st.just(1))
MAYBE = st.none() | DAYS
SIDES = st.sampled_from(["party", "guarantor", "protected", "any"]) | st.lists(st.sampled_from(STATES), max_size=3).map(
    tuple
)


@st.composite
def members(draw: st.DrawFn) -> Member:
    since, until = draw(DAYS), draw(MAYBE)
    role: Role = draw(st.sampled_from(ROLES))
    return Member(state=draw(st.sampled_from(STATES)), since=since, until=until, role=role)


OBLIGATIONS = st.builds(
    Obligation,
    id=st.just("o"),
    article=st.just("1"),
    says=st.just("."),
    trigger=st.just("attack"),
    pledge=st.sampled_from(PLEDGES),
    level=st.sampled_from(["must_assist", "must_consult", "may_act", "no_duty"]),
    owes=SIDES.filter(lambda side: side != "any"),
    to=SIDES,
    not_owed_by=st.lists(st.sampled_from(STATES), max_size=1).map(tuple),
    since=MAYBE,
    until=MAYBE,
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    treaties = {}
    for n in range(draw(st.integers(0, 4))):
        signed, ended = draw(DAYS), draw(MAYBE)
        treaties[f"t{n}"] = Treaty(
            id=f"t{n}",
            name="T",
            kind="treaty",
            signed=signed,
            checked=signed,
            according_to="s",
            in_force=draw(st.sampled_from([signed, signed, None])),
            ended=ended if ended is None or ended > signed else None,
            universal=draw(st.integers(0, 4)) == 0,
            member=tuple(draw(st.lists(members(), max_size=5))),
            obligation=tuple(draw(st.lists(OBLIGATIONS, max_size=4))),
        )
    return Record({file: [] for file in ROW_TYPES}, treaties, {}, {})


def twin(record: Record, first: int, last: date) -> list[tuple[object, ...]]:
    """Rows of PLEDGE_DYADS, found by asking on the first day of every month who stands on which side."""
    found: dict[tuple[int, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for year in range(first, last.year + 1):
        for month in range(1, 13):
            day = date(year, month, 1)
            for treaty in record.treaties.values() if day <= last else ():
                for a, b, pledge in _owed_on(treaty, day):
                    found[year, a, b][pledge].add(treaty.id)
    rows = []
    for (year, a, b), pledges in sorted(found.items()):
        ids = sorted(set().union(*pledges.values()))
        rows.append((a, b, year, *(p in pledges for p in PLEDGES), len(ids), " ".join(ids)))
    return rows


def _owed_on(treaty: Treaty, day: date) -> set[tuple[str, str, str]]:
    if treaty.universal or not treaty.on(day):
        return set()
    owed: set[tuple[str, str, str]] = set()
    for o in treaty.obligation:
        binding = ("must_use_force", "must_mobilise", "must_assist")
        counts = o.level in binding if o.pledge == "defence" else o.level != "no_duty"
        if counts and in_force(o.since, o.until, day):
            live = [m for m in treaty.member if m.since <= day and (m.until is None or day < m.until)]
            owing = {m.state for m in live if (m.state in o.owes if isinstance(o.owes, tuple) else m.role == o.owes)}
            helped = {m.state for m in live if (m.state in o.to if isinstance(o.to, tuple) else m.role == o.to)}
            owed |= {(a, b, o.pledge) for a in owing - set(o.not_owed_by) for b in helped if a != b}
    return owed


@given(records(), st.integers(1896, 1909), st.dates(date(1899, 1, 1), date(1910, 12, 31)))
def test_it_agrees_with_the_slow_twin(record: Record, first: int, last: date) -> None:
    frame = pledge_dyads(record, first, last)
    assert frame.schema == PLEDGE_DYADS
    assert frame.rows() == twin(record, first, last)


def test_no_treaty_and_no_year_give_empty_frames(record: Record) -> None:
    empty = Record({file: [] for file in ROW_TYPES}, {}, {}, {})
    assert pledge_dyads(empty, 1816, date(2026, 1, 1)).schema == PLEDGE_DYADS
    assert dyad_spells(empty, date(2026, 1, 1)).schema == DYAD_SPELL
    assert pledge_dyads(record, 2000, date(1999, 12, 31)).is_empty()


def test_known_answers(record: Record) -> None:
    frame = pledge_dyads(record, 1938, date(1955, 12, 31))
    nato = frame.filter(pl.col("treaties").str.contains("nato-1949"))
    turkey = nato.filter(pl.col("state1") == "TUR", pl.col("state2") == "NOR")
    assert turkey["year"].to_list() == [1952, 1953, 1954, 1955]
    assert turkey["defence"].all()
    assert nato["year"].min() == 1949


def test_the_whole_span_takes_less_than_two_seconds(record: Record) -> None:
    began = time.process_time()
    frame = pledge_dyads(record, 1816, date(2026, 11, 22))
    assert frame.height > 100_000
    assert time.process_time() - began < 4.0  # CPU time of two cores
