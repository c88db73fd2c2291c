"""The kernels of this room said plainly; tests hold them together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.model.drivers.plain import student
from foedus.model.spending.kernels import LEAST, MOST

_Floats = NDArray[np.float64]


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
) -> _Floats:
    """As `kernels.spending_step`, giving the new array."""
    rho, on_growth, on_spill, on_rivals, ln_size, ln_nu, _ = parameters
    shock = np.exp(ln_size) * scale * student(u[:, 0], u[:, 1], 2 + np.exp(ln_nu))
    drift = anchor + rho * (ln_share - anchor) + on_growth * growth + on_spill * spill + on_rivals * rivals
    share = np.exp(drift + shock)
    share = share + pull * np.maximum(guideline - share, 0)
    return np.asarray(np.log(np.clip(share, LEAST, MOST)))


def spill_growth(
    milex_before: _Floats, gdp_before: _Floats, milex: _Floats, gdp: _Floats, allies: Sequence[Sequence[int]]
) -> _Floats:
    """As `kernels.spill_growth`, with the allies of each state as a list."""
    found = []
    for own in allies:
        known = [j for j in own if not math.isnan(milex_before[j] + gdp_before[j] + milex[j] + gdp[j])]
        before, made_before, now, made = (sum(a[j] for j in known) for a in (milex_before, gdp_before, milex, gdp))
        found.append(math.log(now / made) - math.log(before / made_before) if before > 0 and now > 0 else 0.0)
    return np.array(found)
