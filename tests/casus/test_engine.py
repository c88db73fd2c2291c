"""Clauses one at a time: conflicts, priorities, breaches, what is asked, what is assumed."""

from datetime import date

import pytest
from tests.casus.conftest import event
from tests.record.minimal import LEAST, holding, treaty

from foedus.casus import Assumption, evaluate
from foedus.casus.plain import data_of, why
from foedus.record import Record

DAY = date(2005, 1, 1)


def test_a_state_pulled_apart_by_two_promises(record: Record) -> None:
    verdict = evaluate(record, event(record, "DEU", "POL", date(1939, 9, 1), kind="invasion", facts={"provoked": "no"}))
    torn = [c for c in verdict.conflicts if c.state == "RUS"]
    assert torn and all("must act against DEU" in c.says for c in torn)
    assert any("prevails over" in c.hint for c in torn), "the Covenant goes before other agreements"
    assert {f.treaty for f in verdict.findings if f.state == "RUS"} >= {"molotov-ribbentrop-1939", "league-1919"}


def test_a_treaty_that_the_attack_itself_ends_is_broken_by_it(record: Record) -> None:
    verdict = evaluate(record, event(record, "RUS", "POL", date(1939, 9, 17), kind="invasion"))
    assert "soviet-poland-nap-1932" in {b.treaty for b in verdict.breaches}
    assert all(f.level == "not_bound" for f in verdict.findings if f.treaty == "soviet-poland-nap-1932")


def test_a_threat_breaks_no_promise_not_to_attack(record: Record) -> None:
    assert not evaluate(record, event(record, "RUS", "EST", kind="threat")).breaches


ASKING = LEAST.replace('area = "anywhere"\n', 'area = "anywhere"\nunprovoked = true\nrequires_request = true\n')


@pytest.mark.parametrize(
    ("facts", "level", "sure", "codes"),
    [
        ({}, "must_assist", "clear", {"met", "if"}),
        ({"provoked": "no", "request": "assist"}, "must_assist", "clear", {"met"}),
        ({"provoked": "contested", "request": "assist"}, "must_assist", "disputed", {"met", "provoked"}),
        ({"provoked": "yes", "request": "assist"}, "not_bound", "clear", {"provoked"}),
        ({"provoked": "no", "request": "none"}, "not_bound", "clear", {"no_request"}),
        ({"attack_occurred": True, "severity": "below armed attack"}, "not_bound", "clear", {"below_threshold"}),
    ],
)
def test_facts_decide(record: Record, facts: dict[str, object], level: str, sure: str, codes: set[str]) -> None:
    small = holding(record, treaty(ASKING))
    verdict = evaluate(small, event(small, "RUS", "FRA", DAY, facts=facts))
    (finding,) = verdict.findings
    assert (finding.state, finding.level, finding.sure) == ("GBR", level, sure)
    assert {r.code for r in finding.reasons} == codes
    asked = {q.fact for q in verdict.questions}
    assert asked == ({"provoked", "request"} if not facts else set())


def test_who_joins_the_attacker_attacks_its_victim(record: Record) -> None:
    """Italy owes Germany help in any war; by entering against Poland it attacks Poland."""
    offence = LEAST.replace("FRA", "ITA").replace("GBR", "DEU").replace('trigger = "attack"', 'trigger = "war"')
    offence = offence.replace("must_assist", "must_use_force").replace("test-2000", "offence-2000")
    defence = (
        LEAST.replace("GBR", "POL")
        .replace("must_assist", "must_use_force")
        .replace('area = "anywhere"\n', ('area = "anywhere"\nattacker = "listed"\nattackers = ["ITA"]\n'))
    )
    small = holding(record, treaty(offence), treaty(defence))
    verdict = evaluate(small, event(small, "DEU", "POL", DAY))
    assert verdict.steps == ("ITA enters against POL (offence-2000, 1)", "FRA enters against ITA (test-2000, 1)")
    assert evaluate(small, event(small, "DEU", "POL", DAY), assume=[Assumption("ITA", "declines")]).steps == ()


def test_who_joins_the_attacker_is_not_attacked_by_the_victim(record: Record) -> None:
    """Italy enters against Poland beside Germany; those who owe Italy defence owe nothing for that."""
    offence = LEAST.replace("FRA", "ITA").replace("GBR", "DEU").replace('trigger = "attack"', 'trigger = "war"')
    defence = LEAST.replace("FRA", "ITA").replace("GBR", "HUN").replace('id = "test-2000"', 'id = "test-2001"')
    small = holding(record, treaty(offence.replace("must_assist", "must_use_force")), treaty(defence))
    verdict = evaluate(small, event(small, "DEU", "POL", DAY, kind="invasion"))
    assert any(step.startswith("ITA enters against POL") for step in verdict.steps)
    assert verdict.level_of("HUN") == "not_bound"


