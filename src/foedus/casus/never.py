"""Treaties that a reader may think of, but that ask nothing: signed only, not yet, no longer, left, no clause."""

from __future__ import annotations

from datetime import timedelta

from foedus.casus.event import Event
from foedus.casus.triggers import is_conduct
from foedus.casus.verdict import Finding, Reason
from foedus.record import Obligation, Record, Treaty
from foedus.record.spell import in_force

NEAR = timedelta(days=366 * 12)  # a treaty that ended or began within a dozen years is one that a reader may think of


def not_in_force(record: Record, event: Event, known: set[tuple[str, str]]) -> list[Finding]:
    """not_bound findings for treaties that tie others to a target or attacker but did not bind on the day."""
    hit = {*event.targets, *event.states_attacking}
    found = []
    for treaty in record.treaties.values():
        ever = {m.state for m in treaty.member if m.role in ("party", "guarantor")}
        if treaty.universal or not (ever & hit) or not _near(treaty, event):
            continue
        if not any(o.level not in ("no_duty", "must_not_attack") for o in treaty.obligation):
            continue
        found += [
            _finding(record, treaty, event, state, reason)
            for state in sorted(ever - hit)
            if (state, treaty.id) not in known and record.in_system(state, event.day)
            for reason in [_why(treaty, event, state)]
            if reason is not None
        ]
    return found


def no_clause(record: Record, event: Event, known: set[tuple[str, str]]) -> list[Finding]:
    """not_bound findings for treaties in force that tie a state to a target or attacker and hold no duty to act at all.

    What they promise instead (to cooperate, to meet, not to attack) is read elsewhere or called by no event.
    """
    hit = {*event.targets, *event.states_attacking}
    says = "it ties the two, but holds no clause for an attack, a threat or a war"
    return [
        _finding(record, treaty, event, state, Reason("no_such_clause", says))
        for treaty in record.in_force(event.day)
        if not treaty.universal and not any(_is_duty(o, event) for o in treaty.obligation)
        for members in [set(treaty.members_on(event.day))]
        if members & hit
        for state in sorted(members - hit)
        if (state, treaty.id) not in known
    ]


def _is_duty(o: Obligation, event: Event) -> bool:
    """Whether an article in force asks for something that an event can call."""
    return o.level not in ("no_duty", "must_not_attack") and not is_conduct(o) and in_force(o.since, o.until, event.day)


def _near(treaty: Treaty, event: Event) -> bool:
    begin = min(treaty.signed, treaty.in_force or treaty.signed)
    return begin - NEAR <= event.day and (treaty.ended is None or event.day <= treaty.ended + NEAR)


def _why(treaty: Treaty, event: Event, state: str) -> Reason | None:
    if event.day < treaty.signed:
        return Reason("too_early", f"signed only on {treaty.signed}")
    if treaty.in_force is None or event.day < treaty.in_force:
        when = f"in force only from {treaty.in_force}" if treaty.in_force else "it has not come into force"
        return Reason("not_in_force", f"signed on {treaty.signed}, {when}; a weak duty not to defeat its object")
    if treaty.ended and treaty.ended <= event.day:
        return Reason("ended", f"ended on {treaty.ended}")
    own = [m for m in treaty.member if m.state == state]
    if not any(m.on(event.day) for m in own):
        later = min((m.since for m in own if m.since > event.day), default=None)
        return Reason("not_member", f"a member only from {later}" if later else "no longer a member")
    return None


def _finding(record: Record, treaty: Treaty, event: Event, state: str, reason: Reason) -> Finding:
    return Finding(
        state=state,
        treaty=treaty.id,
        article="-",
        obligation="",
        level="not_bound",
        sure="clear",
        accept=(),
        reasons=(reason,),
        path=(f"{', '.join(event.attackers)} against {', '.join(event.targets)}",),
        toward=(),
        confidence=record.confidence(treaty.according_to, treaty.confidence, treaty),
    )
