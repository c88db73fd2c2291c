"""Charts of the whole system: treaties over time, the biggest alliances, who is bound to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt
import polars as pl

from foedus.record import Record
from foedus.view import theme
from foedus.view.maps import world_map

MOST_ALLIANCES = 14
THICKEST = 0.3  # half the thickness of the thickest lane, in lanes
BANDS = ((1, 1, "1"), (2, 4, "2-4"), (5, 14, "5-14"), (15, 29, "15-29"), (30, 49, "30-49"), (50, 500, "50 or more"))


def _years(width: int) -> alt.Axis:
    return alt.Axis(format="d", tickCount=10 if theme.is_wide(width) else 4, grid=False)


def treaties_chart(years: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """Treaties in force at the end of each year: all (pale) and those with a defence pledge (dark).

    years : schema measure.SYSTEM_YEAR.
    """
    rows = years.select("year", "n_treaties", "n_defence").to_dicts()
    top = max(r["n_treaties"] for r in rows)
    base = alt.Chart(theme.rows(rows)).encode(
        x=alt.X("year:Q", title=None, axis=_years(width), scale=alt.Scale(nice=False))
    )
    every = base.mark_area(interpolate="step-after", color="#c9d8e6").encode(
        y=alt.Y("n_treaties:Q", title="Treaties in force", scale=alt.Scale(domain=[0, top * 1.12], nice=False))
    )
    defence = base.mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.85).encode(y="n_defence:Q")
    return theme.sized(theme.layered(every, defence, *_last_figures(rows, width)), width, 210)


def _last_figures(rows: list[dict[str, Any]], width: int) -> list[alt.Chart]:
    """The latest figures, written at the end of the two areas."""
    last = alt.Chart(theme.rows(rows[-1:])).encode(x="year:Q")
    every = last.mark_text(align="right", dx=-4, dy=-7, fontSize=12).encode(
        y="n_treaties:Q", text=alt.value(f"all: {rows[-1]['n_treaties']}")
    )
    # The label stands in the dark area: below its lowest point of the last forty years, which the text spans.
    said = "with a defence pledge" if theme.is_wide(width) else "defence"
    low = min(r["n_defence"] for r in rows[-40:])
    defence = last.mark_text(align="right", dx=-4, dy=-7, fontSize=12, color="white", fontWeight="bold").encode(
        y=alt.datum(low * 0.4), text=alt.value(f"{said}: {rows[-1]['n_defence']}")
    )
    return [every, defence]


def bound_chart(years: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """Share of the members of the system that share a defence pledge with another, at the end of each year.

    years : schema measure.SYSTEM_YEAR.
    """
    rows = years.filter(pl.col("bound_share").is_not_null()).select("year", "bound_share").to_dicts()
    x = alt.X("year:Q", title=None, axis=_years(width), scale=alt.Scale(nice=False))
    y = alt.Y(
        "bound_share:Q",
        title="Share of states bound",
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )
    line = (
        alt.Chart(theme.rows(rows))
        .mark_line(interpolate="step-after", color=theme.ACCENT, strokeWidth=2)
        .encode(x=x, y=y)
    )
    label = (
        alt.Chart(theme.rows(rows[-1:]))
        .mark_text(align="right", dy=-9, fontWeight="bold", color=theme.ACCENT, fontSize=13)
        .encode(x=x, y=y, text=alt.Text("bound_share:Q", format=".0%"))
    )
    return theme.sized(theme.layered(line, label), width, 170)


def biggest(frame: pl.DataFrame, most: int) -> list[str]:
    """Titles of the `most` treaties with a defence pledge that reached the most parties, by the year they began."""
    peaks = (
        frame.filter(pl.col("has_defence"))
        .group_by("title")
        .agg(peak=pl.col("n_parties").max(), begin=pl.col("year").min())
        .sort(["peak", "begin", "title"], descending=[True, False, False])
        .head(most)
    )
    return list(peaks.sort("begin", "title")["title"])


def biggest_chart(frame: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart:
    """The largest alliances with a defence pledge: one lane each, as thick as its number of parties, named above it.

    frame : schema panel.TREATIES_BY_YEAR.
    """
    titles = biggest(frame, MOST_ALLIANCES)
    mine = frame.filter(pl.col("title").is_in(titles) & pl.col("has_defence"))
    values, names = _lanes(mine, titles), _lane_names(mine, titles)
    x = alt.X("year:Q", title=None, axis=_years(width), scale=alt.Scale(nice=False))
    y_scale = alt.Scale(domain=[-0.7, len(titles) - 0.4], reverse=True, nice=False)
    lanes = (
        alt.Chart(alt.NamedData("lanes"))
        .mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.8)
        .encode(
            x=x,
            y=alt.Y("low:Q", axis=None, scale=y_scale),
            y2="high:Q",
            detail="title:N",
            tooltip=["title:N", "year:Q", "n_parties:Q"],
        )
    )
    years = [int(v["year"]) for v in values] or [1815]
    middle = min(years) + (max(years) - min(years)) * 0.55
    labels = [
        alt.Chart(theme.rows([n for n in names if (n["year"] <= middle) == left]))
        .mark_text(
            align="left" if left else "right", dx=0 if left else -6, dy=-8 if left else 0, fontSize=11, color=theme.INK
        )
        .encode(x=x, y=alt.Y("above:Q" if left else "y:Q", axis=None, scale=y_scale), text="title:N")
        for left in (True, False)
    ]
    chart = theme.sized(theme.layered(lanes, *labels), width, 36 * max(len(titles), 1))
    chart.datasets = {"lanes": values}  # set last: every altair method copies and checks the data it holds
    return chart


def _lanes(mine: pl.DataFrame, titles: list[str]) -> list[dict[str, Any]]:
    """One row per treaty and year: the lower and upper edge of its lane, whose middle is its place in `titles`."""
    top = max(mine["n_parties"].to_list(), default=1)
    place = {title: i for i, title in enumerate(titles)}
    return [
        {
            **r,
            "low": place[r["title"]] - r["n_parties"] / top * THICKEST,
            "high": place[r["title"]] + r["n_parties"] / top * THICKEST,
        }
        for r in mine.select("title", "year", "n_parties").to_dicts()
    ]


def _lane_names(mine: pl.DataFrame, titles: list[str]) -> list[dict[str, Any]]:
    spans = mine.group_by("title").agg(begin=pl.col("year").min(), peak=pl.col("n_parties").max()).to_dicts()
    top = max((s["peak"] for s in spans), default=1)
    return [
        {
            "title": f"{s['title']}, up to {s['peak']}",
            "year": s["begin"],
            "y": titles.index(s["title"]),
            "above": titles.index(s["title"]) - s["peak"] / top * THICKEST,
        }
        for s in spans
    ]


@lru_cache(maxsize=8)
def defence_partners(record: Record, day: date) -> Mapping[str, frozenset[str]]:
    """Code -> states with which it shares a defence pledge on `day`; members of the system without any are left out."""
    system = record.system(day)
    found = {s: set(record.partners(s, day, "defence")) & set(system) for s in system}
    for state, partners in list(found.items()):  # a treaty may protect a state that is no member of it
        for partner in partners:
            found[partner].add(state)
    return {s: frozenset(partners) for s, partners in found.items() if partners}


def bound_map(record: Record, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """World map of states by the number of states with which each shares a defence pledge on `day`."""
    groups = partner_bands(record, day)
    colours = {label: colour for (_, _, label), colour in zip(BANDS, theme.FEW_TO_MANY, strict=True)}
    return world_map(record, groups, colours, day, width, title="Number of states bound to it by a defence pledge")


def partner_bands(record: Record, day: date) -> dict[str, str]:
    """Code -> band of the number of defence partners on `day`; states without any are left out."""
    counts = {s: len(partners) for s, partners in defence_partners(record, day).items()}
    return {s: label for s, n in counts.items() for low, high, label in BANDS if low <= n <= high}


_CONTINENTS = {
    "Americas": ("northern-america", "central-america", "caribbean", "south-america"),
    "Europe": ("northern-europe", "western-europe", "southern-europe", "eastern-europe"),
    "Asia": (
        "western-asia",
        "central-asia",
        "southern-asia",
        "eastern-asia",
        "south-eastern-asia",
    ),
    "Oceania": ("australasia", "melanesia", "micronesia", "polynesia"),
    "Africa": ("northern-africa", "western-africa", "middle-africa", "eastern-africa", "southern-africa"),
}
_CONTINENT = {region: name for name, regions in _CONTINENTS.items() for region in regions}
_REGION_ORDER = {region: i for i, region in enumerate(_CONTINENT)}
NAMED_CELLS = 60  # up to so many states each row of the matrix bears its state's code


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who is bound to whom. order : codes of the bound states; dots : one row per directed pair, by position in it.

    blocks : name of a part of the world, first position, number of states.
    """

    order: list[str]
    dots: list[dict[str, Any]]
    blocks: list[tuple[str, int, int]]


