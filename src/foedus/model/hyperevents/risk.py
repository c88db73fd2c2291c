"""Who is at risk: actors with entry and exit, half-open as everywhere in foedus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import EventsError, NotAtRisk
from foedus.model.hyperevents.events import Events, require_columns, times_of

OnNotAtRisk = Literal["error", "drop", "extend"]


@dataclass(frozen=True, slots=True, eq=False)
class AtRisk:
    """Spells [entry, exit) of actors. actor : positions, shape (spells,); entry, exit : float64, may be infinite."""

    actor: NDArray[np.int64]
    entry: NDArray[np.float64]
    exit: NDArray[np.float64]

    def at(self, time: float) -> NDArray[np.int64]:
        """Sorted positions of the actors at risk at `time`."""
        return np.unique(self.actor[(self.entry <= time) & (time < self.exit)])


def everyone(n_actors: int) -> AtRisk:
    """All actors, always."""
    return AtRisk(np.arange(n_actors), np.full(n_actors, -np.inf), np.full(n_actors, np.inf))


def at_risk_of(spells: pl.DataFrame, actors: Sequence[str]) -> AtRisk:
    """Spells from columns actor, entry, exit (empty: always before, or still); an actor may have several.

    A day of exit is already out. Raises EventsError for an exit that is not after its entry.
    """
    require_columns(spells, ("actor", "entry", "exit"), "at risk")
    place = {name: at for at, name in enumerate(actors)}
    entry, exit_ = (_bound(spells[c], empty) for c, empty in (("entry", -np.inf), ("exit", np.inf)))
    names = spells["actor"].cast(pl.String).to_list()
    for row, name in enumerate(names):
        if not entry[row] < exit_[row]:
            raise EventsError(
                f"at risk: row {row + 1}, {name!r}: exit {exit_[row]:g} is not after entry {entry[row]:g}."
            )
    known = [row for row, name in enumerate(names) if name in place]
    return AtRisk(np.array([place[names[r]] for r in known], np.int64), entry[known], exit_[known])


def risk_set(events: Events, row: int, at_risk: AtRisk, on_not_at_risk: OnNotAtRisk) -> NDArray[np.int64] | None:
    """Actors at risk when event `row` happened; None if the case is to be left out.

    Raises NotAtRisk, unless told otherwise, when a member of the event is not at risk.
    """
    present = at_risk.at(float(events.time[row]))
    absent = np.setdiff1d(events.sets.of(row), present)
    if not absent.size:
        return present
    if on_not_at_risk == "drop":
        return None
    if on_not_at_risk == "extend":
        return np.union1d(present, absent)
    name = events.actors[absent[0]]
    mine = np.flatnonzero(at_risk.actor == absent[0])
    spells = ", ".join(f"[{at_risk.entry[s]:g}, {at_risk.exit[s]:g})" for s in mine) or "never"
    raise NotAtRisk(
        f"event {events.ids[row]!r} at {events.time[row]:g}: {name!r} is not at risk then (at risk: {spells})."
        ' Correct the dates, or pass on_not_at_risk="drop" (leave the case out) or "extend" (let it be at risk then);'
        " on the command line --not-at-risk."
    )


def _bound(column: pl.Series, empty: float) -> NDArray[np.float64]:
    if column.dtype == pl.String:
        column = column.replace("", None)
    known = column.is_not_null().to_numpy()
    bound = np.full(len(column), empty)
    if known.any():
        bound[known] = times_of(column.drop_nulls(), "at risk")
    return bound
