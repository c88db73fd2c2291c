"""Covariates of actors and of pairs, as they were last known before a time, and their aggregates over sets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import EventsError, FormulaError
from foedus.model.hyperevents import member_kernels
from foedus.model.hyperevents.events import Sets, numbers_of, require_columns, times_of
from foedus.model.hyperevents.statistics import AGGREGATES

Given = pl.DataFrame | Mapping[str, float | None] | Mapping[tuple[str, str], float | None]
OF_ACTORS = (*AGGREGATES, "missing", "mixed_pairs", "prop")
_MOST_VALUES = 40_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Covariate:
    """One covariate over time.

    time : float64, shape (T,), sorted. values : float64, (T, N) for actors or (T, N, N) for pairs; from time[s] on the
    values are values[s]; NaN: not known.
    """

    name: str
    time: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def is_dyadic(self) -> bool:
        """Whether it belongs to pairs."""
        return self.values.ndim == 3

    def aggregate(self, how: str, time: NDArray[np.float64], sets: Sets) -> NDArray[np.float64]:
        """`how` over the members (or pairs of members) of each set, from what was known strictly before its time.

        how : mean, sum, min, max, range, sd_pop, sd_sample, absdiff, missing; for actors also prop (the mean) and
        mixed_pairs (share of pairs with unequal values). NaN where nothing is known. Raises FormulaError for another.
        """
        known = [h for h in OF_ACTORS if not self.is_dyadic or h not in ("mixed_pairs", "prop")]
        if how not in known:
            raise FormulaError(f'{self.name}: "{how}" is not an aggregate of it; known: {", ".join(known)}.')
        slot = np.searchsorted(self.time, time, side="left").astype(np.int64) - 1
        code = OF_ACTORS.index("mean" if how == "prop" else how)
        largest = int(sets.sizes.max()) if len(sets) else 0
        if self.is_dyadic:
            found = np.empty(max(largest * (largest - 1) // 2, 1))
            return member_kernels.over_pairs(self.values, slot, sets.start, sets.member, code, found)
        return member_kernels.over_members(self.values, slot, sets.start, sets.member, code, np.empty(max(largest, 1)))


def covariates_of(given: Mapping[str, Given], actors: Sequence[str]) -> dict[str, Covariate]:
    """Covariates by name.

    given : for each name a mapping from actor (or a pair of actors) to value, or a frame with actor, value and perhaps
        other (pairs, in either order) and time (known from then on). Empty or NaN: not known.
    Raises EventsError for an infinite value or a pair with two values; actors that no event names are passed over.
    """
    for name in given:
        if not name.isidentifier() or re.fullmatch(r"act|sub\d+|closure|exact|superset|size", name):
            raise EventsError(f'covariate "{name}": choose a name of letters, digits and _ that no statistic has.')
    return {name: _covariate(name, _frame(name, source), actors) for name, source in given.items()}


def split_by_name(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A long table (covariate, actor, value, perhaps other and time) as one frame for each covariate."""
    require_columns(frame, ("covariate", "actor", "value"), "covariates")
    parts = frame.partition_by("covariate", as_dict=True, maintain_order=True)
    return {str(key[0]): _lean(part) for key, part in parts.items()}


def _lean(part: pl.DataFrame) -> pl.DataFrame:
    """Without columns other and time where they are empty."""
    blank = [
        c for c in ("other", "time") if c in part.columns and (part[c].is_null() | (part[c].cast(str) == "")).all()
    ]
    return part.drop("covariate", *blank)


def _frame(name: str, source: Given) -> pl.DataFrame:
    if isinstance(source, pl.DataFrame):
        require_columns(source, ("actor", "value"), f"covariate {name}")
        return source
    keys = list(source)
    columns: dict[str, object] = {"value": pl.Series(list(source.values()), dtype=pl.Float64, strict=False)}
    if keys and isinstance(keys[0], tuple):
        columns |= {"actor": [str(k[0]) for k in keys], "other": [str(k[1]) for k in keys]}
    else:
        columns |= {"actor": [str(k) for k in keys]}
    return pl.DataFrame(columns)


def _covariate(name: str, frame: pl.DataFrame, actors: Sequence[str]) -> Covariate:
    value = numbers_of(frame["value"], f"covariate {name}")
    if np.isinf(value).any():
        row = int(np.isinf(value).argmax())
        raise EventsError(
            f"covariate {name}: row {row + 1} ({frame['actor'][row]}) is not finite; leave empty what is not known."
        )
    when = times_of(frame["time"], f"covariate {name}") if "time" in frame.columns else np.full(len(frame), -np.inf)
    place = {a: at for at, a in enumerate(actors)}
    first = [place.get(a, -1) for a in frame["actor"].cast(pl.String).to_list()]
    second = [place.get(a, -1) for a in frame["other"].cast(pl.String).to_list()] if "other" in frame.columns else None
    times = np.unique(when)
    shape = (times.size, len(actors), len(actors)) if second is not None else (times.size, len(actors))
    if np.prod(shape) > _MOST_VALUES:
        raise EventsError(f"covariate {name}: {times.size} times of {shape[1:]} values are too many; give fewer times.")
    values = np.full(shape, np.nan)
    slot = np.searchsorted(times, when).tolist()
    for row in np.flatnonzero(~np.isnan(value)).tolist():
        i, j = first[row], second[row] if second is not None else 0
        if i < 0 or j < 0:
            continue
        cells = [(slot[row], i, j), (slot[row], j, i)] if second is not None else [(slot[row], i)]
        if not np.isnan(values[cells[0]]) and values[cells[0]] != value[row]:
            raise EventsError(f"covariate {name}: row {row + 1} ({actors[i]}) gives a second value; keep one.")
        for cell in cells:
            values[cell] = value[row]
    for s in range(1, times.size):  # what was last known stays known
        values[s] = np.where(np.isnan(values[s]), values[s - 1], values[s])
    return Covariate(name, times, values)
