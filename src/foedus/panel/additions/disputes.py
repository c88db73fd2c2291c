"""Disputes and wars: what was under way in a dyad-year or state-year, what began, and how long peace has lasted.

Each data set brings columns with its own prefix (gml_, cow_mid_, war_), so several can stand side by side. What the
data do not reach is null: a year after the last one is unknown, not peaceful.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel.attach import reach, span, spread
from foedus.panel.base import DyadYears, StateYears, dyad_years, state_years
from foedus.panel.catalogue import Context, DyadAddition, Made, Means, StateAddition, StateTable, outside
from foedus.panel.spells import peace_years

_FLAG = "0 or 1"


@dataclass(frozen=True, slots=True)
class Events:
    """A data set of events by directed dyad and year.

    prefix : of our columns. number, ongoing, onset : its columns. levels : column of ours -> the pair of its columns
    that say something of each side (the part before 1 and 2). years : first and last year that the published file
    covers; quiet_since : see `attach.reach`.
    """

    source: str
    prefix: str
    what: str
    number: str
    ongoing: str
    onset: str
    levels: dict[str, str]
    years: tuple[int, int]
    quiet_since: int | None = None


_LEVELS = {"hostlev": "hostlev", "fatality": "fatality"}
GML = Events("gml_dyads", "gml_", "militarised dispute", "dispnum", "midongoing", "midonset", _LEVELS, (1816, 2010))
COW_MIDS = Events(
    "cow_mid_dyads", "cow_mid_", "militarised dispute", "dispnum", "dispongoing", "disponset", _LEVELS, (1816, 2014)
)
WARS = Events(
    "wars_inter", "war_", "inter-state war", "warnum", "cowinterongoing", "cowinteronset", {}, (1816, 2007), 2003
)


def _events(rows: DyadYears, context: Context, data: Events) -> Made:
    """One row for each dyad-year, however many disputes it has: how many, whether one began, the highest levels."""
    levels = [f"{theirs}{side}" for theirs in data.levels.values() for side in "12"]
    names = ["ccode1", "ccode2", "year", data.number, data.ongoing, data.onset, *levels]
    raw = context.read(data.source, names)
    frame = raw.with_columns(pl.when(pl.col(c) >= 0).then(pl.col(c)) for c in levels)
    if not rows.directed:
        lower = pl.col("ccode1") < pl.col("ccode2")
        frame = frame.with_columns(
            ccode1=pl.when(lower).then("ccode1").otherwise("ccode2"),
            ccode2=pl.when(lower).then("ccode2").otherwise("ccode1"),
            **{f"{c}1": pl.max_horizontal(f"{c}1", f"{c}2") for c in data.levels.values()},
        )
    merged = frame.group_by("ccode1", "ccode2", "year").agg(
        pl.col(data.ongoing).max().cast(pl.Int8).alias(f"{data.prefix}ongoing"),
        pl.col(data.onset).max().cast(pl.Int8).alias(f"{data.prefix}onset"),
        pl.col(data.number).n_unique().cast(pl.Int8).alias(f"{data.prefix}n"),
        *(pl.col(f"{t}1").max().cast(pl.Int8).alias(f"{data.prefix}{ours}") for ours, t in data.levels.items()),
    )
    year = merged["year"].to_numpy()
    place = rows.rows(merged["ccode1"].to_numpy(), merged["ccode2"].to_numpy(), year)
    means = _means(data, rows.directed)
    covered = span(rows.year, *reach(data.years, int(year.max()), data.quiet_since))
    made = spread(
        merged.select(list(means)), place, rows.n, absent=dict.fromkeys(means, 0), covered=covered, source=data.source
    )
    n_outside = int(((place < 0) & (year >= rows.first) & (year <= rows.system.last)).sum())
    return Made(made, outside(_NAMES[data.source], "dyad", n_outside, rows.first, rows.system.last))


def _means(data: Events, directed: bool) -> dict[str, Means]:
    whose = "by the first state" if directed else "by either state"
    level = {"hostlev": "level, 1 to 5; 0 none", "fatality": "level, 0 to 6"}
    says = {
        "hostlev": f"Highest hostility reached {whose}",
        "fatality": f"Highest known fatality level suffered {whose}",
    }
    return {
        f"{data.prefix}ongoing": Means(_FLAG, f"Whether a {data.what} was under way in the dyad-year", "derived"),
        f"{data.prefix}onset": Means(_FLAG, f"Whether a {data.what} began in the dyad-year", "derived"),
        f"{data.prefix}n": Means("count", f"Number of {data.what}s under way in the dyad-year", "derived"),
        **{
            f"{data.prefix}{c}": Means(level[c], f"{says[c]} in the dyad-year's disputes", "derived")
            for c in data.levels
        },
    }


def _peace(rows: DyadYears, context: Context, data: Events) -> Made:
    """Years of peace of each dyad, counted from the beginning of the system, whatever year the panel begins in."""
    raw = context.read(data.source, ["ccode1", "ccode2", "year", data.ongoing])
    last, raw = int(str(raw["year"].max())), raw.filter(pl.col(data.ongoing) == 1)
    whole = rows if rows.first <= rows.system.first else dyad_years(rows.system, rows.system.first, rows.directed)
    one, two, year = (raw[c].to_numpy() for c in ("ccode1", "ccode2", "year"))
    event = np.zeros(whole.n, dtype=np.bool_)
    for first, second in ((one, two), (two, one)):  # a dispute is one of the dyad, whoever began it
        place = whole.rows(first, second, year)
        event[place[place >= 0]] = True
    unit = whole.one * np.int32(whole.system.n) + whole.two
    counted = peace_years(unit, whole.at, event)
    if whole is not rows:
        counted = counted[whole.places(rows.flat)]
    return _known(data, counted, rows.year, last)


def _known(data: Events, counted: NDArray[np.int16], year: NDArray[np.int16], last: int) -> Made:
    """The count where the data reach; null after their last year. last : the last year of the user's copy."""
    name = f"{data.prefix}peace_years"
    column = pl.Series(name, counted)
    covered = span(year, *reach(data.years, last, data.quiet_since))
    if not covered.all():
        column = pl.DataFrame({"n": column, "known": covered}).select(pl.when("known").then("n").alias(name))[name]
    return Made(column.to_frame())


