"""The preparation of outlines, on a small made-up topology, and the files it wrote."""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTLINES = ROOT / "src" / "foedus" / "view" / "outlines"
MAX_BYTES = 260_000  # the chart files embed it


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outlines_script", ROOT / "tools" / "outlines.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


script = _script()

# Two squares of 4 degrees side by side, West and East, with a ragged border between them (arc 0, northwards), and an
# islet in East's sea. West is wound clockwise; East uses the border backwards.
BORDER = [(4.0, 0.0), (4.01, 1.0), (4.0, 2.0), (4.01, 3.0), (4.0, 4.0)]
WEST = [(4.0, 0.0), (2.0, 0.01), (0.0, 0.0), (0.0, 4.0), (4.0, 4.0)]
EAST = [(4.0, 4.0), (8.0, 4.0), (8.0, 0.0), (4.0, 0.0)]
ISLET = [(9.0, 1.0), (9.0, 1.1), (9.1, 1.1), (9.1, 1.0), (9.0, 1.0)]


def _quantised(line: list[tuple[float, float]]) -> list[list[int]]:
    whole = [(round(x * 100), round(y * 100)) for x, y in line]
    return [list(whole[0])] + [[b[0] - a[0], b[1] - a[1]] for a, b in pairwise(whole)]


@pytest.fixture
def document() -> dict[str, Any]:
    shapes = [
        {"type": "Polygon", "properties": {"name": "West"}, "arcs": [[1, -1]]},
        {"type": "MultiPolygon", "properties": {"name": "East"}, "arcs": [[[0, 2]], [[3]]]},
    ]
    return {
        "transform": {"scale": [0.01, 0.01], "translate": [0.0, 0.0]},
        "arcs": [_quantised(line) for line in (BORDER, WEST, EAST, ISLET)],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
    }


TABLE = {"West": script.Assignment("WST", "home", "West"), "East": script.Assignment("EST", "home", "East")}


def _rings(feature: dict[str, Any]) -> list[list[list[Any]]]:
    geometry = feature["geometry"]
    polygons: list[list[list[Any]]] = geometry["coordinates"]
    return polygons if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def test_decode_restores_degrees(document: dict[str, Any]) -> None:
    topology = script.decode(document)
    assert [pytest.approx(point) for point in topology.arcs[0]] == BORDER
    assert [shape.name for shape in topology.shapes] == ["West", "East"]
    assert script.ring_points((1, -1), topology.arcs)[0] == script.ring_points((1, -1), topology.arcs)[-1]


def test_decode_names_the_layers_there_are(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="countries"):
        script.decode(document, "land")


def test_a_shape_without_a_row_is_an_error(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="East"):
        script.assign(script.decode(document).shapes, {"West": TABLE["West"]})


def test_area_of_an_eighth_of_the_sphere() -> None:
    octant = [(0.0, 0.0), (0.0, 89.9999), (90.0, 89.9999), (90.0, 0.0), (0.0, 0.0)]
    assert script.signed_area_km2(octant) == pytest.approx(4 * math.pi * 6371.0088**2 / 8, rel=1e-4)
    assert script.signed_area_km2(octant[::-1]) == pytest.approx(-script.signed_area_km2(octant))


def test_area_and_centroid_across_the_antimeridian() -> None:
    ring = [(179.0, 0.0), (179.0, 1.0), (-179.0, 1.0), (-179.0, 0.0), (179.0, 0.0)]
    moved = [(0.0, 0.0), (0.0, 1.0), (2.0, 1.0), (2.0, 0.0), (0.0, 0.0)]
    assert script.signed_area_km2(ring) == pytest.approx(script.signed_area_km2(moved))
    assert abs(script.centroid(ring)[0]) == pytest.approx(180.0)


def test_a_point_on_a_great_circle_weighs_nothing() -> None:
    assert script.triangle_km2((0.0, 0.0), (5.0, 0.0), (10.0, 0.0)) == pytest.approx(0.0, abs=1e-6)
    assert script.triangle_km2((-110.0, 49.0), (-105.0, 49.0), (-100.0, 49.0)) > 1000.0


def test_simplification_keeps_ends_and_never_collapses_a_ring() -> None:
    assert script.simplified(tuple(ISLET), 1e9) == (ISLET[0], *ISLET[1:4], ISLET[4])
    border = script.simplified(tuple(BORDER), 1e9)
    assert (border[0], border[-1], len(border)) == (BORDER[0], BORDER[-1], 3)
    assert script.simplified(tuple(BORDER), 0.0) == tuple(BORDER)


