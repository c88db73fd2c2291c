"""The dispute process for a simulator: does one state begin a dispute with another this year?

A logit over all directed dyads since 1946 whose predictors a simulated world has: distance, rivalry, regimes, pacts,
capability. Whether the target's pacts deter is disputed and confounded (threatened states seek pacts): the coefficient
of `covered` is a prior, Normal(-0.2, 0.2), not an estimate; what the data give stands beside it in `extra`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.binary import Binary, regress
from foedus.model.disputes.covered import as_matrix, covered
from foedus.model.disputes.initiation import starts
from foedus.model.drivers.history import History, history
from foedus.model.envelope import Fitted, fitted, hash_of
from foedus.model.errors import ModelError
from foedus.record import Record, load

TERMS = (
    "constant",
    "ln_km",  # log of km between the capitals
    "rivals",  # they are rivals
    "democracies",  # both electoral or liberal democracies
    "share",  # challenger's share of the two states' capability, 0 to 1
    "ln_weight",  # log of the two states' share of the world's capability
    "pact_inside",  # one of the two owes the other defence
    "covered",  # an attack by the challenger on the target at home would bind a third state to help it
    "since_1990",
)
SPEC: dict[str, Any] = {"first": 1946, "covered_prior": [-0.2, 0.2]}
_DEMOCRACY = 2  # index in REGIMES
LAST = 2010  # the last year of the disputes
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Directed pairs by year. x (n, 9) in the order of TERMS, y (n,) whether a dispute began, dyad (n,), year (n,)."""

    x: _Floats
    y: NDArray[np.bool_]
    dyad: NDArray[np.int64]
    year: NDArray[np.int64]

    def to(self, last: int) -> Rows:
        """The rows of the years to `last`."""
        kept = self.year <= last
        return Rows(self.x[kept], self.y[kept], self.dyad[kept], self.year[kept])


