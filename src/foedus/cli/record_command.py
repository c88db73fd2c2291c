"""`foedus record check`: is the record sound, and how well is it known?"""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, Own, opened

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def record() -> None:
    """The record's own files."""


@app.command(epilog="Example: foedus record check nato-1949")
def check(
    treaties: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TREATY]...", help="Only these; all and the shared tables by default."),
    ] = None,
    remarks: Annotated[bool, typer.Option("--remarks", help="Also what is not wrong but worth a look.")] = False,
    json: Json = False,
    own: Own = None,
) -> None:
    """Validate shape, dates, references and sources; exit 1 when something is wrong."""
    from foedus.record import check as check_record

    whole = opened(own)
    found = check_record(whole, [whole.treaty(t).id for t in treaties] if treaties else None)
    if json:
        import dataclasses

        show_text.as_json({**dataclasses.asdict(found), "read_share": found.read_share})
    else:
        shown = [*found.problems, *(found.remarks if remarks else ())]
        show_text.lines(*(f"{p.file}: {p}" for p in shown), *_summary(whole, found))
    if found.problems:
        raise typer.Exit(1)


def _summary(whole: object, found: object) -> list[str]:
    from foedus.record import Found, Record

    assert isinstance(whole, Record) and isinstance(found, Found)
    spells = sum(len(t.member) for t in whole.treaties.values())
    duties = sum(len(t.obligation) for t in whole.treaties.values())
    known = ", ".join(f"{n} {c}" for c, n in sorted(found.confidence.items()))
    share = f"{found.read_share:.0%}" if found.read_share is not None else "none"
    return [
        f"{len(whole.treaties)} treaties, {spells} membership spells, {duties} obligations, {len(whole.states)} states, {len(whole.places)} places.",
        f"Entries by how well they are known: {known}; {share} rest on a text or study that was read.",
        f"{len(found.problems)} problems, {len(found.remarks)} remarks.",
    ]
