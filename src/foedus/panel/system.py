"""Who was a member of the inter-state system in which year: one dense table for each list of states.

Three lists: "cow" (Correlates of War, v2016), "gw" (Gleditsch and Ward) and "record" (the record's own, to today). A
state is in for a year when it was in on any day of it, as in COW; with "year_end", when it was in on 31 December.
Every data set is keyed by COW numbers, so each member carries the COW number that stands for it in each year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.errors import FoedusError
from foedus.record import Record

Scheme = Literal["cow", "gw", "record"]
Rule = Literal["any_day", "year_end"]
Spell = tuple[int, date, date]  # number, first day, last day (inclusive)
LARGEST = 1000  # numbers of both lists have at most three digits


@dataclass(frozen=True, eq=False)
class System:
    """Membership by state and year.

    number : int16, shape (n,), the list's own numbers, ascending. code : our code of each, "" where it has none.
    first : the first year. member, on_first_day : bool, shape (n, n_years): in for the year; in on its 1 January.
    cow : int16, shape (n, n_years): the COW number that stands for the state in that year, 0 for none.
    apart : int32, shape (k, 3): (state, state, year) of pairs that were both in for the year, but on no common day.
    """

    scheme: Scheme
    source: str
    number: NDArray[np.int16]
    code: tuple[str, ...]
    first: int
    member: NDArray[np.bool_]
    on_first_day: NDArray[np.bool_]
    cow: NDArray[np.int16]
    apart: NDArray[np.int32]

    @property
    def n(self) -> int:
        """How many states were ever in."""
        return len(self.number)

    @property
    def n_years(self) -> int:
        """How many years the table spans."""
        return int(self.member.shape[1])

    @property
    def last(self) -> int:
        """The last year."""
        return self.first + self.n_years - 1

    @cached_property
    def _by_cow(self) -> NDArray[np.int16]:
        """COW number and year -> index of the member, -1 for none; shape (n_years, LARGEST)."""
        found = np.full((self.n_years, LARGEST), -1, dtype=np.int16)
        state, year = np.nonzero(self.member & (self.cow > 0))
        found[year, self.cow[state, year]] = state
        return found

    def index(self, cow: NDArray[np.integer], year: NDArray[np.integer]) -> NDArray[np.int32]:
        """Index of the member with each COW number in each year; -1 where that state was not in for that year."""
        at = year.astype(np.int64) - self.first
        number = cow.astype(np.int64)
        valid = (at >= 0) & (at < self.n_years) & (number > 0) & (number < LARGEST)
        flat = np.where(valid, at * LARGEST + number, 0)
        return np.where(valid, self._by_cow.ravel()[flat], -1).astype(np.int32)


def from_cow(states: pl.DataFrame, record: Record, last: int, rule: Rule = "any_day") -> System:
    """The system of COW's list. states : columns ccode, styear, stmonth, stday, endyear, endmonth, endday.

    Raises FoedusError when `last` is later than the list.
    """
    rows = states.select("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday").rows()
    spells = [(c, date(y1, m1, d1), date(y2, m2, d2)) for c, y1, m1, d1, y2, m2, d2 in rows]
    _reaches("COW's list of states", max(end.year for _, _, end in spells), last)
    return _from_spells("cow", "cow_states", spells, {r.cow: c for c, r in record.states.items() if r.cow}, last, rule)


def from_record(record: Record, last: int, rule: Rule = "any_day") -> System:
    """The system of the record's own list, which goes on after the scholarly ones; entities are left out."""
    cow = {c: r.cow for c, r in record.states.items() if r.cow and r.kind != "entity"}
    end = date(last, 12, 31)
    spells = [
        (cow[s.code], s.since, date.fromordinal(s.until.toordinal() - 1) if s.until else end)
        for s in record.spells
        if s.code in cow and s.since <= end
    ]
    return _from_spells("record", "record", spells, {n: c for c, n in cow.items()}, last, rule)


