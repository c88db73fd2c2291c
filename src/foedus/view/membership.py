"""Membership over time: how many parties a treaty had, and who was in from when to when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import altair as alt

from foedus.record import Record, Treaty
from foedus.record.schema import SIGNATORIES
from foedus.view import theme
from foedus.view.maps import continued

MOST_LANES = 60


def last_day(treaty: Treaty, day: date) -> date:
    """The day a history of `treaty` runs to, seen from `day`: its end if it has ended by then."""
    return min(day, treaty.ended) if treaty.ended else day


def member_counts(treaty: Treaty, day: date) -> list[tuple[date, int]]:
    """(day of change, number of parties from that day), from entry into force to `day`; empty if never in force."""
    if treaty.in_force is None:
        return []
    end = last_day(treaty, day)
    days = {treaty.in_force, end}
    for m in treaty.member:
        days.update(d for d in (m.since, m.until) if d and treaty.in_force <= d <= end)
    counts = [(d, len(treaty.members_on(d))) for d in sorted(days)]
    if len(counts) > 1 and treaty.ended and end == treaty.ended:
        counts[-1] = (end, counts[-2][1])  # the line runs to the last day in force, then stops
    return counts


def count_chart(treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """Number of parties over time as a step line; the latest number is written at its end."""
    rows = [{"day": d.isoformat(), "n": n} for d, n in member_counts(treaty, day)]
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount=8 if width > 500 else 4, grid=False))
    y = alt.Y("n:Q", title="Parties", axis=alt.Axis(tickMinStep=1, tickCount=5), scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    area = base.mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.14)
    line = base.mark_line(interpolate="step-after", color=theme.ACCENT, strokeWidth=2)
    label = (
        alt.Chart(alt.Data(values=rows[-1:]))
        .mark_text(align="right", dy=-9, dx=2, fontWeight="bold", color=theme.ACCENT, fontSize=13)
        .encode(x="day:T", y="n:Q", text="n:Q")
    )
    return alt.layer(area, line, label).properties(width=width - 60, height=150)


def lanes(record: Record, treaty: Treaty, day: date) -> list[dict[str, Any]]:
    """One row per party spell up to `day`: state, since, until, whether still in, in order of entry."""
    end = last_day(treaty, day)
    rows: list[dict[str, Any]] = []
    for m in sorted(treaty.member, key=lambda m: (m.since, record.state_name(m.state, m.since))):
        if m.role not in SIGNATORIES or m.since >= end:
            continue
        until = min(m.until or end, end)
        rows.append(
            {
                "state": record.state_name(m.state, until - timedelta(days=1)),
                "since": m.since.isoformat(),
                "until": until.isoformat(),
                "left": m.until is not None and m.until <= end and m.until != treaty.ended,
                "continued": bool(continued(record, treaty, m)),
            }
        )
    return rows


def lane_chart(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Who was in from when to when, one lane per state in order of entry; None for more than sixty states."""
    rows = lanes(record, treaty, day)
    states = list(dict.fromkeys(r["state"] for r in rows))
    if not rows or len(states) > MOST_LANES:
        return None
    y = alt.Y("state:N", sort=states, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=150))
    x = alt.X("since:T", title=None, axis=alt.Axis(format="%Y", tickCount=8 if width > 500 else 3, orient="top"))
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height={"band": 0.62}, cornerRadius=1)
        .encode(
            x=x,
            x2="until:T",
            y=y,
            color=alt.condition("datum.left", alt.value("#b9c4ce"), alt.value(theme.ACCENT)),
            tooltip=[
                alt.Tooltip("state:N", title="State"),
                alt.Tooltip("since:T", title="Since", format="%-d %B %Y"),
                alt.Tooltip("until:T", title="Until", format="%-d %B %Y"),
            ],
        )
    )
    labels = (
        alt.Chart(alt.Data(values=rows))
        .transform_calculate(label="year(datum.since)")
        .mark_text(align="left", dx=4, fontSize=10, color="white")
        .encode(x=x, y=y, text="label:N")
    )
    long_enough = [r for r in rows if _share(r, rows) > (0.08 if width > 500 else 0.2)]
    labels = labels.properties(data=alt.Data(values=long_enough))
    return alt.layer(bars, labels).properties(width=width - 150, height=max(40, 17 * len(states)))


def _share(row: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    """Length of a lane as a share of the whole time shown."""
    first = min(date.fromisoformat(r["since"]) for r in rows)
    last = max(date.fromisoformat(r["until"]) for r in rows)
    length = date.fromisoformat(row["until"]) - date.fromisoformat(row["since"])
    return length / max(last - first, timedelta(days=1))
