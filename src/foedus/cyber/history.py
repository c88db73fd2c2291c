"""Published findings that the simulator's laws are held against. Figures as reported; most were read at second hand.

What fails is said in docs/cyber.md: the tails of dwell are fitted to two years, and 2024 depends on an unresolved
figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from foedus.cyber.closed_forms import survival_of
from foedus.cyber.parameters import lognormal

SIGMA = 2.3
Parts = Sequence[tuple[float, float, float]]  # share, median days, sigma of each kind of case

# Year -> published global median of days to detection, and shares with medians of cases found inside and told from
# outside (Mandiant M-Trends). 2024: the mean of two conflicting external medians; 2025: the rest are ransomware cases.
DWELL: Mapping[int, tuple[float, Parts]] = {
    2019: (56, ((0.47, 30, SIGMA), (0.53, 141, SIGMA))),
    2020: (24, ((0.59, 12, SIGMA), (0.41, 73, SIGMA))),
    2021: (21, ((0.53, 18, SIGMA), (0.47, 28, SIGMA))),
    2022: (16, ((0.37, 13, SIGMA), (0.63, 19, SIGMA))),
    2023: (10, ((0.46, 9, SIGMA), (0.54, 13, SIGMA))),
    2024: (11, ((0.43, 10, SIGMA), (0.43, 18.5, SIGMA), (0.14, 5, SIGMA))),
    2025: (14, ((0.52, 9, SIGMA), (0.34, 25, SIGMA), (0.14, 5, SIGMA))),
}


def dwell_median(parts: Parts) -> float:
    """Median of a mixture of lognormal dwell times, days; by bisection in the logarithm."""
    low, high = 1e-3, 1e5
    laws = [(share, survival_of(lognormal(median, sigma))) for share, median, sigma in parts]
    for _ in range(80):
        middle = math.sqrt(low * high)
        late = sum(share * survival(middle) for share, survival in laws) > 0.5 * sum(s for s, _ in laws)
        low, high = (middle, high) if late else (low, middle)
    return math.sqrt(low * high)


def jaccard_of(visible: float) -> float:
    """Jaccard index of two feeds that each see a random share `visible` of the items."""
    return visible / (2.0 - visible)


def pooled_coverage(visible: float, others: int) -> float:
    """Share of one feed's items that at least one of `others` feeds also sees."""
    return 1.0 - (1.0 - visible) ** others
