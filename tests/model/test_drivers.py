"""Drivers: kernels against their twins, the fits against what the record says, draws, and the shipped files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.model import ModelError
from foedus.model.binary import probability
from foedus.model.drivers import growth, kernels, plain, regime, rivalry
from foedus.model.drivers.history import REGIMES, history
from foedus.model.drivers.tails import student_fit
from foedus.model.shipped import shipped
from foedus.record import Record, load

EXACT = 1e-12  # kernel and twin do the same sums, of terms of the order of 1 that may cancel


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield load()


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_growth_and_regime_equal_their_twins(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    now, drift, scale, u = rng.normal(size=n), rng.normal(size=n), rng.random(n), rng.random((n, 2)) + 1e-9
    parameters, shared, out = shipped("growth").draws(1, seed)[0], (rng.random(), rng.random()), np.empty(n)
    kernels.growth_step(now, drift, scale, parameters, shared, u, out)
    np.testing.assert_allclose(out, plain.growth_step(now, drift, scale, parameters, shared, u), rtol=EXACT, atol=EXACT)
    classes, moves = rng.integers(-1, 4, n).astype(np.int8), rng.dirichlet(np.ones(4), 4)
    after = np.empty(n, np.int8)
    kernels.regime_step(classes, moves, u[:, 0], after)
    np.testing.assert_array_equal(after, plain.regime_step(classes, moves, u[:, 0]))


def test_rates_are_those_of_the_fit() -> None:
    onset, end = rivalry.split(np.array(shipped("rivalry").coef))
    row = np.array([1, 6.5, 1, 0, 1, 0, np.log1p(3), 1, 1.0])
    assert kernels.onset_rate(6.5, True, False, True, False, 3, 2, onset) == pytest.approx(
        plain.rate(row, onset), rel=EXACT
    )
    row = np.array([1, np.log1p(9), 0, 1, 6.5, 1.0])
    assert kernels.end_rate(9, False, True, 6.5, end) == pytest.approx(plain.rate(row, end), rel=EXACT)


def test_uniforms_give_the_distributions() -> None:
    from scipy import stats

    u, v = np.random.default_rng(3).random((2, 20_000))
    assert stats.kstest([kernels.student(a, b, 3.5) for a, b in zip(u, v, strict=True)], stats.t(3.5).cdf).pvalue > 0.01
    assert stats.kstest([kernels.normal(a, b) for a, b in zip(u, v, strict=True)], "norm").pvalue > 0.01


def test_tails_recover_what_made_them() -> None:
    from scipy import stats

    found = student_fit(0.3 * stats.t(4).rvs(20_000, random_state=5))
    se = np.sqrt(np.diag(found.covariance))
    assert abs(found.coef[0] - np.log(0.3)) < 3 * se[0]
    assert abs(found.coef[1] - np.log(2)) < 3 * se[1]


def test_history_says_what_the_record_says(record: Record) -> None:
    past = history(record, 1938, 1952)
    at = past.index
    assert past.member[at["POL"], 1945 - 1938] == record.in_system("POL", date(1945, 12, 31))
    assert past.rivals(1950)[at["USA"], at["RUS"]]
    assert past.defended(1950)[at["NOR"], at["USA"]]
    assert not past.defended(1948)[at["NOR"], at["USA"]]
    assert REGIMES[past.regime[at["USA"], 0]] == "electoral_democracy"
    assert past.ln_km[at["USA"], at["RUS"]] == pytest.approx(np.log(7825), abs=0.01)


def test_regime_counts_every_state_year_once(record: Record) -> None:
    model = regime.fit(record=record)
    assert np.sum(list(model.extra["counts"].values())) == model.n
    drawn = regime.draws(model, 400, seed=2)
    np.testing.assert_allclose(drawn.sum(axis=2), 1, rtol=1e-12)
    np.testing.assert_array_equal(regime.draws(model, 10, seed=2), drawn[:10])
    off = ~np.eye(4, dtype=bool)
    error = drawn[:, off].std(axis=0) / 20
    assert (np.abs(drawn[:, off].mean(axis=0) - model.coef) < 4 * error + 1e-4).all()
    assert regime.fit(record=record, until=1985).newest == "1985-12-31"


def test_rivalry_reads_as_expected(record: Record) -> None:
    model = shipped("rivalry")
    assert model.by_term["onset: ln_km"] < 0 < model.by_term["onset: shared_rival"]
    assert model.by_term["onset: democracies"] < 0
    assert model.extra["onset"]["events"] + model.extra["end"]["events"] == model.events
    early = rivalry.fit(record=record, until=1960, spec={"first": 1930})
    assert early.by_term["onset: since_1990"] == 0
    assert "onset: since_1990" in " ".join(early.notes)


@pytest.mark.slow
def test_rivalry_ships_as_refitted(record: Record) -> None:
    assert rivalry.fit(record=record).to_json() == shipped("rivalry").to_json()


def test_rivalry_onsets_add_up(record: Record) -> None:
    """A cloglog without covariates that vary gives back the number of events: the sum of fitted probabilities."""
    past = history(record, 1900, 1960)
    rows = rivalry.onsets(past)
    x, y = rows.x, rows.y
    from foedus.model.binary import regress

    one = regress(x[:, :1], y, ("constant",), link="cloglog")
    assert probability(x[:, :1] @ one.coef, "cloglog").sum() == pytest.approx(y.sum(), rel=1e-8)


@pytest.mark.parametrize("name", ["regime", "rivalry", "growth"])
def test_a_strange_spec_is_named(name: str, record: Record) -> None:
    from foedus.model.registry import fit

    with pytest.raises(ModelError, match=f"{name}, spec"):
        fit(name, spec={"window": 3, "eras": [], "firts": 1}, record=record)


def test_growth_ships_as_refitted(shared_sources: Path) -> None:
    model = growth.fit(sources=shared_sources)
    assert model.to_json() == shipped("growth").to_json()
    assert 0.2 < model.by_term["pull"] < 0.4  # Pritchett and Summers find cross-decade correlations of 0.1 to 0.4
    assert growth.fit(sources=shared_sources, until=1990).newest == "1990-12-31"


def test_growth_recovers_what_made_it() -> None:
    """The long-run variance of simulated growth is that of the process: size^2 nu / (nu - 2) / (1 - rho^2)."""
    rng, n = np.random.default_rng(1), 4000
    parameters = np.array([0.03, 0.3, 0.0, 0.6, -50.0, -4.0, 1.5])  # no shock of the world
    now, drift, one = np.full(n, 0.03), np.full(n, 0.03), np.ones(n)
    for _ in range(25):
        kernels.growth_step(now, drift, one, parameters, (0.5, 0.5), rng.random((n, 2)), now)
    nu = 2 + np.exp(1.5)
    assert now.mean() == pytest.approx(0.03, abs=0.002)
    assert now.std() == pytest.approx(np.exp(-4) * np.sqrt(nu / (nu - 2) / (1 - 0.36)), rel=0.06)
