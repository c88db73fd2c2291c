"""`foedus strategy`: fair shares, what a joint budget should buy, ways to defend an alliance compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import Json, On, Own, day_of, opened
from foedus.errors import FoedusError, OutputError

if TYPE_CHECKING:
    import polars as pl

    from foedus.measure import Evidence
    from foedus.record import Record
    from foedus.strategy import Shares

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: foedus strategy shares nato --on 2026-06-01",
    context_settings={"help_option_names": ["-h", "--help"]},
)
TABLES = (".csv", ".parquet")

Treaty = Annotated[str, typer.Argument(metavar="TREATY", help="An alliance: id, name or alias.")]
Sources = Annotated[
    Path | None,
    typer.Option("--sources", metavar="DIR", envvar="FOEDUS_SOURCES", help="The folder of your data sets."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same draws.")]


@app.callback()
def strategy() -> None:
    """Who should carry how much, what a joint budget should buy, how ways to defend an alliance compare."""


@app.command(epilog="Example: foedus strategy shares nato --function sum --on 2026-06-01")
def shares(
    treaty: Treaty,
    function: Annotated[
        str, typer.Option("--function", metavar="NAME|FILE", help="sum, weakest-link, best-shot, or a TOML file.")
    ] = "sum",
    capability: Annotated[
        str, typer.Option("--capability", metavar="NAME", help="What adds up: milex, gdp or population.")
    ] = "milex",
    worth: Annotated[
        str | None,
        typer.Option("--worth", metavar="NAME:N", help="power:0.5, contest:THREAT[:STEEPNESS], threshold:QUOTA."),
    ] = None,
    on: On = None,
    guideline: Annotated[
        str | None,
        typer.Option("--guideline", metavar="PERCENT,...", help="Per cent of GDP; those agreed by default."),
    ] = None,
    growth: Annotated[
        float, typer.Option("--growth", metavar="PERCENT", help="Growth of GDP a year on the way to a target.")
    ] = 0.0,
    nucleolus: Annotated[bool, typer.Option("--nucleolus", help="Also the nucleolus; at most 10 members.")] = False,
    within: Annotated[
        float, typer.Option("--within", metavar="SHARE", help="Error bound of a sampled value, of the whole.")
    ] = 0.01,
    seed: Seed = 1,
    sources: Sources = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="A page (.html, .pdf) or the table (.csv, .parquet)."),
    ] = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Each member's burden against ability, size, exposure, benefit and its Shapley value; guidelines in money."""
    from foedus.cli import strategy_text
    from foedus.cli.writing import writable
    from foedus.strategy import aims_asked, shares_of
    from foedus.strategy.game_file import worth_asked

    if out is not None:
        writable(out)
    record = opened(own)
    day = day_of(on)
    found = shares_of(
        record,
        record.treaty(treaty),
        day,
        function=function,
        capability=capability,
        worth=worth_asked(record, worth, capability) if worth else None,
        evidence=_evidence(record, sources),
        aims=aims_asked(_numbers("--guideline", guideline)) if guideline else None,
        growth=growth,
        within=within,
        seed=seed,
        with_nucleolus=nucleolus,
    )
    if out is not None:
        _write_shares(record, found, out)
    elif json:
        strategy_text.shares_json(found)
    else:
        strategy_text.show_shares(found)


