"""What the engine answers: findings with reasons, breaches, conflicts, questions, and a sum for each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from foedus.casus.event import Event
from foedus.record.schema import Confidence

Level = Literal[
    "must_use_force", "must_mobilise", "must_assist", "must_consult", "must_stay_neutral", "may_act", "not_bound"
]
LEVELS: tuple[Level, ...] = (
    "must_use_force",
    "must_mobilise",
    "must_assist",
    "must_consult",
    "must_stay_neutral",
    "may_act",
    "not_bound",
)  # strongest first
Sure = Literal["clear", "disputed"]


def strength(level: Level) -> int:
    """Rank of a level, 0 the strongest."""
    return LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decided a finding: a code of the fixed list, and the facts in words."""

    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one article asks of one state.

    level : what it must do. sure : "disputed" when the reading is contested; accept : the other defensible levels.
    reasons : what decided, in order. path : how the event reached the state, first the event, then each entry that led
    here; a direct finding has a path of one. toward : for neutrality, the states toward whom. confidence : how well the
    text behind it is known.
    """

    state: str
    treaty: str
    article: str
    obligation: str
    level: Level
    sure: Sure
    accept: tuple[Level, ...]
    reasons: tuple[Reason, ...]
    path: tuple[str, ...]
    toward: tuple[str, ...]
    confidence: Confidence

    @property
    def is_direct(self) -> bool:
        """Whether the event itself, not a later entry, calls the article."""
        return len(self.path) == 1


@dataclass(frozen=True, slots=True)
class Overall:
    """The sum for one state: its strongest level, whether a finding gives it clearly, and whom it must not fight."""

    state: str
    level: Level
    sure: Sure
    neutral_toward: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that an attacker breaks by the event."""

    state: str
    treaty: str
    article: str
    toward: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two findings that pull one state apart. hint : a priority clause that settles it, else a rule of thumb."""

    state: str
    one: Finding
    other: Finding
    says: str
    hint: str


@dataclass(frozen=True, slots=True)
class Question:
    """A fact nobody stated whose answer would change findings: the fact, in words, and for whom by which articles."""

    fact: str
    says: str
    matters_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything the engine says of an event; findings are sorted by strength, state, treaty and article."""

    event: Event
    findings: tuple[Finding, ...]
    overall: tuple[Overall, ...]
    breaches: tuple[Breach, ...]
    conflicts: tuple[Conflict, ...]
    questions: tuple[Question, ...]
    steps: tuple[str, ...]
    cycles: tuple[str, ...]

    @property
    def day(self) -> date:
        """The day of the event."""
        return self.event.day

    def level_of(self, state: str) -> Level:
        """The overall level of a state; not_bound when no finding names it."""
        return next((o.level for o in self.overall if o.state == state), "not_bound")
