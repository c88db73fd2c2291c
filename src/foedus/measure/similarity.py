"""How alike the profiles of states are: S, kappa and pi for all pairs of a year at once, by matrix algebra.

A profile is a row of whole numbers 0..top over N items (partners in the system, or roll calls). |x - y| is the number
of steps t = 1..top that only one of the two has reached, so all pairs follow from one product of step matrices. `slow`
holds the same definitions for one pair, as plain as the formulas.

Sources: Signorino and Ritter (1999), Tau-b or Not Tau-b, ISQ 43: 115-144 (S); Cohen (1960, 1968) (kappa); Scott (1955)
(pi); Haege (2011), Choice or Circumstance?, Political Analysis 19: 287-305, for their use on alliance portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Form = Literal["absolute", "squared"]
Real = NDArray[np.float64]
NO_VARIANCE = "no_variance: both profiles are constant and equal"
LEAST_SHARED = 10  # roll calls; fewer say nothing about a pair


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of all pairs, float64, shape (n, n), symmetric, each at most 1.

    s : in [-1, 1]; kappa, pi : 0 is the agreement expected by chance, NaN where that is not defined (NO_VARIANCE).
    """

    s: Real
    kappa: Real
    pi: Real


def scores(profiles: NDArray[np.uint8], top: int, form: Form = "absolute") -> Scores:
    """S, kappa and pi of all pairs of rows, unweighted.

    profiles : uint8, shape (n, N), N >= 1, values 0..top. top : the largest value of the scale, >= 1.
    S = 1 - 2 mean(|x - y|^q / top^q); kappa = 1 - Do / De, pi = 1 - Do / De_pi with Do = mean |x - y|^q and De the mean
    over all pairs of items, of the two profiles (kappa) or of both taken as one (pi); q is 1 or 2.
    Raises ValueError for values outside the scale.
    """
    _checked(profiles, top)
    n_items = profiles.shape[1]
    steps = _steps(profiles, top, np.float32)  # whole numbers below 2^24: exact in single precision, twice as fast
    observed = _apart(profiles, steps, form) / n_items
    kappa_base, pi_base = _by_chance(steps.reshape(len(profiles), top, n_items), form)
    span = float(top) if form == "absolute" else float(top**2)
    return Scores(1 - 2 * observed / span, _beyond(observed, kappa_base), _beyond(observed, pi_base))


def weighted_s(profiles: NDArray[np.uint8], top: int, weights: Real, form: Form = "absolute") -> Real:
    """S of all pairs with item k weighted by `weights[k]` >= 0, normalised by their sum; float64, shape (n, n).

    A weight that is not known is NaN: that item is left out. All NaN when the known weights sum to zero.
    Raises ValueError for values outside the scale, for a negative weight or another number of weights than items.
    """
    _checked(profiles, top)
    if weights.shape != (profiles.shape[1],) or (weights < 0).any():
        raise ValueError(f"weights must be {profiles.shape[1]} numbers that are not negative")
    known = np.nan_to_num(np.asarray(weights, dtype=np.float64))
    n, total = len(profiles), float(known.sum())
    if total == 0:
        return np.full((n, n), np.nan)
    if form == "squared":
        plain = profiles.astype(np.float64)
        own, cross, span = plain**2 @ known, (plain * known) @ plain.T, float(top**2)
    else:
        steps = _steps(profiles, top, np.float64)
        heavy = np.tile(known, top)
        own, cross, span = steps @ heavy, (steps * heavy) @ steps.T, float(top)
    return np.asarray(1 - 2 * (own[:, None] + own[None, :] - 2 * cross) / (span * total))


def vote_scores(votes: NDArray[np.int8], form: Form = "absolute") -> tuple[Scores, NDArray[np.int64]]:
    """S, kappa and pi of all pairs from roll calls, each over the calls in which both voted; and their number.

    votes : int8, shape (n, K): 1 yes, 2 abstain, 3 no, 0 absent. Scores are NaN with fewer than LEAST_SHARED calls.
    Every pair has margins of its own here, so the joint table of each pair is counted: 9 products of 0/1 matrices.
    """
    if ((votes < 0) | (votes > 3)).any():
        raise ValueError("votes must be 1 yes, 2 abstain, 3 no or 0 absent")
    cast = [(votes == v).astype(np.float32) for v in (1, 2, 3)]
    joint = np.array([[a @ b.T for b in cast] for a in cast], dtype=np.float64)  # (mine, theirs, n, n)
    cost = _cost(3, form)
    shared = joint.sum(axis=(0, 1))
    enough = np.where(shared >= LEAST_SHARED, shared, np.nan)
    observed = np.einsum("ab,abij->ij", cost, joint) / enough
    mine, theirs = joint.sum(axis=1), joint.sum(axis=0)
    both = mine + theirs
    kappa_base = np.einsum("aij,ab,bij->ij", mine, cost, theirs) / enough**2
    pi_base = np.einsum("aij,ab,bij->ij", both, cost, both) / (2 * enough) ** 2
    span = 2.0 if form == "absolute" else 4.0
    found = Scores(1 - 2 * observed / span, _beyond(observed, kappa_base), _beyond(observed, pi_base))
    return found, shared.astype(np.int64)


