"""`foedus model`: what models there are; fit one, show it, check it; statistics of hyperevents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.options import Json

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: foedus model show withdrawal",
    context_settings={"help_option_names": ["-h", "--help"]},
)

EventsFile = Annotated[
    Path, typer.Option("--events", metavar="FILE", help="Columns time, event, actors (joined by |); csv or Parquet.")
]
Data = Annotated[str | None, typer.Option("--data", metavar="NAME", help="Data set to fit; see: foedus model list.")]
Until = Annotated[int | None, typer.Option("--until", metavar="YEAR", help="Use data to the end of that year only.")]
SpecFile = Annotated[
    Path | None, typer.Option("--spec", metavar="FILE", help="TOML with choices, as since = 1946: docs/model.md.")
]
Sources = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", help="The folder of the data sets; foedus's own by default.")
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


@app.command("list", epilog="Example: foedus model list")
def list_() -> None:
    """The models by name, what each explains, the data it is fitted to, and which fits ship."""
    from foedus.cli.model_text import models_text

    print(models_text())


@app.command(epilog="Example: foedus model fit termination --until 1990 -o termination-1990.json")
def fit(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The fitted model, as JSON.")],
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A model: foedus model list.")] = None,
    data: Data = None,
    until: Until = None,
    spec: SpecFile = None,
    sources: Sources = None,
    all_: Annotated[bool, typer.Option("--all", help="Make every shipped fit again, into the folder --out.")] = False,
    formula: Annotated[
        str | None,
        typer.Option("--formula", metavar="TERMS", help="Without NAME: terms joined by +, as in sqrt(activity)."),
    ] = None,
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
    pairs: Annotated[
        str, typer.Option("--pairs", metavar="HOW", help="For events of two: all pairs, or sample them too.")
    ] = "all",
    refits: Annotated[
        int, typer.Option("--refits", min=0, help="Fits to other controls, to see how far they move it.")
    ] = 0,
    not_at_risk: Annotated[
        str, typer.Option("--not-at-risk", metavar="HOW", help="An event with such an actor: error, drop, or extend.")
    ] = "error",
    errors: Annotated[
        str | None, typer.Option("--errors", metavar="KIND", help="robust (default), model, or cluster (by time).")
    ] = None,
    clusters: Annotated[
        Path | None, typer.Option("--clusters", metavar="FILE", help="Columns event, cluster: errors clustered so.")
    ] = None,
    by_size: Annotated[
        str | None, typer.Option("--by-size", metavar="N,...", help="Also fit sizes apart from each N on, as 2,3,6.")
    ] = None,
    by_period: Annotated[
        str | None, typer.Option("--by-period", metavar="TIME,...", help="Also fit periods apart from each TIME on.")
    ] = None,
    missing: Annotated[str, typer.Option("--missing", metavar="HOW", help="error, drop, or mean.")] = "error",
    ridge: Annotated[float, typer.Option("--ridge", min=0.0, help="Penalty, for separated or collinear terms.")] = 0.0,
) -> None:
    """Fit a model by its name, or (with --formula) which set acts in your own events; prints the summary."""
    from foedus.cli import model_fit

    own = {
        "formula": formula, "events": events, "table": table, "save_table": save_table, "covariates": covariates,
        "at_risk": at_risk,
    }  # fmt: skip
    _one_way(name, all_, {k: v for k, v in own.items() if v is not None}, (until, spec))
    if all_:
        for path in model_fit.fit_shipped(out, sources, data):
            print(path)
    elif name is not None:
        from foedus.cli.model_text import summary

        print(summary(model_fit.fit_named(name, data, until, spec, sources, out)))
    else:
        more = {
            "half_life": half_life, "controls": controls, "seed": seed, "pairs": pairs, "refits": refits,
            "not_at_risk": not_at_risk, "errors": errors, "clusters": clusters, "missing": missing, "ridge": ridge,
            "by_size": by_size, "by_period": by_period,
        }  # fmt: skip
        print(model_fit.fit_events({**own, **more}, out))


@app.command(epilog="Example: foedus model show withdrawal")
def show(
    file: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A fitted model's file, or the name of a model.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Print a fitted model: coefficients, errors, what it rests on. A name means the fit that ships with foedus."""
    from foedus.cli.model_text import summary
    from foedus.model.reading import read_model

    found = read_model(file, data)
    if json:
        print(found.to_json(), end="")
    else:
        print(found.summary() if hasattr(found, "summary") else summary(found))


@app.command(epilog="Example: foedus model check termination --until 1990")
def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A model: foedus model list.")],
    data: Data = None,
    until: Until = None,
    spec: SpecFile = None,
    sources: Sources = None,
) -> None:
    """How well a model's answers agree with what happened; with --until, fitted before and judged after that year."""
    from foedus.model.registry import check as checked
    from foedus.model.spec import read_spec

    print(checked(name, data=data, until=until, spec=read_spec(spec) if spec else None, sources=sources))


def _one_way(name: str | None, everything: bool, own: dict[str, object], of_names: tuple[object, ...]) -> None:
    """Raise ModelError when options of one way to fit are given with another."""
    from foedus.model import ModelError

    options = ", ".join(f"--{k.replace('_', '-')}" for k in own)
    if (name is not None or everything) and own:
        raise ModelError(f"{options}: for your own events, without {name or '--all'}; take one or the other.")
    if everything and (name is not None or any(o is not None for o in of_names)):
        raise ModelError("--all makes the shipped fits as they are: leave out NAME, --until and --spec.")
    if name is None and any(o is not None for o in of_names):
        raise ModelError("--until and --spec go with the name of a model; all of them: foedus model list")
