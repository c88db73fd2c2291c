"""What members would give by themselves and what is best for all, for one common good with quadratic benefit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Technology = Literal["sum", "weakest-link", "best-shot"]


@dataclass(frozen=True, slots=True)
class Provision:
    """Level of the common good: in the best equilibrium in which everyone decides for itself, and in the joint
    optimum."""

    nash: float
    joint: float


def provision(technology: Technology, saturation: float, costs: Sequence[float]) -> Provision:
    """Level G of a common good when each of n members has the benefit A G - G^2 / 2 and pays c_i for each unit it
    gives.

    saturation : A, above every cost. costs : c_i > 0. Alone, a member gives until A - G = c_i. Summation: only the
    cheapest gives, jointly until n (A - G) = c_min. Weakest link: everyone gives G; the dearest stops the others,
    jointly n (A - G) = sum of the costs. Best shot: one provider, the cheapest where that is efficient, so as by
    summation. Source: Hirshleifer (1983), Public Choice 41: 371-386. Raises ValueError when a cost is not in (0, A).
    """
    if not costs or not all(0 < c < saturation for c in costs):
        raise ValueError(f"costs must lie between 0 and {saturation:g}, found {list(costs)}")
    if technology == "weakest-link":
        return Provision(saturation - max(costs), saturation - sum(costs) / len(costs))
    return Provision(saturation - min(costs), saturation - min(costs) / len(costs))
