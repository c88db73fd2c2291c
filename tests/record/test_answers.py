"""Answers as plain data: they agree with the record, hold for every treaty and state, and are ready for JSON."""

from datetime import date

import msgspec
import pytest
from tests.record.minimal import RICH, holding, treaty

from foedus.record import Record, answers
from foedus.record.schema import Pledge

TODAY = date(2025, 6, 1)


def test_every_treaty_answers_and_is_json(record: Record) -> None:
    for t in record.treaties.values():
        for day in (date(1900, 1, 1), t.in_force or t.signed, t.ended or TODAY, TODAY):
            answer = answers.treaty(record, t, day)
            parties = {m["state"] for m in answer["members"] if m["is_member"] and m["role"] in ("party", "guarantor")}
            assert parties == set(t.members_on(day)) and answer["is_in_force"] == t.on(day)
            cited = {s for table in ("members", "obligations", "areas") for e in answer[table] for s in e["source"]}
            assert cited <= {s["id"] for s in answer["sources"]}, t.id
        msgspec.json.encode(answer)


def test_every_state_answers_and_is_json(record: Record) -> None:
    for code in record.states:
        answer = answers.state(record, code, TODAY)
        msgspec.json.encode(answer)
        assert code not in answer["defence_partners"]
        assert {t["id"] for t in answer["treaties"]} == {tie.treaty.id for tie in record.ties(code, TODAY)}


@pytest.mark.parametrize("on", [None, date(1914, 7, 1), date(1955, 12, 31), TODAY])
@pytest.mark.parametrize("state", [None, "RUS", "VAT"])
@pytest.mark.parametrize("pledge", [None, "defence", "neutrality"])
def test_treaties_filters(record: Record, on: date | None, state: str | None, pledge: Pledge | None) -> None:
    rows = answers.treaties(record, on, state, pledge)
    everything = {r["id"]: r for r in answers.treaties(record)}
    assert {r["id"] for r in rows} <= everything.keys() and len(everything) == len(record.treaties)
    for row in rows:
        t = record.treaties[row["id"]]
        assert on is None or (t.on(on) and row["parties"] == len(t.members_on(on)))
        assert pledge is None or pledge in row["pledges"]
        assert state is None or state in {m.state for m in t.member}
        assert row["parties"] <= everything[t.id]["parties"]


def test_nothing_that_decides_is_left_out(record: Record) -> None:
    """`holds = false` turns a reservation round; dropping it as empty would state the opposite."""
    rich = treaty(RICH)
    answer = answers.treaty(holding(record, rich), rich, date(1995, 1, 1))
    assert answer["reservations"][0]["holds"] is False
    assert answer["obligations"][0]["condition"][0]["holds"] is False
    assert "unprovoked" not in answer["obligations"][0]
    assert answer["obligations"][0]["confidence"] == "text" and answer["members"][0]["name"]


def test_sources_of_inner_entries_are_listed(record: Record) -> None:
    text = RICH.replace('threshold = "organ", source = "text"', 'threshold = "organ", source = "atop-5"')
    rich = treaty(text)
    assert "atop-5" in {s["id"] for s in answers.treaty(holding(record, rich), rich, date(1995, 1, 1))["sources"]}


def test_names_are_those_of_the_day(record: Record) -> None:
    pact = answers.treaty(record, record.treaty("warsaw pact"), TODAY)
    assert "Soviet Union" in {m["name"] for m in pact["members"]}
    triple = answers.treaty(record, record.treaty("triple alliance"), date(1914, 7, 1))
    assert {m["state"] for m in triple["members"]} == {"AUH", "DEU", "ITA"}
    poland = answers.state(record, "POL", TODAY)
    assert {t["id"] for t in poland["treaties"]} >= {"nato-1949", "eu-2009"} and "USA" in poland["defence_partners"]
    assert poland["capital"]["name"] == "Warsaw" and poland["in_system"]
