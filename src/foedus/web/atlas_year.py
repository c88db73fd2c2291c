"""The system at the end of one year, as the map needs it: whose ground is whose, who is bound to whom, by what."""

from __future__ import annotations

from datetime import date
from typing import Any

from foedus.errors import DateOutsideRecord
from foedus.record import Record
from foedus.record.schema import Treaty
from foedus.view.outline import spots_on

FIRST_YEAR = 1815


def day_of_year(year: int, today: date) -> date:
    """The day on which a year is read: its last, or today. Raises DateOutsideRecord."""
    if not FIRST_YEAR <= year <= today.year:
        raise DateOutsideRecord(f"{year} lies outside the atlas, which goes from {FIRST_YEAR} to {today.year}.")
    return min(date(year, 12, 31), today)


def atlas_year(record: Record, year: int) -> dict[str, Any]:
    """The atlas of `year` as plain data; keys are explained in docs/api.md."""
    return atlas_on(record, day_of_year(year, date.today()))


def atlas_on(record: Record, day: date) -> dict[str, Any]:
    """The atlas of a day as plain data."""
    from foedus.view.system import defence_partners, partner_bands

    partners, bands = defence_partners(record, day), partner_bands(record, day)
    live = [t for t in record.in_force(day) if not t.universal and t.members_on(day)]
    shown = tuple(sorted(partners))
    return {
        "on": day,
        "n_states": len(record.system(day)),
        "n_bound": len(partners),
        "n_treaties": len(live),
        "n_defence": sum("defence" in record.pledges(t, day) for t in live),
        "ground": record.outline_holders(day),
        "spots": [{"state": s.state, "lat": s.lat, "lon": s.lon} for s in spots_on(record, day, shown)],
        "names": {code: record.state_name(code, day) for code in record.states},
        "bands": bands,
        "partners": {state: sorted(others) for state, others in sorted(partners.items())},
        "treaties": [_row(record, t, day) for t in sorted(live, key=lambda t: (-len(t.members_on(day)), t.id))],
    }


def _row(record: Record, treaty: Treaty, day: date) -> dict[str, Any]:
    return {
        "id": treaty.id,
        "title": treaty.title,
        "since": treaty.in_force,
        "pledges": list(record.pledges(treaty, day)),
        "members": list(treaty.members_on(day)),
    }
