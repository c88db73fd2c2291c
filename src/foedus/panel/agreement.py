"""What a comparison with ATOP compares and what it finds: two sides, their differences, agreement in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from foedus.panel.explanations import Explanation

SAME = 31  # days: dates closer than this agree; many are known to the month only
YEAR = 366
MULTILATERAL = 3  # members
PLEDGES = ("defence", "offence", "neutrality", "non_aggression", "consultation")
DATES = ("signed", "ended", "entry", "exit")
Spell = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Side:
    """An alliance as one of the two tells it. members : state -> (first entry, last exit or None)."""

    signed: date
    ended: date | None
    members: Mapping[str, Spell]
    pledges: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing set beside the other: `field` (and `state`), as text, with the days between two dates (or None)."""

    field: str
    state: str
    ours: str
    theirs: str
    days: int | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the record and ATOP differ.

    field : signed, ended, members, entry, exit or pledges. days : ours less theirs, None for other fields and where
    one side is open. n_members : states of the largest of the treaties. explained : the record's own explanation
    (differs_from_atop), "" when it has none.
    """

    atopid: int
    treaties: tuple[str, ...]
    field: str
    state: str
    ours: str
    theirs: str
    days: int | None
    n_members: int
    explained: str


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of ATOP's alliances of a kind the record claims; missing : ids of the rest."""

    kind: str
    n_theirs: int
    missing: tuple[int, ...]

    @property
    def n_claimed(self) -> int:
        """How many of them a treaty of the record names."""
        return self.n_theirs - len(self.missing)

    @property
    def share(self) -> float:
        """In [0, 1]; 1 when ATOP has none of that kind."""
        return self.n_claimed / self.n_theirs if self.n_theirs else 1.0


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near the dates of one field are: counts of dates, each including the one before; n_dated have two days.

    n_one_open : one side gives a day, the other none. Where both are open there is nothing to measure.
    """

    field: str
    n_dated: int
    same_day: int
    within_month: int
    within_year: int
    n_one_open: int


@dataclass(frozen=True, slots=True)
class PledgeAgreement:
    """How many of the compared alliances hold a kind of pledge on both sides, on one of them, on neither."""

    pledge: str
    n_both: int
    n_only_ours: int
    n_only_theirs: int
    n_neither: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """The result of the comparison.

    n_alliances : ATOP alliances that the record claims; unknown_ids : claimed ids that ATOP does not have.
    compared : field -> how many were compared; agreed : how many of them agree (dates within 31 days).
    differences : all of them, explained or not. stale : explanations for which there is no difference (any more).
    """

    n_alliances: int
    unknown_ids: tuple[int, ...]
    compared: dict[str, int]
    agreed: dict[str, int]
    differences: tuple[Difference, ...]
    closeness: tuple[Closeness, ...]
    pledges: tuple[PledgeAgreement, ...]
    recall: tuple[Recall, ...]
    stale: tuple[Explanation, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Differences that the record does not explain."""
        return tuple(d for d in self.differences if not d.explained)

    @property
    def unexplained_multilateral(self) -> tuple[Difference, ...]:
        """Those of treaties with three or more members: none may stand."""
        return tuple(d for d in self.unexplained if d.n_members >= MULTILATERAL)
