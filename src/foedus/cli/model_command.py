"""`foedus model`: statistics of hyperevents, fitting a model, showing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import Json

if TYPE_CHECKING:
    from foedus.model.hyperevents import CaseControl

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog='Example: foedus model fit --events events.csv --formula "sqrt(activity)" -o fit.json',
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


@app.command(
    epilog='Example: foedus model fit --events events.csv --formula "sqrt(activity) + sqrt(subrep(2))" -o fit.json'
)
def fit(
    formula: Annotated[str, typer.Option("--formula", metavar="TERMS", help="Terms joined by +: docs/model.md.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The fitted model, as JSON.")],
    events: Annotated[
        Path | None, typer.Option("--events", metavar="FILE", help="Columns time, event, actors (joined by |).")
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="A case-control table to fit, without --events.")
    ] = None,
    save_table: Annotated[
        Path | None, typer.Option("--save-table", metavar="FILE", help="Also write the case-control table.")
    ] = None,
    covariates: Annotated[
        Path | None,
        typer.Option("--covariates", metavar="FILE", help="Columns covariate, actor, value; other for pairs, time."),
    ] = None,
    at_risk: Annotated[
        Path | None, typer.Option("--at-risk", metavar="FILE", help="Columns actor, entry, exit; all, always without.")
    ] = None,
    half_life: HalfLife = None,
    controls: Annotated[int, typer.Option("--controls", min=1, help="Sets drawn for each case.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same controls.")] = 1,
    errors: Annotated[
        str, typer.Option("--errors", metavar="KIND", help="robust, model, or cluster (by time).")
    ] = "robust",
    missing: Annotated[str, typer.Option("--missing", metavar="HOW", help="error, drop, or mean.")] = "error",
    ridge: Annotated[float, typer.Option("--ridge", min=0.0, help="Penalty, for separated or collinear terms.")] = 0.0,
) -> None:
    """Fit which set acts, given when and how many; prints the summary."""
    from foedus.cli.writing import writable, write_whole
    from foedus.model.hyperevents import fit_table
    from foedus.model.hyperevents.tables import table_bytes

    for path in (out, *([save_table] if save_table else [])):
        writable(path)
    options = _options(errors, missing)
    rows = _table(formula, events, table, covariates, at_risk, half_life, controls, seed)
    names = _covariate_names(covariates)
    found = fit_table(formula, rows, covariates=names, ridge=ridge, **options)  # type: ignore[arg-type]
    if events is not None:
        from dataclasses import replace

        found = replace(found, controls=controls, seed=seed)
    if save_table:
        write_whole(save_table, table_bytes(rows.frame(), save_table))
    write_whole(out, found.to_json().encode())
    print(found.summary())


@app.command(epilog="Example: foedus model show fit.json")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A fitted model, as written by: foedus model fit")],
    json: Json = False,
) -> None:
    """Print a fitted model: coefficients, errors, what was left out, how well cases rank."""
    from foedus.model import ModelError
    from foedus.model.hyperevents.result import Fit

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ModelError(f"{file}: cannot be read: {says}. Make one: foedus model fit") from None
    found = Fit.from_json(text)
    print(found.to_json() if json else found.summary(), end="" if json else "\n")


def _options(errors: str, missing: str) -> dict[str, str]:
    """Raise ModelError for words that are not among those known."""
    from foedus.model import ModelError

    for option, given, known in (
        ("--errors", errors, ("robust", "model", "cluster")),
        ("--missing", missing, ("error", "drop", "mean")),
    ):
        if given not in known:
            raise ModelError(f'{option} "{given}": expected {", ".join(known)}.')
    return {"errors": errors, "missing": missing}


def _covariate_names(file: Path | None) -> tuple[str, ...]:
    from foedus.model.hyperevents.covariates import split_by_name
    from foedus.model.hyperevents.tables import read_table

    return tuple(split_by_name(read_table(file))) if file else ()


def _table(
    formula: str,
    events: Path | None,
    table: Path | None,
    covariates: Path | None,
    at_risk: Path | None,
    half_life: str | None,
    controls: int,
    seed: int,
) -> CaseControl:
    """The case-control table, read or made."""
    from foedus.model import ModelError
    from foedus.model.hyperevents import Sampling, case_control, table_of
    from foedus.model.hyperevents.covariates import split_by_name
    from foedus.model.hyperevents.decay import half_life_of
    from foedus.model.hyperevents.tables import read_table

    if (events is None) == (table is None):
        raise ModelError("Give either --events FILE (controls are drawn) or --table FILE (they are in it).")
    if table is not None:
        return table_of(read_table(table), half_life_of(half_life))
    assert events is not None
    return case_control(
        formula,
        read_table(events),
        split_by_name(read_table(covariates)) if covariates else None,
        decay=half_life,
        at_risk=read_table(at_risk) if at_risk else None,
        drawing=Sampling(controls=controls, seed=seed),
        keep_actors=True,
    )
