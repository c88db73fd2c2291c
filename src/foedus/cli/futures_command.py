"""`foedus futures`: run many worlds, show what they say, compare two runs, ask in SQL; scenarios and back-tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import futures_backtest, futures_scenario, show_text
from foedus.cli.options import Json, Own, opened

if TYPE_CHECKING:
    from foedus.futures.plan import Plan
    from foedus.futures.store import Store
    from foedus.futures.world import World
    from foedus.record import Record

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: foedus futures run --until 2035 --worlds 500 -o baseline",
    context_settings={"help_option_names": ["-h", "--help"]},
)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.")]


@app.callback()
def futures() -> None:
    """What could happen to the system of alliances: many simulated worlds, year by year."""


@app.command(epilog="Example: foedus futures run --until 2035 --worlds 500 --scenario us-leaves-nato -o us-leaves")
def run(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="A new folder, or one to go on with.")],
    until: Annotated[int, typer.Option("--until", metavar="YEAR", help="The last year of each world.")] = 2040,
    worlds: Annotated[int, typer.Option("--worlds", min=1, help="How many.")] = 1000,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", metavar="FILE", help="A file or a shipped name; several are laid on one another."),
    ] = None,
    origin: Annotated[
        int | None, typer.Option("--origin", metavar="YEAR", help="Begin at the end of it; the last full year.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes.")] = 1,
    on: Annotated[str, typer.Option("--on", metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786.")] = "",
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="NAME", help="Switch off: see foedus futures assumptions.")
    ] = None,
    own: Own = None,
) -> None:
    """Simulate and write the run to a folder; the same command again goes on where it was interrupted."""
    import time

    from foedus.futures.ensemble import job_of, run_to
    from foedus.futures.start import from_record
    from foedus.futures.store import create, manifest_of

    began = time.perf_counter()
    record = opened(own)
    world = from_record(record, origin)
    plan, files = _plan(scenario or [], record, world, until, without or [])
    job = job_of(world, plan, until=until, seed=seed)
    store = create(out, manifest_of(job, worlds, files))
    with _Bar() as bar:
        damaged = run_to(store, job, workers=workers, on=on, progress=bar.tell)
    if damaged:
        typer.echo(f"Made again, for their checksums did not fit: parts {', '.join(map(str, damaged))}.", err=True)
    typer.echo(
        f"Wrote {out} ({worlds:,} worlds, {world.origin + 1} to {until}) in {time.perf_counter() - began:.1f} s."
    )


def _plan(
    names: list[str], record: Record, world: World, until: int, without: list[str]
) -> tuple[Plan, dict[str, str]]:
    """The plan of the scenarios, and the sha256 of each file."""
    from dataclasses import replace

    from foedus.futures.assumptions import NAMES
    from foedus.futures.errors import RunError
    from foedus.futures.plan import BASELINE

    strange = [n for n in without if n not in NAMES]
    if strange:
        raise RunError(
            f"--without {strange[0]}: no assumption of that name can be switched off. Known: {', '.join(NAMES)}."
        )
    if len(names) > 1:
        raise RunError(
            "--scenario: one at a time; put what belongs together into one file: foedus futures scenario new"
        )
    if not names:
        return replace(BASELINE, off=frozenset(without)), {}
    from foedus.futures.compile import compile as compiled
    from foedus.futures.parts import digest
    from foedus.futures.scenario import located
    from foedus.futures.scenario_check import read

    found = read(names[0], record, origin=world.origin, until=until, without=without)
    plan = replace(compiled(found, world, record, until), off=frozenset(without))
    return plan, {f"scenario {found.id}": digest(located(names[0]).read_bytes())}


@app.command(epilog="Example: foedus futures show baseline --treaty nato")
def show(
    folder: Folder,
    treaty: Annotated[
        list[str] | None, typer.Option("--treaty", metavar="ID", help="Only these; by default those with most members.")
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option("--state", metavar="STATE", help="GDP, expenditure and support of these too.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A page with charts, html or pdf.")
    ] = None,
    json: Json = False,
) -> None:
    """What a run says: members of alliances, likely events, who is tied to whom, the whole system."""
    from foedus.futures import summary
    from foedus.futures.store import open_run

    store = open_run(folder)
    if out is not None:
        from foedus.cli.writing import form_of, make_file
        from foedus.record import load
        from foedus.view.futures_run import compose

        states = [s.upper() for s in state or ()]
        make_file(lambda step: compose(store, load(), _chosen(store, treaty), step, states), out, form_of(None, out))
        return
    fan, events, system = summary.members_fan(store), summary.likely(store), summary.system(store)
    ids, of_states = _chosen(store, treaty), summary.states_fan(store, [s.upper() for s in state or ()])
    if json:
        ties = summary.ties(store)
        show_text.as_json(
            {
                "manifest": store.manifest,
                "members": fan.filter(fan["id"].is_in(ids)).to_dicts(),
                "likely": events.to_dicts(),
                "system": system.to_dicts(),
                "ties": ties.to_dicts(),
                **({"states": of_states.to_dicts()} if state else {}),
            }
        )
        return
    from foedus.cli.futures_text import print_run

    print_run(store, fan, events, system, ids, of_states)


def _chosen(store: Store, asked: list[str] | None) -> list[str]:
    """Ids of the treaties to show: those asked for (the beginning of an id is enough), else the twelve largest."""
    from foedus.errors import UnknownTreaty

    ids, start = store.manifest["treaties"], store.manifest["members_at_start"]
    if not asked:
        order = sorted(range(len(start)), key=lambda k: (-start[k], ids[k]))
        return [ids[k] for k in order[:12]]
    found = []
    for name in asked:
        near = [i for i in ids if i == name] or [i for i in ids if i.startswith(f"{name}-")]
        if len(near) != 1 and (known := _by_name(name)) in ids:
            near = [known]
        if len(near) != 1:
            raise UnknownTreaty(name, near, "Treaties of the run: foedus futures sql DIR 'select id from treaties'")
        found += near
    return found


def _by_name(name: str) -> str:
    """Id of the treaty that the record knows by this name, or ""."""
    from foedus.errors import UnknownTreaty
    from foedus.record import load

    try:
        return load().treaty(name).id
    except UnknownTreaty:
        return ""


@app.command(epilog="Example: foedus futures compare baseline us-leaves")
def compare(
    first: Folder,
    second: Annotated[Path, typer.Argument(metavar="DIR", help="The run to set against it.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A page with charts, html or pdf.")
    ] = None,
    json: Json = False,
) -> None:
    """What differs at the end of two runs of one world, with 90 % intervals of the simulation error."""
    from foedus.futures import summary
    from foedus.futures.store import open_run

    one = open_run(first)
    found = summary.compare(one, open_run(second))
    if out is not None:
        from foedus.cli.writing import form_of, make_file
        from foedus.view.futures_compare import compose

        titles = dict(zip(one.manifest["treaties"], one.manifest["titles"], strict=True))
        make_file(lambda step: compose(found, titles), out, form_of(None, out))
        return
    if json:
        show_text.as_json(found)
        return
    from foedus.cli.futures_text import print_comparison

    print_comparison(found)


@app.command(epilog='Example: foedus futures sql baseline "select kind, count(*) as n from events group by kind"')
def sql(
    folder: Folder,
    query: Annotated[
        str, typer.Argument(metavar="SELECT", help="Over events, members, sizes, ties, system, states, treaties.")
    ],
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Ask the parts of a run in SQL (DuckDB), read-only."""
    from foedus.futures import query as asking
    from foedus.futures.store import open_run

    frame = asking.sql(open_run(folder), query)
    if json:
        show_text.as_json(frame.to_dicts())
    elif csv:
        print(frame.write_csv(), end="")
    else:
        cells = [[_cell(v) for v in row] for row in frame.iter_rows()]
        numbers = [i for i, t in enumerate(frame.dtypes) if t.is_numeric()]
        show_text.table(f"{len(frame):,} rows", frame.columns, cells, numbers)


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


