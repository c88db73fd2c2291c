"""One row for each spell of one state in one treaty."""

from __future__ import annotations

import polars as pl

from foedus.panel.require import require
from foedus.record import Record, Treaty

MEMBERSHIPS = pl.Schema(
    {
        "treaty": pl.String,
        "state": pl.String,
        "role": pl.String,
        "since": pl.Date,
        "until": pl.Date,
        "signed": pl.Date,
        "how": pl.String,
        "how_left": pl.String,
        "source": pl.String,
        "confidence": pl.String,
    }
)


def memberships(record: Record, treaty: Treaty | None = None) -> pl.DataFrame:
    """Membership spells of one treaty or of all, sorted by treaty, entry and state; schema MEMBERSHIPS.

    Spells are half-open: `until` is the first day no longer bound, null while bound. Treaties that never came into
    force have spells too; ask the treaty whether it was in force.
    """
    rows = [
        {
            "treaty": t.id,
            "state": m.state,
            "role": m.role,
            "since": m.since,
            "until": m.until,
            "signed": m.signed,
            "how": m.how,
            "how_left": m.how_left,
            "source": "; ".join(m.sources),
            "confidence": record.confidence(m.source, m.confidence, t),
        }
        for t in ([treaty] if treaty else record.treaties.values())
        for m in t.member
    ]
    frame = pl.DataFrame(rows, schema=MEMBERSHIPS)
    return require(frame.sort("treaty", "since", "state"), MEMBERSHIPS, "memberships")
