"""Scenario files: the shipped ones apply, wrong ones are refused with file, line, field, expectation and remedy."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.futures import plan, scenario, scenario_begin, scenario_check, scenario_explain, start
from foedus.futures.compile import compile
from foedus.futures.world import World
from foedus.record import Record, load

ORIGIN, UNTIL = 2025, 2040
HEAD = 'id = "x"\ntitle = "X"\nsays = "A test."\nchecked = 2026-11-22\n'


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        return load()


@pytest.fixture(scope="session")
def world(record: Record) -> World:
    return start.from_record(record, ORIGIN)


def read(body: str, record: Record, until: int = UNTIL) -> scenario.Scenario:
    text = HEAD + body
    return scenario_check.resolved(scenario.parse(text, "x.toml"), text, "x.toml", record, ORIGIN, until)


@pytest.mark.parametrize("name", scenario.shipped())
def test_shipped_scenarios_apply(name: str, record: Record, world: World) -> None:
    found = scenario_check.read(name, record, ORIGIN, UNTIL)
    assert found.id == name
    made = compile(found, world, record, UNTIL)
    plan.check(made, world, UNTIL)
    lines = scenario_explain.explain(found, record, ORIGIN)
    assert len(lines) == len(found.entries())
    assert all(line.why for line in lines), "a shipped scenario says why of each assumption"
    assert (made == plan.Plan()) or lines or name == "baseline"


def test_eight_ship() -> None:
    assert len(scenario.shipped()) == 8


# The block, and what the message must hold: line in the file, field, what is wrong, what to do.
WRONG = {
    "state not in the system": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["AUH"]\n',
        ["line 8", "withdrawal[0].states", "not in the inter-state system", "foedus state AUH"],
    ),
    "state unknown": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["Frnce"]\n',
        ["line 8", "withdrawal[0].states", "Frnce", "Nearest: France"],
    ),
    "treaty not in force": (
        '[[termination]]\nday = 2028-01-01\ntreaty = "warsaw-pact-1955"\n',
        ["line 7", "termination[0].treaty", "not in force on 2025-12-31", "ended on 1991"],
    ),
    "treaty unknown": (
        '[[termination]]\nday = 2028-01-01\ntreaty = "natoo"\n',
        ["line 7", "termination[0].treaty", "natoo", "Nearest: nato-1949"],
    ),
    "universal treaty": (
        '[[termination]]\nday = 2028-01-01\ntreaty = "un-charter-1945"\n',
        ["termination[0].treaty", "open to every state"],
    ),
    "before the start": (
        '[[termination]]\nday = 2020-01-01\ntreaty = "nato"\n',
        ["line 6", "termination[0].day", "before the run begins (2026-01-01)"],
    ),
    "after the end": (
        '[[termination]]\nday = 2050-01-01\ntreaty = "nato"\n',
        ["line 6", "termination[0].day", "after the run ends (2040)", "longer"],
    ),
    "unknown key": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstate = ["USA"]\nstates = ["USA"]\n',
        ["line 8", "withdrawal[0].state", "is not a key here", "nearest: states"],
    ),
    "unknown table": ("[[withdraw]]\nday = 2028-01-01\n", ["withdraw", "is not a key here", "nearest: withdrawal"]),
    "missing key": ('[[withdrawal]]\ntreaty = "nato"\nstates = ["USA"]\n', ["withdrawal[0].day", "required"]),
    "no date": (
        '[[withdrawal]]\nday = "2028-13-01"\ntreaty = "nato"\nstates = ["USA"]\n',
        ["line 6", "withdrawal[0].day", "not a date. Write YYYY-MM-DD without quotes\n"],
    ),
    "single brackets": ("[withdrawal]\nday = 2028-01-01\n", ["withdrawal", "double brackets"]),
    "no member": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["AUT"]\n',
        ["withdrawal[0].states", "AUT is no member of NATO", "cannot leave"],
    ),
    "member already": (
        '[[accession]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["FIN"]\n',
        ["accession[0].states", "FIN is a member of NATO", "take it out"],
    ),
    "leaves twice": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["USA"]\n'
        '[[withdrawal]]\nday = 2029-01-01\ntreaty = "nato"\nstates = ["USA"]\n',
        ["line 12", "withdrawal[1].states", "cannot leave"],
    ),
    "joins what has ended": (
        '[[termination]]\nday = 2028-01-01\ntreaty = "nato"\n'
        '[[accession]]\nday = 2029-01-01\ntreaty = "nato"\nstates = ["UKR"]\n',
        ["accession[0].treaty", "NATO ended on 2028-01-01"],
    ),
    "must and never": (
        '[[membership]]\ntreaty = "nato"\nstates = ["POL"]\nrule = "must"\n'
        '[[membership]]\ntreaty = "nato"\nstates = ["POL"]\nrule = "never"\n',
        ["membership[1].rule", "POL must be, and must never be", "take one rule out"],
    ),
    "leaves but must stay": (
        '[[membership]]\ntreaty = "nato"\nstates = ["POL"]\nrule = "must"\n'
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["POL"]\n',
        ["withdrawal[0].states", "membership[0]", "take one of them out"],
    ),
    "never, but is": (
        '[[membership]]\ntreaty = "nato"\nstates = ["POL"]\nrule = "never"\n',
        ["membership[0].states", "POL is a member", "[[withdrawal]]"],
    ),
    "must, but is not": (
        '[[membership]]\ntreaty = "nato"\nstates = ["CHE"]\nrule = "must"\n',
        ["membership[0].states", "CHE is no member", "[[accession]]"],
    ),
    "two spending paths": (
        '[[spending]]\nmembers_of = "nato"\npercent_gdp = 3.5\nby = 2035\n'
        '[[spending]]\nstates = ["POL"]\npercent_gdp = 5.0\nby = 2030\n',
        ["spending[1]", "POL: spending[0] gives another path", "keep one"],
    ),
    "states and members_of": (
        '[[growth]]\nstates = ["CHN"]\nmembers_of = "nato"\nfirst_year = 2027\nlast_year = 2028\nadd_points = 1.0\n',
        ["growth[0].states", "either states or members_of"],
    ),
    "path ends before it begins": (
        '[[growth]]\nstates = ["CHN"]\nfirst_year = 2029\nlast_year = 2028\nadd_points = 1.0\n',
        ["growth[0].last_year", "2028 is before it begins (2029)"],
    ),
    "factor below nought": ('[[lever]]\nprocess = "founding"\nfactor = -1.0\n', ["lever[0].factor", ">= 0"]),
    "unknown process": ('[[lever]]\nprocess = "foundings"\nfactor = 2.0\n', ["lever[0].process", "nearest: founding"]),
    "lever of no treaty": (
        '[[lever]]\nprocess = "founding"\nfactor = 2.0\ntreaties = ["nato"]\n',
        ["lever[0].treaties", "not one of a treaty"],
    ),
    "a process not simulated": (
        '[[lever]]\nprocess = "dispute"\nfactor = 2.0\n',
        ["lever[0].process", "no disputes", "[[attack]]"],
    ),
    "attacks itself": (
        '[[attack]]\nday = 2028-01-01\nattacker = "CHN"\ntarget = "China"\n',
        ["attack[0].target", "cannot attack itself"],
    ),
    "rivals already": (
        '[[rivalry]]\nday = 2028-01-01\nbetween = ["RUS", "UKR"]\n',
        ["rivalry[0].between", "rivals already", "take this entry out"],
    ),
    "two regimes in a year": (
        '[[regime]]\nday = 2028-01-01\nstate = "HUN"\nregime = "liberal_democracy"\n'
        '[[regime]]\nday = 2028-06-01\nstate = "HUN"\nregime = "closed_autocracy"\n',
        ["regime[1].regime", "keep one"],
    ),
    "founded id taken": (
        '[[founding]]\nday = 2028-01-01\nid = "nato-1949"\nname = "N"\nmembers = ["FRA", "DEU"]\n',
        ["founding[0].id", "treaty of the record"],
    ),
    "invited to the founded": (
        '[[founding]]\nday = 2028-01-01\nid = "p"\nname = "P"\nmembers = ["FRA", "DEU"]\n'
        '[[invitation]]\nday = 2029-01-01\ntreaty = "p"\nstates = ["ITA"]\nfactor = 2.0\n',
        ["invitation[0].treaty", "founded by this scenario"],
    ),
    "named twice": (
        '[[withdrawal]]\nday = 2028-01-01\ntreaty = "nato"\nstates = ["USA", "United States"]\n',
        ["withdrawal[0].states", "named twice"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_scenarios_are_refused(case: str, record: Record) -> None:
    body, expected = WRONG[case]
    with pytest.raises(scenario.ScenarioError) as refused:
        read(body, record)
    said = str(refused.value)
    assert said.startswith("x.toml: ") and "foedus futures scenario check" in said
    for part in expected:
        assert part in said, f"{part!r} is not in:\n{said}"


def test_all_problems_at_once(record: Record) -> None:
    body = WRONG["no member"][0] + WRONG["rivals already"][0] + WRONG["before the start"][0]
    with pytest.raises(scenario.ScenarioError) as refused:
        read(body, record)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"id = \n", "not valid TOML"), (b"\xff\xfe\x00", "UTF-8"), (b"x" * 1_000_001, "larger than 1 MB")],
)
def test_broken_files(data: bytes, expected: str, tmp_path: Path, record: Record) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(data)
    with pytest.raises(scenario.ScenarioError, match=expected):
        scenario_check.read(str(file), record, ORIGIN)


def test_unknown_scenario_says_what_is_near(record: Record) -> None:
    with pytest.raises(scenario.UnknownScenario, match=r"Nearest: us-leaves-nato"):
        scenario_check.read("us-leave-nato", record, ORIGIN)


def test_names_are_read_generously(record: Record) -> None:
    found = read('[[withdrawal]]\nday = 2028-01-01\ntreaty = "NATO"\nstates = ["United States", "20"]\n', record)
    assert found.withdrawal[0].treaty == "nato-1949"
    assert found.withdrawal[0].states == ("USA", "CAN")


def test_spending_climbs_in_equal_steps(record: Record, world: World) -> None:
    body = '[[spending]]\nstates = ["ITA", "POL"]\npercent_gdp = 3.0\nfirst_year = 2027\nby = 2030\n'
    path = compile(read(body, record), world, record, UNTIL).spending_target
    assert path is not None
    italy, now = path[:, world.state("ITA")], world.milex_share[world.state("ITA")]
    assert np.isnan(italy[0])  # 2026: not yet
    assert italy[1:5] == pytest.approx([now + (3 - now) * k / 4 for k in (1, 2, 3, 4)])
    assert (italy[5:] == 3.0).all()
    assert np.isnan(path[:, world.state("POL")]).all(), "Poland spends more already and gets no target"


def test_shocks_paths_and_levers_reach_the_plan(record: Record, world: World) -> None:
    body = (
        '[[attack]]\nday = 2028-04-01\nattacker = "CHN"\ntarget = "TWN"\n'
        '[[regime]]\nday = 2027-01-01\nstate = "HUN"\nregime = "liberal_democracy"\n'
        '[[growth]]\nstates = ["CHN"]\nfirst_year = 2028\nlast_year = 2029\nadd_points = -4.0\n'
        '[[invitation]]\nday = 2029-01-01\ntreaty = "nato"\nstates = ["UKR"]\nfactor = 10.0\nlast_year = 2031\n'
        '[[membership]]\ntreaty = "nato"\nstates = ["POL"]\nrule = "must"\n'
        '[[lever]]\nprocess = "termination"\nfactor = 0.5\ntreaties = ["csto"]\n'
        '[[lever]]\nprocess = "withdrawal"\nfactor = 2.0\nstates = ["HUN"]\n'
    )
    made = compile(read(body, record), world, record, UNTIL)
    plan.check(made, world, UNTIL)
    nato, csto = world.treaty("nato-1949"), world.treaty("csto-1992")
    attack, regime = (next(s for s in made.shocks if s.what == w) for w in ("attack", "regime"))
    assert (attack.year, attack.state, attack.other) == (2028, world.state("CHN"), world.state("TWN"))
    assert (regime.state, regime.value) == (world.state("HUN"), 3.0)
    assert made.growth is not None
    assert made.growth[:, world.state("CHN")].nonzero()[0].tolist() == [2, 3]
    assert made.pair_levers["accession"][:, nato, world.state("UKR")].tolist() == [1] * 3 + [10] * 3 + [1] * 9
    assert (made.pair_levers["withdrawal"][:, nato, world.state("POL")] == 0).all()
    assert (made.levers["termination"][:, csto] == 0.5).all()
    assert (made.state_levers["withdrawal"][:, world.state("HUN")] == 2).all()
    assert made.levers["termination"].sum() == pytest.approx(15 * (world.n_treaties - 0.5))


def test_levers_without_states_are_fair_to_pairs(record: Record, world: World) -> None:
    body = '[[lever]]\nprocess = "rivalry_onset"\nfactor = 4.0\n[[lever]]\nprocess = "founding"\nfactor = 3.0\n'
    made = compile(read(body, record), world, record, UNTIL)
    assert (made.levers["rivalry_onset"] == 2.0).all(), "the factors of two states multiply to 4"
    assert made.founding_rate is not None and (made.founding_rate == 3.0).all()
    assert "founding" not in made.levers


def test_baseline_is_the_empty_plan(record: Record, world: World) -> None:
    made = compile(scenario_check.read("baseline", record, ORIGIN), world, record, UNTIL)
    assert not made.shocks and not made.foundings and not made.levers and not made.pair_levers
    assert made.growth is None and made.spending_target is None


def test_the_template_names_every_key_and_works_uncommented(record: Record) -> None:
    text = scenario_begin.begun("my-crisis", today=date(2026, 11, 22))
    assert scenario.parse(text, "my-crisis.toml").entries() == []
    opened = re.sub(r"(?m)^#(?=\[\[|[a-z_]+ = )", "", text)
    found = scenario.parse(opened, "my-crisis.toml")
    assert {where.split("[")[0] for where, _ in found.entries()} == set(scenario.TABLES)
    for _, entry in found.entries():
        for key in set(entry.__struct_fields__) - {"says", "source"}:
            assert re.search(rf"(?m)^{key} = ", opened), f"the template does not show {key}"


def test_a_copy_bears_its_own_id() -> None:
    text = scenario_begin.begun("mine", "us-leaves-nato", date(2027, 1, 1))
    found = scenario.parse(text, "mine.toml")
    assert (found.id, found.checked) == ("mine", date(2027, 1, 1))
    assert found.withdrawal[0].states == ("USA",)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        scenario.parse(HEAD + text, "x.toml")
    except scenario.ScenarioError as error:
        assert "x.toml" in str(error)


def test_explain_says_where_the_world_stands(record: Record) -> None:
    lines = scenario_explain.explain(scenario_check.read("us-leaves-nato", record, ORIGIN), record, ORIGIN)
    told = {line.where: line for line in lines}
    assert told["withdrawal[0]"].today == "32 members"
    assert told["withdrawal[0]"].mark == "assumed"
    assert "median" in told["spending[0]"].today and "there already" in told["spending[0]"].today
