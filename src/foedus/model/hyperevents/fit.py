"""Fit a relational hyperevent model: from events, or from a case-control table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

import foedus
from foedus.model.errors import EventsError
from foedus.model.hyperevents import logit
from foedus.model.hyperevents.case_control import CaseControl, Sampling, case_control, table_of
from foedus.model.hyperevents.covariates import Given
from foedus.model.hyperevents.events import Events
from foedus.model.hyperevents.formula import columns_needed, terms_of
from foedus.model.hyperevents.result import Fit, Ranking
from foedus.model.hyperevents.risk import OnNotAtRisk

Missing = Literal["error", "drop", "mean"]
Errors = Literal["model", "robust", "cluster"]
_Floats = NDArray[np.float64]


def fit(
    formula: str,
    events: Events | pl.DataFrame,
    covariates: Mapping[str, Given] | None = None,
    *,
    controls: int | None = 200,
    decay: str | float | None = None,
    seed: int = 1,
    at_risk: pl.DataFrame | None = None,
    on_not_at_risk: OnNotAtRisk = "error",
    pairs: Literal["all", "sample"] = "all",
    sizes: tuple[int, int | None] = (2, None),
    since: float | None = None,
    until: float | None = None,
    errors: Errors = "robust",
    cluster: Mapping[str, object] | None = None,
    missing: Missing = "error",
    scale: bool = True,
    ridge: float = 0.0,
    refits: int = 0,
) -> Fit:
    """Fit which set acts, given when and how many: conditional logit of each event against sets of the same size.

    formula : see `formula`. events : see `events_of`. covariates : see `covariates_of`. controls : sets drawn for each
    case, None for all. pairs : "all" takes every pair for events of two. decay : half-life in the unit of time, or
    "20y". at_risk : frame of actor, entry, exit. sizes, since, until : which events to explain, sizes inclusive, until
    exclusive; all others still are history. errors : which covariance `cov` is; "cluster" adds scores up by `cluster`
    (event to label), by time without it. missing : rows without a covariate raise, are dropped (a case with its
    stratum), or take the mean over controls. scale : divide terms by their standard deviation among controls.
    refits : how often to draw other controls and fit again; their spread is `between_draws`.
    Raises EventsError, NotAtRisk, FormulaError, Constant, Separated, Collinear, ModelError.
    """
    drawing = Sampling(controls, pairs == "all", seed, 0, sizes, since, until)

    def table(refit: int) -> CaseControl:
        return case_control(
            formula, events, covariates, decay=decay, at_risk=at_risk, on_not_at_risk=on_not_at_risk,
            drawing=replace(drawing, refit=refit),
        )  # fmt: skip

    def fitted(rows: CaseControl) -> Fit:
        found = fit_table(
            formula, rows, covariates=tuple(covariates or ()), errors=errors, cluster=cluster, missing=missing,
            scale=scale, ridge=ridge,
        )  # fmt: skip
        return replace(found, controls=controls, seed=seed)

    first = fitted(table(0))
    return with_spread(first, (fitted(table(r)) for r in range(1, refits + 1)))


def with_spread(first: Fit, others: Iterable[Fit]) -> Fit:
    """`first` with how far other draws of controls move it: `between_draws`, the standard deviation over all fits."""
    coefs = [f.coef_unscaled for f in others]
    if not coefs:
        return first
    spread = np.vstack([first.coef_unscaled, *coefs]).std(axis=0, ddof=1) * np.array(first.scale)
    return replace(first, between_draws=tuple(spread.tolist()))


def fit_table(
    formula: str,
    table: CaseControl | pl.DataFrame,
    *,
    covariates: Sequence[str] = (),
    decay: bool | None = None,
    errors: Errors = "robust",
    cluster: Mapping[str, object] | None = None,
    missing: Missing = "error",
    scale: bool = True,
    ridge: float = 0.0,
) -> Fit:
    """Fit a case-control table, from here or from another program. Arguments as for `fit`.

    table : columns stratum, is_case, the statistics that the formula names, and time for errors clustered by it; any
    other column may be named in the formula too. decay : whether words such as activity mean columns with
    _d; by default if the table has a half-life.
    """
    rows = table if isinstance(table, CaseControl) else table_of(table)
    terms = terms_of(formula, (*covariates, *rows.columns), rows.half_life is not None if decay is None else decay)
    lacking = [c for c in columns_needed(terms) if c not in rows.columns]
    if lacking:
        raise EventsError(f"table: no column {', '.join(lacking)}; found {', '.join(rows.columns)}.")
    _check_finite(rows, columns_needed(terms))
    rows, z, n_cases, n_controls = _complete(rows, np.column_stack([t.of(rows.columns) for t in terms]), missing)
    among = z[rows.is_case == 0]
    if not len(among):
        raise EventsError("no stratum has a control: nothing to compare the cases with. Raise the number of controls.")
    mean, sd = among.mean(axis=0), among.std(axis=0)
    sd = np.where((sd > 0) & scale, sd, 1.0)
    names = [t.text for t in terms]
    strata = logit.strata_of(z / sd, rows.stratum, rows.is_case)
    labels = _clusters(rows, strata, cluster) if errors == "cluster" or cluster is not None else None
    found = logit.estimate(strata, names, cluster=labels, ridge=ridge)
    kinds = {"model": found.model, "robust": found.robust, "cluster": found.clustered}
    return Fit(
        formula=formula,
        terms=tuple(names),
        coef=tuple(found.coef.tolist()),
        covariances={k: tuple(map(tuple, v.tolist())) for k, v in kinds.items() if v is not None},
        errors=errors,
        mean=tuple(mean.tolist()),
        scale=tuple(sd.tolist()),
        loglik=found.loglik,
        loglik_null=found.loglik_null,
        n_cases=strata.case.size,
        n_rows=len(strata.z),
        n_without_controls=strata.n_without_controls,
        n_not_at_risk=rows.n_dropped,
        n_missing_cases=n_cases,
        n_missing_controls=n_controls,
        half_life=rows.half_life,
        controls=None,
        seed=None,
        ridge=ridge,
        ranking=ranking(strata, found.coef),
        data_hash=rows.data_hash,
        version=foedus.__version__,
    )


def ranking(strata: logit.Strata, coef: _Floats) -> Ranking:
    """How the cases stand among their controls at `coef`."""
    eta = strata.z @ coef
    sizes = np.diff(strata.start)
    own = np.repeat(eta[strata.case], sizes)
    above = np.add.reduceat((eta > own).astype(np.float64), strata.start[:-1])
    level = np.add.reduceat((eta == own).astype(np.float64), strata.start[:-1])
    rank = above + (level + 1.0) / 2.0
    top = np.maximum.reduceat(eta, strata.start[:-1])
    whole = np.add.reduceat(np.exp(eta - np.repeat(top, sizes)), strata.start[:-1])
    score = eta[strata.case] - top - np.log(whole)
    chance = -np.log(sizes)
    first = np.where(above == 0, 1.0 / level, 0.0)
    return Ranking(float((1.0 / rank).mean()), float(first.mean()), float(score.mean()), float(chance.mean()))


def _check_finite(rows: CaseControl, columns: Sequence[str]) -> None:
    for name in columns:
        wrong = np.isinf(rows.columns[name])
        if wrong.any():
            at = int(wrong.argmax())
            raise EventsError(f"{name}: row {at + 1} (stratum {rows.stratum[at]}) is not finite; correct or remove it.")


def _complete(rows: CaseControl, z: _Floats, missing: Missing) -> tuple[CaseControl, _Floats, int, int]:
    """Rows without gaps, with how many cases and controls had one."""
    gap = np.isnan(z).any(axis=1)
    if not gap.any():
        return rows, z, 0, 0
    of_case = np.unique(rows.stratum[gap & (rows.is_case == 1)])
    n_controls = int((gap & (rows.is_case == 0)).sum())
    if missing == "drop":
        keep = ~gap & ~np.isin(rows.stratum, of_case)
        if not keep.any():
            raise EventsError("every row lacks a covariate; give more values, or leave the term out.")
        return rows.only(keep), z[keep], of_case.size, n_controls
    if missing == "mean":
        among = np.where((rows.is_case == 0)[:, None], z, np.nan)
        known = ~np.isnan(among)
        mean = np.where(known, among, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return rows, np.where(np.isnan(z), mean, z), of_case.size, n_controls
    at = int(gap.argmax())
    raise EventsError(
        f"{int(gap.sum())} rows lack a covariate ({of_case.size} cases, {n_controls} controls), the first in stratum"
        f' {rows.stratum[at]}. Give the values, or pass missing="drop" or missing="mean" (--missing).'
    )


def _clusters(rows: CaseControl, strata: logit.Strata, cluster: Mapping[str, object] | None) -> NDArray[np.int64]:
    """A number for each stratum's cluster."""
    if cluster is None:
        time = dict(zip(rows.stratum.tolist(), rows.time.tolist(), strict=True))
        labels: list[object] = [time[s] for s in strata.label.tolist()]
    else:
        names = [rows.events.get(int(s), str(s)) for s in strata.label]
        unknown = [n for n in names if n not in cluster]
        if unknown:
            raise EventsError(f"cluster: no label for event {', '.join(unknown[:5])}; give one for each event.")
        labels = [cluster[n] for n in names]
    place = {label: at for at, label in enumerate(dict.fromkeys(labels))}
    return np.array([place[label] for label in labels], np.int64)