@app.command(epilog="Example: foedus strategy allocate gcc --plan-only")
def allocate(
    file: Annotated[str, typer.Argument(metavar="FILE|EXAMPLE", help="A TOML file, or a shipped example: nato, gcc.")],
    probabilities: Annotated[
        Path | None,
        typer.Option("--probabilities", metavar="FILE", help="event, probability of a run: .csv, .parquet, .toml."),
    ] = None,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="The plan and its prices, without the rest.")] = False,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", min=0, help="New draws to judge the plan by; 10 or more.")
    ] = 0,
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="DIR", help="GDP and expenditure from your data sets instead.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the whole answer as .json.")
    ] = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """What a joint budget should buy, given threats, who would come, caps and fairness; and shadow prices."""
    import msgspec

    from foedus.cli import strategy_text
    from foedus.cli.show_text import as_json
    from foedus.cli.writing import writable, write_whole
    from foedus.strategy import analyse, as_data, read_plan

    if out is not None:
        if out.suffix != ".json":
            raise OutputError(f"{out} must end in .json.")
        writable(out)
    record = opened(own)
    stated = read_plan(record, _file_of(file), probabilities=probabilities, evidence=_evidence(record, sources))
    data = as_data(analyse(stated, plan_only=plan_only, replications=replications, progress=_said))
    if out is not None:
        write_whole(out, msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n")
        print(f"Wrote {out.resolve()}.")
    elif json:
        as_json(data)
    else:
        strategy_text.show_allocation(data)


@app.command(epilog="Example: foedus strategy backtest --sources ~/data")
def backtest(
    file: Annotated[
        str, typer.Argument(metavar="FILE|EXAMPLE", help="A TOML file with a past day, or a shipped example.")
    ] = "nato-2010",
    sources: Sources = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """The plan that a past year would have made, from what was known then, judged by the years after."""
    from foedus.cli import strategy_backtest_text as text
    from foedus.sources import folder
    from foedus.strategy.backtest import backtest as tested

    found = tested(opened(own), folder(sources), _file_of(file))
    if json:
        text.backtest_json(found)
    else:
        text.show_backtest(found)


@app.command(epilog="Example: foedus strategy doctrines nato --draws 200 --on 2026-06-01")
def doctrines(
    treaty: Treaty = "nato",
    on: On = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Your own doctrines, TOML; the shipped ones without.")
    ] = None,
    era: Annotated[
        str, typer.Option("--era", metavar="ERA", help="Wars that rates of honouring are from: all, since-1945.")
    ] = "all",
    draws: Annotated[int, typer.Option("--draws", metavar="N", min=1, help="Draws from every range.")] = 1000,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The table: .csv or .parquet.")
    ] = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Tripwire, forward defence, rapid reaction and others over many events: who is bound, how fast, at what cost."""
    from foedus.cli import strategy_text
    from foedus.strategy import compare, read_doctrines
    from foedus.strategy.doctrine_file import SHIPPED
    from foedus.strategy.honour import DEFENCE, Rates

    known = {name: name for name in DEFENCE}
    if era not in known:
        raise FoedusError(f'--era: "{era}" is not one; known: {", ".join(known)}.')
    if out is not None:
        _table_form(out)
    record = opened(own)
    found = compare(
        record,
        record.treaty(treaty),
        day_of(on),
        read_doctrines(file or SHIPPED),
        rates=Rates(era=known[era]),
        draws=draws,
        seed=seed,
    )
    if out is not None:
        _write_table(found.frame, out)
    elif json:
        strategy_text.doctrines_json(found)
    else:
        strategy_text.show_doctrines(found)


@app.command(epilog="Example: foedus strategy examples -o plans")
def examples(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Copy them into this folder, to edit.")
    ] = None,
) -> None:
    """The shipped files of allocations and doctrines, with every input sourced or marked as assumed."""
    from foedus.cli.writing import write_new
    from foedus.strategy.analysis import EXAMPLES

    for path in sorted(EXAMPLES.glob("*.toml"), key=lambda p: p.stem):
        if out is None:
            print(path.stem)
        else:
            print(f"Wrote {write_new(out / path.name, path.name, path.read_bytes())}")


def _file_of(file: str) -> Path:
    """A file, or the shipped example of that name."""
    from foedus.strategy import example

    path = Path(file)
    return path if path.is_file() or path.suffix else example(file)


def _evidence(record: Record, folder: Path | None) -> Evidence | None:
    if folder is None:
        return None
    from foedus.measure import gather

    return gather(record, folder)


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise FoedusError(f'{option}: "{text}" is not a list of numbers; write them as 2,3.5') from None


def _said(step: str) -> None:
    """What is being computed, on stderr when somebody is watching."""
    if sys.stderr.isatty():
        print(f"{step} ...", file=sys.stderr)


def _write_shares(record: Record, found: Shares, out: Path) -> None:
    if out.suffix in TABLES:
        _write_table(found.frame, out)
        return
    from foedus.cli.writing import form_of, make_file
    from foedus.view.strategy_page import compose

    make_file(lambda progress: compose(record, found), out, form_of(None, out))


def _table_form(out: Path) -> None:
    from foedus.cli.writing import writable

    if out.suffix not in TABLES:
        raise OutputError(f"{out} must end in {', '.join(TABLES)}; the suffix decides the format.")
    writable(out)


def _write_table(frame: pl.DataFrame, out: Path) -> None:
    from foedus.cli.writing import write_whole
    from foedus.model.hyperevents.tables import table_bytes

    write_whole(out, table_bytes(frame, out))
    print(f"Wrote {out.resolve()}: {frame.height} rows.")
