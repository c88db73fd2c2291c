"""`foedus casus`: tables, JSON, files of cases, the score, and what it refuses."""

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import Run, run

__all__ = ["run"]  # the fixture

ESTONIA = ("--attacker", "RUS", "--target", "EST", "--kind", "invasion", "--on", "2026-06-01")
CASES = """
schema = "casus-cases/1"
[[case]]
id = "one"
title = "The first"
date = 2026-06-01
attackers = ["RUS"]
targets = ["EST"]
kind = "invasion"
facts = { provoked = "no", wether = "fine" }
expect = [
  { state = "UKG", treaty = "nato-1949", article = "Art. 5", level = "must_assist", sure = "clear" },
  { state = "USA", treaty = "nato-1949", article = "Art. 5", level = "not_bound", sure = "clear" },
]
breaches = [{ state = "RUS", treaty = "un-charter-1945", article = "Art. 2(4)" }]

[[case]]
id = "two"
date = 1914-08-01
attackers = ["GMY"]
targets = ["RUS"]
kind = "declaration_of_war"
"""


@pytest.fixture
def cases(tmp_path: Path) -> str:
    (tmp_path / "cases.toml").write_text(CASES, encoding="utf-8")
    return "cases.toml"


def test_a_table_that_reads_without_the_manual(run: Run) -> None:
    code, out, err = run("casus", *ESTONIA)
    assert (code, err) == (0, "")
    for part in ("Russia (RUS) against Estonia (EST)", "must assist", "31 states:", "nato-1949, 5", "Ireland (IRL)"):
        assert part in out
    assert "Promises the attack breaks" in out and "With reasons: --all" in out and "no prediction" in out
    assert "organ_silent" not in out, "universal organisations are one line"


def test_everything(run: Run) -> None:
    code, out, _ = run("casus", *ESTONIA, "--all")
    assert code == 0 and "Not bound:" in out and "ally_is_attacker" in out and "Belarus (BLR)" in out


def test_json(run: Run) -> None:
    code, out, _ = run("casus", *ESTONIA, "--json")
    data = json.loads(out)
    assert code == 0 and data["event"]["targets"] == ["EST"]
    assert {
        "state": "GBR",
        "cow": "UKG",
        "ccode": 200,
        "level": "must_assist",
        "sure": "clear",
        "neutral_toward": [],
    } in data["overall"]


def test_the_cascade_is_told_in_order(run: Run) -> None:
    line = "--attacker AUH --target SRB --on 1914-07-28 --kind declaration_of_war --assume RUS=joins,DEU=honours"
    code, out, _ = run("casus", *line.split(), "--fact", "mobilised=AUH")
    assert code == 0 and "1. RUS joins" in out and "2. DEU enters against RUS" in out and "--fact" in out
    code, out, _ = run("casus", *line.split(), "--depth", "0", "--json")
    assert len(json.loads(out)["steps"]) == 1


def test_files_of_cases(run: Run, cases: str) -> None:
    code, out, err = run("casus", "--event", cases, "--json")
    assert code == 0 and [d["event"]["id"] for d in json.loads(out)] == ["one", "two"]
    assert err == 'Note: no article reads the fact "wether".\n'
    code, out, _ = run("casus", "--event", cases, "--case", "two", "--json")
    assert json.loads(out)["event"]["attackers"] == ["DEU"]
    code, out, _ = run("casus", "--event", cases)
    assert code == 0 and "The first (one)" in out and "2 must" not in out.splitlines()[0]


def test_the_score(run: Run, cases: str) -> None:
    code, out, _ = run("casus", "--score", cases)
    assert code == 0 and "50.0%" in out and "not_bound, not must_assist" in out
    code, out, _ = run("casus", "--score", cases, "--json")
    data = json.loads(out)
    assert [(s["right"], s["all"]) for s in data["score"]] == [(1, 2), (1, 1), (0, 0), (1, 1)]
    assert [d["state"] for d in data["differ"]] == ["USA"]


def test_facts_that_nothing_reads_and_states_that_are_gone_are_noted(run: Run) -> None:
    code, out, err = run("casus", "--attacker", "RUS", "--target", "AUH", "--fact", "provokd=no", "--on", "2026-06-01")
    assert code == 0 and out
    assert 'reads the fact "provokd". Near: provoked.' in err
    assert "Austria-Hungary (AUH) was no member of the system of states on 2026-06-01" in err


