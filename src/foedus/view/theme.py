"""How every chart of foedus looks, and how it is turned into SVG, PNG or PDF without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, cast

import altair as alt

Drawn = alt.Chart | alt.LayerChart

INK = "#1c2833"
MUTED = "#5d6d7e"
RULE = "#d5dbe1"
LAND = "#e8ebee"
ACCENT = "#1f5f99"
WARM = "#c8553d"
SAND = "#e3b85b"
FONT = "Arial, Helvetica, sans-serif"
WAVES = ("#123a5e", "#1f5f99", "#3c8dbc", "#74b9c9", "#a9d6b8", "#e3d27a", "#e3a85b", "#c8553d")  # early to late

FEW_TO_MANY = ("#bcd9e8", "#8fc0d9", "#5ea1c7", "#3c7fb1", "#1f5f99", "#123a5e")

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


def rows(values: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as the data of a chart, written into the chart itself."""
    return alt.InlineData(values=[dict(v) for v in values])


def layered(*charts: alt.Chart) -> alt.LayerChart:
    """Charts on top of one another, the first at the bottom."""
    return cast(alt.LayerChart, alt.layer(*charts))


def sized(chart: alt.LayerChart, width: int, height: int) -> alt.LayerChart:
    """`chart` exactly `width` px wide, labels and titles included; `height` is that of the plot."""
    fitted: alt.LayerChart = chart.properties(
        width=width, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    return fitted


def is_wide(width: int) -> bool:
    """Whether a chart of `width` px is meant for a desk or a page rather than a telephone."""
    return width > 500


def row_height(n: int) -> int:
    """Height of one of `n` rows of a chart, px: long lists stand closer so that they fit on a page."""
    return 18 if n <= 12 else 16 if n <= 20 else 14


def names_axis(width: int, n: int) -> alt.Axis:
    """The axis that names the `n` rows of a chart."""
    size = 12 if n <= 20 and is_wide(width) else 11
    limit = 190 if is_wide(width) else 118
    return alt.Axis(ticks=False, domain=False, labelLimit=limit, labelFontSize=size, labelPadding=6)


def title_lines(text: str, width: int) -> list[str]:
    """An axis title broken into lines that fit a chart of `width` px."""
    return wrap(text, max(24, int(width * 0.6 / 5.6)))


def dressed(chart: Drawn) -> Drawn:
    """`chart` with foedus's configuration: type, colours and grid as in every other chart."""
    clothed = chart.copy(deep=False)
    clothed.config = _CONFIG
    return clothed


def spec(chart: Drawn) -> dict[str, Any]:
    """The Vega-Lite specification of `chart`; outlines are taken over as they are, since walking them takes seconds."""
    bare, datasets = chart.copy(deep=False), chart.datasets
    if not isinstance(datasets, dict):
        whole: dict[str, Any] = chart.to_dict(validate=False)
        return whole
    bare.datasets = alt.Undefined
    found: dict[str, Any] = bare.to_dict(validate=False)
    return {**found, "datasets": {**found.get("datasets", {}), **datasets}}


def svg(chart: Drawn) -> str:
    """`chart` as an SVG text that scales to the width of its container."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(spec(chart))
    return text


def pdf(chart: Drawn) -> bytes:
    """`chart` as a one-page vector PDF, for embedding."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_pdf(spec(chart))
    return data


def png(chart: Drawn, scale: float = 2) -> bytes:
    """`chart` as a PNG of `scale` pixels for each CSS pixel."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_png(spec(chart), scale=scale)
    return data
