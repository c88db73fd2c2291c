"""Maps of members: who belongs to a treaty, by the year each came in."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from foedus.record import Member, Record, Treaty
from foedus.view import theme
from foedus.view.outline import shapes_on, spots_on

OUTSIDE = "not a member"
FORMER = "former member"
MOST_WAVES = len(theme.WAVES)


def members_map(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """World map of the parties of `treaty` on `day`, coloured by year of entry.

    After its end (or before its start) the map shows everybody who was ever a party, by entry; outlines are those of
    today's states, historical states are drawn where today's outlines allow and as points at their capital otherwise.
    """
    entry = entry_years(record, treaty, day)
    groups = entry_groups(record, entry, treaty, day)
    reference = reference_day(treaty, day)
    return world_map(record, groups, group_order(groups), reference, width, title="Entry")


def reference_day(treaty: Treaty, day: date) -> date:
    """The day whose borders serve: `day` while the treaty is in force, else its last day or its signature."""
    if treaty.on(day) or treaty.in_force is None:
        return day if treaty.on(day) else treaty.signed
    if treaty.ended and day >= treaty.ended:
        return date.fromordinal(treaty.ended.toordinal() - 1)
    return treaty.in_force


def entry_years(record: Record, treaty: Treaty, day: date) -> dict[str, int]:
    """Code -> year of first entry, for the parties on `day`; for everybody who ever was one when it is not in force.

    A state that continues another's membership (united Germany that of West Germany) counts from the other's entry.
    """
    current = set(treaty.members_on(day)) if treaty.on(day) else None
    years: dict[str, int] = {}
    for m in sorted(treaty.member, key=lambda m: m.since):
        if m.role != "party":
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
    """Code -> label of its wave of entry ("1949", "1952-55"), at most eight waves; former members have their own."""
    years = sorted(set(entry.values()))
    label = {y: str(y) for y in years}
    if len(years) > MOST_WAVES:
        label = _banded(years)
    groups = {code: label[year] for code, year in entry.items()}
    if treaty.on(day):
        gone = {p for m in treaty.member for p in continued(record, treaty, m)}
        for m in treaty.member:
            if m.role == "party" and m.state not in {*entry, *gone} and m.since <= day:
                groups[m.state] = FORMER
    return groups


def _banded(years: list[int]) -> dict[int, str]:
    """Years in at most eight bands of about equal span of entries, each called "1951-55" after its first and last."""
    size = -(-len(years) // MOST_WAVES)
    bands = [years[i : i + size] for i in range(0, len(years), size)]
    return {y: (str(b[0]) if len(b) == 1 else f"{b[0]}-{str(b[-1])[2:]}") for b in bands for y in b}


def group_order(groups: dict[str, str]) -> list[str]:
    """Labels from the earliest wave to the latest, former members last."""
    labels = sorted(set(groups.values()) - {FORMER})
    return labels + ([FORMER] if FORMER in groups.values() else [])


def world_map(
    record: Record, groups: dict[str, str], order: list[str], day: date, width: int, title: str
) -> alt.LayerChart:
    """World map of states coloured by group; states without one are grey, states too small to see are points.

    groups : code -> label. order : labels in the order of the legend, coloured from early (dark) to late.
    """
    colours = wave_colours(order)
    shapes: list[dict[str, Any]] = [
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
    ]
    spots = [
        {"lat": s.lat, "lon": s.lon, "group": groups[s.state], "state": record.state_name(s.state, day)}
        for s in spots_on(record, day, tuple(groups))
    ]
    scale = alt.Scale(domain=[*order, OUTSIDE], range=[*colours, theme.LAND])
    columns = 4 if width < 500 else 10
    legend = alt.Legend(
        orient="bottom", title=title, columns=columns, symbolType="square", values=order, symbolStrokeWidth=0
    )
    colour = alt.Color("group:N", scale=scale, legend=legend)
    land = (
        alt.Chart(alt.Data(values=shapes))
        .mark_geoshape(stroke="white", strokeWidth=0.4 if width > 500 else 0.25)
        .encode(
            color=alt.Color("properties.group:N", scale=scale, legend=legend),
            opacity=alt.condition("datum.properties.faint", alt.value(0.55), alt.value(1)),
            tooltip=[alt.Tooltip("properties.state:N", title="State"), alt.Tooltip("properties.group:N", title=title)],
        )
    )
    points = (
        alt.Chart(alt.Data(values=spots))
        .mark_circle(size=46 if width > 500 else 22, stroke="white", strokeWidth=0.8, opacity=1)
        .encode(longitude="lon:Q", latitude="lat:Q", color=colour, tooltip=["state:N", "group:N"])
    )
    layers = alt.layer(land, points) if spots else alt.layer(land)
    return layers.project("equalEarth", center=[0, 10]).properties(width=width, height=round(width * 0.45))


def wave_colours(order: list[str]) -> list[str]:
    """One colour for each label, dark to light to warm; former members in a pale sand of their own."""
    waves = [label for label in order if label != FORMER]
    n = len(waves)
    picked = [theme.WAVES[round(i * (MOST_WAVES - 1) / max(n - 1, 1))] for i in range(n)] if n > 1 else [theme.ACCENT] * n
    return picked + (["#cdbfa6"] if FORMER in order else [])
