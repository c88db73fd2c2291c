"""Pictures and pages of verdicts, and what a brief says of an attack on a member."""

import re
from datetime import date

import pytest

from foedus.casus import Event, Verdict, evaluate, read_event
from foedus.casus.attacked import if_attacked, odd_cases
from foedus.record import Record, load
from foedus.view import casus_page, theme
from foedus.view.obligations import CHIP, ladder, shown_levels, verdict_map
from foedus.view.page import html

EVENTS = {
    "few": {"date": date(1914, 8, 1), "attackers": ["DEU"], "targets": ["RUS"], "kind": "declaration_of_war"},
    "many": {"date": date(2026, 6, 1), "attackers": ["RUS"], "targets": ["EST"], "kind": "invasion"},
    "cascade": {"date": date(2026, 6, 1), "attackers": ["IRN"], "targets": ["SAU"], "kind": "armed_attack"},
    "nobody": {"date": date(2026, 6, 1), "attackers": ["BRA"], "targets": ["MNG"], "kind": "invasion"},
    "no state": {"date": date(2026, 6, 1), "attackers": ["non-state:a band"], "targets": ["MLI"], "kind": "terrorism"},
}


@pytest.fixture(scope="module")
def record() -> Record:
    return load()


@pytest.fixture(scope="module")
def verdicts(record: Record) -> dict[str, Verdict]:
    return {name: evaluate(record, read_event(record, raw)) for name, raw in EVENTS.items()}


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_ladder_holds_every_bound_state_inside_its_frame(
    record: Record, verdicts: dict[str, Verdict], name: str, width: int
) -> None:
    spec = theme.spec(theme.dressed(ladder(record, verdicts[name], width)))
    boxes = next(rows for rows in spec["datasets"].values() if rows and "x2" in rows[0] and "name" in rows[0])
    drawn = {row["name"] for row in boxes}
    bound = {record.state_name(s, verdicts[name].day) for _, states in shown_levels(verdicts[name]) for s in states}
    assert bound <= drawn
    assert all(row["x"] >= 0 and row["x2"] <= width + CHIP for row in boxes)
    assert len({(row["x"], row["y"]) for row in boxes}) == len(boxes)  # no chip on top of another


@pytest.mark.parametrize("name", EVENTS)
def test_map_and_page(record: Record, verdicts: dict[str, Verdict], name: str) -> None:
    verdict_map(record, verdicts[name]).to_dict()
    text = html(casus_page.compose(record, verdicts[name], "foedus casus"))
    assert "<script" not in text
    for fault in (r">None<", r"\bnan\b", "⟦", r" None[ ,.;]", r"\.\."):
        assert not re.search(fault, re.sub(r"<svg.*?</svg>", "", text, flags=re.S)), fault


def test_members_of_nato_and_the_places_that_people_ask_about(record: Record) -> None:
    nato, day = record.treaty("nato"), date(2026, 6, 1)
    at_home = if_attacked(record, nato, day)
    assert len(at_home) == 32
    assert all(len(a.bound) == 31 and {level for level, _ in a.bound.values()} == {"must_assist"} for a in at_home)
    odd = {a.case: {level for level, _ in a.bound.values()} for a in odd_cases(record, nato, day)}
    assert odd["Gibraltar"] == odd["Greenland"] == odd["Svalbard"] == {"must_assist"}
    assert odd["Falkland Islands"] == odd["Hawaii"] == odd["Guam"] == odd["Réunion"] == {"must_consult"}


def test_a_treaty_that_covers_one_side_only(record: Record) -> None:
    answers = {a.target: a for a in if_attacked(record, record.treaty("us-japan-1960"), date(2026, 6, 1))}
    assert set(answers["JPN"].bound) == {"USA"}
    assert answers["USA"].bound == {}
    assert "outside" in answers["USA"].why_not


def test_event_is_not_changed_by_being_read(record: Record) -> None:
    event: Event = read_event(record, EVENTS["few"])
    before = repr(event)
    evaluate(record, event)
    assert repr(event) == before
