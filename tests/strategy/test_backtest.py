"""The back-test of 2010: what was counted, and that nothing later reaches the plan."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus import sources
from foedus.cli import main
from foedus.cli.strategy_backtest_text import backtest_json
from foedus.record import Record
from foedus.strategy import PlanError, backtest, example
from foedus.strategy.backtest import chances, planned
from foedus.strategy.counted import COUNTED, years_of
from foedus.strategy.plan_file import read_file

FILE = example("nato-2010")


def test_chances_follow_jeffreys_and_never_sum_above_one() -> None:
    raw = read_file(FILE)
    none = chances(raw, {event: frozenset() for event in COUNTED}, (2001, 2010))
    assert none == pytest.approx([0.5 / 11] * 4)
    every = chances(raw, {event: frozenset(range(2001, 2011)) for event in COUNTED}, (2001, 2010))
    assert every == pytest.approx([0.25] * 4)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("on = 2014-06-01", "on: a day before 2014"),
        ("", "on: a day before 2014, where COW's disputes end; found none"),
    ],
)
def test_a_file_that_cannot_be_back_tested(tmp_path: Path, record: Record, line: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8").replace("on = 2010-12-31", line).replace("cyber campaign", "cyber storm")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        backtest(record, tmp_path, tmp_path / "own.toml")
    assert says in str(caught.value)
    assert 'threat[3].event: "cyber storm" is not counted' in str(caught.value)


def test_what_was_counted(record: Record, shared_sources: Path) -> None:
    members = record.treaty("nato").members_on(date(2010, 12, 31))
    assert len(members) == 28
    before = years_of(shared_sources, members, 2001, 2010)
    after = years_of(shared_sources, members, 2011, 2014)
    assert not before["attack from the east"] and after["attack from the east"] == {2014}
    assert before["attack from elsewhere"] == {2001, 2002, 2004, 2005, 2006, 2009}


def test_the_plan_of_2010_against_what_came(
    record: Record, shared_sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = backtest(record, shared_sources, FILE)
    assert (found.before, found.after) == ((2001, 2010), (2011, 2014))
    judged = {p.name: p.objective for p in found.plans}
    assert judged["with hindsight"] <= judged["planned in 2010"] + 1e-6  # nothing beats the best plan for what came
    assert judged["planned in 2010"] < judged["same for every package"] < judged["nothing bought"]
    assert all(0 < c.before < 1 and 0 < c.after < 1 for c in found.chances)
    assert 0 <= found.moved <= 1
    backtest_json(found)
    assert json.loads(capsys.readouterr().out)["before"] == [2001, 2010]


def test_the_plan_of_2010_cannot_see_2014(
    record: Record, shared_sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any row of a later year the plan is the same to the last bit; without 2009 it is another, so this test
    could fail."""
    whole = planned(record, shared_sources, FILE)
    with monkeypatch.context() as patch:
        patch.setattr(sources, "read", keeping(lambda year: year <= 2010))
        assert planned(record, shared_sources, FILE).units.tobytes() == whole.units.tobytes()
    monkeypatch.setattr(sources, "read", keeping(lambda year: year != 2009))
    assert not np.allclose(planned(record, shared_sources, FILE).units, whole.units)


def keeping(kept: Callable[[pl.Expr], pl.Expr]) -> Callable[[str, Path], pl.DataFrame]:
    """`sources.read` as if the data sets held these years only."""
    read = sources.read

    def fewer(name: str, where: Path) -> pl.DataFrame:
        frame = read(name, where)
        if name == "dcid_incidents":
            return frame.filter(kept(pl.col("interactionstartdate").str.slice(0, 4).cast(pl.Int32)))
        return frame.filter(kept(pl.col("year"))) if "year" in frame.columns else frame

    return fewer


def test_the_command(shared_sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["strategy", "backtest", "--sources", str(shared_sources)])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "planned in 2010" in said and "only probabilities are tested" in said
