"""The skeletons of panels: every state-year, or every dyad-year, of a system, with the place of each row.

A dyad-year table is dense, so the place of a row is looked up in an array by (state, state, year) and no join is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel.system import System

Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class StateYears:
    """State-years from `first` on, sorted by state and year.

    state, at : int32, shape (n_rows,): index of the state in the system, and of the year (0 is the system's first).
    """

    system: System
    first: int
    state: Rows
    at: Rows

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.state)

    @property
    def year(self) -> NDArray[np.int16]:
        """Calendar year of each row."""
        return (self.at + self.system.first).astype(np.int16)

    def frame(self) -> pl.DataFrame:
        """Columns ccode (or gwcode), state and year."""
        return pl.DataFrame([*_names(self.system, self.state, ""), pl.Series("year", self.year)])


@dataclass(frozen=True, eq=False)
class DyadYears:
    """Dyad-years from `first` on, sorted by first state, second state and year; undirected ones have state1 < state2.

    one, two, at : int32, shape (n_rows,): indices of the two states and of the year.
    """

    system: System
    directed: bool
    first: int
    one: Rows
    two: Rows
    at: Rows
    flat: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.one)

    @cached_property
    def year(self) -> NDArray[np.int16]:
        """Calendar year of each row."""
        return (self.at + self.system.first).astype(np.int16)

    @cached_property
    def _place(self) -> Rows:
        """Row of each (state, state, year), -1 for none; shape (n * n * n_years,)."""
        place = np.full(self.system.n**2 * self.system.n_years, -1, dtype=np.int32)
        place[self.flat] = np.arange(self.n, dtype=np.int32)
        return place

    def rows(self, cow1: NDArray[np.integer], cow2: NDArray[np.integer], year: NDArray[np.integer]) -> Rows:
        """Row of each (COW number, COW number, year); -1 where the panel has none. The order of the two matters."""
        one, two = self.system.index(cow1, year), self.system.index(cow2, year)
        flat = (one.astype(np.int64) * self.system.n + two) * self.system.n_years + year - self.system.first
        known = (one >= 0) & (two >= 0)
        return np.where(known, self._place[np.where(known, flat, 0)], -1).astype(np.int32)

    def places(self, flat: NDArray[np.int64]) -> Rows:
        """Row of each flat (state, state, year) index, -1 for none."""
        return self._place[flat]

    def frame(self) -> pl.DataFrame:
        """Columns ccode1, ccode2 (or gwcode1, gwcode2), state1, state2 and year."""
        number1, code1 = _names(self.system, self.one, "1")
        number2, code2 = _names(self.system, self.two, "2")
        return pl.DataFrame([number1, number2, code1, code2, pl.Series("year", self.year)])


def state_years(system: System, first: int) -> StateYears:
    """All state-years of `system` from the year `first`."""
    state, at = np.nonzero(_from(system, first))
    return StateYears(system, first, state.astype(np.int32), at.astype(np.int32))


def dyad_years(system: System, first: int, directed: bool) -> DyadYears:
    """All dyad-years of `system` from the year `first` in which both states are in, on at least one common day."""
    member = _from(system, first)
    both = member[:, None, :] & member[None, :, :]
    pairs = ~np.eye(system.n, dtype=np.bool_) if directed else np.triu(np.ones((system.n, system.n), dtype=np.bool_), 1)
    both &= pairs[:, :, None]
    both[tuple(system.apart.T)] = False
    flat = np.flatnonzero(both)
    pair, at = np.divmod(flat.astype(np.int32), np.int32(system.n_years))
    one, two = np.divmod(pair, np.int32(system.n))
    return DyadYears(system, directed, first, one, two, at, flat)


def _from(system: System, first: int) -> NDArray[np.bool_]:
    member = system.member.copy()
    member[:, : max(first - system.first, 0)] = False
    return member


def _names(system: System, state: Rows, side: str) -> tuple[pl.Series, pl.Series]:
    """The number in the system's own list, and our code, of each row."""
    own = "gwcode" if system.scheme == "gw" else "ccode"
    codes = pl.Series([c or None for c in system.code], dtype=pl.Enum(sorted({c for c in system.code if c})))
    number = pl.Series(f"{own}{side}", system.number[state])
    return number, codes.gather(pl.Series(state)).alias(f"state{side}")
