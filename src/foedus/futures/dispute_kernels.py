"""One year of militarised disputes: who begins one with whom, and which of them are wars.

The chance that i begins a dispute with j is that of `model.disputes` (a logit over directed pairs). A year is drawn by
total rates, as accession is: candidates by an upper bound, kept with exact / bound. The bound of a pair is what its
distance gives (QUARREL), lifted for rivals, times f_i + f_j, f a state's part of the world's military expenditure to
the power of the coefficient on both states' part: (a + b)^c <= a^c + b^c for 0 <= c <= 1. So a candidate is a state by
f_i times the sum of its row, another by the row, and a coin says who of them begins.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.draws_kernels import exponential, uniform
from foedus.futures.hazard_kernels import ROUNDING, pick
from foedus.futures.rivalry_kernels import democracies
from foedus.model.compiling import inner_bare
from foedus.model.disputes import kernels as d
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

CONSTANT, LN_KM, RIVALS, DEMOCRACIES, SHARE, LN_WEIGHT, PACT, COVERED, SINCE_1990 = range(9)  # terms of the fit


@inner_bare
def quarrel(bonds: Bonds, i: int, j: int, p: _Floats) -> float:
    """The bound of a pair that never changes in a world: without the weight of its states, as if no rivals."""
    eta = p[CONSTANT] + p[SINCE_1990] + p[LN_KM] * bonds.dyad[b.LN_KM, i, j]
    eta += max(0.0, p[DEMOCRACIES]) + max(0.0, p[SHARE]) + max(0.0, p[PACT]) + max(0.0, p[COVERED])
    return math.exp(eta)


@inner_bare
def _partner(bonds: Bonds, i: int, lift: float, target: float) -> int:
    """The state at which the running sum of row i passes `target`."""
    row, rival, found = bonds.dyad[b.QUARREL, i], bonds.flag[b.RIVAL, i], -1
    for j in range(row.size):
        if j != i:
            found = j
            target -= row[j] * (lift if rival[j] else 1.0)
            if target < 0.0:
                return j
    return found


@inner_bare
def _covered(bonds: Bonds, one: int, two: int) -> bool:
    """Whether an attack by `one` would bind a third state to help `two`: a defence pledge of `two` without `one`."""
    for c in range(1, bonds.ties_of[two, 0] + 1):
        a = bonds.ties_of[two, c]
        if bonds.treaty[a, m.DEFENCE] > 0.5 and not bonds.member[a, one]:
            return True
    return False


@inner_bare
def dispute_rate(bonds: Bonds, one: int, two: int, weight: _Floats, total: float, p: _Floats) -> float:
    """Rate at which `one` begins disputes with `two`: 1 - exp(-rate) is the probability of the fit.

    weight (N,): military expenditure, `total` its sum.
    """
    both = weight[one] + weight[two]
    chance = d.dispute_probability(
        bonds.dyad[b.LN_KM, one, two], bonds.flag[b.RIVAL, one, two], democracies(bonds, one, two), weight[one] / both,
        math.log(both / total), bonds.dyad[b.DEFENDED, one, two] > 0.5, _covered(bonds, one, two), p,
    )  # fmt: skip
    return -math.log1p(-chance)


@inner_bare
def draw_disputes(
    bonds: Bonds, stream: _Stream, weight: _Floats, p: _Floats, war: float, lever: _Floats, factor: _Floats,
    rows: _Floats, sums: _Floats, out: _Ints, is_war: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Disputes of the year as pairs (challenger, target) in `out` and whether they are wars; their number, -1 when a
    bound fails. lever (N,): factor by state, for a pair the two multiply. factor, rows, sums (N,): scratch."""
    n, total, most = weight.size, 0.0, 0.0
    for i in range(n):
        total += weight[i]
        most = max(most, lever[i])
    power, lift, bound = min(max(p[LN_WEIGHT], 0.0), 1.0), math.exp(max(p[RIVALS], 0.0)), 0.0
    for i in range(n):
        sums[i] = bonds.state[i, b.QUARRELS]
        if bonds.state[i, b.N_RIVALS] > 0.5:
            for j in range(n):
                sums[i] += bonds.dyad[b.QUARREL, i, j] * (lift - 1.0) * bonds.flag[b.RIVAL, i, j]
        factor[i] = lever[i] * (weight[i] / total) ** power
        rows[i] = 2.0 * factor[i] * sums[i] * most
        bound += rows[i]
    count, time = 0, exponential(stream)
    while time < bound:
        i = pick(rows, n, uniform(stream) * bound)
        j = _partner(bonds, i, lift, uniform(stream) * sums[i])
        one, two = (i, j) if uniform(stream) < 0.5 else (j, i)
        level = bonds.dyad[b.QUARREL, i, j] * (lift if bonds.flag[b.RIVAL, i, j] else 1.0)
        level *= (factor[i] + factor[j]) * most
        exact = dispute_rate(bonds, one, two, weight, total, p) * lever[i] * lever[j]
        if exact > level * ROUNDING:
            return -1
        if uniform(stream) * level < exact and count < out.shape[0]:
            out[count, 0], out[count, 1] = one, two
            is_war[count] = uniform(stream) < war
            count += 1
        time += exponential(stream)
    return count
