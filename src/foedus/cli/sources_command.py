"""`foedus sources`: what is known, what is here, add your own copies, fetch, verify, cite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json

if TYPE_CHECKING:
    from foedus.sources.collection import Status

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Where = Annotated[
    Path | None,
    typer.Option(
        "--sources", metavar="DIR", help="The folder of your copies; $FOEDUS_SOURCES or the cache by default."
    ),
]


@app.callback(epilog="Example: foedus sources list")
def sources() -> None:
    """The scholarly data sets: your own copies, checked; nothing is downloaded without being asked."""


@app.command("list", epilog="Example: foedus sources list --here")
def list_(
    here: Annotated[bool, typer.Option("--here", help="Only those of which there is a copy.")] = False,
    where: Where = None,
    json: Json = False,
) -> None:
    """What is known, and of what there is a copy: version, years, terms."""
    from foedus.sources import folder
    from foedus.sources.collection import statuses

    place = folder(where)
    found = [s for s in statuses(place) if s.path or not here]
    if json:
        show_text.as_json({"folder": str(place), "data_sets": [_status(s) for s in found]})
        return
    n_here = sum(s.path is not None for s in found)
    show_text.table(
        f"{len(found)} data sets, {n_here} here: {place}",
        ("name", "here", "years", "a row is", "may be passed on", "title"),
        [
            (
                s.entry.name,
                (s.version or "other version") if s.path else "-",
                f"{s.years[0]}-{s.years[1]}" if s.years else "",
                s.entry.unit,
                s.entry.redistribute,
                s.entry.title,
            )
            for s in found
        ],
    )
    if not n_here:
        show_text.lines(
            "None is here. Add your own copies: foedus sources add DIR; what to download: foedus sources show NAME."
        )


@app.command(epilog="Example: foedus sources show nmc")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in foedus sources list.")], json: Json = False
) -> None:
    """One data set: producer, terms, columns and units, versions that were checked, where to get it."""
    from foedus.sources import data_set
    from foedus.sources.fetching import by_hand

    entry = data_set(name)
    if json:
        show_text.as_json(_entry(name))
        return
    show_text.lines(
        f"{entry.title} ({name})",
        f"{entry.producer}. A row is: {entry.unit}.",
        entry.note,
        f"Terms: {entry.terms} May be passed on: {entry.redistribute}.",
        *(
            f"Version {v.version}: {v.rows:,} rows, {v.file}" + (f", {v.years[0]}-{v.years[1]}" if v.years else "")
            for v in entry.versions
        ),
        "",
        by_hand(entry),
        "",
    )
    units = entry.units
    show_text.table(
        f"{len(entry.schema)} columns",
        ("column", "type", "unit"),
        [(c, str(t), units.get(c, _of_codes(entry.codes, c))) for c, t in entry.schema.items()],
    )


@app.command(epilog="Example: foedus sources add ~/Downloads/NMC-70-abridged.csv")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="DIR|FILE...", help="Files, or folders of files.")],
    where: Where = None,
) -> None:
    """Recognise files by checksum or columns, read them to be sure, copy them; your files stay as they are."""
    from foedus.errors import SourceError
    from foedus.sources import folder
    from foedus.sources.collection import add as copy_in
    from foedus.sources.collection import candidates, recognise

    place = folder(where)
    n_added, problems = 0, []
    for path in candidates(paths):
        try:
            known = recognise(path)
            copy_in(known, place)
        except SourceError as error:
            problems.append(str(error))
            continue
        n_added += 1
        version = f"version {known.version.version}" if known.version else "version not listed"
        print(f"{path.name}: {known.entry.name}, {version}, by {known.how}; stands as {known.stored_as}")
    show_text.lines(*problems, f"{n_added} added to {place}; {len(problems)} not recognised.")
    if problems or not n_added:
        raise typer.Exit(1)


@app.command(epilog="Example: foedus sources fetch atop_alliances")
def fetch(name: Annotated[str, typer.Argument(metavar="NAME", help="One data set.")], where: Where = None) -> None:
    """Download one data set from its public address, check it; or say what to download by hand, and where."""
    from rich.console import Console
    from rich.progress import Progress

    from foedus.sources import folder
    from foedus.sources.fetching import fetch as download
    from foedus.sources.fetching import source_of

    entry, version = source_of(name)
    print(f"{entry.title}, version {version.version}, from {version.url}\nTerms: {entry.terms}")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(version.file, total=None)
        path = download(name, folder(where), lambda done, of: bar.update(task, completed=done, total=of))
    print(f"Here: {path.resolve()} ({path.stat().st_size / 1e6:.1f} MB); the checksum is right.")


@app.command(epilog="Example: foedus sources verify nmc")
def verify(
    data_sets: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these.")] = None,
    where: Where = None,
    json: Json = False,
) -> None:
    """Read every copy and compare its checksum; exit 1 when one is not as it should be."""
    from foedus.sources import folder
    from foedus.sources.collection import verify as checked

    found = list(checked(folder(where), data_sets or ()))
    wrong = [c for c in found if c.says]
    if json:
        show_text.as_json(
            [
                {
                    "name": c.entry.name,
                    "path": str(c.path),
                    "rows": c.rows,
                    "unchanged": c.unchanged,
                    "problem": c.says or None,
                }
                for c in found
            ]
        )
    else:
        mark = {True: "as published", False: "CHANGED", None: "no known checksum"}
        show_text.table(
            f"{len(found)} files in {folder(where)}",
            ("name", "rows", "content", "problem"),
            [(c.entry.name, f"{c.rows:,}", mark[c.unchanged], "see below" if c.says else "") for c in found],
            right=(1,),
        )
        show_text.lines(*(c.says for c in wrong), f"{len(wrong)} problems.")
    if wrong:
        raise typer.Exit(1)


@app.command(epilog="Example: foedus sources cite nmc atop_dyads --format plain")
def cite(
    data_sets: Annotated[list[str], typer.Argument(metavar="NAME...", help="Data sets.")],
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="bibtex or plain.")] = "bibtex",
) -> None:
    """Print how to cite data sets, each work once."""
    from foedus.sources.citing import cite as citation

    print(citation(data_sets, form))


def _of_codes(codes: object, column: str) -> str:
    assert isinstance(codes, dict)
    if column in codes:
        return f"{codes[column]} code"
    return "our code" if column.removesuffix("_state") in codes else ""


def _status(status: Status) -> dict[str, object]:
    return {
        "name": status.entry.name,
        "title": status.entry.title,
        "producer": status.entry.producer,
        "unit": status.entry.unit,
        "terms": status.entry.terms,
        "redistribute": status.entry.redistribute,
        "file": str(status.path) if status.path else None,
        "version": status.version or None,
        "years": status.years,
    }


def _entry(name: str) -> dict[str, object]:
    import dataclasses

    from foedus.sources import data_set

    entry = data_set(name)
    plain = {f.name: getattr(entry, f.name) for f in dataclasses.fields(entry) if f.name not in ("columns", "versions")}
    plain |= {"not_states": sorted(entry.not_states), "columns": {c: str(t) for c, t in entry.schema.items()}}
    return plain | {"versions": [dataclasses.asdict(v) for v in entry.versions]}
