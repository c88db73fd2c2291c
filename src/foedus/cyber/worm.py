"""A worm that spreads within and between countries: WannaCry, held against what was reported of it.

Susceptible and infected machines by country; a share of each machine's scans stays at home, the others meet machines of
all countries alike. Only how fast it doubled and the order of magnitude by the afternoon can be checked; the stop came
from outside (a registered domain), and early growth does not foretell reach.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from foedus.cyber.errors import CyberError

# Detections of WannaCry by one antivirus firm (Avast, as quoted by Olhar Digital, May 2017): where its clients were,
# as much as where the worm was. Code -> machines.
DETECTED: Mapping[str, int] = {
    "RUS": 113_692,
    "UKR": 26_658,
    "TWN": 22_736,
    "IND": 4_108,
    "BRA": 2_114,
    "ARG": 742,
    "USA": 716,
    "JPN": 648,
    "CZE": 560,
    "GBR": 440,
}
_STEPS_PER_HOUR = 60


def spread(
    exposed: NDArray[np.float64], first: NDArray[np.float64], rate: float, hours: float, *, at_home: float = 0.0
) -> NDArray[np.float64]:
    """(c,) infected machines after `hours`, from `first` infected; both and `exposed`, all vulnerable machines, (c,).

    dI_c/dt = rate (1 - I_c / N_c) (h I_c + (1 - h) N_c / N sum I), h = `at_home` in [0, 1]; rate per hour is how fast
    the sum grows while few are infected, whatever h. Runge-Kutta of order four. Raises CyberError for more infected
    than exposed, a negative rate or time.
    """
    if not (rate >= 0.0 and hours >= 0.0 and 0.0 <= at_home <= 1.0 and (first >= 0).all() and (first <= exposed).all()):
        raise CyberError("A worm needs rate and hours of 0 or more, at_home 0 to 1, and no more infected than exposed.")
    share = exposed / exposed.sum()

    def growth(now: NDArray[np.float64]) -> NDArray[np.float64]:
        met = at_home * now + (1.0 - at_home) * share * now.sum()
        return np.asarray(rate * (1.0 - now / exposed) * met)

    steps = max(1, math.ceil(hours * _STEPS_PER_HOUR))
    dt, now = hours / steps, first.astype(np.float64)
    for _ in range(steps):
        a = growth(now)
        b = growth(now + 0.5 * dt * a)
        c = growth(now + 0.5 * dt * b)
        now = now + dt / 6.0 * (a + 2.0 * b + 2.0 * c + growth(now + dt * c))
    return now


def logistic(exposed: float, first: float, rate: float, hours: float) -> float:
    """Infected machines of one well-mixed population after `hours`: N / (1 + (N / I0 - 1) exp(-rate t))."""
    return exposed / (1.0 + (exposed / first - 1.0) * math.exp(-rate * hours))


def doubling_minutes(first: float, last: float, hours: float) -> float:
    """Doubling time in minutes of what grew from `first` to `last` in so many hours, exponentially."""
    return 60.0 * hours * math.log(2.0) / math.log(last / first)
