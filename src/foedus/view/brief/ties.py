"""What else binds the members, to each other and to outsiders."""

from __future__ import annotations

from typing import Any

import polars as pl

from foedus.measure import overlaps
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.ties import outsiders_chart, partner_counts

TITLE = "What else binds its members"
MOST_ROWS = 20
FEW_BARS = 3  # fewer states than this are told in a sentence instead of a chart


def section(m: Moment) -> Section:
    """Other treaties in force with members of this one, and how far its members are bound beyond it."""
    when = words.day(m.reference)
    if not m.treaty.members_on(m.reference):
        text = f"Not applicable: on {when} the treaty was not in force."
        return Section("ties", TITLE, (Text((text,)),))
    found = overlaps(m.record, m.treaty, m.reference)
    if found.is_empty():
        text = f"On {when} no other treaty of the record bound any of its parties."
        return Section("ties", TITLE, (Text((text,)),))
    bound = [r for r in partner_counts(m.record, m.treaty, m.reference) if r["outside"]]
    blocks: list[Block] = [Text((f"{_overlap(m, found)} {_outsiders(bound)}",))]
    if len(bound) >= FEW_BARS:
        blocks.append(_picture(m, bound))
    blocks.append(_table(m, found))
    return Section("ties", TITLE, tuple(blocks))


def _overlap(m: Moment, found: pl.DataFrame) -> str:
    inside = found.filter(pl.col("n_shared") > 1)
    closed = inside.filter(pl.col("n_outsiders") == 0).height
    outward = found.filter(pl.col("n_outsiders") > 0).height
    n = words.counted(found.height, "other treaty", "other treaties")
    text = f"On {words.day(m.reference)}, {n} of the record bound at least one of its parties"
    if inside.height:
        text += f": {words.number(inside.height)} bound two or more of them to each other"
        if closed:
            text += f" ({words.number(closed)} without any outsider)"
    return f"{text}{' and' if inside.height else ';'} {words.number(outward)} reached beyond them."


def _outsiders(bound: list[dict[str, Any]]) -> str:
    if not bound:
        return "No party shared a defence pledge with an outsider."
    if len(bound) < FEW_BARS:
        each = [f"with {words.counted(r['outside'], 'outsider')}" for r in bound]
        more = f", {words.the(bound[1]['name'])} {each[1]}" if len(bound) > 1 else ""
        return words.sentence(f"{words.the(bound[0]['name'])} shared a defence pledge {each[0]}{more}")
    most = words.counted(int(bound[0]["outside"]), "state")
    return (
        f"{words.sentence(words.counted(len(bound), 'party', 'parties'))[:-1]} shared a defence pledge with"
        " at least one"
        f" outsider; {words.the(bound[0]['name'])} with most, {most}."
    )


def _picture(m: Moment, bound: list[dict[str, Any]]) -> Picture:
    named = "; ".join(f"{r['name']} {r['outside']}" for r in bound[:12])
    return Picture(
        "outsiders",
        "Defence pledges that reach beyond the treaty",
        f"Outsiders to which each party is bound: {named}{'; and others' if len(bound) > 12 else ''}.",
        lambda width: outsiders_chart(m.record, m.treaty, m.reference, width),
        note="Partners outside the treaty in any other treaty in force that holds a defence pledge, each counted once.",
    )


def _table(m: Moment, found: pl.DataFrame) -> Table:
    rows = tuple(_row(m, r) for r in found.head(MOST_ROWS).to_dicts())
    note = "Universal organisations (League, United Nations) are left out."
    more = found.height - len(rows)
    if more > 0:
        note += (
            f" Shown: the {len(rows)} with most members in common; {words.count(more, 'more', 'more')} in the record."
        )
    return Table(
        "Other treaties in force with its members",
        ("Treaty", "Pledges", "Members of both", "Outsiders bound"),
        rows,
        note=note,
    )


def _row(m: Moment, r: dict[str, Any]) -> tuple[str, ...]:
    other = m.record.treaties[r["treaty"]]
    year = "" if str(other.signed.year) in r["title"] else f" ({other.signed.year})"
    outsiders = words.listed([m.name(s) for s in r["outsiders"]], 5)
    return (
        f"{r['title']}{year}" + m.cite.mark(other.sources, other),
        words.listed([words.plain(p) for p in r["pledges"]]) or "no duty",
        f"{r['n_shared']}: " + words.listed([m.name(s) for s in r["shared"]], 6),
        f"{r['n_outsiders']}: {outsiders}" if outsiders else "none",
    )
