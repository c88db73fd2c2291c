"""Did it happen or not: regression of 0 and 1 by Fisher scoring, with errors clustered by unit.

For discrete-time hazards (link "cloglog": exp(coef) is a ratio of rates) and for logit models. Rows may be weighted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import Collinear, EventsError, Separated

Link = Literal["logit", "cloglog"]
_Floats = NDArray[np.float64]
_MOST_STEPS = 50
_LARGE = 15.0  # |coef| times the standard deviation of its column
_SINGULAR = 1e-12


@dataclass(frozen=True, eq=False)
class Binary:
    """coef (p,); covariance (p, p), clustered where clusters were given; loglik at coef; n rows, n_events ones."""

    terms: tuple[str, ...]
    coef: _Floats
    covariance: _Floats
    loglik: float
    n: int
    n_events: int

    @property
    def se(self) -> _Floats:
        """Standard errors (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def regress(
    x: _Floats,
    y: NDArray[Any],
    terms: Sequence[str],
    *,
    link: Link = "logit",
    cluster: NDArray[Any] | None = None,
    weight: _Floats | None = None,
) -> Binary:
    """Maximum likelihood of P(y = 1) = link^-1(x coef).

    x : float64 (n, p), with a column of ones where a constant is wanted. y : (n,), 0 or 1. weight : (n,), 1 by default.
    cluster : (n,) labels; covariance is then H^-1 (sum of g g') H^-1 * G / (G - 1) over the G clusters (Liang and Zeger
    1986), H the observed information; without, H^-1. Raises EventsError without ones and zeros, Collinear, Separated.
    """
    y = y.astype(np.float64)
    weight = np.ones(len(y)) if weight is None else weight
    if not 0 < y.sum() < len(y):
        raise EventsError(
            f"{int(y.sum())} events in {len(y)} rows: expected rows with and rows without one. Widen the data."
        )
    _check(x, terms)
    centre, spread = _scales(x)
    z = (x - centre) / spread
    beta = _climb(z, y, weight, link, terms)
    loglik, slope, information = _pieces(z, y, weight, beta, link)
    if link == "cloglog":
        information = _observed(z, y, weight, beta)
    inverse: _Floats = np.asarray(np.linalg.inv(information), np.float64)
    covariance = inverse if cluster is None else _sandwich(inverse, slope[:, None] * z, cluster)
    back = _back(centre, spread)
    return Binary(tuple(terms), back @ beta, back @ covariance @ back.T, loglik, len(y), int(y.sum()))


def probability(eta: _Floats, link: Link) -> _Floats:
    """The probability at linear predictor `eta`, any shape."""
    if link == "logit":
        return np.asarray(1 / (1 + np.exp(-np.clip(eta, -700, 700))))
    return np.asarray(-np.expm1(-np.exp(np.clip(eta, -700, 6))))


def _pieces(z: _Floats, y: _Floats, weight: _Floats, beta: _Floats, link: Link) -> tuple[float, _Floats, _Floats]:
    """Log-likelihood, its slope in the linear predictor of each row, expected information."""
    eta = z @ beta
    p = np.clip(probability(eta, link), 1e-300, 1 - 1e-16)
    loglik = float(weight @ np.where(y > 0, np.log(p), np.log1p(-p)))
    if link == "logit":
        slope, curve = y - p, p * (1 - p)
    else:
        rate = np.exp(np.clip(eta, -700, 6))
        slope = np.where(y > 0, rate * (1 - p) / p, -rate)
        curve = rate**2 * (1 - p) / p
    return loglik, weight * slope, (z * (weight * curve)[:, None]).T @ z


def _observed(z: _Floats, y: _Floats, weight: _Floats, beta: _Floats) -> _Floats:
    """Observed information under cloglog; under logit it is the expected one."""
    rate = np.exp(np.clip(z @ beta, -700, 6))
    p = -np.expm1(-rate)
    curve = np.where(y > 0, rate * np.exp(-rate) * (rate + np.expm1(-rate)) / p**2, rate)
    return np.asarray((z * (weight * curve)[:, None]).T @ z)


def _climb(z: _Floats, y: _Floats, weight: _Floats, link: Link, terms: Sequence[str]) -> _Floats:
    beta = np.zeros(z.shape[1])
    value, slope, information = _pieces(z, y, weight, beta, link)
    for _ in range(_MOST_STEPS):
        gradient = z.T @ slope
        move = np.linalg.solve(information, gradient)
        if gradient @ move < 1e-16 * abs(value):
            return beta
        length = 1.0
        while True:
            trial = beta + length * move
            found, slope, information = _pieces(z, y, weight, trial, link)
            if found >= value - 1e-12 * abs(value) or length < 1e-8:
                break
            length /= 2
        beta, value = trial, found
        if np.abs(beta[1:]).max(initial=0) > _LARGE:
            break
    far = [t for t, b in zip(terms, beta, strict=True) if abs(b) > 0.5 * np.abs(beta).max()]
    raise Separated(f"{', '.join(far)}: tells (nearly) every event from the rest; remove it or widen the data.", far)


def _check(x: _Floats, terms: Sequence[str]) -> None:
    if not np.isfinite(x).all():
        bad = [t for t, column in zip(terms, x.T, strict=True) if not np.isfinite(column).all()]
        raise EventsError(f"{', '.join(bad)}: a value is missing. Leave such rows out before fitting.")
    size = np.sqrt((x**2).sum(axis=0))
    if (size == 0).any():
        none = [t for t, s in zip(terms, size, strict=True) if s == 0]
        raise Collinear(f"{', '.join(none)}: 0 in every row, so it has no effect. Remove it.", none)
    values, vectors = np.linalg.eigh((x / size).T @ (x / size))
    if values[0] < _SINGULAR:
        involved = [t for t, v in zip(terms, vectors[:, 0], strict=True) if abs(v) > 1e-3]
        raise Collinear(f"{', '.join(involved)}: one follows from the others. Remove one of them.", involved)


def _scales(x: _Floats) -> tuple[_Floats, _Floats]:
    """Centre and spread of each column; a constant column is left as it is, and without one nothing is centred."""
    spread = x.std(axis=0)
    constant = spread == 0
    centre = np.where(constant | (not constant.any()), 0.0, x.mean(axis=0))
    return centre, np.where(constant, 1.0, spread)


def _back(centre: _Floats, spread: _Floats) -> _Floats:
    """The matrix that takes coefficients of the scaled columns to those of the columns as given."""
    back = np.diag(1 / spread)
    constant = np.flatnonzero((centre == 0) & (spread == 1))
    if constant.size:
        back[constant[0]] -= centre / spread
        back[constant[0], constant[0]] = 1.0
    return back


def _sandwich(inverse: _Floats, scores: _Floats, cluster: NDArray[np.generic]) -> _Floats:
    _, group = np.unique(cluster, return_inverse=True)
    n = int(group.max()) + 1
    sums = np.stack([np.bincount(group, weights=column, minlength=n) for column in scores.T], axis=1)
    return np.asarray(inverse @ (sums.T @ sums) @ inverse * (n / (n - 1)))
