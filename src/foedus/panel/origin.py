"""Where each column of a panel comes from: kept beside the table, and inside a Parquet file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl

from foedus.errors import SchemaError
from foedus.panel.additions import DYAD, STATE
from foedus.panel.build import KEYS, Panel
from foedus.panel.catalogue import Column, DyadAddition, Note, StateTable, of_each_side

METADATA_KEY = "foedus.panel"
PROVENANCE = pl.Schema(
    {
        "column": pl.String(),
        "addition": pl.String(),
        "source": pl.String(),
        "unit": pl.String(),
        "kind": pl.String(),
        "first_year": pl.Int16(),
        "last_year": pl.Int16(),
        "says": pl.String(),
        "citation": pl.String(),
    }
)


def provenance(of: Panel | pl.DataFrame | str | Path) -> pl.DataFrame:
    """One row for each column of a panel, of a frame that was one, or of a Parquet file written from one.

    Schema PROVENANCE. source : name of the data set (`foedus sources list`), "record", or "" for a column that no
    addition brought. kind : observed in the source, or derived by us. first_year, last_year : what the data set
    covers. A frame carries no more than the names of its columns, so they are recognised by name.
    """
    if isinstance(of, Panel):
        return _frame(of.columns)
    if isinstance(of, pl.DataFrame):
        known = _by_name(of)
        return _frame(
            [known.get(c) or Column(c, "", "", "", "derived", "not brought by an addition") for c in of.columns]
        )
    return _frame(_read(Path(of))[0])


def notes(of: str | Path) -> tuple[Note, ...]:
    """The notes of the panel from which a Parquet file was written. Raises SchemaError when it was not."""
    return _read(Path(of))[1]


def metadata(panel: Panel) -> dict[str, str]:
    """What a Parquet file of `panel` carries: columns and notes, as JSON."""
    held = {
        "kind": panel.kind,
        "columns": [{**asdict(c), "citation": citation(c.source)} for c in panel.columns],
        "notes": [asdict(n) for n in panel.notes],
    }
    return {METADATA_KEY: json.dumps(held, ensure_ascii=False)}


def citation(source: str) -> str:
    """How to cite a data set; "" for a source that is none."""
    if source in ("", "panel"):
        return ""
    if source == "record":
        return "The foedus record; each treaty file names its own sources"
    from foedus.sources.citing import cite

    return "; ".join(cite([source], "plain").splitlines())


def _read(path: Path) -> tuple[list[Column], tuple[Note, ...]]:
    try:
        held = json.loads(pl.read_parquet_metadata(path)[METADATA_KEY])
        columns = [Column(**{k: v for k, v in c.items() if k != "citation"}) for c in held["columns"]]
        return columns, tuple(Note(**n) for n in held["notes"])
    except (KeyError, TypeError, ValueError, OSError, pl.exceptions.PolarsError):
        says = (
            f"{path} is no Parquet file that foedus wrote from a panel, so it does not say where its columns come from"
        )
        raise SchemaError(f"{says}. Write one with: foedus panel ... -o FILE.parquet") from None


def _by_name(frame: pl.DataFrame) -> dict[str, Column]:
    """Every column that an addition could have brought to a frame with such keys."""
    found = {c: Column(c, "", "panel", *meaning) for c, meaning in KEYS.items()}
    own = next((c for c in ("ccode", "gwcode") if f"{c}1" in frame.columns and f"{c}2" in frame.columns), None)
    dyads, directed = own is not None, own is not None and bool((frame[f"{own}1"] > frame[f"{own}2"]).any())
    for addition in (DYAD if dyads else STATE).values():
        if isinstance(addition, DyadAddition):
            means = addition.means(directed, "any")
        else:
            means = of_each_side(addition) if dyads and isinstance(addition, StateTable) else addition.means
        for c, m in means.items():
            found[c] = Column(c, addition.name, addition.source, m.unit, m.kind, m.says, *addition.years)
    return found


def _frame(columns: list[Column] | tuple[Column, ...]) -> pl.DataFrame:
    rows = [{"column": c.name, **asdict(c), "citation": citation(c.source)} for c in columns]
    return pl.DataFrame(rows, schema=PROVENANCE)
