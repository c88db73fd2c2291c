"""The level of a hazard at the end of its data: where a forecast begins.

A hazard is fitted to a century or two, and the alliances of one generation end, grow and shrink at other rates than
those of the next, whatever the terms say. So a forecast begins where the last years stood: the expected events are
multiplied by a level that follows the events and forgets by a half-life, with a gamma posterior (Harvey and Fernandes
1989, Journal of Business and Economic Statistics 7: 407-417; recalled). How fast it forgets, and how many events it
takes to move it, nobody knows: it is averaged over a grid of both, weighted by how well each would have foretold the
next ten years at every year before. Nothing after the last year of the data is used.

The constant and its error then belong to the rows at risk of the last ten years, and the other coefficients turn about
the mean of these rows: what is unsure about them widens a forecast without raising it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted

AHEAD = 10  # years that a level must foretell, and whose rows at risk are the centre
FIRST = 15  # years that are seen before the first forecast is scored
HALF_LIVES = (3.0, 5.0, 8.0, 12.0, 20.0, 30.0, np.inf)  # years
PRIOR_EVENTS = (1.0, 3.0, 10.0)  # expected events at a level of 1 that every level begins with
_LEAST = 1e-9  # events expected in a year without rows
_Z90 = 1.6448536269514722  # normal quantile at 0.95
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Level:
    """mean : of the level; 1 is that of the whole fit. log_sd : standard deviation of its logarithm.

    half_life : weighted mean of the finite ones, years. lasting : weight of a level that never changes, in [0, 1].
    """

    mean: float
    log_sd: float
    half_life: float
    lasting: float


def level(observed: _Floats, expected: _Floats) -> Level:
    """The level after the last year. observed, expected : events of each year, (Y,); expected above 0."""
    from scipy.special import polygamma

    grid = np.array(list(product(HALF_LIVES, PRIOR_EVENTS)))
    score, shape, rate = np.array([_followed(observed, expected, h, k) for h, k in grid]).T
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    middle, spread = polygamma(0, shape) - np.log(rate), polygamma(1, shape)
    fades = np.isfinite(grid[:, 0])
    return Level(
        mean=float(weight @ (shape / rate)),
        log_sd=float(np.sqrt(weight @ (spread + (middle - weight @ middle) ** 2))),
        half_life=float(np.average(grid[fades, 0], weights=weight[fades])),
        lasting=float(weight[~fades].sum()),
    )


def _followed(observed: _Floats, expected: _Floats, half_life: float, prior: float) -> tuple[float, float, float]:
    """(score, shape, rate): the log score of the events of the ten years after each year, a tenth of their sum as the
    windows overlap (nought where the years are too few); the gamma posterior of the level after the last year."""
    from scipy.special import gammaln

    keep = 0.5 ** (1.0 / half_life)
    shape, rate = (_faded(v, keep) + prior for v in (observed, expected))
    scored = slice(FIRST, max(len(observed) - AHEAD, FIRST))
    a, b = shape[scored], rate[scored]
    n, due = (_ahead(v)[scored] for v in (observed, expected))
    log = gammaln(a + n) - gammaln(a) - gammaln(n + 1.0) + a * np.log(b / (b + due)) + n * np.log(due / (b + due))
    return float(log.sum()) / AHEAD, float(shape[-1]), float(rate[-1])


def _faded(values: _Floats, keep: float) -> _Floats:
    """Sum of the values so far at each year, each older by a year weighing `keep` as much."""
    out = np.empty(len(values))
    total = 0.0
    for t, value in enumerate(values):
        total = total * keep + value
        out[t] = total
    return out


def _ahead(values: _Floats) -> _Floats:
    """Sum of the ten values after each year that has ten, (Y - 10,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[AHEAD + 1 :] - sums[1:-AHEAD])


def at_end(
    x: _Floats, coef: _Floats, covariance: _Floats, event: _Floats, weight: _Floats, year: _Ints
) -> dict[str, Any]:
    """What `levelled` needs of a hazard's rows x (n, p), the constant first: the level and the centre of the last rows.

    Expected events are those of draws of the coefficients, so that draws about the centre meet the level on average.
    """
    slopes = covariance[1:, 1:]
    rate = np.exp(np.minimum(x @ coef, 50.0))
    last = year > year.max() - AHEAD
    centre = np.average(x[last, 1:], axis=0, weights=(np.minimum(rate, 1.0) * weight)[last])
    away = x[:, 1:] - centre
    drawn = rate * np.exp(np.minimum(np.einsum("ij,jk,ik->i", away, slopes, away) / 2.0, 50.0))
    by_year = year - year.min()
    observed, expected = (np.bincount(by_year, v).astype(np.float64) for v in (event, np.minimum(drawn, 1.0) * weight))
    found = level(observed, np.maximum(expected, _LEAST))
    return {
        "mean": found.mean, "log_sd": found.log_sd, "half_life": found.half_life, "lasting": found.lasting,
        "centre": centre,
    }  # fmt: skip


def says(found: Mapping[str, Any]) -> str:
    """The level in words, for who reads a fit."""
    low, high = (found["mean"] * np.exp(z * found["log_sd"]) for z in (-_Z90, _Z90))
    return (
        f"Forecasts begin at {found['mean']:.2f} of the fit's rate ({low:.2f} to {high:.2f}), the level of the last"
        f" years: see extra.level."
    )


def levelled(fit: Fitted) -> Fitted:
    """The fit for forecasts: its constant at the level of the last years; a fit without a level as it is.

    The mean of exp(constant) over draws is the level's mean times that of the fit.
    """
    found = fit.extra.get("level")
    if found is None:
        return fit
    slopes, centre = fit.cov[1:, 1:], np.array(found["centre"], np.float64)
    turned = -slopes @ centre
    whole = fit.cov
    whole[0, 0], whole[0, 1:], whole[1:, 0] = found["log_sd"] ** 2 - turned @ centre, turned, turned
    constant = fit.coef[0] + np.log(found["mean"]) - found["log_sd"] ** 2 / 2.0
    return replace(fit, coef=(float(constant), *fit.coef[1:]), covariance=tuple(map(tuple, whole.tolist())))
