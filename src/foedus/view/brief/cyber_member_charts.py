"""Charts of what delay costs and of who gives and gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from foedus.cyber.variations import Point
from foedus.view import theme

_TICKS = {1 / 96: "15 min", 1 / 24: "1 h", 1.0: "1 d", 3.0: "3 d", 7.0: "7 d", 30.0: "30 d"}
_COLOURS = (theme.ACCENT, theme.SAND, theme.WARM)


def delay_chart(points: Sequence[Point], titles: Mapping[str, str], width: int) -> alt.LayerChart:
    """Averted share of each policy against the median delay before an item leaves, on a logarithmic axis."""
    rows = [{"policy": titles[p.policy], "days": p.value, "averted": p.averted} for p in points]
    order = list(dict.fromkeys(str(r["policy"]) for r in rows))
    said = " : ".join(f"abs(datum.value - {v}) < 1e-3 ? '{text}'" for v, text in _TICKS.items()) + " : ''"
    x = alt.X(
        "days:Q",
        scale=alt.Scale(type="log", nice=False),
        title="Median delay before an item leaves",
        axis=alt.Axis(values=list(_TICKS), labelExpr=said, labelOverlap=False, grid=False),
    )
    y = alt.Y(
        "averted:Q",
        title="Share of hits averted",
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domainMin=0),
    )
    colour = alt.Color(
        "policy:N",
        sort=order,
        scale=alt.Scale(domain=order, range=list(_COLOURS[: len(order)])),
        legend=alt.Legend(title=None, orient="top", labelLimit=260, columns=2 if theme.is_wide(width) else 1),
    )
    base = alt.Chart(theme.rows(rows)).encode(x=x, y=y, color=colour)
    return theme.sized(
        theme.layered(base.mark_line(strokeWidth=2.5), base.mark_point(filled=True, size=45)), width, 220
    )


def balance_chart(
    given: Mapping[str, float], received: Mapping[str, float], names: Mapping[str, str], width: int
) -> alt.LayerChart:
    """Each member a pair of bars: compromises of others averted by its items, and its own averted by theirs."""
    shown = sorted(given, key=lambda s: (-given[s] - received[s], names[s]))
    kinds = (("gives", given), ("gets", received))
    rows = [{"state": names[s], "kind": kind, "n": of[s]} for s in shown for kind, of in kinds]
    order = [names[s] for s in shown]
    scale = alt.Scale(domain=["gives", "gets"], range=[theme.ACCENT, theme.SAND])
    bars = (
        alt.Chart(theme.rows(rows))
        .mark_bar()
        .encode(
            y=alt.Y("state:N", sort=order, title=None, axis=theme.names_axis(width, len(order))),
            yOffset=alt.YOffset("kind:N", sort=["gives", "gets"]),
            x=alt.X(
                "n:Q",
                title=theme.title_lines("Compromises averted per 1,000 campaigns", width),
                axis=alt.Axis(tickCount=8 if theme.is_wide(width) else 4),
            ),
            color=alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
        )
    )
    return theme.sized(theme.layered(bars), width, 24 * len(shown))
