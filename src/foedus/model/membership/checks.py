"""How well the fits of this package agree with what happened: texts for `foedus model check`.

Without `until` the rows are those of the fit; with it the model is fitted to what was known at the end of that year and
judged on the years after, which it has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.envelope import Fitted
from foedus.model.errors import ModelError
from foedus.model.hyperevents.case_control import CaseControl
from foedus.model.membership import counts, founding, hazard, sizes
from foedus.model.membership.hazards import PROCESSES, HazardSpec, fit_history, since_of, units_of
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.model.membership.standing import FOUNDING
from foedus.model.membership.units import Units
from foedus.model.spec import checked
from foedus.record import Record

PERIODS = ((1816, 1914), (1915, 1945), (1946, 1989), (1990, 2100))
_BINS = 10
_LEAST_LEFT = 5  # years to judge on
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Asked:
    data: str
    until: int | None
    spec: Mapping[str, Any]
    sources: Path | None
    record: Record | None

    def history(self) -> History:
        """All of it. Raises ModelError when too little is left after `until` to judge on."""
        whole = history_of(self.data, None, self.sources, self.record)
        if self.until is not None and not whole.first < self.until <= whole.last - _LEAST_LEFT:
            raise ModelError(
                f"--until {self.until}: expected a year from {whole.first + 1} to {whole.last - _LEAST_LEFT}, so that"
                " years are left to judge on."
            )
        return whole

    def judged(self, history: History) -> str:
        """On which years, in words."""
        if self.until is None:
            return f"Judged on the rows it was fitted to ({self.data}, to {history.last})."
        return f"Fitted to {self.data} as known at the end of {self.until}, judged on {self.until + 1}-{history.last}."


def accession_check(**asked: Any) -> str:
    """Calibration of who accedes; keywords as in the registry."""
    return _hazard_check("accession", _Asked(**asked))


def withdrawal_check(**asked: Any) -> str:
    """Calibration of who withdraws; keywords as in the registry."""
    return _hazard_check("withdrawal", _Asked(**asked))


def termination_check(**asked: Any) -> str:
    """Calibration of which alliances end; keywords as in the registry."""
    return _hazard_check("termination", _Asked(**asked))


def _hazard_check(name: str, asked: _Asked) -> str:
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


def founding_check(**asked: Any) -> str:
    """How the founders rank among the sets that could have founded; keywords as in the registry."""
    given = _Asked(**asked)
    spec, history = checked(founding.FoundingSpec, given.spec, "founding"), given.history()
    fit = founding.fit_history(history.up_to(given.until), spec)
    table = founding.table_of(history, spec)
    if given.until is not None:
        table = table.only(table.time > given.until)
    x = np.column_stack([table.columns[t] for t in FOUNDING])
    p, start = _shares(table, x @ fit.aligned(FOUNDING))
    case = table.is_case == 1
    n = np.diff(np.append(start, len(p)))
    above = np.add.reduceat((p > np.repeat(p[case], n)).astype(float), start)
    level = np.add.reduceat((p == np.repeat(p[case], n)).astype(float), start) - 1
    rank = (above + level / 2) / n  # share of the sets that stand higher
    gain = np.log(p[case] * n)
    year, size = table.time[case], table.size[case]
    groups = [("all", year > 0), *((f"{a}-{min(b, history.last)}", (year >= a) & (year <= b)) for a, b in PERIODS),
              ("two founders", size == 2), ("three to six", (size > 2) & (size < 7)),
              ("seven or more", size > 6)]  # fmt: skip
    lines = [f"founding: {fit.what}", given.judged(history), "", "How founders rank among sets that could have founded"]
    lines.append(
        f"  {'':<14} {'foundings':>9} {'median rank':>12} {'in top 1%':>10} {'in top 10%':>10} {'log gain':>9}"
    )
    for label, rows in groups:
        if rows.any():
            r = rank[rows]
            lines.append(
                f"  {label:<14} {rows.sum():>9} {np.median(r):>12.2%} {(r < 0.01).mean():>10.0%}"
                f" {(r < 0.1).mean():>10.0%} {gain[rows].mean():>9.2f}"
            )
    lines += ["Log gain: log of the chance given to the founders over that of one set among all drawn.", ""]
    lines.append("Mean of each term among founders: observed, and expected under the model")
    weights = p[:, None]
    observed, expected = x[case].mean(axis=0), (x * weights).sum(axis=0) / len(start)
    lines += [f"  {t:<18} {o:>9.3f} {e:>9.3f}" for t, o, e in zip(FOUNDING, observed, expected, strict=True)]
    return "\n".join(lines)


def _shares(table: CaseControl, eta: _Floats) -> tuple[_Floats, NDArray[np.int64]]:
    """Probability of each set within its stratum, and where each stratum (case first) begins."""
    start = np.flatnonzero(table.is_case == 1)
    n = np.diff(np.append(start, len(eta)))
    raised = np.exp(eta - np.repeat(np.maximum.reduceat(eta, start), n))
    return raised / np.repeat(np.add.reduceat(raised, start), n), start


def counts_check(**asked: Any) -> str:
    """Foundings by decade, with the 80 % interval that the model gives; keywords as in the registry."""
    given = _Asked(**asked)
    spec, history = checked(counts.CountsSpec, given.spec, "founding-counts"), given.history()
    fit = counts.fit_history(history.up_to(given.until), spec)
    seen = counts.counts_of(history, max(spec.since, history.first))
    mu = np.exp(seen.x @ fit.aligned((*counts.COUNTS, "log_alpha"))[:-1])
    size = np.exp(-fit.by_term["log_alpha"])
    draws = np.random.Generator(np.random.Philox(key=1)).negative_binomial(size, size / (size + mu), (4000, mu.size))
    kept = seen.year > given.until if given.until is not None else seen.year > 0
    lines = [f"founding-counts: {fit.what}", given.judged(history)]
    lines += ["", f"  {'decade':<8} {'observed':>9} {'expected':>9} {'80 % interval':>15}"]
    inside = []
    for decade in np.unique(seen.year[kept] // 10):
        rows = kept & (seen.year // 10 == decade)
        total = draws[:, rows].sum(axis=1)
        low, high = np.quantile(total, (0.1, 0.9))
        inside.append(low <= seen.n[rows].sum() <= high)
        between = f"{low:.0f} to {high:.0f}"
        lines.append(f"  {decade * 10:<8} {seen.n[rows].sum():>9.0f} {mu[rows].sum():>9.1f} {between:>15}")
    lines.append(f"{sum(inside)} of {len(inside)} decades lie within their interval (at the point estimate).")
    return "\n".join(lines)


def sizes_check(**asked: Any) -> str:
    """Size classes and kinds by period, observed and expected; keywords as in the registry."""
    given = _Asked(**asked)
    spec, history = checked(sizes.SizesSpec, given.spec, "founding-sizes"), given.history()
    fit = sizes.fit_history(history.up_to(given.until), spec)
    data = sizes.founded(history, max(spec.since, history.first))
    multi, large = data.size >= 3, data.size > sizes.MOST_SMALL
    every = np.ones(len(multi), bool)
    parts: tuple[tuple[str, str, _Floats, _Bools], ...] = (
        ("multi", "three founders or more", multi.astype(float), every),
        ("large", "seven or more, of these", large.astype(float), multi),
        ("defence", "with a defence pledge", data.has_defence, every),
        ("open", "open to others", data.is_open, every),
    )
    lines = [f"founding-sizes: {fit.what}", given.judged(history), ""]
    lines.append(f"  {'':<26}{'period':<12} {'foundings':>9} {'observed':>9} {'expected':>9}")
    for part, label, event, among in parts:
        p = _part_probability(fit, part, data)
        for a, b in PERIODS:
            rows = among & (data.year >= a) & (data.year <= b) & (data.year > (given.until or 0))
            if rows.any():
                lines.append(
                    f"  {label:<26}{f'{a}-{min(b, history.last)}':<12} {rows.sum():>9} {event[rows].sum():>9.0f}"
                    f" {p[rows].sum():>9.1f}"
                )
    return "\n".join(lines)


def _part_probability(fit: Fitted, part: str, data: sizes.Founded) -> _Floats:
    x = np.array([sizes.row(part, int(k), float(y)) for k, y in zip(data.size, data.year, strict=True)])
    beta = np.array([fit.by_term.get(f"{part}.{t}", 0.0) for t in sizes.PARTS[part]])
    return hazard.probability(x, beta)
