"""Prepare outlines of today's states from Natural Earth, as shipped in the npm package world-atlas 2.0.2.

    python tools/outlines.py PATH/TO/world-atlas [--out src/foedus/view/outlines]

PATH/TO/world-atlas is the folder of the installed package; `countries-50m.json` is read from it. Written are
`states.geojson` (one feature per state, one per overseas territory) and `points.csv` (states too small to see).

The steps, each a pure function: decode the TopoJSON; give each shape our code (`outline_codes.csv` beside this
file); split off parts far from the main land; drop islets; merge shapes of one feature; simplify the arcs; round.
Arcs are shared by neighbours and simplified once, so borders still match afterwards.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import heapq
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]  # longitude, latitude in degrees
Line = tuple[Point, ...]
ArcRing = tuple[int, ...]  # arc numbers; ~n is arc n walked backwards, as in TopoJSON
ArcPolygon = tuple[ArcRing, ...]  # exterior ring, then holes

INPUT = "countries-50m.json"
INPUT_SHA256 = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"
EARTH_RADIUS_KM = 6371.0088
FAR_KM = 2500.0  # beyond this from the main land a part is overseas
ISLET_KM2 = 500.0  # smaller polygons are dropped, unless a feature has nothing larger
# Visvalingam: the least triangle kept is this many km2 per km of the state's width, so that Estonia is drawn finer
# than Canada and both look alike when a chart zooms to them.
DETAIL_KM2_PER_KM = 0.36
DECIMALS = 2  # 0.01 degree is about 1.1 km
SMALL_KM2 = 6000.0  # below this a state is also drawn as a point
LINK_SAMPLES = 40  # vertices per polygon when distances between parts are measured

# Not in Natural Earth at 1:50m: code, name, latitude, longitude, land area in square kilometres (recalled).
ABSENT = (("TUV", -8.52, 179.2, 26.0),)


@dataclass(frozen=True, slots=True)
class Shape:
    """One named geometry of the source: polygons as rings of arc numbers."""

    name: str
    polygons: tuple[ArcPolygon, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """Arcs in degrees, and the shapes that refer to them by number."""

    arcs: tuple[Line, ...]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Our reading of one source shape: `part` is "home" or "overseas"; an empty code drops the shape."""

    code: str
    part: str
    name: str


@dataclass(frozen=True, slots=True)
class Outline:
    """One feature to write: the polygons of a state's home land, or of one overseas part."""

    code: str
    name: str
    part: str
    polygons: tuple[ArcPolygon, ...]


@dataclass(frozen=True, slots=True)
class SmallState:
    """A state to draw as a point: degrees, and land area in square kilometres."""

    code: str
    lat: float
    lon: float
    area_km2: float


# --- reading -----------------------------------------------------------------------------------------------------


def decode(topology: Mapping[str, Any], layer: str = "countries") -> Topology:
    """A TopoJSON document as absolute degrees; undoes the quantisation and the delta encoding.

    Raises ValueError when the layer is missing or a geometry is neither Polygon nor MultiPolygon.
    Source: the TopoJSON format specification, sections 2.1.2 to 2.1.4.
    """
    if layer not in topology["objects"]:
        raise ValueError(f"the TopoJSON has no layer {layer!r}; it has: {', '.join(sorted(topology['objects']))}")
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]

    def absolute(arc: Sequence[Sequence[int]]) -> Line:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        return tuple(points)

    shapes = tuple(_shape(geometry) for geometry in topology["objects"][layer]["geometries"])
    return Topology(arcs=tuple(absolute(arc) for arc in topology["arcs"]), shapes=shapes)


def _shape(geometry: Mapping[str, Any]) -> Shape:
    name = str(geometry["properties"]["name"])
    if geometry["type"] == "Polygon":
        polygons = [geometry["arcs"]]
    elif geometry["type"] == "MultiPolygon":
        polygons = geometry["arcs"]
    else:
        raise ValueError(f"shape {name!r} is a {geometry['type']}; expected Polygon or MultiPolygon")
    return Shape(name, tuple(tuple(tuple(ring) for ring in polygon) for polygon in polygons))


