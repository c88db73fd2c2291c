"""The probability of a dispute in a year, for one directed pair of states."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled

_Floats = NDArray[np.float64]


@compiled
def dispute_probability(
    ln_km: float,
    rivals: bool,
    democracies: bool,
    share: float,
    ln_weight: float,
    pact_inside: bool,
    covered: bool,
    parameters: _Floats,
) -> float:
    """Probability in (0, 1) that the challenger begins a dispute with the target this year, since 1990.

    share : challenger's part of the two states' capability; ln_weight : log of both states' part of the world's.
    parameters (9,): onset.TERMS. At most a few per million for most pairs: draw candidates among rivals and neighbours.
    """
    log_odds = (
        parameters[0]
        + parameters[1] * ln_km
        + parameters[2] * rivals
        + parameters[3] * democracies
        + parameters[4] * share
        + parameters[5] * ln_weight
        + parameters[6] * pact_inside
        + parameters[7] * covered
        + parameters[8]
    )
    return 1.0 / (1.0 + math.exp(-log_odds))
