"""`foedus futures scenario`: begin a scenario, check it, say what it assumes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, Out, Own, opened

if TYPE_CHECKING:
    from foedus.futures.scenario import Scenario
    from foedus.record import Record

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Asked = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or the name of one that ships with foedus.")]
Origin = Annotated[
    int | None,
    typer.Option("--origin", metavar="YEAR", help="The run begins at the end of it; the record's last full year."),
]
Until = Annotated[int | None, typer.Option("--until", metavar="YEAR", help="The last year of the run, when known.")]


@app.callback()
def scenario() -> None:
    """Scenarios: what is assumed about the years to come, in one TOML file."""


@app.command(epilog="Example: foedus futures scenario new baltic-crisis --like taiwan-crisis -o baltic-crisis.toml")
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Lower-case words joined by hyphens.")],
    like: Annotated[
        str | None, typer.Option("--like", metavar="SCENARIO", help="Begin with a copy of this one.")
    ] = None,
    out: Out = None,
) -> None:
    """Begin a scenario: every block explained and commented out, or a copy of one to change."""
    from foedus.cli.writing import write_new
    from foedus.futures.scenario_begin import begun

    path = write_new(out or Path(f"{name}.toml"), f"{name}.toml", begun(name, like).encode())
    print(f"Wrote {path}. Then: foedus futures scenario check {path}")


@app.command("list", epilog="Example: foedus futures scenario list")
def listed(json: Json = False) -> None:
    """The scenarios that ship with foedus."""
    from foedus.futures.scenario import SHIPPED, parse, shipped

    found = [parse((SHIPPED / f"{n}.toml").read_text(encoding="utf-8"), f"{n}.toml") for n in shipped()]
    rows = [(s.id, s.title, s.says) for s in found]
    if json:
        show_text.as_json([{"id": i, "title": t, "says": s} for i, t, s in rows])
    else:
        show_text.table(f"{len(rows)} scenarios", ("id", "title", "in short"), rows)


@app.command(epilog="Example: foedus futures scenario check us-leaves-nato --until 2040")
def check(asked: Asked, origin: Origin = None, until: Until = None, own: Own = None) -> None:
    """Can it be? Names, dates, memberships and contradictions, with the line of each problem; exit 2 if it cannot."""
    from datetime import date

    from foedus.futures.scenario_eligibility import overridden

    found, record, year = _opened(asked, origin, until, own)
    n = len(found.entries())
    print(f"{found.title}: {n} assumption{'' if n == 1 else 's'}, a run from {year + 1} can apply them.")
    for where, says in overridden(found, record, date(year, 12, 31)):
        print(f"  {where}: {says}.")


@app.command(epilog="Example: foedus futures scenario explain us-leaves-nato")
def explain(asked: Asked, origin: Origin = None, until: Until = None, json: Json = False, own: Own = None) -> None:
    """Each assumption in words: when, what, where the record stands today, and what it rests on."""
    import dataclasses

    from foedus.futures.scenario_explain import explain as explained

    found, record, year = _opened(asked, origin, until, own)
    lines = explained(found, record, year)
    if json:
        head = {"id": found.id, "title": found.title, "says": found.says, "checked": found.checked}
        show_text.as_json({**head, "assumptions": [dataclasses.asdict(line) for line in lines]})
        return
    show_text.lines(f"{found.title}. {found.says}", "")
    if not lines:
        return
    rows = [(x.when, x.what, x.today or "–", x.why or "–", x.source or "assumption") for x in lines]
    show_text.table("What it assumes", ("when", "what", "today", "why", "source"), rows)
    show_text.lines("A hazard is the yearly chance that the fitted models give; a factor multiplies it.")


def _opened(asked: str, origin: int | None, until: int | None, own: Path | None) -> tuple[Scenario, Record, int]:
    from foedus.futures.scenario_check import last_full_year, read

    record = opened(own)
    year = last_full_year(record) if origin is None else origin
    return read(asked, record, year, until), record, year