def read_assignments(path: Path) -> dict[str, Assignment]:
    """The table from source shape names to our codes, one row per shape."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["shape"]: Assignment(row["code"], row["part"], row["name"]) for row in csv.DictReader(lines)}


# --- geometry on the sphere --------------------------------------------------------------------------------------


def ring_points(ring: ArcRing, arcs: Sequence[Line]) -> list[Point]:
    """The closed line of a ring: neighbouring arcs share an end point, which is kept once."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def signed_area_km2(points: Sequence[Point]) -> float:
    """Area of a closed ring on the sphere: positive when clockwise on a north-up map. Safe over the antimeridian.

    Longitude steps are taken the short way round, so a ring must not enclose a pole.
    """
    total = 0.0
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(points):
        step = math.radians((lon_b - lon_a + 180.0) % 360.0 - 180.0)
        total += step * (2.0 + math.sin(math.radians(lat_a)) + math.sin(math.radians(lat_b)))
    return total * EARTH_RADIUS_KM**2 / 2.0


def polygon_area_km2(polygon: ArcPolygon, arcs: Sequence[Line]) -> float:
    """Area of the exterior ring; holes are not taken off, since small ones are dropped later."""
    return abs(signed_area_km2(ring_points(polygon[0], arcs)))


def unit_vector(point: Point) -> tuple[float, float, float]:
    lon, lat = math.radians(point[0]), math.radians(point[1])
    return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


