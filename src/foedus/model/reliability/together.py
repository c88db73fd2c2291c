"""The shrunk fits that leave each war out in turn, all at once: choosing a penalty inside folds takes thousands.

The plain twin is `candidates.left_out` with `shrunk.shrunk`, one fit after another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import EventsError, ModelError
from foedus.model.reliability.commitments import ERA, with_constant
from foedus.model.reliability.logit import LONGEST, MOST_STEPS, TOLERANCE, Floats, Prior, expit
from foedus.model.reliability.shrunk import ERA_SD, Sample, era_mean, prior_of


def left_out_at(data: Sample, penalty: float) -> Floats:
    """Each row's probability by the shrunk fit to all other wars, shape (n,).

    Raises EventsError when a fold has no promise kept or none broken, ModelError as `logit.mode` does.
    """
    wars, own = np.unique(data.war, return_inverse=True)
    learn = (own != np.arange(len(wars))[:, None]).astype(np.float64)
    x = with_constant(data.x)
    coef = modes(x, data.y, learn, _priors(data, wars, learn, penalty))
    return expit((x * coef[own]).sum(axis=1))


def _priors(data: Sample, wars: NDArray[np.int64], learn: Floats, penalty: float) -> Prior:
    """Those of each fold: scales and base rates are learnt from its rows alone."""
    n = learn.sum(axis=1, keepdims=True)
    from_mean = data.x - data.x.mean(axis=0)
    variance = learn @ from_mean**2 / n - (learn @ from_mean / n) ** 2
    eras = [era_mean(data.eras[data.eras[:, 0] != w]) for w in wars] if ERA in data.terms else 0.0
    return prior_of(data.terms, variance, np.asarray(eras), penalty, ERA_SD)


def modes(x: Floats, y: Floats, learn: Floats, prior: Prior) -> Floats:
    """`logit.mode` for k subsets of rows at once: coefficients, shape (k, p).

    x : shape (n, p). y : shape (n,). learn : 1 for the rows of each subset, 0 for others, shape (k, n). prior : of
    each subset, both fields of shape (k, p).
    """
    if not ((learn @ y > 0) & (learn @ y < learn.sum(axis=1))).all():
        raise EventsError("A fold has no commitment honoured or none broken: expected some of both. Widen the data.")
    coef: Floats = prior.mean
    diagonal = np.arange(x.shape[1])
    for _ in range(MOST_STEPS):
        chance = expit(coef @ x.T)
        # Many small products: one large one would go to threads, which wait for each other longer than it takes.
        hessian = x.T @ ((learn * chance * (1 - chance))[:, :, None] * x)
        hessian[:, diagonal, diagonal] += prior.precision
        slope = (learn * (y - chance)) @ x - prior.precision * (coef - prior.mean)
        step = np.linalg.solve(hessian, slope[:, :, None])[:, :, 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        coef = coef + step * np.minimum(1.0, LONGEST / np.maximum(largest, TOLERANCE))
        if largest.max() < TOLERANCE:
            return coef
    raise ModelError("The search for a mode did not come to rest: a coefficient without a prior is not determined.")
