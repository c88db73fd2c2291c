"""How many poles a system has, and how far it is split between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

POLE = 0.5  # of the largest share: a convention of this project
SENSITIVITY = 1.3  # a in Esteban and Ray (1994), who allow 0 to 1.6


def poles(shares: Sequence[float]) -> int:
    """How many states hold at least half of what the largest holds (a convention of this project); 0 without any.

    shares : capability, in any unit, not negative.

    >>> poles([0.4, 0.25, 0.19, 0.16])
    2
    """
    return sum(1 for s in shares if s >= POLE * max(shares)) if len(shares) and max(shares) > 0 else 0


def two_blocs(first: float, second: float) -> float | None:
    """4 p1 p2 / (p1 + p2), p the world shares of the two largest disjoint blocs (a convention of this project).

    In [0, 1]: 1 when two equal blocs hold everything, 0 when there is only one; None when neither holds anything.
    Raises ValueError for shares that are negative or sum to more than 1.
    """
    if first < 0 or second < 0 or first + second > 1 + 1e-9:
        raise ValueError(f"shares of two blocs must not be negative nor sum to more than 1, found {first}, {second}")
    return 4 * first * second / (first + second) if first + second > 0 else None


def polarisation(
    shares: NDArray[np.float64], distance: NDArray[np.float64], sensitivity: float = SENSITIVITY
) -> float | None:
    """Polarisation of groups: sum over i and j of p_i^(1 + a) p_j D_ij.

    shares : p, shape (n,), sum 1. distance : D, shape (n, n), in [0, 1], 0 on the diagonal, as the mean (1 - kappa) / 2
    between the blocs. Two equal groups at distance 1 give 0.203063. None for fewer than two groups.
    Source: Esteban and Ray (1994), On the Measurement of Polarization, Econometrica 62: 819-851.
    """
    if len(shares) < 2:
        return None
    return float(shares ** (1 + sensitivity) @ distance @ shares)
