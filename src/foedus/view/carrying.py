"""Charts of the burden: expenditure against the guideline, shares of the total, expenditure for each soldier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from foedus.record.tables import Guideline
from foedus.view import theme

_LABELS = alt.Axis(ticks=False, domain=False, labelLimit=140)
ROW = 18


def guideline_chart(
    burden: pl.DataFrame, guidelines: Sequence[Guideline], width: int = theme.WIDE
) -> alt.LayerChart | None:
    """Military expenditure as per cent of GDP, one dot per member, with the agreed guidelines as lines; None if empty."""
    known = burden.filter(pl.col("milex_share_gdp").is_not_null()).sort("milex_share_gdp", descending=True)
    if known.is_empty():
        return None
    rows = known.select("name", "milex_share_gdp", "milex_share_gdp_year").to_dicts()
    order = [r["name"] for r in rows]
    floor = min((g.value for g in guidelines), default=None)
    colour: Any = alt.value(theme.ACCENT)
    if floor is not None:
        colour = alt.condition(f"datum.milex_share_gdp < {floor}", alt.value(theme.WARM), alt.value(theme.ACCENT))
    top = max(max(r["milex_share_gdp"] for r in rows), *(g.value for g in guidelines), 0.1)
    x = alt.X(
        "milex_share_gdp:Q",
        title="Military expenditure, % of GDP (latest year known)",
        scale=alt.Scale(domain=[0, top * 1.08], nice=False),
    )
    y = alt.Y("name:N", sort=order, title=None, axis=_LABELS)
    base = alt.Chart(alt.Data(values=rows))
    stems = base.mark_rule(color=theme.RULE, strokeWidth=1.5).encode(x=x, x2=alt.datum(0), y=y)
    dots = base.mark_circle(size=64, opacity=1).encode(
        x=x, y=y, color=colour, tooltip=["name:N", "milex_share_gdp:Q", "milex_share_gdp_year:O"]
    )
    text = base.mark_text(align="left", dx=7, fontSize=11, color=theme.MUTED).encode(
        x=x, y=y, text=alt.Text("milex_share_gdp:Q", format=".1f")
    )
    layers: list[alt.Chart] = [stems, dots, text]
    for guideline in guidelines:
        mark = alt.Chart(alt.Data(values=[{"v": guideline.value, "label": f"{guideline.value:g}%"}]))
        layers.append(mark.mark_rule(color=theme.INK, strokeDash=[4, 3], strokeWidth=1).encode(x="v:Q"))
        layers.append(
            mark.mark_text(baseline="bottom", dy=-3, fontSize=11).encode(x="v:Q", y=alt.value(0), text="label:N")
        )
    return alt.layer(*layers).properties(width=width - 160, height=ROW * len(rows))


def share_chart(burden: pl.DataFrame, width: int = theme.WIDE, most: int = 12) -> alt.LayerChart | None:
    """Share of the alliance's military expenditure (bars) beside share of its GDP (ticks); None when nothing is known."""
    known = burden.filter(pl.col("burden_share").is_not_null())
    if known.is_empty():
        return None
    rows = known.head(most).select("name", "burden_share", "gdp_share").to_dicts()
    rest = known.slice(most)
    if not rest.is_empty():
        rows.append(
            {
                "name": f"{rest.height} others",
                "burden_share": rest["burden_share"].sum(),
                "gdp_share": rest["gdp_share"].sum(),
            }
        )
    order = [r["name"] for r in rows]
    top = max(max(r["burden_share"], r["gdp_share"]) for r in rows)
    x = alt.X(
        "burden_share:Q",
        title="Share of the members' total: military expenditure (bar), GDP (tick)",
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, min(1.0, top * 1.12)], nice=False),
    )
    y = alt.Y("name:N", sort=order, title=None, axis=_LABELS)
    base = alt.Chart(alt.Data(values=rows))
    bars = base.mark_bar(height={"band": 0.6}, color=theme.ACCENT).encode(
        x=x,
        y=y,
        tooltip=["name:N", alt.Tooltip("burden_share:Q", format=".1%"), alt.Tooltip("gdp_share:Q", format=".1%")],
    )
    ticks = base.mark_tick(color=theme.WARM, thickness=3, height={"band": 0.85}).encode(x="gdp_share:Q", y=y)
    text = (
        base.transform_calculate(end="max(datum.burden_share, datum.gdp_share)")
        .mark_text(align="left", dx=6, fontSize=11, color=theme.MUTED)
        .encode(x="end:Q", y=y, text=alt.Text("burden_share:Q", format=".1%"))
    )
    return alt.layer(bars, ticks, text).properties(width=width - 160, height=ROW * len(rows))


def soldier_chart(burden: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Expenditure for each active soldier in thousand USD on a logarithmic scale; None for fewer than two members."""
    known = burden.filter(pl.col("milex_usd_per_soldier") > 0).sort("milex_usd_per_soldier", descending=True)
    if known.height < 2:
        return None
    rows = known.select("name", kusd=pl.col("milex_usd_per_soldier") / 1e3).to_dicts()
    order = [r["name"] for r in rows]
    low, high = rows[-1]["kusd"], rows[0]["kusd"]
    x = alt.X(
        "kusd:Q",
        title="Military expenditure for each active soldier, thousand USD (logarithmic scale)",
        scale=alt.Scale(type="log", domain=[low / 1.4, high * 1.9], nice=False),
        axis=alt.Axis(values=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], format=",.0f"),
    )
    y = alt.Y("name:N", sort=order, title=None, axis=_LABELS)
    base = alt.Chart(alt.Data(values=rows))
    dots = base.mark_circle(size=64, opacity=1, color=theme.ACCENT).encode(
        x=x, y=y, tooltip=["name:N", alt.Tooltip("kusd:Q", format=",.0f")]
    )
    text = base.mark_text(align="left", dx=7, fontSize=11, color=theme.MUTED).encode(
        x=x, y=y, text=alt.Text("kusd:Q", format=",.0f")
    )
    return alt.layer(dots, text).properties(width=width - 160, height=ROW * len(rows))
