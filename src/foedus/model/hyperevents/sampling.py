"""Non-events: sets of the same size, drawn uniformly without replacement from the risk set, or all of them.

Draws come from one counter-based stream per case (Philox, key = seed, counter = case and refit), so that they do not
depend on other cases, on their order or on threads. Only raw words are used, whose values are fixed for good.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import ModelError

MOST_SETS = 5_000_000  # enumerated for one case
_Sets = NDArray[np.int64]


class Stream:
    """Uniform numbers of one case."""

    def __init__(self, seed: int, case: int, refit: int = 0) -> None:
        """seed : 0 to 2^64 - 1. case, refit : 0 or more."""
        if not 0 <= seed < 2**64:
            raise ModelError(f"seed {seed}: expected a whole number from 0 to 2^64 - 1.")
        self._words = np.random.Philox(key=seed, counter=[0, 0, refit, case])

    def words(self, n: int) -> NDArray[np.uint64]:
        """`n` words of 64 random bits."""
        return np.asarray(self._words.random_raw(n), np.uint64)

    def below(self, bound: int, n: int) -> NDArray[np.int64]:
        """`n` whole numbers from 0 to bound - 1; unequal by less than bound / 2^53."""
        return ((self.words(n) >> np.uint64(11)).astype(np.float64) * 2.0**-53 * bound).astype(np.int64)


def n_sets(n: int, k: int) -> int:
    """How many sets of `k` among `n`."""
    return math.comb(n, k)


def sets_of_size(n: int, k: int) -> _Sets:
    """All sets of `k` among 0 to n - 1, sorted, shape (C(n, k), k). Raises ModelError for more than MOST_SETS."""
    count = math.comb(n, k)
    if count > MOST_SETS:
        raise ModelError(f"{count:,} sets of {k} among {n} actors are too many to list; sample controls instead.")
    if k == 2:
        first, second = np.triu_indices(n, 1)
        return np.stack([first, second], axis=1)
    flat = np.fromiter(chain.from_iterable(combinations(range(n), k)), np.int64, count * k)
    return flat.reshape(count, k)


def controls(n: int, k: int, excluded: Sequence[Sequence[int]], m: int | None, stream: Stream) -> _Sets:
    """`m` sets of `k` among 0 to n - 1 that are none of `excluded`; all for m = None or where there are no more.

    excluded : distinct sorted sets of size k within 0 to n - 1, the case among them.
    Returns int64 of shape (m_eff, k), m_eff = min(m, C(n, k) - len(excluded)); each set sorted.
    Source: Floyd's algorithm (Bentley and Floyd 1987, recalled); repeated and excluded sets are rejected.
    """
    if k > n:
        raise ModelError(f"a set of {k} cannot be drawn from {n} actors at risk.")
    total = n_sets(n, k)
    left = total - len(excluded)
    if m is None or left <= m:
        return _without(sets_of_size(n, k), excluded)
    if 2 * (m + len(excluded)) > total:
        all_ = _without(sets_of_size(n, k), excluded)
        return all_[np.argsort(stream.words(len(all_)), kind="stable")[:m]]
    return _rejecting(n, k, excluded, m, stream)


def _rejecting(n: int, k: int, excluded: Sequence[Sequence[int]], m: int, stream: Stream) -> _Sets:
    """The first `m` distinct sets of the stream that are not excluded."""
    kept = np.empty((0, k), np.int64)
    while len(kept) < m:
        batch = _draw(n, k, 2 * (m - len(kept)) + 8, stream)
        kept = _distinct(np.concatenate([kept, _without(batch, excluded)]))
    return kept[:m]


def _draw(n: int, k: int, count: int, stream: Stream) -> _Sets:
    """`count` sets, each uniform: for j = n - k to n - 1 take a number up to j, or j itself if that is taken."""
    chosen = np.empty((count, k), np.int64)
    for place, j in enumerate(range(n - k, n)):
        t = stream.below(j + 1, count)
        taken = (chosen[:, :place] == t[:, None]).any(axis=1)
        chosen[:, place] = np.where(taken, j, t)
    chosen.sort(axis=1)
    return chosen


def _distinct(sets: _Sets) -> _Sets:
    """The first of each set, in the order of first appearance."""
    _, first = np.unique(sets, axis=0, return_index=True)
    return sets[np.sort(first)]


def _without(sets: _Sets, excluded: Sequence[Sequence[int]]) -> _Sets:
    keep = np.ones(len(sets), bool)
    for one in excluded:
        keep &= (sets != np.asarray(one)).any(axis=1)
    return sets[keep]
