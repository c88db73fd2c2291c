"""Rank correlation of two indicators over the members of an alliance, with p values that hold for a dozen members."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]
DRAWS = 10_000
SEED = 1815
_Z95 = 1.959963984540054
_LEAST_FOR_INTERVAL = 5


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Correlation of the ranks of two indicators.

    n : pairs with both values; rho : Spearman, tau_b : Kendall with tie correction, both in [-1, 1]. low, high : 95 %
    interval of rho. p : two-sided, of rho by Student's t; p_permuted : share of random orders as far from zero.
    What is not defined is None, with the reason in `why`.
    """

    n: int
    rho: float | None
    low: float | None
    high: float | None
    tau_b: float | None
    p: float | None
    p_permuted: float | None
    why: str


def rank_correlation(
    x: Sequence[float | None], y: Sequence[float | None], draws: int = DRAWS, seed: int = SEED
) -> RankCorrelation:
    """Spearman's rho (Pearson's on mid-ranks) and Kendall's tau-b of the pairs for which both are known.

    The interval is Fisher's z with the standard error sqrt((1 + rho^2 / 2) / (n - 3)) of Bonett and Wright (2000),
    Psychometrika 65: 23-28. None below 3 pairs, without variance, and for the interval below 5 pairs or |rho| = 1.
    """
    both = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    n = len(both)
    if n < 3:
        return _undefined(n, f"{n} pairs with both values, at least 3 are needed")
    one, two = (mid_ranks(np.array(column, dtype=np.float64)) for column in zip(*both, strict=True))
    if np.ptp(one) == 0 or np.ptp(two) == 0:
        return _undefined(n, "one of the two is the same for all")
    rho = _pearson(one, two)
    low, high = _interval(rho, n)
    p = student_p(rho * math.sqrt((n - 2) / (1 - rho**2)), n - 2) if abs(rho) < 1 else 0.0
    return RankCorrelation(n, rho, low, high, _tau_b(one, two), p, _permuted(one, two, rho, draws, seed), "")


def mid_ranks(values: Real) -> Real:
    """Ranks from 1, equal values sharing the mean of theirs."""
    _, number, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[number], dtype=np.float64)


def student_p(t: float, df: int) -> float:
    """Probability that Student's t with `df` degrees of freedom lies at least as far from zero as `t`."""
    return incomplete_beta(df / 2, 0.5, df / (df + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for x in [0, 1], by its continued fraction (Lentz)."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    tiny, c = 1e-300, 1.0
    d = 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + top * d or tiny)
            c = 1 + top / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value


def _undefined(n: int, why: str) -> RankCorrelation:
    return RankCorrelation(n, None, None, None, None, None, None, why)


def _pearson(x: Real, y: Real) -> float:
    a, b = x - x.mean(), y - y.mean()
    return float(np.clip(a @ b / math.sqrt((a @ a) * (b @ b)), -1, 1))


def _tau_b(x: Real, y: Real) -> float:
    """(concordant - discordant) / sqrt(pairs not tied in x * pairs not tied in y)."""
    a, b = np.sign(x[:, None] - x[None, :]), np.sign(y[:, None] - y[None, :])
    return float((a * b).sum() / math.sqrt((a**2).sum() * (b**2).sum()))


def _interval(rho: float, n: int) -> tuple[float | None, float | None]:
    if n < _LEAST_FOR_INTERVAL or abs(rho) == 1:
        return None, None
    half = _Z95 * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)


def _permuted(x: Real, y: Real, rho: float, draws: int, seed: int) -> float:
    """(1 + orders at least as far from zero) / (1 + draws), so that it is never zero."""
    a, b = x - x.mean(), y - y.mean()
    orders = np.random.default_rng(seed).permuted(np.broadcast_to(b, (draws, len(b))), axis=1)
    found = orders @ a / math.sqrt((a @ a) * (b @ b))
    return float((1 + (np.abs(found) >= abs(rho) - 1e-12).sum()) / (1 + draws))
