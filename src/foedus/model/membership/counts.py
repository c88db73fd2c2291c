"""How many alliances are founded in a year: negative binomial regression, log mean = x beta, variance mu + alpha mu^2.

Cameron and Trivedi (1986), Journal of Applied Econometrics 1: 29-53 (their NB2; recalled). alpha above 0 says how much
more foundings bunch than a Poisson process would; the last parameter is log(alpha), so draws carry its uncertainty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted, fitted
from foedus.model.errors import Constant, ModelError
from foedus.model.membership.hazards import Year
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.model.membership.standing import ERAS, unsettled
from foedus.model.spec import checked, checked_terms
from foedus.record import Record

COUNTS = ("one", *ERAS, "log_states", "log_recent")
WINDOW = 5  # years before that count as recent
_LEAST_ALPHA = -7.0  # log(alpha): a thousandth, next to no overdispersion, where the likelihood is flat
_Floats = NDArray[np.float64]


class CountsSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choices. since : first year counted. terms : of COUNTS; a level for each era by default, as more add nothing."""

    since: Year = 1816
    terms: tuple[str, ...] | None = None


DEFAULT = ("one", *ERAS)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """By year: n (Y,) foundings by two states or more; x (Y, 6), terms in the order of COUNTS."""

    year: NDArray[np.int64]
    n: _Floats
    x: _Floats


def row(year: float, n_states: float, recent: float) -> _Floats:
    """The terms of one year. n_states : in the system at its start. recent : foundings in the five years before."""
    eras = [float(year >= y) for y in (1915, 1946, 1990)]
    return np.array([1.0, *eras, np.log(n_states / 100.0), np.log1p(recent)])


def counts_of(history: History, since: int) -> Counts:
    """Foundings of each year from `since` to the end of the history."""
    years = np.arange(since, history.last + 1)
    founded = history.treaties.founded
    n = np.array([(founded == y).sum() for y in years], np.float64)
    recent = [((founded >= y - WINDOW) & (founded < y)).sum() for y in years]
    here = history.here.sum(axis=1)
    x = np.array([row(float(y), float(here[y - history.first]), float(r)) for y, r in zip(years, recent, strict=True)])
    return Counts(years, n, x)


