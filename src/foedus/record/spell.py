"""The one implementation of "in force on a day": intervals are half-open, [since, until)."""

from __future__ import annotations

from datetime import date


def in_force(since: date | None, until: date | None, day: date) -> bool:
    """Whether [since, until) covers `day`; None leaves that side open. The day of leaving is already out."""
    return (since is None or since <= day) and (until is None or day < until)


def overlap(a: tuple[date | None, date | None], b: tuple[date | None, date | None]) -> bool:
    """Whether two half-open intervals share a day."""
    return (a[1] is None or b[0] is None or b[0] < a[1]) and (b[1] is None or a[0] is None or a[0] < b[1])
