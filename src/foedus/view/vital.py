"""Small multiples over time, laid out by hand: one chart of many panels at any width; and support in polls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import altair as alt

from foedus.view import theme

PALE = "#c9d8e6"
GAP = "#f3f1ec"
PLOT, ABOVE, BELOW = (
    58,
    38,
    30,
)  # px: the plot of a panel, the two lines over it, the years under it and what parts rows
LEFT = 34  # px for the figures at the side of a panel


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart. years : ascending. values : one per year, None where it is not known (a gap is shown as a gap).

    said : a line under the title. below : a second series, drawn as a dark area inside the first, which is then pale.
    low, high : ends of the scale; by default nought and the largest value. form : of the figures at the side.
    """

    title: str
    said: str
    years: tuple[int, ...]
    values: tuple[float | None, ...]
    form: str = ",.0f"
    low: float | None = None
    high: float | None = None
    below: tuple[float | None, ...] | None = None

    def ends(self) -> tuple[float, float]:
        """The scale of the panel, never without height."""
        known = [v for v in self.values if v is not None] or [0.0]
        low = min(0.0, *known) if self.low is None else self.low
        high = max(0.0, *known) if self.high is None else self.high
        return low, high if high > low else low + 1


@dataclass(frozen=True, slots=True)
class _Tile:
    """Where a panel stands, in px: its left and right edge, and the top and bottom of its plot."""

    left: float
    right: float
    top: float
    bottom: float

    def y(self, panel: Panel, value: float) -> float:
        low, high = panel.ends()
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def x(self, panel: Panel, year: float) -> float:
        """A year takes the width from its number to the next: what is read at its end fills it."""
        first, last = panel.years[0], panel.years[-1] + 1
        return self.left + LEFT + (year - first) / (last - first) * (self.right - self.left - LEFT)


def small_multiples(panels: Sequence[Panel], width: int = theme.WIDE, columns: int = 3) -> alt.LayerChart | None:
    """All `panels` in rows of `columns` (one to a row on a telephone); None without any.

    Each has the scale of its own that stands at its side; a shaded stretch has no value.
    """
    if not panels:
        return None
    n = columns if theme.is_wide(width) else 1
    rows = -(-len(panels) // n)
    inner, height = width - 10, rows * (ABOVE + PLOT + BELOW)
    tiles = [_tile(i, n, inner) for i in range(len(panels))]
    pairs = list(zip(panels, tiles, strict=True))
    boxes = [box for p, t in pairs for box in _boxes(p, t)]
    chart = theme.layered(
        _rects([b for b in boxes if b["colour"] == GAP], inner, height),
        _rects([b for b in boxes if b["colour"] != GAP], inner, height),
        _lines([point for i, (p, t) in enumerate(pairs) for point in _points(i, p, t)], inner, height),
        *_words([word for p, t in pairs for word in _labels(p, t)], inner, height),
    )
    return theme.sized(chart, width, height)


def _tile(i: int, columns: int, width: int) -> _Tile:
    gutter = 26 if columns > 1 else 0
    each = (width - gutter * (columns - 1)) / columns
    left, top = (i % columns) * (each + gutter), (i // columns) * (ABOVE + PLOT + BELOW) + ABOVE
    return _Tile(left, left + each, top, top + PLOT)


def _runs(years: Sequence[int], values: Sequence[float | None]) -> list[tuple[int, int, float | None]]:
    """Stretches [first, end) of one value."""
    found = []
    for value, group in groupby(zip(years, values, strict=True), key=lambda row: row[1]):
        stretch = [year for year, _ in group]
        found.append((stretch[0], stretch[-1] + 1, value))
    return found


def _boxes(panel: Panel, tile: _Tile) -> list[dict[str, Any]]:
    """Gaps, and the areas of a panel with two series."""
    boxes = [
        _box(panel, tile, first, end, tile.top, GAP)
        for first, end, value in _runs(panel.years, panel.values)
        if value is None
    ]
    for series, colour in ((panel.values, PALE), (panel.below, theme.ACCENT)) if panel.below else ():
        boxes += [
            _box(panel, tile, first, end, tile.y(panel, value), colour)
            for first, end, value in _runs(panel.years, series or ())
            if value
        ]
    return boxes


def _box(panel: Panel, tile: _Tile, first: int, end: int, top: float, colour: str) -> dict[str, Any]:
    return {"x": tile.x(panel, first), "x2": tile.x(panel, end), "y": top, "y2": tile.bottom, "colour": colour}


def _points(i: int, panel: Panel, tile: _Tile) -> list[dict[str, Any]]:
    """Corners of the base line and, for a panel of one series, of its steps, each unbroken stretch by itself."""
    base = tile.y(panel, max(0.0, panel.ends()[0]))
    points = [
        {"x": x, "y": base, "line": f"{i} base", "colour": theme.RULE} for x in (tile.left + LEFT, float(tile.right))
    ]
    stretch = 0
    for first, end, value in _runs(panel.years, panel.values) if panel.below is None else ():
        if value is None:
            stretch += 1
            continue
        points += [
            {
                "x": tile.x(panel, at),
                "y": tile.y(panel, value),
                "line": f"{i} {stretch}",
                "colour": theme.ACCENT,
            }
            for at in (first, end)
        ]
    return points


def _labels(panel: Panel, tile: _Tile) -> list[dict[str, Any]]:
    low, high = panel.ends()
    left, right = tile.left + LEFT, tile.right
    label = [
        {"x": tile.left, "y": tile.top - 31, "text": panel.title, "sort": "title"},
        {"x": tile.left, "y": tile.top - 16, "text": panel.said, "sort": "said"},
        {"x": left - 4, "y": tile.top, "text": format(high, panel.form), "sort": "side"},
        {"x": left - 4, "y": tile.bottom, "text": format(low, panel.form), "sort": "side"},
        {"x": left, "y": tile.bottom + 9, "text": str(panel.years[0]), "sort": "year"},
    ]
    if len(panel.years) > 1:
        label.append({"x": right, "y": tile.bottom + 9, "text": str(panel.years[-1]), "sort": "last"})
    return label


def _x(field: str, width: int) -> alt.X:
    return alt.X(field, axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))


def _y(field: str, height: int) -> alt.Y:
    return alt.Y(field, axis=None, scale=alt.Scale(domain=[0, height], nice=False, zero=False, reverse=True))


_COLOUR = alt.Color("colour:N", scale=None, legend=None)


def _rects(boxes: list[dict[str, Any]], width: int, height: int) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(theme.rows(boxes))
        .mark_rect()
        .encode(x=_x("x:Q", width), x2="x2:Q", y=_y("y:Q", height), y2="y2:Q", color=_COLOUR)
    )
    return chart


