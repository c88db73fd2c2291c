"""Put the sections of a brief together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import foedus
from foedus.record import Record, Treaty
from foedus.view import words
from foedus.view.brief import (
    allocation,
    attack,
    burden,
    cyber,
    fairness,
    identity,
    obligations,
    outlook,
    people,
    ties,
    vital_signs,
)
from foedus.view.brief.moment import Moment
from foedus.view.document import Citations, Document, Section, Text

Progress = Callable[[str], None]


def compose(
    record: Record, treaty: Treaty, day: date, *, progress: Progress = lambda step: None, no_outlook: str = ""
) -> Document:
    """The brief on `treaty` as of `day`, computed from `record`; `progress` hears each step by name.

    no_outlook : why there is no outlook yet; with it no baseline run is made, and this stands in the outlook's place.
    """
    m = Moment(record, treaty, day, Citations(record, treaty))
    steps: tuple[tuple[str, Callable[[Moment], list[Section]]], ...] = (
        ("what it is", lambda m: [identity.section(m)]),
        ("members", lambda m: [people.section(m)]),
        ("obligations", lambda m: [obligations.section(m)]),
        ("an attack on a member", lambda m: [attack.section(m)]),
        ("burden", burden.sections),
        ("fairness", fairness.sections),
        ("a joint budget", allocation.sections),
        ("vital signs", vital_signs.sections),
        ("cyber cooperation", cyber.sections),
        ("outlook", lambda m: outlook.to_come(m, no_outlook) if no_outlook else outlook.sections(m, progress)),
        ("other ties", lambda m: [ties.section(m)]),
        ("institutions", lambda m: [people.institutions(m)]),
        ("reading notes", lambda m: [_notes(m)]),
    )
    sections: list[Section] = []
    for step, make in steps:
        progress(step)
        sections += make(m)
    full = treaty.name if treaty.short and treaty.short != treaty.name else ""
    return Document(
        title=treaty.title,
        kicker=" · ".join(x for x in ("Alliance brief", full) if x),
        day=words.day(day),
        sections=tuple(sections),
        sources=tuple(m.cite.found),
        command=f"foedus brief {treaty.id} --on {day}",
        version=foedus.__version__,
    )


def _notes(m: Moment) -> Section:
    t = m.treaty
    notes = [
        "“Bound” is our reading of texts, not legal advice, and says nothing about whether a promise will be kept.",
        f"The file of this treaty was last compared with its sources on {words.day(t.checked)}.",
    ]
    if t.note:
        notes.append(f"Note of the record: {words.sentence(t.note)}")
    if t.differs_from_atop:
        notes.append("Where the record differs from ATOP: " + " ".join(words.sentence(d) for d in t.differs_from_atop))
    return Section("notes", "How to read this", (Text(tuple(notes)),))
