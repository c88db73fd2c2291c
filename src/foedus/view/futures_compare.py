"""Two runs of the simulator side by side as a document: what differs at the end, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

import foedus
from foedus.futures.summary import indicator_title
from foedus.view import theme, words
from foedus.view.document import Block, Document, Picture, Section, Table, Text

MOST = 20  # rows of a chart
Row = Mapping[str, Any]  # of `summary.compare`: first, second, difference, low, high and its own key


def compose(found: Mapping[str, Any], titles: Mapping[str, str]) -> Document:
    """The document of a comparison. found : as `futures.summary.compare` gives it. titles : treaty id -> title."""
    treaties = [{**row, "name": titles.get(row["treaty"], row["treaty"])} for row in found["treaties"]]
    system = [{**row, "name": indicator_title(row["indicator"])} for row in found["system"]]
    year = found["year"]
    said = (
        f"First: {found['first']}. Second: {found['second']}. Differences are second less first, at the end of {year};"
        " both runs begin with the same world. An interval holds the error of simulating finitely many worlds, with 90"
        " per cent, and not that of the models; more worlds make it narrower."
    )
    members = _part("treaties", "Members of alliances", treaties, f"members, mean of the worlds, end of {year}")
    whole = _part("system", "The whole system", _in_per_cent(system), f"% of the first run, end of {year}", system)
    return Document(
        title=f"What differs at the end of {year}",
        kicker="Two futures compared",
        day=str(year),
        sections=(Section("what", "What is compared", (Text((said,)),)), members, whole),
        sources=(),
        command="foedus futures compare FIRST SECOND",
        version=foedus.__version__,
    )


def difference_chart(rows: Sequence[Row], unit: str, width: int = theme.WIDE) -> alt.LayerChart:
    """One row for each entry: the difference as a dot, its interval as a line, nought as a rule.

    rows : name, difference, low, high in `unit`, drawn in their order.
    """
    order = [r["name"] for r in rows]
    base = alt.Chart(theme.rows([{k: r[k] for k in ("name", "difference", "low", "high")} for r in rows]))
    y = alt.Y("name:N", sort=order, title=None, axis=theme.names_axis(width, len(order)))
    title = theme.title_lines(f"Second run less first: {unit}", width)
    x = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=6))
    line = base.mark_rule(color=theme.ACCENT, strokeWidth=2).encode(x=x, x2="high:Q", y=y)
    dot = base.mark_circle(color=theme.ACCENT, size=60, opacity=1).encode(x="difference:Q", y=y)
    nought = alt.Chart(theme.rows([{"v": 0}])).mark_rule(color=theme.INK).encode(x="v:Q")
    return theme.sized(theme.layered(nought, line, dot), width, max(40, 22 * len(order)))


def _part(id_: str, title: str, rows: Sequence[Row], unit: str, told: Sequence[Row] | None = None) -> Section:
    """A chart of what differs beyond its interval, and a table of everything, which `told` has in its own units."""
    clear = [r for r in rows if r["low"] > 0 or r["high"] < 0][:MOST]
    blocks: list[Block] = [_picture(id_, title, clear, unit)] if clear else []
    alike = len(rows) - sum(r["low"] > 0 or r["high"] < 0 for r in rows)
    if alike:
        what = words.count(alike, "alliance" if id_ == "treaties" else "indicator")
        blocks.append(Text((f"{what} cannot be told apart in the two runs: the interval holds 0.",), quiet=True))
    return Section(id_, title, (*blocks, _table(told or rows)))


def _picture(id_: str, title: str, rows: Sequence[Row], unit: str) -> Picture:
    first = rows[0]
    told = f"The largest: {first['name']}, {first['difference']:+,.2f} ({first['low']:+,.2f} to {first['high']:+,.2f})."
    note = "Dot: the difference. Line: its interval of 90 % for the error of the simulation."
    return Picture(id_, f"{title}: what differs", told, lambda width: difference_chart(rows, unit, width), note=note)


def _table(rows: Sequence[Row]) -> Table:
    cells = tuple(
        (
            r["name"],
            f"{r['first']:,.2f}",
            f"{r['second']:,.2f}",
            f"{r['difference']:+,.2f}",
            f"{r['low']:+,.2f} to {r['high']:+,.2f}",
        )
        for r in rows
    )
    return Table(
        f"All {len(rows)}, means of the worlds", ("", "first", "second", "difference", "90 % interval"), cells,
        align="lrrrr", folded=True,
    )  # fmt: skip


def _in_per_cent(rows: Sequence[Row]) -> list[Row]:
    """Differences in per cent of the first run, so that indicators of different units stand on one axis; the largest
    first. An indicator that is nought in the first run has none."""
    found = [
        {**r, **{k: 100 * r[k] / abs(r["first"]) for k in ("difference", "low", "high")}} for r in rows if r["first"]
    ]
    return sorted(found, key=lambda r: (-abs(r["difference"]), r["name"]))
