"""Hyperevents: at a time, a set of actors. Sets are sorted positions in a sorted tuple of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import EventsError
from foedus.model.hyperevents.kernels import sort_each

ORIGIN = date(1815, 1, 1)  # dates are counted in days from here
_SHOWN = 5
_TRUTH = {"1": 1, "1.0": 1, "true": 1, "0": 0, "0.0": 0, "false": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Many sets: members of set r are member[start[r]:start[r + 1]], sorted positions of actors.

    start : int64, shape (n + 1,). member : int64, shape (total,).
    """

    start: NDArray[np.int64]
    member: NDArray[np.int64]

    def __len__(self) -> int:
        return self.start.size - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of members of each set, shape (n,)."""
        return np.diff(self.start)

    def of(self, row: int) -> NDArray[np.int64]:
        """Members of one set."""
        return self.member[self.start[row] : self.start[row + 1]]

    def take(self, rows: NDArray[np.int64]) -> Sets:
        """The sets at `rows`, in that order."""
        sizes = self.sizes[rows]
        start = np.concatenate(([0], np.cumsum(sizes)))
        within = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
        return Sets(start, self.member[np.repeat(self.start[rows], sizes) + within])


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Hyperevents in order of time (ties as given).

    actors : every name that a position stands for, sorted. ids : one per event, distinct. time : float64, days since
    1815-01-01 where dates were given. weight : float64, above 0. is_case : bool; False for history before the window of
    observation, which feeds the statistics but is not explained.
    """

    actors: tuple[str, ...]
    ids: tuple[str, ...]
    time: NDArray[np.float64]
    sets: Sets
    weight: NDArray[np.float64]
    is_case: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def names(self, row: int) -> tuple[str, ...]:
        """Actors of one event."""
        return tuple(self.actors[i] for i in self.sets.of(row))


def events_of(source: pl.DataFrame | Iterable[tuple[object, object, object]], actors: Iterable[str] = ()) -> Events:
    """Hyperevents from a frame, or from tuples (time, event, actors).

    source : columns time (number or date), event (a name of its own), actors (names joined by | or a list); may have
        weight (above 0, default 1) and is_case (default true). actors : names that occur in no event.
    Raises EventsError for what is missing, empty, repeated or not finite, naming the rows.

    >>> len(events_of([(1, "e1", "A|B"), (2, "e2", ["B", "C"])]))
    2
    """
    frame = source if isinstance(source, pl.DataFrame) else _frame_of(source)
    require_columns(frame, ("time", "event", "actors"), "events")
    if not len(frame):
        raise EventsError("events: there is none; give at least one row with time, event and actors.")
    ids = _ids(frame["event"])
    lists = member_lists(frame["actors"], "events")
    names = tuple(sorted({*lists.explode().unique().to_list(), *actors}))
    sets = sets_of(lists, names, "events", ids)
    time = times_of(frame["time"], "events")
    order = np.argsort(time, kind="stable")
    weight = _weights(frame)
    cases = is_case_of(frame["is_case"]) if "is_case" in frame.columns else np.ones(len(ids), bool)
    return Events(
        names,
        tuple(ids[r] for r in order),
        time[order],
        sets.take(order),
        weight[order],
        np.asarray(cases[order], bool),
    )


def require_columns(frame: pl.DataFrame, needed: Sequence[str], what: str) -> None:
    """Raise EventsError that names every column of `needed` that `frame` lacks."""
    missing = [c for c in needed if c not in frame.columns]
    if missing:
        raise EventsError(
            f"{what}: no column {', '.join(missing)}; expected {', '.join(needed)}, found {', '.join(frame.columns)}."
        )


def member_lists(column: pl.Series, what: str) -> pl.Series:
    """Lists of names from a column of lists or of names joined by |. Raises EventsError for an empty set or name."""
    if column.dtype.base_type() in (pl.List, pl.Array):
        lists = column.cast(pl.List(pl.String))
    else:
        lists = column.cast(pl.String).str.split("|")
    empty = _rows((lists.is_null() | (lists.list.len() == 0)).to_numpy())
    if empty:
        raise EventsError(f"{what}: {empty} without actors; write names joined by |, as in A|B|C.")
    names = lists.explode().unique()
    if names.null_count() or (names.str.strip_chars() == "").any():
        rows = _rows(
            lists.list.eval(pl.element().is_null() | (pl.element().str.strip_chars() == "")).list.any().to_numpy()
        )
        raise EventsError(f"{what}: {rows} with an empty name among the actors; write A|B, without | at an end.")
    return lists


def sets_of(lists: pl.Series, actors: Sequence[str], what: str, ids: Sequence[object] = ()) -> Sets:
    """The sets that `lists` name, as positions in `actors`. Raises EventsError for an unknown or repeated member."""
    flat = lists.explode()
    member = flat.cast(pl.Enum(list(actors)), strict=False).to_physical()
    if member.null_count():
        unknown = flat.filter(member.is_null()).unique().sort().to_list()
        raise EventsError(f"{what}: unknown actor {', '.join(map(repr, unknown[:_SHOWN]))}; add it to `actors`.")
    start = np.concatenate(([0], np.cumsum(lists.list.len().to_numpy().astype(np.int64))))
    found = member.to_numpy().astype(np.int64)
    at = sort_each(start, found)
    if at >= 0:
        row = int(np.searchsorted(start, at, side="right")) - 1
        name = f"event {ids[row]!r}" if len(ids) else f"row {row + 1}"
        raise EventsError(f"{what}: {name} names {actors[found[at]]!r} twice; a set has each member once.")
    return Sets(start, found)


