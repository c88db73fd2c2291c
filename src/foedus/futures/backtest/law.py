"""Who could join what by the law of the origin: the record knows it for its own treaties, and for theirs in ATOP."""

from __future__ import annotations

from datetime import date

import numpy as np

from foedus.futures.eligible import eligible
from foedus.futures.world import World
from foedus.record import Record

_ATOP = "atop-"  # how a history from ATOP names its alliances


def under_law(world: World, record: Record) -> World:
    """`world` with who may accede to each treaty, by its text and by states' own neutrality, at the end of its origin.

    An alliance of ATOP is read as the treaties of the record that name its number, were signed and are not yet over;
    of several, whoever one of them lets in may join. What the record does not know bars nobody; members stay members.
    """
    day = date(world.origin, 12, 31)
    lawful = np.ones(world.eligible.shape, np.bool_)
    for a, alliance in enumerate(world.treaties):
        texts = _texts(record, alliance, day)
        if texts:
            lawful[a] = eligible(record, texts, world.states, day).any(axis=0)
    return world.with_(eligible=lawful | world.member)


def _texts(record: Record, alliance: str, day: date) -> list[str]:
    """Treaties of the record that are the alliance on the day."""
    if not alliance.startswith(_ATOP):
        return [alliance] if alliance in record.treaties else []
    number = int(alliance.removeprefix(_ATOP))
    known = (t for t in record.treaties.values() if number in t.atop and t.signed <= day)
    return [t.id for t in known if t.ended is None or day < t.ended]
