"""The profile of a treaty: every indicator for every year, in one tidy frame, each value with its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from foedus.errors import FoedusError
from foedus.measure.catalogue import INDICATORS
from foedus.measure.evidence import Evidence, gather
from foedus.measure.signs import Moment, Reading, burden, capability, cohesion, institutions, surroundings
from foedus.panel import require
from foedus.record import Record, Treaty

PROFILE = pl.Schema(
    {
        "treaty": pl.String(),
        "year": pl.Int16(),
        "indicator": pl.String(),
        "value": pl.Float64(),
        "unit": pl.String(),
        "source": pl.String(),
        "note": pl.String(),
    }
)
_THEMES = (cohesion, capability, burden, institutions, surroundings)


def profile(
    record: Record,
    given: Evidence | Path | None,
    treaty: Treaty | str,
    *,
    first: int | None = None,
    last: int | None = None,
) -> pl.DataFrame:
    """Every indicator of `INDICATORS` for each year in which the treaty has members on 31 December; schema PROFILE.

    given : evidence that was gathered, or the folder of the user's data sets (None: foedus's own). first, last : years,
    inclusive; by default from the treaty's first to its last, or to the year in which the record was checked, which is
    read on that day. A value that is not known is null, and its note says why. Raises FoedusError when the treaty has
    no member in those years, SourceError for a file that is wrong.
    """
    evidence = given if isinstance(given, Evidence) else gather(record, given)
    chosen = treaty if isinstance(treaty, Treaty) else record.treaty(treaty)
    rows = [
        (chosen.id, m.year, r.indicator, r.value, INDICATORS[r.indicator].unit, r.source, r.note)
        for m in moments(evidence, chosen, first, last)
        for r in readings(m)
    ]
    if not rows:
        says = f"{chosen.id} had no member at the end of any year {_span(first, last)}"
        raise FoedusError(f"{says}; in force {chosen.in_force or 'never'} to {chosen.ended or 'today'}.")
    return require(pl.DataFrame(rows, schema=PROFILE, orient="row"), PROFILE, "profile")


def moments(evidence: Evidence, treaty: Treaty, first: int | None, last: int | None) -> Iterator[Moment]:
    """The treaty at the end of each year in which it then has members."""
    begin = (treaty.in_force or treaty.signed).year
    end = min(treaty.ended.year if treaty.ended else evidence.last.year, evidence.last.year)
    for year in range(max(begin, first or begin), min(end, last if last is not None else end) + 1):
        day = min(date(year, 12, 31), evidence.last)
        members = tuple(sorted(treaty.members_on(day)))
        if members:
            yield Moment(evidence, treaty, day, members)


def readings(moment: Moment) -> Iterator[Reading]:
    """All readings of one moment, in the order of the catalogue's themes."""
    yield Reading("n_members", float(len(moment.members)), "record")
    for theme in _THEMES:
        yield from theme.readings(moment)


def _span(first: int | None, last: int | None) -> str:
    parts = [f"from {first}" if first else "", f"to {last}" if last else ""]
    return " ".join(part for part in parts if part) or "at all"
