"""`foedus strategy` as a user meets it."""

import json
from pathlib import Path

import polars as pl
import pytest

from foedus.cli import main


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["strategy", *args])
    return int(ended.value.code or 0)


def test_shares(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("shares", "anzus", "--on", "2026-06-01", "--nucleolus", "--guideline", "2,3.5") == 0
    said = capsys.readouterr().out
    assert "United States" in said and "Shapley value of 3 members, exact" in said and "the core is empty" in said
    assert "3.5 % by 2025, more" in said and "Assumed:" in said
    assert run("shares", "anzus", "--on", "2026-06-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert sum(m["fair_share"] for m in answer["members"]) == pytest.approx(1)
    for name in ("s.csv", "s.parquet", "s.html"):
        assert run("shares", "anzus", "--on", "2026-06-01", "-o", str(tmp_path / name)) == 0
        assert (tmp_path / name).stat().st_size > 500
    assert pl.read_csv(tmp_path / "s.csv").height == 3


def test_allocate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("allocate", "gcc", "--plan-only") == 0
    said = capsys.readouterr().out
    assert "What to buy" in said and "Who pays" in said and "no plan is below" in said and "assumptions" in said
    assert run("allocate", "gcc", "--plan-only", "-o", str(tmp_path / "plan.json")) == 0
    answer = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert answer["spent"] <= answer["budget"] + 1e-6 and answer["bound"] == pytest.approx(answer["objective"])


def test_a_file_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("examples") == 0
    assert capsys.readouterr().out.split() == ["doctrines", "gcc", "nato", "nato-2010"]
    assert run("examples", "-o", str(tmp_path / "plans")) == 0
    file = tmp_path / "plans" / "gcc.toml"
    chances = tmp_path / "run.toml"
    chances.write_text('"cyber campaign" = 0.0\n"hybrid pressure" = 0.0\n', encoding="utf-8")
    capsys.readouterr()
    assert run("allocate", str(file), "--plan-only", "--probabilities", str(chances), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    bought = {p["package"]: p["money"] for p in answer["packages"]}
    assert bought["network hygiene"] == pytest.approx(0, abs=1e-6)  # nothing that could happen needs it


def test_doctrines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("doctrines", "nato", "--draws", "20", "--on", "2026-06-01", "--era", "since-1945") == 0
    said = capsys.readouterr().out
    assert "tripwire" in said and "6 of 43" in said and "RUS on EST" in said
    assert "automatic sanctions: 37 sanctioning states lost" in said and "not known: texts as they stand" in said
    assert run("doctrines", "nato", "--draws", "5", "--on", "2026-06-01", "-o", str(tmp_path / "d.csv")) == 0
    assert pl.read_csv(tmp_path / "d.csv")["doctrine"].n_unique() == 7


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("shares", "natto"), 'No treaty is called "natto"'),
        (("shares", "anzus", "--function", "mean"), "known: sum, weakest-link, best-shot"),
        (("shares", "anzus", "--function", "no.toml"), "no.toml: cannot be read"),
        (("shares", "anzus", "--guideline", "two"), "--guideline"),
        (("shares", "anzus", "--worth", "log:2"), "is not a worth"),
        (("shares", "anzus", "-o", "nowhere/x.csv"), "There is no folder"),
        (("allocate", "no.toml"), "no.toml: 1 problem"),
        (("allocate", "natto"), "examples: doctrines, gcc, nato, nato-2010"),
        (("allocate", "gcc", "-o", "x.csv"), "must end in .json"),
        (("backtest", "gcc"), "on: a day before 2014"),
        (("allocate", "nato-2010"), "describe 2024 and later, not 2010"),
        (("doctrines", "nato", "--era", "1914"), "known: all, before-1945, since-1945"),
    ],
)
def test_wrong_input_is_explained(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], says: str) -> None:
    assert run(*args) == 2
    said = capsys.readouterr()
    assert says in said.err and "Traceback" not in said.err and not said.out


@pytest.mark.parametrize("command", ["shares", "allocate", "backtest", "doctrines", "examples"])
def test_help_ends_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(command, "--help") == 0
    assert f"Example: foedus strategy {command}" in capsys.readouterr().out