def times_of(column: pl.Series, what: str) -> NDArray[np.float64]:
    """Times as numbers; dates as days since 1815-01-01. Raises EventsError for what is neither or not finite."""
    if column.dtype.is_temporal():
        days = (column.cast(pl.Date) - pl.Series([ORIGIN])).dt.total_days()
        column = days
    elif column.dtype == pl.String:
        return times_of(_parsed(column, what), what)
    time: NDArray[np.float64] = column.cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float64)
    wrong = _rows(~np.isfinite(time))
    if wrong:
        raise EventsError(f"{what}: {wrong} without a finite time; write a number or a date YYYY-MM-DD.")
    return time


def is_case_of(column: pl.Series) -> NDArray[np.int8]:
    """1 for cases, 0 for controls, as written in any usual way. Raises EventsError with the row for what is neither."""
    text = column.cast(pl.String)
    meanings = {w: _TRUTH.get(str(w).strip().lower()) for w in text.unique().to_list()}
    unclear = [w for w, m in meanings.items() if m is None]
    if unclear:
        at = int((text.is_null() if unclear[0] is None else text == unclear[0]).arg_max() or 0)
        raise EventsError(f"is_case: row {at + 1} has {column[at]!r}; expected 1 for a case, 0 for a control.")
    return text.replace_strict(meanings, return_dtype=pl.Int8).to_numpy()


def numbers_of(column: pl.Series, what: str) -> NDArray[np.float64]:
    """Numbers, NaN where the cell is empty. Raises EventsError for text that is no number."""
    numbers = column.cast(pl.Float64, strict=False)
    text = column.cast(pl.String).str.strip_chars()
    wrong = numbers.is_null() & text.is_not_null() & (text != "")
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        raise EventsError(f"{what}: {column.name}: row {at + 1} has {column[at]!r}; expected a number.")
    return np.asarray(numbers.fill_null(np.nan).to_numpy(), np.float64)


def _parsed(column: pl.Series, what: str) -> pl.Series:
    """Text as numbers, else as dates."""
    read = column.cast(pl.Float64, strict=False)
    if read.null_count():
        read = column.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    if not read.null_count():
        return read
    at = int(read.is_null().arg_max() or 0)
    raise EventsError(
        f"{what}: the time in row {at + 1}, {column[at]!r}, is not one; write all as numbers or all as YYYY-MM-DD."
    )


def _rows(wrong: NDArray[np.bool_]) -> str:
    """'row 3' or 'rows 3, 8 and 12 more' for the true entries, '' for none."""
    at = np.flatnonzero(wrong) + 1
    if not at.size:
        return ""
    more = f" and {at.size - _SHOWN} more" if at.size > _SHOWN else ""
    return f"row{'s' if at.size > 1 else ''} {', '.join(map(str, at[:_SHOWN]))}{more}"


def _frame_of(rows: Iterable[tuple[object, object, object]]) -> pl.DataFrame:
    taken = list(rows)
    actors = [a.split("|") if isinstance(a, str) else sorted(map(str, _iterated(a))) for _, _, a in taken]
    return pl.DataFrame(
        {
            "time": pl.Series([t for t, _, _ in taken], strict=False),
            "event": pl.Series([None if e is None else str(e) for _, e, _ in taken], dtype=pl.String),
            "actors": pl.Series(actors, dtype=pl.List(pl.String)),
        }
    )


def _iterated(actors: object) -> Iterable[object]:
    if not isinstance(actors, Iterable):
        raise EventsError(f"events: actors {actors!r}; expected names joined by |, or a set or list of names.")
    return actors


def _ids(column: pl.Series) -> list[str]:
    ids = column.cast(pl.String)
    missing = _rows(ids.is_null().to_numpy())
    if missing:
        raise EventsError(f"events: {missing} without a name in the column event; give each event its own.")
    twice = ids.filter(ids.is_duplicated()).unique(maintain_order=True).to_list()
    if twice:
        shown = ", ".join(map(repr, twice[:_SHOWN]))
        raise EventsError(
            f"events: {len(twice)} event{'s' if len(twice) > 1 else ''} occur more than once: {shown}."
            " One event is one row with all its actors joined by |; rename or remove the others."
        )
    return ids.to_list()


def _weights(frame: pl.DataFrame) -> NDArray[np.float64]:
    if "weight" not in frame.columns:
        return np.ones(len(frame))
    weight = numbers_of(frame["weight"], "events")
    wrong = _rows(~(np.isfinite(weight) & (weight > 0)))
    if wrong:
        raise EventsError(
            f"events: {wrong} with a weight that is not a finite number above 0; leave out what has none."
        )
    return weight
