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
PALE = "#b9c4ce"


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


def is_steady(treaty: Treaty, day: date) -> bool:
    """Whether nobody came or went between entry into force and `day`."""
    parties = {treaty.members_on(d) for d, _ in member_counts(treaty, day)[:-1]}
    return len(parties) <= 1


def _time_axis(width: int, **more: Any) -> alt.Axis:
    return alt.Axis(format="%Y", tickCount=8 if theme.is_wide(width) else 4, **more)


def count_chart(treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart:
    """Number of parties over time as a step line; the latest number is written at its end."""
    counts = member_counts(treaty, day)
    rows = [{"day": d.isoformat(), "n": n} for d, n in counts]
    x = alt.X("day:T", title=None, axis=_time_axis(width, grid=False))
    top = max((n for _, n in counts), default=1)
    y = alt.Y(
        "n:Q",
        title="Parties",
        axis=alt.Axis(tickMinStep=1, tickCount=min(top, 5), format="d"),
        scale=alt.Scale(domain=[0, top * 1.12], nice=False),
    )
    base = alt.Chart(theme.rows(rows)).encode(x=x, y=y)
    area = base.mark_area(interpolate="step-after", color=theme.ACCENT, opacity=0.14)
    line = base.mark_line(interpolate="step-after", color=theme.ACCENT, strokeWidth=2)
    label = (
        alt.Chart(theme.rows(rows[-1:]))
        .mark_text(align="right", dy=-9, dx=2, fontWeight="bold", color=theme.ACCENT, fontSize=13)
        .encode(x="day:T", y="n:Q", text="n:Q")
    )
    return theme.sized(theme.layered(area, line, label), width, 150)


LONG_NAME = 20


def lane_name(record: Record, code: str, day: date) -> str:
    """What a state was called on `day`, or its common name where that one is too long for a lane."""
    name = record.state_name(code, day)
    return name if len(name) <= LONG_NAME else record.state_name(code)


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
                "state": lane_name(record, m.state, until - timedelta(days=1)),
                "since": m.since.isoformat(),
                "until": until.isoformat(),
                "left": m.until is not None and m.until <= end and m.until != treaty.ended,
                "continued": bool(continued(record, treaty, m)),
            }
        )
    return rows


def has_lanes(rows: list[dict[str, Any]]) -> bool:
    """Whether `lanes` can be drawn: there are any, and of sixty states at most."""
    return 0 < len({r["state"] for r in rows}) <= MOST_LANES


def lane_chart(record: Record, treaty: Treaty, day: date, width: int = theme.WIDE) -> alt.LayerChart | None:
    """Who was in from when to when, one lane per state in order of entry; None without `has_lanes`."""
    rows = lanes(record, treaty, day)
    if not has_lanes(rows):
        return None
    states = list(dict.fromkeys(r["state"] for r in rows))
    y = alt.Y("state:N", sort=states, title=None, axis=theme.names_axis(width, len(states)))
    x = alt.X("since:T", title=None, axis=_time_axis(width, orient="top"))
    bars = (
        alt.Chart(theme.rows(rows))
        .mark_bar(height={"band": 0.66}, cornerRadius=1)
        .encode(
            x=x,
            x2="until:T",
            y=y,
            color=alt.condition("datum.left", alt.value(PALE), alt.value(theme.ACCENT)),
            tooltip=[
                alt.Tooltip("state:N", title="State"),
                alt.Tooltip("since:T", title="Since", format="%-d %B %Y"),
                alt.Tooltip("until:T", title="Until", format="%-d %B %Y"),
            ],
        )
    )
    long_enough = [r for r in rows if _share(r, rows) > (0.06 if theme.is_wide(width) else 0.16)]
    labels = (
        alt.Chart(theme.rows(long_enough))
        .transform_calculate(label="year(datum.since)")
        .mark_text(align="left", dx=4, fontSize=10)
        .encode(x=x, y=y, text="label:N", color=alt.condition("datum.left", alt.value(theme.INK), alt.value("white")))
    )
    height = max(40, theme.row_height(len(states)) * len(states))
    return theme.sized(theme.layered(bars, labels), width, height)


def _share(row: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    """Length of a lane as a share of the whole time shown."""
    first = min(date.fromisoformat(r["since"]) for r in rows)
    last = max(date.fromisoformat(r["until"]) for r in rows)
    length = date.fromisoformat(row["until"]) - date.fromisoformat(row["since"])
    return length / max(last - first, timedelta(days=1))
