"""How unequally capability is spread over a set of states."""

from __future__ import annotations

import math
from collections.abc import Sequence

TOLERANCE = 1e-9  # shares come from one division each; their sum is off by rounding only


def herfindahl(shares: Sequence[float]) -> float:
    """Herfindahl-Hirschman index of shares: the sum of their squares.

    shares : n >= 1 numbers in [0, 1] that sum to 1. Returns a float in [1/n, 1].
    Raises ValueError when there are none, one lies outside [0, 1] or they do not sum to 1.
    """
    wrong = [s for s in shares if not 0 <= s <= 1 + TOLERANCE]  # also what is not a number
    if wrong:
        raise ValueError(f"shares must lie between 0 and 1, found {wrong[0]}; divide each by their sum first")
    total = math.fsum(shares)
    if not len(shares) or abs(total - 1) > TOLERANCE * len(shares):
        raise ValueError(f"shares sum to {total:.4f}, not 1; divide each by their sum first")
    return math.fsum(s * s for s in shares)


def effective_number(shares: Sequence[float]) -> float:
    """Number of equal states with the same Herfindahl index, 1 to n: 1 / HHI (Laakso and Taagepera 1979)."""
    return 1 / herfindahl(shares)


def concentration(shares: Sequence[float]) -> float | None:
    """Concentration of capabilities in a set of states (CON): 0 when all are equal, 1 when one holds everything.

    shares : n numbers in [0, 1] that sum to 1. Returns None for n < 2, where it is not defined.
    Source: Ray and Singer (1973), Measuring the Concentration of Power in the International System,
    Sociological Methods and Research 1: 403-437; CON = sqrt((HHI - 1/n) / (1 - 1/n)).

    >>> concentration([0.5, 0.25, 0.25])
    0.25
    """
    n = len(shares)
    if n < 2:
        return None
    return math.sqrt(min(1.0, max(0.0, (herfindahl(shares) - 1 / n) / (1 - 1 / n))))