def _lines(points: list[dict[str, Any]], width: int, height: int) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(theme.rows(points))
        .mark_line(strokeWidth=1.8, clip=False)
        .encode(
            x=_x("x:Q", width),
            y=_y("y:Q", height),
            order=alt.Order("x:Q"),
            detail="line:N",
            color=_COLOUR,
        )
    )
    return chart


def _words(words: list[dict[str, Any]], width: int, height: int) -> list[alt.Chart]:
    styles: dict[str, dict[str, Any]] = {
        "title": {"align": "left", "fontSize": 12, "fontWeight": "bold", "color": theme.INK},
        "said": {"align": "left", "fontSize": 11, "color": theme.MUTED},
        "side": {"align": "right", "fontSize": 10, "color": theme.MUTED},
        "year": {"align": "left", "fontSize": 10, "color": theme.MUTED},
        "last": {"align": "right", "fontSize": 10, "color": theme.MUTED},
    }
    return [
        alt.Chart(theme.rows([w for w in words if w["sort"] == sort]))
        .mark_text(baseline="middle", **style)
        .encode(x=_x("x:Q", width), y=_y("y:Q", height), text="text:N")
        for sort, style in styles.items()
        if any(w["sort"] == sort for w in words)
    ]


def support_chart(rows: Sequence[dict[str, Any]], width: int = theme.WIDE) -> alt.LayerChart | None:
    """Estimated support per state with its 90 % interval, and the latest poll of each; None without rows.

    rows : name, estimate, low, high, poll, each share in [0, 1], in the order to be shown.
    """
    if not rows:
        return None
    y = alt.Y("name:N", sort=[r["name"] for r in rows], title=None, axis=theme.names_axis(width, len(rows)))
    title = "Favourable view: estimate with its 90% interval (dot, line), latest poll (tick)"
    x = alt.X(
        "low:Q",
        title=theme.title_lines(title, width),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    base = alt.Chart(theme.rows(rows))
    spans = base.mark_rule(color="#9dbbd6", strokeWidth=5).encode(x=x, x2="high:Q", y=y)
    dots = base.mark_circle(size=58, opacity=1, color=theme.ACCENT).encode(x="estimate:Q", y=y)
    polls = base.mark_tick(color=theme.WARM, thickness=3, height={"band": 0.8}).encode(x="poll:Q", y=y)
    return theme.sized(theme.layered(spans, dots, polls), width, theme.row_height(len(rows)) * len(rows))
