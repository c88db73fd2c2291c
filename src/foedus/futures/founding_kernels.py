"""Which states found a treaty, given how many: exactly for pairs, by a Gibbs sampler for larger sets.

The probability of a set S of n states is exp(beta . s(S)) over all sets of n states (the size-conditional model of
Lerner and Lomi 2023). For a pair a candidate is drawn by an upper bound and kept with exact / bound. For more, each
place of the set is drawn anew in turn from all states, given the states of the other places (Geman and Geman 1984),
from a start close to the target. After one or two rounds of places nothing more moves (tests/futures); the weights are
in single precision, so a chance is right to one part in 100,000.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import ROUNDING
from foedus.futures.draws_kernels import uniform
from foedus.futures.row_kernels import add_times, exp_above, pick, pick_product, total_of
from foedus.futures.start_kernels import copy
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m
from foedus.model.near import exp_near

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

SWEEPS = 3  # times that every place of a set is drawn anew
OWN, ACTIVITY, DEMOCRACY, JOINT, LINEAR, CHANCE = range(6)  # rows of the room to work in


@inner_bare
def _own(bonds: Bonds, i: int, c: _Floats) -> float:
    """What a state adds to the terms that are means over states, but for activity."""
    s = bonds.state[i]
    return float(c[8] * s[m.DEMOCRACY] + c[10] * s[m.MAJOR] + c[11] * s[m.REGIME_CHANGE])


@inner_bare
def _gap(one: float, two: float, c: _Floats) -> float:
    """What two states' democracy adds to the terms that are means over pairs."""
    return float(c[7] * abs(one - two) + c[9] * one * two)


@inner_bare
def pair_score(bonds: Bonds, i: int, j: int, c: _Floats) -> float:
    """beta . s({i, j})."""
    one, two = bonds.state[i], bonds.state[j]
    eta = c[0] * math.sqrt((one[m.ACTIVITY] + two[m.ACTIVITY]) / 2.0) + bonds.between[b.LINK, i, j]
    eta += c[1] * math.sqrt(bonds.dyad[b.JOINT, i, j] * bonds.scale[0])
    return float(eta) + _gap(one[m.DEMOCRACY], two[m.DEMOCRACY], c) + (_own(bonds, i, c) + _own(bonds, j, c)) / 2.0


@inner_bare
def bound_pairs(bonds: Bonds, c: _Floats, lever: _Floats, rows: _Floats) -> float:
    """The bound of each state's pairs (rows), by the year's factor of each state; gives the total.

    The sums are kept from year to year, and a state whose factor has changed moves those of the others.
    """
    lift, sums = bonds.by_state[b.PAIR_LIFT], bonds.by_state[b.PAIR_SUM]
    bounded = max(0.0, c[7]) + max(0.0, c[9])
    for i in range(lift.size):
        s = bonds.state[i]
        moved = math.sqrt(s[m.ACTIVITY] / 2.0) - math.sqrt(s[b.BASE] / 2.0)  # concave: most when the other has none
        now = lever[i] * exp_near(max(0.0, c[0] * moved) + 0.5 * (_own(bonds, i, c) + bounded)) * ROUNDING
        if now != lift[i]:
            add_times(sums, bonds.between[b.PAIR, i], now - lift[i])
            lift[i] = now
    total = 0.0
    for i in range(lift.size):
        rows[i] = lift[i] * max(sums[i], 0.0)
        total += rows[i]
    return total


@inner_bare
def draw_pair(
    bonds: Bonds, stream: _Stream, total: float, c: _Floats, lever: _Floats, rows: _Floats, out: _Ints
) -> bool:
    """One pair in out[:2]; False when a bound fails."""
    lift = bonds.by_state[b.PAIR_LIFT]
    while True:
        i = pick(rows, lift.size, uniform(stream) * total)
        j = pick_product(bonds.between[b.PAIR, i], lift, lift.size, uniform(stream) * rows[i] / lift[i])
        exact = math.exp(pair_score(bonds, i, j, c)) * lever[i] * lever[j]
        bound = bonds.between[b.PAIR, i, j] * lift[i] * lift[j]
        if exact > bound * ROUNDING:
            return False
        if uniform(stream) * bound < exact:
            out[0], out[1] = i, j
            return True


