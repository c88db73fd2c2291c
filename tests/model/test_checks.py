"""Checks: the numbers behind them on known answers, and that each is about years its fit has not seen."""

import math
from pathlib import Path

import numpy as np
import pytest

from foedus.model import ModelError, calibration
from foedus.model.judging import origins
from foedus.model.registry import MODELS, called, check
from foedus.record import Record, load


@pytest.fixture(scope="module")
def record() -> Record:
    return load()


def test_every_model_has_a_check() -> None:
    assert all(callable(called(m.check)) and callable(called(m.where)) for m in MODELS.values())


def test_true_chances_are_calibrated_and_doubled_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(1, 30, 40_000)
    y, one = (rng.random(p.size) < p).astype(float), np.ones(p.size)

    def far(chances: np.ndarray) -> float:
        rows = [line.split() for line in calibration.tenths(y, chances, one)[1:]]
        return max(abs(float(r[-2]) - float(r[-1])) / math.sqrt(float(r[-2])) for r in rows)

    assert len(calibration.tenths(y, p, one)) == 11 and far(p) < 3.5
    assert far(np.minimum(2 * p, 1)) > 5
    said = calibration.scores(y, p, one)
    assert f"{int(y.sum())} events in 40,000 chances; {p.sum():.1f} were expected." == said[0]
    assert "No event" in calibration.scores(0 * y, p, one)[0]


def test_weights_are_repeated_rows() -> None:
    rng = np.random.default_rng(2)
    p, w = rng.random(200) / 5, rng.integers(1, 4, 200)
    y = (rng.random(200) < p).astype(float)
    w[y == 1] = 1
    y2, p2, every = np.repeat(y, w), np.repeat(p, w), np.ones(w.sum())
    assert calibration.auc(y, p, w.astype(float)) == pytest.approx(calibration.auc(y2, p2, every), rel=1e-12)
    groups = [("low", p < 0.1), ("none", p > 1)]
    repeated = [(n, np.repeat(g, w)) for n, g in groups]
    assert calibration.sums(y, p, w.astype(float), groups) == calibration.sums(y2, p2, every, repeated)


def test_intervals_of_the_truth_cover_and_narrow_ones_do_not() -> None:
    rng = np.random.default_rng(3)
    seen, drawn = rng.normal(size=3000), rng.normal(size=(2000, 3000))
    np.testing.assert_allclose(calibration.covered(drawn, seen), calibration.LEVELS, atol=0.03)
    assert (calibration.covered(drawn / 2, seen) < np.array(calibration.LEVELS) - 0.1).all()
    line = calibration.forecast_line(1999, 5, drawn, seen + 1, seen).split()
    assert float(line[7]) == pytest.approx(1, abs=0.1) and float(line[9]) == 1.0


def test_periods_end_with_the_data() -> None:
    year = np.array([1900, 1950, 2005])
    groups = dict(calibration.by_period(year))
    assert list(groups) == ["1816-1914", "1915-1945", "1946-1989", "1990-2005"]
    assert sum(rows.sum() for rows in groups.values()) == 3


def test_origins_leave_years_to_judge_on() -> None:
    assert origins(None, (1970, 1980, 2018), 1975, 2020, "x") == (1980,)
    assert origins(2015, (), 1975, 2020, "x") == (2015,)
    for until in (1900, 2016):
        with pytest.raises(ModelError, match=r"x: --until .* 1975 to 2015"):
            origins(until, (), 1975, 2020, "x")


def test_regimes_are_all_counted(record: Record) -> None:
    said = check("regime", until=1999, record=record)
    rows = [line.split() for line in said.splitlines() if line.strip().startswith("1999, 2009")]
    classes = np.array([[float(r[3]), float(r[4]), float(r[8])] for r in rows[:4]])
    np.testing.assert_allclose(classes.sum(axis=0), classes[:, 0].sum(), atol=0.25)  # expected ones are rounded
    assert rows[4][2:5] == ["in", "another", "class"]


def test_rivalries_are_judged_on_later_years(record: Record) -> None:
    said = check("rivalry", until=1990, spec={"first": 1945}, record=record)
    assert "judged on 1991-2020" in said and "1946-1989" not in said
    assert said.count("were expected") == 2


def test_growth_intervals_cover_and_beat_naive_ones(shared_sources: Path) -> None:
    said = check("growth", until=1999, sources=shared_sources)
    lines = [line.split() for line in said.splitlines() if line.strip().startswith("from 1999")]
    assert [row[2] for row in lines] == ["1", "5", "10"]
    for row in lines:
        assert 0.6 < float(row[5].rstrip("%")) / 100 < 0.95  # of 80 % intervals
        assert float(row[8]) < float(row[9])


def test_spending_intervals_cover(shared_sources: Path) -> None:
    pytest.importorskip("statsmodels")
    said = check("spending", until=2014, sources=shared_sources)
    lines = [line.split() for line in said.splitlines() if line.strip().startswith("from 2014")]
    assert len(lines) == 3 and all(0.6 < float(row[5].rstrip("%")) / 100 < 0.95 for row in lines)


@pytest.mark.slow
def test_disputes_are_judged_on_later_years(shared_sources: Path) -> None:
    said = check("disputes", until=2003, spec={"first": 1990}, sources=shared_sources)
    assert "judged on 2004-2010" in said and "covered" in said


@pytest.mark.parametrize("name", ["regime", "rivalry", "disputes"])
def test_a_year_that_leaves_nothing_is_named(name: str, record: Record) -> None:
    with pytest.raises(ModelError, match=f"{name}: --until 2024"):
        check(name, until=2024, record=record)