def fit(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the yearly number of foundings to the named data as known at the end of `until`."""
    return fit_history(history_of(data, until, sources, record), checked(CountsSpec, spec or {}, "founding-counts"))


def fit_history(history: History, spec: CountsSpec | None = None) -> Fitted:
    """Fit the yearly number of foundings. Raises FormulaError, Constant, ModelError."""
    chosen = spec or CountsSpec()
    counts = counts_of(history, max(chosen.since, history.first))
    terms, dropped = _terms(counts, chosen)
    x = counts.x[:, [COUNTS.index(t) for t in terms]]
    found, covariance, loglik = estimate(x, counts.n)
    mean, variance = float(counts.n.mean()), float(counts.n.var(ddof=1))
    poisson = poisson_loglik(x, counts.n)
    notes = list(history.notes)
    if history.data == "record":
        notes.append("The record is a selection of treaties, not a census: its counts are too low (docs/model.md).")
    if dropped:
        notes.append(
            f"Left out for want of variation (a step needs ten years before it and twenty after): {', '.join(dropped)}."
        )
    notes.append(
        f"Mean {mean:.2f} a year, variance {variance:.2f}: {variance / mean:.1f} times that of Poisson counts."
    )
    notes.append(f"Twice the gain in log-likelihood over a Poisson with these terms: {2 * (loglik - poisson):.1f}.")
    return fitted(
        "founding-counts",
        what="Alliances founded in a year by two states or more: negative binomial with log mean x beta and variance"
        " mu + alpha mu^2.",
        data=history.data,
        data_hash=history.digest(),
        newest=history.newest,
        terms=(*terms, "log_alpha"),
        coef=found,
        covariance=covariance,
        n=len(counts.n),
        events=int(counts.n.sum()),
        spec={"since": int(counts.year[0]), "terms": terms, "window": WINDOW, "link": "log"},
        notes=notes,
        extra={"loglik": loglik, "loglik_poisson": poisson, "mean": mean, "variance": variance,
               "alpha": float(np.exp(found[-1]))},
    )  # fmt: skip


def _terms(counts: Counts, spec: CountsSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    few = unsettled(int(counts.year[0]), int(counts.year[-1]))
    flat = tuple(t for k, t in enumerate(COUNTS) if t in few or (t != "one" and np.ptp(counts.x[:, k]) == 0))
    if spec.terms is None:
        return tuple(t for t in DEFAULT if t not in flat), tuple(t for t in DEFAULT if t in flat)
    asked = checked_terms(spec.terms, COUNTS, "founding-counts")
    same = [t for t in asked if t in flat]
    if same:
        raise Constant(f"founding-counts: terms {', '.join(same)}: too few years tell them. Remove them.", same)
    return ("one", *(t for t in asked if t != "one")), ()


def estimate(x: _Floats, n: _Floats) -> tuple[_Floats, _Floats, float]:
    """(beta and log alpha (p + 1,), covariance from the observed information, log-likelihood). x (Y, p), n (Y,)."""
    from scipy.optimize import minimize

    if not n.any():
        raise ModelError("founding-counts: no alliance was founded in these years. Take more years.")
    start = np.zeros(x.shape[1] + 1)
    start[0] = np.log(n.mean())
    bounds = [(None, None)] * x.shape[1] + [(_LEAST_ALPHA, 5.0)]
    found = minimize(
        lambda b: -loglik(x, n, b), start, jac=lambda b: -gradient(x, n, b), method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    best = np.asarray(found.x, np.float64)
    information = _information(x, n, best)
    return best, np.asarray(np.linalg.pinv(information, hermitian=True)), loglik(x, n, best)


def loglik(x: _Floats, n: _Floats, b: _Floats) -> float:
    """NB2 log-likelihood at b = (beta, log alpha)."""
    from scipy.special import gammaln

    mu, r = np.exp(x @ b[:-1]), np.exp(-b[-1])
    terms = gammaln(n + r) - gammaln(r) - gammaln(n + 1) + r * np.log(r / (r + mu)) + n * np.log(mu / (r + mu))
    return float(terms.sum())


def gradient(x: _Floats, n: _Floats, b: _Floats) -> _Floats:
    """Of `loglik`, shape (p + 1,)."""
    from scipy.special import digamma

    mu, r = np.exp(x @ b[:-1]), np.exp(-b[-1])
    by_mu = (n - mu) * r / (r + mu)
    by_r = digamma(n + r) - digamma(r) + np.log(r / (r + mu)) + 1.0 - (n + r) / (r + mu)
    return np.append(x.T @ by_mu, -(r * by_r).sum())


def poisson_loglik(x: _Floats, n: _Floats) -> float:
    """The highest log-likelihood of a Poisson regression: the limit alpha = 0."""
    from scipy.special import gammaln

    beta = np.zeros(x.shape[1])
    beta[0] = np.log(n.mean())
    for _ in range(50):
        mu = np.exp(x @ beta)
        beta = beta + np.linalg.solve((x * mu[:, None]).T @ x, x.T @ (n - mu))
    mu = np.exp(x @ beta)
    return float((n * np.log(mu) - mu - gammaln(n + 1)).sum())


def _information(x: _Floats, n: _Floats, b: _Floats) -> _Floats:
    """Minus the second derivatives, by central differences of the gradient."""
    step = 1e-5
    columns = [
        (gradient(x, n, b - step * e) - gradient(x, n, b + step * e)) / (2 * step) for e in np.eye(b.size)
    ]  # fmt: skip
    found = np.array(columns)
    return np.asarray((found + found.T) / 2)
