"""Who would come, as a section: chances with their intervals, and how the coalition's share spreads over the draws."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from foedus.model.envelope import Fitted
from foedus.model.reliability.participation import Likely, Participant, Share
from foedus.model.reliability.plain import cautions, coalition, percent
from foedus.record import Record
from foedus.view import theme, words
from foedus.view.document import Block, Picture, Section, Table, Text

MOST = 40  # states in the chart; the table has them all
HEIGHT = 170  # px


def section(record: Record, likely: Likely, fit: Fitted) -> Section:
    """The section of a page on one event."""
    notes = cautions(likely, fit)
    if not likely.participants:
        told = "Nobody is bound to help, so there is nothing to draw."
        return Section("likely", "Who would come", (Text((told, *notes)),))
    blocks: list[Block] = [Text((coalition(likely),))]
    share = likely.share
    if share is not None:
        blocks.append(
            Picture(
                "share",
                "The target's side in both sides' capability, over the draws",
                coalition(likely),
                lambda width: share_chart(share, likely.drawing.n, width),
                note=f"Dashed: alone, and if everybody comes. {words.sentence(share.measure)}",
            )
        )
    drawn = [p for p in likely.participants if not p.stated][:MOST]
    if drawn:
        blocks.append(
            Picture(
                "honouring",
                "Chance of honouring the call, if it comes",
                words.listed([f"{record.state_name(p.state)} {percent(p.median)}" for p in drawn], 8),
                lambda width: chance_chart(record, drawn, width),
                note="Dot: median of the draws; bar: 80% interval. Pale: called only by disputed duties.",
            )
        )
    blocks += [_table(record, likely), Text(notes, quiet=True)]
    return Section("likely", "Who would come", tuple(blocks))


def _table(record: Record, likely: Likely) -> Table:
    rows = tuple(
        (
            record.state_name(p.state),
            words.listed([record.treaties[t].title for t in p.treaties], 3),
            f"assumed: {p.stated}" if p.stated else f"{percent(p.median)} ({percent(p.low)} to {percent(p.high)})",
            "–" if p.stated else percent(p.without_era),
            percent(p.without_opinion) if p.polled and not p.stated else "–",
            percent(p.comes),
            f"{p.base_rate.honoured} of {p.base_rate.called}",
        )
        for p in likely.participants
    )
    columns = ("State", "Called by", "Honours (80%)", "Without era", "Without opinion", "Comes", "Base rate")
    caption = f"{words.count(len(rows), 'state')}, {likely.drawing.n} draws, seed {likely.drawing.seed}"
    return Table(caption, columns, rows, align="llrrrrr", folded=len(rows) > MOST).trimmed()


def share_chart(share: Share, n: int, width: int) -> theme.Drawn:
    """A histogram of twenty bins over [0, 1], with the ends marked."""
    step = 1 / len(share.counts)
    bins = [{"from": i * step, "to": (i + 1) * step, "draws": c / n} for i, c in enumerate(share.counts)]
    percents = alt.Axis(format=".0%", grid=False)
    bars = (
        alt.Chart(theme.rows(bins))
        .mark_bar(color=theme.ACCENT, binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title="share of both sides' capability", axis=percents),
            x2="to:Q",
            y=alt.Y("draws:Q", title="share of draws", axis=alt.Axis(format=".0%", tickCount=4)),
        )
    )
    ends = (
        alt.Chart(theme.rows([{"at": share.alone}, {"at": share.everybody}]))
        .mark_rule(color=theme.WARM, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x="at:Q")
    )
    return theme.sized(theme.layered(bars, ends), width, HEIGHT)


def chance_chart(record: Record, participants: Sequence[Participant], width: int) -> theme.Drawn:
    """One row a state: median and 80 % interval."""
    rows = [
        {
            "state": record.state_name(p.state),
            "low": p.low,
            "median": p.median,
            "high": p.high,
            "disputed": p.is_disputed,
        }
        for p in participants
    ]
    order = [record.state_name(p.state) for p in participants]
    colour = alt.condition("datum.disputed", alt.value("#a9c4dc"), alt.value(theme.ACCENT))
    y = alt.Y("state:N", sort=order, title=None, axis=theme.names_axis(width, len(rows)))
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(theme.rows(rows)).encode(y=y)
    bars = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", scale=scale, title="chance of honouring the call", axis=alt.Axis(format=".0%")),
        x2="high:Q",
        color=colour,
    )
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(x=alt.X("median:Q", scale=scale), color=colour)
    return theme.sized(theme.layered(bars, dots), width, theme.row_height(len(rows)) * len(rows))
