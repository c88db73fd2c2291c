"""Which states found a treaty, given how many: exactly for pairs, by Metropolis swaps for larger sets.

The probability of a set S of n states is exp(beta . s(S)) over all sets of n states (the size-conditional model of
Lerner and Lomi 2023). For a pair a candidate is drawn by an upper bound and kept with exact / bound. For more, a chain
of swaps (a state of S against one outside, both uniform, so symmetric) is run from a start close to the target.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.draws_kernels import below, uniform
from foedus.futures.hazard_kernels import ROUNDING, dot, pick, pick_product, weighted
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

STEPS = 20  # swaps per state of the set and logarithm of N


@inner_bare
def score(bonds: Bonds, members: _Ints, coef: _Floats, row: _Floats) -> float:
    """beta . s(S), by the row of the fit."""
    m.founding_row(
        members, bonds.state, bonds.dyad[b.JOINT], bonds.dyad[b.SHARED], bonds.dyad[b.LOG_KM], bonds.flag[b.RIVAL],
        bonds.flag[b.COMMON], bonds.flag[b.WAR], row,
    )  # fmt: skip
    return dot(row, coef)


@inner_bare
def bound_pairs(bonds: Bonds, coef: _Floats, lever: _Floats, lift: _Floats, rows: _Floats) -> float:
    """The year's factor of each state (lift) and the bound of each state's pairs (rows); gives the total."""
    n = bonds.state.shape[0]
    bounded = max(0.0, coef[7]) + max(0.0, coef[9])
    for i in range(n):
        s = bonds.state[i]
        moved = math.sqrt(s[m.ACTIVITY] / 2.0) - math.sqrt(s[b.BASE] / 2.0)  # concave: most when the other has none
        eta = max(0.0, coef[0] * moved) + 0.5 * (
            coef[8] * s[m.DEMOCRACY] + coef[10] * s[m.MAJOR] + coef[11] * s[m.REGIME_CHANGE] + bounded
        )
        lift[i] = lever[i] * math.exp(eta)
    total = 0.0
    for i in range(n):
        rows[i] = lift[i] * weighted(bonds.dyad[b.PAIR, i], lift)
        total += rows[i]
    return total


@inner_bare
def draw_pair(
    bonds: Bonds, stream: _Stream, total: float, coef: _Floats, lever: _Floats, lift: _Floats, rows: _Floats,
    row: _Floats, out: _Ints,
) -> bool:  # fmt: skip
    """One pair in out[:2]; False when a bound fails."""
    n = bonds.state.shape[0]
    while True:
        i = pick(rows, n, uniform(stream) * total)
        j = pick_product(bonds.dyad[b.PAIR, i], lift, n, uniform(stream) * rows[i] / lift[i])
        out[0], out[1] = i, j
        exact = math.exp(score(bonds, out[:2], coef, row)) * lever[i] * lever[j]
        bound = bonds.dyad[b.PAIR, i, j] * lift[i] * lift[j]
        if exact > bound * ROUNDING:
            return False
        if uniform(stream) * bound < exact:
            return True


@inner_bare
def _add(bonds: Bonds, members: _Ints, n: int, skip: int, i: int, sign: float, sums: _Floats) -> None:
    """Change the sums over members and pairs by state i beside members[:n], leaving position `skip` out."""
    s = bonds.state[i]
    x = s[m.DEMOCRACY]
    sums[0] += sign * s[m.ACTIVITY]
    sums[8] += sign * x
    sums[10] += sign * s[m.MAJOR]
    sums[11] += sign * s[m.REGIME_CHANGE]
    joint, shared, far = bonds.dyad[b.JOINT, i], bonds.dyad[b.SHARED, i], bonds.dyad[b.LOG_KM, i]
    rival, common, war = bonds.flag[b.RIVAL, i], bonds.flag[b.COMMON, i], bonds.flag[b.WAR, i]
    state = bonds.state
    s1, s2, s3, s4, s5, s6, s7, s9 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(n):
        if k != skip:
            j = members[k]
            y = state[j, m.DEMOCRACY]
            s1 += joint[j]
            s2 += shared[j] > 0.5
            s3 += far[j]
            s4 += rival[j]
            s5 += common[j]
            s6 += war[j]
            s7 += abs(x - y)
            s9 += x * y
    sums[1] += sign * s1
    sums[2] += sign * s2
    sums[3] += sign * s3
    sums[4] += sign * s4
    sums[5] += sign * s5
    sums[6] += sign * s6
    sums[7] += sign * s7
    sums[9] += sign * s9


@inner_bare
def _score_of(sums: _Floats, n: int, coef: _Floats) -> float:
    """beta . s(S) from the sums; the roots and means are those of `founding_row`."""
    pairs = n * (n - 1) / 2.0
    eta = coef[0] * math.sqrt(max(sums[0], 0.0) / n) + coef[1] * math.sqrt(max(sums[1], 0.0) / pairs)
    for c in range(2, 8):
        eta += coef[c] * sums[c] / pairs
    eta += (coef[8] * sums[8] + coef[10] * sums[10] + coef[11] * sums[11]) / n + coef[9] * sums[9] / pairs
    return float(eta)


@inner_bare
def draw_set(
    bonds: Bonds, stream: _Stream, n: int, total: float, coef: _Floats, lever: _Floats, lift: _Floats, rows: _Floats,
    sums: _Floats, trial: _Floats, out: _Ints,
) -> None:  # fmt: skip
    """n >= 3 states in out[:n]. sums, trial (12,): scratch. lever (N,): factor of each state on the set's weight."""
    states = bonds.state.shape[0]
    _start(bonds, stream, n, total, lift, rows, out)
    sums[:] = 0.0
    for a in range(n):
        _add(bonds, out, a, -1, out[a], 1.0, sums)
    eta = _score_of(sums, n, coef)
    for _ in range(int(STEPS * n * math.log(states))):
        place, j = below(stream, n), below(stream, states)
        i = out[place]
        u = uniform(stream)
        if _inside(out, n, j) or lever[j] <= 0.0:
            continue
        for k in range(sums.size):
            trial[k] = sums[k]
        _add(bonds, out, n, place, i, -1.0, trial)
        _add(bonds, out, n, place, j, 1.0, trial)
        new = _score_of(trial, n, coef)
        if u * lever[i] < math.exp(new - eta) * lever[j]:
            out[place], eta = j, new
            for k in range(sums.size):
                sums[k] = trial[k]


@inner_bare
def _start(bonds: Bonds, stream: _Stream, n: int, total: float, lift: _Floats, rows: _Floats, out: _Ints) -> None:
    """A first state by its weight among pairs, then others by their pull to it."""
    states = bonds.state.shape[0]
    hub = out[0] = pick(rows, states, uniform(stream) * total)
    for k in range(1, n):
        free = 0.0
        for j in range(states):
            if not _inside(out, k, j):
                free += bonds.dyad[b.PAIR, hub, j] * lift[j]
        target = uniform(stream) * free
        chosen = -1
        for j in range(states):
            if not _inside(out, k, j) and lift[j] > 0.0:
                chosen = j
                target -= bonds.dyad[b.PAIR, hub, j] * lift[j]
                if target < 0.0:
                    break
        out[k] = chosen


@inner_bare
def _inside(members: _Ints, n: int, j: int) -> bool:
    for a in range(n):  # noqa: SIM110 (kernels have no generators)
        if members[a] == j:
            return True
    return False
