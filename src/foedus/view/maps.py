"""Maps of members: who belongs to a treaty, by the year each came in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from foedus.casus.ground import degrees_apart
from foedus.record import Member, Record, Treaty
from foedus.record.schema import SIGNATORIES
from foedus.view import theme
from foedus.view.outline import shapes_on, spots_on

OUTSIDE = "not a member"
FORMER = "former member"
PROTECTED = "protected"
APART = {FORMER: "#cdbfa6", PROTECTED: theme.SAND}  # labels that are no wave of entry, and their colours
MOST_WAVES = len(theme.WAVES)
WINDOW_DEGREES = 25


@dataclass(frozen=True, slots=True)
class Window:
    """A round piece of the globe: its centre and its radius, in degrees of a great circle."""

    lon: float
    lat: float
    radius_degrees: float

    def holds(self, lon: float, lat: float, margin: float = 1.0) -> bool:
        """Whether a point lies within `margin` radii of the centre."""
        return degrees_apart(self.lon, self.lat, lon, lat) <= self.radius_degrees * margin

    def touches(self, geometry: dict[str, Any]) -> bool:
        """Whether any corner of a GeoJSON outline comes near enough to be seen in a frame around the window."""
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        return any(self.holds(lon, lat, margin=2.4) for rings in polygons for lon, lat in rings[0][::3])


def window(record: Record, states: tuple[str, ...], day: date) -> Window | None:
    """A window on the capitals that lie within 25 degrees of the one nearest to all others.

    None when fewer than two thirds of the capitals lie there (fewer than all, of four or less), or fewer than two.
    """
    found = [c for c in (record.capital(s, day) for s in states) if c]
    if len(found) < 2:
        return None
    near = {c: [o for o in found if degrees_apart(c.lon, c.lat, o.lon, o.lat) <= WINDOW_DEGREES] for c in found}
    middle = max(found, key=lambda c: len(near[c]))
    cluster = near[middle]
    if len(cluster) < (len(found) if len(found) <= 4 else len(found) * 2 / 3):
        return None
    lon = sum(c.lon for c in cluster) / len(cluster)
    lat = sum(c.lat for c in cluster) / len(cluster)
    radius = max(degrees_apart(lon, lat, c.lon, c.lat) for c in cluster)
    return Window(lon, lat, max(8.0, min(radius + 4, 30.0)))


def members_map(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """World map of the parties of `treaty` on `day`, coloured by year of entry.

    After its end the map shows its last day in force, before its start the first. Outlines are those of today's states:
    historical states are drawn where these allow, and as points at their capital otherwise.
    """
    groups = entry_groups(record, entry_years(record, treaty, day), treaty, day)
    colours = wave_colours(group_order(groups))
    return world_map(record, groups, colours, reference_day(treaty, day), width, title="Year of entry")


def closer_map(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart | None:
    """The same map, closer, where most parties lie near one another and a world map would hide them; else None."""
    near = near_window(record, treaty, day)
    if near is None:
        return None
    groups = entry_groups(record, entry_years(record, treaty, day), treaty, day)
    colours = wave_colours(group_order(groups))
    return world_map(record, groups, colours, reference_day(treaty, day), width, title="Year of entry", near=near)


def near_window(record: Record, treaty: Treaty, day: date) -> Window | None:
    """The window of `closer_map`, or None where there is no such map; told without drawing one."""
    groups = entry_groups(record, entry_years(record, treaty, day), treaty, day)
    return window(record, tuple(groups), reference_day(treaty, day))


def reference_day(treaty: Treaty, day: date) -> date:
    """The day whose borders serve: `day` while the treaty is in force, else its last day or its signature."""
    if treaty.on(day) or treaty.in_force is None:
        return day if treaty.on(day) else treaty.signed
    if treaty.ended and day >= treaty.ended:
        return date.fromordinal(treaty.ended.toordinal() - 1)
    return treaty.in_force


def entry_years(record: Record, treaty: Treaty, day: date) -> dict[str, int]:
    """Code -> year of first entry, for the parties on the reference day; all signatories if it never was in force.

    A state that continues another's membership (united Germany that of West Germany) counts from the other's entry.
    """
    reference = reference_day(treaty, day)
    current = set(treaty.members_on(reference)) if treaty.on(reference) else None
    years: dict[str, int] = {}
    for m in sorted(treaty.member, key=lambda m: m.since):
        if m.role not in SIGNATORIES:
            continue
        before = [years[p] for p in continued(record, treaty, m) if p in years]
        years.setdefault(m.state, min(before, default=m.since.year))
    gone = {p for m in treaty.member for p in continued(record, treaty, m)}
    kept = current if current is not None else set(years) - gone
    return {code: year for code, year in years.items() if code in kept}


def continued(record: Record, treaty: Treaty, member: Member) -> tuple[str, ...]:
    """Codes of the states whose membership `member` took over on its first day, by succession or unification."""
    if member.how not in ("succession", "unification"):
        return ()
    before = {s.predecessor for s in record.successions if s.successor == member.state}
    return tuple(m.state for m in treaty.member if m.until == member.since and m.state in before)


def entry_groups(record: Record, entry: dict[str, int], treaty: Treaty, day: date) -> dict[str, str]:
    """Code -> label of its wave of entry ("1949", "1952-55"), at most eight waves; former and protected apart."""
    years = sorted(set(entry.values()))
    label = {y: str(y) for y in years} if len(years) <= MOST_WAVES else _banded(years)
    groups = {code: label[year] for code, year in entry.items()}
    gone = {p for m in treaty.member for p in continued(record, treaty, m)}
    reference = reference_day(treaty, day)
    if treaty.on(reference):
        current = {*treaty.members_on(reference), *gone}
        left = {m.state for m in treaty.member if m.role in SIGNATORIES and m.since <= reference} - current
        groups |= dict.fromkeys(sorted(left), FORMER)
        groups |= dict.fromkeys(sorted(treaty.members_on(reference, ("protected",))), PROTECTED)
    return groups


def _banded(years: list[int]) -> dict[int, str]:
    """Years in at most eight bands of about equal span of entries, each called "1951-55" after its first and last."""
    size = -(-len(years) // MOST_WAVES)
    bands = [years[i : i + size] for i in range(0, len(years), size)]
    return {y: _band(b[0], b[-1]) for b in bands for y in b}


def _band(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}-{str(last)[2:] if first // 100 == last // 100 else last}"


def group_order(groups: dict[str, str]) -> list[str]:
    """Labels from the earliest wave to the latest, then former members and protected states."""
    return [*sorted(set(groups.values()) - set(APART)), *(label for label in APART if label in groups.values())]


def world_map(
    record: Record,
    groups: dict[str, str],
    colours: dict[str, str],
    day: date,
    width: int,
    title: str,
    near: Window | None = None,
) -> alt.LayerChart:
    """Map of states coloured by group; states without one are grey, states too small to see are points.

    groups : code -> label. colours : label -> colour, in the order of the legend. near : show only this window instead
    of the world.
    """
    colour = _colour(colours, width, title, shown=near is None)
    land = (
        alt.Chart(alt.NamedData("shapes"))
        .mark_geoshape(stroke="white", strokeWidth=0.5 if theme.is_wide(width) else 0.25, clip=near is not None)
        .encode(
            color=colour("properties.group:N"),
            opacity=alt.condition("datum.properties.faint", alt.value(0.55), alt.value(1)),
            tooltip=[alt.Tooltip("properties.state:N", title="State"), alt.Tooltip("properties.group:N", title=title)],
        )
    )
    size = 46 if theme.is_wide(width) else 22
    points = (
        alt.Chart(alt.NamedData("spots"))
        .mark_circle(size=size, stroke="white", strokeWidth=0.8, opacity=1, clip=near is not None)
        .encode(longitude="lon:Q", latitude="lat:Q", color=colour("group:N"), tooltip=["state:N", "group:N"])
    )
    chart = _projected(theme.layered(land, points), width, near)
    # The outlines are set last: every altair method copies the chart, and with it whatever data it holds.
    chart.datasets = {"shapes": _shape_rows(record, groups, day, near), "spots": _spot_rows(record, groups, day, near)}
    return chart


def _colour(colours: dict[str, str], width: int, title: str, shown: bool) -> Callable[[str], alt.Color]:
    """Field -> its colour, with one legend for outlines and points. The closer map uses that of the world map above."""
    scale = alt.Scale(domain=[*colours, OUTSIDE], range=[*colours.values(), theme.LAND])
    longest = max((len(label) for label in colours), default=1)
    legend = alt.Legend(
        orient="bottom",
        title=title,
        columns=max(2, min(9, int(width / (longest * 7 + 34)))),
        symbolType="square",
        values=list(colours),
        symbolStrokeWidth=0,
        titleLimit=width - 20,
    )
    return lambda field: alt.Color(field, scale=scale, legend=legend if shown and colours else None)


def _projected(chart: alt.LayerChart, width: int, near: Window | None) -> alt.LayerChart:
    if near is None:
        return chart.project("equalEarth", center=[0, 10]).properties(width=width, height=round(width * 0.44))
    height = round(width * 0.5)
    scale = height / (2 * math.radians(near.radius_degrees) * 1.02)
    return chart.project(
        "azimuthalEqualArea", rotate=[-near.lon, -near.lat, 0], scale=scale, translate=[width / 2, height / 2]
    ).properties(width=width, height=height)


def _shape_rows(record: Record, groups: dict[str, str], day: date, near: Window | None) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": s.geometry,
            "properties": {
                "group": groups.get(s.state, OUTSIDE),
                "state": record.state_name(s.state, day),
                "faint": s.part == "overseas",
            },
        }
        for s in shapes_on(record, day)
        if near is None or near.touches(s.geometry)
    ]


def _spot_rows(record: Record, groups: dict[str, str], day: date, near: Window | None) -> list[dict[str, Any]]:
    return [
        {"lat": s.lat, "lon": s.lon, "group": groups[s.state], "state": record.state_name(s.state, day)}
        for s in spots_on(record, day, tuple(groups))
        if near is None or near.holds(s.lon, s.lat, margin=1.6)
    ]


def wave_colours(order: list[str]) -> dict[str, str]:
    """Label -> colour, dark to light to warm; former members and protected states in colours of their own."""
    waves = [label for label in order if label not in APART]
    n = len(waves)
    picked = (
        [theme.WAVES[round(i * (MOST_WAVES - 1) / max(n - 1, 1))] for i in range(n)] if n > 1 else [theme.ACCENT] * n
    )
    return dict(zip(waves, picked, strict=True)) | {label: colour for label, colour in APART.items() if label in order}
