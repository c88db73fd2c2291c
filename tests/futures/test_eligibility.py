"""The law on who may join, in the world and in its runs: a barred state never accedes unless a scenario says so."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.futures.small import fits, world

from foedus.futures import WorldError
from foedus.futures.assumptions import NAMES
from foedus.futures.ensemble import run
from foedus.futures.plan import Plan, Shock
from foedus.futures.scenario import Scenario, ScenarioError, parse
from foedus.futures.scenario_check import resolved
from foedus.futures.scenario_eligibility import overridden
from foedus.futures.scenario_explain import explain
from foedus.futures.start import from_history, from_record
from foedus.model.membership.from_record import history_of_record
from foedus.record import Record, load

START = world()
KEEN = fits(accession={"one": -1.0})
LAW = START.member.copy()
LAW[0, [3, 4]] = LAW[1, 0] = True
BARRED = START.with_(eligible=LAW)
HEAD = 'id = "x"\ntitle = "X"\nsays = "A test."\nchecked = 2026-11-22\n'


@pytest.fixture(scope="module")
def record() -> Record:
    return load()


def joined(plan: Plan) -> set[tuple[int, int]]:
    """(treaty, state) of every accession in 200 worlds of eight years."""
    events = run(BARRED, plan, KEEN, worlds=200, until=2008)["events"].filter(pl.col("kind") == "accession")
    return set(events.select("treaty", "state").iter_rows())


def test_only_the_eligible_join_also_under_levers() -> None:
    lawful = {(0, 3), (0, 4), (1, 0)}
    assert joined(Plan()) == lawful
    pairs = np.full((8, 3, 8), 5.0)
    pairs[3:, 0, 3] = 0.0
    assert joined(Plan(pair_levers={"accession": pairs})) == lawful, "a factor on nought is nought"


def test_off_lets_everybody_ask_and_a_dated_accession_overrides() -> None:
    everybody = joined(Plan(off=frozenset({"eligibility"})))
    assert len(everybody) == (~START.member).sum() and "eligibility" in NAMES
    assert (2, 0) in joined(Plan(shocks=(Shock(2003, "accede", treaty=2, state=0),)))


def test_where_all_may_join_nothing_changes() -> None:
    plain = run(START, Plan(), KEEN, worlds=50, until=2004)["events"]
    off = run(BARRED, Plan(off=frozenset({"eligibility"})), KEEN, worlds=50, until=2004)["events"]
    assert plain.equals(off)


def test_a_member_that_is_not_eligible_is_refused() -> None:
    with pytest.raises(WorldError, match="a member is not eligible"):
        START.with_(eligible=np.zeros_like(LAW))
    with pytest.raises(WorldError, match="eligible has shape"):
        START.with_(eligible=LAW[:1])


def test_the_world_of_the_record_knows_the_law_and_a_history_does_not(record: Record) -> None:
    start = from_record(record, 2025)

    def may(treaty: str, state: str) -> bool:
        return bool(start.eligible[start.treaty(treaty), start.state(state)])

    assert may("nato-1949", "UKR") and may("eu-2009", "CHE") and may("anzus-1951", "JPN")
    assert not may("nato-1949", "AUT") and not may("sadc-2003", "COG") and not may("us-japan-1960", "CHE")
    assert (start.eligible | ~start.member).all() and ("eligible", "observed") in {s[:2] for s in start.sources}
    past = from_record(record, 1985)
    assert not past.eligible[past.treaty("nato-1949"), past.state("CHE")]
    assert past.eligible[past.treaty("nato-1949"), past.state("SWE")], "Sweden's neutrality was a policy"
    history = history_of_record(record)
    assert from_history(history, 2025, record).eligible.all()


def read(body: str, record: Record, without: tuple[str, ...] = ()) -> Scenario:
    return resolved(parse(HEAD + body, "x.toml"), HEAD + body, "x.toml", record, 2025, 2040, without)


INVITED = '[[invitation]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["GEO", "AUT"]\nfactor = 3.0\n'
LEVER = '[[lever]]\nprocess = "accession"\ntreaties = ["sadc-2003"]\nstates = ["COG"]\nfactor = {}\n'


@pytest.mark.parametrize(("body", "state"), [(INVITED, "AUT may not join NATO"), (LEVER.format("2.0"), "COG may not")])
def test_a_factor_on_a_barred_state_is_refused(record: Record, body: str, state: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(body, record)
    (problem,) = caught.value.problems
    assert state in problem.says and "write an [[accession]]" in problem.says and problem.line
    assert read(body, record, without=("eligibility",)).entries()


def test_a_factor_of_nought_and_the_eligible_are_not_refused(record: Record) -> None:
    assert read(LEVER.format("0.0"), record) and read(INVITED.replace(', "AUT"', ""), record)


def test_a_dated_accession_is_allowed_and_said(record: Record) -> None:
    found = read('[[accession]]\nday = 2030-01-01\ntreaty = "nato"\nstates = ["AUT", "GEO"]\n', record)
    ((where, says),) = overridden(found, record, date(2025, 12, 31))
    assert where == "accession[0]" and "Austria could not join NATO" in says and "1955" in says
    (line,) = explain(found, record, 2025)
    assert "Austria may not join by today's law" in line.today and "Georgia" not in line.today
