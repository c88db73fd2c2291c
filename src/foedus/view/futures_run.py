"""A run of the simulator as a document: members of alliances, likely events, bonds, the whole system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import polars as pl

import foedus
from foedus.futures import summary
from foedus.futures.store import Store
from foedus.futures.summary import DRIVERS
from foedus.record import Record
from foedus.view import theme
from foedus.view.document import Block, Document, Picture, Section, Table, Text

MOST_ROWS = 25
SHOWN = (
    "treaties", "defence_dyads", "rivalries", "democracies", "foundings", "accessions", "disputes", "attacks",
    "gdp_bnusd", "milex_bnusd",
)  # fmt: skip


def compose(
    store: Store, record: Record, ids: Sequence[str], progress: Callable[[str], None] = lambda _: None,
    states: Sequence[str] = (),
) -> Document:  # fmt: skip
    """The document of a run. record : for the names of states. ids : the treaties whose members are drawn. states :
    codes of those whose economy and support are told. Raises StoreError for a state that is not in the run."""
    m = store.manifest
    progress("reading the run")
    fan = summary.members_fan(store).filter(pl.col("id").is_in(list(ids)))
    events, system, ties = summary.likely(store), summary.system(store), summary.ties(store)
    told = (_states(summary.states_fan(store, states), record),) if states else ()
    sections = (
        Section("members", "Members of alliances", (_says(store), _fans(fan))),
        Section("events", "Likely events", (_events(store, events, record),)),
        Section("bonds", "Who is bound to defend whom", (_bonds(store, ties, record),)),
        *(Section("states", "Growth, expenditure and support", (block,)) for block in told),
        Section("system", "The whole system", (_system(system),)),
        Section("start", "Where the worlds begin", (_start(store),)),
    )
    return Document(
        title=m["scenario_title"],
        kicker=f"{m['worlds']:,} simulated worlds, {m['origin'] + 1} to {m['until']}",
        day=f"{m['until']}",
        sections=sections,
        sources=(),
        command=f"foedus futures show DIR -o FILE.html  (seed {m['seed']})",
        version=foedus.__version__,
    )


def _says(store: Store) -> Text:
    m = store.manifest
    return Text(
        (
            f"Derived by simulation: every world begins at the end of {m['origin']} with the treaties in force, draws"
            " its own parameters from fitted models and lives year by year. Bands hold 80 per cent of the worlds; they"
            " spread by chance and by what the fits do not know. What is assumed rather than estimated is listed by"
            " foedus futures assumptions.",
        )
    )


def fan_chart(fan: pl.DataFrame, width: int = theme.WIDE) -> Any:
    """Median and 80 per cent band of members, one small panel for each treaty; fan as from `summary.members_fan`."""
    columns = min(3 if theme.is_wide(width) else 1, fan["title"].n_unique())
    data = theme.rows(fan.select("title", "year", "low", "median", "high").to_dicts())
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=4, grid=False))
    base = alt.Chart().encode(x=x)
    band = base.mark_area(color=theme.ACCENT, opacity=0.25).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(zero=False, nice=True)), y2="high:Q"
    )
    line = base.mark_line(color=theme.ACCENT, strokeWidth=2).encode(y="median:Q")
    panel = alt.layer(band, line, data=data).properties(width=(width - 60 * columns) // columns, height=110)
    order = fan.sort("start", descending=True)["title"].unique(maintain_order=True).to_list()
    facet = alt.Facet("title:N", sort=order, title=None, header=alt.Header(labelFontWeight="bold", labelLimit=240))
    return panel.facet(facet=facet, columns=columns).resolve_scale(y="independent")


def _fans(fan: pl.DataFrame) -> Picture:
    return Picture(
        "fan",
        "Members: median and 80 % of worlds",
        "For each alliance its members by year: the median of the worlds and the band that holds 80 per cent.",
        lambda width: fan_chart(fan, width),
        note="0 where the alliance has ended.",
    )


def _events(store: Store, events: pl.DataFrame, record: Record) -> Block:
    titles = dict(zip(store.manifest["treaties"], store.manifest["titles"], strict=True))
    rows = tuple(
        (
            r["kind"], titles[r["treaty"]], record.state_name(r["state"]) if r["state"] else "–", f"{r['share']:.1%}",
            str(r["median_year"]),
        )
        for r in events.head(MOST_ROWS).iter_rows(named=True)
    )  # fmt: skip
    return Table(
        "Events that happen at least once, by the share of worlds",
        ("event", "treaty", "state", "share", "median year"),
        rows,
        "lllrr",
    )


def _bonds(store: Store, ties: pl.DataFrame, record: Record) -> Block:
    """Pairs that are least certain: neither nearly all nor nearly no worlds."""
    open_ = ties.filter(pl.col("share").is_between(0.02, 0.98)).with_columns(far=(pl.col("share") - 0.5).abs())
    least = open_.sort("far", "a", "b").head(MOST_ROWS).to_dicts()
    rows = tuple((record.state_name(r["a"]), record.state_name(r["b"]), f"{r['share']:.0%}") for r in least)
    sure = ties.filter(pl.col("share") > 0.98).height
    return Table(
        f"Pairs that share a treaty with a defence pledge at the end of {store.manifest['until']}: the least certain",
        ("state", "state", "share of worlds"),
        rows,
        "llr",
        note=f"{sure:,} pairs are bound in more than 98 per cent of the worlds.",
    )


def _states(fan: pl.DataFrame, record: Record) -> Block:
    """Median and band in the first and the last year."""
    first, last = fan["year"].min(), fan["year"].max()
    rows = []
    for (state, what), cell in fan.group_by("state", "what", maintain_order=True):
        title, times, form = DRIVERS[str(what)]
        seen = (cell.filter(pl.col("year") == y).to_dicts()[0] for y in (first, last))
        said = (f"{r['median'] * times:{form}} ({r['low'] * times:{form}} to {r['high'] * times:{form}})" for r in seen)
        rows.append((record.state_name(str(state)), title, *said))
    return Table("Median and 80 % of worlds", ("state", "what", str(first), str(last)), tuple(rows), "llrr")


def _start(store: Store) -> Block:
    rows = tuple((what, kind, source) for what, kind, source in store.manifest["sources"])
    return Table("What is known of the start, and from where", ("what", "kind", "source"), rows, "lll", folded=True)


def _system(system: pl.DataFrame) -> Block:
    first, last = system["year"].min(), system["year"].max()

    def cell(name: str, year: Any) -> str:
        r = system.filter((pl.col("indicator") == name) & (pl.col("year") == year)).to_dicts()[0]
        return f"{r['mean']:,.1f} ({r['low']:,.0f} to {r['high']:,.0f})"

    known = set(system["indicator"].to_list())
    rows = tuple(
        (summary.indicator_title(name), cell(name, first), cell(name, last)) for name in SHOWN if name in known
    )
    return Table("Mean and 80 % of worlds", ("indicator", str(first), str(last)), rows, "lrr")
