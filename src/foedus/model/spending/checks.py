"""How the spending process agrees with what happened: text for `foedus model check spending`.

Shares are forecast from the ends of years that the fit has seen, by the kernel that a simulator calls, given what
growth, allies and rivals then did: the check is of the process, not of forecasts of its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.model import calibration
from foedus.model.drivers.history import history, newest
from foedus.model.envelope import Fitted
from foedus.model.judging import origins
from foedus.model.spending import fit as process
from foedus.model.spending import kernels
from foedus.model.spending.panel import FIRST, Spending, spending
from foedus.record import Record, load

AHEAD = (1, 5, 10)  # years
DRAWS = 1000
_ANCHOR = 11  # years, as many as the record gives a simulator
_SEED = 1
_Floats = NDArray[np.float64]


def check(
    *,
    data: str = "sipri",
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """Coverage of intervals one, five and ten years ahead, from each origin; keywords as in the registry."""
    whole = record or load()
    seen = spending(history(whole, FIRST, newest(whole)), sources)
    last = seen.past.first + int(np.flatnonzero(np.isfinite(seen.ln_share).any(axis=0))[-1])
    lines = [
        "spending: log of military expenditure in per cent of GDP, years ahead",
        f"Each line: fitted to data up to the origin, {DRAWS:,} draws of parameters and shocks, compared with after;",
        "given what growth, allies and rivals then did, and without a guideline. naive: the share does not change.",
        "",
        calibration.FORECAST_HEAD,
    ]
    for origin in origins(until, (1974, 1984, 1994, 2004, 2014), FIRST + 15, last, "spending"):
        model = process.fit(data=data, until=origin, spec=spec, sources=sources, record=whole)
        lines += _lines(model, seen, origin, [h for h in AHEAD if origin + h <= last])
    return "\n".join(lines)


def _lines(model: Fitted, seen: Spending, origin: int, ahead: list[int]) -> list[str]:
    at = origin - seen.past.first
    window = slice(at, at + max(ahead) + 1)
    inputs = np.stack([seen.growth, seen.spill, seen.rivals, seen.ln_share])[:, :, window]
    states = np.flatnonzero(np.isfinite(inputs).all(axis=(0, 2)))
    drawn = _drawn(model, seen, states, at, max(ahead))
    now = seen.ln_share[states, at]
    return [calibration.forecast_line(origin, h, drawn[:, h - 1], seen.ln_share[states, at + h], now) for h in ahead]


def _drawn(model: Fitted, seen: Spending, states: NDArray[np.intp], at: int, years: int) -> _Floats:
    """Log shares by draw, year and state, from position `at` on."""
    before = slice(max(0, at - _ANCHOR + 1), at + 1)
    anchor, usual = (np.nanmean(a[states, before], axis=1) for a in (seen.ln_share, seen.growth))
    scale = np.array([model.extra["scale"].get(seen.past.codes[i], 1.0) for i in states])
    spill, rivals = (a[states] - a[states, at][:, None] for a in (seen.spill, seen.rivals))
    none, stream = np.zeros(states.size), np.random.Generator(np.random.Philox(key=_SEED))
    found = np.empty((DRAWS, years, states.size))
    for k, row in enumerate(process.draws(model, DRAWS, _SEED)):
        share = seen.ln_share[states, at].copy()
        for t in range(years):
            now = at + t
            kernels.spending_step(
                share, anchor, seen.growth[states, now + 1] - usual, np.ascontiguousarray(spill[:, now]),
                np.ascontiguousarray(rivals[:, now]), none, none, scale, row, 1.0 - stream.random((states.size, 2)),
                share,
            )  # fmt: skip
            found[k, t] = share
    return found
