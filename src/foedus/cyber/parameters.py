"""What the simulator assumes: each parameter with default, range and where it is from, marked observed or assumed.

Delays are laws in days. Little of this is measured between states; the ranges are part of every answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Literal

from foedus.cyber.arrays import FIXED, LOGNORMAL, WEIBULL
from foedus.cyber.errors import CyberError

Mark = Literal["observed", "derived", "assumed"]


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution of delays: lognormal (median days, sigma), weibull (scale days, shape) or fixed (days)."""

    kind: int
    a: float
    b: float = 0.0

    def __post_init__(self) -> None:
        fits = math.isfinite(self.a) and math.isfinite(self.b) and self.a >= 0.0
        if (
            not fits
            or (self.kind != FIXED and (self.a == 0.0 or self.b < 0.0))
            or (self.kind == WEIBULL and self.b == 0)
        ):
            raise CyberError(f"A delay of {self.a} days with spread {self.b} is none: the first must be positive.")

    def times(self, factor: float) -> Law:
        """The law with every delay multiplied by `factor`."""
        return replace(self, a=self.a * factor)


def lognormal(median: float, sigma: float) -> Law:
    """Delays with this median in days and this standard deviation of their logarithm."""
    return Law(LOGNORMAL, median, sigma)


def weibull(scale: float, shape: float) -> Law:
    """Weibull delays; scale in days."""
    return Law(WEIBULL, scale, shape)


def exponential(mean: float) -> Law:
    """Exponential delays with this mean in days."""
    return Law(WEIBULL, mean, 1.0)


def fixed(days: float) -> Law:
    """Always the same delay."""
    return Law(FIXED, days)


MINUTES = 1.0 / 1440.0
OPPORTUNISTIC = weibull(8.48 / 24.0, 0.314)  # through 40 % within 1 h and 75 % within 24 h, Verizon DBIR 2015
TARGETED = lognormal(7.0, 1.5)
SIMULTANEOUS = fixed(0.0)
DETECTION = lognormal(11.0, 2.3)  # Mandiant M-Trends 2024 and 2020-21, as reported
_DAYS_3, _DAY = lognormal(3.0, 1.0), lognormal(1.0, 1.0)
_MINUTES_15, _MINUTES_6 = lognormal(15 * MINUTES, 1.0), lognormal(6 * MINUTES, 1.0)


