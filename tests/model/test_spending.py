"""Spending: kernels against their twins, the within estimator, draws over designs, the fit to the user's files."""

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.model import ModelError
from foedus.model.shipped import shipped
from foedus.model.spending import fit as process
from foedus.model.spending import kernels, plain
from foedus.model.spending.guideline import _pooled
from foedus.model.spending.within import demeaned, within

EXACT = 1e-12


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(2, 25))
def test_kernels_equal_their_twins(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(0, 0.3, n) for _ in range(5)]
    guideline, pull, scale = 2 * rng.integers(0, 2, n), rng.random(n), rng.random(n)
    parameters, u, out = process.draws(shipped("spending"), 1, seed)[0], rng.random((n, 2)) + 1e-9, np.empty(n)
    arguments: Any = (*arrays, guideline.astype(float), pull, scale, parameters, u)
    step: Any = kernels.spending_step
    step(*arguments, out)
    np.testing.assert_allclose(out, plain.spending_step(*arguments), rtol=1e-10, atol=EXACT)
    money: Any = [np.where(rng.random(n) < 0.1, np.nan, rng.random(n) + 0.1) for _ in range(4)]
    allies = [sorted(rng.choice(n, rng.integers(0, n), replace=False).tolist()) for _ in range(n)]
    start = np.concatenate([[0], np.cumsum([len(a) for a in allies])])
    flat = np.array([j for a in allies for j in a], np.int32)
    effort: Any = kernels.spill_growth
    plainly: Any = plain.spill_growth
    effort(*money, start, flat, out)
    np.testing.assert_allclose(out, plainly(*money, allies), rtol=1e-9, atol=EXACT)


def test_a_state_without_a_share_stays_without() -> None:
    nothing, one, out = np.array([np.nan]), np.ones(1), np.zeros(1)
    u = np.full((1, 2), 0.5)
    kernels.spending_step(nothing, nothing, one, one, one, one, one, one, np.array(shipped("spending").coef), u, out)
    assert np.isnan(out[0])


def test_the_guideline_pulls_up_and_never_down() -> None:
    quiet = np.array([1.0, 0, 0, 0, -50, 0, 0.1])
    zero, u, out = np.zeros(2), np.full((2, 2), 0.5), np.empty(2)
    shares = np.log([1.0, 4.0])
    kernels.spending_step(shares, zero, zero, zero, zero, np.full(2, 2.0), np.full(2, 0.1), zero, quiet, u, out)
    np.testing.assert_allclose(np.exp(out), [1.1, 4.0], rtol=1e-12)


def test_within_equals_dummies() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(4)
    state, year = np.repeat(np.arange(12), 20), np.tile(np.arange(20), 12)
    kept = rng.random(240) < 0.8  # unbalanced: both means must be taken out in turn
    state, year = state[kept], year[kept]
    x = rng.normal(size=(kept.sum(), 2)) + 0.1 * state[:, None] + 0.05 * year[:, None]
    y = x @ [0.5, -1] + state + np.sin(year) + rng.normal(size=kept.sum())
    dummies = np.column_stack([x, state[:, None] == np.arange(12), year[:, None] == np.arange(1, 20)]).astype(float)
    np.testing.assert_allclose(within(y, x, state, year).coef, sm.OLS(y, dummies).fit().params[:2], rtol=1e-7)
    flat = demeaned(x, state, year)
    assert np.abs([flat[state == s].mean(axis=0) for s in range(12)]).max() < 1e-8


def test_without_statsmodels_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def none(name: str, *rest: object, **more: object) -> object:
        if name.startswith("statsmodels"):
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(ModelError, match=r"foedus\[fit\]"):
        within(np.zeros(3), np.zeros((3, 1)), np.arange(3))


def test_members_that_do_not_differ_are_pooled_whole() -> None:
    same = _pooled({"A": (0.1, 0.01), "B": (0.12, 0.01), "C": (0.09, 0.01)})
    assert same.between == 0
    assert set(same.by_state.values()) == {same.mean}
    apart = _pooled({"A": (0.0, 1e-6), "B": (0.5, 1e-6), "C": (1.0, 1e-6)})
    assert apart.by_state["C"] == pytest.approx(1.0, abs=1e-3)
    assert apart.between == pytest.approx(0.5, rel=0.01)


def test_draws_span_what_is_disputed() -> None:
    model = shipped("spending")
    drawn = process.draws(model, 3000, seed=7)
    assert 0.2 < (drawn[:, 2] > 0).mean() < 0.8
    assert (drawn[:, 6] >= 0).all()
    np.testing.assert_array_equal(process.draws(model, 5, seed=7), drawn[:5])
    assert sum(d["weight"] for d in model.extra["designs"].values()) == pytest.approx(1)
    error = drawn.std(axis=0)[1:4] / np.sqrt(3000)
    assert (np.abs(drawn.mean(axis=0)[1:4] - model.coef[1:4]) < 4 * error).all()


def test_a_strange_spec_is_named() -> None:
    with pytest.raises(ModelError, match="spill_prior"):
        process.fit(spec={"prior_weight": 2})


def test_ships_as_refitted(shared_sources: Path) -> None:
    pytest.importorskip("statsmodels")
    model = process.fit(sources=shared_sources)
    assert model.to_json() == shipped("spending").to_json()
    assert 0.7 < model.by_term["rho"] < 1


@pytest.mark.parametrize(
    ("options", "wanted", "errors"),
    [
        ({}, (0.8412, 0.1627, 0.0660, 0.0098), (0.0148, 0.0270, 0.0291, 0.0081)),
        ({"without_usa": True}, (0.8300, 0.1537, 0.0912, 0.0114), (0.0189, 0.0277, 0.0287, 0.0089)),
    ],
)
def test_demand_within_nato(shared_sources: Path, options, wanted, errors) -> None:
    """Reference values rest on another GDP series, which no file holds: coefficients agree to 1.3 of their errors."""
    pytest.importorskip("statsmodels")
    from foedus.model.spending import demand

    found = demand.fit(demand.rows(shared_sources), **options)
    np.testing.assert_array_less(np.abs(found.coef - wanted), 1.3 * np.array(errors))
    assert found.coef[2] > 0  # the naive spill: the common shock
    assert 0.9 < demand.long_run_income(found) < 1.5
