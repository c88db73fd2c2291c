"""A table by state and year, laid densely on a system: for state-years as it is, for dyads once for each side."""

from __future__ import annotations

import numpy as np
import polars as pl

from foedus.panel.attach import chosen, reach, span, spread
from foedus.panel.base import DyadYears, StateYears
from foedus.panel.catalogue import Context, Made, Note, StateTable, outside
from foedus.panel.system import System


def for_states(addition: StateTable, rows: StateYears, context: Context) -> Made:
    """The addition's columns for state-years."""
    grid, notes = dense(addition, rows.system, rows.first, context)
    frame = chosen(grid, rows.state * np.int32(rows.system.n_years) + rows.at)
    return Made(frame, notes)


def for_dyads(addition: StateTable, rows: DyadYears, context: Context) -> Made:
    """The addition's columns for dyad-years: those of the first state end in 1, those of the second in 2."""
    grid, notes = dense(addition, rows.system, rows.first, context)
    n_years = np.int32(rows.system.n_years)
    sides = [
        chosen(grid, state * n_years + rows.at).rename({c: f"{c}{side}" for c in addition.means})
        for side, state in (("1", rows.one), ("2", rows.two))
    ]
    return Made(pl.concat(sides, how="horizontal"), notes)


def dense(addition: StateTable, system: System, first: int, context: Context) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The table on the grid of all states and years, row state * n_years + year, and what fell outside the system."""
    table = addition.table(context)
    cow, year = table["ccode"].fill_null(0).to_numpy(), table["year"].to_numpy()
    state = system.index(cow, year)
    at = np.where(state >= 0, state * np.int32(system.n_years) + (year.astype(np.int32) - system.first), -1)
    years = np.tile(np.arange(system.first, system.last + 1, dtype=np.int16), system.n)
    grid = spread(
        table.select(list(addition.means)),
        at.astype(np.int32),
        system.n * system.n_years,
        absent=addition.absent,
        covered=span(years, *reach(addition.years, int(year.max()), addition.quiet_since)),
        source=addition.source,
    )
    n_outside = int(((state < 0) & (year >= first) & (year <= system.last)).sum())
    return grid, outside(addition.name, "state", n_outside, first, system.last)