def _peace_means(data: Events, unit: str) -> dict[str, Means]:
    says = (
        f"Years since the {unit}'s last year with a {data.what}, 0 in the year after it; without one, since it came in"
    )
    return {f"{data.prefix}peace_years": Means("years", says, "derived")}


def _state_years_of(data: Events) -> StateTable:
    """How many disputes or wars a state had under way, and how many began."""

    def table(context: Context) -> pl.DataFrame:
        raw = context.read(data.source, ["ccode1", "year", data.number, data.ongoing, data.onset])
        began = pl.col(data.number).filter(pl.col(data.onset) == 1).n_unique()
        return raw.group_by(ccode="ccode1", year="year").agg(
            pl.col(data.number).n_unique().cast(pl.Int16).alias(f"{data.prefix}n"),
            began.cast(pl.Int16).alias(f"{data.prefix}n_onset"),
        )

    means = {
        f"{data.prefix}n": Means("count", f"Number of {data.what}s the state took part in", "derived"),
        f"{data.prefix}n_onset": Means(
            "count", "Number of those in which one of its dyads began in the year", "derived"
        ),
    }
    return StateTable(
        _NAMES[data.source], data.source, data.years, means, table, dict.fromkeys(means, 0), data.quiet_since
    )


def _peace_of_states(rows: StateYears, context: Context, data: Events) -> Made:
    raw = context.read(data.source, ["ccode1", "year", data.ongoing])
    last, raw = int(str(raw["year"].max())), raw.filter(pl.col(data.ongoing) == 1)
    whole = rows if rows.first <= rows.system.first else state_years(rows.system, rows.system.first)
    state, year = rows.system.index(raw["ccode1"].to_numpy(), raw["year"].to_numpy()), raw["year"].to_numpy()
    event = np.zeros((rows.system.n, rows.system.n_years), dtype=np.bool_)
    event[state[state >= 0], year[state >= 0].astype(np.int32) - rows.system.first] = True
    counted = peace_years(whole.state, whole.at, event[whole.state, whole.at])[whole.year >= rows.first]
    return _known(data, counted, rows.year, last)


_NAMES = {"gml_dyads": "mids", "cow_mid_dyads": "cow_mids", "wars_inter": "wars"}
_PEACE = {"gml_dyads": "peace_years", "cow_mid_dyads": "cow_peace_years", "wars_inter": "war_peace_years"}


def _dyads(data: Events) -> tuple[DyadAddition, DyadAddition]:
    return (
        DyadAddition(
            _NAMES[data.source], data.source, data.years, lambda d, a: _means(data, d), lambda r, c: _events(r, c, data)
        ),
        DyadAddition(
            _PEACE[data.source],
            data.source,
            data.years,
            lambda d, a: _peace_means(data, "dyad"),
            lambda r, c: _peace(r, c, data),
        ),
    )


def _states(data: Events) -> tuple[StateTable, StateAddition]:
    means = _peace_means(data, "state")
    peace = StateAddition(
        _PEACE[data.source], data.source, data.years, means, lambda r, c: _peace_of_states(r, c, data)
    )
    return _state_years_of(data), peace


DYADS = tuple(a for data in (GML, COW_MIDS, WARS) for a in _dyads(data))
STATES = tuple(a for data in (GML, COW_MIDS, WARS) for a in _states(data))
