"""Cases that can be solved on paper, which the simulator must reproduce. Rates are per day, times in days.

lambda (`detect`): rate of detection; sigma (`release`), alpha (`act`): rates of release and action; gamma (`gap`):
rate of
further hits; rho (`rotation`). Derived here; each is a few lines from the memorylessness of the exponential law.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from foedus.cyber.arrays import FIXED, LOGNORMAL
from foedus.cyber.parameters import Law

Survival = Callable[[float], float]
_HALVES = math.log(2.0)


def rate_of_median(median_days: float) -> float:
    """Rate of an exponential law with this median."""
    return _HALVES / median_days


def fixed_gap(detect: float, release: float, gap_days: float) -> float:
    """Probability that the second target, hit `gap_days` after the first, is warned in time (exponential delays)."""
    a, b = math.exp(-detect * gap_days), math.exp(-release * gap_days)
    return 1.0 - (release * a - detect * b) / (release - detect)


def exponential_gap(gap: float, rotation: float, detect: float, release: float, act: float) -> float:
    """Probability that a fresh item is in use at the second target: every delay exponential, a race of rates."""
    rest = gap + rotation
    return gap / rest * detect / (detect + rest) * release / (release + rest) * act / (act + rest)


def fixed_times(times: Sequence[float], survival: Survival) -> list[float]:
    """P(compromised) of each target at known hit times, one delay per source common to all receivers.

    survival : P(X + L > t) of detection and release together. Target j is hit iff no earlier alert has arrived.
    """
    return [math.prod(survival(t - s) for s in times[:j]) for j, t in enumerate(times)]


def unlimited_targets(gap: float, detect: float, most: int | None = None) -> float:
    """Expected number hit when targets are struck at rate `gap` and the first detection ends it; `most` targets at all.

    E[K] = sum over k of the product of r / (r + j) for j < k, r = gap / detect.
    """
    r, total, term, k = gap / detect, 0.0, 1.0, 1
    while (most is None or k <= most) and term > 1e-15:
        total += term
        term *= r / (r + k)
        k += 1
    return total


def simultaneous_dwell(m: int, detect: float, release: float) -> float:
    """Expected dwell when m members are hit at once, one release delay for the group of others."""
    return (m * detect + release) / (m * detect * (detect + release))


def simultaneous_dwell_each(m: int, detect: Law, release: Law) -> float:
    """The same when each of the others has a release delay of its own, as in the simulator, for any laws.

    E[min(X, min over others (X + L))] = integral of S_X(t) S_{X+L}(t)^(m-1); instant action, everybody hunts, no cap.
    """
    sum_, one = survival_of_sum(detect, release), survival_of(detect)
    nodes, weights = _legendre(300)
    low, high = math.log(1e-7), math.log(1e5)  # days; in the logarithm, since delays run over many powers of ten
    times = [math.exp(low + 0.5 * (u + 1.0) * (high - low)) for u in nodes]
    inner = sum(w * t * one(t) * sum_(t) ** (m - 1) for w, t in zip(weights, times, strict=True))
    return float(0.5 * (high - low) * inner)


@cache
def _legendre(n: int) -> tuple[list[float], list[float]]:
    """Nodes in (-1, 1) and weights of Gauss-Legendre quadrature; kept, since finding them takes longest."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return nodes.tolist(), weights.tolist()


def survival_of(law: Law) -> Survival:
    """P(delay > t) of a law."""
    if law.kind == FIXED:
        return lambda t: float(t < law.a)
    if law.kind == LOGNORMAL:
        return lambda t: 1.0 if t <= 0 else 0.5 * math.erfc(math.log(t / law.a) / (law.b * math.sqrt(2.0)))
    return lambda t: 1.0 if t <= 0 else math.exp(-((t / law.a) ** law.b))


def survival_of_sum(first: Law, second: Law) -> Survival:
    """P(X + L > t) for independent delays, by Gauss-Legendre quadrature over the quantiles of the second."""
    nodes, weights = _legendre(200)
    places = [quantile(second, 0.5 * (u + 1.0)) for u in nodes]
    one = survival_of(first)
    return lambda t: float(sum(0.5 * w * one(t - x) for w, x in zip(weights, places, strict=True)))


def quantile(law: Law, u: float) -> float:
    """The delay that a share `u` of a law stays below."""
    from scipy.special import ndtri

    if law.kind == FIXED:
        return law.a
    if law.kind == LOGNORMAL:
        return float(law.a * math.exp(law.b * ndtri(u)))
    return float(law.a * (-math.log1p(-u)) ** (1.0 / law.b))


def race(detect: Law, release: Law, gap: Law) -> float:
    """P(X + L < G): the second target is warned in time, without rotation, by quadrature over quantiles of the gap."""
    nodes, weights = _legendre(200)
    survival = survival_of_sum(detect, release)
    gaps = [quantile(gap, 0.5 * (u + 1.0)) for u in nodes]
    return float(sum(0.5 * w * (1.0 - survival(g)) for w, g in zip(weights, gaps, strict=True)))
