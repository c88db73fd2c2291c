"""What `foedus model fit` does: a model by name, all that ship, or a hyperevent model of anybody's events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.cli.writing import writable, write_whole

if TYPE_CHECKING:
    from foedus.model.envelope import Fitted
    from foedus.model.hyperevents import CaseControl, Split


def fit_named(
    name: str, data: str | None, until: int | None, spec: Path | None, sources: Path | None, out: Path
) -> Fitted:
    """Fit the model `name` and write it."""
    from foedus.model.registry import fit, model
    from foedus.model.spec import read_spec

    model(name)
    writable(out)
    found = fit(name, data=data, until=until, spec=read_spec(spec) if spec else None, sources=sources)
    write_whole(out, found.to_json().encode())
    return found


def fit_shipped(folder: Path, sources: Path | None, data: str | None) -> list[Path]:
    """Every fit that ships with foedus (of one data set, if given), made again into `folder`."""
    import sys

    from foedus.errors import OutputError
    from foedus.model.registry import MODELS, fit

    if not folder.is_dir():
        raise OutputError(f"There is no folder {folder}; make it first: all fits are written there.")
    written = []
    for m in MODELS.values():
        for one in m.shipped:
            if data in (None, one):
                print(f"fitting {m.name} to {one}", file=sys.stderr)
                path = folder / m.file(one)
                writable(path)
                write_whole(path, fit(m.name, data=one, sources=sources).to_json().encode())
                written.append(path)
    return written


def fit_events(given: Mapping[str, Any], out: Path) -> str:
    """Fit which set acts, from events or a case-control table; gives the summary. given : the command's options."""
    from dataclasses import replace

    from foedus.model import ModelError
    from foedus.model.hyperevents import fit_table, with_spread
    from foedus.model.hyperevents.tables import table_bytes

    if given["formula"] is None:
        raise ModelError("Name a model (all of them: foedus model list), or give --formula with --events or --table.")
    save_table = given["save_table"]
    for path in (out, *([save_table] if save_table else [])):
        writable(path)
    options = {**_options(given), "covariates": _covariate_names(given["covariates"]), "ridge": given["ridge"]}
    rows = _table(given)
    found = fit_table(given["formula"], rows, **options)
    if given["events"] is not None:
        found = replace(found, controls=given["controls"], seed=given["seed"])
        refits = range(1, given["refits"] + 1)
        found = with_spread(found, (fit_table(given["formula"], _table(given, r), **options) for r in refits))
    split = _splits(given, rows, options)
    if save_table:
        write_whole(save_table, table_bytes(rows.frame(), save_table))
    write_whole(out, found.to_json().encode())
    return "\n\n".join([found.summary(), *(s.summary(found) for s in split)])


def _splits(given: Mapping[str, Any], rows: CaseControl, options: Mapping[str, Any]) -> list[Split]:
    """Fits by class, where they are asked for."""
    import polars as pl

    from foedus.model import ModelError
    from foedus.model.hyperevents import by_period, by_size
    from foedus.model.hyperevents.events import times_of

    found = []
    if given["by_size"] is not None:
        edges = [e.strip() for e in given["by_size"].split(",")]
        if not all(e.isdigit() for e in edges):
            raise ModelError(f'--by-size "{given["by_size"]}": expected whole numbers, as in 2,3,6.')
        found.append(by_size(given["formula"], rows, [int(e) for e in edges], **options))
    if given["by_period"] is not None:
        edges = [e.strip() for e in given["by_period"].split(",")]
        times = times_of(pl.Series(edges), "--by-period").tolist()
        found.append(by_period(given["formula"], rows, times, edges, **options))
    return found


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    """How to fit. Raises ModelError for words that are not among those known, and options that need others."""
    from foedus.model import ModelError

    for name, known in _WORDS.items():
        if given[name] not in (None, *known):
            option = "--" + name.replace("_", "-")
            raise ModelError(f'{option} "{given[name]}": expected {", ".join(known)}.')
    if given["events"] is None and given["refits"]:
        raise ModelError("--refits: goes with --events; the controls of a --table are drawn already.")
    labels = _labels(given["clusters"]) if given["clusters"] else None
    errors = given["errors"] or ("robust" if labels is None else "cluster")
    return {"errors": errors, "missing": given["missing"], "cluster": labels}


_WORDS = {
    "errors": ("robust", "model", "cluster"),
    "missing": ("error", "drop", "mean"),
    "not_at_risk": ("error", "drop", "extend"),
    "pairs": ("all", "sample"),
}


def _labels(file: Path) -> dict[str, str]:
    """Event to cluster, from a file of both."""
    import polars as pl

    from foedus.model.hyperevents.events import require_columns
    from foedus.model.hyperevents.tables import read_table

    frame = read_table(file)
    require_columns(frame, ("event", "cluster"), str(file))
    return dict(frame.select(pl.col("event", "cluster").cast(pl.String)).drop_nulls().iter_rows())


def _covariate_names(file: Path | None) -> tuple[str, ...]:
    from foedus.model.hyperevents.covariates import split_by_name
    from foedus.model.hyperevents.tables import read_table

    return tuple(split_by_name(read_table(file))) if file else ()


def _table(given: Mapping[str, Any], refit: int = 0) -> CaseControl:
    """The case-control table, read or made; each `refit` has other controls."""
    from foedus.model import ModelError
    from foedus.model.hyperevents import Sampling, case_control, table_of
    from foedus.model.hyperevents.covariates import split_by_name
    from foedus.model.hyperevents.decay import half_life_of
    from foedus.model.hyperevents.tables import read_table

    if (given["events"] is None) == (given["table"] is None):
        raise ModelError("Give either --events FILE (controls are drawn) or --table FILE (they are in it).")
    if given["table"] is not None:
        return table_of(read_table(given["table"]), half_life_of(given["half_life"]))
    return case_control(
        given["formula"],
        read_table(given["events"]),
        split_by_name(read_table(given["covariates"])) if given["covariates"] else None,
        decay=given["half_life"],
        at_risk=read_table(given["at_risk"]) if given["at_risk"] else None,
        on_not_at_risk=given["not_at_risk"],
        drawing=Sampling(given["controls"], given["pairs"] == "all", given["seed"], refit),
        keep_actors=True,
    )
