"""How far apart states are in what stands behind one soldier: expenditure per head of active personnel."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def gini(values: Sequence[float]) -> float | None:
    """Gini coefficient of non-negative values, no small-sample correction: 0 when all are equal, towards 1 otherwise.

    Gini = 2 * sum(r * x_(r)) / (n * sum x) - (n + 1) / n, with x_(r) in ascending order, r = 1..n.
    Returns None for fewer than two values or a sum of zero. Raises ValueError for a value that is negative or
    not finite.

    >>> gini([1.0, 1.0, 1.0])
    0.0
    """
    wrong = [v for v in values if not 0 <= v < math.inf]
    if wrong:
        raise ValueError(f"values must be finite and not negative, found {wrong[0]}")
    n, total = len(values), math.fsum(values)
    if n < 2 or total == 0:
        return None
    ranked = math.fsum(r * v for r, v in enumerate(sorted(values), 1))
    return max(0.0, 2 * ranked / (n * total) - (n + 1) / n)


def log_range(values: Sequence[float]) -> float | None:
    """ln(largest / smallest) of positive values: 0 when all are equal; None for fewer than two.

    Raises ValueError for a value that is not positive and finite.
    """
    wrong = [v for v in values if not 0 < v < math.inf]
    if wrong:
        raise ValueError(f"values must be positive and finite, found {wrong[0]}")
    return math.log(max(values) / min(values)) if len(values) >= 2 else None


def log_spread(values: Sequence[float]) -> float | None:
    """Population standard deviation of ln(value) of positive values; 0 when all are equal, None for fewer than two.

    Raises ValueError for a value that is not positive and finite.
    """
    if log_range(values) is None:
        return None
    logs = [math.log(v) for v in values]
    mean = math.fsum(logs) / len(logs)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in logs) / len(logs))


def least_to_median(values: Sequence[float]) -> float | None:
    """The smallest over the median of positive values, in (0, 1]: how far the weakest lags; None for fewer than two.

    Raises ValueError for a value that is not positive and finite.
    """
    return min(values) / statistics.median(values) if log_range(values) is not None else None
