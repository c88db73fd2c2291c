"""What ties states together: trade, shared organisations, how far apart they vote."""

from __future__ import annotations

import numpy as np
import polars as pl

from foedus.panel.additions.contact import both_ways
from foedus.panel.attach import spread
from foedus.panel.base import DyadYears
from foedus.panel.catalogue import Context, DyadAddition, Made, Means, StateTable, outside

_FLOWS = {"flow1": "flow2", "flow2": "flow1", "smoothflow1": "smoothflow2", "smoothflow2": "smoothflow1"}

_TRADE = {
    "flow1": Means("million current US dollars", "Imports of the first state from the second"),
    "flow2": Means("million current US dollars", "Imports of the second state from the first"),
    "smoothflow1": Means("million current US dollars", "The same, smoothed by the producer (first state)"),
    "smoothflow2": Means("million current US dollars", "The same, smoothed by the producer (second state)"),
}
_IGOS = {"dyadigos": Means("organisations", "Inter-governmental organisations to which both belong")}


def _trade(rows: DyadYears, context: Context) -> Made:
    raw = context.read("trade_dyads", ["ccode1", "ccode2", "year", *_FLOWS])
    return _pairs(rows, raw, _TRADE, "trade", _FLOWS)


def _igos(rows: DyadYears, context: Context) -> Made:
    raw = context.read("igo_dyads", ["ccode1", "ccode2", "year", "dyadigos"])
    return _pairs(rows, raw, _IGOS, "igos")


def _pairs(
    rows: DyadYears, raw: pl.DataFrame, means: dict[str, Means], name: str, mirrored: dict[str, str] | None = None
) -> Made:
    """A source of undirected dyad-years, ccode1 < ccode2; directed rows see it from either side."""
    one, two, year = (raw[c].to_numpy() for c in ("ccode1", "ccode2", "year"))
    place = both_ways(rows, one, two, year)
    values = raw.select(list(means))
    n_outside = int(((place < 0) & (year >= rows.first) & (year <= rows.system.last)).sum())
    if rows.directed:
        turned = raw.select(pl.col((mirrored or {}).get(c, c)).alias(c) for c in means)
        values = pl.concat([values, turned])
        place = np.concatenate([place, rows.rows(two, one, year)])
    made = spread(values, place, rows.n, source=name)
    return Made(made, outside(name, "dyad", n_outside, rows.first, rows.system.last))


def _totals(context: Context) -> pl.DataFrame:
    return context.read("trade_states", ["ccode", "year", "imports", "exports"])


def _counts(context: Context) -> pl.DataFrame:
    return context.read("igo_states", ["ccode", "year", "sum_igo_full", "sum_igo_anytype"])


DYADS = (
    DyadAddition("trade", "trade_dyads", (1870, 2014), lambda d, a: _TRADE, _trade),
    DyadAddition("igos", "igo_dyads", (1816, 2014), lambda d, a: _IGOS, _igos),
)
STATES = (
    StateTable(
        "trade",
        "trade_states",
        (1870, 2014),
        {
            "imports": Means("million current US dollars", "Imports"),
            "exports": Means("million current US dollars", "Exports"),
        },
        _totals,
    ),
    StateTable(
        "igos",
        "igo_states",
        (1816, 2014),
        {
            "sum_igo_full": Means("organisations", "Full memberships in inter-governmental organisations"),
            "sum_igo_anytype": Means("organisations", "Memberships of any type"),
        },
        _counts,
    ),
)
