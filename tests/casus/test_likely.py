"""Who would come: the walk goes as the cascade does, nothing is drawn where nobody is bound, same seed same answer."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.casus import Assumption, evaluate, read_event
from foedus.casus.calls import HELP, calls
from foedus.casus.cascade import follow
from foedus.model import ModelError
from foedus.model.reliability import Drawing, Honouring, Likely, likely
from foedus.model.reliability.predictors import coded, institutions_changed, predictors
from foedus.model.shipped import shipped
from foedus.record import Record
from foedus.sources.nmc import cinc

EVENTS: dict[str, dict[str, Any]] = {
    "estonia": {"date": date(2026, 6, 1), "attackers": ["RUS"], "targets": ["EST"], "kind": "invasion"},
    "japan": {"date": date(2026, 6, 1), "attackers": ["CHN"], "targets": ["JPN"], "kind": "invasion"},
    "switzerland": {"date": date(2026, 6, 1), "attackers": ["RUS"], "targets": ["CHE"], "kind": "invasion"},
    "poland": {"date": date(1939, 9, 1), "attackers": ["DEU"], "targets": ["POL"], "kind": "invasion"},
    "serbia": {
        "date": date(1914, 7, 28),
        "attackers": ["AUH"],
        "targets": ["SRB"],
        "kind": "declaration_of_war",
        "facts": {"provoked": "contested", "mobilised": ["AUH"]},
    },
}  # fmt: skip
FEW = Drawing(n=400)


def answer(record: Record, name: str, **more: Any) -> Likely:
    return likely(record, read_event(record, EVENTS[name]), **{"drawing": FEW, **more})


@pytest.fixture(scope="module")
def estonia(record: Record) -> Likely:
    return answer(record, "estonia")


# --- the calls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["estonia", "poland", "serbia"])
def test_calls_are_the_engines_duties(record: Record, name: str) -> None:
    event = read_event(record, EVENTS[name])
    direct = {(c.state, c.treaty, c.article, c.level, c.sure) for c in calls(record, event) if c.is_direct}
    found = evaluate(record, event, depth=0, universal=False).findings
    assert direct == {(f.state, f.treaty, f.article, f.level, f.sure) for f in found if f.level in HELP}


@pytest.mark.parametrize(
    ("name", "joins"), [("poland", ()), ("serbia", ("RUS",)), ("japan", ()), ("serbia", ("RUS", "GBR"))]
)
@given(data=st.data())
@settings(max_examples=6)
def test_the_walk_goes_as_the_cascade(record: Record, name: str, joins: tuple[str, ...], data: st.DataObject) -> None:
    event = read_event(record, EVENTS[name])
    fixed = tuple(Assumption(s, "joins") for s in joins)
    states = sorted({c.state for c in calls(record, event, assume=fixed)})
    does = {s: data.draw(st.sampled_from(("honours", "declines"))) for s in states if s not in joins}
    stated = (*fixed, *(Assumption(s, d) for s, d in does.items()))  # type: ignore[arg-type]
    walked = {p.state for p in likely(record, event, assume=stated, drawing=Drawing(n=3)).participants if p.comes == 1}
    says = {a.state: a.does for a in stated}
    _, course = follow(record, event, says.get, sorted(joins), universal=False)
    entered = {s.partition(" ")[0] for s in course.steps if " enters " in s}
    assert walked - set(joins) == entered - set(joins)


def test_a_chain_breaks_where_one_declines(record: Record, estonia: Likely) -> None:
    later = {p.state for p in estonia.participants if not p.is_direct}
    assert later and all(p.comes < 0.2 for p in estonia.participants if p.state in later)
    direct = [Assumption(p.state, "declines") for p in estonia.participants if p.is_direct]
    nobody = answer(record, "estonia", assume=direct)
    assert nobody.nobody == 1.0 and all(p.comes == 0 for p in nobody.participants)
    assert nobody.share is not None and nobody.share.low == nobody.share.high == nobody.share.alone


# --- the draws ----------------------------------------------------------------------------------------------------


def test_nothing_is_drawn_where_nobody_is_bound(record: Record) -> None:
    found = answer(record, "switzerland")
    assert found.participants == () and found.nobody == 1.0


def test_the_same_seed_gives_the_same_answer(record: Record) -> None:
    one, again = answer(record, "japan"), answer(record, "japan")
    other = answer(record, "japan", drawing=replace(FEW, seed=2))
    assert one == again and one.participants[0].median != other.participants[0].median


def test_probabilities_are_wide_and_near_the_base_rate(estonia: Likely) -> None:
    members = [p for p in estonia.participants if p.is_direct]
    assert len(members) == 35
    for p in members:
        assert 0 < p.low < p.median < p.high < 1
        assert p.high - p.low > 0.15, p.state
        assert p.median < p.without_era, p.state
        assert p.base_rate.called == 43
    mean = np.mean([p.comes for p in members])
    assert 0.06 < mean < 0.35  # 6 of 43 defence commitments since 1945; Jeffreys 95 % interval 0.06 to 0.27


def test_shared_fate_makes_nobody_and_many_likelier(record: Record, estonia: Likely) -> None:
    members = [p.comes for p in estonia.participants if p.is_direct]
    assert estonia.nobody > 2 * float(np.prod([1 - c for c in members]))


def test_the_earlier_era_has_no_era_term(record: Record) -> None:
    found = answer(record, "poland")
    assert {p.state for p in found.participants} >= {"FRA", "GBR"} and found.years_beyond < 0
    for p in found.participants:
        assert p.without_era == pytest.approx(p.median, abs=1e-12)
    assert found.share is None and "1939" in found.why_no_share


def test_terms_can_be_left_out(record: Record, estonia: Likely) -> None:
    without = {p.state: p for p in answer(record, "estonia", drawing=replace(FEW, opinion=False)).participants}
    no_era = {p.state: p for p in answer(record, "estonia", drawing=replace(FEW, era=False)).participants}
    for p in (p for p in estonia.participants if p.is_direct):
        assert without[p.state].median == pytest.approx(without[p.state].without_opinion, abs=1e-12)
        assert no_era[p.state].median == pytest.approx(no_era[p.state].without_era, abs=1e-12)
    # Where one treaty calls a state and its public was asked, leaving the term out is what the other column says.
    canada = next(p for p in estonia.participants if p.state == "CAN")
    assert canada.polled and without["CAN"].median == pytest.approx(canada.without_opinion, abs=1e-12)
    assert no_era["CAN"].median == pytest.approx(canada.without_era, abs=1e-12)


def test_the_share_of_capability(estonia: Likely) -> None:
    share = estonia.share
    assert share is not None and "World Factbook" in share.measure and "20" in share.measure
    assert share.alone <= share.low <= share.median <= share.high <= share.everybody
    assert sum(share.counts) == FEW.n


def test_capabilities_of_a_past_year_are_the_users(record: Record, shared_sources: Path) -> None:
    share = answer(record, "poland", cinc=cinc(shared_sources)).share
    assert share is not None and share.measure.startswith("CINC 1939")
    assert share.alone < share.everybody


def test_assumptions_override_the_model(record: Record) -> None:
    found = answer(record, "japan", assume=(Assumption("USA", "honours"),))
    assert found.participants[0].comes == 1 and found.participants[0].stated == "honours" and found.nobody == 0


@pytest.mark.parametrize("n", [0, 2_000_000])
def test_draws_have_bounds(n: int) -> None:
    with pytest.raises(ModelError, match="is not between"):
        Drawing(n=n)


# --- what the model is told ---------------------------------------------------------------------------------------


def test_terms_of_known_treaties(record: Record) -> None:
    day = date(2026, 6, 1)
    nato = coded(record, record.treaties["nato-1949"], day)
    assert (nato["milinst"], nato["formal"], nato["defense"], nato["consul"], nato["bilat"]) == (2, 2, 1, 1, 0)
    assert coded(record, record.treaties["us-japan-1960"], day)["bilat"] == 1
    alliance = coded(record, record.treaties["dual-alliance-1879"], date(1900, 1, 1))
    assert (alliance["milinst"], alliance["wartime"], alliance["defense"]) == (1, 0, 1)  # staff talks


def test_every_term_is_a_distribution_with_a_reason(record: Record) -> None:
    treaty, model = record.treaties["nato-1949"], shipped("reliability")
    found = predictors(record, treaty, "USA", ["EST"], date(2026, 6, 1), to_target=True, extra=model.extra)
    assert {t.term for t in found} == set(model.terms[1:])
    for term in found:
        assert sum(term.chance.values()) == pytest.approx(1, abs=1e-12) and term.says
    by_term = {t.term: t for t in found}
    assert by_term["origtar1"].mean == 1 and by_term["post45"].mean == 1
    assert 0.6 < by_term["milinst"].mean / 2 < 0.95  # most treaties like it are 2 to ATOP, not all


def test_change_of_institutions(record: Record) -> None:
    assert institutions_changed(record, ["USA"], date(1900, 1, 1), date(1950, 1, 1)) is True
    assert institutions_changed(record, ["USA"], date(1970, 1, 1), date(2000, 1, 1)) is False
    assert institutions_changed(record, ["XXX"], date(1970, 1, 1), date(2000, 1, 1)) is None


def test_a_commitments_draws_do_not_depend_on_the_others(record: Record) -> None:
    model, day, treaty = shipped("reliability"), date(2026, 6, 1), record.treaties["nato-1949"]
    alone = Honouring(record, model, day, FEW).of("USA", treaty, ["EST"], to_target=True)
    after = Honouring(record, model, day, FEW)
    after.of("CAN", treaty, ["EST"], to_target=True)
    assert np.array_equal(alone.p, after.of("USA", treaty, ["EST"], to_target=True).p)