def test_neighbours_keep_the_same_border(document: dict[str, Any]) -> None:
    features, _ = script.outlines(script.decode(document), TABLE)
    edges = []
    for feature in features:
        ring = _rings(feature)[0][0]
        edges.append({frozenset(pair) for pair in pairwise(ring)})
    shared = edges[0] & edges[1]
    assert 2 <= len(shared) < len(BORDER) - 1  # simplified, and still the same line for both
    assert all(3.9 < point[0] < 4.1 for edge in shared for point in edge)


def test_exteriors_are_clockwise_whatever_the_source(document: dict[str, Any]) -> None:
    document["objects"]["countries"]["geometries"][0]["arcs"] = [[0, -2]]  # West the wrong way round
    features, _ = script.outlines(script.decode(document), TABLE)
    assert {feature["properties"]["code"] for feature in features} == {"WST", "EST"}
    assert all(script.signed_area_km2(polygon[0]) > 0.0 for feature in features for polygon in _rings(feature))


def test_islets_go_but_never_the_last_polygon(document: dict[str, Any]) -> None:
    topology = script.decode(document)
    west, east = script.assign(topology.shapes, TABLE)
    assert script.without_islets(east, topology.arcs).polygons == (((0, 2),),)
    assert script.without_islets(west, topology.arcs, least_km2=1e9).polygons == west.polygons
    overseas = script.Outline("EST", "East, overseas", "overseas", east.polygons)
    assert script.without_islets(overseas, topology.arcs, least_km2=1e9) is None


def test_merging_takes_the_inner_border_out(document: dict[str, Any]) -> None:
    topology = script.decode(document)
    together = {name: script.Assignment("ONE", "home", name) for name in ("West", "East")}
    (joined,) = script.assign(topology.shapes, together)
    merged = script.merged(joined, topology.arcs)
    assert set(merged.polygons) == {((1, 2),), ((3,),)}


def test_far_land_is_split_off_in_hops() -> None:
    def square(lon: float) -> list[tuple[float, float]]:
        return [(lon, 0.0), (lon, 1.0), (lon + 1, 1.0), (lon + 1, 0.0), (lon, 0.0)]

    arcs = tuple(tuple(square(lon)) for lon in (0.0, 20.0, 40.0, 90.0))
    outline = script.Outline("AAA", "A", "home", tuple(((n,),) for n in range(4)))
    home, overseas = script.split_far(outline, arcs)
    assert (len(home.polygons), overseas.polygons, overseas.part) == (3, (((3,),),), "overseas")


@pytest.fixture(scope="module")
def written() -> list[dict[str, Any]]:
    collection = json.loads((OUTLINES / "states.geojson").read_text(encoding="utf-8"))
    features: list[dict[str, Any]] = collection["features"]
    return features


def test_written_file_is_small() -> None:
    assert (OUTLINES / "states.geojson").stat().st_size < MAX_BYTES


def test_written_features_are_valid(written: list[dict[str, Any]]) -> None:
    for feature in written:
        properties = feature["properties"]
        assert len(properties["code"]) == 3 and properties["code"].isupper(), properties
        assert properties["part"] in {"home", "overseas"} and properties["name"]
        for exterior, *holes in _rings(feature):
            assert script.signed_area_km2(exterior) > 0.0, properties
            assert all(script.signed_area_km2(hole) < 0.0 for hole in holes), properties
            for ring in (exterior, *holes):
                assert len(ring) >= 4 and ring[0] == ring[-1], properties
                assert all(-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0 for lon, lat in ring), properties


def test_no_state_is_lost(written: list[dict[str, Any]]) -> None:
    assigned = script.read_assignments(ROOT / "tools" / "outline_codes.csv").values()
    homes = [feature["properties"]["code"] for feature in written if feature["properties"]["part"] == "home"]
    assert len(homes) == len(set(homes))
    assert set(homes) == {row.code for row in assigned if row.part == "home"}
    overseas = {feature["properties"]["name"] for feature in written if feature["properties"]["part"] == "overseas"}
    assert {"Greenland", "France, overseas", "United States of America, overseas"} <= overseas


def test_small_states_are_points() -> None:
    with (OUTLINES / "points.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    assert {"TUV", "MCO", "VAT", "SGP", "LUX"} <= set(rows)
    assert all(0.0 < float(row["area_km2"]) < 6000.0 for row in rows.values())
    assert float(rows["LUX"]["lat"]) == pytest.approx(49.8, abs=0.3)
