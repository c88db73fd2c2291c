"""`foedus panel`: tidy tables of states, dyads, treaties and sets of states by year, from the user's own files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.options import Own, opened
from foedus.errors import FoedusError

if TYPE_CHECKING:
    from foedus.panel import Panel

First = Annotated[int, typer.Option("--from", metavar="YEAR", help="The first year.")]
Last = Annotated[
    int | None, typer.Option("--to", metavar="YEAR", help="The last year; as far as the list of states goes.")
]
Add = Annotated[
    list[str] | None,
    typer.Option("--add", metavar="NAMES", help="Additions, separated by commas: foedus panel additions lists them."),
]
Lag = Annotated[
    list[str] | None, typer.Option("--lag", metavar="COLUMNS", help="Columns to repeat as they stood a year before.")
]
Sources = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", help="The folder of the data sets; foedus's own by default.")
]
States = Annotated[str, typer.Option("--states", metavar="LIST", help="The list of states: cow, gw or record.")]
Member = Annotated[
    str, typer.Option("--member", metavar="RULE", help="When a state is in for a year: any-day of it, or year-end.")
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="A file that ends in .parquet, .csv or .dta.")]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: foedus panel treaty-year --from 2015 -o treaties.csv",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def panel() -> None:
    """Tidy tables by year, each column with its source; Parquet keeps where every column comes from."""


@app.command(
    "state-year", epilog="Example: foedus panel state-year --from 1946 --add nmc,majors,democracy -o states.csv"
)
def state_year(
    out: Out,
    first: First = 1816,
    last: Last = None,
    add: Add = None,
    lag: Lag = None,
    states: States = "cow",
    member: Member = "any-day",
    sources: Sources = None,
    own: Own = None,
) -> None:
    """One row for each state and year in the inter-state system."""

    def make() -> Panel:
        from foedus import panel

        options: dict[str, Any] = {"source": states, "member": member.replace("-", "_")}
        return panel.state_year(first=first, last=last, sources=sources, record=opened(own), **options)

    _write("state_year", make, add, lag, out)


@app.command(
    "dyad-year",
    epilog="Example: foedus panel dyad-year --from 1816 --to 2016"
    " --add atop,nmc,contiguity,distance,majors,mids,peace-years -o dyads.parquet",
)
def dyad_year(
    out: Out,
    first: First = 1816,
    last: Last = None,
    add: Add = None,
    lag: Lag = None,
    directed: Annotated[bool, typer.Option("--directed", help="Each pair twice, once from each side.")] = False,
    pledges: Annotated[
        str,
        typer.Option(
            metavar="RULE", help="How an undirected table takes pledges: any or both of the two, or the first."
        ),
    ] = "any",
    states: States = "cow",
    member: Member = "any-day",
    sources: Sources = None,
    own: Own = None,
) -> None:
    """One row for each pair of states and year in which both are in the inter-state system."""

    def make() -> Panel:
        from foedus import panel

        options: dict[str, Any] = {"source": states, "member": member.replace("-", "_"), "aggregation": pledges}
        record = opened(own)
        return panel.dyad_year(directed=directed, first=first, last=last, sources=sources, record=record, **options)

    _write("dyad_year", make, add, lag, out)


@app.command("treaty-year", epilog="Example: foedus panel treaty-year --from 1990 -o treaties.csv")
def treaty_year(
    out: Out,
    first: First = 1816,
    last: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="The last year; today by default.")] = None,
    add: Add = None,
    lag: Lag = None,
    sources: Sources = None,
    own: Own = None,
) -> None:
    """One row for each treaty of the record and year at whose end it was in force: what its parties could bring."""

    def make() -> Panel:
        from foedus import panel

        until = min(date(last, 12, 31), date.today()) if last else None
        return panel.treaty_year(opened(own), first=first, last=until, sources=sources)

    _write("treaty_year", make, add, lag, out)


@app.command("kads", epilog="Example: foedus panel kads --events record --non-events 20 --seed 7 -o foundings.parquet")
def kads(
    out: Out,
    first: First = 1816,
    last: Last = None,
    add: Add = None,
    events: Annotated[str, typer.Option(metavar="LIST", help="Foundings of the record, or of atop.")] = "record",
    non_events: Annotated[
        str, typer.Option("--non-events", metavar="N", help="Sets to draw beside each founding, or all.")
    ] = "10",
    largest: Annotated[int, typer.Option(metavar="K", help="Leave out foundings of more states.", min=2)] = 60,
    seed: Annotated[int, typer.Option(help="Another number draws other sets.")] = 0,
    states: Annotated[str | None, typer.Option("--states", metavar="LIST", help="The list of states.")] = None,
    sources: Sources = None,
    own: Own = None,
) -> None:
    """One row for each set of states that founded an alliance, and for sets of the same size that did not."""
    if non_events != "all" and not non_events.isdigit():
        raise FoedusError(f'--non-events "{non_events}": expected a whole number, or all.')

    def make() -> Panel:
        from foedus import panel

        options: dict[str, Any] = {
            "events": events,
            "source": states,
            "non_events": "all" if non_events == "all" else int(non_events),
        }
        record = opened(own)
        return panel.kads(
            first=first, last=last, sizes=(2, largest), seed=seed, sources=sources, record=record, **options
        )

    _write("kads", make, add, None, out)


@app.command(epilog="Example: foedus panel additions")
def additions() -> None:
    """What can be added, to which panels, from which data set, for which years."""
    from foedus.panel.additions import DYAD, STATE

    for name in sorted({*DYAD, *STATE}):
        kinds = [
            *(["state-year"] if name in STATE else []),
            *(["dyad-year, treaty-year, kads"] if name in DYAD else []),
        ]
        either = DYAD.get(name) or STATE[name]
        print(
            f"{name.replace('_', '-'):<20} {either.years[0]}-{either.years[1]}  {either.source:<20} {', '.join(kinds)}"
        )


@app.command(epilog="Example: foedus panel provenance dyads.parquet")
def provenance(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Parquet file written by foedus panel.")],
) -> None:
    """Where each column of a Parquet file comes from, and what a reader of it must know."""
    from foedus.panel.origin import notes
    from foedus.panel.origin import provenance as of

    for row in of(file).iter_rows(named=True):
        print(f"{row['column']}: {row['says']} ({row['unit']}; {row['kind']}, {row['source']})")
        if row["citation"]:
            print(f"    {row['citation']}")
    for note in notes(file):
        print(f"Note on {note.addition}: {note.n:,} {note.says}.")


def _write(kind: str, make: Callable[[], Panel], add: list[str] | None, lag: list[str] | None, out: Path) -> None:
    """Check what was asked before any work, make the panel, write it whole, say what is in it."""
    from foedus.cli.writing import writable
    from foedus.panel.build import addition_names
    from foedus.panel.writing import form_of, write

    began = time.perf_counter()
    names = addition_names(kind, add or [])
    form_of(out)
    writable(out)
    with _Steps(len(names) + 2) as steps:
        steps.next("states and years")
        made = make()
        for name in names:
            steps.next(name)
            made = made.add(name)
        if lag:
            made = made.lag([c.strip() for columns in lag for c in columns.split(",")])
        steps.next(f"writing {out.name}")
        write(made, out)
    n_rows, n_columns = made.frame.shape
    print(f"Wrote {n_rows:,} rows, {n_columns} columns to {out.resolve()} in {time.perf_counter() - began:.1f} s.")
    for note in made.notes:
        print(f"Note on {note.addition}: {note.n:,} {note.says}.", file=sys.stderr)


class _Steps:
    """A progress bar on stderr, one step for each addition; nothing when stderr is no terminal."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._progress: Any = None

    def __enter__(self) -> _Steps:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task("", total=self._n)
            self._progress.start()
        return self

    def next(self, name: str) -> None:
        """A step begins: its name is shown, and those before it are done."""
        if self._progress:
            task = self._progress.tasks[0]
            done = task.completed + (1 if task.description else 0)
            self._progress.update(self._task, description=name, completed=done)

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()
