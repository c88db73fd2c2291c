"""The atlas: the whole system of alliances from 1815 to a day, as one document. Start with `compose`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

import foedus
from foedus.measure import system_year
from foedus.panel import treaties_by_year
from foedus.record import Record
from foedus.view import words
from foedus.view.document import Block, Citations, Document, KeyFigure, KeyFigures, Picture, Section, Table, Text
from foedus.view.system import (
    MOST_ALLIANCES,
    biggest,
    biggest_chart,
    bound_chart,
    bound_map,
    listed_partners,
    matrix_chart,
    treaties_chart,
)

FIRST_YEAR = 1815
UNIVERSAL = "Universal organisations (League, United Nations) are left out."
Progress = Callable[[str], None]


def compose(record: Record, day: date, *, progress: Progress = lambda step: None) -> Document:
    """The atlas as of `day`, computed from `record`; `progress` hears each step by name."""
    cite = Citations(record)
    progress("the system year by year")
    years = system_year(record, FIRST_YEAR, day)
    frame = treaties_by_year(record, FIRST_YEAR, day)
    alliances = frame.filter(~pl.col("treaty").is_in([t.id for t in record.treaties.values() if t.universal]))
    steps: tuple[tuple[str, Callable[[], Section]], ...] = (
        ("growth", lambda: _growth(record, years, day, cite)),
        ("the map", lambda: _map(record, day)),
        ("the biggest alliances", lambda: _biggest(alliances)),
        ("who is bound to whom", lambda: _bound(record, day)),
        ("the treaties", lambda: _treaties(record, day, cite)),
        ("reading notes", lambda: _notes(record)),
    )
    sections: list[Section] = []
    for step, make in steps:
        progress(step)
        sections.append(make())
    return Document(
        title="Atlas of alliances",
        kicker="The system of alliances since 1815",
        day=words.day(day),
        sections=tuple(sections),
        sources=tuple(cite.found),
        command=f"foedus atlas --on {day}",
        version=foedus.__version__,
    )


def _growth(record: Record, years: pl.DataFrame, day: date, cite: Citations) -> Section:
    now = years.row(-1, named=True)
    bound = years["bound_share"].drop_nulls()
    blocks: list[Block] = [
        Text((_growth_words(years, day, cite),)),
        _figures(record, now),
        Picture(
            "treaties",
            "Treaties in force at the end of each year",
            f"From {years['n_treaties'][0]} in {FIRST_YEAR} to {now['n_treaties']} in {now['year']}; with a"
            " defence pledge"
            f" {years['n_defence'][0]} and {now['n_defence']}.",
            lambda width: treaties_chart(years, width),
            note=UNIVERSAL,
        ),
    ]
    if len(bound) > 1:
        blocks.append(
            Picture(
                "bound",
                "Share of states that share a defence pledge with another",
                f"From {words.per_cent(bound[0])} in 1816 to {words.per_cent(bound[-1])} in {now['year']}.",
                lambda width: bound_chart(years, width),
            )
        )
    return Section("growth", "How the system grew", tuple(blocks))


def _growth_words(years: pl.DataFrame, day: date, cite: Citations) -> str:
    now = years.row(-1, named=True)
    peak = years.sort("n_treaties", descending=True).row(0, named=True)
    text = (
        f"On {words.day(day)} the record holds {words.counted(now['n_treaties'], 'treaty', 'treaties')} in force,"
        f" {words.number(now['n_defence'])} of them with a defence"
        f" pledge{_mean(now['mean_parties_defence'])}. The most at"
        f" the end of any year, or on the day itself, are {peak['n_treaties']}, in {peak['year']}. "
    )
    if now["bound_share"] is not None:
        least = years.filter(pl.col("bound_share").is_not_null()).sort("bound_share").row(0, named=True)
        text += (
            f"Of the {now['n_states']} members of the inter-state system {words.number(now['n_bound'])}"
            f" ({words.per_cent(now['bound_share'])}) share a defence pledge with at least one"
            f" other{cite.mark('cow-states-2016')}; the share was smallest at the end of {least['year']}, at"
            f" {words.per_cent(least['bound_share'])}. "
        )
    return text + (
        "The record holds the treaties that matter most first and is not complete: counts are of the record, not of all"
        " treaties ever made, and rise with its coverage."
    )


def _mean(value: float | None) -> str:
    return "" if value is None else f" and, among these, {value:.1f} parties on average"


def _figures(record: Record, now: dict[str, Any]) -> KeyFigures:
    figures = [
        KeyFigure(str(now["n_treaties"]), "treaties in force"),
        KeyFigure(str(now["n_defence"]), "with a defence pledge"),
    ]
    if now["n_bound"] is not None:
        figures.append(KeyFigure(str(now["n_bound"]), f"of {now['n_states']} states bound by one"))
    figures.append(KeyFigure(str(len(record.treaties)), "treaties in the record, 1814 to today"))
    return KeyFigures(tuple(figures))


def _map(record: Record, day: date) -> Section:
    top = listed_partners(record, day)[:5]
    told = words.listed([f"{name} {n}" for name, n, _ in top])
    note = "Borders are today's, drawn as each area is actually held."
    if day.year < 1992:
        note = (
            "Borders are today's, given to the state that held most of the ground then; colonies are not"
            " drawn with their"
            " rulers."
        )
    if not top:
        text = f"On {words.day(day)} no state shares a defence pledge with another, so there is nothing to map."
        return Section("map", "The map", (Text((text,)),))
    picture = Picture(
        "map",
        f"States bound by a defence pledge on {words.day(day)}",
        f"World map by number of defence partners. Most: {told}.",
        lambda width: bound_map(record, day, width),
        note=note,
    )
    return Section("map", "The map", (picture,))


def _biggest(frame: pl.DataFrame) -> Section:
    titles = biggest(frame, MOST_ALLIANCES)
    if not titles:
        text = "No treaty with a defence pledge had come into force by then."
        return Section("biggest", "The biggest alliances", (Text((text,)),))
    text = (
        f"The {len(titles)} alliances with a defence pledge that reached the most parties, by the year they"
        " began; a lane"
        " is as thick as its number of parties."
    )
    described = f"In order of their beginning: {words.listed(titles)}."
    picture = Picture("biggest", "The biggest alliances over time", described, lambda w: biggest_chart(frame, w))
    return Section("biggest", "The biggest alliances", (Text((text,)), picture))


def _bound(record: Record, day: date) -> Section:
    found = listed_partners(record, day)
    if not found:
        text = f"On {words.day(day)} no defence pledge of the record binds two states."
        return Section("ties", "Who is bound to whom", (Text((text,)),))
    n_pairs = sum(n for _, n, _ in found) // 2
    most = words.sentence(words.the(found[0][0]))[:-1]
    text = (
        f"On {words.day(day)} {words.counted(n_pairs, 'pair of states shares', 'pairs of states share')} a"
        " defence pledge."
        f" {most} has most partners, {words.number(found[0][1])}. A treaty of many members makes many pairs: read the"
        " blocks, not the dots."
    )
    table = Table(
        "Every state with a defence pledge, and its partners",
        ("State", "Partners", "Who"),
        tuple((name, str(n), ", ".join(partners)) for name, n, partners in found),
        align="lrl",
        folded=True,
    )
    picture = Picture(
        "matrix",
        "A dot for each pair that shares a defence pledge",
        f"Matrix of {len(found)} states grouped by region: Americas, Europe, Asia, Oceania, Africa.",
        lambda width: matrix_chart(record, day, width),
        note=(
            "States stand in the same order down and across: by part of the world, within it by region, then those with"
            " most partners first. The table below names every pair."
        ),
    )
    return Section("ties", "Who is bound to whom", (Text((text,)), picture, table))


def _treaties(record: Record, day: date, cite: Citations) -> Section:
    live = [t for t in record.in_force(day) if t.members_on(day) and not t.universal]
    if not live:
        return Section("treaties", "Treaties in force", (Text((f"None on {words.day(day)} in the record.",)),))
    rows = tuple(
        (
            t.title + cite.mark(t.sources, t),
            words.day(t.in_force, t.precision.get("in_force")),
            str(len(t.members_on(day))),
            words.listed([words.plain(p) for p in record.pledges(t, day)]) or "no duty",
        )
        for t in sorted(live, key=lambda t: (-len(t.members_on(day)), t.id))
    )
    table = Table(
        f"{words.count(len(live), 'treaty', 'treaties')} in force on {words.day(day)}",
        ("Treaty", "Since", "Parties", "Pledges"),
        rows,
        align="ldrl",
        note=UNIVERSAL,
    )
    return Section("treaties", "Treaties in force", (table,))


def _notes(record: Record) -> Section:
    notes = (
        "“Bound” is our reading of texts, not legal advice, and says nothing about whether a promise will be kept.",
        "A year is read on its last day. A treaty counts from its entry into force; where that day is not"
        " recorded, from"
        " its signature.",
        f"{len(record.treaties)} treaties are recorded; each file names its sources and how closely they were"
        " looked at."
        " Details: foedus show TREATY, foedus brief TREATY.",
    )
    return Section("notes", "How to read this", (Text(notes),))
