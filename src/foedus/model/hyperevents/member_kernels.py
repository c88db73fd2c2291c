"""Aggregates of covariates over the members of sets, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled
from foedus.model.hyperevents.kernels import aggregate

MISSING, MIXED = 8, 9  # after the aggregates of `kernels`

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@compiled
def over_members(values: _Floats, slot: _Ints, start: _Ints, member: _Ints, how: int, found: _Floats) -> _Floats:
    """Aggregate over known members; NaN where none is known, and a spread of one known value is 0.

    values (times, N); slot (rows,): which time a row sees, -1 for none. found : scratch as long as the largest set.
    """
    out = np.empty(slot.size)
    for r in range(slot.size):
        known = 0
        n = start[r + 1] - start[r]
        for a in range(start[r], start[r + 1]):
            x = values[slot[r], member[a]] if slot[r] >= 0 else np.nan
            if not np.isnan(x):
                found[known] = x
                known += 1
        if how == MISSING:
            out[r] = n - known
        elif known == 0:
            out[r] = np.nan
        elif how == MIXED:
            unequal = 0
            for a in range(known):
                for b in range(a):
                    unequal += found[a] != found[b]
            out[r] = unequal / max(known * (known - 1) // 2, 1)
        else:
            out[r] = aggregate(found[:known], how)
    return out


@compiled
def over_pairs(values: _Floats, slot: _Ints, start: _Ints, member: _Ints, how: int, found: _Floats) -> _Floats:
    """Aggregate over known pairs of members; 0 for sets of one, NaN where no pair is known. values (times, N, N)."""
    out = np.empty(slot.size)
    for r in range(slot.size):
        known, n = 0, start[r + 1] - start[r]
        for a in range(start[r], start[r + 1]):
            for b in range(start[r], a):
                x = values[slot[r], member[a], member[b]] if slot[r] >= 0 else np.nan
                if not np.isnan(x):
                    found[known] = x
                    known += 1
        if how == MISSING:
            out[r] = n * (n - 1) // 2 - known
        elif n < 2:
            out[r] = 0.0
        elif known == 0:
            out[r] = np.nan
        else:
            out[r] = aggregate(found[:known], how)
    return out
