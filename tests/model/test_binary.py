"""Regression of 0 and 1 against statsmodels, and what it refuses."""

import numpy as np
import pytest

from foedus.model import Collinear, EventsError, Separated
from foedus.model.binary import Link, regress

RTOL = 1e-6  # both stop when the log-likelihood no longer moves in the tenth digit
ERRORS = 0.001  # statsmodels scales clusters by (n - 1) / (n - p) too


def _made(link: Link):
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(4000), rng.normal(size=4000), rng.normal(30, 50, 4000)])
    eta = x @ [-3, 0.5, 0.01]
    p = 1 / (1 + np.exp(-eta)) if link == "logit" else -np.expm1(-np.exp(eta))
    return x, rng.random(4000) < p, rng.integers(0, 200, 4000)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_equals_statsmodels(link: Link) -> None:
    sm = pytest.importorskip("statsmodels.api")
    x, y, group = _made(link)
    ours = regress(x, y, ("constant", "a", "b"), link=link, cluster=group)
    family = sm.families.Binomial(getattr(sm.families.links, {"logit": "Logit", "cloglog": "CLogLog"}[link])())
    theirs = sm.GLM(y.astype(float), x, family=family).fit(cov_type="cluster", cov_kwds={"groups": group})
    np.testing.assert_allclose(ours.coef, theirs.params, rtol=RTOL)
    np.testing.assert_allclose(ours.se, theirs.bse, rtol=ERRORS)
    assert ours.loglik == pytest.approx(theirs.llf, rel=1e-10)


def test_weights_are_repeated_rows() -> None:
    x, y, _ = _made("logit")
    twice = regress(np.repeat(x, 2, axis=0), np.repeat(y, 2), ("c", "a", "b"))
    weighted = regress(x, y, ("c", "a", "b"), weight=np.full(len(y), 2.0))
    np.testing.assert_allclose(weighted.coef, twice.coef, rtol=1e-9)
    np.testing.assert_allclose(weighted.covariance, twice.covariance, rtol=1e-9)


@pytest.mark.parametrize(
    ("spoil", "error", "names"),
    [
        (lambda x, y: (x, y & False), EventsError, "0 events"),
        (lambda x, y: (np.column_stack([x[:, :2], x[:, 1] * 2]), y), Collinear, "a, b"),
        (lambda x, y: (np.column_stack([x[:, :2], y.astype(float)]), y), Separated, "b"),
        (lambda x, y: (np.where(np.arange(3) == 2, np.nan, x), y), EventsError, "b: a value is missing"),
        (lambda x, y: (x * [1, 1, 0], y), Collinear, "b: 0 in every row"),
    ],
)
def test_what_it_refuses(spoil, error, names) -> None:
    x, y, _ = _made("logit")
    with pytest.raises(error, match=names):
        x, y = spoil(x, y)
        regress(x, y, ("c", "a", "b"))