@dataclass(frozen=True, slots=True)
class Parameters:
    """One world. Delays in days; probabilities in [0, 1]; rotation per day.

    gap : between the first hits of successive targets. detect : from compromise to own detection. release, act : human
    delays before an item leaves and before it is used; *_machine : the same where automated. rotation : renewals of a
    campaign's infrastructure, after which an item is stale. block : a fresh item stops the attack; behaviour : any item
    does, by what it says of methods; hunt : a member finds what an item describes in its own networks. participation,
    willingness, compliance multiply those of a policy. adaptation : how much faster infrastructure rotates when every
    item is acted on, eta in rho = rho0 (1 + eta share). cap : dwell is counted to so many days. networks : networks in
    a member, of which the fastest detection counts.
    """

    gap: Law = TARGETED
    detect: Law = DETECTION
    release: Law = _DAYS_3
    act: Law = _DAY
    release_machine: Law = _MINUTES_15
    act_machine: Law = _MINUTES_6
    rotation: float = 1.0 / 46.875
    block: float = 0.7
    behaviour: float = 0.10
    hunt: float = 0.5
    participation: float = 1.0
    willingness: float = 1.0
    compliance: float = 1.0
    adaptation: float = 0.0
    cap: float = 365.0
    networks: int = 1

    def __post_init__(self) -> None:
        for name in ("block", "behaviour", "hunt", "participation", "willingness", "compliance"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise CyberError(f"{name} is {getattr(self, name)}; expected a probability, 0 to 1.")
        if not (self.rotation >= 0.0 and self.adaptation >= 0.0 and self.cap > 0.0 and 1 <= self.networks <= 32):
            raise CyberError("rotation and adaptation must not be negative, cap positive, networks 1 to 32.")

    def with_(self, **changes: float) -> Parameters:
        """A changed copy; a key of RANGES such as detect_days changes the median of its law. Raises CyberError."""
        made = self
        for key, value in changes.items():
            made = _changed(made, key, value)
        return made


def _changed(p: Parameters, key: str, value: float) -> Parameters:
    law, _, what = key.rpartition("_")
    if what in ("days", "sigma") and law in _LAWS:
        now: Law = getattr(p, law)
        return replace(p, **{law: replace(now, **{"a" if what == "days" else "b": value})})  # type: ignore[arg-type]
    if key not in _PLAIN:
        known = ", ".join([*_PLAIN, *(f"{n}_days" for n in _LAWS)])
        raise CyberError(f'"{key}" is not a parameter of the simulator; expected one of {known}.')
    return replace(p, **{key: int(value) if key == "networks" else value})  # type: ignore[arg-type]


_LAWS = ("gap", "detect", "release", "act", "release_machine", "act_machine")
_PLAIN = tuple(f.name for f in fields(Parameters) if f.name not in _LAWS)


@dataclass(frozen=True, slots=True)
class Range:
    """One uncertain parameter. log : drawn uniformly in the logarithm. mark, source : of the default value."""

    name: str
    says: str
    default: float
    low: float
    high: float
    log: bool
    mark: Mark
    source: str

    def at(self, u: float) -> float:
        """The value at `u` in [0, 1] of the range."""
        if self.log:
            return float(self.low * (self.high / self.low) ** u)
        return self.low + u * (self.high - self.low)


RANGES: tuple[Range, ...] = (
    Range(
        "participation",
        "members that take part",
        1.0,
        0.2,
        1.0,
        False,
        "assumed",
        "range: US Automated Indicator Sharing fell from 304 to 135 participants, 2020 to 2022 (DHS OIG 2024,"
        " as reported)",
    ),
    Range(
        "willingness", "items that a member is willing to pass on", 1.0, 0.1, 1.0, False, "assumed", "no measurement"
    ),
    Range(
        "rotation",
        "rotations of infrastructure a day",
        1 / 46.875,
        1 / 180,
        1.0,
        True,
        "derived",
        "MISP's decay model of network indicators expires at 46.9 days; phishing at about 1",
    ),
    Range(
        "behaviour",
        "a stale item still stops the attack",
        0.10,
        0.0,
        0.4,
        False,
        "assumed",
        "lower anchor: median overlap of techniques between ATT&CK groups, 0.104",
    ),
    Range(
        "detect_days",
        "median days to own detection",
        11.0,
        2.0,
        60.0,
        True,
        "observed",
        "Mandiant M-Trends, investigations of 2024, as reported",
    ),
    Range(
        "detect_sigma",
        "spread of detection",
        2.3,
        1.5,
        2.8,
        False,
        "derived",
        "fitted to shares of M-Trends 2020 and 2021, as reported",
    ),
    Range(
        "gap_days",
        "median days to the next target",
        7.0,
        1.0,
        60.0,
        True,
        "assumed",
        "no published law for targeted campaigns",
    ),
    Range("block", "a fresh item stops the attack", 0.7, 0.3, 0.9, False, "assumed", "no measurement"),
    Range(
        "release_days",
        "median days before an item leaves",
        3.0,
        0.01,
        30.0,
        True,
        "assumed",
        "no measurement between states; upper end: Bouwman et al. 2020, about a month between two vendors",
    ),
    Range("act_days", "median days before an item is used", 1.0, 0.003, 10.0, True, "assumed", "no measurement"),
)
FIXED_ASSUMPTIONS: tuple[tuple[str, Mark, str], ...] = (
    (
        "An item found in time lets half of the members that were hit end the intrusion at once (hunt 0.5,"
        " range 0 to 1).",
        "assumed",
        "no measurement",
    ),
    ("Machine delays of 15 minutes and 6 minutes, medians.", "assumed", "no measurement"),
    ("Attackers do not adapt to sharing (adaptation 0, range 0 to 2).", "assumed", "no measurement"),
    ("A state is one network (networks 1); with more, the fastest detection counts.", "assumed", "no measurement"),
)
