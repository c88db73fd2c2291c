"""What an addition is: the columns it brings, what each means, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from foedus.panel.base import DyadYears, StateYears
from foedus.record import Record
from foedus.sources.reading import read

Aggregation = Literal["any", "both", "first"]
Kind = Literal["observed", "derived"]
_KEPT_ROWS = 100_000  # the disputes, which two additions read, have a tenth of that


@dataclass(frozen=True, slots=True)
class Means:
    """What a column holds. unit : of its values; says : one sentence; kind : observed in the source or derived."""

    unit: str
    says: str
    kind: Kind = "observed"


@dataclass(frozen=True, slots=True)
class Column:
    """Provenance of one column of a panel. source : name of the data set, "panel" for keys; addition : its origin."""

    name: str
    addition: str
    source: str
    unit: str
    kind: Kind
    says: str
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the panel must know. n : number of rows concerned."""

    addition: str
    says: str
    n: int


@dataclass(frozen=True, eq=False)
class Context:
    """Where additions find what they need. aggregation : how undirected tables take directed pledges."""

    record: Record
    folder: Path | None
    aggregation: Aggregation = "any"
    _held: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def read(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """The `columns` of the data set `name`; a small one is kept for the next addition. Raises SourceError."""
        if name in self._held:
            return self._held[name].select(columns)
        whole = read(name, self.folder)
        if whole.height <= _KEPT_ROWS:
            self._held[name] = whole
        return whole.select(columns)


@dataclass(frozen=True, slots=True)
class Made:
    """What an addition gives: columns in the order of the panel's rows, and notes."""

    frame: pl.DataFrame
    notes: tuple[Note, ...] = ()


class MeansOf(Protocol):
    """What the columns of an addition to dyad-years mean, in the order in which they stand."""

    def __call__(self, directed: bool, aggregation: Aggregation) -> Mapping[str, Means]:
        """Means by column."""
        ...


class MakeDyads(Protocol):
    """Makes the columns of an addition to dyad-years."""

    def __call__(self, rows: DyadYears, context: Context) -> Made:
        """The columns for `rows`."""
        ...


class MakeStates(Protocol):
    """Makes the columns of an addition to state-years that is no plain table."""

    def __call__(self, rows: StateYears, context: Context) -> Made:
        """The columns for `rows`."""
        ...


@dataclass(frozen=True, slots=True)
class StateTable:
    """An addition that is a table by COW number and year; a dyad panel takes it for both states.

    table : gives columns ccode, year and those of `means`. absent : values where a year of `years` has no row.
    years : first and last year that the published file covers; quiet_since : see `attach.reach`.
    """

    name: str
    source: str
    years: tuple[int, int]
    means: Mapping[str, Means]
    table: Callable[[Context], pl.DataFrame]
    absent: Mapping[str, int] | None = None
    quiet_since: int | None = None


@dataclass(frozen=True, slots=True)
class DyadAddition:
    """An addition to dyad-years. years : first and last year that the data set covers."""

    name: str
    source: str
    years: tuple[int, int]
    means: MeansOf
    make: MakeDyads


@dataclass(frozen=True, slots=True)
class StateAddition:
    """An addition to state-years that needs the order of rows."""

    name: str
    source: str
    years: tuple[int, int]
    means: Mapping[str, Means]
    make: MakeStates


def outside(addition: str, unit: str, n: int, first: int, last: int) -> tuple[Note, ...]:
    """The note on `n` rows of a source, of the panel's years, that name a state outside the system in that year."""
    says = f"rows of the source name a {unit} outside the system in its year, {first}-{last}; they are left out"
    return (Note(addition, says, n),) if n else ()


def of_each_side(addition: StateTable) -> dict[str, Means]:
    """What the columns of a state table mean in a dyad panel: those of the first state end in 1, the others in 2."""
    return {
        f"{c}{side}": Means(m.unit, f"{m.says} ({'first' if side == '1' else 'second'} state)", m.kind)
        for side in "12"
        for c, m in addition.means.items()
    }
