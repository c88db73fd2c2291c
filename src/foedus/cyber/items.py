"""Shared items of one's own platform: when each was seen, passed on, seen elsewhere. Values are hashed at once.

Nothing leaves the machine, and no value of an indicator is kept: only SHA-256 of it, so that two contributors can be
compared. `latency_report` turns a table into the delays that the simulator otherwise assumes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import polars as pl

from foedus.cyber.actors import Actor
from foedus.cyber.errors import ImportRefused
from foedus.cyber.tlp import LEVELS

_TIME: pl.DataType = pl.Datetime("us", "UTC")
_TEXT: pl.DataType = pl.String()
_TIMES = ("first_seen", "published", "seen_elsewhere", "last_seen")
ITEMS = pl.Schema({**dict.fromkeys(("item", "contributor", "level"), _TEXT), **dict.fromkeys(_TIMES, _TIME)})
FEW = 5  # fewer values than this give no median


@dataclass(frozen=True, slots=True)
class Item:
    """One item as one contributor passed it on. item, contributor : SHA-256, shortened; times None where not said."""

    item: str
    contributor: str
    level: str
    first_seen: datetime | None
    published: datetime | None
    seen_elsewhere: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: items, actors with the states they target, and how many objects of other kinds were passed
    by.
    """

    items: tuple[Item, ...]
    actors: tuple[Actor, ...]
    passed_by: int

    @property
    def levels(self) -> dict[str, int]:
        """Number of items by level of the Traffic Light Protocol, least restricted first."""
        return {x: n for x in LEVELS if (n := sum(i.level == x for i in self.items))}

    def table(self, most: str = "amber") -> pl.DataFrame:
        """Items up to the level `most`, schema ITEMS; what is red stays where it is and is never in a table."""
        if most not in LEVELS[:-1]:
            raise ImportRefused(f'"{most}" cannot be the highest level to keep; expected {", ".join(LEVELS[:-1])}.')
        kept = [i for i in self.items if LEVELS.index(i.level) <= LEVELS.index(most)]
        return pl.DataFrame([[getattr(i, c) for c in ITEMS.names()] for i in kept], schema=ITEMS, orient="row")


def hashed(value: str) -> str:
    """SHA-256 of a value, first 32 hexadecimal digits."""
    return hashlib.sha256(value.strip().casefold().encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles in days of one delay, over n items."""

    what: str
    n: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """What a platform's items say. delays : those with at least five values. exclusive : contributor -> share of its
    items that nobody else has. overlap : pair -> items in common over the smaller. balance : contributor -> items
    passed on. missing : delays that cannot be told, and why."""

    delays: tuple[Spread, ...]
    exclusive: dict[str, float]
    overlap: dict[tuple[str, str], float]
    balance: dict[str, int]
    missing: tuple[str, ...]


_DELAYS = {
    "sharing: first seen to passed on": ("first_seen", "published"),
    "action: passed on to first seen elsewhere": ("published", "seen_elsewhere"),
    "lifetime: first to last seen": ("first_seen", "last_seen"),
}


def latency_report(items: Sequence[Item]) -> LatencyReport:
    """Delays, overlap and balance of `items`; differences below zero (clocks, late entries) are left out of delays."""
    found, missing = [], []
    for what, (a, b) in _DELAYS.items():
        gaps = [
            (getattr(i, b) - getattr(i, a)).total_seconds() / 86400.0
            for i in items
            if getattr(i, a) is not None and getattr(i, b) is not None
        ]
        days = pl.Series([g for g in gaps if g >= 0.0], dtype=pl.Float64)
        if len(days) < FEW:
            missing.append(f"{what}: only {len(days)} items tell it; {FEW} are needed.")
            continue
        low, median, high = (days.quantile(q, "linear") or 0.0 for q in (0.25, 0.5, 0.75))
        found.append(Spread(what, len(days), low, median, high))
    by = {c: {i.item for i in items if i.contributor == c} for c in sorted({i.contributor for i in items})}
    holders: dict[str, int] = {}
    for own in by.values():
        for x in own:
            holders[x] = holders.get(x, 0) + 1
    exclusive = {c: sum(holders[x] == 1 for x in own) / len(own) for c, own in by.items()}
    overlap = {(a, b): len(by[a] & by[b]) / min(len(by[a]), len(by[b])) for a, b in combinations(by, 2)}
    return LatencyReport(tuple(found), exclusive, overlap, {c: len(own) for c, own in by.items()}, tuple(missing))
