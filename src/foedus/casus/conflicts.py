"""Duties that pull one state apart: to help one side and to stay out of its way, or to help both. None is dropped."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from foedus.casus.event import Event
from foedus.casus.verdict import Conflict, Finding
from foedus.record import Record, Treaty

_ACTS = ("must_use_force", "must_mobilise", "must_assist")


def conflicts(record: Record, findings: Iterable[Finding], event: Event) -> tuple[Conflict, ...]:
    """Pairs of findings of one state that cannot both be carried out, each with the rule that would settle it."""
    by_state: dict[str, list[Finding]] = {}
    for f in findings:
        if f.level in (*_ACTS, "must_stay_neutral"):
            by_state.setdefault(f.state, []).append(f)
    found = []
    for state, own in sorted(by_state.items()):
        for one, other in combinations(own, 2):
            says = _clash(record, state, one, other, event)
            if says:
                found.append(Conflict(state, one, other, says, _hint(record, one, other)))
    return tuple(found)


def _clash(record: Record, state: str, one: Finding, other: Finding, event: Event) -> str:
    for acting, neutral in ((one, other), (other, one)):
        if acting.level in _ACTS and neutral.level == "must_stay_neutral":
            against = _foes(record, acting, event)
            harmed = sorted(set(neutral.toward) & against)
            if harmed:
                acts = f"{state} must act against {', '.join(harmed)} ({acting.treaty})"
                return f"{acts} and stay neutral toward it ({neutral.treaty})"
    return _help_for_both(record, state, one, other, event)


def _help_for_both(record: Record, state: str, one: Finding, other: Finding, event: Event) -> str:
    """Two duties to act that the event itself calls, one on each side of it.

    Left to direct findings: on whose side a later entrant stands is not what its treaty alone can say.
    """
    if not (one.is_direct and other.is_direct and one.level in _ACTS and other.level in _ACTS):
        return ""
    first, second = _foes(record, one, event), _foes(record, other, event)
    if not first or not second or first & second:
        return ""
    sides = f"{', '.join(sorted(first))} ({one.treaty}) and against {', '.join(sorted(second))} ({other.treaty})"
    return f"{state} must act against {sides}"


def _foes(record: Record, finding: Finding, event: Event) -> set[str]:
    """Against whom a duty to act is directed: the attackers of the event, unless these are the allies it helps."""
    members = set(record.treaties[finding.treaty].members_on(event.day))
    sides = set(event.states_attacking), set(event.targets)
    return sides[0] if members & sides[1] else sides[1] if members & sides[0] else sides[0]


def _hint(record: Record, one: Finding, other: Finding) -> str:
    a, b = record.treaties[one.treaty], record.treaties[other.treaty]
    for first, second in ((a, b), (b, a)):
        if _prevails(first, second):
            return f"{first.id} says that it prevails over {second.id}"
        if first.universal and not second.universal:
            # Covenant, Art. 20; Charter, Art. 103
            return f"{first.title} prevails over its members' other agreements"
    later = max((a, b), key=lambda t: t.signed)
    return f"no clause settles it; as a rule of thumb the later and more special text, {later.id}"


def _prevails(first: Treaty, second: Treaty) -> bool:
    over = {i for o in first.obligation for i in o.prevails_over}
    under = {i for o in second.obligation for i in o.yields_to}
    return second.id in over or first.id in under