def from_gw(bridge: pl.DataFrame, record: Record, last: int) -> System:
    """The system of Gleditsch and Ward. bridge : columns gwcode, ccode, year, one row for each state-year.

    The bridge knows years, not days, so a state counts for every year that it names. Where several COW states share one
    number in a year (the two Germanies in 1990), the one with the same number stands for it, else the lowest.
    """
    rows = bridge.select("gwcode", "ccode", "year").drop_nulls("gwcode")
    _reaches("the bridge to Gleditsch and Ward", int(str(rows["year"].max())), last)
    rows = rows.filter(pl.col("year") <= last).with_columns(other=pl.col("gwcode") != pl.col("ccode"))
    rows = rows.sort("gwcode", "year", "other", "ccode", nulls_last=True).unique(["gwcode", "year"], keep="first")
    number = np.array(sorted(rows["gwcode"].unique().to_list()), dtype=np.int16)
    first = int(str(rows["year"].min()))
    member = np.zeros((len(number), last - first + 1), dtype=np.bool_)
    cow = np.zeros(member.shape, dtype=np.int16)
    at = np.searchsorted(number, rows["gwcode"].to_numpy()), rows["year"].to_numpy().astype(np.int64) - first
    member[at] = True
    cow[at] = rows["ccode"].fill_null(0).to_numpy()
    before = np.zeros_like(member)  # days are not known: on 1 January only who was in the year before
    before[:, 1:] = member[:, :-1]
    by_gw = {r.gw: c for c, r in record.states.items() if r.gw}
    code = tuple(by_gw.get(int(n), "") for n in number)
    return System("gw", "cow_gw", number, code, first, member, before & member, cow, _no_pairs())


def _from_spells(
    scheme: Scheme, source: str, spells: Sequence[Spell], codes: dict[int, str], last: int, rule: Rule
) -> System:
    kept = [s for s in spells if s[1].year <= last]
    first = min(since.year for _, since, _ in kept)
    number = np.array(sorted({s[0] for s in kept}), dtype=np.int16)
    member = np.zeros((len(number), last - first + 1), dtype=np.bool_)
    on_first_day = np.zeros_like(member)
    for ccode, since, end in kept:
        row = int(np.searchsorted(number, ccode))
        leaves_early = rule == "year_end" and (end.month, end.day) != (12, 31)
        member[row, since.year - first : end.year - first + (0 if leaves_early else 1)] = True
        begun = since.year + ((since.month, since.day) != (1, 1))
        on_first_day[row, begun - first : end.year - first + 1] = True
    cow = np.where(member, number[:, None], 0).astype(np.int16)
    code = tuple(codes.get(int(n), "") for n in number)
    apart = _apart(kept, number, first, last) if rule == "any_day" else _no_pairs()
    return System(scheme, source, number, code, first, member, on_first_day & member, cow, apart)


def _apart(spells: Sequence[Spell], number: NDArray[np.int16], first: int, last: int) -> NDArray[np.int32]:
    """Pairs of states that never met in a year of both: one had left before the other came."""
    partial: dict[int, dict[int, list[tuple[date, date]]]] = defaultdict(lambda: defaultdict(list))
    for ccode, since, end in spells:
        for year in {since.year, end.year}:
            if year <= last and (since > date(year, 1, 1) or end < date(year, 12, 31)):
                partial[year][int(np.searchsorted(number, ccode))].append((since, end))
    found = [
        pair
        for year, states in partial.items()
        for a, b in combinations(sorted(states), 2)
        if not any(max(s, t) <= min(e, f) for s, e in states[a] for t, f in states[b])
        for pair in ((a, b, year - first), (b, a, year - first))
    ]
    return np.array(found, dtype=np.int32).reshape(-1, 3)


def _no_pairs() -> NDArray[np.int32]:
    return np.zeros((0, 3), dtype=np.int32)


def _reaches(what: str, ends: int, last: int) -> None:
    if last > ends:
        says = f'{what} ends in {ends}; {last} lies beyond it. Ask for last={ends}, or for source="record"'
        raise FoedusError(f"{says}, the record's own list, which goes on to today.")
