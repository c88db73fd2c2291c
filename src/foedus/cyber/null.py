"""What the matrix would look like if actors chose victims by popularity alone: the baseline beside every pair count.

Each actor keeps how many states it names and each state by how many actors it is named; everything else is shuffled.
Actors meet in random pairs, pool the states that only one of them names and deal them out again (curveball: Strona,
Nappo, Boccacci, Fattorini and San-Miguel-Ayanz 2014, Nature Communications 5: 4114; all pairs at once: Carstens,
Hamann, Meyer, Penschuck, Tran and Wagner 2018, European Symposium on Algorithms).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.cyber.shared import SharedThreats

BURN_IN = 50  # rounds of trades before the first sample
THINNING = 2  # rounds between samples


@dataclass(frozen=True, slots=True)
class Null:
    """Expected pair counts under popularity alone and how far the observed stand from them, all (k, k).

    z : (observed - expected) / standard deviation; 0 where the null does not vary. A z that rests on fewer than five
    actors is an anecdote. samples : how many shuffled matrices.
    """

    expected: NDArray[np.float64]
    sd: NDArray[np.float64]
    z: NDArray[np.float64]
    samples: int


def null_zscores(found: SharedThreats, *, samples: int = 300, seed: int = 1) -> Null:
    """Shuffle who names whom among all actors and states of the data; samples >= 1."""
    rng = np.random.Generator(np.random.Philox(seed))
    states = sorted({s for a in found.everyone for s in a.victims} | set(found.members))
    presence = np.array([[s in a.victims for s in states] for a in found.everyone], dtype=bool).reshape(-1, len(states))
    mine = [states.index(m) for m in found.members]
    k = len(mine)
    total, squares = np.zeros((k, k)), np.zeros((k, k))
    for sample in range(samples):
        for _ in range(THINNING if sample else BURN_IN):
            presence = trade(presence, rng)
        block = presence[:, mine].astype(np.float64)
        counts = block.T @ block
        total += counts
        squares += counts**2
    mean = total / samples
    sd = np.sqrt(np.maximum(squares / samples - mean**2, 0.0))
    varies = sd > 1e-9
    z = np.where(varies, (found.pairs - mean) / np.where(varies, sd, 1.0), 0.0)
    np.fill_diagonal(z, 0.0)
    return Null(mean, sd, z, samples)


def trade(presence: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """One round: actors (rows) in random pairs deal out again what only one of the two has. Margins stay."""
    half = len(presence) // 2
    order = rng.permutation(len(presence))
    a, b = order[:half], order[half : 2 * half]
    first, second = presence[a], presence[b]
    either, both = first ^ second, first & second
    keys = np.where(either, rng.random(either.shape), 2.0)
    size = (first & ~second).sum(axis=1)
    last = np.sort(keys, axis=1)[np.arange(half), np.maximum(size - 1, 0)]
    mine = either & (keys <= last[:, None]) & (size > 0)[:, None]
    dealt = presence.copy()
    dealt[a], dealt[b] = both | mine, both | (either & ~mine)
    return dealt
