"""One year of rivalries: which begin (by total rates, as accession) and which end."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.draws_kernels import exponential, uniform
from foedus.futures.hazard_kernels import ROUNDING, pick, pick_product, weighted
from foedus.model.compiling import inner_bare
from foedus.model.drivers import kernels as d

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

DEMOCRACY = 2  # regime classes from here on are democracies, as in the fit
YOUNG = 5  # years


@inner_bare
def feud_bound(bonds: Bonds, i: int, j: int, onset: _Floats) -> float:
    """The factor of onset that depends on the pair and seldom changes; 0 for rivals."""
    if i == j or bonds.flag[b.RIVAL, i, j]:
        return 0.0
    return math.exp(onset[0] + onset[1] * bonds.dyad[b.LN_KM, i, j] + onset[5] * bonds.flag[b.FORMER, i, j])


@inner_bare
def refresh_feud(bonds: Bonds, i: int, j: int, onset: _Floats) -> None:
    """Make the bound of one pair anew."""
    bonds.dyad[b.FEUD, i, j] = bonds.dyad[b.FEUD, j, i] = feud_bound(bonds, i, j, onset)


@inner_bare
def democracies(bonds: Bonds, i: int, j: int) -> bool:
    """Whether both are democracies, by the classes of regime."""
    return bool(bonds.state[i, b.REGIME] >= DEMOCRACY) and bool(bonds.state[j, b.REGIME] >= DEMOCRACY)


@inner_bare
def onset_rate(bonds: Bonds, i: int, j: int, year: int, onset: _Floats) -> float:
    """Rate at which i and j become rivals, by the kernel of the fit."""
    young = year - bonds.state[i, b.ENTERED] < YOUNG or year - bonds.state[j, b.ENTERED] < YOUNG
    return d.onset_rate(
        bonds.dyad[b.LN_KM, i, j], bonds.dyad[b.DEFENDED, i, j] > 0.5, democracies(bonds, i, j), young,
        bonds.flag[b.FORMER, i, j], int(bonds.state[i, b.N_RIVALS] + bonds.state[j, b.N_RIVALS]),
        int(bonds.dyad[b.N_COMMON, i, j]), onset,
    )  # fmt: skip


@inner_bare
def draw_onsets(
    bonds: Bonds, stream: _Stream, year: int, onset: _Floats, lever: _Floats, factor: _Floats, rows: _Floats, out: _Ints
) -> int:
    """Pairs that become rivals, in `out` (rows, 2); gives their number, or -1 when a bound fails."""
    n = bonds.state.shape[0]
    bounded = max(0.0, onset[2]) + max(0.0, onset[3]) + max(0.0, onset[7]) + onset[8]
    for i in range(n):
        rivals = bonds.state[i, b.N_RIVALS]
        eta = bounded / 2.0 + max(0.0, onset[6]) * math.log(1.0 + rivals)  # 1 + a + b <= (1 + a) (1 + b)
        if year - bonds.state[i, b.ENTERED] < YOUNG:
            eta += max(0.0, onset[4])
        factor[i] = lever[i] * math.exp(eta)
    total = 0.0
    for i in range(n):
        rows[i] = factor[i] * weighted(bonds.dyad[b.FEUD, i], factor) / 2.0  # each pair stands twice
        total += rows[i]
    count, time = 0, exponential(stream)
    while time < total:
        i = pick(rows, n, uniform(stream) * total)
        j = pick_product(bonds.dyad[b.FEUD, i], factor, n, uniform(stream) * 2.0 * rows[i] / factor[i])
        exact = onset_rate(bonds, i, j, year, onset) * lever[i] * lever[j]
        bound = bonds.dyad[b.FEUD, i, j] * factor[i] * factor[j]
        if exact > bound * ROUNDING:
            return -1
        if uniform(stream) * bound < exact and count < out.shape[0]:
            out[count, 0], out[count, 1] = max(i, j), min(i, j)
            count += 1
        time += exponential(stream)
    return count


@inner_bare
def draw_ends(bonds: Bonds, stream: _Stream, year: int, end: _Floats, lever: _Floats, out: _Ints) -> int:
    """Pairs that stop being rivals, in `out` (rows, 2); gives their number."""
    count, left = 0, exponential(stream)
    rival = bonds.flag[b.RIVAL]
    for i in range(bonds.state.shape[0]):
        for j in range(i if bonds.state[i, b.N_RIVALS] > 0.5 else 0):
            if rival[i, j]:
                years = int(year - bonds.dyad[b.RIVAL_SINCE, i, j])
                rate = d.end_rate(
                    years, bonds.dyad[b.DEFENDED, i, j] > 0.5, democracies(bonds, i, j), bonds.dyad[b.LN_KM, i, j], end
                )  # fmt: skip
                left -= rate * lever[i] * lever[j]
                if left < 0.0 and count < out.shape[0]:
                    out[count, 0], out[count, 1] = i, j
                    count += 1
                    left = exponential(stream)
    return count
