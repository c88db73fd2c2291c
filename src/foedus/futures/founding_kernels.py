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


# What the score of a set is made of: sums over its states (activity; terms that are means of states, weighted) and over
# its pairs (joint events; terms that are means of pairs, weighted). Only the first of each goes under a root.
S_ACTIVITY, S_JOINT, S_LINEAR, S_MEAN = range(4)


@inner_bare
def _own(bonds: Bonds, i: int, coef: _Floats) -> float:
    """What a state adds to S_MEAN."""
    s = bonds.state[i]
    return float(coef[8] * s[m.DEMOCRACY] + coef[10] * s[m.MAJOR] + coef[11] * s[m.REGIME_CHANGE])


@inner_bare
def _swapped(
    bonds: Bonds, members: _Ints, n: int, place: int, i: int, j: int, coef: _Floats, sums: _Floats, trial: _Floats
) -> None:
    """The sums (4,) in `trial` once j stands for i at `place` of members[:n]; i < 0: j comes to them as they are."""
    state, gap, both = bonds.state, coef[7], coef[9]
    new_joint, new_link, y = bonds.dyad[b.JOINT, j], bonds.dyad[b.LINK, j], state[j, m.DEMOCRACY]
    joint, linear = 0.0, 0.0
    if i < 0:
        for k in range(n):
            z = state[members[k], m.DEMOCRACY]
            joint += new_joint[members[k]]
            linear += new_link[members[k]] + gap * abs(y - z) + both * y * z
        trial[S_ACTIVITY] = sums[S_ACTIVITY] + state[j, m.ACTIVITY]
        trial[S_MEAN] = sums[S_MEAN] + _own(bonds, j, coef)
    else:
        old_joint, old_link, x = bonds.dyad[b.JOINT, i], bonds.dyad[b.LINK, i], state[i, m.DEMOCRACY]
        for k in range(n):
            if k != place:
                c = members[k]
                z = state[c, m.DEMOCRACY]
                joint += new_joint[c] - old_joint[c]
                linear += new_link[c] - old_link[c] + gap * (abs(y - z) - abs(x - z)) + both * (y - x) * z
        trial[S_ACTIVITY] = sums[S_ACTIVITY] + state[j, m.ACTIVITY] - state[i, m.ACTIVITY]
        trial[S_MEAN] = sums[S_MEAN] + _own(bonds, j, coef) - _own(bonds, i, coef)
    trial[S_JOINT], trial[S_LINEAR] = sums[S_JOINT] + joint, sums[S_LINEAR] + linear


@inner_bare
def _score_of(sums: _Floats, n: int, coef: _Floats) -> float:
    """beta . s(S) from the sums; the roots and means are those of `founding_row`."""
    pairs = n * (n - 1) / 2.0
    eta = coef[0] * math.sqrt(max(sums[S_ACTIVITY], 0.0) / n) + coef[1] * math.sqrt(max(sums[S_JOINT], 0.0) / pairs)
    return float(eta + sums[S_LINEAR] / pairs + sums[S_MEAN] / n)


@inner_bare
def draw_set(
    bonds: Bonds, stream: _Stream, n: int, total: float, coef: _Floats, lever: _Floats, lift: _Floats, rows: _Floats,
    sums: _Floats, trial: _Floats, out: _Ints,
) -> None:  # fmt: skip
    """n >= 3 states in out[:n]. sums, trial (4,): scratch. lever (N,): factor of each state on the set's weight."""
    states = bonds.state.shape[0]
    _start(bonds, stream, n, total, lift, rows, out)
    sums[:] = 0.0
    for a in range(n):
        _swapped(bonds, out, a, a, -1, out[a], coef, sums, sums)
    eta = _score_of(sums, n, coef)
    for _ in range(int(STEPS * n * math.log(states))):
        place, j = below(stream, n), below(stream, states)
        i = out[place]
        u = uniform(stream)
        if _inside(out, n, j) or lever[j] <= 0.0:
            continue
        _swapped(bonds, out, n, place, i, j, coef, sums, trial)
        new = _score_of(trial, n, coef)
        if u * lever[i] < math.exp(new - eta) * lever[j]:
            out[place], eta = j, new
            sums, trial = trial, sums


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
