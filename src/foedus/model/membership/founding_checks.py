"""How well the fits of foundings agree with what happened: texts for `foedus model check`. Judged as in `checks`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model.calibration import PERIODS
from foedus.model.envelope import Fitted
from foedus.model.hyperevents.case_control import CaseControl
from foedus.model.membership import counts, founding, hazard, sizes
from foedus.model.membership.asked import Asked
from foedus.model.membership.standing import FOUNDING
from foedus.model.spec import checked

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def founding_check(**asked: Any) -> str:
    """How the founders rank among the sets that could have founded; keywords as in the registry."""
    given = Asked(**asked)
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
    given = Asked(**asked)
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
    given = Asked(**asked)
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
