"""A treaty in one year, and what is read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from foedus.measure.evidence import Evidence
from foedus.record import Treaty


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one year. value : None where it is not known, and then `note` says why."""

    indicator: str
    value: float | None
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.note:
            raise ValueError(f"{self.indicator}: a value that is not known needs a reason")


@dataclass(frozen=True, eq=False)
class Moment:
    """`treaty` on the last day of a year. members : codes of its parties and guarantors on that day, sorted."""

    evidence: Evidence
    treaty: Treaty
    day: date
    members: tuple[str, ...]

    @property
    def year(self) -> int:
        """The year that is read."""
        return self.day.year

    @cached_property
    def cow(self) -> dict[str, int]:
        """COW numbers of those members that have one."""
        states = self.evidence.record.states
        return {s: number for s in self.members if (number := states[s].cow)}


def missing(known: int, of: int, what: str = "members") -> str:
    """How many are not known, as a note; "" when all are."""
    return f"{of - known} of {of} {what} without data" if known < of else ""
