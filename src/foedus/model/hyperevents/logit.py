"""Stratified conditional logit by Newton's method, with the checks that a coefficient exists before it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import Collinear, Constant, EventsError, ModelError, Separated
from foedus.model.hyperevents.logit_kernel import likelihood

_Floats = NDArray[np.float64]
_MOST_STEPS = 60
_LARGE = 10.0  # |beta| times the standard deviation of the term, within strata
_SINGULAR = 1e-9  # smallest eigenvalue of scaled information


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Rows sorted by stratum. z (rows, p); stratum s is start[s]:start[s + 1], its case the row case[s].

    label : of each stratum, as given. n_without_controls : strata left out because they tell nothing.
    """

    z: _Floats
    start: NDArray[np.int64]
    case: NDArray[np.int64]
    label: NDArray[np.int64]
    n_without_controls: int

    def centred(self) -> _Floats:
        """z minus the case's row of its stratum."""
        return np.asarray(self.z - np.repeat(self.z[self.case], np.diff(self.start), axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """coef (p,); covariances (p, p): model, robust (sandwich over strata) and, if asked for, clustered.

    score and information are at coef; loglik_null at 0; steps of Newton's method.
    """

    coef: _Floats
    model: _Floats
    robust: _Floats
    clustered: _Floats | None
    loglik: float
    loglik_null: float
    score: _Floats
    information: _Floats
    steps: int


def strata_of(z: _Floats, stratum: NDArray[np.int64], is_case: NDArray[np.int8]) -> Strata:
    """Sort rows by stratum (order kept within). Raises EventsError for a stratum without a case or with several."""
    labels, inverse = np.unique(stratum, return_inverse=True)
    cases = np.bincount(inverse, weights=is_case, minlength=labels.size)
    if not labels.size or (cases == 0).any():
        names = ", ".join(map(str, labels[cases == 0][:5])) or "all"
        raise EventsError(f"strata without a case: {names}. Each stratum is one case (is_case = 1) with its controls.")
    if (cases > 1).any():
        names = ", ".join(map(str, labels[cases > 1][:5]))
        raise EventsError(f"strata with more than one case: {names}. Give each case a stratum of its own.")
    sizes = np.bincount(inverse, minlength=labels.size)
    kept = np.flatnonzero(sizes[inverse] > 1)
    if not kept.size:
        raise EventsError("no stratum has a control: nothing to compare the cases with. Raise the number of controls.")
    order = kept[np.argsort(inverse[kept], kind="stable")]
    start = np.concatenate(([0], np.cumsum(sizes[sizes > 1]))).astype(np.int64)
    case = np.flatnonzero(is_case[order] == 1).astype(np.int64)
    return Strata(np.ascontiguousarray(z[order]), start, case, labels[sizes > 1], int((sizes == 1).sum()))


def evaluate(strata: Strata, beta: _Floats) -> tuple[float, _Floats, _Floats]:
    """Log-likelihood, scores per stratum (strata, p) and information (p, p)."""
    p = beta.size
    scores, information = np.empty((strata.case.size, p)), np.empty((p, p))
    value = likelihood(strata.z, strata.start, strata.case, np.ascontiguousarray(beta, np.float64), scores, information)
    return value, scores, information


def estimate(
    strata: Strata, terms: Sequence[str], *, cluster: NDArray[np.int64] | None = None, ridge: float = 0.0
) -> Estimate:
    """Maximum of the partial likelihood minus ridge / 2 * |beta|^2.

    terms : names, for messages. cluster (strata,): whose scores are added up before squaring. ridge : 0 or more;
    with a penalty a separated term has a finite coefficient, so it is let through.
    Raises Constant, Separated, Collinear with the terms and what to do; ModelError without convergence.
    Source: Lin and Wei (1989) for the robust covariance, I^-1 (sum of U U') I^-1 (recalled).
    """
    if not (np.isfinite(ridge) and ridge >= 0):
        raise ModelError(f"ridge {ridge}: expected a finite number, 0 or more.")
    check(strata, terms, penalised=ridge > 0)
    p = strata.z.shape[1]
    penalty = ridge * np.eye(p)
    loglik_null, _, _ = evaluate(strata, np.zeros(p))
    beta, steps = _newton(strata, penalty, terms)
    loglik, scores, information = evaluate(strata, beta)
    _check_fitted(strata, beta, information + penalty, terms, penalised=ridge > 0)
    inverse: _Floats = np.asarray(np.linalg.inv(information + penalty), np.float64)
    clustered = None
    if cluster is not None:
        _, group = np.unique(cluster, return_inverse=True)
        sums = np.zeros((int(group.max()) + 1, p))
        np.add.at(sums, group, scores)
        clustered = inverse @ (sums.T @ sums) @ inverse
    robust = inverse @ (scores.T @ scores) @ inverse
    return Estimate(beta, inverse, robust, clustered, loglik, loglik_null, scores.sum(0), information, steps)


def check(strata: Strata, terms: Sequence[str], *, penalised: bool = False) -> None:
    """Raise Constant, Separated or Collinear for terms whose coefficient the strata do not determine."""
    centred = strata.centred()
    span = np.abs(centred).max(axis=0)
    flat = [t for t, s in zip(terms, span, strict=True) if s == 0]
    if flat:
        raise Constant(
            f"{_named(flat)}: the same for a case and all its controls in every stratum, so it has no effect."
            " Remove it, or let it interact with a term that varies.",
            flat,
        )
    extreme = [
        f"{t} ({'highest' if low else 'lowest'})"
        for t, low, high in zip(terms, centred.max(axis=0) <= 0, centred.min(axis=0) >= 0, strict=True)
        if low or high
    ]
    if extreme and not penalised:
        raise Separated(
            f"{_named(extreme)} for every case among its controls: the coefficient would be infinite."
            " Take more controls, remove the term, or pass ridge=1 (--ridge 1).",
            [e.rpartition(" (")[0] for e in extreme],
        )
    if penalised:
        return
    scaled = centred / span
    _check_rank(scaled.T @ scaled, terms)


def _check_rank(gram: _Floats, terms: Sequence[str]) -> None:
    """Raise Collinear for the terms that take part in a combination that hardly varies."""
    size = np.sqrt(np.diag(gram))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    if values[0] < _SINGULAR:
        involved = [t for t, v in zip(terms, vectors[:, 0], strict=True) if abs(v) > 1e-3]
        raise Collinear(
            f"{_named(involved)}: one follows from the others within all strata (smallest eigenvalue {values[0]:.1g})."
            " Remove one of them, or pass ridge=1 (--ridge 1).",
            involved,
        )


def _newton(strata: Strata, penalty: _Floats, terms: Sequence[str]) -> tuple[_Floats, int]:
    beta = np.zeros(strata.z.shape[1])
    value, scores, information = evaluate(strata, beta)
    value -= 0.5 * float(beta @ penalty @ beta)
    for step in range(1, _MOST_STEPS + 1):
        gradient = scores.sum(axis=0) - penalty @ beta
        try:
            move = np.linalg.solve(information + penalty, gradient)
        except np.linalg.LinAlgError:
            raise _diverged(strata, beta, terms) from None
        if float(gradient @ move) < 1e-22 * max(abs(value), 1.0):
            return beta, step
        length = 1.0
        while True:
            trial = beta + length * move
            found, scores, information = evaluate(strata, trial)
            found -= 0.5 * float(trial @ penalty @ trial)
            if found >= value - 1e-12 * abs(value):
                break
            length /= 2.0
            if length < 1e-10:
                return beta, step
        if np.abs(trial - beta).max() <= 1e-13 * (1.0 + np.abs(trial).max()):
            return trial, step
        beta, value = trial, found
    raise _diverged(strata, beta, terms)


def _check_fitted(strata: Strata, beta: _Floats, information: _Floats, terms: Sequence[str], penalised: bool) -> None:
    if not np.isfinite(beta).all() or not np.isfinite(information).all():
        raise _diverged(strata, beta, terms)
    if penalised:
        return
    spread = strata.centred().std(axis=0)
    # Far out where the likelihood is flat: large coefficients, and next to no information left in some direction.
    left = np.linalg.eigvalsh(information / np.outer(spread, spread) / strata.case.size)[0]
    if (np.abs(beta) * spread > _LARGE).any() and left < _SINGULAR:
        raise _diverged(strata, beta, terms)


def _diverged(strata: Strata, beta: _Floats, terms: Sequence[str]) -> Separated:
    size = np.abs(beta) * strata.centred().std(axis=0)
    far = [t for t, s in zip(terms, size, strict=True) if not s <= 0.5 * np.nanmax(size)]
    return Separated(
        f"{_named(far or terms)}: together they tell all or nearly all cases from their controls; the coefficients grow"
        " without bound. Take more controls, remove a term, or pass ridge=1 (--ridge 1).",
        far or terms,
    )


def _named(terms: Sequence[str]) -> str:
    return ("terms " if len(terms) > 1 else "term ") + ", ".join(terms)
