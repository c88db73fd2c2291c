"""Columns from the user's data sets beside those that every history has: capability, trade, disputes, ideal points.

Each is about a state i and the other members M of an alliance, as known in the year before:
    cinc_share    i's part of the capability (CINC) of i and M together
    trade_share   the part of i's known trade that is with M (COW, smoothed flows, both directions)
    disputes_5y   share of M with which i had a militarised dispute in the last five years (Gibler, Miller and Little)
    ideal_gap     distance of i's ideal point in the General Assembly from the mean of M (Bailey and others)
For the end of an alliance they are the mean over its members, cinc_share the largest. NaN where a source does not
reach: capability from 1816, trade 1870-2014, disputes 1816-2010, ideal points from 1946. No simulator carries them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.model.errors import ModelError
from foedus.model.membership.history import History
from foedus.model.membership.units import Units

COLUMNS = ("cinc_share", "trade_share", "disputes_5y", "ideal_gap")
_RECENT = 5  # years
_Floats = NDArray[np.float64]
_Column = Callable[[int, _Floats], _Floats]  # year, members (N,) as 0 and 1 -> the value for each state (N,)


def with_columns(units: Units, history: History, names: Sequence[str], sources: Path | None) -> Units:
    """`units` with more terms, in the order of `names`; NaN where unknown.

    Raises ModelError for a name that is none of COLUMNS, SourceError for a missing file.
    """
    unknown = [n for n in names if n not in _MAKERS]
    if unknown:
        raise ModelError(f'spec: also: no column is called "{unknown[0]}". Known: {", ".join(COLUMNS)}.')
    columns = [_column(name, units, history, _MAKERS[name](history, sources)) for name in names]
    return replace(units, terms=(*units.terms, *names), x=np.column_stack([units.x, *columns]))


def _column(name: str, units: Units, history: History, values: _Column) -> _Floats:
    found = np.empty(len(units.event))
    spells: dict[int, list[tuple[int, int, int]]] = {}
    for s in history.spells:
        spells.setdefault(s.treaty, []).append((s.state, s.joined, s.left))
    key = units.treaty * 10_000 + units.year
    order = np.argsort(key, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(key[order])) + 1) if order.size else []:
        year, members = int(units.year[rows[0]]), np.zeros(len(history.states))
        members[[i for i, joined, left in spells[int(units.treaty[rows[0]])] if joined < year <= left]] = 1.0
        each = values(year - 1, members)
        found[rows] = _of_all(name, each[members > 0]) if units.state[rows[0]] < 0 else each[units.state[rows]]
    return found


def _of_all(name: str, each: _Floats) -> float:
    known = each[np.isfinite(each)]
    if not known.size:
        return np.nan
    return float(known.max() if name == "cinc_share" else known.mean())


def _cinc(history: History, sources: Path | None) -> _Column:
    by_year = _by_state(history, sources, "nmc", "cinc")

    def share(year: int, members: _Floats) -> _Floats:
        own = by_year(year)
        known = np.nan_to_num(own) * members
        return _ratio(own, own + known.sum() - known)

    return share


def _ideal(history: History, sources: Path | None) -> _Column:
    by_year = _by_state(history, sources, "ideal_points", "idealpointall")

    def gap(year: int, members: _Floats) -> _Floats:
        own = by_year(year)
        here = members * np.isfinite(own)
        known = np.nan_to_num(own) * here
        return np.asarray(np.abs(own - _ratio(known.sum() - known, here.sum() - here)))

    return gap


def _trade(history: History, sources: Path | None) -> _Column:
    from foedus.sources import read

    flow = pl.sum_horizontal(pl.when(pl.col(c) >= 0).then(pl.col(c)) for c in ("smoothflow1", "smoothflow2"))
    by_year = _by_pair(history, read("trade_dyads", sources).with_columns(value=flow))

    def share(year: int, members: _Floats) -> _Floats:
        flows = by_year(year)
        return _ratio(flows @ members, flows.sum(axis=1))

    return share


def _disputes(history: History, sources: Path | None) -> _Column:
    from foedus.sources import read

    raw = read("gml_dyads", sources).with_columns(value=pl.lit(1.0))
    by_year, first, last = _by_pair(history, raw), *raw.select(a=pl.min("year"), b=pl.max("year")).row(0)

    def share(year: int, members: _Floats) -> _Floats:
        if not first <= year <= last:
            return np.full(members.size, np.nan)
        recent = np.max([by_year(y) for y in range(year - _RECENT + 1, year + 1)], axis=0) > 0
        return _ratio(recent @ members, members.sum() - members)

    return share


_MAKERS = dict(zip(COLUMNS, (_cinc, _trade, _disputes, _ideal), strict=True))


def _by_state(history: History, sources: Path | None, data: str, column: str) -> Callable[[int], _Floats]:
    from foedus.sources import read

    rows = read(data, sources).select("ccode_state", "year", column).drop_nulls()
    place = {s: i for i, s in enumerate(history.states)}
    known = {int(k[0]): part for k, part in rows.partition_by("year", as_dict=True).items()}

    def of(year: int) -> _Floats:
        found = np.full(len(place), np.nan)
        if year in known:
            for state, _, value in known[year].iter_rows():
                if state in place:
                    found[place[state]] = value
        return found

    return of


def _by_pair(history: History, rows: pl.DataFrame) -> Callable[[int], _Floats]:
    """Symmetric matrices of the column `value`, each year's made once."""
    place = {s: i for i, s in enumerate(history.states)}
    number = pl.col("ccode1_state", "ccode2_state").replace_strict(place, default=None, return_dtype=pl.Int32)
    kept = rows.select("ccode1_state", "ccode2_state", "year", "value").drop_nulls().with_columns(number).drop_nulls()
    known = {int(k[0]): part for k, part in kept.partition_by("year", as_dict=True).items()}
    made: dict[int, _Floats] = {}

    def of(year: int) -> _Floats:
        if year not in made:
            found = np.zeros((len(place), len(place)))
            if year in known:
                one, two, _, value = (c.to_numpy() for c in known[year].iter_columns())
                found[one, two] = found[two, one] = value
            made[year] = found
        return made[year]

    return of


def _ratio(part: _Floats, whole: _Floats) -> _Floats:
    """part / whole, NaN where the whole is 0 or unknown."""
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))
