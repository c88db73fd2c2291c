"""What else binds the members of a treaty: to each other, and to outsiders."""

from __future__ import annotations

from datetime import date

import polars as pl

from foedus.panel import require
from foedus.record import Record, Treaty

OVERLAPS = pl.Schema(
    {
        "treaty": pl.String(),
        "title": pl.String(),
        "pledges": pl.List(pl.String()),
        "shared": pl.List(pl.String()),
        "outsiders": pl.List(pl.String()),
        "n_shared": pl.Int16(),
        "n_outsiders": pl.Int16(),
        "confidence": pl.String(),
    }
)


def overlaps(record: Record, treaty: Treaty, day: date) -> pl.DataFrame:
    """Other treaties in force on `day` with at least one member of `treaty`; schema OVERLAPS.

    shared : codes of states in both; outsiders : parties of the other treaty that are not in this one.
    Universal organisations are left out. Sorted by n_shared, largest first, then by treaty. Empty when `treaty` has no
    member on that day.
    """
    own = set(treaty.members_on(day))
    rows = []
    for other in record.in_force(day):
        parties = set(other.members_on(day))
        shared = own & parties
        if other.id != treaty.id and shared and not other.universal:
            rows.append(
                {
                    "treaty": other.id,
                    "title": other.title,
                    "pledges": list(record.pledges(other, day)),
                    "shared": sorted(shared),
                    "outsiders": sorted(parties - own),
                    "n_shared": len(shared),
                    "n_outsiders": len(parties - own),
                    "confidence": record.confidence(other.according_to, other.confidence, other),
                }
            )
    frame = pl.DataFrame(rows, schema=OVERLAPS)
    return require(frame, OVERLAPS, "overlaps").sort("n_shared", "treaty", descending=[True, False])