BAD = [
    ("", "--attacker: missing"),
    ("--attacker RUS", "--target: missing"),
    ("--attacker RUZ --target EST", "Russia (RUS)"),
    ("--attacker RUS --target RUS", "cannot attack itself"),
    ("--attacker RUS --target EST --place Narnia", "neither a place nor a state"),
    ("--attacker RUS --target EST --kind atack", "Nearest: armed_attack"),
    ("--attacker RUS --target EST --on 1700-01-01", "outside the record"),
    ("--attacker RUS --target EST --on 1914", "is not a day"),
    ("--attacker RUS --target EST --fact provoked", "is not key=value"),
    ("--attacker RUS --target EST --fact attack_occurred=false", "contradicts kind"),
    ("--attacker RUS --target EST --assume POL=honour", "Nearest: POL=honours"),
    ("--attacker RUS --target EST --depth -1", "--depth"),
    ("--attacker RUS --target EST --case one", "--case"),
    ("--event cases.toml --attacker RUS", "--event together with --attacker"),
    ("--event cases.toml --score cases.toml", "give one"),
    ("--event cases.toml --case ones", 'has no case "ones". Nearest: one'),
    ("--event missing.toml", "missing.toml: cannot be read"),
    ("--score missing.toml", "missing.toml: cannot be read"),
    ("--event broken.toml", "broken.toml: not valid TOML"),
    ("--score broken.toml", "broken.toml: not valid TOML"),
]


@pytest.mark.parametrize(("line", "says"), BAD, ids=[line for line, _ in BAD])
def test_wrong_input(run: Run, tmp_path: Path, cases: str, line: str, says: str) -> None:
    (tmp_path / "broken.toml").write_text("[[case\n", encoding="utf-8")
    code, out, err = run("casus", *line.split())
    assert (code, out) == (2, "") and says in err and "Traceback" not in err


# --- who would come -----------------------------------------------------------------------------------------------

JAPAN = ("--attacker", "CHN", "--target", "JPN", "--kind", "invasion", "--on", "2026-06-01", "--assume", "likely")


def test_likely_as_text_and_json(run: Run) -> None:
    code, out, err = run("casus", *JAPAN, "--draws", "300")
    assert code == 0, err
    assert "Who would come to the target's help" in out and "6 of 43" in out and "300 draws, seed 1." in out
    assert "extrapolation" in out and "World Factbook" in out and "not reliability in peace" in out
    answer = json.loads(run("casus", *JAPAN, "--draws", "300", "--json")[1])["likely"]
    (usa,) = answer["participants"]
    assert usa["state"] == "USA" and 0 < usa["low"] < usa["median"] < usa["high"] < 1
    assert answer["draws"] == 300 and answer["seed"] == 1 and sum(answer["share"]["counts"]) == 300
    assert json.loads(run("casus", *JAPAN, "--draws", "300", "--json")[1])["likely"] == answer


def test_likely_without_terms_and_beside_assumptions(run: Run) -> None:
    fixed = json.loads(run("casus", *JAPAN[:-1], "likely,USA=honours", "--draws", "50", "--json")[1])["likely"]
    assert fixed["nobody"] == 0 and fixed["participants"][0]["stated"] == "honours"
    without = json.loads(run("casus", *JAPAN, "--draws", "300", "--without", "era,opinion", "--json")[1])["likely"]
    assert not without["era"] and not without["opinion"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--without", "luck"), "expected era or opinion"),
        (("--draws", "2000000"), "is not between"),
    ],
)
def test_likely_with_choices_that_are_none(run: Run, more: tuple[str, ...], says: str) -> None:
    code, out, err = run("casus", *JAPAN, *more)
    assert code == 2 and out == "" and says in err


def test_without_needs_likely(run: Run) -> None:
    code, _, err = run("casus", *ESTONIA, "--without", "era")
    assert code == 2 and "add --assume likely" in err


def test_likely_on_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "japan.html"
    code, _, err = run("casus", *JAPAN, "--draws", "200", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    assert code == 0, err
    assert "Who would come" in text and "Chance of honouring the call" in text and "--draws 200 --seed 1" in text
