"""One assumption at a time: how the averted share of each policy moves with it, all else at its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foedus.cyber.compare import played
from foedus.cyber.parameters import MINUTES, Parameters
from foedus.cyber.policy import Policy
from foedus.cyber.shared import SharedThreats

RELEASE_DAYS = (15 * MINUTES, 1 / 24, 0.25, 1.0, 3.0, 7.0, 14.0, 30.0)  # from a machine's to a slow feed's
# What the sensitivity indices leave out, since the reference is one network and attackers that do not adapt.
LEFT_OUT: Mapping[str, Sequence[float]] = {"networks": (1, 3, 10, 30), "adaptation": (0.0, 1.0, 2.0)}


@dataclass(frozen=True, slots=True)
class Point:
    """The averted share of one policy, 0 to 1, with its standard error, where the assumption has this value."""

    policy: str
    value: float
    averted: float
    error: float


def varied(
    policies: Mapping[str, Policy],
    threats: SharedThreats,
    regions: Mapping[str, str],
    assumption: str,
    values: Sequence[float],
    *,
    n: int = 20_000,
    seed: int = 1,
) -> tuple[Point, ...]:
    """Each policy at each value of a parameter (a field of Parameters, or release_days and the like).

    The same campaigns throughout. A policy that sets the parameter itself does not move. Raises CyberError for what is
    no parameter.
    """
    made = []
    for name, policy in policies.items():
        for value in values:
            params = Parameters().with_(**{assumption: value})
            found = played(policy, threats, regions, params, n=n, seed=seed)
            made.append(Point(name, value, found.averted, found.averted_error))
    return tuple(made)
