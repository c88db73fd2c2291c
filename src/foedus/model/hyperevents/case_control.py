"""The case-control table: every case with its controls and the statistics that a formula reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import EventsError, ModelError
from foedus.model.hyperevents import sampling
from foedus.model.hyperevents.covariates import Covariate, Given, covariates_of
from foedus.model.hyperevents.decay import half_life_of
from foedus.model.hyperevents.events import (
    Events,
    Sets,
    events_of,
    is_case_of,
    numbers_of,
    require_columns,
    times_of,
)
from foedus.model.hyperevents.formula import Term, columns_needed, terms_of
from foedus.model.hyperevents.risk import AtRisk, OnNotAtRisk, at_risk_of, everyone, risk_set
from foedus.model.hyperevents.statistics import Walk

MOST_ROWS = 40_000_000
_CHUNK = 250_000  # rows described in one go: bounds what is held beside the table
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """How controls are drawn. controls per case, None: all; all_pairs: every pair for cases of two; sizes: of cases.

    since, until : cases with since <= time < until, None without bound.
    """

    controls: int | None = 200
    all_pairs: bool = True
    seed: int = 1
    refit: int = 0
    sizes: tuple[int, int | None] = (2, None)
    since: float | None = None
    until: float | None = None

    def __post_init__(self) -> None:
        if self.controls is not None and self.controls < 1:
            raise ModelError(f"controls {self.controls}: expected a whole number from 1, or None for all sets.")


@dataclass(frozen=True, slots=True, eq=False)
class CaseControl:
    """Rows of cases and controls. stratum, is_case, time, size: shape (rows,); columns: statistics by name.

    events : name of each stratum's case, by stratum number. half_life : of the columns with _d. actors : of each row,
    joined by |, where they were kept. n_dropped : cases left out because a member was not at risk.
    """

    stratum: NDArray[np.int64]
    is_case: NDArray[np.int8]
    time: _Floats
    size: NDArray[np.int64]
    columns: Mapping[str, _Floats]
    half_life: float | None = None
    actors: pl.Series | None = None
    events: Mapping[int, str] = field(default_factory=dict)
    n_dropped: int = 0
    data_hash: str = ""

    def __len__(self) -> int:
        return self.stratum.size

    def frame(self) -> pl.DataFrame:
        """As a table: stratum, event, time, is_case, size, actors where kept, and the statistics."""
        head: dict[str, object] = {"stratum": self.stratum}
        if self.events:
            head["event"] = pl.Series(self.stratum).replace_strict(dict(self.events), return_dtype=pl.String)
        head |= {"time": self.time, "is_case": self.is_case, "size": self.size}
        if self.actors is not None:
            head["actors"] = self.actors
        return pl.DataFrame({**head, **{n: c for n, c in self.columns.items() if n != "size"}})

    def only(self, keep: NDArray[np.bool_]) -> CaseControl:
        """The rows where `keep` holds."""
        return CaseControl(
            self.stratum[keep],
            self.is_case[keep],
            self.time[keep],
            self.size[keep],
            {n: c[keep] for n, c in self.columns.items()},
            self.half_life,
            None if self.actors is None else self.actors.filter(pl.Series(keep)),
            self.events,
            self.n_dropped,
            self.data_hash,
        )


def table_of(frame: pl.DataFrame, half_life: float | None = None) -> CaseControl:
    """A case-control table from a frame with stratum, is_case, time and statistics; size if it is there.

    Raises EventsError for missing columns and for statistics that are not numbers.
    """
    require_columns(frame, ("stratum", "is_case"), "case-control table")
    _, stratum = np.unique(frame["stratum"].cast(pl.String).to_numpy(), return_inverse=True)
    if frame["stratum"].dtype.is_integer() or frame["stratum"].cast(pl.Int64, strict=False).null_count() == 0:
        stratum = frame["stratum"].cast(pl.Int64).to_numpy()
    kept = ("stratum", "is_case", "time", "event", "actors")
    columns = {name: numbers_of(frame[name], "case-control table") for name in frame.columns if name not in kept}
    time = times_of(frame["time"], "case-control table") if "time" in frame.columns else np.zeros(len(frame))
    size = columns["size"].astype(np.int64) if "size" in columns else np.zeros(len(frame), np.int64)
    return CaseControl(
        np.asarray(stratum, np.int64),
        is_case_of(frame["is_case"]),
        time,
        size,
        columns,
        half_life,
        frame["actors"] if "actors" in frame.columns else None,
        _event_names(frame, np.asarray(stratum, np.int64)),
        data_hash=_hash(np.asarray(stratum), *columns.values()),
    )


def _event_names(frame: pl.DataFrame, stratum: NDArray[np.int64]) -> dict[int, str]:
    if "event" not in frame.columns:
        return {}
    names = frame["event"].cast(pl.String).to_list()
    return {s: n for s, n in zip(stratum.tolist(), names, strict=True) if n}


def case_control(
    formula: str,
    events: Events | pl.DataFrame,
    covariates: Mapping[str, Given] | None = None,
    *,
    decay: str | float | None = None,
    at_risk: pl.DataFrame | None = None,
    on_not_at_risk: OnNotAtRisk = "error",
    drawing: Sampling | None = None,
    keep_actors: bool = False,
) -> CaseControl:
    """Draw controls for every case and compute what `formula` reads, in the order of time, chunk by chunk.

    events : see `events_of`. covariates : see `covariates_of`. decay : half-life, a number or "20y". at_risk : spells
    with columns actor, entry, exit; everyone always without it. keep_actors : also who is in each set.
    Raises EventsError, NotAtRisk, FormulaError, ModelError.
    """
    history = events if isinstance(events, Events) else events_of(events)
    given = dict(covariates or {})
    half_life = half_life_of(decay)
    terms = terms_of(formula, given, has_decay=half_life is not None)
    if at_risk is not None:
        require_columns(at_risk, ("actor", "entry", "exit"), "at risk")
        history = with_actors(history, at_risk["actor"].cast(pl.String).to_list())
    risk = everyone(len(history.actors)) if at_risk is None else at_risk_of(at_risk, history.actors)
    known = covariates_of(given, history.actors)
    drawn = _draw(history, risk, on_not_at_risk, drawing or Sampling())
    columns = _describe(history, drawn, terms, known, half_life)
    label = _joined(history, drawn.sets) if keep_actors else None
    named = {int(r): history.ids[r] for r in np.unique(drawn.stratum)}
    return CaseControl(
        drawn.stratum, drawn.is_case, history.time[drawn.stratum], drawn.sets.sizes, columns, half_life, label, named,
        drawn.n_dropped, _hash(history.time, history.sets.start, history.sets.member, *columns.values()),
    )  # fmt: skip


def with_actors(events: Events, names: list[str]) -> Events:
    """The same events among more actors."""
    actors = tuple(sorted({*events.actors, *names}))
    if actors == events.actors:
        return events
    place = {name: at for at, name in enumerate(actors)}
    moved = np.array([place[name] for name in events.actors], np.int64)
    sets = Sets(events.sets.start, moved[events.sets.member])  # both orders are those of the names: sets stay sorted
    return Events(actors, events.ids, events.time, sets, events.weight, events.is_case)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    stratum: NDArray[np.int64]
    is_case: NDArray[np.int8]
    sets: Sets
    n_dropped: int


def _draw(history: Events, risk: AtRisk, on_not_at_risk: OnNotAtRisk, drawing: Sampling) -> _Drawn:
    """Cases and controls, the case first in each stratum; strata in order of time."""
    wanted = _cases(history, drawing)
    tied = _tied(history)
    strata: list[int] = []
    blocks: list[NDArray[np.int64]] = []
    n_dropped, n_rows = 0, 0
    for row in wanted:
        present = risk_set(history, row, risk, on_not_at_risk)
        if present is None:
            n_dropped += 1
            continue
        members = history.sets.of(row)
        k = members.size
        same_time = [history.sets.of(r) for r in tied(row) if history.sets.of(r).size == k]
        inside = [np.searchsorted(present, s) for s in same_time if np.isin(s, present).all()]
        excluded = sorted({tuple(int(i) for i in s) for s in inside})
        m = None if k == 2 and drawing.all_pairs else drawing.controls
        n_rows += 1 + min(sampling.n_sets(present.size, k) - len(excluded), m if m is not None else sampling.MOST_SETS)
        if n_rows > MOST_ROWS:
            raise ModelError(
                f"more than {MOST_ROWS:,} rows: take fewer controls, or pass pairs='sample' (--pairs sample)."
            )
        stream = sampling.Stream(drawing.seed, row, drawing.refit)
        others = present[sampling.controls(present.size, k, excluded, m, stream)]
        strata.append(row)
        blocks.append(np.concatenate([members[None, :], others]))
    if not blocks:
        raise EventsError(f"no case is left of {len(wanted)}: {n_dropped} with a member that is not at risk.")
    counts = np.array([len(b) for b in blocks])
    sizes = np.repeat([b.shape[1] for b in blocks], counts)
    is_case = np.zeros(int(counts.sum()), np.int8)
    is_case[np.concatenate(([0], np.cumsum(counts)[:-1]))] = 1
    sets = Sets(np.concatenate(([0], np.cumsum(sizes))), np.concatenate([b.ravel() for b in blocks]))
    return _Drawn(np.repeat(np.array(strata, np.int64), counts), is_case, sets, n_dropped)


def _cases(history: Events, drawing: Sampling) -> list[int]:
    """Events to explain. Raises EventsError if there is none, or if a set occurs twice at one time."""
    sizes = history.sets.sizes
    low, high = drawing.sizes
    chosen = history.is_case & (sizes >= max(low, 1)) & (sizes <= (high if high is not None else np.inf))
    chosen &= history.time >= (drawing.since if drawing.since is not None else -np.inf)
    chosen &= history.time < (drawing.until if drawing.until is not None else np.inf)
    if not chosen.any():
        raise EventsError(f"none of {len(history)} events is a case of size {low} to {high or 'any'} in the period.")
    seen: dict[tuple[float, bytes], int] = {}
    rows = [int(r) for r in np.flatnonzero(chosen)]
    for row in rows:
        key = (float(history.time[row]), history.sets.of(row).tobytes())
        if key in seen:
            raise EventsError(
                f"events {history.ids[seen[key]]!r} and {history.ids[row]!r} are the same set at the same time"
                f" ({history.time[row]:g}). Merge them (weight 2), or set is_case to false for one."
            )
        seen[key] = row
    return rows


def _tied(history: Events) -> Callable[[int], range]:
    first = np.searchsorted(history.time, history.time, side="left")
    last = np.searchsorted(history.time, history.time, side="right")
    return lambda row: range(int(first[row]), int(last[row]))


def _describe(
    history: Events, drawn: _Drawn, terms: tuple[Term, ...], known: Mapping[str, Covariate], half_life: float | None
) -> dict[str, _Floats]:
    needed = columns_needed(terms)
    of_covariates = {n: found for n in needed if (found := _covariate_of(n, known)) is not None}
    from_history = [n for n in needed if n not in of_covariates]
    sizes = drawn.sets.sizes
    walk = Walk(history, from_history, half_life, float((sizes * (sizes - 1) / 2).sum()))
    columns = {n: np.empty(len(drawn.sets)) for n in needed}
    for begin in range(0, len(drawn.sets), _CHUNK):
        rows = np.arange(begin, min(begin + _CHUNK, len(drawn.sets)))
        time, sets = history.time[drawn.stratum[rows]], drawn.sets.take(rows)
        for name, found in zip(from_history, walk.fill(time, sets) if from_history else (), strict=True):
            columns[name][rows] = found
        for name, (covariate, how) in of_covariates.items():
            columns[name][rows] = covariate.aggregate(how, time, sets)
    return columns


def _covariate_of(column: str, known: Mapping[str, Covariate]) -> tuple[Covariate, str] | None:
    """The covariate and the aggregate that a column is called after."""
    for name, covariate in sorted(known.items(), key=lambda item: -len(item[0])):
        if column.startswith(f"{name}_"):
            return covariate, column.removeprefix(f"{name}_")
    return None


def _joined(history: Events, sets: Sets) -> pl.Series:
    names = pl.Series(history.actors)[pl.Series(sets.member)]
    row = np.repeat(np.arange(len(sets)), sets.sizes)
    grouped = pl.DataFrame({"row": row, "name": names}).group_by("row", maintain_order=True).agg(pl.col("name"))
    return grouped["name"].list.join("|").alias("actors")


def _hash(*arrays: NDArray[np.generic]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()
