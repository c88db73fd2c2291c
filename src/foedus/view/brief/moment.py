"""The moment a brief speaks of: the treaty, the day asked, and whether the treaty was alive then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foedus.record import Member, Obligation, Record, Treaty
from foedus.record.schema import SIGNATORIES
from foedus.record.spell import in_force
from foedus.view import words
from foedus.view.document import Citations
from foedus.view.maps import reference_day

FIRST_YEAR_OF_FIGURES = 2024  # GDP at the exchange rate, and so expenditure in dollars, is recorded for 2024


@dataclass(frozen=True, slots=True)
class Moment:
    """What every section of a brief is computed from.

    day : the day asked. reference : the day whose membership is described: `day` while the treaty is in force, else its
    last day in force, or its first, or its signature when it never came into force.
    """

    record: Record
    treaty: Treaty
    day: date
    cite: Citations

    @property
    def reference(self) -> date:
        """The day whose membership is described."""
        return reference_day(self.treaty, self.day)

    @property
    def is_alive(self) -> bool:
        """Whether the treaty is in force on the day asked."""
        return self.treaty.on(self.day)

    @property
    def is_over(self) -> bool:
        """Whether the treaty had ended by the day asked."""
        return self.treaty.ended is not None and self.treaty.ended <= self.day

    @property
    def has_time_left(self) -> bool:
        """Whether a sentence about it stands in the present tense: it is in force, or signed and not yet over."""
        return not self.is_over

    @property
    def parties(self) -> tuple[str, ...]:
        """Codes of the parties on the reference day, by name; of the signatories when it never came into force."""
        found = self.treaty.members_on(self.reference) or {m.state for m in self.treaty.member if m.role in SIGNATORIES}
        return tuple(sorted(found, key=self.name))

    @property
    def spells(self) -> tuple[Member, ...]:
        """Membership spells of parties that had begun by the reference day, by entry."""
        mine = [m for m in self.treaty.member if m.role in SIGNATORIES and m.since <= self.reference]
        return tuple(sorted(mine, key=lambda m: (m.since, m.state)))

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """The articles in force on the reference day, as the file orders them."""
        return tuple(o for o in self.treaty.obligation if in_force(o.since, o.until, self.reference))

    def name(self, state: str, day: date | None = None) -> str:
        """What a state was called on the reference day (or on `day`)."""
        return self.record.state_name(state, day or self.reference)

    def the(self, state: str, day: date | None = None) -> str:
        """The same inside a sentence, with its article where English wants one."""
        return words.the(self.name(state, day))

    def figures_reach(self) -> bool:
        """Whether today's figures describe the day asked: the treaty is in force and the day is not before 2024."""
        return self.is_alive and self.day.year >= FIRST_YEAR_OF_FIGURES
