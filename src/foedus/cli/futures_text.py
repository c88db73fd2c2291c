"""Runs and comparisons as tables on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.cli.show_text import lines, table

if TYPE_CHECKING:
    import polars as pl

    from foedus.futures.store import Store

FEW = 15


def print_run(
    store: Store, fan: pl.DataFrame, events: pl.DataFrame, system: pl.DataFrame, ids: list[str], states: pl.DataFrame
) -> None:
    """The summary of one run."""
    m = store.manifest
    lines(
        f"{m['scenario_title']}: {m['worlds']:,} worlds from {m['origin'] + 1} to {m['until']}, seed {m['seed']}",
        "Derived by simulation from fitted models; shares are of worlds. What is assumed: foedus futures assumptions",
        *([] if m.get("economy", True) else [_NO_ECONOMY]),
        "",
    )
    last = fan.filter((fan["year"] == m["until"]) & fan["id"].is_in(ids)).sort("start", descending=True)
    rows = [
        (r["id"], str(r["start"]), f"{r['median']}", f"{r['low']} to {r['high']}", f"{r['in_force']:.0%}")
        for r in last.iter_rows(named=True)
    ]
    table(
        f"Members at the end of {m['until']}",
        ("treaty", f"end of {m['origin']}", "median", "80 % of worlds", "in force"),
        rows,
        (1, 2, 3, 4),
    )
    named = [
        (r["kind"], r["treaty"], r["state"], f"{r['share']:.1%}", str(r["median_year"]))
        for r in events.head(FEW).iter_rows(named=True)
    ]
    table(
        "Likeliest events, of which each happens at least once",
        ("event", "treaty", "state", "share", "median year"),
        named,
        (3, 4),
    )
    from foedus.futures.summary import indicator_title

    begin, end = m["origin"] + 1, m["until"]
    whole = [
        (
            indicator_title(name),
            *(_spread(system.filter((system["indicator"] == name) & (system["year"] == y))) for y in (begin, end)),
        )
        for name in dict.fromkeys(system["indicator"].to_list())
    ]
    table("The whole system, mean (80 % of worlds)", ("indicator", str(begin), str(end)), whole, (1, 2))
    if not states.is_empty():
        _print_states(states, begin, end)


_NO_ECONOMY = "Without growth, expenditure, support and disputes: the record has no figures for this origin."


def _print_states(states: pl.DataFrame, begin: int, end: int) -> None:
    """GDP, expenditure and support of states in the first and the last year."""
    import polars as pl

    from foedus.futures.summary import DRIVERS

    rows = []
    for (state, what), cell in states.group_by("state", "what", maintain_order=True):
        title, times, form = DRIVERS[str(what)]
        seen = [cell.filter(pl.col("year") == y).to_dicts()[0] for y in (begin, end)]
        said = [f"{r['median'] * times:{form}} ({r['low'] * times:{form}} to {r['high'] * times:{form}})" for r in seen]
        rows.append((str(state), title, *said))
    table("States, median (80 % of worlds)", ("state", "what", str(begin), str(end)), rows, (2, 3))


def _spread(row: pl.DataFrame) -> str:
    r = row.to_dicts()[0]
    return f"{r['mean']:,.1f} ({r['low']:,.0f} to {r['high']:,.0f})"


def print_comparison(found: dict[str, Any]) -> None:
    """Two runs side by side; differences whose interval holds 0 are left out and counted."""
    lines(f"First:  {found['first']}", f"Second: {found['second']}", "")
    for key, title in (("treaties", "Mean members of treaties"), ("system", "The whole system")):
        word = "treaty" if key == "treaties" else "indicator"
        clear = [r for r in found[key] if r["low"] > 0 or r["high"] < 0]
        rows = [
            (
                r[word],
                f"{r['first']:,.2f}",
                f"{r['second']:,.2f}",
                f"{r['difference']:+,.2f}",
                f"{r['low']:+,.2f} to {r['high']:+,.2f}",
            )
            for r in clear[:FEW]
        ]
        table(
            f"{title} at the end of {found['year']}",
            (word, "first", "second", "difference", "90 % interval"),
            rows,
            (1, 2, 3, 4),
        )
        lines(f"{len(found[key]) - len(clear)} more do not differ by more than chance.", "")
