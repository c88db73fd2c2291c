"""How every chart of foedus looks, and how it is turned into SVG, PNG or PDF without a network."""

from __future__ import annotations

from typing import Any

import altair as alt

INK = "#1c2833"
MUTED = "#5d6d7e"
RULE = "#d5dbe1"
LAND = "#e8ebee"
ACCENT = "#1f5f99"
WARM = "#c8553d"
SAND = "#e3b85b"
FONT = "Arial, Helvetica, sans-serif"
WAVES = ("#123a5e", "#1f5f99", "#3c8dbc", "#74b9c9", "#a9d6b8", "#e3d27a", "#e3a85b", "#c8553d")  # early to late

WIDE, NARROW = 860, 344  # px; a page on a desk, and a telephone held upright

_CONFIG: dict[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": 12,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#eef1f4",
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 12,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "title": {
        "color": INK,
        "fontSize": 14,
        "fontWeight": "bold",
        "anchor": "start",
        "subtitleColor": MUTED,
        "subtitleFontSize": 12,
    },
    "text": {"color": INK, "fontSize": 12},
    "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": MUTED},
}


def dressed(chart: Any) -> Any:
    """`chart` with foedus's configuration: type, colours and grid as in every other chart."""
    return chart.configure(**_CONFIG)


def svg(chart: alt.TopLevelMixin) -> str:
    """`chart` as an SVG text that scales to the width of its container."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    return text


def pdf(chart: alt.TopLevelMixin) -> bytes:
    """`chart` as a one-page vector PDF, for embedding."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_pdf(chart.to_dict(validate=False))
    return data


def png(chart: alt.TopLevelMixin, scale: float = 2) -> bytes:
    """`chart` as a PNG of `scale` pixels for each CSS pixel."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_png(chart.to_dict(validate=False), scale=scale)
    return data
