"""Rivalries and crises by dyad and year; a year counts when the rivalry held, or the crisis was under way, in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from foedus.panel.additions.contact import both_ways
from foedus.panel.attach import reach, span, spread
from foedus.panel.base import DyadYears
from foedus.panel.catalogue import Context, DyadAddition, Made, Means, outside

Spells = Callable[[Context], pl.DataFrame]  # columns ccode1, ccode2, since, until (years, inclusive)


def _tss(context: Context) -> pl.DataFrame:
    return context.read("rivalries_tss", ["ccode1", "ccode2", "start", "end"]).rename(
        {"start": "since", "end": "until"}
    )


def _td(context: Context) -> pl.DataFrame:
    raw = context.read("rivalries_td", ["ccode1", "ccode2", "styear", "endyear"])
    return raw.rename({"styear": "since", "endyear": "until"})


def _kgd(context: Context) -> pl.DataFrame:
    raw = context.read("rivalries_kgd", ["rivala", "rivalb", "beginr", "endr", "rivtyp2"])
    years = raw.filter(pl.col("rivtyp2") == "RIVALRY").with_columns(pl.col("beginr", "endr").cast(pl.Int32))
    return years.select(
        ccode1="rivala", ccode2="rivalb", since=pl.col("beginr") // 10_000, until=pl.col("endr") // 10_000
    )


def _rivals(rows: DyadYears, context: Context, name: str, spells: Spells, years: tuple[int, int]) -> Made:
    found = spells(context).drop_nulls(["since", "until"])
    each = (
        found.with_columns(year=pl.int_ranges("since", pl.col("until") + 1, dtype=pl.Int16))
        .explode("year")
        .filter(pl.col("year").is_between(rows.first, rows.system.last))
        .select(
            one=pl.min_horizontal("ccode1", "ccode2").cast(pl.Int32),
            two=pl.max_horizontal("ccode1", "ccode2").cast(pl.Int32),
            year="year",
        )
        .unique()
    )
    one, two, year = (each[c].to_numpy() for c in ("one", "two", "year"))
    place = both_ways(rows, one, two, year)
    n_outside = int((place < 0).sum())
    if rows.directed:
        place = np.concatenate([place, rows.rows(two, one, year)])
    column = f"rivalry_{name}"
    flags = pl.DataFrame({column: pl.Series(np.ones(len(place), dtype=np.int8))})
    covered = span(rows.year, *reach(years, int(str(found["until"].max()))))
    made = spread(flags, place, rows.n, absent={column: 0}, covered=covered, source=f"rivalries_{name}")
    return Made(made, outside(f"rivalries_{name}", "dyad", n_outside, rows.first, rows.system.last))


def _addition(name: str, spells: Spells, years: tuple[int, int]) -> DyadAddition:
    source = f"rivalries_{name}"
    means = {f"rivalry_{name}": Means("0 or 1", "Whether the two were rivals in the year", "derived")}
    return DyadAddition(
        source, source, years, lambda d, a: means, lambda rows, context: _rivals(rows, context, name, spells, years)
    )


def _crises(rows: DyadYears, context: Context) -> Made:
    """How many international crises a dyad had under way in the year, and whether one began."""
    raw = context.read("icb_dyads", ["crisno", "year", "statea", "stateb", "trgyrdy"]).drop_nulls(["statea", "stateb"])
    each = raw.group_by(
        one=pl.min_horizontal("statea", "stateb"), two=pl.max_horizontal("statea", "stateb"), year="year"
    )
    counted = each.agg(
        icb_n=pl.col("crisno").n_unique().cast(pl.Int8),
        icb_onset=(pl.col("trgyrdy") == pl.col("year")).any().cast(pl.Int8),
    )
    one, two, year = (counted[c].to_numpy() for c in ("one", "two", "year"))
    place = both_ways(rows, one, two, year)
    n_outside = int(((place < 0) & (year >= rows.first) & (year <= rows.system.last)).sum())
    values = counted.select(list(_CRISES))
    if rows.directed:
        values, place = pl.concat([values, values]), np.concatenate([place, rows.rows(two, one, year)])
    covered = span(rows.year, *reach(_ICB_YEARS, int(year.max()), 2020))
    made = spread(values, place, rows.n, absent=dict.fromkeys(_CRISES, 0), covered=covered, source="icb_dyads")
    return Made(made, outside("icb", "dyad", n_outside, rows.first, rows.system.last))


_ICB_YEARS = (1918, 2019)  # a crisis of 2019 ends in 2020, but crises that begin in 2020 are not in the data
_CRISES = {
    "icb_n": Means("count", "International crises of the dyad under way in the year", "derived"),
    "icb_onset": Means("0 or 1", "Whether one of them was triggered in the year", "derived"),
}
DYADS = (
    _addition("tss", _tss, (1816, 2020)),
    _addition("td", _td, (1816, 2010)),
    _addition("kgd", _kgd, (1816, 2001)),
    DyadAddition("icb", "icb_dyads", _ICB_YEARS, lambda d, a: _CRISES, _crises),
)
