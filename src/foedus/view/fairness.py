"""Charts of fair shares: burden less what each yardstick calls fair, ranks, and what a joint budget should buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from foedus.view import theme

YARDSTICKS = {"gdp_share": "share of GDP", "benefit_share": "share of benefit", "fair_share": "Shapley value"}
_NARROW = 500  # pixels; below, three names of a legend do not stand side by side
_COLOURS = (theme.ACCENT, theme.SAND, theme.WARM)


def gap_chart(shares: pl.DataFrame, width: int = theme.WIDE, most: int = 16) -> alt.LayerChart | None:
    """Burden share over each yardstick's share, on a logarithmic scale; None when no member carries anything.

    shares : schema strategy.SHARES. The `most` members that carry most, by burden; a share of nought has no dot.
    """
    known = shares.filter(pl.col("burden_share") > 0).head(most)
    yardsticks = [y for y in YARDSTICKS if known[y].null_count() == 0]
    if known.is_empty() or not yardsticks:
        return None
    rows = [
        {"name": r["name"], "yardstick": YARDSTICKS[y], "times": r["burden_share"] / r[y]}
        for r in known.iter_rows(named=True)
        for y in yardsticks
        if r[y] > 0
    ]
    title = "Burden share over what the yardstick calls fair (right of 1: carries more)"
    scale = alt.Scale(type="log", nice=False, padding=12)
    axis = alt.Axis(values=[0.1, 0.2, 0.5, 1, 2, 5, 10], format="~r")
    base = alt.Chart(theme.rows(rows))
    dots = base.mark_circle(size=70, opacity=0.95).encode(
        x=alt.X("times:Q", title=theme.title_lines(title, width), scale=scale, axis=axis),
        y=_names(known["name"].to_list(), width),
        color=_legend([YARDSTICKS[y] for y in yardsticks], width),
        tooltip=["name:N", "yardstick:N", alt.Tooltip("times:Q", format=".2f")],
    )
    even = alt.Chart(theme.rows([{"v": 1}])).mark_rule(color=theme.INK, strokeWidth=1).encode(x="v:Q")
    return theme.sized(theme.layered(even, dots), width, theme.row_height(known.height) * known.height)


def rank_chart(shares: pl.DataFrame, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Rank of every member by money spent, by effort (share of GDP) and by benefit; None for fewer than three.

    shares : schema strategy.SHARES. Rank 1 stands on the left: most money, most effort, most benefit.
    """
    known = shares.drop_nulls("burden_share")
    columns = {"milex_musd": "money", "milex_share_gdp": "effort, % of GDP", "benefit_share": "benefit"}
    used = [c for c in columns if known[c].null_count() == 0]
    if known.height < 3:
        return None
    ranked = known.select("name", *(pl.col(c).rank("min", descending=True) for c in used))
    rows = [
        {"name": r["name"], "by": columns[c], "rank": int(r[c])} for r in ranked.iter_rows(named=True) for c in used
    ]
    spans = [
        {"name": r["name"], "low": min(r[c] for c in used), "high": max(r[c] for c in used)}
        for r in ranked.iter_rows(named=True)
    ]
    y = _names(known["name"].to_list(), width)
    scale = alt.Scale(domain=[0, known.height + 1], nice=False)
    x = alt.X("rank:Q", title="Rank (1: most)", scale=scale, axis=alt.Axis(values=[1, *range(5, known.height + 1, 5)]))
    bars = alt.Chart(theme.rows(spans)).mark_rule(color=theme.RULE, strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y)
    dots = (
        alt.Chart(theme.rows(rows))
        .mark_circle(size=70, opacity=0.95)
        .encode(x=x, y=y, color=_legend([columns[c] for c in used], width), tooltip=["name:N", "by:N", "rank:Q"])
    )
    return theme.sized(theme.layered(bars, dots), width, theme.row_height(known.height) * known.height)


def packages_chart(packages: Sequence[Mapping[str, Any]], unit: str, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Money for each package (bar) and its range in plans as good (line); None without packages.

    packages : rows of `as_data`: package, money, least, most, in `unit`, as ordered.
    """
    if not packages:
        return None
    rows = [{**p, "says": f"{p['money']:.1f}"} for p in packages]  # rounded here as in the text beside the chart
    top = max(r["most"] for r in rows)
    y = alt.Y("package:N", sort=[r["package"] for r in rows], title=None, axis=theme.names_axis(width, len(rows)))
    x = alt.X(
        "money:Q",
        title=theme.title_lines(f"{unit} a year: the plan (bar), plans as good (line)", width),
        scale=alt.Scale(domain=[0, top * 1.12], nice=False),
    )
    base = alt.Chart(theme.rows(rows))
    bars = base.mark_bar(height={"band": 0.6}, color=theme.ACCENT).encode(x=x, y=y, tooltip=["package:N", "money:Q"])
    lines = base.mark_rule(color=theme.WARM, strokeWidth=2.5).encode(x="least:Q", x2="most:Q", y=y)
    text = base.mark_text(align="left", dx=6, fontSize=11, color=theme.MUTED).encode(x="most:Q", y=y, text="says:N")
    return theme.sized(theme.layered(bars, lines, text), width, 22 * len(rows))


def _names(names: Sequence[str], width: int) -> alt.Y:
    return alt.Y("name:N", sort=list(names), title=None, axis=theme.names_axis(width, len(names)))


def _legend(domain: Sequence[str], width: int) -> alt.Color:
    scale = alt.Scale(domain=list(domain), range=list(_COLOURS[: len(domain)]))
    return alt.Color(
        "yardstick:N" if domain[0] in YARDSTICKS.values() else "by:N",
        scale=scale,
        title=None,
        legend=alt.Legend(orient="top", columns=2 if width < _NARROW else 0),  # 0: one line
    )
