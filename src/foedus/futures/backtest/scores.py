"""Proper scores of probabilities, their skill against a reference, calibration, precision and recall.

A score is a mean over units; lower is better. Weights serve the bootstrap over states and treaties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 1.0)  # finer where forecasts of rare events lie
_Z90 = 1.6448536269514722  # normal quantile at 0.95: intervals of 90 per cent


def brier(p: _Floats, happened: _Flags, weight: _Floats | None = None) -> float:
    """Mean of (p - happened)^2, in [0, 1]. p : (n,) in [0, 1]. Brier (1950), Monthly Weather Review 78: 1-3."""
    return float(np.average((p - happened) ** 2, weights=weight))


def log_score(p: _Floats, happened: _Flags, weight: _Floats | None = None) -> float:
    """Mean of -ln of the probability given to what happened; infinite where that was nought. Good (1952), JRSS B 14."""
    with np.errstate(divide="ignore"):
        return float(np.average(-np.log(np.where(happened, p, 1.0 - p)), weights=weight))


def skill(score: float, reference: float) -> float | None:
    """1 - score / reference: 1 is perfect, 0 as good as the reference; None where that is perfect or infinite."""
    return 1.0 - score / reference if 0.0 < reference < np.inf and np.isfinite(score) else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts within [low, high): n of them, `happened` that came true, their mean, and the share that came true.

    share_low, share_high : its interval of 90 per cent, Wilson (1927), JASA 22: 209-212.
    """

    low: float
    high: float
    n: int
    happened: int
    mean_forecast: float
    share: float
    share_low: float
    share_high: float


def calibration(p: _Floats, happened: _Flags, edges: tuple[float, ...] = EDGES) -> list[Bin]:
    """Forecasts by bins of `edges` (the last one closed), empty bins left out."""
    at = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, len(edges) - 2)
    found = []
    for k in range(len(edges) - 1):
        inside = at == k
        n = int(inside.sum())
        if n:
            hits = int(happened[inside].sum())
            low, high = wilson(hits, n)
            found.append(Bin(edges[k], edges[k + 1], n, hits, float(p[inside].mean()), hits / n, low, high))
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """Of the Brier score, all at least 0: reliability (the cost of wrong levels), resolution (what sorting earns),
    uncertainty (of the base rate). The score is reliability - resolution + uncertainty, but for spread within bins."""

    reliability: float
    resolution: float
    uncertainty: float


def parts(n: Sequence[int], mean_forecast: Sequence[float], share: Sequence[float]) -> Parts:
    """The parts of the score of forecasts in bins, one number a bin: how many, their mean, the share that came true.

    Murphy (1973), Journal of Applied Meteorology 12: 595-600.
    """
    forecast, seen = np.array(mean_forecast), np.array(share)
    base = float(np.average(seen, weights=n))
    return Parts(
        reliability=float(np.average((forecast - seen) ** 2, weights=n)),
        resolution=float(np.average((seen - base) ** 2, weights=n)),
        uncertainty=base * (1.0 - base),
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Interval of 90 per cent of a share of `hits` in `n` > 0, in [0, 1]."""
    share, z2 = hits / n, _Z90**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z90 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Precision and recall as the threshold falls: (k,) each, recall ascending, a point for each distinct forecast."""

    precision: _Floats
    recall: _Floats

    @property
    def average_precision(self) -> float:
        """Area under the curve as a step function: precision weighted by the recall that it adds."""
        return float((np.diff(self.recall, prepend=0.0) * self.precision).sum())


def precision_recall(p: _Floats, happened: _Flags) -> Curve:
    """The curve of forecasts p (n,) of what happened (n,); equal forecasts count together. Empty without an event."""
    if not happened.any():
        return Curve(np.zeros(0), np.zeros(0))
    order = np.argsort(-p, kind="stable")
    last = np.flatnonzero(np.diff(p[order], append=-1.0))  # last one of each run of equal forecasts
    hits = happened[order].cumsum()[last]
    return Curve(hits / (last + 1), hits / happened.sum())


def crps(draws: NDArray[np.floating], observed: float) -> float:
    """Continuous ranked probability score of an ensemble (m,) of counts; in counts, lower is better.

    Gneiting and Raftery (2007), JASA 102: 359-378, eq. 21: mean |x - y| less half the mean |x - x'|, the latter by
    sorting: x_(k) stands above k and below m - 1 - k of the others.
    """
    x = np.sort(np.asarray(draws, np.float64))
    m = len(x)
    spread = 2.0 * float((2.0 * np.arange(m) - m + 1.0) @ x) / m**2
    return float(np.abs(x - observed).mean()) - spread / 2.0


def cluster_weights(n_labels: int, samples: int, seed: int) -> _Floats:
    """Weights of clusters for a Bayesian bootstrap, (samples, n_labels): exponential with mean 1.

    Rubin (1981), Annals of Statistics 9: 130-134. A unit of two clusters bears the product of theirs.
    """
    return np.random.Generator(np.random.Philox(key=seed)).exponential(size=(samples, n_labels))
