"""Wars, rivalries and regimes: what the check finds wrong, and what the embedded tables say of well-known cases."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from foedus.record.check_events import (
    event_problems,
    event_remarks,
    party_problems,
    regime_problems,
    rivalry_problems,
    war_problems,
)
from foedus.record.record import Record
from foedus.record.tables import Regime, Rivalry, War, WarParty


def a_war(**changed: Any) -> War:
    days: dict[str, Any] = {"since": date(1900, 1, 1), "until": date(1901, 1, 1)}
    return War(**days | {"id": "x-1900", "name": "X", "source": "s"} | changed)


def a_party(state: str, side: int, **changed: Any) -> WarParty:
    days: dict[str, Any] = {"since": date(1900, 1, 1), "until": date(1901, 1, 1)}
    return WarParty(**days | {"war": "x-1900", "state": state, "side": side, "source": "s"} | changed)


def a_rivalry(a: str, b: str, first: int, last: int | None) -> Rivalry:
    return Rivalry(a=a, b=b, first_year=first, last_year=last, source="s")


def a_regime(state: str, first: int, last: int | None) -> Regime:
    return Regime(state=state, regime="closed_autocracy", first_year=first, last_year=last, source="s")


def both() -> list[WarParty]:
    return [a_party("FRA", 1), a_party("DEU", 2)]


def test_a_sound_war_is_no_problem() -> None:
    assert not [*war_problems([a_war()], both()), *party_problems([a_war()], both())]


@pytest.mark.parametrize(
    ("wars", "parties", "says"),
    [
        ([a_war(until=date(1900, 1, 1))], both(), "is not after since"),
        ([a_war(id="x-1901")], [], "must end in the year"),
        ([a_war()], [a_party("FRA", 1)], "no party on side 2"),
        ([a_war(), a_war()], both(), "stands twice"),
    ],
)
def test_what_is_wrong_with_a_war(wars: list[War], parties: list[WarParty], says: str) -> None:
    assert any(says in found for _, found in war_problems(wars, parties))


@pytest.mark.parametrize(
    ("party", "says"),
    [
        (a_party("GBR", 1, war="y-1900"), "is no war of wars.csv"),
        (a_party("GBR", 1, since=date(1899, 1, 1)), "before the war began"),
        (a_party("GBR", 1, until=date(1902, 1, 1)), "after the war's end"),
        (a_party("GBR", 1, until=None), "until today is after the war's end"),
        (a_party("GBR", 1, until=date(1900, 1, 1)), "is not after since"),
        (a_party("FRA", 1, since=date(1900, 6, 1)), "two spans overlap"),
    ],
)
def test_what_is_wrong_with_a_party(party: WarParty, says: str) -> None:
    assert any(says in found for _, found in party_problems([a_war()], [*both(), party]))


def test_a_state_may_come_back_or_change_sides() -> None:
    back = [
        a_party("FRA", 1, until=date(1900, 3, 1)),
        a_party("FRA", 1, since=date(1900, 3, 1), until=date(1900, 5, 1)),
        a_party("FRA", 2, since=date(1900, 5, 1)),
    ]
    assert not list(party_problems([a_war()], back))


@pytest.mark.parametrize(
    ("check", "rows", "says"),
    [
        (rivalry_problems, [a_rivalry("FRA", "DEU", 1850, 1900)], "a must come before b"),
        (rivalry_problems, [a_rivalry("DEU", "DEU", 1850, 1900)], "a must come before b"),
        (rivalry_problems, [a_rivalry("DEU", "FRA", 1900, 1850)], "is before first_year"),
        (rivalry_problems, [a_rivalry("DEU", "FRA", 1850, 1900), a_rivalry("DEU", "FRA", 1900, None)], "overlap"),
        (regime_problems, [a_regime("FRA", 1900, 1899)], "is before first_year"),
        (regime_problems, [a_regime("FRA", 1900, None), a_regime("FRA", 1950, 1960)], "1900 to today and 1950 to 1960"),
    ],
)
def test_what_is_wrong_with_spans_of_years(check: Callable[..., Any], rows: list[Any], says: str) -> None:
    assert any(says in found for _, found in check(rows))


def test_spans_may_follow_one_another() -> None:
    assert not list(regime_problems([a_regime("FRA", 1900, 1949), a_regime("FRA", 1950, None)]))


def test_the_embedded_tables_are_sound(record: Record) -> None:
    assert not list(event_problems(record))


def test_states_outside_the_system_are_remarked_on(record: Record) -> None:
    """Only those that the documents name."""
    found = {remark.where for remark in event_remarks(record) if remark.file.endswith("war_parties.csv")}
    assert found == {
        "paraguayan-1864, URY",
        "russo-turkish-1877, ROU",
        "balkan-1912, MNE",
        "world-war-1-1914, MNE",
        "world-war-2-1939, ETH",
    }


@pytest.mark.parametrize(
    ("war", "side_one", "side_two"),
    [
        ("crimean-1853", {"TUR", "GBR", "FRA", "ITA"}, {"RUS"}),
        ("football-1969", {"SLV"}, {"HND"}),
        ("falklands-1982", {"ARG"}, {"GBR"}),
        ("russia-ukraine-2022", {"RUS"}, {"UKR"}),
    ],
)
def test_who_fought_whom(record: Record, war: str, side_one: set[str], side_two: set[str]) -> None:
    own = [p for p in record.war_parties if p.war == war]
    assert {p.state for p in own if p.side == 1} == side_one
    assert {p.state for p in own if p.side == 2} == side_two


def test_italy_changed_sides(record: Record) -> None:
    spans = [(p.side, p.since.year) for p in record.war_parties if (p.war, p.state) == ("world-war-2-1939", "ITA")]
    assert sorted(spans, key=lambda span: span[1]) == [(2, 1940), (1, 1943)]


def test_the_only_war_that_goes_on(record: Record) -> None:
    assert [war.id for war in record.wars if war.until is None] == ["russia-ukraine-2022"]


@pytest.mark.parametrize(
    ("state", "year", "regime"),
    [
        ("DEU", 1930, "electoral_democracy"),
        ("DEU", 1938, "closed_autocracy"),
        ("GFR", 1970, "liberal_democracy"),
        ("RUS", 1950, "closed_autocracy"),
        ("RUS", 2020, "electoral_autocracy"),
        ("SAU", 2025, "closed_autocracy"),
    ],
)
def test_how_a_state_was_governed(record: Record, state: str, year: int, regime: str) -> None:
    own = [r for r in record.regimes if r.state == state and r.first_year <= year <= (r.last_year or year)]
    assert [r.regime for r in own] == [regime]


def test_every_state_of_today_has_a_regime_of_today(record: Record) -> None:
    today = {s.code for s in record.spells if s.until is None and record.states[s.code].kind != "entity"}
    assert today - {r.state for r in record.regimes if r.last_year is None} == {"MCO"}
