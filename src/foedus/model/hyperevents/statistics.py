"""Statistics of given sets at given times: names, and the walk through time that computes them.

A name is `size`; `act_AGG` (activity), `subK_AGG` (repetition of subsets of K members); `exact` (same set before);
`superset` (all of the set met, perhaps with others); `gwsubKAPPA` (subset repetition with geometric weights, as
gwsub0.5); `closure_min`, `closure_prod`, each also `_outside`. AGG is mean,
sum, min, max, range, sd_pop, sd_sample or absdiff. The suffix `_d` asks for decay.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.model.errors import FormulaError, ModelError
from foedus.model.hyperevents import kernels
from foedus.model.hyperevents.events import Events, Sets

DEFAULT = ("act_mean", "sub2_mean", "sub3_mean", "closure_min")
AGGREGATES = ("mean", "sum", "min", "max", "range", "sd_pop", "sd_sample", "absdiff")
_PLAIN = {
    "size": kernels.SIZE,
    "exact": kernels.EXACT,
    "superset": kernels.SUPERSET,
    "closure_min": kernels.CLOSURE_MIN,
    "closure_prod": kernels.CLOSURE_PROD,
    "closure_min_outside": kernels.OUTSIDE_MIN,
    "closure_prod_outside": kernels.OUTSIDE_PROD,
}
_GEOMETRIC = re.compile(r"gwsub(\d{1,2}(?:\.\d{1,3})?)")
_SUBSETS = re.compile(rf"(?:act|sub([1-9]\d?))_({'|'.join(AGGREGATES)})")

# Matrices of actors by actors: 2,048 actors make 34 MB each. Above, pairs are looked up in sorted lists of partners.
_MATRIX_UP_TO = 2048
_MOST_SUBSETS = 5_000_000


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic. family, k, aggregate as the kernels number them; has_decay: with the half-life."""

    name: str
    family: int
    k: int
    aggregate: int
    has_decay: bool


def statistic(name: str) -> Statistic:
    """The statistic called `name`. Raises FormulaError with the names that are near."""
    bare = name.removesuffix("_d")
    if bare in _PLAIN:
        return Statistic(name, _PLAIN[bare], 0, 0, bare != name and bare != "size")
    weighted = _GEOMETRIC.fullmatch(bare)
    if weighted:
        return Statistic(name, kernels.GEOMETRIC, round(float(weighted[1]) * kernels.KAPPA_UNIT), 0, bare != name)
    match = _SUBSETS.fullmatch(bare)
    if match:
        return Statistic(name, kernels.SUBSETS, int(match[1] or 1), AGGREGATES.index(match[2]), bare != name)
    from difflib import get_close_matches

    known = [*_PLAIN, *(f"{head}_{a}" for head in ("act", "sub2", "sub3") for a in AGGREGATES)]
    near = get_close_matches(bare, known, 3, 0.4)
    raise FormulaError(
        f'"{name}" is not a statistic. {"Near: " + ", ".join(near) + "." if near else ""} Known: '
        f"{', '.join(_PLAIN)}, gwsubKAPPA, act_AGG, subK_AGG with AGG = {', '.join(AGGREGATES)}; _d for decay."
    )


class Walk:
    """A walk through the history: rows must come in order of time, in as many calls as memory asks for."""

    def __init__(self, events: Events, names: Sequence[str], half_life: float | None, rows_hint: float = 0.0) -> None:
        """names : statistics, in the order of the result. half_life : in the unit of time, above 0; for names with _d.

        rows_hint : how many pairs within sets will be asked for, about; decides whether closure is kept as a matrix.
        """
        self.names = tuple(names)
        wanted = [statistic(n) for n in names]
        if any(s.has_decay for s in wanted) and half_life is None:
            raise ModelError(f"{next(s.name for s in wanted if s.has_decay)}: decay needs a half-life; give one.")
        if half_life is not None and not (math.isfinite(half_life) and half_life > 0):
            raise ModelError(f"half-life {half_life}: expected a finite number above 0, in the unit of time.")
        self._events, self._history = events, history_of(events)
        self._parts = [
            _Part(self._history, len(events.actors), [s for s in wanted if s.has_decay is decays],
                  [p for p, s in enumerate(wanted) if s.has_decay is decays],
                  float(half_life) if decays and half_life is not None else math.inf, rows_hint)
            for decays in (False, True)
            if any(s.has_decay is decays for s in wanted)
        ]  # fmt: skip
        self._last = -math.inf

    def fill(self, time: NDArray[np.float64], sets: Sets) -> NDArray[np.float64]:
        """Statistics of `sets` at `time` (n,), as float64 of shape (names, n); only events strictly before count."""
        order = np.argsort(time, kind="stable")
        if time.size and time[order[0]] < self._last:
            raise ValueError("rows of a later call lie before those of an earlier one")
        out = np.empty((len(self.names), time.size))
        largest = int(sets.sizes.max()) if time.size else 0
        for part in self._parts:
            out[part.places] = part.fill(order, time, sets, largest)
        if time.size:
            self._last = float(time[order[-1]])
        return out


