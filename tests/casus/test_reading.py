"""Events from what a user writes: every way to name a state or place, and one message for each thing that is wrong."""

import re
from datetime import date
from typing import Any

import pytest

from foedus.casus import events_of, read_event
from foedus.casus.stating import known_facts, read_assumptions, read_facts, unread
from foedus.errors import FoedusError
from foedus.record import Record

GOOD: dict[str, Any] = {"date": date(2026, 6, 1), "attackers": ["RUS"], "targets": ["EST"], "kind": "invasion"}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"attackers": ["RUZ"]}, r'attackers: No state is called "RUZ"\. Nearest: .*Russia \(RUS\)'),
    ({"attackers": ["Ruritania"]}, r'attackers: No state is called "Ruritania"'),
    ({"targets": ["Estonnia"]}, r"targets: .*Nearest: .*Estonia \(EST\)"),
    ({"attackers": []}, "attackers: expected a list of states"),
    ({"attackers": "RUS"}, "attackers: expected a list of states"),
    ({"targets": ["RUS"]}, "RUS cannot attack itself"),
    ({"targets": ["non-state:rebels"]}, "a target is a state"),
    ({"attackers": ["non-state:"]}, "names nobody; write non-state:NAME"),
    ({"kind": "invasoin"}, "kind: .*Nearest: invasion"),
    ({"kind": "atack"}, "kind: .*Nearest: .*armed_attack"),
    ({"date": "2026-06-01"}, "date: .* is not a day"),
    ({"date": date(1700, 1, 1)}, "outside the record, which begins in 1815"),
    ({"place": "Narnia"}, 'place: "Narnia" is neither a place nor a state'),
    ({"place": 7}, "place: expected a table or a name"),
    ({"place": {"area": "oversea"}}, "place.area: .*Nearest: overseas"),
    ({"place": {"region": "europ"}}, "place.region: .*Nearest: europe"),
    ({"place": {"of": "Ruritania"}}, "place.of: No state"),
    ({"facts": []}, "facts: expected a table"),
    ({"facts": {"attack_occurred": False}}, 'attack_occurred = false contradicts kind = "invasion"'),
    ({"kind": "threat", "facts": {"attack_occurred": True}}, 'attack_occurred = true contradicts kind = "threat"'),
    ({"facts": {"provoked": "perhaps"}}, 'facts.provoked: expected "yes", "no" or "contested"'),
    ({"facts": {"request": "none", "invoked": "NATO Art. 4 by POL"}}, 'request = "none" contradicts invoked'),
    ({"facts": {"at_war": ["AUH"]}}, 'at_war: "AUH" is not a pair'),
    ({"facts": {"at_war": "AUH-SRB"}}, "at_war: expected a list"),
    ({"facts": {"mobilised": ["XYZ"]}}, "facts.mobilised: No state"),
    ({"facts": {"assists": ["XYZ"]}}, "facts.assists: No state"),
]


@pytest.mark.parametrize(("change", "says"), WRONG, ids=[says for _, says in WRONG])
def test_what_is_wrong_is_said(record: Record, change: dict[str, Any], says: str) -> None:
    with pytest.raises(FoedusError) as error:
        read_event(record, GOOD | change)
    assert re.search(says, str(error.value)), error.value


@pytest.mark.parametrize("name", ["UKG", "GBR", "200", "united kingdom", "Great Britain"])
def test_a_state_has_many_names(record: Record, name: str) -> None:
    assert read_event(record, GOOD | {"attackers": [name]}).attackers == ("GBR",)


def test_in_a_file_of_cases_the_abbreviation_wins(record: Record) -> None:
    """AUS is Australia here and Austria in the Correlates of War."""
    case = '[[case]]\ndate = 2026-06-01\nattackers = ["RUS"]\ntargets = ["AUS"]\nkind = "invasion"\n'
    assert events_of(record, 'schema = "casus-cases/1"\n' + case, "x.toml")[0].targets == ("AUT",)
    assert events_of(record, case, "x.toml")[0].targets == ("AUS",)


def test_a_place_by_name_on_its_day(record: Record) -> None:
    spot = read_event(record, GOOD | {"targets": ["GBR"], "place": "Falkland Islands"}).spot
    assert (spot.place, spot.holder, spot.ground) == ("falklands", "GBR", "overseas")
    assert read_event(record, GOOD).spot.is_default
    assert not read_event(record, GOOD | {"place": "Estonia"}).spot.is_default


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[case", "x.toml: not valid TOML"),
        ("a = 1", r"x.toml: no \[\[case\]\] tables"),
        ("case = 3", r"x.toml: no \[\[case\]\] tables"),
        (
            '[[case]]\nid = "one"\ndate = 2026-06-01\nattackers = ["RUS"]\ntargets = ["XX"]',
            r"x.toml, case\[0\] one: targets",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named(record: Record, text: str, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        events_of(record, text, "x.toml")


def test_facts_as_typed(record: Record) -> None:
    typed = ["provoked=contested", "mobilised=RUS,AUH", "mobilised=DEU", "at_war=AUH-SRB", "resists=true", "months=3"]
    found = read_facts(record, [*typed, "invoked=NATO Art. 4 by POL, LTU", "rate=0.5", "names=a, b", "consent=no"])
    assert found == {
        "provoked": "contested",
        "mobilised": ["RUS", "AUH", "DEU"],
        "at_war": ["AUH-SRB"],
        "resists": True,
        "months": 3,
        "invoked": "NATO Art. 4 by POL, LTU",
        "rate": 0.5,
        "names": ["a", "b"],
        "consent": False,
    }


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["provoked"], "is not key=value"),
        (["=yes"], "is not key=value"),
        (["provoked="], "is not key=value"),
        (["provoked=perhaps"], "answered by yes, no or contested"),
        (["provoked=yes", "provoked=no"], "provoked is stated twice"),
    ],
)
def test_facts_that_are_none(record: Record, typed: list[str], says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        read_facts(record, typed)


def test_a_fact_that_nothing_reads_is_told_with_its_neighbours(record: Record) -> None:
    assert unread(record, ["provokd", "war_with_rus", "france_acts", "_cow_first", "weather"]) == {
        "provokd": ["provoked"],
        "weather": [],
    }
    assert {"resists", "war_with:RUS", "organ", "at_war"} <= set(known_facts(record))


def test_assumptions_as_typed(record: Record) -> None:
    found = read_assumptions(record, ["POL=honours,HUN=declines", "france=joins"], date(2026, 6, 1))
    assert [(a.state, a.does) for a in found] == [("POL", "honours"), ("HUN", "declines"), ("FRA", "joins")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("POL", "is not STATE="),
        ("POL=honour", "Nearest: POL=honours"),
        ("XXX=honours", 'No state is called "XXX"'),
        ("POL=honours,POL=declines", "POL is given twice"),
    ],
)
def test_assumptions_that_are_none(record: Record, typed: str, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        read_assumptions(record, [typed], date(2026, 6, 1))
