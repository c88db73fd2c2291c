"""Logistic regression of a small table under normal priors (its mode), and errors that forgive dependent rows.

Without priors, `model.binary` does it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.binary import probability
from foedus.model.errors import EventsError, ModelError

Floats = NDArray[np.float64]
TOLERANCE = 1e-10  # largest Newton step at which the search rests
MOST_STEPS = 60
LONGEST = 5.0  # of one step in one coefficient, so that a poor start does not leap past the mode


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent normal priors. mean, precision : shape (p,); a precision of 0 is flat."""

    mean: Floats
    precision: Floats


@dataclass(frozen=True, slots=True)
class Mode:
    """coef : shape (p,). covariance : inverse of the negative Hessian there, prior included, shape (p, p)."""

    coef: Floats
    covariance: Floats


def expit(logit: Floats) -> Floats:
    """Inverse logit, elementwise; finite for any finite input."""
    return probability(logit, "logit")


def mode(x: Floats, y: Floats, prior: Prior) -> Mode:
    """The mode of the posterior of coef in P(y = 1) = expit(x @ coef), by Newton's method.

    x : shape (n, p), with a column of ones for the constant. y : shape (n,), 0 and 1, both occurring. Raises
    EventsError when they do not, ModelError when the rows do not determine a coefficient whose prior is flat.
    """
    if not 0 < y.sum() < len(y):
        raise EventsError(f"{int(y.sum())} of {len(y)} commitments honoured: expected some of both. Widen the data.")
    coef = prior.mean.copy()
    for _ in range(MOST_STEPS):
        p = expit(x @ coef)
        hessian = (x.T * (p * (1 - p))) @ x + np.diag(prior.precision)
        step = np.linalg.solve(hessian, x.T @ (y - p) - prior.precision * (coef - prior.mean))
        largest = float(np.abs(step).max())
        coef = coef + step * min(1.0, LONGEST / max(largest, TOLERANCE))
        if largest < TOLERANCE:
            return Mode(coef, np.asarray(np.linalg.inv(hessian), np.float64))
    raise ModelError("The search for the mode did not come to rest: a coefficient without a prior is not determined.")


def log_likelihood(y: Floats, p: Floats) -> float:
    """Of outcomes `y` (0 or 1) under probabilities `p` in (0, 1)."""
    return float(np.sum(np.log(np.where(y == 1, p, 1 - p))))


def robust(x: Floats, y: Floats, coef: Floats, covariance: Floats, groups: NDArray[np.int64] | None = None) -> Floats:
    """Sandwich covariance, shape (p, p), of single rows or of groups of rows that depend on one another.

    covariance : inverse of the information. groups : shape (n,), rows of one number belong together. The factors are
    n / (n - 1) for rows and G / (G - 1) (n - 1) / (n - p) for G groups.
    Source: Huber (1967); White (1980); Liang and Zeger (1986); Cameron and Miller (2015) for the second factor.
    """
    n, p = x.shape
    scores = x * (y - expit(x @ coef))[:, None]
    factor = 1.0
    if groups is not None:
        scores = np.stack([scores[groups == g].sum(axis=0) for g in np.unique(groups)])
        factor = (n - 1) / (n - p)
    factor *= len(scores) / (len(scores) - 1)
    return np.asarray(covariance @ (scores.T @ scores) @ covariance * factor)
