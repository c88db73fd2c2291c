"""The nucleolus: the division whose most dissatisfied coalitions are as little dissatisfied as can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.coalition import Game, Listed, Real
from foedus.strategy.errors import GameError

MOST_MEMBERS = 10
_TOLERANCE = 1e-9  # relative to the largest value of a coalition


@dataclass(frozen=True, slots=True)
class Nucleolus:
    """values : shape (n,), sum to the value of all together. worst_excess : of the most dissatisfied coalition, value
    less what it gets. keeps_own : whether every member gets at least what it is worth alone; where that is impossible,
    the values are those without this demand (the prenucleolus).
    """

    members: tuple[str, ...]
    values: Real
    worst_excess: float
    keeps_own: bool

    @property
    def core_is_empty(self) -> bool:
        """Whether under every division some coalition would do better alone."""
        return self.worst_excess > _TOLERANCE * max(1.0, float(np.abs(self.values).max()))


def nucleolus(game: Game | Listed) -> Nucleolus:
    """The nucleolus of `game`, at most MOST_MEMBERS members, by a sequence of linear programmes.

    Each makes the largest excess of the coalitions still open as small as possible, then fixes those whose constraint
    has a price: they are tight in every optimum. Source: Schmeidler (1969), SIAM Journal on Applied Mathematics 17;
    the sequence is Kopelowitz's (1967). Raises GameError for more members.
    """
    n = len(game.members)
    if n > MOST_MEMBERS:
        raise GameError(f"The nucleolus is computed for at most {MOST_MEMBERS} members, here are {n}.")
    table = game.table()
    if n == 1:
        return Nucleolus(game.members, table[1:].copy(), float("-inf"), True)
    inside = (np.arange(1, (1 << n) - 1)[:, None] >> np.arange(n)) & 1  # proper coalitions by members
    values, whole = table[1:-1], float(table[-1])
    alone = table[1 << np.arange(n)]
    keeps_own = bool(alone.sum() <= whole + _TOLERANCE * max(1.0, abs(whole)))
    lower = alone if keeps_own else np.full(n, -np.inf)
    found, worst = _sequence(inside.astype(np.float64), values, whole, lower)
    return Nucleolus(game.members, found, worst, keeps_own)


def _sequence(inside: Real, values: Real, whole: float, lower: Real) -> tuple[Real, float]:
    """Solve, fix what is tight in every optimum, repeat until one division is left."""
    from scipy.optimize import linprog

    n = inside.shape[1]
    scale = max(1.0, float(np.abs(values).max()), abs(whole))
    fixed_rows, fixed_values = [np.ones(n)], [whole]
    is_open = np.ones(len(values), dtype=bool)
    cost = np.append(np.zeros(n), 1.0)  # the last variable is the largest excess
    bounds = [(None if low == -np.inf else low, None) for low in lower] + [(None, None)]
    worst, x = np.inf, np.full(n, whole / n)
    while is_open.any():
        rows, equal = inside[is_open], np.array(fixed_rows)
        answer = linprog(
            cost,
            A_ub=np.column_stack([-rows, -np.ones(len(rows))]),
            b_ub=-values[is_open],
            A_eq=np.column_stack([equal, np.zeros(len(equal))]),
            b_eq=fixed_values,
            bounds=bounds,
            method="highs",
        )
        if answer.status != 0:
            raise GameError(f"The nucleolus could not be computed: {answer.message}")
        x, excess = answer.x[:n], float(answer.x[n])
        worst = excess if worst == np.inf else worst
        priced = np.flatnonzero(is_open)[np.abs(answer.ineqlin.marginals) > _TOLERANCE]
        fixed_rows += list(inside[priced])
        fixed_values += list(values[priced] - excess)
        is_open &= ~_implied(inside, np.array(fixed_rows))
        fixed_rows, fixed_values = _independent(fixed_rows, fixed_values)
    total: Real = x * whole / x.sum() if abs(x.sum()) > _TOLERANCE * scale else x
    return total, worst


def _implied(inside: Real, fixed: Real) -> NDArray[np.bool_]:
    """Which coalitions get an amount that follows from the fixed ones."""
    basis = np.linalg.svd(fixed, full_matrices=False)
    kept = basis[2][basis[1] > 1e-9]
    rest = inside - inside @ kept.T @ kept
    return np.asarray(np.abs(rest).max(axis=1) < 1e-8)


def _independent(rows: list[Real], values: list[float]) -> tuple[list[Real], list[float]]:
    """The fixed rows without those that follow from earlier ones; with rounding they might contradict them."""
    kept: list[Real] = []
    kept_values: list[float] = []
    for row, value in zip(rows, values, strict=True):
        if np.linalg.matrix_rank(np.array([*kept, row])) > len(kept):
            kept.append(row)
            kept_values.append(value)
    return kept, kept_values
