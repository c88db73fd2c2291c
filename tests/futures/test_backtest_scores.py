"""Scores against values worked out by hand and against plain twins."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.futures.backtest import scores

chances = st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=25)


def arrays(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs]), np.array([y for _, y in pairs])


def test_known_values() -> None:
    p, y = np.array([0.8, 0.3]), np.array([True, False])
    assert scores.brier(p, y) == pytest.approx((0.04 + 0.09) / 2)
    assert scores.log_score(p, y) == pytest.approx(-(math.log(0.8) + math.log(0.7)) / 2)
    assert scores.skill(0.1, 0.2) == 0.5
    assert scores.skill(0.1, 0.0) is None
    assert scores.skill(0.1, np.inf) is None


@given(chances)
def test_equal_plain_twins(pairs) -> None:
    p, y = arrays(pairs)
    assert scores.brier(p, y) == pytest.approx(sum((a - b) ** 2 for a, b in pairs) / len(pairs))
    plain = -sum(math.log(a if b else 1 - a) for a, b in pairs) / len(pairs)
    assert scores.log_score(p, y) == pytest.approx(plain)


def test_what_was_called_impossible_costs_everything() -> None:
    assert scores.log_score(np.array([0.0]), np.array([True])) == np.inf
    assert scores.log_score(np.array([0.0]), np.array([False])) == 0.0


def test_the_truth_is_the_best_forecast_on_average() -> None:
    """Proper: no constant forecast beats the true chance in expectation."""
    truth = 0.2
    grid = np.linspace(0.01, 0.99, 99)
    for judge in (scores.brier, scores.log_score):
        expected = [
            truth * judge(np.array([g]), np.array([True])) + (1 - truth) * judge(np.array([g]), np.array([False]))
            for g in grid
        ]
        assert grid[int(np.argmin(expected))] == pytest.approx(truth)


@given(chances)
def test_calibration_counts_every_forecast_once(pairs) -> None:
    p, y = arrays(pairs)
    bins = scores.calibration(p, y)
    assert sum(b.n for b in bins) == len(pairs)
    assert sum(b.happened for b in bins) == y.sum()
    for b in bins:
        assert b.low - 1e-12 <= b.mean_forecast <= b.high + 1e-12  # rounding
        assert 0.0 <= b.share_low <= b.share + 1e-12 and b.share <= b.share_high + 1e-12 <= 1.0 + 1e-12


def test_wilson_known_value() -> None:
    # 10 of 20 at 90 per cent: centre 0.5, half width z sqrt(1/80 + z^2/1600) / (1 + z^2/20)
    z = 1.6448536269514722
    half = z * math.sqrt(0.25 / 20 + z * z / 1600) / (1 + z * z / 20)
    assert scores.wilson(10, 20) == pytest.approx((0.5 - half, 0.5 + half))
    assert scores.wilson(0, 20)[0] == 0.0


@given(chances)
def test_average_precision_equals_plain(pairs) -> None:
    p, y = arrays(pairs)
    if not y.any():
        assert scores.precision_recall(p, y).recall.size == 0
        return
    plain, before = 0.0, 0.0
    for threshold in sorted(set(p.tolist()), reverse=True):
        chosen = p >= threshold
        recall = y[chosen].sum() / y.sum()
        plain += (recall - before) * y[chosen].mean()
        before = recall
    assert scores.precision_recall(p, y).average_precision == pytest.approx(plain)


def test_a_constant_forecast_has_the_base_rate_as_precision() -> None:
    y = np.array([True] * 3 + [False] * 7)
    assert scores.precision_recall(np.full(10, 0.5), y).average_precision == pytest.approx(0.3)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=15), st.integers(0, 50))
def test_crps_equals_its_energy_form(draws, observed) -> None:
    x = np.array(draws, float)
    plain = np.abs(x - observed).mean() - np.abs(x[:, None] - x).mean() / 2
    assert scores.crps(x, observed) == pytest.approx(plain, abs=1e-9)


def test_cluster_weights_depend_on_the_seed_alone() -> None:
    one, two = scores.cluster_weights(5, 3, 7), scores.cluster_weights(5, 3, 7)
    assert np.array_equal(one, two) and not np.array_equal(one, scores.cluster_weights(5, 3, 8))


def test_the_parts_of_a_score_add_up_to_it() -> None:
    """Forecasts of three values only, one bin each: no spread within a bin, so Murphy's sum is the score."""
    rng = np.random.default_rng(3)
    p = rng.choice([0.05, 0.2, 0.7], 500)
    happened = rng.random(500) < 0.5 * p + 0.1
    bins = scores.calibration(p, happened)
    found = scores.parts([b.n for b in bins], [b.mean_forecast for b in bins], [b.share for b in bins])
    assert found.reliability - found.resolution + found.uncertainty == pytest.approx(scores.brier(p, happened))
    assert min(found.reliability, found.resolution) > 0


def test_right_levels_cost_nothing_and_one_level_sorts_nothing() -> None:
    assert scores.parts([10, 10], [0.2, 0.6], [0.2, 0.6]).reliability == 0
    assert scores.parts([10, 10], [0.2, 0.6], [0.4, 0.4]).resolution == 0
