"""Whole rows at once: sums and bounds over all states, written so that the compiler takes several states a step.

Bounds are in single precision, which is as good for a bound as double, and half the memory to pass through.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import inner_bare, inner_wide

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Row = NDArray[np.float64] | NDArray[np.float32]

_WHOLE, _LOG2_E, _LN2 = np.float32(12582912.0), np.float32(1.4426950408889634), np.float32(0.6931471805599453)
_EXPONENT, _ONE = np.int32(23), np.int32(0x3F800000)  # as in `model.near`, of single numbers
_C0, _C1, _C2, _C3, _C4, _C5 = (
    np.float32(1.00005), np.float32(1.00005), np.float32(0.500025), np.float32(0.166675), np.float32(0.0416688),
    np.float32(0.00833376),
)  # fmt: skip
_LEAST, _MOST = np.float32(-45.0), np.float32(80.0)


@inner_bare
def exp_above(x: np.float32) -> np.float32:
    """At least exp(x), and at most 1e-4 more relatively for x in [-45, 45]; x outside [-45, 80] counts as the end."""
    t = min(max(x, _LEAST), _MOST) * _LOG2_E
    moved = t + _WHOLE
    f = (t - (moved - _WHOLE)) * _LN2
    s = _C0 + f * (_C1 + f * (_C2 + f * (_C3 + f * (_C4 + f * _C5))))
    bits = (np.float32(moved).view(np.int32) << _EXPONENT) + _ONE
    power: np.float32 = np.int32(bits).view(np.float32)
    return power * s


@inner_wide
def weighted(one: _Singles, two: _Singles) -> float:
    """Sum of products, in whatever order is fastest on the machine: bounds only."""
    total = np.float32(0.0)
    for k in range(one.size):
        total += one[k] * two[k]
    return float(total)


@inner_bare
def total_of(values: _Row) -> float:
    """Sum, four at a time, so that no addition waits for the one before; the same on every machine."""
    a, c, d, e, whole = 0.0, 0.0, 0.0, 0.0, values.size - values.size % 4
    for k in range(0, whole, 4):
        a += values[k]
        c += values[k + 1]
        d += values[k + 2]
        e += values[k + 3]
    for k in range(whole, values.size):
        a += values[k]
    return (a + c) + (d + e)


@inner_bare
def add_times(target: _Row, row: _Row, by: float) -> None:
    """target += row * by."""
    for k in range(target.size):
        target[k] += row[k] * by


@inner_bare
def pick(values: _Row, n: int, target: float) -> int:
    """First of the first n at which the running sum of `values`, none below 0, passes `target`; when rounding runs
    out, the last positive. Eight are passed over at once by their sum."""
    k = 0
    while k + 8 <= n:
        eight = (values[k] + values[k + 1]) + (values[k + 2] + values[k + 3])
        eight += (values[k + 4] + values[k + 5]) + (values[k + 6] + values[k + 7])
        if target < eight:
            break
        target -= eight
        k += 8
    for j in range(k, n):
        target -= values[j]
        if target < 0.0:
            return j
    return _last(values, n)


@inner_bare
def _last(values: _Row, n: int) -> int:
    """The last positive of the first n, -1 when there is none."""
    for k in range(n - 1, -1, -1):
        if values[k] > 0.0:
            return k
    return -1


@inner_bare
def pick_product(one: _Singles, two: _Row, room: _Singles, target: float) -> int:
    """The same for the products of two rows, made in `room`."""
    for k in range(room.size):
        room[k] = one[k] * two[k]
    return pick(room, room.size, target)


@inner_bare
def first_above(rising: _Row, target: float) -> int:
    """First index at which `rising`, which never falls, passes `target`; the last when none does. Without branches."""
    below, left = 0, rising.size - 1
    while left > 0:
        half = (left + 1) // 2
        below += half if rising[below + half - 1] <= target else 0
        left -= half
    return below
