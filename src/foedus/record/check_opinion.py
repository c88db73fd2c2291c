"""Are the published shares of opinion sound? Known states and treaties, shares that fit together."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.errors import Problem
from foedus.record.record import Record
from foedus.record.tables import Opinion


def opinion_problems(record: Record, file: str) -> Iterator[Problem]:
    """What makes opinion.csv invalid; sources aside."""
    for row in record.opinion:
        for field, says in _row_problems(record, row):
            yield Problem(file, f"{row.family} {row.state or row.scope} {row.day} {row.pollster}: {field}", says)


def _row_problems(record: Record, row: Opinion) -> Iterator[tuple[str, str]]:
    if (row.scope == "state") != bool(row.state):
        yield "state", "goes with scope state, and only with it"
    for field in ("state", "target"):
        code = getattr(row, field)
        if code and code not in record.states:
            yield field, f'"{code}" is no state of the record; expected a code of states.csv'
    if row.treaty not in record.treaties:
        yield "treaty", f'"{row.treaty}" is no treaty of the record'
    if not 0 <= row.percent <= 100 or not 0 <= row.percent + (row.against or 0) <= 101:
        yield (
            "percent",
            f"{row.percent:g} for and {row.against or 0:g} against; expected 0 to 100, and 101 at most together",
        )
    if row.n is not None and row.n < 1:
        yield "n", f"{row.n} is no size of a sample; leave it out where it is not known"
    if row.precision == "year" and (row.day.month, row.day.day) != (1, 1):
        yield "day", f"{row.day} is known to the year only; write its first day"
    if row.precision == "month" and row.day.day != 1:
        yield "day", f"{row.day} is known to the month only; write its first day"
