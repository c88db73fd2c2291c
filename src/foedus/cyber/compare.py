"""Policies side by side: the same campaigns under each, with what is not known drawn from its ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.cyber.errors import CyberError, NoSharedThreats
from foedus.cyber.parameters import RANGES, Parameters
from foedus.cyber.policy import Policy, arranged, parameters_of
from foedus.cyber.shared import SharedThreats
from foedus.cyber.simulate import Members, Outcome, simulate

ROUNDS = 4  # of tit for tat, each answering the one before
PER_DRAW = 2_000  # campaigns in each draw of the parameters
FEW_ROWS = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One policy: the outcome with default parameters, and averted share and days saved in each draw (runs,)."""

    name: str
    policy: Policy
    outcome: Outcome
    averted: NDArray[np.float64]
    saved: NDArray[np.float64]

    def interval(self, what: str = "averted") -> tuple[float, float, float]:
        """5 %, 50 % and 95 % quantile over the draws of `averted` or `saved`."""
        low, middle, high = np.quantile(getattr(self, what), (0.05, 0.5, 0.95))
        return float(low), float(middle), float(high)


def played(
    policy: Policy,
    threats: SharedThreats,
    regions: Mapping[str, str],
    params: Parameters | None = None,
    *,
    n: int = 100_000,
    seed: int = 1,
    weights: Sequence[float] | None = None,
    silent: frozenset[str] = frozenset(),
) -> Outcome:
    """The outcome of `policy` among the members of `threats`; states in `silent` take no part.

    Raises PolicyError, and NoSharedThreats for fewer than two shared actors.
    """
    if len(threats.rows) < FEW_ROWS:
        raise NoSharedThreats(
            f"{len(threats.rows)} of the actors in the data name two or more of these {len(threats.members)} members;"
            " at least two such actors are needed. Zero means that nothing was reported, not that nothing happened."
        )
    members = arranged(policy, threats, regions)
    if silent:
        members = replace(members, phi=np.where(np.isin(threats.members, sorted(silent)), 0.0, members.phi))
    p = parameters_of(policy, params or Parameters())
    found = simulate(members, p, threats.rows, n, seed, weights=weights)
    for _ in range(ROUNDS if policy.reciprocal else 0):
        found = simulate(_answering(members, found), p, threats.rows, n, seed, weights=weights)
    return found


def _answering(members: Members, before: Outcome) -> Members:
    """i tells j as readily as j has helped i, at most fully: told times min(1, received / given); 1 with no history."""
    given = before.credit.astype(float)
    ratio = np.where(given > 0, given.T / np.maximum(given, 1.0), 1.0)
    return replace(members, told=members.told * np.minimum(1.0, ratio))


def compare(
    policies: Mapping[str, Policy],
    threats: SharedThreats,
    regions: Mapping[str, str],
    *,
    runs: int = 100,
    campaigns: int = 100_000,
    seed: int = 1,
    params: Parameters | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> list[Compared]:
    """Each policy with default parameters, and in `runs` draws of the ranges and of the actors (bootstrap).

    Draw by draw all policies share parameters, actors and luck. Raises CyberError for fewer than 10 runs.
    """
    if runs < 10:
        raise CyberError(f"{runs} runs give no interval; expected 10 or more.")
    rng = np.random.Generator(np.random.Philox(seed))
    units = rng.random((runs, len(RANGES)))
    rows = len(threats.rows)
    picks = rng.multinomial(rows, np.full(rows, 1.0 / rows), size=runs) if rows else np.zeros((runs, 0), np.int64)
    found = []
    for name, policy in policies.items():
        progress(policy.title)
        whole = played(policy, threats, regions, params, n=campaigns, seed=seed)
        each = [
            played(policy, threats, regions, drawn(u, params), n=PER_DRAW, seed=seed + 1 + d, weights=picks[d].tolist())
            for d, u in enumerate(units)
        ]
        averted, saved = (np.array([getattr(o, f) for o in each]) for f in ("averted", "days_saved"))
        found.append(Compared(name, policy, whole, averted, saved))
    return found


def drawn(units: NDArray[np.float64], params: Parameters | None = None) -> Parameters:
    """Parameters at the places `units`, each in [0, 1], of their ranges."""
    changes = {r.name: r.at(float(u)) for r, u in zip(RANGES, units, strict=True)}
    return (params or Parameters()).with_(**changes)


def break_even_precision(benefit_days: float, outage_days: float, triage_days: float) -> float:
    """Share of items that must be right for handling them to pay: pi B > (1 - pi) c_o + c_t.

    benefit_days : compromise-days saved by one true item; costs in the same unit, none negative. In [0, 1], or above 1
    when no precision would do.
    """
    if not (benefit_days >= 0 and outage_days >= 0 and triage_days >= 0 and benefit_days + outage_days > 0):
        raise CyberError("Benefit and costs must not be negative, and not all zero.")
    return (outage_days + triage_days) / (benefit_days + outage_days)
