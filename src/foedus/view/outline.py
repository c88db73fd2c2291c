"""Outlines of today's states for maps, and the points that stand for states too small or too long gone to see."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from foedus.record import Record

_FOLDER = files("foedus.view") / "outlines"


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline on a day. state : code of the state that held most of that ground; geometry : GeoJSON, for d3-geo."""

    state: str
    part: str
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point that stands for a state, decimal degrees."""

    state: str
    lat: float
    lon: float


@lru_cache(maxsize=1)
def features() -> tuple[dict[str, Any], ...]:
    """GeoJSON features of today's states, prepared from Natural Earth (see outlines/README.md)."""
    text = (_FOLDER / "states.geojson").read_text(encoding="utf-8")
    return tuple(json.loads(text)["features"])


@lru_cache(maxsize=1)
def small_states() -> dict[str, Spot]:
    """Points of states under 6,000 square kilometres."""
    lines = (_FOLDER / "points.csv").read_text(encoding="utf-8").splitlines()
    return {r["code"]: Spot(r["code"], float(r["lat"]), float(r["lon"])) for r in csv.DictReader(lines)}


def shapes_on(record: Record, day: date) -> list[Shape]:
    """Today's outlines, each given to the state that held most of it on `day`; the borders stay today's."""
    holders = record.outline_holders(day)
    return [
        Shape(holders.get(f["properties"]["code"], f["properties"]["code"]), f["properties"]["part"], f["geometry"])
        for f in features()
    ]


def spots_on(record: Record, day: date, states: tuple[str, ...]) -> list[Spot]:
    """Points for those of `states` that no visible outline shows on `day`: micro-states, and states without an outline.

    A state without an outline of its own (Prussia's neighbours, Austria-Hungary's wards) stands at its capital.
    """
    holders = record.outline_holders(day)
    outlined = {holders.get(f["properties"]["code"]) for f in features() if f["properties"]["part"] == "home"}
    found: list[Spot] = []
    for state in states:
        small = small_states().get(state)
        if small:
            found.append(small)
        elif state not in outlined:
            capital = record.capital(state, day)
            if capital:
                found.append(Spot(state, capital.lat, capital.lon))
    return found
