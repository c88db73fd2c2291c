"""Charts of what else binds the members: how many states each is bound to defend, inside the treaty and outside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from foedus.record import Record, Treaty
from foedus.view import theme

MOST_STATES = 40


def partner_counts(record: Record, treaty: Treaty, day: date) -> list[dict[str, Any]]:
    """For each party on `day`: how many fellow parties and how many outsiders it shares a defence pledge with.

    Counts partners in any treaty in force with a defence pledge; a partner in several treaties counts once.
    Largest number of outsiders first.
    """
    own = set(treaty.members_on(day))
    rows = []
    for state in sorted(own):
        partners = record.partners(state, day, "defence")
        rows.append(
            {
                "state": state,
                "name": record.state_name(state, day),
                "inside": len(partners & own),
                "outside": len(partners - own),
            }
        )
    return sorted(rows, key=lambda r: (-int(r["outside"]), str(r["name"])))


def outsiders_chart(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Number of states outside the treaty to which each party is bound by a defence pledge; None when there is none."""
    shown = [r for r in partner_counts(record, treaty, day) if r["outside"]][:MOST_STATES]
    if not shown:
        return None
    y = alt.Y("name:N", sort=[r["name"] for r in shown], title=None, axis=theme.names_axis(width, len(shown)))
    x = alt.X(
        "outside:Q",
        title=theme.title_lines("States outside the treaty with which it shares a defence pledge", width),
        axis=alt.Axis(tickMinStep=1, tickCount=6 if theme.is_wide(width) else 4, format="d"),
    )
    base = alt.Chart(theme.rows(shown)).encode(x=x, y=y)
    bars = base.mark_bar(height={"band": 0.6}, color=theme.ACCENT)
    text = base.mark_text(align="left", dx=5, fontSize=11, color=theme.MUTED).encode(text="outside:Q")
    return theme.sized(theme.layered(bars, text), width, max(30, theme.row_height(len(shown)) * len(shown)))
