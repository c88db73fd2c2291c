"""`foedus record check --against atop`: what it prints, what it returns, what it refuses."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from foedus.cli.main import main

Run = Callable[..., tuple[int, str, str]]
AGAINST = ("--against", "atop")
ATOP_FILES = ("atop_v5_0_alliance.csv", "atop_v5_0_member_derived.csv")
MINE = """\
id = "atlantis-1999"
name = "Treaty of Atlantis"
kind = "treaty"
signed = 1999-01-01
in_force = 1999-01-01
atop = [3180]
checked = 2020-01-01
according_to = "recalled"

[[member]]
states = ["FRA", "GBR", "ITA"]
source = "recalled"

[[obligation]]
id = "art1"
article = "1"
says = "Each helps the other."
pledge = "offence"
level = "must_assist"
trigger = "own_attack"
area = "anywhere"
source = "recalled"
"""


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("FOEDUS_SOURCES", raising=False)

    def call(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["record", "check", *args])
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


def test_without_a_folder_it_says_what_to_give(run: Run) -> None:
    code, out, err = run(*AGAINST)
    assert code == 2 and not out and "--sources DIR or FOEDUS_SOURCES" in err and "docs/sources.md" in err


def test_unknown_data_set_is_refused(run: Run) -> None:
    code, _, err = run("--against", "mars", "--sources", ".")
    assert code == 2 and '"mars"' in err and "atop only" in err


def test_missing_and_broken_files_are_named(run: Run) -> None:
    code, _, err = run(*AGAINST, "--sources", "nowhere")
    assert code == 2 and "atop_v5_0_alliance.csv: there is no such file" in err
    Path("atop_v5_0_alliance.csv").write_bytes(b"\x00\xff,\n")
    code, _, err = run(*AGAINST, "--sources", ".")
    assert code == 2 and "atop_v5_0_alliance.csv: no column atopid" in err and "Traceback" not in err


def test_help_names_the_options(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0 and all(option in out for option in ("--against", "--sources", "--all", "FOEDUS_SOURCES"))


def test_whole_comparison(run: Run, shared_sources: Path) -> None:
    code, out, err = run(*AGAINST, "--sources", str(shared_sources))
    assert code == 0 and not err
    assert "day of signature" in out and "ATOP 5.1" in out and "COW 4.1" in out
    assert "explained in the record (--all lists them)" in out and "explained: " not in out and "remark: " not in out


def test_environment_gives_the_folder(run: Run, shared_sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDUS_SOURCES", str(shared_sources))
    code, out, _ = run(*AGAINST, "nato")
    assert code == 0 and "1 alliances that both hold" in out and "ATOP 5.1" not in out


def test_all_and_remarks(run: Run, shared_sources: Path) -> None:
    code, out, _ = run(*AGAINST, "--all", "--remarks", "--sources", str(shared_sources), "sweden-guarantee-1855")
    assert code == 0
    assert re.search(r"explained: sweden-guarantee-1855 \(ATOP 1190\), ended: the record has 1908-04-23, ATOP", out)
    assert "0 are open" in out
    _, out, _ = run(*AGAINST, "--remarks", "--sources", str(shared_sources), "nato")
    assert "remark: nato-1949: no difference was found for [members: " in out


def test_json_holds_the_same(run: Run, shared_sources: Path) -> None:
    code, out, _ = run(*AGAINST, "--json", "--sources", str(shared_sources))
    answer = json.loads(out)
    assert code == 0 and answer["n_unexplained_multilateral"] == 0
    assert answer["n_explained"] + answer["n_unexplained"] == len(answer["differences"])
    assert [d["name"] for d in answer["dyads"]] == ["ATOP 5.1", "COW 4.1"]
    assert set(answer["compared"]) == {"signed", "ended", "members", "entry", "exit", "pledges"}


def test_unexplained_difference_of_three_members_is_an_error(run: Run, shared_sources: Path) -> None:
    treaties = Path("mine/treaties")
    treaties.mkdir(parents=True)
    (treaties / "atlantis-1999.toml").write_text(MINE)
    asked = (*AGAINST, "--sources", str(shared_sources), "--record", "mine", "atlantis-1999")
    code, out, _ = run(*asked)
    assert code == 1 and "open: nato-1949, atlantis-1999 (ATOP 3180), pledges: the record has defence, offence" in out
    (treaties / "atlantis-1999.toml").write_text(
        MINE.replace("atop = [3180]", 'atop = [3180]\ndiffers_from_atop = ["pledges: made up", "members: made up"]')
    )
    assert run(*asked)[0] == 0


def test_dyads_without_their_files_are_left_out(run: Run, shared_sources: Path) -> None:
    for file in ATOP_FILES:
        Path(file).write_bytes((shared_sources / file).read_bytes())
    code, out, _ = run(*AGAINST, "--sources", ".")
    assert code == 0 and "Dyads of ATOP 5.1 were not compared" in out and "Dyads of COW 4.1 were not compared" in out