def test_a_state_that_owes_help_to_both_sides(record: Record) -> None:
    beginner = LEAST.replace("FRA", "ITA").replace('trigger = "attack"', 'trigger = "own_attack"')
    small = holding(record, treaty(LEAST), treaty(beginner.replace('id = "test-2000"', 'id = "test-2001"')))
    (torn,) = evaluate(small, event(small, "ITA", "FRA", DAY)).conflicts
    assert torn.state == "GBR" and "against FRA" in torn.says and "against ITA" in torn.says


def test_a_treaty_without_a_clause_is_named(record: Record) -> None:
    silent = LEAST.replace("must_assist", "no_duty").replace('pledge = "defence"', 'pledge = "cooperation"')
    small = holding(record, treaty(silent.replace('trigger = "attack"', 'trigger = "standing"')))
    (finding,) = evaluate(small, event(small, "RUS", "FRA", DAY)).findings
    assert (finding.state, finding.level) == ("GBR", "not_bound")
    assert [r.code for r in finding.reasons] == ["no_such_clause"]


@pytest.mark.parametrize(
    ("organ", "level", "sure"),
    [
        ("Council of Ministers decides by two thirds", "must_assist", "clear"),
        ("Council of Ministers recommends measures", "must_assist", "disputed"),
        ("Security Council decides", "not_bound", "clear"),
    ],
)
def test_a_recommendation_is_no_decision(record: Record, organ: str, level: str, sure: str) -> None:
    by_organ = LEAST.replace('trigger = "attack"', 'trigger = "organ"\nrequires_organ = "Council of Ministers"')
    small = holding(record, treaty(by_organ))
    (finding,) = evaluate(small, event(small, "RUS", "FRA", DAY, facts={"organ": organ})).findings
    assert (finding.level, finding.sure) == (level, sure)


def test_a_verdict_as_plain_data(record: Record) -> None:
    verdict = evaluate(record, event(record, "RUS", "EST", kind="invasion"))
    data = data_of(record, verdict)
    assert list(data) == ["event", "findings", "overall", "breaches", "conflicts", "questions", "steps"]
    first = data["findings"][0]
    wanted = ("state", "cow", "treaty", "article", "level", "sure", "accept", "reasons", "why", "path", "confidence")
    assert set(wanted) <= set(first) and first["reasons"][0] == "met" and first["why"].endswith(".")
    britain = next(o for o in data["overall"] if o["state"] == "GBR")
    assert (britain["cow"], britain["ccode"], britain["level"]) == ("UKG", 200, "must_assist")
    assert not any(key.startswith("_") for key in data["event"]["facts"])
    assert all(why(f) for f in verdict.findings)


def test_universal_organisations_can_be_left_out(record: Record) -> None:
    verdict = evaluate(record, event(record, "RUS", "EST"), universal=False)
    assert not [f for f in verdict.findings if record.treaties[f.treaty].universal]


def test_the_number_of_enemies_decides_between_neutrality_and_war(record: Record) -> None:
    """Anglo-Japanese alliance of 1902: neutral in a war with one power, war in common once a second one joins."""
    place = {"area": "leased-territory", "of": "RUS", "region": "east-asia", "name": "Port Arthur"}
    war = event(record, "JPN", "RUS", date(1904, 2, 8), place=place)
    britain = [
        f for f in evaluate(record, war).findings if f.treaty == "anglo-japanese-1902" and f.level != "not_bound"
    ]
    assert [(f.article, f.level, f.toward) for f in britain] == [("2", "must_stay_neutral", ("JPN",))]
    joined = evaluate(record, war, assume=[Assumption("FRA", "joins")])
    assert joined.level_of("GBR") == "must_use_force"
    assert joined.steps[-1] == "GBR enters against FRA, RUS (anglo-japanese-1902, 3)"


def test_a_third_state_that_backs_the_attacker_turns_neutrality_into_war(record: Record) -> None:
    """Dual Alliance, Art. 2: benevolent neutrality when France attacks Germany, war when Russia backs it."""
    alone = evaluate(record, event(record, "FRA", "DEU", date(1895, 6, 1), facts={"provoked": "no"}))
    assert {f.level for f in alone.findings if (f.state, f.treaty) == ("AUH", "dual-alliance-1879")} == {
        "must_stay_neutral",
        "not_bound",
    }
    backed = event(record, "FRA", "DEU", date(1895, 6, 1), facts={"provoked": "no", "mobilised": ["RUS"]})
    assert any(
        f.level == "must_use_force" and f.article == "2(2)"
        for f in evaluate(record, backed).findings
        if (f.state, f.treaty) == ("AUH", "dual-alliance-1879")
    )
