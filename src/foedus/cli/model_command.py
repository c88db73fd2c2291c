"""`foedus model`: statistics of hyperevents, fitting a model, showing it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EventsFile = Annotated[
    Path, typer.Option("--events", metavar="FILE", help="Columns time, event, actors (joined by |); csv or Parquet.")
]
HalfLife = Annotated[
    str | None,
    typer.Option(
        "--half-life", metavar="TIME", help="Decay: in the unit of time, or years as 20y where times are days."
    ),
]


@app.callback()
def model() -> None:
    """What drives alliances, or any events of sets of actors."""


@app.command(
    epilog="Example: foedus model statistics --events events.csv --rows rows.csv --half-life 7305 -o out.parquet"
)
def statistics(
    events: EventsFile,
    rows: Annotated[
        Path, typer.Option("--rows", metavar="FILE", help="The sets: columns stratum, time, is_case, actors.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Parquet; csv when it ends in .csv.")],
    half_life: HalfLife = None,
    names: Annotated[
        str | None,
        typer.Option("--statistics", metavar="NAME,...", help="act_mean,sub2_mean,sub3_mean,closure_min by default."),
    ] = None,
) -> None:
    """Statistics of given sets at given times from the events strictly before; rows keep their order."""
    import time

    from foedus.cli.writing import writable, write_whole
    from foedus.model.hyperevents.decay import half_life_of
    from foedus.model.hyperevents.statistics import DEFAULT
    from foedus.model.hyperevents.tables import describe, read_table, table_bytes

    began = time.perf_counter()
    writable(out)
    asked = [n.strip() for n in names.split(",") if n.strip()] if names else DEFAULT
    frame = describe(read_table(events), read_table(rows), asked, half_life_of(half_life))
    write_whole(out, table_bytes(frame, out))
    print(f"Wrote {out.resolve()} ({len(frame):,} rows) in {time.perf_counter() - began:.1f} s.")
