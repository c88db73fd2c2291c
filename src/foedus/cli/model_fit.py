"""What `foedus model fit` does: a model by name, all that ship, or a hyperevent model of anybody's events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.cli.writing import writable, write_whole

if TYPE_CHECKING:
    from foedus.model.envelope import Fitted
    from foedus.model.hyperevents import CaseControl


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
    from foedus.model.hyperevents import fit_table
    from foedus.model.hyperevents.tables import table_bytes

    if given["formula"] is None:
        raise ModelError("Name a model (all of them: foedus model list), or give --formula with --events or --table.")
    save_table = given["save_table"]
    for path in (out, *([save_table] if save_table else [])):
        writable(path)
    options = _options(given["errors"], given["missing"])
    rows = _table(given)
    found = fit_table(
        given["formula"], rows, covariates=_covariate_names(given["covariates"]), ridge=given["ridge"], **options
    )
    if given["events"] is not None:
        found = replace(found, controls=given["controls"], seed=given["seed"])
    if save_table:
        write_whole(save_table, table_bytes(rows.frame(), save_table))
    write_whole(out, found.to_json().encode())
    return found.summary()


def _options(errors: str, missing: str) -> dict[str, Any]:
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


def _table(given: Mapping[str, Any]) -> CaseControl:
    """The case-control table, read or made."""
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
        drawing=Sampling(controls=given["controls"], seed=given["seed"]),
        keep_actors=True,
    )
