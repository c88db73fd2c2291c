"""One year of military spending, on plain arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled_bare
from foedus.model.drivers.kernels import add_shocks
from foedus.model.near import exp_near, log_near

_Floats = NDArray[np.float64]
LEAST, MOST = 0.05, 50.0  # per cent of GDP that a share is held within


@compiled_bare
def spending_step(
    ln_share: _Floats,
    anchor: _Floats,
    growth: _Floats,
    spill: _Floats,
    rivals: _Floats,
    guideline: _Floats,
    pull: _Floats,
    scale: _Floats,
    parameters: _Floats,
    u: _Floats,
    out: _Floats,
) -> None:
    """ln_share of the next year, log per cent of GDP. Arrays (n,); u (n, 2) uniforms in (0, 1); out may be ln_share.

    growth : log points of GDP in the year now made, less the state's drift. spill : index of allies' effort to the
    year before, 0 at the start (sum of `spill_growth`). rivals : log(1 + rivals' spending in per cent of own GDP) the
    year before, less that at the start.
    guideline : per cent of GDP, 0 for none; pull : share of the gap to it made good in a year. parameters : fit.TERMS.
    A nan ln_share (unknown, or no forces) stays nan.
    """
    rho, size, nu = parameters[0], math.exp(parameters[4]), 2.0 + math.exp(parameters[5])
    for i in range(ln_share.shape[0]):
        moved = anchor[i] + rho * (ln_share[i] - anchor[i]) + parameters[1] * growth[i]
        out[i] = moved + parameters[2] * spill[i] + parameters[3] * rivals[i]
    add_shocks(out, size, scale, nu, u[:, 0], u[:, 1])
    for i in range(ln_share.shape[0]):
        known = out[i] == out[i]
        share = exp_near(out[i] if known else 0.0)
        share += pull[i] * max(guideline[i] - share, 0.0)
        out[i] = log_near(min(max(share, LEAST), MOST)) if known else math.nan


@compiled_bare
def spill_growth(
    milex_before: _Floats,
    gdp_before: _Floats,
    milex: _Floats,
    gdp: _Floats,
    start: NDArray[np.int64],
    ally: NDArray[np.int32],
    out: _Floats,
) -> None:
    """What the year adds to the index of allies' effort, (n,): the change of the log of their spending over their GDP.

    Spending and GDP by state, nan unknown; any money, the same for all. Allies of i, those who owed it defence in the
    year before: ally[start[i] : start[i + 1]]. 0 for a state without an ally of whom all four are known.
    """
    for i in range(out.shape[0]):
        spent_before, made_before, spent, made = 0.0, 0.0, 0.0, 0.0
        for k in range(start[i], start[i + 1]):
            j = ally[k]
            if not math.isnan(milex_before[j] + gdp_before[j] + milex[j] + gdp[j]):
                spent_before += milex_before[j]
                made_before += gdp_before[j]
                spent += milex[j]
                made += gdp[j]
        out[i] = math.log(spent / made * made_before / spent_before) if spent > 0.0 and spent_before > 0.0 else 0.0
