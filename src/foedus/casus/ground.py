"""Where an event lies: in which regions, and inside or outside the area of an article."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from foedus.casus.event import Event, Ground, Spot
from foedus.record import Record, Treaty
from foedus.record.schema import Area
from foedus.record.spell import in_force
from foedus.record.tables import Region

_HOME_STATUS = frozenset({"sovereign", "incorporated", "autonomous", "demilitarised"})


@lru_cache(maxsize=512)
def states_of(record: Record, region_id: str) -> frozenset[str]:
    """States whose home land counts to a region (a region id, or one of the subregions of states.csv)."""
    return record.states_of(region_id)


def lies_in(record: Record, spot: Spot, region_id: str) -> bool:
    """Whether a spot lies in a region: said so, a place of it, inside its polygon, or home land of a state of it."""
    if region_id == "world" or region_id in spot.regions:
        return True
    region = record.regions.get(region_id)
    if region and spot.place and spot.place in region.places:
        return True
    if region and region.polygon and spot.lon is not None and spot.lat is not None:
        return inside(region, spot.lon, spot.lat)
    if any(_part_of(record, r, region_id) for r in spot.regions):
        return True
    if spot.place or spot.ground != "own-territory" or spot.owner not in states_of(record, region_id):
        return False
    # A state on two continents: the region that was named decides.
    return not any(_apart(record, r, region_id) for r in spot.regions)


@lru_cache(maxsize=4096)
def _part_of(record: Record, small: str, large: str) -> bool:
    a, b = states_of(record, small), states_of(record, large)
    return bool(a) and len(a & b) >= 0.8 * len(a)


@lru_cache(maxsize=4096)
def _apart(record: Record, one: str, other: str) -> bool:
    a, b = states_of(record, one), states_of(record, other)
    return bool(a and b) and len(a & b) < 0.2 * min(len(a), len(b))


def inside(region: Region, lon: float, lat: float) -> bool:
    """Whether a point lies in a region's polygon (even-odd rule on a flat chart; both sides of 180 degrees tried)."""
    return any(_within(region.polygon, x, lat) for x in (lon, lon - 360, lon + 360))


def _within(ring: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def degrees_apart(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance of two points given in degrees, in degrees (one is about 111 km)."""
    a, b = math.radians(lat1), math.radians(lat2)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(lon2 - lon1))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def area_on(treaty: Treaty, area_id: str, event: Event) -> Area | None:
    """The area of that id as it read on the day of the event; None when no version of it is in force."""
    return next((a for a in treaty.area if a.id == area_id and in_force(a.since, a.until, event.day)), None)


def covers(record: Record, treaty: Treaty, area: Area, event: Event) -> bool:
    """Whether the event lies in the area: in one of the included grounds and in none of the excluded."""
    if area.control == "recognised" and event.spot.ground == "disputed":
        return False
    hit = any(_token(record, treaty, token, event, area) for token in area.include)
    return hit and not any(_token(record, treaty, token, event, area) for token in area.exclude)


_TOKEN = re.compile(r"([a-z]+):([A-Za-z0-9*-]+)(?:@([a-z0-9-]+))?")


@lru_cache(maxsize=4096)
def _parts(token: str) -> tuple[str, str, str]:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise ValueError(f"{token!r} is no area token; foedus record check finds such errors")
    return found[1], found[2], found[3] or ""


def _token(record: Record, treaty: Treaty, token: str, event: Event, area: Area) -> bool:
    what, whose, where = _parts(token)
    spot = event.spot
    if what == "place":
        return spot.place == whose or _place_of_name(record, whose, spot)
    if what == "region":
        return lies_in(record, spot, whose)
    whom = _whom(treaty, whose, event)
    if where and not lies_in(record, spot, where):
        return False
    return _ground(what, spot, event, whom, area, bool(where))


def _place_of_name(record: Record, place_id: str, spot: Spot) -> bool:
    """A place that covers the spot's owner entirely (a homeland named as a place)."""
    place = record.places.get(place_id)
    return bool(place and spot.name and place.name.casefold() in spot.name.casefold())


def _whom(treaty: Treaty, whose: str, event: Event) -> frozenset[str] | None:
    """The states that a token speaks of; None for anybody."""
    if whose in ("any", "*"):
        return None
    if whose.islower():
        return frozenset(treaty.members_on(event.day, (whose,)))  # type: ignore[arg-type]  # checked by record check
    return frozenset({whose})


def _ground(what: str, spot: Spot, event: Event, whom: frozenset[str] | None, area: Area, has_region: bool) -> bool:
    def of(state: str) -> bool:
        return bool(state) and (whom is None or state in whom)

    holder = spot.holder or spot.owner
    if what in ("forces", "vessels", "aircraft"):
        abroad = event.kind in ("attack_on_forces", "attack_on_vessels") or spot.ground in (
            "forces",
            "vessels",
            "high-seas",
        )
        return abroad and any(of(t) for t in event.targets)
    if what in ("metropolitan", "frontier"):
        return spot.ground == "own-territory" and of(spot.owner)
    if what == "overseas":
        return spot.ground in ("overseas", "leased-territory") and of(holder)
    if what == "islands":
        return spot.ground in ("overseas", "own-territory") and bool(spot.place) and of(holder)
    if what == "administered":
        return of(holder)
    if what == "interests":
        return has_region or of(spot.owner) or any(of(t) for t in event.targets)
    if spot.ground == "own-territory":  # what == "territory"
        return of(spot.owner)
    if area.control == "administered":
        return of(holder)
    return has_region and spot.ground in ("overseas", "disputed") and of(spot.owner)


def spot_of_place(record: Record, place_id: str, event_day: object) -> Spot:
    """A spot from places.toml as it stood on a day."""
    from datetime import date

    assert isinstance(event_day, date)
    place = record.places[place_id]
    status = next((s for s in place.status if in_force(s.since, s.until, event_day)), None)
    holder = status.holder if status else ""
    return Spot(
        ground=_ground_of(place.kind, status.status if status else ""),
        owner=holder,
        holder=holder,
        regions=frozenset(place.regions),
        name=place.name,
        place=place.id,
        lon=place.lon,
        lat=place.lat,
    )


def _ground_of(kind: str, status: str) -> Ground:
    if kind in ("sea", "strait") or status == "high_seas":
        return "high-seas"
    if status in ("leased",):
        return "leased-territory"
    if status in ("disputed", "occupied"):
        return "disputed"
    if kind in ("homeland_part", "exclave", "city", "canal") or (
        status in _HOME_STATUS and kind not in ("overseas_territory", "colony")
    ):
        return "own-territory"
    return "overseas"
