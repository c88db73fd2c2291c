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
from foedus.futures.bonds_kernels import ROUNDING, SLACK
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

SWEEPS = 2  # times that every place of a set is drawn anew
OWN, ACTIVITY, DEMOCRACY, JOINT, LINEAR, CHANCE, LEVER = range(7)  # rows of the room to work in
_NOUGHT = np.float32(0.0)


@inner_bare
def _own(bonds: Bonds, i: int, c: _Floats) -> float:
    """What a state adds to the terms that are means over states, but for activity."""
    s = bonds.state
    return float(c[8] * s[m.DEMOCRACY, i] + c[10] * s[m.MAJOR, i] + c[11] * s[m.REGIME_CHANGE, i])


@inner_bare
def _gap(one: float, two: float, c: _Floats) -> float:
    """What two states' democracy adds to the terms that are means over pairs."""
    return float(c[7] * abs(one - two) + c[9] * one * two)


@inner_bare
def pair_score(bonds: Bonds, i: int, j: int, c: _Floats) -> float:
    """beta . s({i, j})."""
    activity, x = bonds.state[m.ACTIVITY], bonds.state[m.DEMOCRACY]
    eta = c[0] * math.sqrt((activity[i] + activity[j]) / 2.0) + bonds.between[b.LINK, i, j]
    eta += c[1] * math.sqrt(bonds.dyad[b.JOINT, i, j] * bonds.scale[0])
    return float(eta) + _gap(x[i], x[j], c) + (_own(bonds, i, c) + _own(bonds, j, c)) / 2.0


@inner_bare
def bound_pairs(bonds: Bonds, c: _Floats, lever: _Floats, rows: _Floats) -> float:
    """The bound of each state's pairs (rows), by the year's factor of each state; gives the total.

    The sums are kept from year to year; a state whose factor has risen, or fallen much, moves those of the others.
    """
    lift, sums = bonds.by_state[b.PAIR_LIFT], bonds.by_state[b.PAIR_SUM]
    bounded = max(0.0, c[7]) + max(0.0, c[9])
    s = bonds.state
    _factors(
        s[m.ACTIVITY], s[b.BASE], s[m.DEMOCRACY], s[m.MAJOR], s[m.REGIME_CHANGE], lever, rows, c[0], c[8], c[10], c[11],
        bounded,
    )  # fmt: skip
    for i in range(lift.size):
        if rows[i] > lift[i] or rows[i] < SLACK * lift[i]:
            add_times(sums, bonds.between[b.PAIR, i], rows[i] - lift[i])
            lift[i] = rows[i]
    total = 0.0
    for i in range(lift.size):
        rows[i] = lift[i] * max(sums[i], 0.0)
        total += rows[i]
    return total


@inner_bare
def _factors(
    activity: _Floats, base: _Floats, x: _Floats, major: _Floats, change: _Floats, lever: _Floats, out: _Floats,
    of_activity: float, of_x: float, of_major: float, of_change: float, bounded: float,
) -> None:  # fmt: skip
    """What a state is a factor of in the bounds of all its pairs."""
    for i in range(out.size):
        moved = math.sqrt(activity[i] / 2.0) - math.sqrt(base[i] / 2.0)  # concave: most when the other has none
        eta = max(0.0, of_activity * moved) + 0.5 * (of_x * x[i] + of_major * major[i] + of_change * change[i])
        out[i] = lever[i] * exp_near(eta + 0.5 * bounded) * ROUNDING


@inner_bare
def draw_pair(
    bonds: Bonds, stream: _Stream, total: float, c: _Floats, lever: _Floats, rows: _Floats, out: _Ints
) -> bool:
    """One pair in out[:2]; False when a bound fails."""
    lift = bonds.by_state[b.PAIR_LIFT]
    while True:
        i = pick(rows, lift.size, uniform(stream) * total)
        j = pick_product(bonds.between[b.PAIR, i], lift, bonds.work[b.OUT], uniform(stream) * rows[i] / lift[i])
        exact = math.exp(pair_score(bonds, i, j, c)) * lever[i] * lever[j]
        bound = bonds.between[b.PAIR, i, j] * lift[i] * lift[j]
        if exact > bound * ROUNDING:
            return False
        if uniform(stream) * bound < exact:
            out[0], out[1] = i, j
            return True