@inner_bare
def draw_set(
    bonds: Bonds, stream: _Stream, n: int, total: float, c: _Floats, lever: _Floats, rows: _Floats, work: _Floats,
    out: _Ints,
) -> None:  # fmt: skip
    """n >= 3 states in out[:n]. work (6, N): scratch. lever (N,): factor of each state on the set's weight, above 0
    for n states at least."""
    states = lever.size
    joint, linear, chance, x = work[JOINT], work[LINEAR], work[CHANCE], work[DEMOCRACY]
    for i in range(states):
        work[OWN, i], work[ACTIVITY, i] = _own(bonds, i, c), bonds.state[i, m.ACTIVITY]
        x[i] = bonds.state[i, m.DEMOCRACY]
    joint[:] = 0.0
    linear[:] = 0.0
    _start(bonds, stream, n, total, rows, chance, out)
    activity, pairs = 0.0, n * (n - 1) / 2.0
    for k in range(n):
        _swap(bonds.dyad[b.JOINT], bonds.between[b.LINK], x, joint, linear, -1, out[k], c[7], c[9])
        activity += work[ACTIVITY, out[k]]
    in_joint, in_linear = 0.0, 0.0
    for k in range(n):  # every pair stands twice
        in_joint += 0.5 * joint[out[k]]
        in_linear += 0.5 * (linear[out[k]] - c[9] * x[out[k]] ** 2)
    for step in range(SWEEPS * n):
        i = out[step % n]
        others_joint = in_joint - joint[i]
        others_linear = in_linear - (linear[i] - c[9] * x[i] ** 2)
        _weights(
            linear, bonds.between[b.LINK, i], x, x[i], c[7], c[9], others_linear - in_linear, 1.0 / pairs, chance
        )  # fmt: skip
        _add_states(work[OWN], work[OWN, i], 1.0 / n, chance)
        roots = bonds.work[b.TIES], bonds.work[b.NEAR]
        _under_roots(
            joint, bonds.dyad[b.JOINT, i], work[ACTIVITY], others_joint, activity - work[ACTIVITY, i], 1.0 / n, *roots
        )  # fmt: skip
        copy(chance, bonds.work[b.LINEAR])
        _exp(
            bonds.work[b.LINEAR], *roots, np.float32(c[1] * math.sqrt(bonds.scale[0] / pairs)), np.float32(c[0]),
            bonds.work[b.OUT],
        )  # fmt: skip
        for k in range(states):
            chance[k] = lever[k] * bonds.work[b.OUT, k]
        for k in range(n):
            if out[k] != i:
                chance[out[k]] = 0.0
        j = pick(chance, states, uniform(stream) * total_of(chance))
        if j != i:
            out[step % n] = j
            activity += work[ACTIVITY, j] - work[ACTIVITY, i]
            in_joint = others_joint + joint[j] - bonds.dyad[b.JOINT, i, j]
            in_linear = others_linear + linear[j] - bonds.between[b.LINK, i, j] - _gap(x[i], x[j], c)
            _swap(bonds.dyad[b.JOINT], bonds.between[b.LINK], x, joint, linear, i, j, c[7], c[9])


@inner_bare
def _swap(
    of_joint: _Floats, of_link: _Singles, x: _Floats, joint: _Floats, linear: _Floats, i: int, j: int, gap: float,
    both: float,
) -> None:  # fmt: skip
    """The sums of every state with the members of the set, once j stands for i; i < 0: j comes to them."""
    new_joint, new_link = of_joint[j], of_link[j]
    for k in range(joint.size):
        joint[k] += new_joint[k]
    for k in range(joint.size):
        linear[k] += new_link[k] + gap * abs(x[j] - x[k]) + both * x[j] * x[k]
    if i >= 0:
        old_joint, old_link = of_joint[i], of_link[i]
        for k in range(joint.size):
            joint[k] -= old_joint[k]
        for k in range(joint.size):
            linear[k] -= old_link[k] + gap * abs(x[i] - x[k]) + both * x[i] * x[k]


@inner_bare
def _weights(
    linear: _Floats, old_link: _Singles, x: _Floats, old_x: float, gap: float, both: float, more: float,
    per_pair: float, out: _Floats,
) -> None:  # fmt: skip
    """The terms that are means over pairs, of the set with each state in the place of `old`, less those of the set."""
    for j in range(out.size):
        pairs = linear[j] - old_link[j] - gap * abs(x[j] - old_x) - both * old_x * x[j]
        out[j] = (more + pairs) * per_pair


@inner_bare
def _add_states(own: _Floats, old: float, per_state: float, out: _Floats) -> None:
    """The terms of single states."""
    for j in range(out.size):
        out[j] += (own[j] - old) * per_state


@inner_bare
def _under_roots(
    joint: _Floats, old_joint: _Floats, activity: _Floats, others_joint: float, others_activity: float,
    per_state: float, tie: _Singles, active: _Singles,
) -> None:  # fmt: skip
    """What stands under the roots of the two terms of history, joint events as a sum over pairs."""
    for j in range(tie.size):
        tie[j] = max(others_joint + joint[j] - old_joint[j], 0.0)
    for j in range(tie.size):
        active[j] = (others_activity + activity[j]) * per_state


@inner_bare
def _exp(
    linear: _Singles, tie: _Singles, active: _Singles, of_joint: np.float32, of_activity: np.float32, out: _Singles
) -> None:
    """exp(beta . s) but for a factor that all have."""
    for j in range(out.size):
        out[j] = exp_above(linear[j] + of_joint * math.sqrt(tie[j]) + of_activity * math.sqrt(active[j]))


@inner_bare
def _start(bonds: Bonds, stream: _Stream, n: int, total: float, rows: _Floats, chance: _Floats, out: _Ints) -> None:
    """A first state by its weight among pairs, then others by their pull to it."""
    lift = bonds.by_state[b.PAIR_LIFT]
    hub = out[0] = pick(rows, lift.size, uniform(stream) * total)
    pair, free = bonds.between[b.PAIR, hub], 0.0
    for j in range(lift.size):
        chance[j] = pair[j] * lift[j]
        free += chance[j]
    for k in range(1, n):
        j = pick(chance, lift.size, uniform(stream) * free)
        out[k] = j
        free -= chance[j]
        chance[j] = 0.0
