"""Half-open everywhere: the day of leaving is out; order of members and of treaties does not matter."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.record.minimal import RICH, changed, holding, treaty

from foedus.errors import DateOutsideRecord
from foedus.record import Record, Treaty, in_force
from foedus.record.record import FIRST_DAY
from foedus.record.spell import overlap

DAY = timedelta(days=1)
days = st.dates(date(1815, 1, 1), date(2030, 1, 1))
spans = st.tuples(st.none() | days, st.none() | days).filter(lambda s: s[0] is None or s[1] is None or s[0] < s[1])
with_record = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("since", "until", "day", "is_in"),
    [
        (date(1990, 1, 1), date(2000, 1, 1), date(1989, 12, 31), False),
        (date(1990, 1, 1), date(2000, 1, 1), date(1990, 1, 1), True),
        (date(1990, 1, 1), date(2000, 1, 1), date(1999, 12, 31), True),
        (date(1990, 1, 1), date(2000, 1, 1), date(2000, 1, 1), False),
        (None, date(2000, 1, 1), date(1, 1, 1), True),
        (date(1990, 1, 1), None, date(9999, 12, 31), True),
        (None, None, date(2000, 1, 1), True),
    ],
)
def test_in_force(since: date | None, until: date | None, day: date, is_in: bool) -> None:
    assert in_force(since, until, day) is is_in


@given(spans, spans, days)
def test_overlap_is_symmetric_and_agrees_with_in_force(
    a: tuple[date | None, date | None], b: tuple[date | None, date | None], day: date
) -> None:
    assert overlap(a, b) == overlap(b, a)
    assert overlap(a, a)
    if in_force(*a, day) and in_force(*b, day):
        assert overlap(a, b)
    starts = [d for d in (a[0], b[0]) if d] or [date.min]
    assert overlap(a, b) == (in_force(*a, max(starts)) and in_force(*b, max(starts)))


@given(st.permutations(range(4)), days)
def test_members_do_not_depend_on_their_order(order: list[int], day: date) -> None:
    rich = treaty(RICH)
    shuffled = replace(rich, member=tuple(rich.member[i] for i in order))
    assert shuffled.members_on(day) == rich.members_on(day) == tuple(sorted(set(rich.members_on(day))))


def test_the_days_of_a_treaty() -> None:
    rich = treaty(RICH)
    assert rich.in_force and rich.ended
    assert (rich.on(rich.in_force - DAY), rich.on(rich.in_force)) == (False, True)
    assert (rich.on(rich.ended - DAY), rich.on(rich.ended)) == (True, False)
    assert rich.members_on(date(2001, 2, 2)) == ("FRA", "GBR", "ITA")
    assert rich.members_on(date(2001, 2, 3)) == ("FRA", "GBR")  # the day of leaving is already out
    assert rich.members_on(date(2001, 2, 3), ("protected",)) == ("BEL",)
    assert rich.members_on(rich.ended) == ()
    signed_only = replace(rich, in_force=None)
    assert not signed_only.on(date(1995, 1, 1)) and signed_only.members_on(date(1995, 1, 1)) == ()


@with_record
@given(day=days)
def test_each_embedded_treaty_is_half_open(record: Record, day: date) -> None:
    live = record.in_force(day)
    assert [t.id for t in live] == [t.id for t in record.treaties.values() if t.in_force and t.on(day)]
    for t in live:
        assert t.ended is None or day < t.ended
        assert t.members_on(day) == tuple(sorted(set(t.members_on(day))))


def test_every_entry_and_departure_of_the_record(record: Record) -> None:
    for t in record.treaties.values():
        for m in t.member:
            if m.until and t.on(m.until) and m.role in ("party", "guarantor"):
                again = any(o.state == m.state and o.on(m.until) for o in t.member)
                assert (m.state in t.members_on(m.until)) == again, f"{t.id}: {m.state} on {m.until}"
                assert m.state in t.members_on(m.until - DAY), f"{t.id}: {m.state} before {m.until}"


@with_record
@given(day=days)
def test_a_state_in_no_treaty_is_never_bound(record: Record, day: date) -> None:
    members = {m.state for t in record.treaties.values() for m in t.member}
    for code in sorted(set(record.states) - members):
        assert record.ties(code) == [] and record.ties(code, day) == []
        assert record.partners(code, day, None) <= {
            c for t in record.in_force(day) for o in t.obligation for c in (*o.owes, *o.to)
        }


@with_record
@given(day=days)
def test_partners_are_mutual_and_never_oneself(record: Record, day: date) -> None:
    for code in ("FRA", "RUS", "DEU", "TUR", "JPN", "GFR"):
        partners = record.partners(code, day)
        assert code not in partners
        tied = [p for p in partners if record.ties(p, day)]
        assert all(code in record.partners(p, day) for p in tied)


def test_a_listed_state_that_has_left_is_no_partner(record: Record) -> None:
    """An article that lists states binds those of them that still are members, and listed outsiders."""
    text = RICH.replace('to = "protected"', 'to = ["ITA", "ESP"]')
    rich = treaty(text)
    alone = holding(record, rich)
    assert alone.sides(rich, rich.obligation[1], date(2001, 2, 2))[1] == {"ITA", "ESP"}
    assert alone.sides(rich, rich.obligation[1], date(2001, 2, 3))[1] == {"ESP"}
    assert alone.partners("FRA", date(2001, 2, 3), "guarantee") == {"ESP"}


def test_before_the_record_begins(record: Record) -> None:
    assert record.in_force(FIRST_DAY) == []
    with pytest.raises(DateOutsideRecord, match="1814-01-01"):
        record.in_force(FIRST_DAY - DAY)


@with_record
@given(day=days)
def test_one_more_treaty_changes_no_other(record: Record, day: date) -> None:
    more = changed(record, treaties=record.treaties | {"rich-1990": treaty(RICH)})
    assert [t for t in more.in_force(day) if t.id != "rich-1990"] == record.in_force(day)
    for code in ("FRA", "USA", "RUS"):
        assert [tie for tie in more.ties(code, day) if tie.treaty.id != "rich-1990"] == record.ties(code, day)
        assert record.partners(code, day) <= more.partners(code, day)


@pytest.mark.parametrize(
    ("code", "day", "city"),
    [
        ("DEU", date(1900, 1, 1), "Berlin"),
        ("GFR", date(1960, 1, 1), "Bonn"),
        ("RUS", date(1900, 1, 1), "Saint Petersburg"),
        ("RUS", date(1960, 1, 1), "Moscow"),
        ("AFG", date(1850, 1, 1), "Kabul"),  # before the first row: the first one known
        ("GFR", date(2020, 1, 1), "Bonn"),  # after the last row: the latest before
    ],
)
def test_capital(record: Record, code: str, day: date, city: str) -> None:
    capital = record.capital(code, day)
    assert capital and capital.capital in (city, city.replace("Saint", "St"), city.replace("Saint", "St."))


def test_a_capital_between_two_rows_is_the_earlier_one(record: Record) -> None:
    one, two, *_ = (c for c in record.capitals if c.code == "RUS")
    first = type(one)(code="RUS", capital="A", lat=0, lon=0, until=date(1900, 1, 1), source="recalled")
    last = type(two)(code="RUS", capital="B", lat=0, lon=0, since=date(1950, 1, 1), source="recalled")
    for rows in ((first, last), (last, first)):
        found = changed(record, capitals=rows).capital("RUS", date(1920, 1, 1))
        assert found and found.capital == "A"
    assert changed(record, capitals=()).capital("RUS", date(1920, 1, 1)) is None


def test_figures_are_never_carried_forward(record: Record) -> None:
    latest = record.figure("POL", "milex_share_gdp")
    assert latest and latest.year
    assert record.figure("POL", "milex_share_gdp", latest.year) == latest
    assert record.figure("POL", "milex_share_gdp", latest.year + 1) is None
    assert record.figure("POL", "no_such") is None and record.figure("PRU", "gdp_musd") is None


def test_the_type_says_what_is_universal(record: Record) -> None:
    assert isinstance(record.treaty("un"), Treaty) if "un" in record._treaty_names else True
    universal = {t.id for t in record.treaties.values() if t.universal}
    assert "nato-1949" not in universal
    for id_ in universal:
        assert record.treaties[id_].id not in {tie.treaty.id for tie in record.ties("XKX")}
