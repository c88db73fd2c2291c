"""Results that ship: policies and sensitivity of a few alliances, computed once, so that a brief need not wait.

tools/cyber_results.py writes them with a seed; each carries a hash of everything it was computed from, and stands for
an alliance only while that is the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

import msgspec

from foedus.cyber.compare import PER_DRAW, Compared
from foedus.cyber.parameters import RANGES, Parameters
from foedus.cyber.policy import read_policy
from foedus.cyber.sensitivity import Sensitivity
from foedus.cyber.shared import SharedThreats

POLICIES = ("none", "bilateral", "federated", "hub", "nis2", "machine")
MODEL = 1  # raised when the simulator's rules change


class PolicyResult(msgspec.Struct, frozen=True, kw_only=True):
    """One policy, with default parameters and over their ranges (5 %, 50 %, 95 %)."""

    name: str
    title: str
    averted: float
    averted_error: float
    averted_range: tuple[float, float, float]
    saved: float
    saved_range: tuple[float, float, float]
    protect_days: float | None
    reasons: dict[str, float]


class IndexResult(msgspec.Struct, frozen=True, kw_only=True):
    """Total-order index of one parameter and the half-width of its 95 % interval."""

    parameter: str
    total: float
    half: float


class AllianceResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything computed for one set of members and actors."""

    treaty: str
    inputs: str
    campaigns: int
    runs: int
    seed: int
    policies: tuple[PolicyResult, ...]
    sensitivity: tuple[IndexResult, ...]
    sensitivity_runs: int


def inputs_of(found: SharedThreats) -> str:
    """SHA-256 of what a result rests on: rows, parameters with ranges, policies, the version of the model."""
    policies = [read_policy(p) for p in POLICIES]
    text = repr((MODEL, PER_DRAW, found.members, sorted(found.rows), Parameters(), RANGES, policies))
    return hashlib.sha256(text.encode()).hexdigest()


def result_of(
    treaty: str, found: SharedThreats, compared: list[Compared], sensitivity: Sensitivity, seed: int
) -> AllianceResult:
    """A comparison and a sensitivity analysis as they ship."""
    return AllianceResult(
        treaty=treaty,
        inputs=inputs_of(found),
        campaigns=compared[0].outcome.campaigns,
        runs=len(compared[0].averted),
        seed=seed,
        policies=tuple(policy_result(c) for c in compared),
        sensitivity=tuple(
            IndexResult(parameter=i.parameter, total=round(i.total, 4), half=round(i.total_half, 4))
            for i in sensitivity.indices["averted"]
        ),
        sensitivity_runs=sensitivity.runs,
    )


def policy_result(c: Compared) -> PolicyResult:
    """One compared policy in numbers of four digits."""
    low, middle, high = (round(x, 4) for x in c.interval())
    saved_low, saved_middle, saved_high = (round(x, 4) for x in c.interval("saved"))
    days = c.outcome.protect_quantile(0.5)
    return PolicyResult(
        name=c.name,
        title=c.policy.title,
        averted=round(c.outcome.averted, 4),
        averted_error=round(c.outcome.averted_error, 5),
        averted_range=(low, middle, high),
        saved=round(c.outcome.days_saved, 4),
        saved_range=(saved_low, saved_middle, saved_high),
        protect_days=None if days is None else round(days, 2),
        reasons={k: round(v, 4) for k, v in c.outcome.reasons.items()},
    )


@cache
def shipped() -> tuple[AllianceResult, ...]:
    """All results that ship."""
    data = files("foedus.cyber").joinpath("data", "results.json").read_bytes()
    return msgspec.json.decode(data, type=tuple[AllianceResult, ...])


def shipped_for(treaty: str, found: SharedThreats) -> AllianceResult | None:
    """The shipped result of a treaty, if it was computed from exactly these actors and members; else None."""
    inputs = inputs_of(found)
    return next((r for r in shipped() if r.treaty == treaty and r.inputs == inputs), None)
