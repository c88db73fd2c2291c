"""The record as arrays by state and year, for models that need no more: who was in, regimes, rivalries, pledges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from foedus.record import Record

REGIMES = ("closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy")
UNKNOWN = -1
_EARTH_KM = 6371.0088  # mean radius, IUGG
_NEAREST_KM = 10.0  # capitals closer than this (Kinshasa, Brazzaville) count as this far apart: the logarithm needs one


@dataclass(frozen=True, eq=False)
class History:
    """States (n) by year (t), on 31 December of each year.

    codes : n codes, sorted. first : the first year. member : bool (n, t), in the inter-state system.
    regime : int8 (n, t), index in REGIMES, UNKNOWN where the record has none. age : int16 (n, t), years without a break
    as a member, 0 in the first. ln_km : float64 (n, n), log of km between capitals, the latest of each, at least 10 km.
    rival : int32 (k, 4): first state < second state, first year, last year (inclusive; 9999 while it goes on).
    """

    record: Record
    codes: tuple[str, ...]
    first: int
    member: NDArray[np.bool_]
    regime: NDArray[np.int8]
    age: NDArray[np.int16]
    ln_km: NDArray[np.float64]
    rival: NDArray[np.int32]

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.first + self.member.shape[1] - 1)

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each code."""
        return {code: i for i, code in enumerate(self.codes)}

    def rivals(self, year: int) -> NDArray[np.bool_]:
        """Who are rivals in `year`: bool (n, n), symmetric, both in the system."""
        found = np.zeros((len(self.codes),) * 2, np.bool_)
        on = self.rival[(self.rival[:, 2] <= year) & (year <= self.rival[:, 3])]
        found[on[:, 0], on[:, 1]] = found[on[:, 1], on[:, 0]] = True
        here = self.member[:, year - self.first]
        return np.asarray(found & here[:, None] & here)

    def defended(self, year: int) -> NDArray[np.bool_]:
        """Whether the state of the column owes that of the row defence on 31 December of `year`; bool (n, n)."""
        return np.asarray(self._defended[year - self.first])

    @cached_property
    def _defended(self) -> NDArray[np.bool_]:
        import polars as pl

        from foedus.panel import pledge_dyads

        frame = pledge_dyads(self.record, self.first, date(self.last, 12, 31)).filter("defence")
        number = pl.col("state1", "state2").replace_strict(self.index, default=None, return_dtype=pl.Int32)
        rows = frame.with_columns(number).drop_nulls(["state1", "state2"])
        found = np.zeros((self.member.shape[1], len(self.codes), len(self.codes)), np.bool_)
        found[rows["year"].to_numpy() - self.first, rows["state2"].to_numpy(), rows["state1"].to_numpy()] = True
        return found


def history(record: Record, first: int = 1816, last: int | None = None) -> History:
    """The record from `first` to `last` (the last full year before its newest treaty event by default)."""
    until = last if last is not None else newest(record)
    years = range(first, until + 1)
    codes = tuple(sorted(c for c, row in record.states.items() if row.kind != "entity"))
    member = np.array([[record.in_system(c, date(y, 12, 31)) for y in years] for c in codes])
    regime = np.full(member.shape, UNKNOWN, np.int8)
    at = {code: i for i, code in enumerate(codes)}
    for row in record.regimes:
        if row.state in at:
            span = slice(max(0, row.first_year - first), max(0, (row.last_year or until) - first + 1))
            regime[at[row.state], span] = REGIMES.index(row.regime)
    rival = [
        (*sorted((at[r.a], at[r.b])), r.first_year, r.last_year or 9999)
        for r in record.rivalries
        if r.a in at and r.b in at
    ]
    return History(
        record, codes, first, member, regime, _age(member), _ln_km(record, codes), np.array(rival, dtype=np.int32)
    )


def newest(record: Record) -> int:
    """The last year that the record describes whole: the year before the latest accession or founding it holds."""
    return max(m.since for t in record.treaties.values() for m in t.member).year - 1


def _age(member: NDArray[np.bool_]) -> NDArray[np.int16]:
    age = np.zeros(member.shape, np.int16)
    for t in range(1, member.shape[1]):
        age[:, t] = np.where(member[:, t - 1] & member[:, t], age[:, t - 1] + 1, 0)
    return age


def _ln_km(record: Record, codes: tuple[str, ...]) -> NDArray[np.float64]:
    """Log of the great-circle distance of the latest capitals (haversine)."""
    seat = [record.capital(c, date.max) for c in codes]
    lat = np.radians([s.lat if s else np.nan for s in seat])
    lon = np.radians([s.lon if s else np.nan for s in seat])
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(np.log(np.maximum(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), _NEAREST_KM)))
