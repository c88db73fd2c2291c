"""The map of the world as paths of SVG, one for each outline, in the Equal Earth projection.

Source of the projection: Savric, Patterson and Jenny (2019), "The Equal Earth map projection", International Journal of
Geographical Information Science 33, 454-465.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from foedus.view.outline import features

Point = tuple[float, float]  # longitude and latitude, decimal degrees
WIDTH, HEIGHT = 1000, 445  # of the view box; Antarctica is left out
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_SCALE = WIDTH / 5.42
_TOP = 1.3  # y of the highest line shown: the north of Greenland


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Place on the map in units of the view box. lon, lat : decimal degrees."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A[0] + 3 * _A[1] * t2 + t6 * (7 * _A[2] + 9 * _A[3] * t2)
    x = math.radians(lon) * math.cos(theta) / (_M * slope)
    y = theta * (_A[0] + _A[1] * t2 + t6 * (_A[2] + _A[3] * t2))
    return WIDTH / 2 + x * _SCALE, (_TOP - y) * _SCALE


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline. code : of today's state; part : home or overseas; path : the d of an SVG path."""

    code: str
    part: str
    path: str


@lru_cache(maxsize=1)
def outlines() -> tuple[Outline, ...]:
    """Every outline of the map, projected once."""
    return tuple(
        Outline(f["properties"]["code"], f["properties"]["part"], _path(f["geometry"]))
        for f in features()
        if f["properties"]["code"] != "ATA"
    )


def _path(geometry: dict[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return "".join(_drawn(piece) for polygon in polygons for ring in polygon for piece in _pieces(ring))


def _pieces(ring: Sequence[Sequence[float]]) -> list[list[Point]]:
    """A ring cut at the antimeridian, each piece within 180 degrees of Greenwich.

    The outlines are drawn on the globe, where Chukotka is whole; unrolled, it reaches beyond 180 degrees, and what does
    belongs to the other edge of the map.
    """
    unrolled: list[Point] = []
    for lon, lat in ring:
        turn = round((unrolled[-1][0] - lon) / 360) * 360 if unrolled else 0
        unrolled.append((lon + turn, lat))
    found = []
    for turn in (-360, 0, 360):
        moved = [(lon + turn, lat) for lon, lat in unrolled]
        found.append(_clipped(_clipped(moved, 1), -1))
    return [piece for piece in found if piece]


def _clipped(ring: list[Point], side: int) -> list[Point]:
    """The part of a ring where side * longitude is at most 180 (Sutherland and Hodgman 1974, for one edge)."""
    out: list[Point] = []
    for (lon0, lat0), (lon1, lat1) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was_in, is_in = side * lon0 <= 180, side * lon1 <= 180
        if was_in != is_in:
            share = (side * 180 - lon0) / (lon1 - lon0)
            out.append((side * 180.0, lat0 + share * (lat1 - lat0)))
        if is_in:
            out.append((lon1, lat1))
    return out


def _drawn(ring: list[Point]) -> str:
    """A closed ring in steps of a tenth of a unit, each from the one before: short, and exact to a tenth of a pixel."""
    points = [(round(x * 10), round(y * 10)) for x, y in (projected(lon, lat) for lon, lat in ring)]
    kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    if len(kept) < 3:
        return ""
    steps = [f"{_tenth(b[0] - a[0])} {_tenth(b[1] - a[1])}" for a, b in pairwise(kept)]
    return f"M{_tenth(kept[0][0])} {_tenth(kept[0][1])}l{' '.join(steps)}z"


def _tenth(tenths: int) -> str:
    """Tenths as SVG writes them shortest: 15 -> "1.5", 10 -> "1", -3 -> "-.3"."""
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or (0 if not rest else '')}{f'.{rest}' if rest else ''}"