def fit(
    *,
    data: str = "gml",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the process; errors clustered by directed dyad. Raises SourceError without disputes or capabilities.

    spec : first (year), covered_prior = [mean, sd], or [] to take the data's own coefficient of `covered`.
    """
    chosen = spec_of(spec)
    past = history(record or load(), chosen["first"] - 1, min(until or LAST, LAST))
    return fit_rows(rows(past, sources), chosen, data, wars=wars(sources, past.first, past.last))


def spec_of(spec: Mapping[str, Any] | None) -> dict[str, Any]:
    """The choices, checked."""
    chosen = {**SPEC, **(spec or {})}
    prior = chosen["covered_prior"]
    if set(chosen) != set(SPEC) or len(prior) not in (0, 2) or (prior and prior[1] < 0):
        raise ModelError("disputes, spec: expected first (a year) and covered_prior = [mean, sd] or [].")
    return chosen


def fit_rows(seen: Rows, chosen: Mapping[str, Any], data: str = "gml", wars: tuple[int, int] | None = None) -> Fitted:
    """Fit the process to rows; `chosen` from `spec_of`. wars : as from `wars`, kept in `extra`."""
    prior = chosen["covered_prior"]
    found, slopes = _estimate(seen)
    k = TERMS.index("covered")
    coef, covariance = with_prior(found, slopes, *prior) if prior else (found.coef, found.covariance)
    return fitted(
        "disputes",
        what="log odds that one state begins a militarised dispute with another in a year",
        data=data,
        data_hash=hash_of(seen.x, seen.y),
        newest=f"{seen.year.max()}-12-31",
        terms=TERMS,
        coef=np.round(coef, 8),
        covariance=np.round(covariance, 10),
        n=found.n,
        events=found.n_events,
        spec=chosen,
        notes=(
            "assumed: the coefficient of covered; the data confound deterrence with the threat that led to the pact.",
            "Disputes between originators, without those who join later; predictors as of the end of the year before.",
            "Capability is CINC; a world without it may take shares of military expenditure, which is assumed alike.",
        ),
        extra={
            "covered_in_data": [round(float(found.coef[k]), 6), round(float(found.se[k]), 6)],
            **({"wars": list(wars)} if wars else {}),
        },
    )


def with_prior(found: Binary, slopes: _Floats, mean: float, sd: float) -> tuple[_Floats, _Floats]:
    """Coefficients and covariance when that of `covered` is Normal(mean, sd) whatever the data say.

    slopes (9,): how the other estimates follow when it is moved (the information's, 1 for itself), so that the
    expected number of disputes stays the observed one; without it the constant would still be that of the data's own.
    """
    k = TERMS.index("covered")
    coef = found.coef + slopes * (mean - found.coef[k])
    free = np.eye(len(slopes))
    free[:, k] -= slopes  # what is left of the estimates once their move with `covered` is taken out
    free[k] = 0.0
    return coef, free @ found.covariance @ free.T + sd**2 * np.outer(slopes, slopes)


def wars(sources: Path | None, first: int, last: int) -> tuple[int, int]:
    """(wars, all) of the dyadic disputes begun by originators in these years: war is the highest level of hostility
    that the two reach in the year it begins."""
    from foedus.sources import read

    seen = read("gml_dyads", sources).filter(
        pl.all_horizontal(pl.col("midonset", "sidea1", "orig1", "orig2") == 1), pl.col("year").is_between(first, last)
    )
    return int((seen["hostlev"] == 5).sum()), len(seen)


def rows(past: History, sources: Path | None) -> Rows:
    """All pairs in the system, from the second year on."""
    begun = _begun(past, sources)
    cinc = _cinc(past, sources)
    pacts = covered(past.record, range(past.first + 1, past.last + 1))
    n = len(past.codes)
    parts = []
    for year in range(past.first + 1, past.last + 1):
        at = year - past.first
        here = past.member[:, at - 1] & past.member[:, at] & np.isfinite(cinc[:, at - 1])
        one, two = np.nonzero(here[:, None] & here & ~np.eye(n, dtype=bool))
        x = _row(past, year, one, two, cinc[:, at - 1], as_matrix(pacts, past.codes, year))
        parts.append((x, begun[at][one, two], one * n + two, np.full(one.size, year)))
    return Rows(*(np.concatenate(p) for p in zip(*parts, strict=True)))


def _row(
    past: History,
    year: int,
    one: NDArray[np.intp],
    two: NDArray[np.intp],
    cinc: _Floats,
    bound: NDArray[np.bool_],
) -> _Floats:
    side, rival = past.defended(year - 1), past.rivals(year - 1)
    democratic = past.regime[:, year - 1 - past.first] >= _DEMOCRACY
    pair = cinc[one] + cinc[two]
    columns = (
        np.ones(len(one)),
        past.ln_km[one, two],
        rival[one, two],
        democratic[one] & democratic[two],
        cinc[one] / pair,
        np.log(pair / np.nansum(cinc)),
        side[one, two] | side[two, one],
        bound[one, two],
        np.full(len(one), year >= 1990),
    )
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


def _estimate(seen: Rows) -> tuple[Binary, _Floats]:
    """The logit, and how its estimates move with that of `covered`; a term that does not vary in these years is held at
    0 with variance 0."""
    x, k = seen.x, TERMS.index("covered")
    kept = [j for j in range(x.shape[1]) if j == 0 or np.ptp(x[:, j]) > 0]
    names = [TERMS[j] for j in kept]
    found = regress(x[:, kept], seen.y, names, cluster=seen.dyad)
    coef, covariance, slopes = np.zeros(len(TERMS)), np.zeros((len(TERMS), len(TERMS))), np.eye(len(TERMS))[k]
    coef[kept], covariance[np.ix_(kept, kept)] = found.coef, found.covariance
    if k in kept:
        plain = regress(x[:, kept], seen.y, names).covariance[:, kept.index(k)]
        slopes[kept] = plain / plain[kept.index(k)]
    return Binary(TERMS, coef, covariance, found.loglik, found.n, found.n_events), slopes


def _begun(past: History, sources: Path | None) -> NDArray[np.bool_]:
    """Whether the state of the row began a dispute with that of the column: bool (t, n, n)."""
    place = {row.cow: past.index[c] for c, row in past.record.states.items() if row.cow and c in past.index}
    found = np.zeros((past.member.shape[1], len(past.codes), len(past.codes)), np.bool_)
    for one, two, year, _ in starts(sources).filter(pl.col("year").is_between(past.first, past.last)).iter_rows():
        if one in place and two in place:
            found[year - past.first, place[one], place[two]] = True
    return found


def _cinc(past: History, sources: Path | None) -> _Floats:
    """CINC (n, t), nan where unknown or 0."""
    from foedus.sources import read

    raw = read("nmc", sources).filter(pl.col("year").is_between(past.first, past.last), pl.col("cinc") > 0)
    found = np.full(past.member.shape, np.nan)
    for code, year, value in raw.select("ccode_state", "year", "cinc").drop_nulls().iter_rows():
        if code in past.index:
            found[past.index[code], year - past.first] = value
    return found
