"""Charts of what could happen: members of one alliance over simulated worlds, and the skill of the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from foedus.futures.backtest.result import Backtest
from foedus.view import theme


def fan_chart(fan: pl.DataFrame, past: Sequence[tuple[int, int]], width: int = theme.WIDE) -> alt.LayerChart:
    """Members at the end of each year: those of the past as a line, then the median and a band of 80 % of worlds.

    fan : columns year, low, median, high, of one treaty. past : (year, members), ascending, ends before the fan begins.
    """
    year, members = past[-1]
    start = {"year": year, "low": members, "median": members, "high": members}
    rows = [start, *fan.select("year", "low", "median", "high").to_dicts()]
    known = [{"year": y, "members": n} for y, n in past]
    top = max([r["high"] for r in rows] + [n for _, n in past])
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=8 if theme.is_wide(width) else 4))
    scale = alt.Scale(domain=[0, top * 1.1], nice=False)
    base = alt.Chart(theme.rows(rows))
    band = base.mark_area(color=theme.FEW_TO_MANY[0], opacity=0.8).encode(
        x=x, y=alt.Y("low:Q", title="members", scale=scale), y2="high:Q"
    )
    median = base.mark_line(color=theme.ACCENT, strokeDash=[5, 3], strokeWidth=2).encode(x=x, y="median:Q")
    line = alt.Chart(theme.rows(known)).mark_line(color=theme.INK, strokeWidth=2, interpolate="step-after")
    return theme.sized(theme.layered(band, median, line.encode(x=x, y="members:Q")), width, 210)


def skill_chart(found: Backtest, levels: Sequence[str], width: int = theme.WIDE) -> alt.LayerChart | None:
    """Skill (Brier) against each reference with its interval, one row for each question and horizon; None if empty."""
    rows = [row for level in levels for row in _skills(found, level)]
    if not rows:
        return None
    names = [r["question"] for r in rows]
    order = list(dict.fromkeys(names))
    low = min(-0.1, max(-1.0, min(r["low"] for r in rows)))
    high = max(0.3, *(r["high"] for r in rows))
    scale = alt.Scale(domain=[low, high], nice=False, clamp=True)
    references = list(dict.fromkeys(r["reference"] for r in rows))
    colour = alt.Color(
        "reference:N",
        title=None,
        scale=alt.Scale(domain=references, range=[theme.MUTED, theme.ACCENT, theme.SAND, theme.WARM]),
        legend=alt.Legend(orient="top", columns=2 if not theme.is_wide(width) else 4),
    )
    y = alt.Y("question:N", sort=order, title=None, axis=theme.names_axis(width, len(order)))
    offset = alt.YOffset("reference:N", sort=references)
    base = alt.Chart(theme.rows(rows))
    title = theme.title_lines("Skill: right of 0 foedus is better, left of it the reference", width)
    x = alt.X("skill:Q", title=title, scale=scale)
    whisker = base.mark_rule(strokeWidth=1.6).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, yOffset=offset, color=colour
    )
    dots = base.mark_circle(size=46, opacity=1).encode(x=x, y=y, yOffset=offset, color=colour)
    nought = (
        alt.Chart(theme.rows([{"v": 0}])).mark_rule(color=theme.INK, strokeWidth=1).encode(x=alt.X("v:Q", scale=scale))
    )
    return theme.sized(theme.layered(whisker, dots, nought), width, 46 * len(order))


def _skills(found: Backtest, level: str) -> list[Mapping[str, Any]]:
    kept = [s for s in found.skills if s.origin is None and s.level == level and s.score == "brier"]
    return [
        {
            "question": f"{level}, {s.horizon} years",
            "reference": s.reference,
            "skill": s.skill,
            "low": s.low,
            "high": s.high,
        }
        for s in sorted(kept, key=lambda s: s.horizon)
        if s.skill is not None
    ]
