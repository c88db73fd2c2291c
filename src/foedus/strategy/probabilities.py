"""Probabilities of events from a file that somebody else wrote, for instance a run of futures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl

from foedus.strategy.errors import PlanError

COLUMNS = ("event", "probability")


def read_probabilities(file: Path) -> dict[str, float]:
    """Event -> probability in [0, 1], from a .csv or .parquet with the columns event and probability, or a .toml of
    event = probability. Raises PlanError that names file, row and what was expected."""
    try:
        rows = _rows(file)
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError, tomllib.TOMLDecodeError) as error:
        says = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise PlanError(str(file), [f"cannot be read: {says}"]) from None
    problems, found = [], {}
    for i, (event, value) in enumerate(rows, 1):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            problems.append(f"row {i}, {event}: probability must be a number from 0 to 1, found {value!r}")
        elif event in found:
            problems.append(f"row {i}, {event}: named twice; each event has one probability")
        else:
            found[str(event)] = float(value)
    if problems:
        raise PlanError(str(file), problems)
    return found


def _rows(file: Path) -> list[tuple[object, object]]:
    if file.suffix == ".toml":
        return list(tomllib.loads(file.read_text(encoding="utf-8")).items())
    if file.suffix not in (".csv", ".parquet"):
        raise PlanError(str(file), ["must end in .csv, .parquet or .toml"])
    frame = pl.read_csv(file) if file.suffix == ".csv" else pl.read_parquet(file)
    missing = [c for c in COLUMNS if c not in frame.columns]
    if missing:
        raise PlanError(str(file), [f"no column {' and no column '.join(missing)}; expected event, probability"])
    return [(event, value) for event, value in frame.select(COLUMNS).rows()]
