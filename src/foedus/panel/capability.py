"""Each state's share of the world's capability, by the one measure that reaches the year asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from foedus.panel.figures import spending
from foedus.record import Record
from foedus.sources.nmc import FIRST_YEAR, LAST_YEAR

TODAY = 2024  # from here on the record's own figures describe a day; before it, only the user's NMC does


@dataclass(frozen=True, slots=True)
class Capability:
    """shares : code -> share of the world total in [0, 1], summing to 1 over the states known. measure : what it is, in
    words, with year and source; "" when no measure reaches the day (then shares is empty)."""

    shares: dict[str, float]
    measure: str


def capability(record: Record, states: Iterable[str], day: date, cinc: pl.DataFrame | None = None) -> Capability:
    """Capability shares of `states` on `day`: military expenditure of today's figures, else CINC of that year.

    cinc : schema sources.nmc.CINC, the user's own copy, or None. States without a value are left out, never zero.
    """
    if day.year >= TODAY:
        values = {s: found[1] for s in states if (found := spending(record, s))}
        return _shares(values, "military expenditure in dollars, latest year of the World Factbook (derived)")
    if cinc is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Capability({}, "")
    rows = cinc.filter((pl.col("year") == day.year) & pl.col("cinc").is_not_null())
    by_cow = dict(zip(rows["cow"].to_list(), rows["cinc"].to_list(), strict=True))
    values = {s: by_cow[cow] for s in states if (cow := record.states[s].cow) in by_cow and cow is not None}
    return _shares(values, f"CINC {day.year}, National Material Capabilities 7.0")


def _shares(values: dict[str, float], measure: str) -> Capability:
    total = sum(values.values())
    return Capability({s: v / total for s, v in values.items()}, measure) if total > 0 else Capability({}, "")
