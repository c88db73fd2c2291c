"""One year of militarised disputes: who begins one with whom, and which of them are wars.

The chance that i begins a dispute with j is that of `model.disputes` (a logit over directed pairs). A year is drawn by
total rates, as accession is: candidates by an upper bound, kept with exact / bound. The bound of a pair is what its
distance gives by the estimates of the fit (QUARREL, the same in all worlds) times how far the world's coefficients may
pass that at any distance, lifted for rivals, times f_i + f_j, f a state's part of the world's military expenditure to
the power of the coefficient on both states' part: (a + b)^c <= a^c + b^c for 0 <= c <= 1. So a candidate is a state by
f_i times the sum of its row, another by the row, and a coin says who of them begins.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import ROUNDING, quarrel_by_distance
from foedus.futures.draws_kernels import exponential, uniform
from foedus.futures.rivalry_kernels import democracies
from foedus.futures.row_kernels import first_above
from foedus.model.compiling import inner_bare
from foedus.model.disputes import kernels as d
from foedus.model.near import exp_near

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

CONSTANT, LN_KM, RIVALS, DEMOCRACIES, SHARE, LN_WEIGHT, PACT, COVERED, SINCE_1990 = range(9)  # terms of the fit
NEAREST, FARTHEST = math.log(10.0), math.log(20040.0)  # km: what LN_KM is held above, and half way round the world


@inner_bare
def most_over(p: _Floats, typical: _Floats) -> float:
    """What a pair's bound by the world's coefficients p is over exp(constant + distance) by `typical`, at most."""
    eta = p[CONSTANT] + p[SINCE_1990] - typical[CONSTANT] - typical[SINCE_1990]
    eta += max(0.0, p[DEMOCRACIES]) + max(0.0, p[SHARE]) + max(0.0, p[PACT]) + max(0.0, p[COVERED])
    steeper = p[LN_KM] - typical[LN_KM]
    return math.exp(eta + max(steeper * NEAREST, steeper * FARTHEST))


@inner_bare
def _partner(bonds: Bonds, i: int, lift: float, target: float) -> int:
    """The state at which the sum of row i passes `target`: all by distance, then rivals once more by lift - 1."""
    rising = bonds.between[b.QUARREL, i]
    if target < rising[rising.size - 1]:
        return first_above(rising, target)
    target -= rising[rising.size - 1]
    j = -1
    for k in range(int(bonds.state[b.N_RIVALS, i])):
        j = bonds.others[b.FOES, i, k]
        target -= (lift - 1.0) * quarrel_by_distance(bonds, i, j)
        if target < 0.0:
            break
    return j


@inner_bare
def _covered(bonds: Bonds, one: int, two: int) -> bool:
    """Whether an attack by `one` would bind a third state to help `two`: a defence pledge of `two` without `one`."""
    return bool(bonds.state[b.PLEDGES, two] > bonds.shorts[b.DEFENDED, one, two])


@inner_bare
def dispute_odds(bonds: Bonds, one: int, two: int, weight: _Floats, total: float, p: _Floats) -> float:
    """Odds that `one` begins a dispute with `two`; log(1 + odds) is the rate that has the probability of the fit.

    weight (N,): military expenditure, `total` its sum.
    """
    both = weight[one] + weight[two]
    chance = d.dispute_probability(
        bonds.between[b.LN_KM, one, two], bonds.flag[b.RIVAL, one, two], democracies(bonds, one, two),
        weight[one] / both, math.log(both / total), bonds.shorts[b.DEFENDED, one, two] > 0,
        _covered(bonds, one, two), p,
    )  # fmt: skip
    return chance / (1.0 - chance)


@inner_bare
def draw_disputes(
    bonds: Bonds, stream: _Stream, weight: _Floats, ln_weight: _Floats, p: _Floats, typical: _Floats, war: float,
    lever: _Floats, factor: _Floats, rows: _Floats, sums: _Floats, out: _Ints, is_war: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Disputes of the year as pairs (challenger, target) in `out` and whether they are wars; their number, -1 when a
    bound fails. weight, ln_weight (N,): military expenditure and its log. typical (9,): the coefficients of QUARREL.
    lever (N,): factor by state, for a pair the two multiply. factor, rows, sums (N,): scratch."""
    n, total, most = weight.size, 0.0, 0.0
    for i in range(n):
        total += weight[i]
        most = max(most, lever[i])
    power, lift, bound = min(max(p[LN_WEIGHT], 0.0), 1.0), math.exp(max(p[RIVALS], 0.0)), 0.0
    most *= most_over(p, typical) * ROUNDING
    ln_total = math.log(total)
    for i in range(n):
        sums[i] = bonds.by_state[b.QUARREL_SUM, i] + (lift - 1.0) * max(bonds.by_state[b.FOES_SUM, i], 0.0)
    for i in range(n):
        factor[i] = lever[i] * exp_near(power * (ln_weight[i] - ln_total))
    for i in range(n):
        bound += 2.0 * factor[i] * sums[i] * most
        rows[i] = bound
    count, time = 0, exponential(stream)
    while time < bound:
        i = first_above(rows, uniform(stream) * bound)
        j = _partner(bonds, i, lift, uniform(stream) * sums[i])
        one, two = (i, j) if uniform(stream) < 0.5 else (j, i)
        level = quarrel_by_distance(bonds, i, j) * (lift if bonds.flag[b.RIVAL, i, j] else 1.0)
        level *= (factor[i] + factor[j]) * most
        odds, levers = dispute_odds(bonds, one, two, weight, total, p), lever[i] * lever[j]
        if odds * levers > level * ROUNDING:
            return -1
        at = uniform(stream) * level
        if at < odds * levers and at < math.log1p(odds) * levers and count < out.shape[0]:
            out[count, 0], out[count, 1] = one, two
            is_war[count] = uniform(stream) < war
            count += 1
        time += exponential(stream)
    return count
