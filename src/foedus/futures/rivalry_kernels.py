"""One year of rivalries: which begin (by total rates, as accession) and which end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import ROUNDING, SLACK
from foedus.futures.draws_kernels import exponential, uniform
from foedus.futures.row_kernels import add_times, exp_above, pick, pick_product
from foedus.model.compiling import inner_bare
from foedus.model.drivers import kernels as d
from foedus.model.near import exp_near, log_near

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

DEMOCRACY = 2  # regime classes from here on are democracies, as in the fit
YOUNG = 5  # years


@inner_bare
def feud_bound(bonds: Bonds, i: int, j: int, onset: _Floats) -> np.float32:
    """The factor of onset that depends on the pair and seldom changes; 0 for rivals."""
    if i == j or bonds.flag[b.RIVAL, i, j]:
        return np.float32(0.0)
    eta = onset[0] + onset[1] * bonds.between[b.LN_KM, i, j] + onset[5] * bonds.flag[b.FORMER, i, j]
    return exp_above(np.float32(eta))


@inner_bare
def refresh_feud(bonds: Bonds, i: int, j: int, onset: _Floats) -> None:
    """Make the bound of one pair anew, and the sums that it is part of."""
    by_state, bound = bonds.by_state, feud_bound(bonds, i, j, onset)
    more = float(bound) - float(bonds.between[b.FEUD, i, j])
    by_state[b.FEUD_SUM, i] += more * by_state[b.FEUD_LIFT, j]
    by_state[b.FEUD_SUM, j] += more * by_state[b.FEUD_LIFT, i]
    bonds.between[b.FEUD, i, j] = bonds.between[b.FEUD, j, i] = bound


@inner_bare
def democracies(bonds: Bonds, i: int, j: int) -> bool:
    """Whether both are democracies, by the classes of regime."""
    return bool(bonds.state[b.REGIME, i] >= DEMOCRACY) and bool(bonds.state[b.REGIME, j] >= DEMOCRACY)


@inner_bare
def onset_rate(bonds: Bonds, i: int, j: int, year: int, onset: _Floats) -> float:
    """Rate at which i and j become rivals, by the kernel of the fit."""
    young = year - bonds.state[b.ENTERED, i] < YOUNG or year - bonds.state[b.ENTERED, j] < YOUNG
    return d.onset_rate(
        bonds.between[b.LN_KM, i, j], bonds.shorts[b.DEFENDED, i, j] > 0, democracies(bonds, i, j), young,
        bonds.flag[b.FORMER, i, j], int(bonds.state[b.N_RIVALS, i] + bonds.state[b.N_RIVALS, j]),
        int(bonds.shorts[b.N_COMMON, i, j]), onset,
    )  # fmt: skip


@inner_bare
def _bound_onsets(bonds: Bonds, year: int, onset: _Floats, lever: _Floats, rows: _Floats) -> float:
    """The bound of each state's pairs (rows), by the year's factor of each state; gives the total.

    The sums are kept from year to year; a state whose factor has risen, or fallen much, moves those of the others.
    """
    lift, sums = bonds.by_state[b.FEUD_LIFT], bonds.by_state[b.FEUD_SUM]
    bounded = max(0.0, onset[2]) + max(0.0, onset[3]) + max(0.0, onset[7]) + onset[8]
    _factors(
        bonds.state[b.N_RIVALS], bonds.state[b.ENTERED], lever, rows, float(year - YOUNG), bounded / 2.0,
        max(0.0, onset[6]), max(0.0, onset[4]),
    )  # fmt: skip
    for i in range(lift.size):
        if rows[i] > lift[i] or rows[i] < SLACK * lift[i]:
            add_times(sums, bonds.between[b.FEUD, i], rows[i] - lift[i])
            lift[i] = rows[i]
    total = 0.0
    for i in range(lift.size):
        rows[i] = lift[i] * max(sums[i], 0.0) / 2.0  # each pair stands twice
        total += rows[i]
    return total


@inner_bare
def _factors(
    rivals: _Floats, entered: _Floats, lever: _Floats, out: _Floats, old: float, bounded: float, of_rivals: float,
    of_young: float,
) -> None:  # fmt: skip
    """What a state is a factor of in the bounds of all its pairs. old : year of entry of the last that is not young."""
    for i in range(out.size):
        eta = bounded + of_rivals * log_near(1.0 + rivals[i])  # 1 + a + b <= (1 + a) (1 + b)
        out[i] = lever[i] * exp_near(eta + (of_young if entered[i] > old else 0.0)) * ROUNDING


@inner_bare
def draw_onsets(
    bonds: Bonds, stream: _Stream, year: int, onset: _Floats, lever: _Floats, rows: _Floats, out: _Ints
) -> int:
    """Pairs that become rivals, in `out` (rows, 2); gives their number, or -1 when a bound fails."""
    n, lift = bonds.state.shape[1], bonds.by_state[b.FEUD_LIFT]
    total = _bound_onsets(bonds, year, onset, lever, rows)
    count, time = 0, exponential(stream)
    while time < total:
        i = pick(rows, n, uniform(stream) * total)
        j = pick_product(bonds.between[b.FEUD, i], lift, bonds.work[b.OUT], uniform(stream) * 2.0 * rows[i] / lift[i])
        exact = onset_rate(bonds, i, j, year, onset) * lever[i] * lever[j]
        bound = bonds.between[b.FEUD, i, j] * lift[i] * lift[j]
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
    for i in range(bonds.state.shape[1]):
        for k in range(int(bonds.state[b.N_RIVALS, i])):
            j = bonds.others[b.FOES, i, k]
            if j < i:
                years = year - int(bonds.shorts[b.RIVAL_SINCE, i, j])
                rate = d.end_rate(
                    years, bonds.shorts[b.DEFENDED, i, j] > 0, democracies(bonds, i, j),
                    bonds.between[b.LN_KM, i, j], end,
                )  # fmt: skip
                left -= rate * lever[i] * lever[j]
                if left < 0.0 and count < out.shape[0]:
                    out[count, 0], out[count, 1] = i, j
                    count += 1
                    left = exponential(stream)
    return count
