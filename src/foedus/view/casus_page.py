"""A verdict as a document: ladder, map, findings with their reasons, breaches, conflicts, open questions."""

from __future__ import annotations

import foedus
from foedus.casus import Finding, Verdict
from foedus.model.reliability import Likely
from foedus.record import Record
from foedus.view import words
from foedus.view.document import Block, Citations, Document, Picture, Section, Table, Text
from foedus.view.obligations import described, ladder, shown_levels, verdict_map


def compose(record: Record, verdict: Verdict, command: str, likely: Likely | None = None) -> Document:
    """The document of `verdict`, and of who would come if that was asked; command : what would give it again."""
    cite = Citations(record)
    sections = [_answer(record, verdict), _findings(record, verdict, cite), _rest(record, verdict, cite), _notes()]
    if likely is not None:
        from foedus.model.shipped import shipped
        from foedus.view.likely import section

        sections.insert(1, section(record, likely, shipped("reliability")))
    event = verdict.event
    title = (
        event.title or f"{_names(record, verdict, event.attackers)} attacks {_names(record, verdict, event.targets)}"
    )
    return Document(
        title=title,
        kicker="Casus foederis: who is bound, by which article",
        day=words.day(event.day),
        sections=tuple(sections),
        sources=tuple(cite.found),
        command=command,
        version=foedus.__version__,
    )


def _names(record: Record, verdict: Verdict, states: tuple[str, ...]) -> str:
    return words.listed([s.partition(":")[2] if ":" in s else record.state_name(s, verdict.day) for s in states])


def _answer(record: Record, verdict: Verdict) -> Section:
    event = verdict.event
    where = event.spot.name or (
        f"the home land of {words.the(record.state_name(event.spot.owner, event.day))}"
        if event.spot.owner
        else "the high seas"
    )
    lanes = shown_levels(verdict)
    counted = (
        words.listed([f"{words.count(len(states), 'state')} {words.plain(level)}" for level, states in lanes])
        or "nobody is bound to anything"
    )
    told = f"The event: {words.plain(event.kind)}, {where}, {words.day(event.day)}."
    text = f"{told} By the texts in force that day {counted}."
    blocks: tuple[Block, ...] = (
        Text((text,)),
        Picture(
            "ladder",
            "Who must do what",
            described(record, verdict),
            lambda width: ladder(record, verdict, width),
            note="Hollow: a disputed duty. +1, +2: called by a first or second step of the cascade, not the event.",
        ),
        Picture(
            "map",
            "On the map",
            described(record, verdict),
            lambda width: verdict_map(record, verdict, width),
            note="Borders are today's.",
        ),
    )
    return Section("answer", "The answer", blocks)


def _findings(record: Record, verdict: Verdict, cite: Citations) -> Section:
    bound = [
        f
        for f in verdict.findings
        if f.level != "not_bound" and not (f.level == "may_act" and record.treaties[f.treaty].universal)
    ]
    blocks: list[Block] = []
    if bound:
        blocks.append(_table(record, verdict, cite, "Bound", bound))
    missed = [f for f in verdict.findings if f.level == "not_bound"]
    if missed:
        blocks.append(
            _table(
                record, verdict, cite, f"Not bound, and why: {words.count(len(missed), 'reading')}", missed, folded=True
            )
        )
    return Section(
        "findings", "Article by article", tuple(blocks) or (Text(("No article of the record speaks of this event.",)),)
    )


def _table(
    record: Record, verdict: Verdict, cite: Citations, caption: str, findings: list[Finding], *, folded: bool = False
) -> Table:
    """Findings that differ only by the state stand in one row."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for f in findings:
        groups.setdefault((f.treaty, f.article, f.level, f.sure, f.accept, f.reasons, len(f.path) > 1), []).append(f)
    rows = []
    for same in groups.values():
        f, treaty = same[0], record.treaties[same[0].treaty]
        level = words.plain(f.level) + (
            f" (disputed; or {words.listed([words.plain(a) for a in f.accept])})"
            if f.sure == "disputed" and f.accept
            else ""
        )
        rows.append(
            (
                words.listed([record.state_name(x.state, verdict.day) for x in same]),
                level,
                f"{treaty.title}, {f.article}" + cite.mark(treaty.sources, treaty),
                words.sentence("; ".join(r.says.rstrip(".") for r in f.reasons)),
                " → ".join(f.path[1:]) or "the event",
            )
        )
    return Table(
        caption, ("State", "Level", "Treaty and article", "Why", "Called by"), tuple(rows), align="lllll", folded=folded
    )


def _rest(record: Record, verdict: Verdict, cite: Citations) -> Section:
    blocks: list[Block] = []
    if verdict.steps:
        blocks.append(Text(("The cascade, step by step: " + "; ".join(verdict.steps) + ".",)))
    if verdict.breaches:
        rows = [
            (
                record.state_name(b.state, verdict.day),
                f"{record.treaties[b.treaty].title}, {b.article}"
                + cite.mark(record.treaties[b.treaty].sources, record.treaties[b.treaty]),
                b.says,
            )
            for b in verdict.breaches
        ]
        blocks.append(
            Table(
                "Promises that the attackers break",
                ("State", "Treaty and article", "What it had promised"),
                tuple(rows),
                align="lll",
            )
        )
    for c in verdict.conflicts:
        blocks.append(Text((f"Conflict of duties: {c.says}. {words.sentence(c.hint)}",)))
    if verdict.questions:
        rows = [(q.fact, words.sentence(q.says), words.listed(list(q.matters_for), 6)) for q in verdict.questions]
        blocks.append(
            Table(
                "Questions whose answer would change the result",
                ("Fact", "What is asked", "Matters for"),
                tuple(rows),
                align="lll",
            )
        )
    return Section("rest", "Breaches, conflicts, open questions", tuple(blocks) or (Text(("None.",)),))


def _notes() -> Section:
    notes = (
        "“Bound” is a reading of texts, not a prediction of what a state will do, and not legal advice.",
        "A disputed duty is one on whose reading scholars or governments differ, or that hangs on a fact nobody has "
        "stated; the other levels that can be defended stand beside it.",
    )
    return Section("notes", "How to read this", (Text(notes),))