@app.command(epilog="Example: foedus futures assumptions")
def assumptions(json: Json = False) -> None:
    """Everything in a run that is assumed rather than estimated, and how to switch it off."""
    from foedus.futures.assumptions import ASSUMPTIONS

    if json:
        show_text.as_json([{"name": a.name, "says": a.says, "value": a.value, "source": a.source} for a in ASSUMPTIONS])
        return
    rows = [(a.name or "-", a.says, a.value, a.source) for a in ASSUMPTIONS]
    show_text.table("Assumed", ("--without", "what", "value", "source"), rows)


class _Bar:
    """Worlds done, time left and memory on one line of stderr; nothing when it is not a terminal."""

    def __enter__(self) -> _Bar:
        import sys

        self._progress = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("worlds"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[memory]}"), console=Console(stderr=True),
            )  # fmt: skip
            self._task = self._progress.add_task("worlds", memory="")
            self._progress.start()
        return self

    def tell(self, done: int, total: int) -> None:
        """Say how far it is."""
        if self._progress:
            self._progress.update(self._task, completed=done, total=total, memory=f"{_memory_mb():,.0f} MB")

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()


def _memory_mb() -> float:
    """Largest resident memory of this process and, as they end, of its workers, MB."""
    import resource

    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


app.add_typer(futures_scenario.app, name="scenario")
app.command("backtest", epilog="Example: foedus futures backtest --data atop --shipped")(futures_backtest.backtest)
