"""Burden and fairness: each member's part against ability, benefit and what it adds, and the guidelines in money."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl

from foedus.record import Record
from foedus.strategy import Shares, StrategyError, shares_of
from foedus.view import words
from foedus.view.brief.burden import figure_sources, totals
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.fairness import gap_chart, rank_chart

TITLE = "Burden and fairness"
FEW = 3  # below, shares are told by the burden section already
SHOWN = 4  # members named in a sentence
SEEN = 0.0005  # a gap that rounds to nought points is not told


def sections(m: Moment) -> list[Section]:
    """One section, or none when today's figures do not describe the day or cover fewer than three members."""
    sums = totals(m) if m.is_alive else None
    if sums is None or sums.n_known < FEW or m.treaty.universal:
        return []
    try:
        found = _computed(m.record, m.treaty.id, m.day)
    except StrategyError:
        return []
    mark = m.cite.mark(figure_sources(m.record, m.parties))
    return [Section("fairness", TITLE, tuple(blocks(found, mark)))]


@lru_cache(maxsize=8)
def _computed(record: Record, treaty: str, day: date) -> Shares:
    return shares_of(record, record.treaties[treaty], day)


def blocks(found: Shares, mark: str = "") -> list[Block]:
    """Text, chart and tables of `found`. mark : citation of its figures."""
    known = found.frame.drop_nulls("burden_share")
    made: list[Block] = [Text((f"{_gaps(known)}{mark} {_value(found)}", *_guideline_words(found)))]
    made.append(_gap_picture(found))
    if not found.money.is_empty():
        made.append(_money_table(found))
    made.append(_share_table(found))
    return made


def ranks(found: Shares) -> Picture:
    """The chart of ranks, for a page with room for it."""
    return Picture(
        "ranks",
        "Rank by money, by effort, by benefit",
        "For each member its rank by military expenditure, by expenditure as a share of GDP and by share of benefit.",
        lambda width: rank_chart(found.frame, width),
    )


def _gaps(known: pl.DataFrame) -> str:
    gap = pl.col("burden_share") - pl.col("gdp_share")
    above = known.filter(gap > SEEN).sort(gap, descending=True)
    below = known.filter(gap < -SEEN).sort(gap)
    over, under = _named(above, "most above its"), _named(below, "most below")
    return f"Against shares of the members' GDP, {over}; {under}."


def _named(rows: pl.DataFrame, how: str) -> str:
    if rows.is_empty():
        return f"nobody is {how.removeprefix('most ')} it"
    top = rows.head(SHOWN)
    gaps = ((name, 100 * (b - g)) for name, b, g in top.select("name", "burden_share", "gdp_share").rows())
    each = [f"{words.the(name)} ({points:+.1f} points)" for name, points in gaps]
    verb = "are" if len(each) > 1 else "is"
    return f"{how.replace(' its', '')} {verb} {words.listed(each)}"


def _value(found: Shares) -> str:
    value = found.value
    how = "exactly" if value.method == "exact" else f"to within {value.bound / value.whole:.0%} of the whole"
    return (
        "The Shapley value asks what each member adds to every coalition of the others, here with capability"
        " thinning out as the square root of joint expenditure; it is computed"
        f" {how}. It is a norm, and a member's expenditure is both its burden and its capability in it."
    )


def _guideline_words(found: Shares) -> list[str]:
    if found.money.is_empty():
        return []
    parts = []
    for label in found.money["guideline"].unique(maintain_order=True):
        rows = _last(found.money, label)
        total, row = float(rows["sum_musd"].sum()), rows.row(0, named=True)
        if row["more_musd"] is None:
            parts.append(f"{row['percent']:g}% on related ends by {row['year']} is {words.money(total)} a year in all")
        else:
            short = rows.filter(pl.col("more_musd") > 0).height
            parts.append(
                f"{row['percent']:g}% by {row['year']} asks {words.money(total)} a year more from"
                f" {words.counted(short, 'member')}"
                if short
                else f"{row['percent']:g}% asks nothing more of anybody"
            )
    base = found.money.filter(pl.col("mark") == "derived")["year"].to_list()[-1]
    return [words.sentence(f"at the GDP and prices of {base}, {'; '.join(parts)}")]


def _last(money: pl.DataFrame, label: str) -> pl.DataFrame:
    """The last year of one guideline, with what is due beyond what is spent where that is known, else all of it."""
    rows = money.filter(pl.col("guideline") == label)
    return rows.filter(pl.col("year") == pl.col("year").max()).with_columns(
        sum_musd=pl.coalesce("more_musd", "due_musd")
    )


def _gap_picture(found: Shares) -> Picture:
    return Picture(
        "gaps",
        "Who carries more, and less, than each yardstick calls fair",
        "For the members that carry most: burden share over share of GDP, of benefit, and Shapley value.",
        lambda width: gap_chart(found.frame, width),
        note=" ".join(a for a in found.assumed if "benefit" in a.lower() or "border" in a),
    )


def _money_table(found: Shares) -> Table:
    labels = found.money["guideline"].unique(maintain_order=True).to_list()
    last = {g: _last(found.money, g) for g in labels}
    heads = []
    for g in labels:
        row = last[g].row(0, named=True)
        heads.append(f"{row['percent']:g}% by {row['year']}, {'all of it' if row['more_musd'] is None else 'more'}")
    sums = {g: dict(last[g].select("state", "sum_musd").rows()) for g in labels}
    rows = [
        (name, *(f"{sums[g][state] / 1e3:,.1f}" for g in labels))
        for name, state in found.frame.drop_nulls("burden_share").select("name", "state").rows()
    ]
    return Table(
        "What the guidelines mean in money, billion USD a year",
        ("Member", *heads),
        tuple(rows),
        align="l" + "r" * len(labels),
        note="At constant GDP. All of it: what is spent on these ends today is not published by member.",
        folded=True,
    )


def _share_table(found: Shares) -> Table:
    columns = ("burden_share", "gdp_share", "population_share", "border_share", "benefit_share", "fair_share")
    rows = [
        (r["name"], *("–" if r[c] is None else f"{100 * r[c]:.1f}" for c in columns), f"{r['excess_points']:+.1f}")
        for r in found.frame.drop_nulls("burden_share").iter_rows(named=True)
    ]
    heads = ("Member", "Burden", "GDP", "People", "Exposed border", "Benefit", "Shapley", "Burden less Shapley, points")
    return Table(
        "Shares of the members' total, per cent",
        heads,
        tuple(rows),
        align="l" + "r" * (len(heads) - 1),
        folded=True,
    ).trimmed()
