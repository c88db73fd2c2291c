"""What presses on an alliance from outside: rivals of its members, how near they are, and borders with non-members."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from foedus.record import Record

EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Exposure:
    """Rivalries of the members on a day.

    outside, inside : rivalries with outsiders, and between two members, as pairs of codes. nearest_km : shortest
    distance between the capitals of a member and of an outside rival of it, with that pair; None without one.
    """

    outside: tuple[tuple[str, str], ...]
    inside: tuple[tuple[str, str], ...]
    nearest_km: float | None
    nearest: tuple[str, str] | None


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Length of the great circle between two points in decimal degrees (haversine), on a sphere of the mean radius.

    >>> round(great_circle_km(0, 0, 0, 180))
    20015
    """
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def rivalries_of(record: Record, members: Sequence[str], day: date) -> Exposure:
    """Strategic rivalries of `members` in the year of `day` (Thompson 2001; years inclusive), and their nearness."""
    own = set(members)
    live = [
        (r.a, r.b)
        for r in record.rivalries
        if r.first_year <= day.year and (r.last_year is None or day.year <= r.last_year)
    ]
    inside = tuple(pair for pair in live if own.issuperset(pair))
    outside = tuple((a, b) if a in own else (b, a) for a, b in live if (a in own) != (b in own))
    far = [(km, pair) for pair in outside if (km := capitals_km(record, *pair, day)) is not None]
    nearest = min(far, default=None)
    return Exposure(outside, inside, nearest[0] if nearest else None, nearest[1] if nearest else None)


def capitals_km(record: Record, one: str, two: str, day: date) -> float | None:
    """Distance between the capitals of two states on `day`, None when one is not recorded."""
    a, b = record.capital(one, day), record.capital(two, day)
    return great_circle_km(a.lat, a.lon, b.lat, b.lon) if a and b else None


def exposed_border_km(record: Record, state: str, members: Sequence[str]) -> float | None:
    """Coast, and land border with non-members, of a present-day state, in km; a border with an ally counts nothing.

    None when the record has no coastline for it: never a share of ignorance. Of today's borders only.
    """
    coast = record.figure(state, "coastline_km")
    if coast is None:
        return None
    beside = [(b.b if b.a == state else b.a, b.km) for b in record.borders if state in (b.a, b.b)]
    return coast.value + math.fsum(km for other, km in beside if other not in members)
