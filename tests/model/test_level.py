"""The level of a hazard at the end of its data: against a slow twin, on invented counts, and in draws for forecasts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, nbinom
from tests.model.small_world import lived

from foedus.model.envelope import Fitted
from foedus.model.membership import hazards
from foedus.model.membership.level import AHEAD, FIRST, HALF_LIVES, PRIOR_EVENTS, level, levelled
from foedus.model.shipped import shipped


def twin(observed: list[int], expected: list[float]) -> tuple[float, float]:
    """(mean, log_sd) in plain loops, with SciPy's negative binomial and numbers drawn from the gamma posteriors."""
    found = []
    for half_life in HALF_LIVES:
        for prior in PRIOR_EVENTS:
            a = b = score = 0.0
            for t, (n, e) in enumerate(zip(observed, expected, strict=True)):
                a, b = a * 0.5 ** (1 / half_life) + n, b * 0.5 ** (1 / half_life) + e
                if FIRST <= t < len(observed) - AHEAD:
                    due = sum(expected[t + 1 : t + 1 + AHEAD])
                    p = (b + prior) / (b + prior + due)
                    score += nbinom.logpmf(sum(observed[t + 1 : t + 1 + AHEAD]), a + prior, p) / AHEAD
            found.append((score, a + prior, b + prior))
    scores, shapes, rates = np.array(found).T
    weight = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    points = (np.arange(2000) + 0.5) / 2000
    logs = np.log(np.array([gamma.ppf(points, a, scale=1 / b) for a, b in zip(shapes, rates, strict=True)]))
    mean = float((weight[:, None] * logs).sum() / 2000)
    return float(weight @ (shapes / rates)), float(np.sqrt((weight[:, None] * (logs - mean) ** 2).sum() / 2000))


@settings(max_examples=15)
@given(years=st.lists(st.tuples(st.integers(0, 9), st.floats(0.1, 8.0)), min_size=1, max_size=50))
def test_the_level_equals_its_twin(years: list[tuple[int, float]]) -> None:
    observed, expected = [n for n, _ in years], [e for _, e in years]
    found = level(np.array(observed, float), np.array(expected))
    mean, log_sd = twin(observed, expected)
    assert found.mean == pytest.approx(mean, rel=1e-9)
    assert found.log_sd == pytest.approx(log_sd, rel=0.02)  # the twin's quantiles end before the gammas do


@pytest.mark.parametrize(("last", "low", "high"), [(1.0, 0.85, 1.15), (0.3, 0.2, 0.55), (2.5, 1.8, 3.0)])
def test_the_level_follows_the_events(last: float, low: float, high: float) -> None:
    rng = np.random.default_rng(8)
    expected = np.full(150, 4.0)
    true = np.where(np.arange(150) < 130, 1.0, last)
    found = level(rng.poisson(expected * true).astype(float), expected)
    assert low < found.mean < high


def test_a_steady_rate_is_not_forgotten_and_a_drifting_one_is() -> None:
    rng = np.random.default_rng(9)
    expected = np.full(200, 5.0)
    steady = level(rng.poisson(expected).astype(float), expected)
    drift = np.exp(np.cumsum(rng.normal(0.0, 0.25, 200)))
    moving = level(rng.poisson(expected * drift / drift.mean()).astype(float), expected)
    assert steady.lasting > 0.05 > moving.lasting
    assert steady.half_life > moving.half_life


def test_few_years_tell_nothing_of_forgetting() -> None:
    found = level(np.ones(FIRST + AHEAD), np.ones(FIRST + AHEAD))
    assert found.mean == pytest.approx(1.0)
    assert found.lasting == pytest.approx(1 / len(HALF_LIVES))


def fit_with(centre: list[float], mean: float = 0.5, log_sd: float = 0.3) -> Fitted:
    fit = hazards.fit_history(
        hazards.PROCESSES["termination"], lived(3), hazards.HazardSpec(since=1950, terms=("one", "rivals", "allied"))
    )
    told = {"mean": mean, "log_sd": log_sd, "half_life": 5.0, "lasting": 0.1, "centre": centre}
    return replace(fit, extra={**fit.extra, "level": told})


def test_draws_meet_the_level_at_the_centre() -> None:
    fit = fit_with([0.2, 0.5])
    at = np.array([1.0, 0.2, 0.5])
    now = levelled(fit)
    eta = now.draws(200_000, seed=5) @ at
    assert eta.std() == pytest.approx(0.3, rel=0.01)
    assert np.exp(eta).mean() == pytest.approx(0.5 * np.exp(at @ np.array(fit.coef)), rel=0.01)
    assert now.coef[1:] == fit.coef[1:] and now.cov[1:, 1:] == pytest.approx(fit.cov[1:, 1:])


def test_a_fit_without_a_level_stays_as_it_is() -> None:
    plain = fit_with([0.2, 0.5])
    plain = replace(plain, extra={k: v for k, v in plain.extra.items() if k != "level"})
    assert levelled(plain) is plain


def test_what_came_later_does_not_move_the_level() -> None:
    whole = lived(1)
    cut = whole.last - 12
    process, spec = hazards.PROCESSES["termination"], hazards.HazardSpec(since=1950, terms=("one", "rivals"))
    early = hazards.fit_history(process, whole.up_to(cut), spec).extra["level"]
    busy = replace(whole.treaties, ended=np.where(whole.treaties.ended > cut, cut + 1, whole.treaties.ended))
    other = replace(whole, treaties=busy)
    assert hazards.fit_history(process, other.up_to(cut), spec).extra["level"] == early


@pytest.mark.parametrize("name", ["accession", "withdrawal", "termination"])
@pytest.mark.parametrize("data", ["record", "atop"])
def test_shipped_hazards_tell_their_level(name: str, data: str) -> None:
    fit = shipped(name, data)
    told = fit.extra["level"]
    assert 0.2 < told["mean"] < 2 and 0 < told["log_sd"] < 1
    assert len(told["centre"]) == len(fit.terms) - 1
    assert np.linalg.eigvalsh(levelled(fit).cov).min() > -1e-9


def test_alliances_have_ended_less_often_of_late_than_the_fit_says() -> None:
    assert shipped("termination", "atop").extra["level"]["mean"] < 0.8
