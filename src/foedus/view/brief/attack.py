"""If a member is attacked: what this treaty alone asks of the others, for each member and in the odd cases."""

from __future__ import annotations

from collections import Counter

from foedus.casus.attacked import Answer, if_attacked, odd_cases, outsider
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Section, Table, Text

TITLE = "If a member is attacked"


def section(m: Moment) -> Section:
    """Who is bound at which level when a member is attacked at home by an outsider, and the exceptions."""
    if m.treaty.in_force is None or not m.treaty.on(m.reference):
        return Section(
            "attack", TITLE, (Text((f"Not applicable on {words.day(m.reference)}: the treaty was not in force.",)),)
        )
    if m.treaty.universal:
        told = (
            "A universal organisation: members owe one another what its organs decide. Ask foedus casus about an event."
        )
        return Section("attack", TITLE, (Text((told,)),))
    answers = if_attacked(m.record, m.treaty, m.reference)
    if not any(a.bound for a in answers):
        why = next((a.why_not for a in answers if a.why_not), "no article makes anybody act when a member is attacked")
        return Section(
            "attack", TITLE, (Text((f"Nobody is bound by {m.treaty.title} when a member is attacked: {why}.",)),)
        )
    blocks: list[Block] = [
        Text((_lead(m, answers),)),
        _table("A member is attacked at home by an outsider", _grouped(m, answers)),
    ]
    odd = odd_cases(m.record, m.treaty, m.reference)
    if odd:
        blocks.append(_table("Other cases", _alike(m, odd)))
    return Section("attack", TITLE, tuple(blocks))


def _alike(m: Moment, answers: list[Answer]) -> list[tuple[str, Answer]]:
    """Cases of one kind (overseas, other kinds of attack, another member) with the same answer in one row."""
    groups: dict[str, list[Answer]] = {}
    for a in answers:
        kind = a.case if a.case in NO_PLACES else "place"
        groups.setdefault(f"{kind} {_duties(a)} {a.why_not}" if kind == "place" else a.case, []).append(a)
    return [(_cases(m, same), same[0]) for same in groups.values()]


NO_PLACES = ("by another member", "cyber", "terrorism", "hybrid", "space")


def _cases(m: Moment, same: list[Answer]) -> str:
    if same[0].case in NO_PLACES:
        return _case(m, same[0])
    by_holder: dict[str, list[str]] = {}
    for a in same:
        by_holder.setdefault(m.name(a.target), []).append(a.case)
    return "; ".join(f"{holder}: {words.listed(places)}" for holder, places in by_holder.items())


def _lead(m: Moment, answers: list[Answer]) -> str:
    enemy = outsider(m.record, m.treaty, m.reference, m.parties[0])
    named = any(enemy in o.attackers for o in m.treaty.obligation)
    by = f"by {words.the(m.name(enemy))}, which the treaty names," if named else "by a state outside the treaty"
    return (
        f"Computed from the articles above for an unprovoked armed attack {by} on {words.day(m.reference)}, from this "
        "treaty alone and before anybody else enters. Facts that nobody has stated are taken as meeting the treaty's "
        "conditions; where that leaves doubt, the duty is called disputed. What other treaties add: foedus casus."
    )


def _grouped(m: Moment, answers: list[Answer]) -> list[tuple[str, Answer]]:
    """Targets with the same answer in one row."""
    groups: dict[str, list[Answer]] = {}
    for a in answers:
        groups.setdefault(f"{_duties(a)} {a.why_not}", []).append(a)
    return [(words.listed(sorted(m.name(a.target) for a in same)), same[0]) for same in groups.values()]


def _case(m: Moment, a: Answer) -> str:
    if a.case == "by another member":
        return f"{m.name(a.target)}, attacked by another member"
    return f"{m.name(a.target)}, {words.plain(a.case)} attack from outside"


def _duties(a: Answer) -> str:
    counted = Counter((level, disputed) for level, disputed in a.bound.values())
    parts = [
        f"{n} {words.plain(level)}{' (disputed)' if disputed else ''}"
        for (level, disputed), n in sorted(counted.items(), key=lambda c: c[0])
    ]
    return "; ".join(parts) or "nobody is bound"


def _table(caption: str, rows: list[tuple[str, Answer]]) -> Table:
    return Table(
        caption,
        ("Attacked", "States bound, by level", "Why not more"),
        tuple((who, words.sentence(_duties(a)), words.sentence(a.why_not) if a.why_not else "–") for who, a in rows),
        align="lll",
    )
