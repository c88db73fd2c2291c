"""Charts of cyber cooperation: who shares attackers with whom, and what each policy averts."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np

from foedus.cyber import SharedThreats
from foedus.cyber.results import IndexResult, PolicyResult
from foedus.view import theme

MOST_MEMBERS = 12


def shown_members(found: SharedThreats) -> list[int]:
    """Indices of the members most named, at most twelve, most first; those nobody names are left out."""
    order = np.argsort(-found.named, kind="stable")
    return [int(i) for i in order if found.named[i] > 0][:MOST_MEMBERS]


def matrix_chart(found: SharedThreats, names: dict[str, str], width: int) -> alt.LayerChart:
    """Actors in common of each pair of the most named members; on the diagonal those that name the member."""
    shown = shown_members(found)
    wide = theme.is_wide(width)
    order = [names[found.members[i]] if wide else found.members[i] for i in shown]
    rows = [
        {"one": order[a], "other": order[b], "n": int(found.pairs[i, j]), "own": a == b}
        for a, i in enumerate(shown)
        for b, j in enumerate(shown)
        if b <= a
    ]
    axis = alt.Axis(ticks=False, domain=False, labelLimit=150, labelFontSize=11)
    base = alt.Chart(theme.rows(rows)).encode(
        x=alt.X(
            "other:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelAngle=-40, labelFontSize=11),
        ),
        y=alt.Y("one:N", sort=order, title=None, axis=axis),
    )
    most = max((int(found.pairs[i, j]) for i in shown for j in shown if i != j), default=1) or 1
    paint = alt.Color(
        "n:Q", scale=alt.Scale(range=["#eef4f8", *theme.FEW_TO_MANY[:4]], domain=[0, most], clamp=True), legend=None
    )
    cells = base.transform_filter("!datum.own").mark_rect(stroke="white", strokeWidth=1.5).encode(color=paint)
    own = base.transform_filter("datum.own").mark_rect(color=theme.LAND, stroke="white", strokeWidth=1.5)
    dark = alt.condition(f"!datum.own && datum.n > {most * 0.6}", alt.value("white"), alt.value(theme.INK))
    text = base.mark_text(fontSize=11).encode(text="n:Q", color=dark)
    return theme.sized(theme.layered(cells, own, text), width, 28 * len(shown))


def policies_chart(policies: Sequence[PolicyResult], width: int) -> alt.LayerChart:
    """Averted share of each policy: a dot with default parameters, a bar from 5 to 95 % over their ranges."""
    rows = [
        {
            "title": p.title,
            "averted": p.averted,
            "low": p.averted_range[0],
            "middle": p.averted_range[1],
            "high": p.averted_range[2],
        }
        for p in policies
    ]
    order = [str(r["title"]) for r in rows]
    y = alt.Y("title:N", sort=order, title=None, axis=theme.names_axis(width, len(rows)))
    title = theme.title_lines("Share of hits averted, of those that would succeed without sharing", width)
    x = alt.X("low:Q", title=title, axis=alt.Axis(format="%", tickCount=6 if theme.is_wide(width) else 4))
    base = alt.Chart(theme.rows(rows)).encode(y=y)
    bars = base.mark_bar(height={"band": 0.35}, color=theme.FEW_TO_MANY[0]).encode(x=x, x2="high:Q")
    middle = base.mark_tick(color=theme.ACCENT, thickness=3, height=16).encode(x="middle:Q")
    dots = base.mark_point(color=theme.WARM, filled=True, size=70, opacity=1).encode(x="averted:Q")
    return theme.sized(theme.layered(bars, middle, dots), width, 30 * len(rows))


def sensitivity_chart(indices: Sequence[IndexResult], says: dict[str, str], width: int) -> alt.LayerChart:
    """Total-order index of each parameter with its 95 % interval."""
    rows = [
        {
            "says": says[i.parameter],
            "total": max(i.total, 0.0),
            "low": max(i.total - i.half, 0.0),
            "high": i.total + i.half,
        }
        for i in indices
    ]
    order = [str(r["says"]) for r in rows]
    axis = theme.names_axis(width, len(rows))
    if theme.is_wide(width):
        axis.labelLimit = 280  # parameters are sentences, not names
    y = alt.Y("says:N", sort=order, title=None, axis=axis)
    x = alt.X("total:Q", title=theme.title_lines("Part in the variance of the answer (total-order index)", width))
    base = alt.Chart(theme.rows(rows)).encode(y=y)
    bars = base.mark_bar(height={"band": 0.5}, color=theme.ACCENT).encode(x=x)
    lines = base.mark_rule(color=theme.INK).encode(x="low:Q", x2="high:Q")
    return theme.sized(theme.layered(bars, lines), width, 22 * len(rows))
