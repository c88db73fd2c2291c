"""Charts of the burden: expenditure against the guideline, shares of the total, expenditure for each soldier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from foedus.record.tables import Guideline
from foedus.view import theme


def guideline_chart(
    burden: pl.DataFrame, guidelines: Sequence[Guideline], width: int = theme.WIDE
) -> alt.LayerChart | None:
    """Military expenditure as per cent of GDP, one dot per member, with the agreed guidelines as lines; None if empty.

    burden : schema measure.BURDEN. Members below the lowest guideline are drawn in a warm colour.
    """
    known = burden.filter(pl.col("milex_share_gdp").is_not_null()).sort("milex_share_gdp", descending=True)
    if known.is_empty():
        return None
    rows = known.select("name", "milex_share_gdp", "milex_share_gdp_year").to_dicts()
    top = max([r["milex_share_gdp"] for r in rows] + [g.value for g in guidelines] + [0.1])
    x = alt.X(
        "milex_share_gdp:Q",
        title=theme.title_lines("Military expenditure, % of GDP (latest year known)", width),
        scale=alt.Scale(domain=[0, top * 1.1], nice=False),
        axis=alt.Axis(tickCount=6 if theme.is_wide(width) else 4, format="~r"),
    )
    y = _names(rows, width)
    base = alt.Chart(theme.rows(rows))
    stems = base.mark_rule(color=theme.RULE, strokeWidth=1.5).encode(x=x, x2=alt.datum(0), y=y)
    dots = base.mark_circle(size=64, opacity=1).encode(
        x=x, y=y, color=_below(guidelines), tooltip=["name:N", "milex_share_gdp:Q", "milex_share_gdp_year:O"]
    )
    text = _figures(base).encode(x=x, y=y, text=alt.Text("milex_share_gdp:Q", format=".1f"))
    lines = [mark for g in guidelines for mark in _line(g)]
    return theme.sized(theme.layered(stems, *lines, dots, text), width, theme.row_height(len(rows)) * len(rows))


def _below(guidelines: Sequence[Guideline]) -> Any:
    floor = min((g.value for g in guidelines), default=None)
    if floor is None:
        return alt.value(theme.ACCENT)
    return alt.condition(f"datum.milex_share_gdp < {floor}", alt.value(theme.WARM), alt.value(theme.ACCENT))


def _line(guideline: Guideline) -> tuple[alt.Chart, alt.Chart]:
    """A guideline as a dashed line with its value above."""
    mark = alt.Chart(theme.rows([{"v": guideline.value, "label": f"{guideline.value:g}%"}]))
    rule = mark.mark_rule(color=theme.INK, strokeDash=[4, 3], strokeWidth=1).encode(x="v:Q")
    label = mark.mark_text(baseline="bottom", dy=-3, fontSize=11).encode(x="v:Q", y=alt.value(0), text="label:N")
    return rule, label


def _names(rows: Sequence[dict[str, Any]], width: int) -> alt.Y:
    """The states of `rows`, in their order, down the side."""
    return alt.Y("name:N", sort=[r["name"] for r in rows], title=None, axis=theme.names_axis(width, len(rows)))


def _figures(base: alt.Chart) -> alt.Chart:
    """Small figures to the right of a mark."""
    figures: alt.Chart = base.mark_text(align="left", dx=7, fontSize=11, color=theme.MUTED)
    return figures


def share_chart(burden: pl.DataFrame, width: int = theme.WIDE, most: int = 12) -> alt.LayerChart | None:
    """Share of the alliance's military expenditure (bars) beside share of its GDP (ticks); None when nothing is known.

    burden : schema measure.BURDEN. Beyond `most` members the rest are one row.
    """
    rows = _largest(burden, most)
    if not rows:
        return None
    top = max(max(r["burden_share"], r["gdp_share"]) for r in rows)
    x = alt.X(
        "burden_share:Q",
        title=theme.title_lines("Share of the members' total: military expenditure (bar), GDP (tick)", width),
        axis=alt.Axis(format=".0%", tickCount=5 if theme.is_wide(width) else 4),
        scale=alt.Scale(domain=[0, min(1.08, top * 1.14)], nice=False),
    )
    y = _names(rows, width)
    base = alt.Chart(theme.rows(rows))
    bars = base.mark_bar(height={"band": 0.6}, color=theme.ACCENT).encode(
        x=x,
        y=y,
        tooltip=["name:N", alt.Tooltip("burden_share:Q", format=".1%"), alt.Tooltip("gdp_share:Q", format=".1%")],
    )
    ticks = base.mark_tick(color=theme.WARM, thickness=3, height={"band": 0.85}).encode(x="gdp_share:Q", y=y)
    text = _figures(base.transform_calculate(end="max(datum.burden_share, datum.gdp_share)"))
    text = text.encode(x="end:Q", y=y, text=alt.Text("burden_share:Q", format=".1%"))
    return theme.sized(theme.layered(bars, ticks, text), width, theme.row_height(len(rows)) * len(rows))


def _largest(burden: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """The `most` largest shares as rows, the others summed in one more."""
    known = burden.filter(pl.col("burden_share").is_not_null())
    shown = most if known.height > most + 1 else known.height
    rows = known.head(shown).select("name", "burden_share", "gdp_share").to_dicts()
    rest = known.slice(shown)
    if not rest.is_empty():
        name = f"{rest.height} others"
        rows.append({"name": name, "burden_share": rest["burden_share"].sum(), "gdp_share": rest["gdp_share"].sum()})
    return rows


def soldier_chart(burden: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Expenditure for each active soldier in thousand USD on a logarithmic scale; None for fewer than two members."""
    known = burden.filter(pl.col("milex_usd_per_soldier") > 0).sort("milex_usd_per_soldier", descending=True)
    if known.height < 2:
        return None
    rows = known.select("name", kusd=pl.col("milex_usd_per_soldier") / 1e3).to_dicts()
    low, high = rows[-1]["kusd"], rows[0]["kusd"]
    x = alt.X(
        "kusd:Q",
        title=theme.title_lines(
            "Military expenditure for each active soldier, thousand USD (logarithmic scale)", width
        ),
        scale=alt.Scale(type="log", domain=[low / 1.4, high * 1.9], nice=False),
        axis=alt.Axis(values=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], format=",.0f", labelOverlap=True),
    )
    y = _names(rows, width)
    base = alt.Chart(theme.rows(rows))
    dots = base.mark_circle(size=64, opacity=1, color=theme.ACCENT).encode(
        x=x, y=y, tooltip=["name:N", alt.Tooltip("kusd:Q", format=",.0f")]
    )
    text = _figures(base).encode(x=x, y=y, text=alt.Text("kusd:Q", format=",.0f"))
    return theme.sized(theme.layered(dots, text), width, theme.row_height(len(rows)) * len(rows))
