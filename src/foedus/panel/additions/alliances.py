"""Pledges and alliances: ATOP, COW and the record for dyads, and how many allies a state has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.panel.attach import chosen, reach, span
from foedus.panel.base import DyadYears
from foedus.panel.catalogue import Aggregation, Context, DyadAddition, Kind, Made, Means, StateTable, outside
from foedus.panel.pledge_dyads import pledge_dyads

ATOP = {
    "atop_defense": "defence when the other is attacked",
    "atop_offense": "help in wars that the other begins",
    "atop_neutral": "neutrality",
    "atop_nonagg": "non-aggression",
    "atop_consul": "consultation",
}
COW = {
    "cow_defense": "defence (type I)",
    "cow_neutral": "neutrality (type II)",
    "cow_nonagg": "non-aggression (type II)",
    "cow_entente": "consultation (entente, type III)",
}
RECORD = {
    "record_defence": "defence when it is attacked",
    "record_offence": "a part in wars that it begins or that both wage",
    "record_neutrality": "neutrality",
    "record_non_aggression": "not to attack it",
    "record_consultation": "consultation",
    "record_guarantee": "a guarantee of its existence, territory or neutrality",
    "record_internal_order": "help against disorder at home",
    "record_cooperation": "other military cooperation",
}
_TAKEN: dict[Aggregation, str] = {
    "any": "one of the two owes the other",
    "both": "each of the two owes the other",
    "first": "the first state owes the second",
}


def _atop(rows: DyadYears, context: Context) -> Made:
    return _pledges(rows, context, "atop", "atop_dyads", ATOP, (1816, 2018))


def _cow(rows: DyadYears, context: Context) -> Made:
    return _pledges(rows, context, "cow_alliances", "cow_alliances", COW, (1816, 2012))


def _pledges(
    rows: DyadYears, context: Context, name: str, source: str, columns: Mapping[str, str], years: tuple[int, int]
) -> Made:
    """0 or 1 for each kind of pledge; a dyad-year that the source does not list has none; null after its last year."""
    frame = context.read(source, ["ccode1", "ccode2", "year", *columns])
    one, two, year = (frame[c].to_numpy() for c in ("ccode1", "ccode2", "year"))
    bits = np.zeros(len(frame), dtype=np.uint8)
    for k, column in enumerate(columns):
        bits |= (frame[column].fill_null(0).to_numpy() == 1).astype(np.uint8) << np.uint8(k)
    owed, n_outside = _owed(rows, one, two, year, bits, context.aggregation)
    covered = span(rows.year, *reach(years, int(year.max())))
    if not covered.all():
        owed = np.where(covered, owed, np.uint8(1 << len(columns)))
    notes = outside(name, "dyad", n_outside, rows.first, rows.system.last)
    return Made(chosen(_bits(list(columns)), owed), notes)


def _record(rows: DyadYears, context: Context) -> Made:
    """What the record's treaties made the two owe each other in the year; the record reaches every year of a panel."""
    owed = pledge_dyads(context.record, rows.first, date(rows.system.last, 12, 31))
    cow = {code: row.cow or 0 for code, row in context.record.states.items()}
    one, two = (owed[c].replace_strict(cow, return_dtype=pl.Int32).to_numpy() for c in ("state1", "state2"))
    bits = np.zeros(len(owed), dtype=np.uint8)
    for k, column in enumerate(RECORD):
        bits |= owed[column.removeprefix("record_")].to_numpy().astype(np.uint8) << np.uint8(k)
    taken, n_outside = _owed(rows, one, two, owed["year"].to_numpy(), bits, context.aggregation)
    notes = outside("record_pledges", "dyad", n_outside, rows.first, rows.system.last)
    return Made(chosen(_bits(list(RECORD)), taken), notes)


def _means(columns: Mapping[str, str], directed: bool, aggregation: Aggregation) -> dict[str, Means]:
    taken = _TAKEN["first" if directed else aggregation]
    kind: Kind = "observed" if directed else "derived"
    return {c: Means("0 or 1", f"Whether {taken} {says}", kind) for c, says in columns.items()}


def _owed(
    rows: DyadYears,
    one: NDArray[np.integer],
    two: NDArray[np.integer],
    year: NDArray[np.integer],
    bits: NDArray[np.uint8],
    aggregation: Aggregation,
) -> tuple[NDArray[np.uint8], int]:
    """The pledges of each row as bits, and how many rows of the source named a dyad outside the system."""
    inside = (year >= rows.first) & (year <= rows.system.last)
    if rows.directed:
        place = rows.rows(one, two, year)
        owed = np.zeros(rows.n, dtype=np.uint8)
        np.bitwise_or.at(owed, place[place >= 0], bits[place >= 0])
        return owed, int(((place < 0) & inside).sum())
    lower = one < two
    place = rows.rows(np.where(lower, one, two), np.where(lower, two, one), year)
    owed1, owed2 = np.zeros(rows.n, dtype=np.uint8), np.zeros(rows.n, dtype=np.uint8)
    for side, owes in ((owed1, lower), (owed2, ~lower)):
        here = (place >= 0) & owes
        np.bitwise_or.at(side, place[here], bits[here])
    taken = {"any": owed1 | owed2, "both": owed1 & owed2, "first": owed1}[aggregation]
    return taken, int(((place < 0) & inside).sum())


def _bits(columns: list[str]) -> pl.DataFrame:
    """One row for each set of pledges, numbered by its bits, and one of nulls behind them."""
    sets = np.arange(1 << len(columns))
    known = pl.DataFrame({c: pl.Series((sets >> k) & 1, dtype=pl.Int8) for k, c in enumerate(columns)})
    return pl.concat([known, known.clear(1)])


def _allies(context: Context) -> pl.DataFrame:
    frame = context.read("atop_dyads", ["ccode1", "ccode2", "year", "atop_defense"])
    defended = pl.col("ccode2").filter(pl.col("atop_defense") == 1)
    counted = frame.group_by("ccode1", "year").agg(
        atop_n_partners=pl.col("ccode2").n_unique().cast(pl.Int16),
        atop_n_defended=defended.n_unique().cast(pl.Int16),
    )
    return counted.rename({"ccode1": "ccode"})


DYADS = (
    DyadAddition("atop", "atop_dyads", (1816, 2018), lambda d, a: _means(ATOP, d, a), _atop),
    DyadAddition("cow_alliances", "cow_alliances", (1816, 2012), lambda d, a: _means(COW, d, a), _cow),
    DyadAddition("record_pledges", "record", (1816, date.max.year), lambda d, a: _means(RECORD, d, a), _record),
)
STATES = (
    StateTable(
        "atop",
        "atop_dyads",
        (1816, 2018),
        {
            "atop_n_partners": Means("states", "States to which it owes any pledge", "derived"),
            "atop_n_defended": Means("states", "States to which it owes defence", "derived"),
        },
        _allies,
        absent={"atop_n_partners": 0, "atop_n_defended": 0},
    ),
)
