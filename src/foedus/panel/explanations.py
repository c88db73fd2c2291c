"""What a treaty file says of its differences from ATOP, read as far as a comparison can use it.

An explanation begins with the field it is about, then, before the colon, the states or ATOP ids it is limited to:
"members: ...", "entry POL 3180: ...", "ended 1365: ...".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foedus.record import Treaty

FIELDS = ("signed", "ended", "members", "entry", "exit", "pledges")
# A sentence on the members, or on when a treaty came into force, also says why an entry differs.
SPEAKS_FOR = {
    "members": ("members", "entry", "exit"),
    "in_force": ("entry",),
    "ended": ("ended", "exit"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence of `differs_from_atop`. states, atopids : what it is limited to; empty for all."""

    treaty: str
    field: str
    states: tuple[str, ...]
    atopids: tuple[int, ...]
    says: str

    def speaks_of(self, field: str, state: str, atopid: int) -> bool:
        """Whether this explains a difference in `field` of `state` ("" for the whole alliance) in `atopid`."""
        return (
            field in SPEAKS_FOR.get(self.field, (self.field,))
            and (not self.states or state in self.states)
            and (not self.atopids or atopid in self.atopids)
        )

    @property
    def rank(self) -> tuple[bool, bool]:
        """Sorts the most particular explanation first."""
        return not self.states, not self.atopids


def explanations(treaties: Iterable[Treaty]) -> tuple[Explanation, ...]:
    """The explanations in the files of `treaties`, in their order."""
    return tuple(_read(treaty.id, says) for treaty in treaties for says in treaty.differs_from_atop)


def _read(treaty: str, says: str) -> Explanation:
    field, *limits = says.split(":", 1)[0].split() or [""]
    return Explanation(
        treaty=treaty,
        field=field,
        states=tuple(word for word in limits if not word.isdecimal()),
        atopids=tuple(int(word) for word in limits if word.isdecimal()),
        says=says,
    )