@inner_bare
def draw_set(
    bonds: Bonds, stream: _Stream, n: int, total: float, c: _Floats, lever: _Floats, rows: _Floats, work: _Singles,
    out: _Ints,
) -> None:  # fmt: skip
    """n >= 3 states in out[:n]. work (7, N): scratch. lever (N,): factor of each state on the set's weight, above 0
    for n states at least."""
    joint, linear, chance, x, own = work[JOINT], work[LINEAR], work[CHANCE], work[DEMOCRACY], work[OWN]
    copy(bonds.state[m.ACTIVITY], work[ACTIVITY])
    copy(bonds.state[m.DEMOCRACY], x)
    copy(lever, work[LEVER])
    for i in range(lever.size):
        own[i] = _own(bonds, i, c)
    joint[:] = _NOUGHT
    linear[:] = _NOUGHT
    _start(bonds, stream, n, total, rows, chance, out)
    gap, both, activity, pairs = np.float32(c[7]), np.float32(c[9]), 0.0, n * (n - 1) / 2.0
    for k in range(n):
        j = out[k]
        _enter(bonds.dyad[b.JOINT, j], bonds.between[b.LINK, j], x, x[j], gap, both, joint, linear)
        activity += work[ACTIVITY, j]
    in_joint, in_linear = 0.0, 0.0
    for k in range(n):  # every pair stands twice
        in_joint += 0.5 * joint[out[k]]
        in_linear += 0.5 * (linear[out[k]] - both * x[out[k]] ** 2)
    of_joint, of_activity = np.float32(c[1] * math.sqrt(bonds.scale[0] / pairs)), np.float32(c[0] / math.sqrt(n))
    for step in range(SWEEPS * n):
        i = out[step % n]
        others_joint = in_joint - joint[i]
        others_linear = in_linear - (linear[i] - both * x[i] ** 2)
        _chances(
            linear, bonds.between[b.LINK, i], x, own, joint, bonds.dyad[b.JOINT, i], work[ACTIVITY], work[LEVER],
            chance, x[i], own[i], gap, both, np.float32(others_linear - in_linear), np.float32(1.0 / pairs),
            np.float32(1.0 / n), np.float32(others_joint), np.float32(activity - work[ACTIVITY, i]), of_joint,
            of_activity,
        )  # fmt: skip
        for k in range(n):
            if out[k] != i:
                chance[out[k]] = _NOUGHT
        j = pick(chance, chance.size, uniform(stream) * total_of(chance))
        if j != i:
            out[step % n] = j
            activity += work[ACTIVITY, j] - work[ACTIVITY, i]
            in_joint = others_joint + joint[j] - bonds.dyad[b.JOINT, i, j]
            in_linear = others_linear + linear[j] - bonds.between[b.LINK, i, j] - _gap(x[i], x[j], c)
            _enter(bonds.dyad[b.JOINT, j], bonds.between[b.LINK, j], x, x[j], gap, both, joint, linear)
            _depart(bonds.dyad[b.JOINT, i], bonds.between[b.LINK, i], x, x[i], gap, both, joint, linear)


@inner_bare
def _enter(
    of_joint: _Floats, of_link: _Singles, x: _Singles, own: np.float32, gap: np.float32, both: np.float32,
    joint: _Singles, linear: _Singles,
) -> None:  # fmt: skip
    """The sums of every state with the members of the set, once a state comes to them; its rows, its democracy."""
    for k in range(joint.size):
        joint[k] += np.float32(of_joint[k])
    for k in range(joint.size):
        linear[k] += of_link[k] + gap * abs(own - x[k]) + both * own * x[k]


@inner_bare
def _depart(
    of_joint: _Floats, of_link: _Singles, x: _Singles, own: np.float32, gap: np.float32, both: np.float32,
    joint: _Singles, linear: _Singles,
) -> None:  # fmt: skip
    """The same, once it goes."""
    for k in range(joint.size):
        joint[k] -= np.float32(of_joint[k])
    for k in range(joint.size):
        linear[k] -= of_link[k] + gap * abs(own - x[k]) + both * own * x[k]


@inner_bare
def _chances(
    linear: _Singles, old_link: _Singles, x: _Singles, own: _Singles, joint: _Singles, old_joint: _Floats,
    activity: _Singles, lever: _Singles, out: _Singles, old_x: np.float32, old_own: np.float32, gap: np.float32,
    both: np.float32, more: np.float32, per_pair: np.float32, per_state: np.float32, others_joint: np.float32,
    others_activity: np.float32, of_joint: np.float32, of_activity: np.float32,
) -> None:  # fmt: skip
    """exp(beta . s) of the set with each state in the place of one, but for a factor that all have.

    linear, joint : sums with the members, the old one among them, whose rows are old_link and old_joint. of_joint,
    of_activity : coefficients of the roots of sums, over pairs and over states.
    """
    for j in range(out.size):
        pairs = more + linear[j] - old_link[j] - gap * abs(x[j] - old_x) - both * old_x * x[j]
        out[j] = pairs * per_pair + (own[j] - old_own) * per_state
    for j in range(out.size):
        out[j] += of_joint * math.sqrt(max(others_joint + joint[j] - np.float32(old_joint[j]), _NOUGHT))
    for j in range(out.size):
        eta = out[j] + of_activity * math.sqrt(max(others_activity + activity[j], _NOUGHT))
        out[j] = lever[j] * exp_above(eta)


@inner_bare
def _start(bonds: Bonds, stream: _Stream, n: int, total: float, rows: _Floats, chance: _Singles, out: _Ints) -> None:
    """A first state by its weight among pairs, then others by their pull to it."""
    lift = bonds.by_state[b.PAIR_LIFT]
    hub = out[0] = pick(rows, lift.size, uniform(stream) * total)
    pair = bonds.between[b.PAIR, hub]
    for j in range(lift.size):
        chance[j] = pair[j] * lift[j]
    free = total_of(chance)
    for k in range(1, n):
        j = pick(chance, lift.size, uniform(stream) * free)
        out[k] = j
        chance[j] = _NOUGHT
        free = total_of(chance)
