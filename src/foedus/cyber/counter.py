"""Random numbers by position: number `counter` of the stream `key`, whoever asks and in whatever order.

SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA): its state only counts
up, so any position can be reached at once. A campaign owns SLOTS positions and each variate has its own, so two
policies meet the same campaign with the same luck, also when one of them draws what the other does not need.
"""

from __future__ import annotations

import numpy as np

SLOTS = 4096
STEP = 0x9E3779B97F4A7C15
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
ULP = 2.0**-53


def uniform_plain(key: int, counter: int) -> float:
    """Number `counter` of the stream `key`, in (0, 1), ends excluded; `kernels` says the same compiled."""
    mask = (1 << 64) - 1
    z = (int(key) + counter * STEP) & mask
    z = ((z ^ (z >> 30)) * MIX_1) & mask
    z = ((z ^ (z >> 27)) * MIX_2) & mask
    z ^= z >> 31
    return ((z >> 11) + 0.5) * ULP


def key_of(seed: int, stream: int = 0) -> np.uint64:
    """The key of stream `stream` of `seed`, by NumPy's own mixing."""
    return np.uint64(np.random.SeedSequence((seed, stream)).generate_state(1, np.uint64)[0])
