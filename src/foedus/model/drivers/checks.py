"""How growth, regimes and rivalry agree with what happened: texts for `foedus model check`.

Growth and regimes are forecast from the ends of years that the fit has seen, by the kernels that a simulator calls, and
compared with the years after. Rivalry is judged as the hazards of membership are: row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model import calibration
from foedus.model.binary import probability
from foedus.model.drivers import growth, kernels, regime, rivalry
from foedus.model.drivers.history import REGIMES, UNKNOWN, History, history, newest
from foedus.model.envelope import Fitted
from foedus.model.judging import judged_on, origins
from foedus.record import Record, load

AHEAD = (1, 5, 10)  # years
DRAWS = 1000
_SEED = 1
_Floats = NDArray[np.float64]


def growth_check(
    *,
    data: str = "gdp_pop",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """Mean growth over one, five and ten years, forecast from each origin; keywords as in the registry."""
    seen = _growth_seen(sources)
    last = max(seen)
    asked = origins(until, range(1979, last, 10), min(seen) + 29, last, "growth")
    lines = ["growth: mean growth of real GDP over the years ahead, log points a year", _UNSEEN, _NAIVE]
    lines += ["", calibration.FORECAST_HEAD]
    for origin in asked:
        model = growth.fit(data=data, until=origin, spec=spec, sources=sources)
        lines += _growth_lines(model, seen, origin, [h for h in AHEAD if origin + h <= last])
    return "\n".join([*lines, "", _SHARED])


_UNSEEN = f"Each line: fitted to data up to the origin, {DRAWS:,} draws of parameters and shocks, compared with after."
_NAIVE = "error: mean absolute, of the median. naive: the same for each state's own mean of the ten years before."
_SHARED = "The world's shock is shared: one origin is nearer to one observation than to its number of states."


def _growth_seen(sources: Path | None) -> dict[int, dict[str, float]]:
    """Growth by year and state, log points."""
    rows = growth.state_years(sources, None, 1000).select("year", "state", "g")
    found: dict[int, dict[str, float]] = {}
    for year, state, g in rows.iter_rows():
        found.setdefault(int(year), {})[state] = float(g)
    return found


def _growth_lines(model: Fitted, seen: Mapping[int, Mapping[str, float]], origin: int, ahead: list[int]) -> list[str]:
    codes = [c for c in sorted(model.extra["own"]) if all(c in seen[y] for y in range(origin, origin + max(ahead) + 1))]
    drawn = _growth_drawn(model, codes, np.array([seen[origin][c] for c in codes]), max(ahead))
    lines = []
    for h in ahead:
        actual = np.array([[seen[y][c] for c in codes] for y in range(origin + 1, origin + h + 1)]).mean(axis=0)
        naive = np.array([model.extra["own"][c] for c in codes])
        lines.append(calibration.forecast_line(origin, h, drawn[:, :h].mean(axis=1), actual, naive))
    return lines


def _growth_drawn(model: Fitted, codes: list[str], now: _Floats, years: int) -> _Floats:
    """Growth by draw, year and state."""
    states = growth.starting(model, codes)
    stream = np.random.Generator(np.random.Philox(key=_SEED))
    found = np.empty((DRAWS, years, len(codes)))
    for k, row in enumerate(model.draws(DRAWS, _SEED)):
        drift, g = states.drift(row), now.copy()
        for t in range(years):
            shared = 1.0 - stream.random(2)
            kernels.growth_step(
                g, drift, states.scale, row, (shared[0], shared[1]), 1.0 - stream.random((len(codes), 2)), g
            )
            found[k, t] = g
    return found


def regime_check(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """How many states are in each class ten years on, forecast from each origin; keywords as in the registry."""
    whole = record or load()
    past = history(whole, 1900, newest(whole))
    lines = ["regime: states in each class at the end, of those in a class at both ends", _UNSEEN]
    head = f"  {'from, to':<12} {'class':<20} {'at first':>8} {'expected':>9} {'80 % interval':>14} {'observed':>9}"
    lines += ["", head]
    for origin in origins(until, (1959, 1969, 1979, 1989, 1999, 2009), 1950, past.last, "regime"):
        model = regime.fit(data=data, until=origin, spec=spec, record=whole)
        lines += _regime_lines(model, past, origin, min(origin + max(AHEAD), past.last))
    return "\n".join(lines)


def _regime_lines(model: Fitted, past: History, origin: int, end: int) -> list[str]:
    here = past.member[:, [origin - past.first, end - past.first]]
    classes = past.regime[:, [origin - past.first, end - past.first]]
    before, after = classes[here.all(axis=1) & (classes != UNKNOWN).all(axis=1)].T
    drawn = _regimes_drawn(model, np.ascontiguousarray(before), end - origin)
    counts = np.array([[(d == k).sum() for k in range(len(REGIMES))] for d in drawn])
    rows = [(n, (before == k).sum(), counts[:, k], (after == k).sum()) for k, n in enumerate(REGIMES)]
    rows.append(("in another class", 0, (drawn != before).sum(axis=1), (after != before).sum()))
    lines = []
    for name, first, drawn_n, seen in rows:
        low, high = np.quantile(drawn_n, [0.1, 0.9])
        missed = "" if low <= seen <= high else "  outside"
        lines.append(
            f"  {f'{origin}, {end}':<12} {name:<20} {first:>8} {drawn_n.mean():>9.1f} {f'{low:.0f} to {high:.0f}':>14}"
            f" {seen:>9}{missed}"
        )
    return lines


def _regimes_drawn(model: Fitted, before: NDArray[np.int8], years: int) -> NDArray[np.int8]:
    """Class of each state after `years`, shape (draws, n)."""
    stream = np.random.Generator(np.random.Philox(key=_SEED))
    found = np.tile(before, (DRAWS, 1))
    for row, moves in zip(found, regime.draws(model, DRAWS, _SEED), strict=True):
        for _ in range(years):
            kernels.regime_step(row, moves, stream.random(before.size), row)
    return found


def rivalry_check(
    *,
    data: str = "record",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """Calibration of both hazards, by tenths of the expected events and by period; keywords as in the registry."""
    chosen, last = rivalry.spec_of(spec), rivalry.LAST_LISTED
    if until is not None:
        origins(until, (), chosen["first"] + 34, last, "rivalry")
    past = history(record or load(), chosen["first"], last)
    begin, end = rivalry.onsets(past), rivalry.ends(past)
    parts = rivalry.estimates(begin.to(until or last), end.to(until or last))
    lines = ["rivalry: yearly rates at which two states become rivals, and stop", judged_on(until, last)]
    for name, rows, part in (("begin", begin, parts["onset"]), ("end", end, parts["end"])):
        kept = rows.year > (until or 0)
        y, p = rows.y.astype(np.float64), probability(rows.x @ part.coef, "cloglog")
        w = np.ones(y.size)
        lines += ["", f"Rivalries that {name}", *calibration.scores(y[kept], p[kept], w[kept])]
        lines += calibration.tenths(y[kept], p[kept], w[kept])
        lines += calibration.sums(y, p, w, calibration.by_period(rows.year, kept))
    return "\n".join(lines)
