"""The file of an allocation: what is wrong is said with its place; who comes; probabilities; the examples."""

import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from foedus.errors import FoedusError
from foedus.record import Record
from foedus.strategy import (
    PlanError,
    Stated,
    StrategyError,
    allocate,
    digest,
    example,
    problem_of,
    read_plan,
    shipped_answers,
)
from foedus.strategy.analysis import EXAMPLES, analyse, as_data
from foedus.strategy.gap import sampling_gap
from foedus.strategy.honour import DEFENCE, Rates, coming

SMALL = """
title = "small"
money = "billion"
dimensions = ["land", "cyber"]

[budget]
total = 4.0
source = "assumed"

[[member]]
state = "EST"
gdp = 40.0
source = "assumed"

[[member]]
state = "LVA"
gdp = 40.0
source = "assumed"

[arrival]
draws = 8
source = "assumed"

[[package]]
name = "brigades"
yields = { land = 1.0 }
source = "assumed"

[[package]]
name = "hygiene"
yields = { cyber = 1.0 }
stays = true
technology = "weakest-link"
source = "assumed"

[[threat]]
name = "attack"
attacker = "RUS"
target = "EST"
probability = 0.1
requirement = { land = 4.0 }
source = "assumed"

[[threat]]
name = "campaign"
probability = 0.3
requirement = { cyber = 2.0 }
source = "assumed"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(SMALL + "", encoding="utf-8")
    return file


def test_scenarios_are_draws_of_who_comes(record: Record, small: Path) -> None:
    stated = read_plan(record, small)
    assert stated.bound == ((True, True), None)
    s = problem_of(stated).scenarios
    assert s.names == ("attack", "campaign", "nothing happens")
    assert s.probability.sum() == pytest.approx(1)
    assert s.probability[s.threat == 0] == pytest.approx(0.1 / 8)
    assert (s.arrives[s.threat == 0][:, 0] == 1).all()  # who is attacked is there
    assert 0 < s.arrives[s.threat == 0][:, 1].mean() < 1
    assert problem_of(stated).scenarios.arrives.tobytes() == s.arrives.tobytes()
    assert (problem_of(stated, seed=2).scenarios.arrives != s.arrives).any()


def test_probabilities_come_from_a_run(record: Record, small: Path, tmp_path: Path) -> None:
    frame = pl.DataFrame({"event": ["attack", "campaign", "other"], "probability": [0.02, 0.5, 0.9]})
    for name in ("run.csv", "run.parquet", "run.toml"):
        file = tmp_path / name
        if file.suffix == ".csv":
            frame.write_csv(file)
        elif file.suffix == ".parquet":
            frame.write_parquet(file)
        else:
            file.write_text("attack = 0.02\ncampaign = 0.5\n", encoding="utf-8")
        assert read_plan(record, small, probabilities=file).probability == (0.02, 0.5)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'source = "assumed"\n\n[[member]]',
            'source = "a-book"\n\n[[member]]',
            'budget.source: "a-book" is no [[source]]',
        ),
        ("land = 1.0", "lnad = 1.0", 'package[1].yields: no dimension "lnad"; known: land, cyber'),
        ("probability = 0.3", "probability = 0.95", "probabilities sum to 1.0500; at most 1"),
        ("probability = 0.3", "probability = -0.1", "threat[2].probability: must lie between 0 and 1"),
        ("probability = 0.3\n", "", 'threat[2].probability: "campaign" has none'),
        ("total = 4.0", "total = -4.0", "budget.total: 0 or more"),
        ("total = 4.0", 'total = "four"', "budget.total: Expected `float"),
        ("stays = true", "stay = true", "package[1]: Object contains unknown field `stay`"),
        ('attacker = "RUS"', 'attacker = "Ruritania"', 'No state is called "Ruritania"'),
        ("title", "[title", "not TOML"),
        ('name = "hygiene"', 'name = "brigades"', 'package: "brigades" is named twice'),
        ('[arrival]\ndraws = 8\nsource = "assumed"\n', "", "arrival: missing"),
        ("requirement = { cyber = 2.0 }", "requirement = { cyber = -2.0 }", "threat[2].requirement.cyber: 0 or more"),
        ('money = "billion"', 'money = "billion"\ntreaty = "nato"', "not both"),
        ('technology = "weakest-link"', 'technology = "chain"', 'hygiene: technology "chain"'),
        ("requirement = { cyber = 2.0 }", "requirement = { cyber = 2.0 }\nweight = -1.0", "campaign: the weight of"),
        ("[budget]", '[budget]\nfair = "milex"\nband = 0.5', 'budget.fair = "milex": no member has such a figure'),
    ],
)
def test_what_is_wrong_is_said_with_its_place(record: Record, small: Path, old: str, new: str, says: str) -> None:
    text = small.read_text(encoding="utf-8")
    assert old in text
    small.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FoedusError) as caught:
        problem_of(read_plan(record, small))
    assert says in str(caught.value) and "small.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("event,chance\na,0.1\n", "no column probability"),
        ("event,probability\nattack,1.5\n", "row 1, attack: probability must be a number from 0 to 1, found 1.5"),
        ("event,probability\nattack,0.1\nattack,0.2\n", "row 2, attack: named twice"),
    ],
)
def test_probabilities_that_cannot_be(record: Record, small: Path, tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "run.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=None) as caught:
        read_plan(record, small, probabilities=file)
    assert says in str(caught.value)


def test_honouring_has_the_rate_of_the_past_and_moves_together() -> None:
    stream = np.random.Generator(np.random.Philox(key=[1, 1]))
    comes = coming(np.ones(20, dtype=bool), Rates(), 4000, stream)
    assert comes.mean() == pytest.approx(42 / 102, abs=0.02)  # the mean of the posterior, up to the shock
    alone = coming(np.ones(20, dtype=bool), Rates(shock=0.0), 4000, np.random.Generator(np.random.Philox(key=[1, 1])))
    assert comes.sum(axis=1).std() > alone.sum(axis=1).std()  # nobody or everybody is likelier with a shock
    later = coming(np.ones(20, dtype=bool), Rates(era="since-1945"), 4000, stream)
    assert later.mean() < comes.mean() and DEFENCE["since-1945"] == (6, 43)
    assert not coming(np.zeros(5, dtype=bool), Rates(), 100, stream).any()


@pytest.mark.parametrize("n_draws", [1, 7, 16])
def test_few_draws_favour_no_member(n_draws: int) -> None:
    """At a fixed rate every member comes equally often, but for one draw."""
    stream = np.random.Generator(np.random.Philox(key=[3, 1]))
    times = coming(np.zeros(30, dtype=bool), Rates(other=0.4), n_draws, stream).sum(axis=0)
    assert times.max() - times.min() <= 1


@pytest.mark.parametrize("name", sorted(p.stem for p in EXAMPLES.glob("*.json")))
def test_the_shipped_answer_is_of_the_shipped_file(record: Record, name: str) -> None:
    stated = read_plan(record, example(name))
    problem = problem_of(stated)
    answer = shipped_answers()[name]
    renew = f"inputs have changed; make it again: foedus strategy allocate {name} --replications 10 -o {name}.json"
    assert digest(problem) == answer["digest"], renew
    assert allocate(problem).objective == pytest.approx(answer["objective"], rel=1e-6)


@pytest.mark.parametrize("name", ["nato", "gcc", "nato-2010"])
def test_every_input_of_an_example_has_a_source_or_is_marked(name: str) -> None:
    raw = tomllib.loads(example(name).read_text(encoding="utf-8"))
    known = {s["id"] for s in raw["source"]} | {"assumed"}
    tables = [raw["budget"], raw["arrival"], *raw["package"], *raw["threat"], *raw["synergy"]]
    assert all(t["source"] in known for t in tables)
    assert not set(raw) - {
        "title", "treaty", "on", "money", "dimensions", "risk_weight", "tail", "seed", "budget", "arrival", "source",
        "package", "synergy", "threat",
    }  # fmt: skip


def test_an_answer_as_data(record: Record, small: Path) -> None:
    data = as_data(analyse(read_plan(record, small), replications=2))
    assert sum(p["money"] for p in data["packages"]) == pytest.approx(data["spent"])
    assert sum(m["share"] for m in data["members"]) == pytest.approx(1)
    assert data["bound"] == pytest.approx(data["objective"], abs=1e-6)
    assert data["objective"] <= data["together"]["apart"] + 1e-9
    assert 0 <= data["gap"]["low"] <= data["gap"]["high"]
    assert data["assumptions"][0].startswith("8 of the 8 tables of the file are assumptions")


def test_more_draws_close_the_gap(record: Record, small: Path) -> None:
    stated = read_plan(record, small)
    few, many = (_with_draws(stated, n) for n in (2, 100))
    wide = sampling_gap(few, allocate(problem_of(few)), replications=6)
    narrow = sampling_gap(many, allocate(problem_of(many)), replications=6)
    assert narrow.high - narrow.low <= wide.high - wide.low + 1e-9
    with pytest.raises(StrategyError, match="at least two replications"):
        sampling_gap(few, allocate(problem_of(few)), replications=1)


def _with_draws(stated: Stated, n: int) -> Stated:
    assert stated.raw.arrival is not None
    arrival = msgspec.structs.replace(stated.raw.arrival, draws=n)
    return replace(stated, raw=msgspec.structs.replace(stated.raw, arrival=arrival))
