"""Shocks: how large they are in each state, how fat their tails are (Student's t by maximum likelihood)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_DECADE = 10
_SMALL = 1e-4  # log points: a decade without any shock has no logarithm
_STEP = 1e-3  # of the second differences; the likelihood is smooth on this scale


@dataclass(frozen=True)
class Tails:
    """coef (2,): log size and log(nu - 2). covariance (2, 2): inverse of the observed information."""

    coef: _Floats
    covariance: _Floats


@dataclass(frozen=True)
class Slopes:
    """Least-squares slopes (p,) and their covariance (p, p) clustered by state; n rows."""

    coef: _Floats
    covariance: _Floats
    n: int


def slopes(frame: pl.DataFrame, x: Sequence[str], y: str, by: str = "year") -> Slopes:
    """Slopes of y on the columns x, all less their mean over `by`; errors clustered by state (Liang and Zeger 1986)."""
    centred = frame.with_columns(pl.col(*x, y) - pl.col(*x, y).mean().over(by))
    a, b = centred.select(x).to_numpy(), centred[y].to_numpy()
    inverse = np.linalg.inv(a.T @ a)
    found = inverse @ (a.T @ b)
    scores = pl.DataFrame(a * (b - a @ found)[:, None]).with_columns(state=centred["state"])
    sums = scores.group_by("state", maintain_order=True).sum().drop("state").to_numpy()
    return Slopes(found, inverse @ (sums.T @ sums) @ inverse, len(a))


def scales(rest: pl.DataFrame) -> tuple[dict[str, float], float]:
    """How large each state's shocks are against the others', drawn in by what one decade keeps of another's size.

    rest : columns state, year, rest (residuals). Returns scale by state, geometric mean about 1, and the elasticity of
    a decade's mean absolute shock in the one before, by which the deviation of the latest decade is multiplied.
    """
    last = int(str(rest["year"].max()))
    size = (
        rest.group_by("state", at=(last - pl.col("year")) // _DECADE)
        .agg(ln=(pl.col("rest").abs().mean() + _SMALL).log(), n=pl.len())
        .filter(pl.col("n") >= _DECADE // 2)
        .sort("state", "at")
    )
    pairs = size.join(size.with_columns(pl.col("at") - 1), on=["state", "at"], suffix="_before").sort("state", "at")
    keeps = float(slopes(pairs, ["ln_before"], "ln", "at").coef[0])
    latest = size.group_by("state", maintain_order=True).agg(pl.col("ln").first())
    centred = latest.with_columns((pl.col("ln") - pl.col("ln").mean()) * keeps)
    known = {s: round(float(np.exp(v)), 5) for s, v in centred.iter_rows()}
    return {s: known.get(s, 1.0) for s in rest["state"].unique(maintain_order=True)}, keeps


def student_fit(residuals: _Floats) -> Tails:
    """Size and degrees of freedom (above 2, so that the variance exists) of Student's t with mean 0.

    residuals : float64 (n,), n >= 30 in practice, not all 0.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    x = np.asarray(residuals, np.float64)

    def loss(theta: _Floats) -> float:
        size, nu = np.exp(theta[0]), 2.0 + np.exp(theta[1])
        each = np.log1p((x / size) ** 2 / nu) * (nu + 1) / 2
        constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * np.log(nu * np.pi) - theta[0]
        return float(each.sum() - x.size * constant)

    start = np.array([np.log(np.median(np.abs(x)) / 0.7 + 1e-9), 0.5])
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 2000}).x
    return Tails(found, np.asarray(np.linalg.inv(_curvature(loss, found))))


def _curvature(loss: object, at: _Floats) -> _Floats:
    """Second differences of `loss`, shape (2, 2)."""
    assert callable(loss)
    h = _STEP * np.eye(2)
    return np.array(
        [
            [
                (loss(at + h[i] + h[j]) - loss(at + h[i] - h[j]) - loss(at - h[i] + h[j]) + loss(at - h[i] - h[j]))
                / (4 * _STEP**2)
                for j in range(2)
            ]
            for i in range(2)
        ]
    )
