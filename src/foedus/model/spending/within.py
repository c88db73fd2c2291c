"""Panel regression with state effects, and year effects where asked, errors clustered by state (statsmodels)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import ModelError

_Floats = NDArray[np.float64]
_MOST_ROUNDS = 2000


@dataclass(frozen=True, eq=False)
class Within:
    """coef (p,), covariance (p, p) clustered by state, residuals (n,)."""

    coef: _Floats
    covariance: _Floats
    residuals: _Floats

    @property
    def se(self) -> _Floats:
        """Standard errors (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def within(y: _Floats, x: _Floats, state: NDArray[np.generic], year: NDArray[np.generic] | None = None) -> Within:
    """Least squares of y (n,) on x (n, p) after taking out means by state, and by year where `year` is given.

    Both means are taken out in turn until nothing moves (Frisch, Waugh and Lovell); the clustered covariance is scaled
    by G / (G - 1) (n - 1) / (n - p). Raises ModelError when statsmodels is not installed.
    """
    try:
        from statsmodels.regression.linear_model import OLS
    except ImportError:
        raise ModelError("Fitting this model needs statsmodels. Install it: pip install 'foedus[fit]'") from None
    flat = demeaned(np.column_stack([y, x]), state, year)
    _, group = np.unique(state, return_inverse=True)
    found = OLS(flat[:, 0], flat[:, 1:]).fit(cov_type="cluster", cov_kwds={"groups": group})
    return Within(np.asarray(found.params), np.asarray(found.cov_params()), np.asarray(found.resid))


def demeaned(columns: _Floats, state: NDArray[np.generic], year: NDArray[np.generic] | None) -> _Floats:
    """`columns` (n, k) less their means by state, and by year, to 1e-10 of their spread."""
    flat = columns - columns.mean(axis=0)
    groups = [np.unique(g, return_inverse=True)[1] for g in (state, year) if g is not None]
    small = 1e-10 * (columns.std(axis=0).max() + 1e-300)
    for _ in range(_MOST_ROUNDS if len(groups) > 1 else 1):
        moved = 0.0
        for group in groups:
            sizes = np.bincount(group)
            means = np.stack([np.bincount(group, c) / sizes for c in flat.T], axis=1)
            flat = flat - means[group]
            moved = max(moved, float(np.abs(means).max()))
        if moved < small:
            break
    return np.asarray(flat)
