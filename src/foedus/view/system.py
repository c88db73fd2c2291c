"""Charts of the whole system: treaties over time, the biggest alliances, who is bound to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from foedus.record import Record
from foedus.view import theme
from foedus.view.maps import world_map

BANDS = ((1, 1, "1"), (2, 4, "2-4"), (5, 14, "5-14"), (15, 29, "15-29"), (30, 49, "30-49"), (50, 500, "50 or more"))


def _years(is_wide: bool) -> alt.Axis:
    return alt.Axis(format="d", tickCount=10 if is_wide else 4, grid=False)


def treaties_chart(years: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """Treaties in force at the end of each year: all (pale) and those with a defence pledge (dark)."""
    rows = years.select("year", "n_treaties", "n_defence").to_dicts()
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("year:Q", title=None, axis=_years(width > 500), scale=alt.Scale(nice=False))
    )
    every = base.mark_area(interpolate="step-after", color="#c9d8e6").encode(
        y=alt.Y("n_treaties:Q", title="Treaties in force")
    )
    defence = base.mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.85).encode(y="n_defence:Q")
    # The label stands in the dark area: below its lowest point of the last forty years, which the text spans.
    last = alt.Chart(alt.Data(values=rows[-1:])).encode(x="year:Q")
    labels = [
        last.mark_text(align="right", dx=-4, dy=-7, fontSize=12).encode(
            y="n_treaties:Q", text=alt.value(f"all: {rows[-1]['n_treaties']}")
        ),
        last.mark_text(align="right", dx=-4, dy=-7, fontSize=12, color="white", fontWeight="bold").encode(
            y=alt.datum(min(r["n_defence"] for r in rows[-40:]) * 0.4),
            text=alt.value(f"with a defence pledge: {rows[-1]['n_defence']}"),
        ),
    ]
    return alt.layer(every, defence, *labels).properties(width=width - 60, height=210)


def bound_chart(years: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """Share of the members of the system that share a defence pledge with another, at the end of each year."""
    rows = years.filter(pl.col("bound_share").is_not_null()).select("year", "bound_share").to_dicts()
    x = alt.X("year:Q", title=None, axis=_years(width > 500), scale=alt.Scale(nice=False))
    y = alt.Y(
        "bound_share:Q",
        title="Share of states bound",
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )
    line = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", color=theme.ACCENT, strokeWidth=2)
        .encode(x=x, y=y)
    )
    label = (
        alt.Chart(alt.Data(values=rows[-1:]))
        .mark_text(align="right", dy=-9, fontWeight="bold", color=theme.ACCENT, fontSize=13)
        .encode(x=x, y=y, text=alt.Text("bound_share:Q", format=".0%"))
    )
    return alt.layer(line, label).properties(width=width - 60, height=170)


def biggest(frame: pl.DataFrame, most: int) -> list[str]:
    """Titles of the `most` treaties with a defence pledge that reached the most parties, by the year of their peak."""
    peaks = (
        frame.filter(pl.col("has_defence"))
        .group_by("title")
        .agg(peak=pl.col("n_parties").max(), begin=pl.col("year").min())
        .sort(["peak", "begin", "title"], descending=[True, False, False])
        .head(most)
    )
    return list(peaks.sort("begin", "title")["title"])


def biggest_chart(frame: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """The largest alliances with a defence pledge: one lane each, as thick as its number of parties, named above it."""
    titles = biggest(frame, 14)
    mine = frame.filter(pl.col("title").is_in(titles) & pl.col("has_defence"))
    top = float(mine["n_parties"].max() or 1)  # type: ignore[arg-type]
    rows = mine.select("title", "year", "n_parties").with_columns(
        low=-pl.col("n_parties") / top * 0.42, high=pl.col("n_parties") / top * 0.42
    )
    place = {title: i for i, title in enumerate(titles)}
    values = [
        {**r, "low": place[r["title"]] + r["low"], "high": place[r["title"]] + r["high"]} for r in rows.to_dicts()
    ]
    spans = mine.group_by("title").agg(begin=pl.col("year").min(), peak=pl.col("n_parties").max()).to_dicts()
    names = [{"title": f"{s['title']}, up to {s['peak']}", "year": s["begin"], "y": place[s["title"]]} for s in spans]
    x = alt.X("year:Q", title=None, axis=_years(width > 500), scale=alt.Scale(nice=False))
    y_scale = alt.Scale(domain=[-0.7, len(titles) - 0.4], reverse=True, nice=False)
    lanes = (
        alt.Chart(alt.Data(values=values))
        .mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.8)
        .encode(
            x=x,
            y=alt.Y("low:Q", axis=None, scale=y_scale),
            y2="high:Q",
            detail="title:N",
            tooltip=["title:N", "year:Q", "n_parties:Q"],
        )
    )
    late = max(n["year"] for n in names) if names else 2026
    first = int(mine["year"].min() or 1815)  # type: ignore[arg-type]
    middle = first + (late - first) * 0.55
    labels = [
        alt.Chart(alt.Data(values=[n for n in names if (n["year"] <= middle) == left]))
        .mark_text(
            align="left" if left else "right", dx=0 if left else -6, dy=-13 if left else 0, fontSize=11, color=theme.INK
        )
        .encode(x=x, y=alt.Y("y:Q", axis=None, scale=y_scale), text="title:N")
        for left in (True, False)
    ]
    return alt.layer(lanes, *labels).properties(width=width - 30, height=36 * len(titles))


def bound_map(record: Record, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """World map of states by the number of states with which each shares a defence pledge on `day`."""
    return world_map(
        record,
        partner_bands(record, day),
        [label for _, _, label in BANDS],
        day,
        width,
        title="States bound to it by a defence pledge",
    )


def partner_bands(record: Record, day: date) -> dict[str, str]:
    """Code -> band of the number of defence partners on `day`; states without any are left out."""
    counts = {s: len(record.partners(s, day, "defence")) for s in record.system(day)}
    return {s: label for s, n in counts.items() for low, high, label in BANDS if low <= n <= high}


def matrix_rows(record: Record, day: date) -> tuple[list[str], list[dict[str, Any]]]:
    """(states in order, one row per directed pair that shares a defence pledge on `day`).

    States are grouped by region and, within it, by number of partners; those without a partner are left out.
    """
    partners = {s: record.partners(s, day, "defence") for s in record.system(day)}
    bound = [s for s, found in partners.items() if found]
    bound.sort(key=lambda s: (_REGION_ORDER.get(record.states[s].region, 99), -len(partners[s]), s))
    rows = [
        {"a": a, "b": b, "names": f"{record.state_name(a, day)} and {record.state_name(b, day)}"}
        for a in bound
        for b in partners[a]
    ]
    return bound, rows


_REGIONS = (
    "northern-america",
    "central-america",
    "caribbean",
    "south-america",
    "northern-europe",
    "western-europe",
    "southern-europe",
    "eastern-europe",
    "western-asia",
    "central-asia",
    "southern-asia",
    "eastern-asia",
    "south-eastern-asia",
    "australasia",
    "melanesia",
    "micronesia",
    "polynesia",
    "northern-africa",
    "western-africa",
    "middle-africa",
    "eastern-africa",
    "southern-africa",
)
_REGION_ORDER = {region: i for i, region in enumerate(_REGIONS)}


def matrix_chart(record: Record, day: date, width: int = theme.WIDE) -> alt.Chart | None:
    """Who is bound to whom on `day`: a dot for each pair that shares a defence pledge, states grouped by region."""
    order, rows = matrix_rows(record, day)
    if not rows:
        return None
    size = width - (60 if width > 500 else 30)
    labels = len(order) <= size / 5.2
    axis = (
        alt.Axis(
            labelFontSize=max(4, min(10, size / len(order) * 0.95)),
            ticks=False,
            domain=False,
            grid=False,
            labelOverlap=False,
        )
        if labels
        else None
    )
    cell = size / len(order)
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(color=theme.ACCENT)
        .encode(
            x=alt.X("a:N", sort=order, title=None, axis=axis, scale=alt.Scale(paddingInner=0.08 if cell > 3 else 0)),
            y=alt.Y("b:N", sort=order, title=None, axis=axis, scale=alt.Scale(paddingInner=0.08 if cell > 3 else 0)),
            tooltip=["names:N"],
        )
        .properties(width=size, height=size)
    )


def listed_partners(record: Record, day: date) -> list[tuple[str, int, Sequence[str]]]:
    """(name, number, names of partners) of every state with a defence pledge on `day`, most partners first."""
    found = []
    for state in record.system(day):
        partners = record.partners(state, day, "defence")
        if partners:
            found.append(
                (record.state_name(state, day), len(partners), sorted(record.state_name(p, day) for p in partners))
            )
    return sorted(found, key=lambda f: (-f[1], f[0]))