def pairs(record: Record, day: date) -> Pairs:
    """Every pair that shares a defence pledge on `day`.

    States are grouped by region and, within it, by number of partners; those without a partner are left out.
    """
    partners = defence_partners(record, day)
    order = sorted(partners, key=lambda s: (_REGION_ORDER.get(record.states[s].region, 99), -len(partners[s]), s))
    place = {s: i for i, s in enumerate(order)}
    dots = [
        {"a": place[a], "b": place[b], "names": f"{record.state_name(a, day)} and {record.state_name(b, day)}"}
        for a in order
        for b in sorted(partners[a])
    ]
    parts = [_CONTINENT.get(record.states[s].region, "") for s in order]
    blocks = [(name, parts.index(name), parts.count(name)) for name in dict.fromkeys(parts)]
    return Pairs(order, dots, blocks)


def matrix_chart(record: Record, day: date, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Who is bound to whom on `day`: a dot for each pair that shares a defence pledge, states grouped by region."""
    found = pairs(record, day)
    n = len(found.order)
    if not n:
        return None
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .transform_calculate(a0="datum.a + 0.06", a1="datum.a + 0.94", b0="datum.b + 0.06", b1="datum.b + 0.94")
        .mark_rect(color=theme.ACCENT)
        .encode(x=_across("a0:Q", n), x2="a1:Q", y=_down("b0:Q", n), y2="b1:Q", tooltip=["names:N"])
    )
    size = min(width - 90 if theme.is_wide(width) else width - 70, 640, 26 * n)
    chart = theme.layered(*_blocks(found), dots, *_codes(found, size)).properties(width=size, height=size)
    chart.datasets = {"dots": found.dots}  # set last: every altair method copies and checks the data it holds
    return chart


def _across(field: str, n: int) -> alt.X:
    return alt.X(field, axis=None, scale=alt.Scale(domain=[0, n], nice=False))


def _down(field: str, n: int) -> alt.Y:
    return alt.Y(field, axis=None, scale=alt.Scale(domain=[0, n], nice=False, reverse=True))


def _blocks(found: Pairs) -> list[alt.Chart]:
    """The squares of the diagonal, one for each part of the world, and their names beside the matrix."""
    n = len(found.order)
    rows = [
        {"name": name, "first": at, "last": at + size, "middle": at + size / 2, "edge": n}
        for name, at, size in found.blocks
    ]
    base = alt.Chart(theme.rows(rows))
    squares = base.mark_rect(color="#f0f3f6", stroke=theme.RULE).encode(
        x=_across("first:Q", n), x2="last:Q", y=_down("first:Q", n), y2="last:Q"
    )
    names = base.mark_text(align="left", dx=6, fontSize=11, color=theme.MUTED).encode(
        x=_across("edge:Q", n), y=_down("middle:Q", n), text="name:N"
    )
    return [squares, names]


def _codes(found: Pairs, size: int) -> list[alt.Chart]:
    """The code of each state at the head of its row, while there are few enough to read."""
    n = len(found.order)
    if n > NAMED_CELLS:
        return []
    base = alt.Chart(theme.rows([{"code": code, "at": i + 0.5, "edge": 0} for i, code in enumerate(found.order)]))
    font = max(6, min(11, size / n * 0.9))
    codes = base.mark_text(align="right", dx=-4, fontSize=font, color=theme.MUTED).encode(
        x=_across("edge:Q", n), y=_down("at:Q", n), text="code:N"
    )
    return [codes]


def listed_partners(record: Record, day: date) -> list[tuple[str, int, Sequence[str]]]:
    """(name, number, names of partners) of every state with a defence pledge on `day`, most partners first."""
    found = [
        (record.state_name(state, day), len(partners), sorted(record.state_name(p, day) for p in partners))
        for state, partners in defence_partners(record, day).items()
    ]
    return sorted(found, key=lambda f: (-f[1], f[0]))
