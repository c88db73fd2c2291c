"""An alliance of the record as the cyber room sees it: members on a day, their regions, blocs to expand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foedus.cyber.actors import Actor
from foedus.cyber.errors import CyberError
from foedus.cyber.shared import SharedThreats, shared_matrix
from foedus.record import Record

FIRST_YEAR = 2005  # of the operations that the reporting behind the galaxy reaches back to
_BLOCS = {"eu": "eu-2009", "nato": "nato-1949"}


@dataclass(frozen=True, slots=True)
class Alliance:
    """title : what it is called; id : of the treaty, "" for a list of states; members : codes, by English name."""

    title: str
    id: str
    day: date
    members: tuple[str, ...]
    regions: Mapping[str, str]
    blocs: Mapping[str, tuple[str, ...]]

    def threats(
        self, *, variant: str = "base", exclude_inside_origin: bool = False, of: tuple[Actor, ...] | None = None
    ) -> SharedThreats:
        """The shared-threat matrix of its members, as `shared_matrix`."""
        return shared_matrix(
            self.members, variant=variant, exclude_inside_origin=exclude_inside_origin, blocs=self.blocs, of=of
        )


def alliance(record: Record, treaty: str, day: date) -> Alliance:
    """The parties of a treaty on `day`. Raises UnknownTreaty; CyberError when it binds fewer than two then."""
    found = record.treaty(treaty)
    return _made(record, found.title, found.id, found.members_on(day), day)


def of_states(record: Record, states: Sequence[str], day: date) -> Alliance:
    """Any two or more states, for groups without a treaty. Raises UnknownState."""
    return _made(record, "These states", "", [record.state(s, day).code for s in states], day)


def _made(record: Record, title: str, id_: str, members: Sequence[str], day: date) -> Alliance:
    if day.year < FIRST_YEAR:
        raise CyberError(f"The data on threat actors begin in {FIRST_YEAR}; {day} is before them.")
    named = sorted(set(members), key=lambda s: record.state_name(s, day))
    if len(named) < 2:
        raise CyberError(f"{title}: {len(named)} members on {day}; nothing can be shared. Give another day: --on")
    regions = {code: row.region for code, row in record.states.items()}
    blocs = {name: tuple(record.treaty(t).members_on(day)) for name, t in _BLOCS.items() if t in record.treaties}
    return Alliance(title, id_, day, tuple(named), regions, blocs)
