"""`foedus casus`: X attacks Y at Z, who is bound?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli import show_text
from foedus.cli.casus_answering import Answering
from foedus.cli.options import Json, On, Own, application, day_of, opened
from foedus.errors import EventError

if TYPE_CHECKING:
    from foedus.casus import Event, Verdict
    from foedus.model.reliability import Likely
    from foedus.record import Record
    from foedus.view.document import Document

Several = list[str] | None


def casus(
    attacker: Annotated[
        Several, typer.Option("--attacker", metavar="STATE", help="Who attacks; may be repeated. Or non-state:NAME.")
    ] = None,
    target: Annotated[Several, typer.Option("--target", metavar="STATE", help="Who is attacked; repeatable.")] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="PLACE|STATE", help="Where; the target's home land by default."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="armed_attack by default; invasion, cyber, threat ...")
    ] = None,
    on: On = None,
    fact: Annotated[
        Several, typer.Option("--fact", metavar="KEY=VALUE", help="What else is so: provoked=contested; repeatable.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", metavar="N", min=0, help="Rounds of entries to follow; 0: none.")
    ] = None,
    assume: Annotated[
        Several,
        typer.Option(
            "--assume", metavar="STATE=DOES|likely", help="What states do: honours, declines, joins; or likely."
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=1, help="With --assume likely: how many draws.")
    ] = 4000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same draws.")] = 1,
    without: Annotated[
        str | None,
        typer.Option("--without", metavar="TERM,...", help="With --assume likely: leave out era, opinion, or both."),
    ] = None,
    event: Annotated[Path | None, typer.Option("--event", metavar="FILE", help="A TOML file with [[case]].")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Only this case of the file.")] = None,
    score: Annotated[
        Path | None, typer.Option("--score", metavar="FILE", help="Compare with the readings that a file expects.")
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Every pair of states on a day instead of one event: the deterrence map.")
    ] = False,
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources", metavar="DIR", envvar="FOEDUS_SOURCES", help="Your copy of NMC, for years before 2024."
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also who is not bound, and why.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="A page (.html, .pdf); with --matrix a table (.csv, .parquet)."
        ),
    ] = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """X attacks Y at Z: who must fight, who must consult, who must stay out, by which article."""
    stated = {
        "--attacker": attacker,
        "--target": target,
        "--place": place,
        "--kind": kind,
        "--on": on,
        "--fact": fact,
    }
    if matrix:
        _alone(stated, event, score)
        from foedus.cli.matrix_text import show_matrix

        show_matrix(opened(own), day_of(on), kind, out, sources, json)
        return
    _together(stated, event, case, score)
    record = opened(own)
    if score:
        _score(record, score, json)
        return
    events = _from_file(record, event, case) if event else [_from_options(record, stated)]
    _note(record, events)
    answering = Answering(record, assume or (), depth, draws, seed, without, sources)
    if out:
        _page(answering, events, out)
        return
    _answer(answering, events, everything, json, single=event is None or case is not None)


def _together(stated: dict[str, Any], event: Path | None, case: str | None, score: Path | None) -> None:
    """Raise EventError for options that say two things at once, or too little."""
    given = [name for name, value in stated.items() if value]
    if event and score:
        raise EventError("--event and --score: give one; --score evaluates the cases of its file itself.")
    if case and not event:
        raise EventError("--case: names a case of a file; give the file with --event FILE.")
    if (event or score) and given:
        file = "--event" if event else "--score"
        raise EventError(f"{file} together with {', '.join(given)}: the file states the event; leave the rest out.")
    if not event and not score and not (stated["--attacker"] and stated["--target"]):
        missing = "--attacker" if not stated["--attacker"] else "--target"
        raise EventError(f"{missing}: missing. Say who attacks whom: foedus casus --attacker RUS --target EST")


def _alone(stated: dict[str, Any], event: Path | None, score: Path | None) -> None:
    """Raise EventError when --matrix stands beside options that describe one event."""
    given = [name for name in ("--attacker", "--target", "--place", "--fact") if stated[name]]
    given += [name for name, value in (("--event", event), ("--score", score)) if value]
    if given:
        raise EventError(
            f"--matrix together with {', '.join(given)}: it takes every pair of states; leave the rest out."
        )


def _page(answering: Answering, events: Sequence[Event], out: Path) -> None:
    """Write the verdict on one event as a page."""
    from foedus.cli.writing import form_of, make_file

    if len(events) != 1:
        raise EventError(f"--out: a page tells of one event, the file has {len(events)}; choose one with --case ID.")
    form = form_of(None, out)
    sides = [f"--attacker {a}" for a in events[0].attackers] + [f"--target {t}" for t in events[0].targets]
    command = f"foedus casus {' '.join(sides)} --on {events[0].day}{answering.options}"

    def compose(progress: Callable[[str], None]) -> Document:
        from foedus.view.casus_page import compose as compose_page

        progress("reading the treaties")
        verdict = answering.verdict(events[0])
        progress("drawing who would come")
        return compose_page(answering.record, verdict, command, answering.likely(events[0]))

    make_file(compose, out, form)


def _from_options(record: Record, stated: dict[str, Any]) -> Event:
    from foedus.casus import read_event
    from foedus.casus.stating import read_facts

    raw = {
        "date": day_of(stated["--on"]),
        "attackers": stated["--attacker"],
        "targets": stated["--target"],
        "place": stated["--place"],
        "kind": stated["--kind"] or "armed_attack",
        "facts": read_facts(record, stated["--fact"] or ()),
    }
    return read_event(record, raw)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise EventError(f"{file}: cannot be read: {says}.") from None


def _from_file(record: Record, file: Path, case: str | None) -> list[Event]:
    from foedus.casus import events_of

    events = events_of(record, _text_of(file), str(file))
    if case is None:
        return events
    found = [e for e in events if e.id == case]
    if not found:
        from difflib import get_close_matches

        ids = [e.id for e in events]
        near = [i for i in ids if case in i] or get_close_matches(case, ids, 3, 0.4)
        hint = f" Nearest: {', '.join(near[:3])}." if near else f" Its cases: {', '.join(ids[:6])} ..."
        raise EventError(f'--case: {file} has no case "{case}".{hint}')
    return found


def _note(record: Record, events: Sequence[Event]) -> None:
    """Say on stderr which facts nothing reads, with the known keys that are near, and which states did not exist."""
    from foedus.casus.stating import unread

    for key, near in unread(record, dict.fromkeys(k for e in events for k in e.facts)).items():
        hint = f" Near: {', '.join(near)}." if near else ""
        print(f'Note: no article reads the fact "{key}".{hint}', file=sys.stderr)
    for e in events:
        for code in (*e.states_attacking, *e.targets):
            if not record.in_system(code, e.day):
                name = record.state_name(code, e.day)
                print(f"Note: {name} ({code}) was no member of the system of states on {e.day}.", file=sys.stderr)


def _answer(answering: Answering, events: Sequence[Event], everything: bool, json: bool, single: bool) -> None:
    record = answering.record
    answers = [(answering.verdict(e), answering.likely(e)) for e in events]
    if json:
        found = [_data(record, verdict, likely) for verdict, likely in answers]
        show_text.as_json(found[0] if single else found)
        return
    from foedus.cli import casus_text

    for verdict, likely in answers:
        casus_text.show(record, verdict, everything)
        if likely is not None:
            from foedus.cli import likely_text
            from foedus.model.shipped import shipped

            likely_text.show(record, likely, shipped("reliability"), everything)


def _data(record: Record, verdict: Verdict, likely: Likely | None) -> dict[str, Any]:
    from foedus.casus.plain import data_of

    if likely is None:
        return data_of(record, verdict)
    from foedus.model.reliability import plain
    from foedus.model.shipped import shipped

    return {**data_of(record, verdict), "likely": plain.data_of(record, likely, shipped("reliability"))}


def _score(record: Record, file: Path, json: bool) -> None:
    from foedus.casus.score import score
    from foedus.cli import casus_text

    found = score(record, _text_of(file), str(file))
    if json:
        show_text.as_json(casus_text.score_data(found))
    else:
        casus_text.show_score(found, file.name)


app = application(casus, "foedus casus --attacker RUS --target EST --kind invasion")
