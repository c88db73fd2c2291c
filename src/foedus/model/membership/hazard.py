"""A yearly hazard: Pr(event in the year) = 1 - exp(-exp(x beta)), grouped proportional hazards, with clustered errors.

A weak normal prior on every coefficient but the constant keeps rare binary terms finite: few alliances ever saw a
withdrawal in a war. It acts on terms brought to a common scale (a share or a yes counts 1; other terms two standard
deviations, at least 1), after Gelman, Jakulin, Pittau and Su (2008), Annals of Applied Statistics 2: 1360-1383, who use
a Cauchy of scale 2.5 where this is a normal. At least 1: the log of a count that is nearly always nought varies little,
and two standard deviations of it would leave the prior no hold on its few cases. Prentice and Gloeckler (1978),
Biometrics 34: 57-67, for the link (recalled).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import Collinear, Constant, ModelError, NotEstimable, Separated

_MOST_STEPS = 100
_SINGULAR = 1e-10  # smallest eigenvalue of the scaled information
_LARGE = 12.0  # a coefficient on the common scale that only grows when it can grow without bound
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """coef (p,); covariances (p, p): model-based, and clustered (both with the prior counted as data).

    loglik : without the prior, at coef; loglik_null : of the constant alone. unit (p,): what counts as 1 for the prior.
    """

    coef: _Floats
    model: _Floats
    clustered: _Floats
    loglik: float
    loglik_null: float
    unit: _Floats


def probability(x: _Floats, coef: _Floats) -> _Floats:
    """Pr(event in the year) for rows x (n, p), in [0, 1]."""
    return np.asarray(-np.expm1(-np.exp(np.clip(x @ coef, -700, 50))))


def estimate(
    x: _Floats,
    event: _Floats,
    terms: Sequence[str],
    *,
    weight: _Floats | None = None,
    clusters: Sequence[NDArray[np.int64]] = (),
    prior_sd: float | Sequence[float] | None = 2.5,
) -> Estimate:
    """The most probable coefficients. x (n, p), the first column 1; event (n,) 0 or 1; weight (n,) of non-events drawn.

    clusters : none (rows are independent), one, or two labels per row; two are combined as V1 + V2 - V12, after
    Cameron, Gelbach and Miller (2011), Journal of Business and Economic Statistics 29: 238-249.
    prior_sd : of all terms, or of each (the constant's is not read); None for maximum likelihood. Raises Constant,
    Collinear, Separated with the terms; ModelError without any event.
    """
    w = np.ones(len(event)) if weight is None else weight
    unit = _units(x, w)
    _check(x, event, unit, terms, penalised=prior_sd is not None)
    z = x / unit
    penalty = np.zeros(z.shape[1]) if prior_sd is None else np.broadcast_to(prior_sd, z.shape[1]) ** -2.0
    penalty[0] = 0.0
    beta = _newton(z, event, w, penalty, terms)
    if prior_sd is None and np.abs(beta[1:]).max(initial=0.0) > _LARGE:
        far = [t for t, b in zip(terms, np.abs(beta), strict=True) if b > _LARGE and t != terms[0]]
        raise _separated(far)
    slope, information = _slopes(z, event, w, beta)
    score = z * slope[:, None]
    inverse = np.linalg.inv(information + np.diag(penalty))
    prior = np.diag(penalty)
    model = inverse
    clustered = _positive(inverse @ (_clustered(score, clusters) + prior) @ inverse)
    null = np.zeros_like(beta)
    null[0] = np.log(-np.log1p(-np.average(event, weights=w)))
    scale = np.outer(unit, unit)
    return Estimate(
        beta / unit, model / scale, clustered / scale, _loglik(z, event, w, beta), _loglik(z, event, w, null), unit
    )  # fmt: skip


def _units(x: _Floats, w: _Floats) -> _Floats:
    """1 for terms within [0, 1], else two (weighted) standard deviations, at least 1."""
    mean = np.average(x, axis=0, weights=w)
    sd = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w))
    is_share = (x.min(axis=0) >= 0) & (x.max(axis=0) <= 1)
    return np.asarray(np.where(is_share, 1.0, np.maximum(2.0 * sd, 1.0)))


def _check(x: _Floats, event: _Floats, unit: _Floats, terms: Sequence[str], penalised: bool) -> None:
    """Raise for terms whose coefficients the rows cannot determine."""
    if not event.any():
        raise ModelError("no event among the rows: there is nothing to fit. Take more years, or other data.")
    flat = [t for t, low, high in zip(terms[1:], x.min(axis=0)[1:], x.max(axis=0)[1:], strict=True) if low == high]
    if flat:
        raise Constant(f"terms {', '.join(flat)}: the same in every row, so they have no effect. Remove them.", flat)
    z = x / unit
    gram = z.T @ z
    size = np.sqrt(np.diag(gram))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    if values[0] < _SINGULAR:
        involved = [t for t, v in zip(terms, vectors[:, 0], strict=True) if abs(v) > 1e-3]
        raise Collinear(f"terms {', '.join(involved)}: one follows from the others. Remove one of them.", involved)
    if penalised:
        return
    cases, controls = x[event == 1], x[event == 0]
    apart = (cases.min(axis=0) >= controls.max(axis=0)) | (cases.max(axis=0) <= controls.min(axis=0))
    if apart[1:].any():
        raise _separated([t for t, a in zip(terms[1:], apart[1:], strict=True) if a])


def _separated(terms: Sequence[str]) -> NotEstimable:
    says = "tell events from the rest, or some events never occur with them: the coefficients would be infinite"
    return Separated(f"terms {', '.join(terms)}: {says}. Remove them, or keep the prior (prior_sd).", terms)


def _newton(z: _Floats, event: _Floats, w: _Floats, penalty: _Floats, terms: Sequence[str]) -> _Floats:
    """Fisher scoring with step halving, from the constant alone."""
    beta = np.zeros(z.shape[1])
    beta[0] = np.log(-np.log1p(-np.average(event, weights=w)))
    value = _loglik(z, event, w, beta) - 0.5 * float(beta @ (penalty * beta))
    for _ in range(_MOST_STEPS):
        slope, information = _slopes(z, event, w, beta)
        gradient = z.T @ slope - penalty * beta
        try:
            move = np.linalg.solve(information + np.diag(penalty), gradient)
        except np.linalg.LinAlgError:
            break
        length = 1.0
        while length > 1e-8:
            trial = beta + length * move
            found = _loglik(z, event, w, trial) - 0.5 * float(trial @ (penalty * trial))
            if found >= value - 1e-12 * abs(value):
                break
            length /= 2
        beta, value = trial, found
        if np.abs(length * move).max() < 1e-10 * (1 + np.abs(beta).max()):
            return beta
    raise _separated([t for t, b in zip(terms, np.abs(beta), strict=True) if b >= 0.5 * np.abs(beta[1:]).max()])


def _rate(z: _Floats, beta: _Floats) -> _Floats:
    return np.asarray(np.exp(np.clip(z @ beta, -300.0, 30.0)))


def _loglik(z: _Floats, event: _Floats, w: _Floats, beta: _Floats) -> float:
    rate = _rate(z, beta)
    hit = event == 1
    # log(1 - exp(-rate)) of events; -rate of the rest
    return float((w[hit] * np.log(-np.expm1(-rate[hit]))).sum() - (w[~hit] * rate[~hit]).sum())


def _slopes(z: _Floats, event: _Floats, w: _Floats, beta: _Floats) -> tuple[_Floats, _Floats]:
    """Derivative of each row's log-likelihood by its x beta (n,), and the expected information (p, p)."""
    rate = _rate(z, beta)
    odds = rate / np.maximum(np.expm1(rate), 1e-300)  # rate / (exp(rate) - 1)
    weighted = z * np.sqrt(w * rate * odds)[:, None]
    return w * np.where(event == 1, odds, -rate), weighted.T @ weighted


def _clustered(score: _Floats, clusters: Sequence[NDArray[np.int64]]) -> _Floats:
    """Sum of squared scores over clusters, two-way where there are two labels."""
    if not clusters:
        return np.asarray(score.T @ score)
    numbered = [np.unique(c, return_inverse=True)[1] for c in clusters]
    parts = [_summed(score, c) for c in numbered]
    if len(clusters) == 2:
        both = numbered[0] * (int(numbered[1].max()) + 1) + numbered[1]
        parts.append(-_summed(score, np.unique(both, return_inverse=True)[1]))
    return np.asarray(sum(parts))


def _summed(score: _Floats, group: NDArray[np.int64]) -> _Floats:
    """Sum over groups 0 to n - 1 of the outer square of their summed scores, times n / (n - 1)."""
    n = int(group.max()) + 1
    sums = np.stack([np.bincount(group, weights=column, minlength=n) for column in score.T], axis=1)
    return np.asarray(sums.T @ sums * (n / max(n - 1, 1)))


def _positive(matrix: _Floats) -> _Floats:
    """The nearest matrix without negative eigenvalues: two-way clustering can leave slightly negative ones."""
    symmetric = (matrix + matrix.T) / 2
    values, vectors = np.linalg.eigh(symmetric)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
