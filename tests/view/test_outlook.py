"""The outlook: a kept baseline run, what a brief says of it, and its charts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from foedus.futures import baseline
from foedus.futures.backtest.result import shipped
from foedus.record import Record
from foedus.view import theme
from foedus.view.brief import outlook
from foedus.view.brief.moment import Moment
from foedus.view.document import Citations, KeyFigures, Picture, Section, Table
from foedus.view.outlook import skill_chart

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def few_worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("FOEDUS_CACHE", str(cache))
        patch.setattr(baseline, "WORLDS", 20)
        outlook._runs.clear()
        yield cache
        outlook._runs.clear()


def made(record: Record, asked: str, day: date = DAY) -> list[Section]:
    treaty = record.treaty(asked)
    return outlook.sections(Moment(record, treaty, day, Citations(record, treaty)))


def test_the_run_is_made_once_and_says_so(record: Record, few_worlds: Path) -> None:
    heard: list[str] = []
    first = baseline.baseline(record, heard.append)
    again = baseline.baseline(record, heard.append)
    assert first.folder == again.folder and first.folder.is_relative_to(few_worlds)
    assert len(heard) == 1 and "made once" in heard[0]


def test_a_damaged_run_is_made_again(record: Record, few_worlds: Path) -> None:
    store = baseline.baseline(record)
    part = store.file("sizes", 0)
    whole = part.read_bytes()
    part.write_bytes(whole[:-10])
    heard: list[str] = []
    assert baseline.baseline(record, heard.append).file("sizes", 0).read_bytes() == whole
    assert heard


def test_only_so_many_runs_are_kept(few_worlds: Path) -> None:
    folder = baseline.folder()
    for k in range(6):
        (folder / f"old{k}").mkdir(parents=True)
    baseline._forget(folder / "new")
    assert len(list(folder.iterdir())) == baseline._KEPT - 1
    for left in folder.iterdir():
        left.rename(few_worlds / left.name)


def test_a_treaty_in_force_has_an_outlook(record: Record, few_worlds: Path) -> None:
    (section,) = made(record, "nato")
    figures = next(b for b in section.blocks if isinstance(b, KeyFigures))
    assert figures.figures[0].value.endswith("%")
    low, high = (int(x) for x in figures.figures[2].value.split(" to "))
    assert 0 <= low <= int(figures.figures[1].value) <= high
    table = next(b for b in section.blocks if isinstance(b, Table))
    shares = [float(row[1].rstrip("%")) for row in table.rows]
    assert shares == sorted(shares, reverse=True)
    for picture in (b for b in section.blocks if isinstance(b, Picture)):
        for width in (theme.WIDE, theme.NARROW):
            assert "<svg" in theme.svg(picture.draw(width))


@pytest.mark.parametrize("asked", ["warsaw pact", "league-1919"])
def test_what_is_over_has_none(asked: str, record: Record, few_worlds: Path) -> None:
    assert made(record, asked) == []


def test_a_day_of_the_past_has_none(record: Record, few_worlds: Path) -> None:
    assert made(record, "nato", date(1999, 1, 1)) == []


def test_what_is_not_simulated_says_why(record: Record, few_worlds: Path) -> None:
    (section,) = made(record, "un-charter-1945")
    assert "It is not simulated" in str(section.blocks)


def test_the_chart_of_skill_shows_every_comparison() -> None:
    found = shipped("atop")
    if found is None:
        pytest.skip("no back-test on ATOP ships yet")
    chart = skill_chart(found, ("new ties",))
    assert chart is not None
    rows = (row for data in chart.to_dict()["datasets"].values() for row in data)
    assert {(r["question"], r["reference"]) for r in rows if "question" in r} == {
        (f"new ties, {s.horizon} years", s.reference)
        for s in found.skills
        if s.level == "new ties" and s.origin is None and s.score == "brier" and s.skill is not None
    }
