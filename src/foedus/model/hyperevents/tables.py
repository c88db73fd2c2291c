"""Tables in and out: events, sets to describe, and the case-control table, as Parquet or csv."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import EventsError
from foedus.model.hyperevents.events import (
    Events,
    Sets,
    events_of,
    is_case_of,
    member_lists,
    require_columns,
    sets_of,
    times_of,
)
from foedus.model.hyperevents.statistics import DEFAULT, compute, statistic


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sets to describe, in the order of their file: stratum as read, time, is_case (0 or 1), each of n entries."""

    stratum: pl.Series
    time: NDArray[np.float64]
    is_case: NDArray[np.int8]
    sets: Sets


def read_table(path: Path) -> pl.DataFrame:
    """A csv file, each column still text, or a Parquet file. Raises EventsError when it cannot be read."""
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False)
    except OSError as error:
        raise EventsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise EventsError(f"{path}: no table: {first}. Expected csv with a header, or Parquet.") from None


def table_bytes(frame: pl.DataFrame, path: Path) -> bytes:
    """`frame` as csv where `path` ends in .csv, else as Parquet."""
    out = BytesIO()
    if path.suffix.lower() == ".csv":
        frame.write_csv(out)
    else:
        frame.write_parquet(out)
    return out.getvalue()


def read_events_and_rows(events: pl.DataFrame, rows: pl.DataFrame) -> tuple[Events, Rows]:
    """Events and the sets to describe, over all actors that either names.

    events : columns time, event, actors. rows : stratum, time, is_case, actors. Actors joined by | or lists.
    Raises EventsError for missing columns, empty or repeated members, times of two kinds.
    """
    require_columns(events, ("time", "event", "actors"), "events")
    require_columns(rows, ("stratum", "time", "is_case", "actors"), "rows")
    if not len(rows):
        raise EventsError("rows: there is none; give at least one row with stratum, time, is_case and actors.")
    lists = member_lists(rows["actors"], "rows")
    known = events_of(events, actors=lists.explode().unique().to_list())
    if _are_dates(events["time"]) != _are_dates(rows["time"]):
        raise EventsError("time: dates in one table and numbers in the other; write both in the same way.")
    sets = sets_of(lists, known.actors, "rows")
    return known, Rows(_stratum(rows["stratum"]), times_of(rows["time"], "rows"), is_case_of(rows["is_case"]), sets)


def describe(
    events: pl.DataFrame, rows: pl.DataFrame, names: Sequence[str] = DEFAULT, half_life: float | None = None
) -> pl.DataFrame:
    """Statistics of the sets in `rows`, in their order.

    names : statistics; each without the suffix _d comes also with decay, as NAME_d, where a half-life is given.
    half_life : in the unit of time (days where times are dates).
    Returns stratum, is_case, size and the statistics. Raises EventsError, FormulaError.
    """
    asked = columns_of(names, half_life)
    for name in asked:
        statistic(name)
    history, given = read_events_and_rows(events, rows)
    found = compute(history, given.time, given.sets, asked, half_life)
    head = {"stratum": given.stratum, "is_case": pl.Series(given.is_case), "size": pl.Series(given.sets.sizes)}
    return pl.DataFrame({**head, **{name: found[c] for c, name in enumerate(asked)}})


def columns_of(names: Sequence[str], half_life: float | None) -> list[str]:
    """The statistics that `names` ask for: without decay first, then with it."""
    plain = [n for n in dict.fromkeys(names) if n != "size"]
    decayed = [f"{n}_d" for n in plain if not n.endswith("_d")] if half_life is not None else []
    return list(dict.fromkeys([*plain, *decayed]))


def _are_dates(column: pl.Series) -> bool:
    first = column.drop_nulls().head(1).to_list()
    return column.dtype.is_temporal() or bool(first and isinstance(first[0], str) and first[0].strip()[4:5] == "-")


def _stratum(column: pl.Series) -> pl.Series:
    """Strata as whole numbers where all are written so, else as they are."""
    if column.null_count():
        raise EventsError("rows: a stratum is missing; give every row the number or name of its case.")
    if column.dtype != pl.String:
        return column
    numbers = column.cast(pl.Int64, strict=False)
    return numbers if not numbers.null_count() and (numbers.cast(pl.String) == column).all() else column