def ideal_distance(theta: Real, sd: Real | None = None) -> tuple[Real, Real]:
    """Distances |theta_i - theta_j| of ideal points of one scale and year, and their standard deviations.

    theta : float64, shape (n,), NaN where unknown; sd : posterior standard deviations, or None. Larger is less alike.
    The second, sqrt(sd_i^2 + sd_j^2), is sound where the distance is above twice it; NaN without sd.
    Source: Bailey, Strezhnev and Voeten (2017), JCR 61: 430-456.
    """
    distance = np.abs(theta[:, None] - theta[None, :])
    if sd is None:
        return distance, np.full(distance.shape, np.nan)
    return distance, np.sqrt(sd[:, None] ** 2 + sd[None, :] ** 2)


def slow(x: list[int], y: list[int], top: int, form: Form = "absolute", weights: list[float] | None = None) -> Scores:
    """The twin of `scores` and `weighted_s` for one pair, each score an array of shape (1, 1)."""
    q = 1 if form == "absolute" else 2
    n, w = len(x), weights or [1.0] * len(x)
    both = x + y
    s = 1 - 2 * sum(w[k] * (abs(x[k] - y[k]) / top) ** q for k in range(n)) / sum(w)
    observed = sum(abs(a - b) ** q for a, b in zip(x, y, strict=True)) / n
    kappa_base = sum(abs(a - b) ** q for a in x for b in y) / n**2
    pi_base = sum(abs(a - b) ** q for a in both for b in both) / (2 * n) ** 2
    found = [s] + [1 - observed / base if base else float("nan") for base in (kappa_base, pi_base)]
    return Scores(*(np.array([[value]]) for value in found))


def _checked(profiles: NDArray[np.uint8], top: int) -> None:
    if profiles.ndim != 2 or profiles.shape[1] < 1 or top < 1 or (profiles.size and profiles.max() > top):
        raise ValueError(f"profiles must be a matrix of whole numbers from 0 to {top} with at least one item")


def _steps(profiles: NDArray[np.uint8], top: int, kind: type[np.floating]) -> NDArray[np.floating]:
    """1 where a profile has reached step t, shape (n, top * N): the steps of an item stand N apart."""
    return np.concatenate([(profiles >= t).astype(kind) for t in range(1, top + 1)], axis=1)


def _apart(profiles: NDArray[np.uint8], steps: NDArray[np.floating], form: Form) -> Real:
    """Sum over the items of |x - y|^q, for all pairs."""
    values = steps if form == "absolute" else profiles.astype(np.float32)
    cross = (values @ values.T).astype(np.float64)
    own = np.diagonal(cross)
    return np.asarray(own[:, None] + own[None, :] - 2 * cross)


def _by_chance(steps: NDArray[np.floating], form: Form) -> tuple[Real, Real]:
    """Expected disagreement of all pairs, with the margin of each (kappa) and with a common margin (pi)."""
    n, top, n_items = steps.shape
    inner = steps.sum(axis=2, dtype=np.float64)
    reached = np.concatenate([np.full((n, 1), float(n_items)), inner, np.zeros((n, 1))], axis=1)
    count = reached[:, :-1] - reached[:, 1:]  # items at each value 0..top: whole numbers, so sums are exact
    cross = count @ _cost(top + 1, form) @ count.T / n_items**2
    own = np.diagonal(cross)
    return cross, np.asarray((own[:, None] + own[None, :] + 2 * cross) / 4)


def _cost(n_values: int, form: Form) -> Real:
    value = np.arange(n_values, dtype=np.float64)
    return np.asarray(np.abs(value[:, None] - value[None, :]) ** (1 if form == "absolute" else 2))


def _beyond(observed: Real, chance: Real) -> Real:
    """1 - observed / chance, NaN where nothing is expected to differ."""
    share: Real = np.divide(observed, chance, out=np.full(observed.shape, np.nan), where=chance > 0)
    return 1 - share
