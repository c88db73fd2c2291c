"""How fast members close their gap to a spending guideline: s_t - s_t-1 = pull max(0, guideline - s_t-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.model.spending.panel import Spending
from foedus.record import Record

_GUIDELINE = "nato-2014-milex"
_FEWEST = 5  # years below the guideline


@dataclass(frozen=True)
class Pulls:
    """mean of the group and its error; between: standard deviation between members; by_state: drawn to the mean."""

    mean: float
    se: float
    between: float
    by_state: Mapping[str, float]


def pulls(record: Record, seen: Spending) -> Pulls:
    """Pull of each NATO member on the years since the guideline was agreed, and the mean over members.

    Least squares through the origin for each; members are pooled by the moments of DerSimonian and Laird (1986), each
    then its posterior mean, at least 0. With fewer than three members with data all is 0, with an error of 0.1.
    """
    agreed = next(g for g in record.guidelines if g.id == _GUIDELINE)
    first = agreed.since.year + 1 - seen.past.first
    shares = np.exp(seen.ln_share)
    own: dict[str, tuple[float, float]] = {}
    for code in sorted(record.treaty(agreed.treaty).members_on(date(seen.past.last, 12, 31))):
        s = shares[seen.past.index[code], max(first - 1, 0) :] if first <= shares.shape[1] else np.array([])
        gap, step = np.maximum(agreed.value - s[:-1], 0.0), np.diff(s)
        use = np.isfinite(step) & (gap > 0)
        if use.sum() >= _FEWEST:
            value = float(gap[use] @ step[use] / (gap[use] @ gap[use]))
            noise = float(((step[use] - value * gap[use]) ** 2).sum() / (use.sum() - 1))
            own[code] = (value, noise / float(gap[use] @ gap[use]))
    if len(own) < 3:
        return Pulls(0.0, 0.1, 0.0, {})
    return _pooled(own)


def _pooled(own: Mapping[str, tuple[float, float]]) -> Pulls:
    value, variance = (np.array(v) for v in zip(*own.values(), strict=True))
    w = 1 / variance
    fixed = float(w @ value / w.sum())
    excess = float(w @ (value - fixed) ** 2) - (len(value) - 1)
    between = max(0.0, excess / float(w.sum() - (w**2).sum() / w.sum()))
    w = 1 / (variance + between)
    mean = float(w @ value / w.sum())
    drawn = mean + between / (between + variance) * (value - mean)
    return Pulls(
        mean, float(w.sum() ** -0.5), between**0.5, dict(zip(own, map(float, np.maximum(drawn, 0)), strict=True))
    )