def compute(
    events: Events, time: NDArray[np.float64], sets: Sets, names: Sequence[str], half_life: float | None = None
) -> NDArray[np.float64]:
    """Statistics of `sets` at `time`, in the order of the rows; float64, shape (names, rows).

    Source: Lerner and Lomi (2023), "Relational hyperevent models for polyadic interaction networks", JRSS-A.
    """
    sizes = sets.sizes
    return Walk(events, names, half_life, float((sizes * (sizes - 1) / 2).sum())).fill(time, sets)


class _Part:
    """The statistics with one half-life."""

    def __init__(
        self,
        history: kernels.History,
        n_actors: int,
        statistics: Sequence[Statistic],
        places: Sequence[int],
        half_life: float,
        rows_hint: float,
    ) -> None:
        self.places, self._half_life, self._history = list(places), half_life, history
        self._statistics = statistics
        self._columns = np.array([(s.family, s.k, s.aggregate) for s in statistics], np.int64).reshape(-1, 3)
        families = {s.family for s in statistics}
        matrix = n_actors <= _MATRIX_UP_TO
        keep = matrix and _matrix_pays(history, rows_hint)
        self._state = _state_of(
            history,
            n_actors,
            matrix,
            keep and kernels.CLOSURE_MIN in families,
            keep and kernels.CLOSURE_PROD in families,
        )

    def fill(
        self, order: NDArray[np.int64], time: NDArray[np.float64], sets: Sets, largest: int
    ) -> NDArray[np.float64]:
        out = np.empty((len(self._statistics), time.size))
        found = np.empty(self._scratch(largest))
        kernels.fill(
            self._history, self._state, self._half_life, order, time, sets.start, sets.member, self._columns, found, out
        )
        return out

    def _scratch(self, largest: int) -> int:
        """Room for the subset degrees of the largest set, where one by one they are needed."""
        spread = [s for s in self._statistics if s.family == kernels.SUBSETS and (s.k, s.aggregate) and s.aggregate > 1]
        most = max((math.comb(largest, s.k) for s in spread), default=0)
        if most > _MOST_SUBSETS:
            worst = max(spread, key=lambda s: math.comb(largest, s.k))
            raise ModelError(
                f"{worst.name}: a set of {largest} has {most:,} subsets of {worst.k}, one by one too many;"
                f" use the mean or the sum, which need no list of subsets."
            )
        return most


def history_of(events: Events) -> kernels.History:
    """The events in the form that the kernels walk through."""
    start, member = events.sets.start, events.sets.member
    owner = np.repeat(np.arange(len(events)), events.sets.sizes)
    post_event = owner[np.argsort(member, kind="stable")]
    post_start = np.concatenate(([0], np.cumsum(np.bincount(member, minlength=len(events.actors)))))
    near_start, near = kernels.meetings(start, member, post_start, post_event)
    near = near[np.lexsort((near, np.repeat(np.arange(near_start.size - 1), np.diff(near_start))))]
    return kernels.History(events.time, events.weight, start, member, post_start, post_event, near_start, near)


def _matrix_pays(history: kernels.History, pairs: float) -> bool:
    """Whether keeping closure for all pairs costs less than working it out for about `pairs` pairs of rows."""
    partners = np.diff(history.near_start).astype(np.float64)
    two_steps = np.add.reduceat(
        np.append(partners[history.near], 0.0), np.minimum(history.near_start[:-1], history.near.size)
    )
    two_steps[partners == 0] = 0.0
    keeping = float(two_steps[history.member].sum())
    each = float((partners * partners).sum() / max(partners.sum(), 1.0))  # partners of one met at random
    return keeping < pairs * each


def _state_of(
    history: kernels.History, n_actors: int, matrix: bool, closure_min: bool, closure_prod: bool
) -> kernels.State:
    def square(wanted: bool) -> NDArray[np.float64]:
        return np.zeros((n_actors, n_actors) if wanted else (0, 0))

    def integers(n: int) -> NDArray[np.int64]:
        return np.zeros(n, np.int64)

    n_events = history.time.size
    return kernels.State(
        degree=np.zeros(n_actors),
        pair=square(matrix),
        near_value=np.zeros(0 if matrix else history.near.size),
        closure_min=square(closure_min),
        closure_prod=square(closure_prod),
        value=np.zeros(n_events),
        used=integers(n_actors),
        seen=integers(n_events),
        inside=integers(n_actors),
        skipped=integers(n_actors),
        changed=integers(n_actors),
        is_changed=np.zeros(n_actors, np.bool_),
        sum_min=np.zeros(n_actors),
        sum_prod=np.zeros(n_actors),
        touched=integers(n_actors),
        cursor=integers(3),
        base=np.array([history.time[0] if n_events else 0.0, 0.0]),
    )
