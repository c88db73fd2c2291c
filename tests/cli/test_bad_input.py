"""Wrong input: exit code 2, one clear message on stderr, nothing on stdout, no traceback, no file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_commands import Run, run

__all__ = ["run"]  # the fixture

BAD = [
    ("frobnicate", 'no command "frobnicate"'),
    ("breif nato", "Did you mean: foedus brief?"),
    ("show natto", "Nearest: nato-1949"),
    ("show", "Missing argument 'TREATY'"),
    ("state polland", "Nearest: Poland (POL)"),
    ("list --state 9999", "No state is called"),
    ("list --pledge love", "Kinds: defence, offence"),
    ("list --bogus", "No such option"),
    ("list --on", "requires an argument"),
    ("brief nato --on 2026-02-30", "is not a day"),
    ("brief nato --on 1914", "is not a day"),
    ("brief nato --on 20260101", "is not a day"),
    ("brief nato --on 1813-12-31", "begins in 1814"),
    ("show nato --on 2100-01-02", "lies outside the record"),
    ("brief nato extra", "unexpected extra argument"),
    ("brief nato --format docx", "expected html or pdf"),
    ("brief nato -o x.docx", "expected html or pdf"),
    ("brief nato -o missing/x.html", "There is no folder missing"),
    ("brief nato -o folder", "is a folder"),
    ("atlas -o missing/x.pdf", "There is no folder missing"),
    ("brief natto -o x.html", "Nearest"),
    ("why", "Missing argument"),
    ("why nowhere", "No treaty is called"),
    ("why nato love", "No figure is called"),
    ("why nato poland love", "No figure is called"),
    ("why POL love", "Name a figure of Poland"),
    ("why POL milx", "Nearest: milex_musd"),
    ("why nato cinc_top_share --on 1960-01-01", "NATO has no cinc_top_share in 1960"),
    ("why POL nuclear", "The record holds nothing on Poland"),
    ("why nato guideline --on 1960-01-01", "The record holds no guideline of NATO on 1 January 1960"),
    ("show us-japan", '"us-japan" may mean us-japan-1951, us-japan-1960'),
    ("why nato austria", "It was never a member of NATO"),
    ("why warsaw-pact milex", "has no such figure"),
    ("why nato burden_share austria --on 2026-06-01", "is no party of NATO"),
    ("record", "Missing command"),
    ("record love", "No such command"),
    ("record check love", "No treaty is called"),
    ("list --record missing", "is not a folder"),
    ("brief nato -o x.html --record empty", "holds no file of a record"),
    ("brief nato -o x.html --record broken", "not valid TOML"),
]


@pytest.mark.parametrize(("line", "says"), BAD, ids=[line for line, _ in BAD])
def test_wrong_input(run: Run, tmp_path: Path, line: str, says: str) -> None:
    for name in ("folder", "empty", "broken/treaties"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "broken" / "treaties" / "x-2000.toml").write_text("id = \n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*line.split())
    assert (code, out) == (2, "") and says in err and "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    code, _, err = run("brief", "nato", "-o", "shut/x.html")
    assert code == 2 and "permission denied" in err


def test_permission_is_asked_before_the_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    code, out, err = run("brief", "nato", "-o", "x.html")
    assert (code, out) == (2, "") and "permission denied" in err


def foedus(tmp_path: Path, *args: str, code: str = "from foedus.cli import main; main()") -> list[str]:
    return [sys.executable, "-c", code, *args]


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        foedus(tmp_path, "list", "--all", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout and writer.stderr
    assert writer.stdout.readline() == "[\n"
    writer.stdout.close()
    said = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait() == 0 and said == ""


def test_help_loads_no_library(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom foedus.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'altair', 'typer', 'rich', 'jinja2', 'msgspec', 'numpy', 'typst', 'vl_convert'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(foedus(tmp_path, code=code), capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]" and done.stdout.startswith("Usage: foedus COMMAND")


def test_an_interruption_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from foedus.cli import list_command

    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(list_command, "app", lambda **kwargs: stop())
    assert run("list") == (130, "", "Stopped.\n")
