"""`Panel`: a tidy table that grows by additions and knows where each column comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import polars as pl

from foedus.errors import FoedusError
from foedus.panel import sets, state_table
from foedus.panel.additions import DYAD, STATE
from foedus.panel.base import DyadYears, StateYears, dyad_years, state_years
from foedus.panel.catalogue import (
    Aggregation,
    Column,
    Context,
    DyadAddition,
    Kind,
    Made,
    Means,
    Note,
    StateAddition,
    StateTable,
    of_each_side,
)
from foedus.panel.lags import lagged
from foedus.panel.sets import SetYears
from foedus.panel.system import Rule, Scheme, System, from_cow, from_gw, from_record
from foedus.record import Record, load

Progress = Callable[[str], None]
Kinds = Literal["state_year", "dyad_year", "treaty_year", "kads"]
Addition = DyadAddition | StateAddition | StateTable
AnyRows = StateYears | DyadYears | SetYears
Ends: dict[Scheme, int] = {"cow": 2016, "gw": 2025}
FIRST_YEAR = 1816
_COW_STATES = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """A table of states, dyads, treaties or sets of states by year.

    kind : what a row is. frame : the table, keys first. columns : provenance of each column.
    notes : what a reader must know, such as rows of a source outside the system. Adding gives a new panel.
    """

    kind: Kinds
    rows: AnyRows
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    context: Context

    def __repr__(self) -> str:
        n_rows, n_columns = self.frame.shape
        return f"Panel({self.kind}: {n_rows:,} rows, {n_columns} columns, {len(self.notes)} notes)"

    def add(self, *names: str, progress: Progress | None = None) -> Panel:
        """The panel with the columns of each addition; one that is there already is not added again.

        Names may be written with - or _. Raises FoedusError for an unknown name, SourceError for a missing file.
        """
        panel = self
        for name in addition_names(self.kind, names):
            if name not in {c.addition for c in panel.columns}:
                if progress:
                    progress(name)
                panel = panel._with(name)
        return panel

    def lag(self, columns: Iterable[str], years: int = 1) -> Panel:
        """The panel with each column as it stood `years` years before in the same unit, named <column>_lag<years>.

        Null where the unit was not in the system in that year, or the panel does not reach back to it: the value of
        another year is never put in its place. Raises FoedusError for an unknown column.
        """
        asked = [columns] if isinstance(columns, str) else list(columns)
        by_name = {c.name: c for c in self.columns}
        for name in asked:
            if name not in by_name:
                raise FoedusError(f'The panel has no column "{name}".{_near(name, by_name)}')
        keys = _UNIT.get(self.kind) or [
            c for c in ("ccode1", "ccode2", "gwcode1", "gwcode2", "ccode", "gwcode") if c in by_name
        ]
        if not keys:
            raise FoedusError("A set of states stands in one year only, so its columns have no lag.")
        frame = lagged(self.frame, keys, asked, years)
        more = [
            replace(by_name[c], name=f"{c}_lag{years}", says=f"{by_name[c].says}; {years} year(s) before")
            for c in asked
        ]
        return replace(self, frame=frame, columns=(*self.columns, *more))

    def _with(self, name: str) -> Panel:
        addition = _known(self.kind)[name]
        made = _made(addition, self.rows, self.context)
        means = _means(addition, self.rows, self.context)
        columns = [Column(c, name, addition.source, m.unit, m.kind, m.says, *addition.years) for c, m in means.items()]
        frame = self.frame.hstack(made.frame.select(list(means)))
        return replace(self, frame=frame, columns=(*self.columns, *columns), notes=(*self.notes, *made.notes))


def state_year(
    *,
    first: int = FIRST_YEAR,
    last: int | None = None,
    source: Scheme = "cow",
    member: Rule = "any_day",
    add: Sequence[str] = (),
    sources: Path | None = None,
    record: Record | None = None,
) -> Panel:
    """All state-years of the inter-state system from `first` to `last`, sorted by state and year.

    source : "cow" (1816-2016, the default), "gw" (to 2025) or "record" (the record's own list, to today).
    member : a state is in for a year when in on "any_day" of it (COW's way), or on its last day ("year_end").
    add : additions by name, as in `Panel.add`. sources : folder of the user's files; foedus's own by default.
    Raises FoedusError when `last` is beyond the list, SourceError for a file that is missing or not what it should be.
    """
    system, context = system_of(first, last, source, member, sources, record, "any")
    rows = state_years(system, first)
    return Panel("state_year", rows, *_keys(rows.frame(), system), (), context).add(*add)


def dyad_year(
    *,
    directed: bool = False,
    first: int = FIRST_YEAR,
    last: int | None = None,
    source: Scheme = "cow",
    member: Rule = "any_day",
    aggregation: Aggregation = "any",
    add: Sequence[str] = (),
    sources: Path | None = None,
    record: Record | None = None,
) -> Panel:
    """All dyad-years in which both states are in the system, sorted by first state, second state and year.

    directed : each pair twice, once from each side; else once, with the lower number first.
    aggregation : how an undirected table takes pledges, which have a direction: "any" (one owes the other), "both", or
        "first" (the first state owes the second). The other arguments are those of `state_year`.
    """
    if aggregation not in ("any", "both", "first"):
        raise FoedusError(f'"{aggregation}" is no way to take pledges; expected any, both or first.')
    system, context = system_of(first, last, source, member, sources, record, aggregation)
    rows = dyad_years(system, first, directed)
    return Panel("dyad_year", rows, *_keys(rows.frame(), system), (), context).add(*add)


def addition_names(kind: str, names: Iterable[str]) -> list[str]:
    """`names` as the catalogue writes them. Raises FoedusError for one that a panel of this kind does not know."""
    known = _known(kind)
    asked = [n.strip().replace("-", "_") for name in names for n in name.split(",") if n.strip()]
    for name in asked:
        if name not in known:
            says = f'No addition to a {kind.replace("_", "-")} panel is called "{name}".'
            raise FoedusError(f"{says}{_near(name, known)} Known: {', '.join(sorted(known))}.")
    return asked


def _known(kind: str) -> Mapping[str, Addition]:
    return STATE if kind == "state_year" else DYAD


def _means(addition: Addition, rows: AnyRows, context: Context) -> Mapping[str, Means]:
    if isinstance(rows, SetYears):
        assert not isinstance(addition, StateAddition)
        return sets.means_of(addition, context)
    if isinstance(addition, DyadAddition):
        return addition.means(isinstance(rows, DyadYears) and rows.directed, context.aggregation)
    if isinstance(rows, DyadYears) and isinstance(addition, StateTable):
        return of_each_side(addition)
    return addition.means


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 3)
    return f" Nearest: {', '.join(near)}." if near else ""


def _made(addition: Addition, rows: AnyRows, context: Context) -> Made:
    if isinstance(rows, SetYears):
        assert not isinstance(addition, StateAddition)
        return sets.add(addition, rows, context)
    if isinstance(rows, DyadYears):
        if isinstance(addition, StateTable):
            return state_table.for_dyads(addition, rows, context)
        assert isinstance(addition, DyadAddition)
        return addition.make(rows, context)
    if isinstance(addition, StateTable):
        return state_table.for_states(addition, rows, context)
    assert isinstance(addition, StateAddition)
    return addition.make(rows, context)


def system_of(
    first: int,
    last: int | None,
    source: Scheme,
    member: Rule,
    sources: Path | None,
    record: Record | None,
    aggregation: Aggregation,
) -> tuple[System, Context]:
    """The system that a panel asks for, and where its additions read. Raises FoedusError for what cannot be asked."""
    if source not in ("cow", "gw", "record"):
        raise FoedusError(f'"{source}" is no list of states; expected cow, gw or record.')
    if member not in ("any_day", "year_end"):
        raise FoedusError(f'"{member}" is no rule of membership; expected any_day or year_end.')
    until = last if last is not None else Ends.get(source, date.today().year)
    if not FIRST_YEAR <= first <= until:
        raise FoedusError(
            f"Years {first} to {until}: expected a first year from {FIRST_YEAR} on that is not after the last."
        )
    whole = record or load()
    context = Context(whole, sources, aggregation)
    if source == "record":
        return from_record(whole, until, member), context
    if source == "gw":
        return from_gw(context.read("cow_gw", ["gwcode", "ccode", "year"]), whole, until), context
    return from_cow(context.read("cow_states", _COW_STATES), whole, until, member), context


KEYS: dict[str, tuple[str, Kind, str]] = {
    "ccode": ("code", "observed", "COW number of the state"),
    "gwcode": ("code", "observed", "Gleditsch-Ward number of the state"),
    "state": ("code", "derived", "Our code of the state"),
    "year": ("year", "derived", "Calendar year in which the state, or both of them, were in the system"),
}
KEYS |= {f"{c}{side}": (u, k, s) for c, (u, k, s) in list(KEYS.items()) if c != "year" for side in "12"}
_UNIT = {"treaty_year": ["treaty"]}


def _keys(frame: pl.DataFrame, system: System) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    return frame, tuple(Column(c, "", system.source, *KEYS[c], system.first, system.last) for c in frame.columns)
