"""Which of the uncertain parameters move the answer: variance-based indices by the design of Saltelli and Sobol.

Sobol (2001), Mathematics and Computers in Simulation 55: 271-280; Saltelli et al. (2010), Computer Physics
Communications 181: 259-270; computed with SALib. An index speaks of the ranges as much as of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from foedus.cyber.compare import drawn, played
from foedus.cyber.errors import CyberError, MissingExtra
from foedus.cyber.parameters import RANGES
from foedus.cyber.policy import Policy
from foedus.cyber.shared import SharedThreats

OUTCOMES = ("averted", "days_cut")


@dataclass(frozen=True, slots=True)
class Index:
    """One parameter's part in the variance of one outcome; *_half: half-width of the 95 % interval (bootstrap)."""

    parameter: str
    first: float
    first_half: float
    total: float
    total_half: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Indices by outcome, each from most to least total; mean, sd and 5, 50, 95 % quantiles over the design."""

    indices: Mapping[str, tuple[Index, ...]]
    mean: Mapping[str, float]
    sd: Mapping[str, float]
    quantiles: Mapping[str, tuple[float, float, float]]
    runs: int


def sobol(
    policy: Policy,
    threats: SharedThreats,
    regions: Mapping[str, str],
    *,
    base: int = 256,
    campaigns: int = 4_000,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Sensitivity:
    """Run the design: base * (number of parameters + 2) runs. Raises MissingExtra; CyberError unless base is 2^k >= 16.

    Every run meets the same campaigns, so what differs is the parameters.
    """
    if find_spec("SALib") is None:
        raise MissingExtra("SALib", "Sensitivity indices")
    if base < 16 or base & (base - 1):
        raise CyberError(f"base is {base}; expected a power of two, 16 or more.")
    from SALib.sample import sobol as design

    problem = {"num_vars": len(RANGES), "names": [r.name for r in RANGES], "bounds": [[0.0, 1.0]] * len(RANGES)}
    units: NDArray[np.float64] = design.sample(problem, base, calc_second_order=False, seed=seed)
    values = {what: np.empty(len(units)) for what in OUTCOMES}
    for i, u in enumerate(units):
        found = played(policy, threats, regions, drawn(u), n=campaigns, seed=seed)
        for what in OUTCOMES:
            values[what][i] = getattr(found, what)
        progress(i + 1, len(units))
    return Sensitivity(
        {what: _indices(problem, v, seed) for what, v in values.items()},
        {what: float(v.mean()) for what, v in values.items()},
        {what: float(v.std(ddof=1)) for what, v in values.items()},
        {what: _quantiles(v) for what, v in values.items()},
        len(units),
    )


def _quantiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def _indices(problem: Mapping[str, object], values: NDArray[np.float64], seed: int) -> tuple[Index, ...]:
    from SALib.analyze import sobol as analysis

    found = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    made = [
        Index(
            r.name, float(found["S1"][i]), float(found["S1_conf"][i]), float(found["ST"][i]), float(found["ST_conf"][i])
        )
        for i, r in enumerate(RANGES)
    ]
    return tuple(sorted(made, key=lambda x: -x.total))
