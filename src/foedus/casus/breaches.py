"""Promises that the attackers break: non-aggression, guarantees of what they attack, neutrality."""

from __future__ import annotations

from datetime import timedelta

from foedus.casus.event import FORCE, Event
from foedus.casus.verdict import Breach
from foedus.record import Obligation, Record, Treaty
from foedus.record.spell import in_force


def breaches(record: Record, event: Event) -> tuple[Breach, ...]:
    """Standing promises that an attacking state owed a target; none for a mere threat or a non-state attacker."""
    if event.kind not in FORCE | {"threat", "cyber", "hybrid", "airspace_violation", "ultimatum", "coup", "subversion"}:
        return ()
    found = []
    for treaty in _standing(record, event):
        for o in treaty.obligation:
            if _is_promise(o, event) and in_force(o.since, o.until, event.day):
                found += _broken(record, treaty, o, event)
    return tuple(sorted(set(found), key=lambda b: (b.state, b.treaty, b.article)))


def _standing(record: Record, event: Event) -> list[Treaty]:
    """Treaties in force on the day, and those that this day's breach ended: they stood until the attack."""
    broken = [t for t in record.treaties.values() if t.ended == event.day and t.end_mode == "violated"]
    return [*record.in_force(event.day), *broken]


def _is_promise(o: Obligation, event: Event) -> bool:
    if o.level == "must_not_attack":
        return event.kind in FORCE
    return (
        o.pledge in ("guarantee", "neutrality")
        and o.level in ("must_stay_neutral",)
        and o.to == "protected"
        and event.kind in FORCE
    )


def _broken(record: Record, treaty: Treaty, o: Obligation, event: Event) -> list[Breach]:
    owing, owed = record.sides(treaty, o, event.day if treaty.ended != event.day else event.day - timedelta(days=1))
    hit = frozenset(event.targets) if o.to == "any" else owed & frozenset(event.targets)
    return [
        Breach(state, treaty.id, o.article, tuple(sorted(hit)), o.says)
        for state in sorted(owing & frozenset(event.states_attacking))
        if hit - {state}
    ]
