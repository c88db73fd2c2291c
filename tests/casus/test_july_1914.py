"""July 1914 step by step: what each declaration called for, and the chain when each ally does what it is held to do."""

from datetime import date

import pytest
from tests.casus.conftest import event

from foedus.casus import Assumption, Event, Finding, Verdict, evaluate
from foedus.record import Record


def of(verdict: Verdict, state: str, treaty: str, article: str = "") -> list[Finding]:
    return [f for f in verdict.findings if (f.state, f.treaty) == (state, treaty) and f.article.startswith(article)]


def levels(verdict: Verdict, state: str, treaty: str, article: str = "") -> set[tuple[str, str]]:
    return {(f.level, f.sure) for f in of(verdict, state, treaty, article)}


@pytest.fixture(scope="module")
def belgrade(record: Record) -> Event:
    """28 July: Austria-Hungary, mobilised in part, declares war on Serbia."""
    facts = {"provoked": "contested", "mobilised": ["AUH"]}
    return event(record, "AUH", "SRB", date(1914, 7, 28), kind="declaration_of_war", facts=facts)


def test_28_july_nobody_must_clearly_fight(record: Record, belgrade: Event) -> None:
    verdict = evaluate(record, belgrade)
    assert verdict.steps == () and verdict.cycles == ()
    assert not [f for f in verdict.findings if f.level in ("must_use_force", "must_assist") and f.sure == "clear"]
    assert {r.code for f in of(verdict, "DEU", "dual-alliance-1879") for r in f.reasons} == {"ally_is_attacker"}
    assert levels(verdict, "FRA", "franco-russian-1892", "1") <= {("not_bound", "clear")}
    # Austria-Hungary alone has mobilised: the letter of Art. 2 is met, the staffs wanted concert first.
    assert ("must_mobilise", "disputed") in levels(verdict, "FRA", "franco-russian-1892", "2")


def test_a_russia_that_comes_in_freely_calls_germany_but_not_clearly(record: Record, belgrade: Event) -> None:
    verdict = evaluate(record, belgrade, assume=[Assumption("RUS", "joins")])
    (called,) = of(verdict, "DEU", "dual-alliance-1879", "1")
    assert (called.level, called.sure, called.accept) == ("must_use_force", "disputed", ("not_bound",))
    assert "entered" in {r.code for r in called.reasons}
    assert levels(verdict, "FRA", "franco-russian-1892", "1") == {("not_bound", "clear")}, "Russia came in by itself"
    assert verdict.steps == ("RUS joins against AUH, as assumed",)


def test_the_whole_chain(record: Record, belgrade: Event) -> None:
    honoured = [Assumption("RUS", "joins"), Assumption("DEU", "honours"), Assumption("FRA", "honours")]
    verdict = evaluate(record, belgrade, assume=honoured)
    assert verdict.steps == (
        "RUS joins against AUH, as assumed",
        "DEU enters against RUS (dual-alliance-1879, 1)",
        "FRA enters against DEU (franco-russian-1892, 1(2))",
    )
    (france,) = [f for f in of(verdict, "FRA", "franco-russian-1892", "1(2)") if f.level == "must_use_force"]
    assert france.path[0] == "AUH against SRB" and not france.is_direct
    assert any(c.startswith("RUS is called by franco-russian-1892") for c in verdict.cycles)
    assert ("must_stay_neutral", "disputed") in levels(verdict, "ITA", "prinetti-barrere-1902")
    assert evaluate(record, belgrade, assume=honoured, depth=2).steps != verdict.steps[:1]


@pytest.mark.parametrize(("depth", "steps"), [(0, 1), (1, 2), (2, 3), (8, 3)])
def test_depth_counts_the_rounds_of_entries(record: Record, belgrade: Event, depth: int, steps: int) -> None:
    honoured = [Assumption("RUS", "joins"), Assumption("DEU", "honours"), Assumption("FRA", "honours")]
    assert len(evaluate(record, belgrade, assume=honoured, depth=depth).steps) == steps


def test_germany_declining_ends_the_chain(record: Record, belgrade: Event) -> None:
    does = [Assumption("RUS", "joins"), Assumption("DEU", "declines"), Assumption("FRA", "honours")]
    assert evaluate(record, belgrade, assume=does).steps == ("RUS joins against AUH, as assumed",)


def test_1_august_france_must_fight_and_italy_need_not(record: Record) -> None:
    facts = {"provoked": "contested", "mobilised": ["RUS", "AUH", "DEU"], "at_war": ["AUH-SRB"]}
    verdict = evaluate(record, event(record, "DEU", "RUS", date(1914, 8, 1), kind="declaration_of_war", facts=facts))
    assert ("must_use_force", "clear") in levels(verdict, "FRA", "franco-russian-1892", "1")
    assert ("must_mobilise", "clear") in levels(verdict, "FRA", "franco-russian-1892", "2")
    assert verdict.steps == ("FRA enters against DEU (franco-russian-1892, 1(2))",)
    assert levels(verdict, "ITA", "triple-alliance-1882", "3") == {("not_bound", "clear")}
    assert ("must_stay_neutral", "disputed") in levels(verdict, "ITA", "triple-alliance-1882", "4")


def test_3_august_italy_must_stay_out_by_two_treaties(record: Record) -> None:
    facts = {"provoked": "no", "at_war": ["AUH-SRB", "DEU-RUS"], "mobilised": ["AUH", "DEU", "FRA", "RUS"]}
    verdict = evaluate(record, event(record, "DEU", "FRA", date(1914, 8, 3), kind="declaration_of_war", facts=facts))
    (letters,) = [f for f in of(verdict, "ITA", "prinetti-barrere-1902") if f.level == "must_stay_neutral"]
    assert letters.sure == "clear" and letters.toward == ("FRA",)
    overall = next(o for o in verdict.overall if o.state == "ITA")
    assert "FRA" in overall.neutral_toward and "DEU" in overall.neutral_toward
    assert verdict.steps == (), "Russia is at war with Germany already"


def test_4_august_the_guarantors_of_belgium(record: Record) -> None:
    facts = {"provoked": "no", "request": "assist", "at_war": ["AUH-SRB", "DEU-RUS", "FRA-DEU"]}
    verdict = evaluate(record, event(record, "DEU", "BEL", date(1914, 8, 4), kind="invasion", facts=facts))
    for guarantor in ("GBR", "FRA", "RUS", "AUH"):
        assert "must_assist" in {level for level, _ in levels(verdict, guarantor, "london-1839")}
    assert ("DEU", "london-1839") in {(b.state, b.treaty) for b in verdict.breaches}
