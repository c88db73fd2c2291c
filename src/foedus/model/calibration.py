"""How stated chances, and stated intervals, agree with what happened: numbers, and lines of text for `model check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_TENTHS = 10
LEVELS = (0.5, 0.8, 0.95)
PERIODS = ((1816, 1914), (1915, 1945), (1946, 1989), (1990, 2100))
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def auc(y: _Floats, p: _Floats, w: _Floats) -> float:
    """Probability that an event has a higher chance than a (weighted) non-event; ties count half.

    y : (n,), 0 or 1. p : (n,), chances. w : (n,), how many chances a row stands for. In [0, 1].

    >>> auc(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.2, 0.7]), np.ones(3))
    0.75
    """
    none = y == 0
    order = np.argsort(p[none], kind="stable")
    values, weights = p[none][order], np.concatenate(([0.0], np.cumsum(w[none][order])))
    below, upto = np.searchsorted(values, p[y == 1], side="left"), np.searchsorted(values, p[y == 1], side="right")
    return float(((weights[below] + weights[upto]) / 2).mean() / weights[-1])


def scores(y: _Floats, p: _Floats, w: _Floats) -> list[str]:
    """Events against those expected, log score against a constant rate, and how the events rank."""
    if not y.any():
        return [f"No event among {int(w.sum()):,} chances; {(w * p).sum():.1f} were expected."]
    rate = np.average(y, weights=w)
    of_model = np.sum(w * np.where(y == 1, np.log(np.maximum(p, 1e-12)), np.log1p(-np.minimum(p, 1 - 1e-12))))
    of_rate = np.sum(w * np.where(y == 1, np.log(rate), np.log1p(-rate)))
    return [
        f"{int(y.sum())} events in {int(w.sum()):,} chances; {(w * p).sum():.1f} were expected.",
        f"Log score {of_model:.1f}, with the true mean rate for all {of_rate:.1f}:"
        f" {(of_model - of_rate) / y.sum():.2f} an event.",
        f"AUC {auc(y, p, w):.3f}; {_captured(y, p, w):.0%} of events are in the hundredth with the highest chance.",
    ]


def tenths(y: _Floats, p: _Floats, w: _Floats) -> list[str]:
    """Rows in order of chance, cut so that each part expects as many events: chances, expected, observed."""
    order = np.argsort(p, kind="stable")
    expected = w[order] * p[order]
    tenth = np.minimum((np.cumsum(expected) / expected.sum() * _TENTHS).astype(int), _TENTHS - 1)
    lines = [f"  {'chance a year':>21} {'chances':>10} {'expected':>9} {'observed':>9}"]
    for b in range(_TENTHS):
        rows = order[tenth == b]
        if rows.size:
            between = f"{p[rows[0]]:.2%} to {p[rows[-1]]:.2%}"
            lines.append(
                f"  {between:>21} {w[rows].sum():>10,.0f} {expected[tenth == b].sum():>9.1f} {y[rows].sum():>9.0f}"
            )
    return lines


def sums(y: _Floats, p: _Floats, w: _Floats, groups: Iterable[tuple[str, _Bools]]) -> list[str]:
    """Chances, expected and observed of each group of rows; groups without rows are left out."""
    found = [(label, rows) for label, rows in groups if rows.any()]
    width = max([14, *(len(label) for label, _ in found)])
    lines = [f"  {'':<{width}} {'chances':>10} {'expected':>9} {'observed':>9}"]
    return lines + [
        f"  {label:<{width}} {w[rows].sum():>10,.0f} {(w * p)[rows].sum():>9.1f} {y[rows].sum():>9.0f}"
        for label, rows in found
    ]


def by_period(year: NDArray[np.int64], kept: _Bools | None = None) -> list[tuple[str, _Bools]]:
    """Groups of rows for `sums`: those of each of PERIODS, up to the last year there is."""
    last = int(year.max())
    rows = np.ones(year.shape, np.bool_) if kept is None else kept
    return [(f"{a}-{min(b, last)}", rows & (year >= a) & (year <= b)) for a, b in PERIODS]


FORECAST_HEAD = f"  {'':<8} {'years':>5} {'states':>6} {'in 50 %':>8} {'in 80 %':>8} {'in 95 %':>8}" + (
    f" {'seen - median':>14} {'error':>8} {'naive':>8}"
)


def forecast_line(origin: int, ahead: int, drawn: _Floats, seen: _Floats, naive: _Floats) -> str:
    """How a forecast fared: share inside intervals, mean of seen less median, mean absolute error, and the naive one's.

    drawn (draws, n): as forecast; seen, naive (n,).
    """
    median = np.median(drawn, axis=0)
    inside = " ".join(f"{share:>8.0%}" for share in covered(drawn, seen))
    errors = f"{(seen - median).mean():>14.4f} {np.abs(seen - median).mean():>8.4f} {np.abs(seen - naive).mean():>8.4f}"
    return f"  {f'from {origin}':<8} {ahead:>4} {seen.size:>6} {inside} {errors}"


def covered(drawn: _Floats, seen: _Floats, levels: Sequence[float] = LEVELS) -> _Floats:
    """Share of `seen` (n,) inside the central intervals of `drawn` (draws, n) at each level, shape (levels,).

    >>> covered(np.arange(101.0)[:, None] * np.ones(2), np.array([50.0, 99.0]), (0.5, 0.98))
    array([0.5, 1. ])
    """
    found = []
    for level in levels:
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        found.append(((low <= seen) & (seen <= high)).mean())
    return np.array(found)


def _captured(y: _Floats, p: _Floats, w: _Floats) -> float:
    order = np.argsort(-p, kind="stable")
    first = np.cumsum(w[order]) <= 0.01 * w.sum()
    return float(y[order][first].sum() / y.sum())
