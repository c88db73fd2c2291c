"""Would a pact apply against this challenger now? The casus engine's answer for every directed pair and year.

A dummy for "the target has an ally" counts pacts that exclude this attacker, that lapsed, or that cover other ground.
`covered` asks of each article in force on 1 January whether an attack by the challenger on the target at home would
bind a third state to use force, mobilise or assist.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import polars as pl

from foedus.casus.matrix import DeterrenceTable
from foedus.casus.verdict import Level, strength
from foedus.record import Record

COVERED = pl.Schema({"state1": pl.String, "state2": pl.String, "year": pl.Int16, "n_defenders": pl.Int16})
_WEAKEST: Level = "must_assist"  # or must_mobilise, must_use_force


def covered(record: Record, years: Iterable[int]) -> pl.DataFrame:
    """Directed pairs with a pact that would apply on 1 January; schema COVERED, sorted by year and states.

    state1 attacks state2 at home. n_defenders : third states that must use force, mobilise or assist; pairs without
    one are left out. Direct duties only, universal organisations left out (`casus.matrix`).
    """
    parts = [_year(record, year) for year in sorted(set(years))]
    return pl.concat(parts) if parts else pl.DataFrame(schema=COVERED)


def _year(record: Record, year: int) -> pl.DataFrame:
    table = DeterrenceTable(record, date(year, 1, 1), weakest=_WEAKEST)
    rows = []
    for target in table.states:
        for attacker in table.states:
            if attacker != target:
                bound = 0
                for rank, mask in table.masks(attacker, target):
                    bound |= mask if rank <= strength(_WEAKEST) else 0
                if bound:
                    rows.append((attacker, target, year, bound.bit_count()))
    return pl.DataFrame(rows, schema=COVERED, orient="row")


def as_matrix(frame: pl.DataFrame, codes: Iterable[str], year: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether an attack by the state of the row on that of the column is covered in `year`; bool (n, n)."""
    place = {c: i for i, c in enumerate(codes)}
    found = np.zeros((len(place),) * 2, np.bool_)
    for one, two in frame.filter(pl.col("year") == year).select("state1", "state2").iter_rows():
        if one in place and two in place:
            found[place[one], place[two]] = True
    return found
