"""`foedus record`: check it, export it, begin a treaty, see what your own files change, the schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, On, Out, Own, day_of, opened

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
    against: Annotated[
        str | None, typer.Option("--against", metavar="NAME", help="Compare with a data set: atop (and COW's dyads).")
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", metavar="DIR", envvar="FOEDUS_SOURCES", help="Your copies of it: docs/sources.md."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="With --against: explained differences too.")] = False,
    json: Json = False,
    own: Own = None,
) -> None:
    """Validate shape, dates, references and sources; exit 1 when something is wrong."""
    from foedus.record import check as check_record

    whole = opened(own)
    ids = [whole.treaty(t).id for t in treaties] if treaties else None
    if against is not None:
        from foedus.cli import agreement_text

        shown_too = agreement_text.Shown(everything=everything, remarks=remarks, json=json)
        raise typer.Exit(agreement_text.check(whole, against, sources, ids, shown_too))
    found = check_record(whole, ids)
    if json:
        import dataclasses

        show_text.as_json({**dataclasses.asdict(found), "read_share": found.read_share})
    else:
        shown = [*found.problems, *(found.remarks if remarks else ())]
        show_text.lines(*(f"{p.file}: {p}" for p in shown), *_summary(whole, found))
    if found.problems:
        raise typer.Exit(1)


@app.command(epilog="Example: foedus record export --format parquet -o foedus-record")
def export(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write.")],
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="csv, parquet, json or xlsx.")] = "csv",
    on: On = None,
    own: Own = None,
) -> None:
    """Write the record as tables, with a README and a citation; --on is the last day of the yearly tables."""
    import time

    from foedus.panel.export import files, form_of
    from foedus.panel.folder import writable_folder, write_folder

    began, asked, last = time.perf_counter(), form_of(form), day_of(on)
    writable_folder(out, asked)
    made = files(opened(own), asked, last)
    write_folder(out, made, asked)
    size = sum(len(data) for data in made.values()) / 1e6
    print(f"Wrote {len(made)} files to {out.resolve()} ({size:.1f} MB) in {time.perf_counter() - began:.1f} s.")


@app.command(epilog="Example: foedus record new atlantis-lemuria-2030 -o mine/treaties/atlantis-lemuria-2030.toml")
def new(
    treaty: Annotated[str, typer.Argument(metavar="ID", help="Short name and year of signature, as in nato-1949.")],
    out: Out = None,
) -> None:
    """Begin a treaty file: every key explained; or, for a treaty of the record, its file as it stands, to correct."""
    from foedus.cli.writing import write_new
    from foedus.record.template import begun

    text, is_copy = begun(treaty)
    path = write_new(out or Path(f"{treaty}.toml"), f"{treaty}.toml", text.encode())
    done = "the record's own file, to correct" if is_copy else "a treaty to fill in"
    print(f"Wrote {path}: {done}. In a folder DIR/treaties: foedus record check --record DIR")


@app.command(epilog="Example: foedus record diff mine")
def diff(
    own: Annotated[Path, typer.Argument(metavar="DIR", help="Your own record files.")],
    json: Json = False,
) -> None:
    """Say in words what your own files change in the record."""
    from foedus.record.difference import differences

    changes = differences(opened(None), opened(own))
    if json:
        import dataclasses

        show_text.as_json([{**dataclasses.asdict(c), "says": str(c)} for c in changes])
    else:
        show_text.lines(*(str(c) for c in changes), f"{len(changes)} change{'' if len(changes) == 1 else 's'}.")


@app.command(epilog="Example: foedus record schema -o treaty.schema.json")
def schema(out: Out = None) -> None:
    """Print, or write, the JSON Schema of a treaty file, for editors that check TOML while it is typed."""
    from foedus.record.json_schema import json_schema

    if out is None:
        print(json_schema(), end="")
        return
    from foedus.cli.writing import writable, write_whole

    writable(out)
    write_whole(out, json_schema().encode())


def _summary(whole: object, found: object) -> list[str]:
    from foedus.record import Found, Record

    assert isinstance(whole, Record) and isinstance(found, Found)
    spells = sum(len(t.member) for t in whole.treaties.values())
    duties = sum(len(t.obligation) for t in whole.treaties.values())
    known = ", ".join(f"{n} {c}" for c, n in sorted(found.confidence.items()))
    share = f"{found.read_share:.0%}" if found.read_share is not None else "none"
    return [
        f"{len(whole.treaties)} treaties, {spells} membership spells, {duties} obligations,"
        f" {len(whole.states)} states, {len(whole.places)} places.",
        f"Entries by how well they are known: {known}; {share} rest on a text or study that was read.",
        f"{len(found.problems)} problems, {len(found.remarks)} remarks.",
    ]