def triangle_km2(a: Point, b: Point, c: Point) -> float:
    """Area of a spherical triangle (Van Oosterom and Strackee's formula, recalled).

    A point on the great circle through its neighbours counts 0, one on the 49th parallel does not: so long borders
    along a parallel keep the points that hold them straight when a chart draws great circles.
    """
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = unit_vector(a), unit_vector(b), unit_vector(c)
    volume = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
    dots = (ax * bx + ay * by + az * bz) + (bx * cx + by * cy + bz * cz) + (cx * ax + cy * ay + cz * az)
    return abs(2.0 * math.atan2(volume, 1.0 + dots)) * EARTH_RADIUS_KM**2


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance."""
    dot = sum(p * q for p, q in zip(unit_vector(a), unit_vector(b), strict=True))
    return math.acos(max(-1.0, min(1.0, dot))) * EARTH_RADIUS_KM


def centroid(points: Sequence[Point]) -> Point:
    """Centre of area of a closed ring, on a plane that is good enough for small islands."""
    origin = points[0][0]
    flat = [((lon - origin + 180.0) % 360.0 - 180.0, lat) for lon, lat in points]
    twice = x = y = 0.0
    for (ax, ay), (bx, by) in pairwise(flat):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    if twice == 0.0:
        raise ValueError(f"a ring at {points[0]} has no area, so no centroid; check the source geometry")
    return ((origin + x / (3.0 * twice) + 180.0) % 360.0 - 180.0, y / (3.0 * twice))


# --- from shapes to outlines -------------------------------------------------------------------------------------


def assign(shapes: Iterable[Shape], table: Mapping[str, Assignment]) -> tuple[Outline, ...]:
    """Outlines by our codes: home shapes of one code together, each overseas shape by itself.

    Raises ValueError naming every shape without a row in the table.
    """
    shapes = tuple(shapes)
    unknown = [shape.name for shape in shapes if shape.name not in table]
    if unknown:
        raise ValueError(f"shapes without a row in outline_codes.csv: {', '.join(unknown)}; add them")
    homes: dict[str, Outline] = {}
    overseas: list[Outline] = []
    for shape in shapes:
        row = table[shape.name]
        if not row.code:
            continue
        outline = Outline(row.code, row.name, row.part, shape.polygons)
        if row.part == "overseas":
            overseas.append(outline)
        elif row.code in homes:
            homes[row.code] = _joined(homes[row.code], outline)
        else:
            homes[row.code] = outline
    return (*homes.values(), *overseas)


def _joined(first: Outline, second: Outline) -> Outline:
    # The shape with most arcs names the whole: Somalia, not Somaliland; China, not Macau.
    larger = max(first, second, key=lambda o: sum(len(ring) for polygon in o.polygons for ring in polygon))
    return replace(larger, polygons=first.polygons + second.polygons)


def split_far(outline: Outline, arcs: Sequence[Line], far_km: float = FAR_KM) -> tuple[Outline, ...]:
    """Home polygons more than `far_km` from the main land become a second, overseas outline.

    The main land is the largest polygon and whatever can be reached from it in hops of at most `far_km`, so the
    Aleutians stay with Alaska and Alaska with the United States; Hawaii and French Guiana do not.
    """
    if outline.part == "overseas" or len(outline.polygons) < 2:
        return (outline,)
    by_area = sorted(outline.polygons, key=lambda p: polygon_area_km2(p, arcs), reverse=True)
    samples = {polygon: _sample(ring_points(polygon[0], arcs)) for polygon in by_area}
    near, far = [by_area[0]], by_area[1:]
    reach = 0
    while reach < len(near):
        here = samples[near[reach]]
        hop = [p for p in far if any(distance_km(a, b) <= far_km for a in here for b in samples[p])]
        near, far = near + hop, [p for p in far if p not in hop]
        reach += 1
    parts = (replace(outline, polygons=tuple(near)),)
    if not far:
        return parts
    return (*parts, replace(outline, name=f"{outline.name}, overseas", part="overseas", polygons=tuple(far)))


def _sample(points: Sequence[Point]) -> Sequence[Point]:
    return points[:: max(1, len(points) // LINK_SAMPLES)]


def without_islets(outline: Outline, arcs: Sequence[Line], least_km2: float = ISLET_KM2) -> Outline | None:
    """The outline without polygons and holes below `least_km2`.

    A home outline always keeps its largest polygon. An overseas outline with nothing large enough is None.
    """

    def area(ring: ArcRing) -> float:
        return abs(signed_area_km2(ring_points(ring, arcs)))

    largest = max(outline.polygons, key=lambda polygon: area(polygon[0]))
    kept = tuple(p for p in outline.polygons if area(p[0]) >= least_km2 or (p is largest and outline.part == "home"))
    if not kept:
        return None
    return replace(outline, polygons=tuple((p[0], *(h for h in p[1:] if area(h) >= least_km2)) for p in kept))


def merged(outline: Outline, arcs: Sequence[Line]) -> Outline:
    """The outline with its inner borders taken out: an arc walked both ways separates nothing."""
    groups = _touching(outline.polygons)
    return replace(outline, polygons=tuple(_merge(group, arcs) for group in groups))


def _touching(polygons: Sequence[ArcPolygon]) -> list[list[ArcPolygon]]:
    """Polygons grouped so that those sharing an arc are together, in the order of their first member."""
    groups: list[tuple[set[int], list[ArcPolygon]]] = []
    for polygon in polygons:
        numbers = {max(n, ~n) for ring in polygon for n in ring}
        meeting = [group for group in groups if group[0] & numbers]
        groups = [group for group in groups if not group[0] & numbers]
        members = [p for group in meeting for p in group[1]] + [polygon]
        groups.append((numbers.union(*(group[0] for group in meeting)), members))
    return [members for _, members in groups]


def _merge(polygons: Sequence[ArcPolygon], arcs: Sequence[Line]) -> ArcPolygon:
    if len(polygons) == 1:
        return polygons[0]
    used = [n for polygon in polygons for ring in polygon for n in ring]
    both_ways = {n for n in used if ~n in set(used)}
    rings = _stitched([n for n in used if n not in both_ways], arcs)
    # Around one connected piece of land the exterior is the ring that encloses most; the others are holes.
    return tuple(sorted(rings, key=lambda ring: abs(signed_area_km2(ring_points(ring, arcs))), reverse=True))


def _stitched(numbers: Sequence[int], arcs: Sequence[Line]) -> list[ArcRing]:
    def ends(number: int) -> tuple[Point, Point]:
        arc = arcs[max(number, ~number)]
        return (arc[0], arc[-1]) if number >= 0 else (arc[-1], arc[0])

    waiting = dict.fromkeys(numbers)  # a dict keeps the order, so the output is the same each time
    rings: list[ArcRing] = []
    while waiting:
        ring = [next(iter(waiting))]
        del waiting[ring[0]]
        while ends(ring[-1])[1] != ends(ring[0])[0]:
            following = next((n for n in waiting if ends(n)[0] == ends(ring[-1])[1]), None)
            if following is None:
                raise ValueError(f"arc {ring[-1]} leads nowhere, so a ring cannot be closed; the topology is damaged")
            ring.append(following)
            del waiting[following]
        rings.append(tuple(ring))
    return rings


# --- simplification ----------------------------------------------------------------------------------------------


def least_triangles(outlines: Iterable[Outline], arcs: Sequence[Line]) -> dict[int, float]:
    """For each arc in use the least triangle worth keeping, in square kilometres: the smallest state on it decides.

    A state's width is the square root of its area, as if it were a square.
    """
    least: dict[int, float] = {}
    for outline in outlines:
        area = sum(polygon_area_km2(polygon, arcs) for polygon in outline.polygons)
        detail = DETAIL_KM2_PER_KM * math.sqrt(area)
        for number in (max(n, ~n) for polygon in outline.polygons for ring in polygon for n in ring):
            least[number] = min(detail, least.get(number, detail))
    return least


def simplified(line: Line, least_km2: float) -> Line:
    """Visvalingam and Whyatt's simplification of one arc (recalled): drop the point of least triangle, repeat.

    End points stay, since other arcs meet there. An open arc of three or more points keeps one inner point and a
    closed one keeps three, so that no ring collapses.
    """
    is_closed = line[0] == line[-1]
    spare = len(line) - 2 - (3 if is_closed else 1)
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    weight = {i: triangle_km2(line[i - 1], line[i], line[i + 1]) for i in range(1, len(line) - 1)}
    heap = [(area, i) for i, area in weight.items()]
    heapq.heapify(heap)
    while heap and spare > 0:
        area, i = heapq.heappop(heap)
        if area >= least_km2:
            break
        if weight.get(i) != area:
            continue  # dropped already, or weighed anew since
        del weight[i]
        spare -= 1
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if j in weight:
                # Never lighter than what was just dropped, or a bend would vanish in the wrong order.
                weight[j] = max(area, triangle_km2(line[before[j]], line[j], line[after[j]]))
                heapq.heappush(heap, (weight[j], j))
    return tuple(line[i] for i in range(len(line)) if i in weight or i in (0, len(line) - 1))


def rounded(line: Line, decimals: int = DECIMALS) -> Line:
    """The line on a grid of 10**-decimals degrees, without points that fell together."""
    points = [(round(lon, decimals) + 0.0, round(lat, decimals) + 0.0) for lon, lat in line]
    return tuple(p for i, p in enumerate(points) if i == 0 or p != points[i - 1])


# --- writing -----------------------------------------------------------------------------------------------------


def feature(outline: Outline, arcs: Sequence[Line]) -> dict[str, Any] | None:
    """A GeoJSON feature wound for d3-geo: exteriors clockwise, holes anticlockwise (the reverse of RFC 7946).

    Rings that rounding left with fewer than three corners are dropped; None when no polygon remains.
    """
    polygons = []
    for polygon in outline.polygons:
        exterior, *holes = (_wound(ring_points(ring, arcs), is_hole=k > 0) for k, ring in enumerate(polygon))
        if exterior:
            polygons.append([exterior, *(hole for hole in holes if hole)])
    if not polygons:
        return None
    properties = {"code": outline.code, "name": outline.name, "part": outline.part}
    geometry: dict[str, Any] = {"type": "MultiPolygon", "coordinates": polygons}
    if len(polygons) == 1:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _wound(points: Sequence[Point], *, is_hole: bool) -> list[Point]:
    ring = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    area = signed_area_km2(ring)
    if len(ring) < 4 or area == 0.0:
        return []
    return ring[::-1] if (area > 0.0) == is_hole else ring


def small_states(outlines: Iterable[Outline], arcs: Sequence[Line], below_km2: float = SMALL_KM2) -> list[SmallState]:
    """States whose home land is below `below_km2`, at the centre of their largest polygon, sorted by code."""
    found = [SmallState(code, lat, lon, area) for code, lat, lon, area in ABSENT]
    for outline in outlines:
        areas = {polygon: polygon_area_km2(polygon, arcs) for polygon in outline.polygons}
        total = sum(areas.values())
        if outline.part == "home" and total < below_km2:
            largest = max(outline.polygons, key=lambda polygon: areas[polygon])
            lon, lat = centroid(ring_points(largest[0], arcs))
            found.append(SmallState(outline.code, round(lat, 2), round(lon, 2), float(f"{total:.3g}")))
    return sorted(found, key=lambda state: state.code)


def outlines(topology: Topology, table: Mapping[str, Assignment]) -> tuple[list[dict[str, Any]], list[SmallState]]:
    """GeoJSON features, largest first so that enclaves are drawn over their surroundings, and the small states."""
    arcs = topology.arcs
    assigned = assign(topology.shapes, table)
    points = small_states(assigned, arcs)
    trimmed = (without_islets(part, arcs) for outline in assigned for part in split_far(outline, arcs))
    kept = [merged(outline, arcs) for outline in trimmed if outline is not None]
    kept.sort(key=lambda o: sum(polygon_area_km2(p, arcs) for p in o.polygons), reverse=True)
    detail = least_triangles(kept, arcs)
    light = [rounded(simplified(arc, detail[i])) if i in detail else arc for i, arc in enumerate(arcs)]
    drawn = [feature(outline, light) for outline in kept]
    lost = [o.code for o, f in zip(kept, drawn, strict=True) if f is None]
    if lost:
        raise ValueError(f"nothing remains of {', '.join(lost)} after rounding; lower ISLET_KM2 or raise DECIMALS")
    return [f for f in drawn if f is not None], points


def geojson_text(features: Iterable[Mapping[str, Any]]) -> str:
    """A FeatureCollection without spaces, one feature a line so that a change is a readable diff."""
    lines = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def points_text(states: Iterable[SmallState]) -> str:
    """The small states as CSV with a header."""
    return "code,lat,lon,area_km2\n" + "".join(f"{s.code},{s.lat:g},{s.lon:g},{s.area_km2:g}\n" for s in states)


def read_input(package: Path) -> Mapping[str, Any]:
    """The TopoJSON of the installed package; raises ValueError when it is not the version we know."""
    content = (package / INPUT).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != INPUT_SHA256:
        raise ValueError(
            f"{package / INPUT}: sha256 is {digest}, expected {INPUT_SHA256}. Install world-atlas 2.0.2; "
            "for another version look at the result, then change INPUT_SHA256 and the README of the outlines."
        )
    loaded: Mapping[str, Any] = json.loads(content)
    return loaded


def main(arguments: Sequence[str] | None = None) -> None:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Prepare outlines of states from Natural Earth.")
    parser.add_argument("package", type=Path, help="folder of the installed package world-atlas 2.0.2")
    parser.add_argument("--out", type=Path, default=here.parent / "src" / "foedus" / "view" / "outlines")
    options = parser.parse_args(arguments)
    topology = decode(read_input(options.package))
    features, points = outlines(topology, read_assignments(here / "outline_codes.csv"))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "states.geojson").write_text(geojson_text(features), encoding="utf-8")
    (options.out / "points.csv").write_text(points_text(points), encoding="utf-8")


if __name__ == "__main__":
    main()
