"""One row for each treaty and year in which it was in force on the last day of the year."""

from __future__ import annotations

from datetime import date

import polars as pl

from foedus.panel.require import require
from foedus.record import Record

TREATIES_BY_YEAR = pl.Schema(
    {
        "treaty": pl.String(),
        "title": pl.String(),
        "year": pl.Int16(),
        "n_parties": pl.Int16(),
        "parties": pl.List(pl.String()),
        "pledges": pl.List(pl.String()),
        "has_defence": pl.Boolean(),
    }
)


def treaties_by_year(record: Record, first: int, last: date) -> pl.DataFrame:
    """Treaties in force at the end of each year from `first` to the year of `last`; schema TREATIES_BY_YEAR.

    A year is read on 31 December, the last one on `last` itself. Parties and guarantors are counted, and treaties
    without one on that day are left out. Sorted by year and treaty.
    """
    rows = []
    for year in range(first, last.year + 1):
        day = min(date(year, 12, 31), last)
        for treaty in record.treaties.values():
            parties = treaty.members_on(day)
            if parties:
                pledges = record.pledges(treaty, day)
                rows.append(
                    {
                        "treaty": treaty.id,
                        "title": treaty.title,
                        "year": year,
                        "n_parties": len(parties),
                        "parties": list(parties),
                        "pledges": list(pledges),
                        "has_defence": "defence" in pledges,
                    }
                )
    frame = pl.DataFrame(rows, schema=TREATIES_BY_YEAR).sort("year", "treaty")
    return require(frame, TREATIES_BY_YEAR, "treaties_by_year")
