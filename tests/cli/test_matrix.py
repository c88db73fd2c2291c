"""`foedus casus --matrix` and the page of a verdict."""

import json
from pathlib import Path

import polars as pl
import pytest

from foedus.cli import main


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([*argv])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


def test_summary_and_file_and_json_agree(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "casus", "--matrix", "--on", "1914-07-01")
    assert code == 0
    assert "1,980 ordered pairs of 45 states" in out
    assert "not known" in out  # no measure of capability without the user's own copy
    path = tmp_path / "m.parquet"
    assert run(capsys, "casus", "--matrix", "--on", "1914-07-01", "-o", str(path))[0] == 0
    frame = pl.read_parquet(path)
    answer = json.loads(run(capsys, "casus", "--matrix", "--on", "1914-07-01", "--json")[1])
    assert frame.height == len(answer) == 1980
    assert frame.to_dicts() == answer


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--attacker", "RUS"], "--matrix together with --attacker"),
        (["--kind", "nonsense"], "not a kind of event"),
        (["-o", "m.txt"], ".csv or .parquet"),
        (["--on", "1815-06-01"], "1816"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path, argv: list[str], says: str) -> None:
    argv = [str(tmp_path / a) if a == "m.txt" else a for a in argv]
    day = [] if "--on" in argv else ["--on", "1914-07-01"]
    code, _, err = run(capsys, "casus", "--matrix", *day, *argv)
    assert code == 2
    assert says in err
    assert list(tmp_path.iterdir()) == []


def test_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "v.html"
    event = ["--attacker", "DEU", "--target", "RUS", "--kind", "declaration_of_war", "--on", "1914-08-01"]
    assert run(capsys, "casus", *event, "-o", str(path))[0] == 0
    assert "must use force" in path.read_text(encoding="utf-8")


def test_capability_of_a_past_year(shared_sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "casus", "--matrix", "--on", "1914-07-01", "--sources", str(shared_sources))
    assert code == 0
    assert "CINC 1914" in out
