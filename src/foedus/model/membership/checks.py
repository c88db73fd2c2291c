"""How well the fitted hazards agree with what happened: texts for `foedus model check`.

Without `until` the rows are those of the fit; with it the model is fitted to what was known at the end of that year and
judged on the years after, which it has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.membership import hazard
from foedus.model.membership.asked import PERIODS, Asked
from foedus.model.membership.hazards import PROCESSES, HazardSpec, fit_history, since_of, units_of
from foedus.model.membership.units import Units
from foedus.model.spec import checked

_BINS = 10
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def accession_check(**asked: Any) -> str:
    """Calibration of who accedes; keywords as in the registry."""
    return _hazard_check("accession", Asked(**asked))


def withdrawal_check(**asked: Any) -> str:
    """Calibration of who withdraws; keywords as in the registry."""
    return _hazard_check("withdrawal", Asked(**asked))


def termination_check(**asked: Any) -> str:
    """Calibration of which alliances end; keywords as in the registry."""
    return _hazard_check("termination", Asked(**asked))


def _hazard_check(name: str, asked: Asked) -> str:
    process, spec, history = PROCESSES[name], checked(HazardSpec, asked.spec, name), asked.history()
    fit = fit_history(process, history.up_to(asked.until), spec)
    units = units_of(process, history, spec)
    kept = units.year > asked.until if asked.until is not None else units.year >= since_of(history, spec)
    p = hazard.probability(units.x, fit.aligned(units.terms))
    members = np.exp(units.x[:, units.terms.index("log_members")])
    classes = (("two members", 0.0, 2.5), ("three to six", 2.5, 6.5), ("seven or more", 6.5, np.inf))
    by_size = [(label, kept & (members > low) & (members < high)) for label, low, high in classes]
    by_year = [(f"{a}-{min(b, history.last)}", kept & (units.year >= a) & (units.year <= b)) for a, b in PERIODS]
    lines = [f"{name}: {fit.what}", asked.judged(history), *_scores(units, p, kept), ""]
    lines += ["Tenths of the expected events, lowest chance first", *_tenths(units, p, kept), ""]
    lines += ["By period and size", *_sums(units, p, [*by_year, *by_size]), ""]
    lines += ["Mean of each term among events: observed, and expected under the model"]
    return "\n".join([*lines, *_means(units, p, kept)])


def _scores(units: Units, p: _Floats, kept: _Bools) -> list[str]:
    """Log score against a constant rate, and how the events rank."""
    y, w, q = units.event[kept], units.weight[kept], p[kept]
    if not y.any():
        return [f"No event among {int(w.sum()):,} chances; {(w * q).sum():.1f} were expected."]
    rate = np.average(y, weights=w)
    of_model = np.sum(w * np.where(y == 1, np.log(np.maximum(q, 1e-12)), np.log1p(-np.minimum(q, 1 - 1e-12))))
    of_rate = np.sum(w * np.where(y == 1, np.log(rate), np.log1p(-rate)))
    return [
        f"{int(y.sum())} events in {int(w.sum()):,} chances; {(w * q).sum():.1f} were expected.",
        f"Log score {of_model:.1f}, with the true mean rate for all {of_rate:.1f}:"
        f" {(of_model - of_rate) / y.sum():.2f} an event.",
        f"AUC {_auc(y, q, w):.3f}; {_captured(y, q, w):.0%} of events are in the hundredth with the highest chance.",
    ]


def _auc(y: _Floats, q: _Floats, w: _Floats) -> float:
    """Probability that an event has a higher chance than a (weighted) non-event; ties count half."""
    none = y == 0
    order = np.argsort(q[none], kind="stable")
    values, weights = q[none][order], np.concatenate(([0.0], np.cumsum(w[none][order])))
    below, upto = np.searchsorted(values, q[y == 1], side="left"), np.searchsorted(values, q[y == 1], side="right")
    return float(((weights[below] + weights[upto]) / 2).mean() / weights[-1])


def _captured(y: _Floats, q: _Floats, w: _Floats) -> float:
    order = np.argsort(-q, kind="stable")
    first = np.cumsum(w[order]) <= 0.01 * w.sum()
    return float(y[order][first].sum() / y.sum())


def _tenths(units: Units, p: _Floats, kept: _Bools) -> list[str]:
    order = np.flatnonzero(kept)[np.argsort(p[kept], kind="stable")]
    expected = units.weight[order] * p[order]
    tenth = np.minimum((np.cumsum(expected) / expected.sum() * _BINS).astype(int), _BINS - 1)
    lines = [f"  {'chance a year':>21} {'chances':>10} {'expected':>9} {'observed':>9}"]
    for b in range(_BINS):
        rows = order[tenth == b]
        if rows.size:
            between = f"{p[rows[0]]:.2%} to {p[rows[-1]]:.2%}"
            lines.append(
                f"  {between:>21} {units.weight[rows].sum():>10,.0f} {expected[tenth == b].sum():>9.1f}"
                f" {units.event[rows].sum():>9.0f}"
            )
    return lines


def _sums(units: Units, p: _Floats, groups: Iterable[tuple[str, _Bools]]) -> list[str]:
    lines = [f"  {'':<14} {'chances':>10} {'expected':>9} {'observed':>9}"]
    for label, rows in groups:
        if rows.any():
            w = units.weight[rows]
            lines.append(f"  {label:<14} {w.sum():>10,.0f} {(w * p[rows]).sum():>9.1f} {units.event[rows].sum():>9.0f}")
    return lines


def _means(units: Units, p: _Floats, kept: _Bools) -> list[str]:
    x, share = units.x[kept], units.weight[kept] * p[kept]
    observed = x[units.event[kept] == 1].mean(axis=0) if units.event[kept].any() else np.full(x.shape[1], np.nan)
    expected = (x * share[:, None]).sum(axis=0) / share.sum()
    return [
        f"  {t:<18} {o:>9.3f} {e:>9.3f}" for t, o, e in zip(units.terms, observed, expected, strict=True) if t != "one"
    ]
