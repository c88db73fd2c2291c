"""Where a vital sign of a treaty comes from: the value at the end of the day's year, its formula and its source."""

from __future__ import annotations

from datetime import date

from foedus.errors import UnknownFigure
from foedus.measure import profile
from foedus.measure.catalogue import INDICATORS
from foedus.record import Record, Treaty
from foedus.view.trail import Step

SIGNS = tuple(name for name, i in INDICATORS.items() if i.scope == "treaty")


def of_sign(record: Record, treaty: Treaty, name: str, day: date) -> list[Step]:
    """The trail of an indicator of `measure.profile`. Raises UnknownFigure with the reason where it has no value."""
    rows = profile(record, None, treaty, first=day.year, last=day.year).to_dicts()
    row = next((r for r in rows if r["indicator"] == name), None)
    if row is None or row["value"] is None:
        reason = row["note"] if row and row["note"] else f"nothing is known for {day.year}"
        raise UnknownFigure(name, says=f"{treaty.title} has no {name} in {day.year}: {reason}.")
    sign = INDICATORS[name]
    what = f"{treaty.title}, {name} {row['year']}: {row['value']:.4g} ({sign.unit})"
    how = f"measure.profile: {sign.formula}; {sign.by}"
    return [Step("derived", what, f"{how}. {row['note']}".removesuffix(". "), f"from: {row['source']}")]
