"""The Shapley value: what each member adds, averaged over all orders in which the coalition could have formed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.strategy.coalition import EXACT_TO, Game, Listed, Orders, Real
from foedus.strategy.errors import GameError

_CHUNK = 4096  # orders drawn together; the same for every size of sample, so that more orders only add some
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Shapley:
    """The value of each member.

    values : shape (n,), in the unit of the game; they sum to `whole`, the value of all together. bound : every value is
    within it at once with probability `confidence` (0 when exact). half_width : of each value's 95 % interval by the
    central limit theorem. n_pairs : of an order with its reverse (0 when exact).
    """

    members: tuple[str, ...]
    values: Real
    whole: float
    method: Literal["exact", "sampled"]
    bound: float
    half_width: Real
    n_pairs: int
    confidence: float

    @property
    def shares(self) -> Real:
        """Each value divided by the whole. Raises GameError when the whole is worth nothing."""
        if self.whole <= 0:
            raise GameError("All members together are worth nothing here, so there is nothing to share.")
        return self.values / self.whole


def shapley(
    game: Game | Listed, *, within: float = 0.01, confidence: float = 0.95, seed: int = 1, exact_to: int = EXACT_TO
) -> Shapley:
    """The Shapley value of every member of `game`; exact up to `exact_to` (at most 20) members, sampled above.

    within : half-width of the simultaneous error bound of a sample, as a share of the whole, in (0, 1).
    Source: Shapley (1953), A value for n-person games; phi_i = sum over S without i of |S|!(n-|S|-1)!/n! times
    [v(S+i) - v(S)]. Raises GameError for a listed game with too many members, or for bounds outside (0, 1).

    >>> shapley(Game(("a", "b", "c"), (1.0, 2.0, 3.0), "best-shot", Power(1.0))).values.round(6).tolist()
    [0.333333, 0.833333, 1.833333]
    """
    n = len(game.members)
    if isinstance(game, Listed) or n <= min(exact_to, EXACT_TO):
        table = game.table()
        return Shapley(game.members, _exact(table, n), float(table[-1]), "exact", 0.0, np.zeros(n), 0, 1.0)
    if not (0 < within < 1 and 0 < confidence < 1):
        raise GameError(f"within and confidence lie between 0 and 1, found {within} and {confidence}.")
    whole = float(game.along(np.arange(n))[-1])
    n_pairs = pairs_needed(n, within, confidence)
    values, spread = _sampled(game, n_pairs, seed)
    bound = whole * math.sqrt(math.log(2 * n / (1 - confidence)) / (2 * n_pairs))
    half = _NORMAL_95 * spread / math.sqrt(n_pairs)
    return Shapley(game.members, values, whole, "sampled", bound, half, n_pairs, confidence)


def pairs_needed(n: int, within: float, confidence: float) -> int:
    """Pairs of orders after which all n values lie within `within` of the whole with probability `confidence`.

    Hoeffding (1963) with a union over members: M >= r^2 ln(2n / delta) / (2 eps^2). In a game that never falls, what a
    member adds lies between 0 and the whole, so r is the whole; the mean over a pair lies there too, and pairs are
    independent.

    >>> pairs_needed(12, 0.01, 0.95)
    30869
    """
    return math.ceil(math.log(2 * n / (1 - confidence)) / (2 * within**2))


def _exact(table: Real, n: int) -> Real:
    """Shapley values from the values of all coalitions."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(n - 1):
        sizes = np.concatenate([sizes, sizes + 1])  # members in each coalition of the n - 1 others
    weight = np.array([1 / (n * math.comb(n - 1, size)) for size in range(n)])[sizes]
    values = np.empty(n)
    for i in range(n):
        split = table.reshape(-1, 2, 1 << i)  # the middle axis: without i, with i
        values[i] = np.dot(weight, (split[:, 1] - split[:, 0]).ravel())
    return values


def _sampled(game: Game, n_pairs: int, seed: int) -> tuple[Real, Real]:
    """Mean, and standard deviation between pairs, of what each member adds in random orders and their reverses."""
    n = len(game.members)
    total, squares = np.zeros(n), np.zeros(n)
    for chunk, begin in enumerate(range(0, n_pairs, _CHUNK)):
        draws = np.random.Generator(np.random.Philox(key=[seed, chunk]))
        size = min(_CHUNK, n_pairs - begin)
        orders = draws.permuted(np.tile(np.arange(n), (_CHUNK, 1)), axis=1)[:size]
        added = (_added(game, orders) + _added(game, orders[:, ::-1])) / 2
        total += added.sum(axis=0)
        squares += np.square(added).sum(axis=0)
    mean = total / n_pairs
    variance = np.maximum(0.0, squares / n_pairs - np.square(mean)) * n_pairs / max(1, n_pairs - 1)
    return mean, np.sqrt(variance)


def _added(game: Game, orders: Orders) -> Real:
    """What each member adds when it joins those before it, shape of `orders`, by member."""
    added = np.empty(orders.shape)
    np.put_along_axis(added, orders, np.diff(game.along(orders), axis=1, prepend=0.0), axis=1)
    return added
