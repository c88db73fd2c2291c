"""Every command answers with a table and with JSON, and its help ends with an example that runs."""

import json
import re
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from foedus.cli.main import COMMANDS, help_text, main

Run = Callable[..., tuple[int, str, str]]
ASKED = {
    "list": (("--on", "1914-06-28", "--pledge", "defence"), "dual-alliance-1879"),
    "list --state": (("--state", "FRA", "--on", "1914-06-28"), "Treaties in force on 1914-06-28 of France"),
    "list --all": (("--all",), "chaumont-1814"),
    "show": (("nato", "--on", "1990-10-03"), "North Atlantic Treaty (NATO)"),
    "show csto": (("csto",), "Suspensions"),
    "state": (("POL", "--on", "1939-08-31"), "Poland (POL)"),
    "why": (("nato", "burden_share", "poland", "--on", "2026-06-01"), "share of the expenditure of NATO"),
    "why in_force": (("nato", "in_force"), "24 August 1949"),
    "why member": (("nato", "sweden"), "7 March 2024"),
    "why figure": (("POL", "gdp_musd"), "[observed]"),
    "why spending": (("POL", "milex"), "[derived]"),
    "why member first": (("nato", "poland", "milex"), "Poland, military expenditure"),
    "why two words": (("nato", "burden", "share", "poland", "--on", "2026-06-01"), "Poland, share of"),
    "why guideline": (("nato", "guideline", "--on", "2026-06-01"), "agreed 11 July 2023: 2 per cent of gdp"),
    "why overlaps": (("anzus", "overlaps", "--on", "1960-01-01"), "measure.overlaps"),
    "why institution": (("nato", "SHAPE"), "[[institution]]"),
    "why sign": (("nato", "kappa_mean", "--on", "2020-01-01"), "measure.profile"),
    "why state": (("germany",), "member of the inter-state system from 1 January 1816 to 9 May 1945"),
    "why nuclear": (("france", "nuclear"), "13 February 1960"),
    "why capital": (("germany", "capital", "--on", "1970-01-01"), "capital"),
    "why border": (("POL", "borders"), "land border with Belarus"),
    "why regime": (("POL", "regime", "--on", "1980-01-01"), "closed autocracy"),
    "why parties": (("nato", "parties", "--on", "2026-06-01"), "32 parties"),
    "why article": (("nato", "art5"), "[[obligation]] art5"),
    "why obligations": (("nato", "obligations"), "art5"),
    "record": (("check", "nato-1949"), "membership spells"),
}


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "120")

    def call(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(args))
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_as_table_and_as_json(run: Run, name: str) -> None:
    args, says = ASKED[name]
    command = name.split(maxsplit=1)[0]
    code, out, err = run(command, *args)
    assert (code, err) == (0, "") and says in out
    code, out, err = run(command, *args, "--json")
    assert (code, err) == (0, "") and json.loads(out)


@pytest.mark.parametrize("measure", ["milex", "gdp_share", "concentration", "effective_number", "gini"])
def test_why_a_measure(run: Run, measure: str) -> None:
    code, out, _ = run("why", "nato", measure, "--on", "2026-06-01")
    assert code == 0 and out.startswith("[derived] ") and "[observed, text] source: " in out


@pytest.mark.parametrize("asked", ["north atlantic treaty", "NATO", "nato-1949", "otan"])
def test_names_are_forgiving(run: Run, asked: str) -> None:
    assert run("show", asked, "--json")[1] == run("show", "nato", "--json")[1]


def test_without_a_day_it_is_today(run: Run) -> None:
    assert json.loads(run("show", "nato", "--json")[1])["on"] == date.today().isoformat()
    assert json.loads(run("show", "nato", "--on", "today", "--json")[1])["on"] == date.today().isoformat()


def test_defence_pacts_of_july_1914(run: Run, golden: Callable[[str, str], None]) -> None:
    code, out, _ = run("list", "--on", "1914-07-28", "--pledge", "defence", "--json")
    assert code == 0
    golden("list-defence-1914.json", out)


def test_the_help_names_every_command(run: Run) -> None:
    for args in ((), ("--help",), ("help",)):
        assert run(*args) == (0, help_text() + "\n", "")
    assert all(f"\n  {name}" in help_text() for name in COMMANDS)
    assert run("--version")[1].startswith("foedus ")


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "record"])
def test_help_ends_with_an_example_that_runs(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    last = out.strip().rsplit("\n\n", 1)[-1]
    assert code == 0 and last.strip().startswith("Example: foedus " + command)
    example = re.sub(r"\s+", " ", last.strip()).removeprefix("Example: foedus ")
    if command in ("model", "serve"):
        return  # the one reads the user's own events, the other serves until it is stopped
    code, out, err = run(*shlex.split(example))
    assert code == 0, f"foedus {example}\n{err}"


def test_the_last_example_of_the_main_help_runs(run: Run) -> None:
    example = help_text().rsplit("Example: foedus ", 1)[1]
    assert run(*shlex.split(example))[0] == 0
