"""Calls to help: every article that asks a state to act for one side, and between whom there must be war for it.

Found by letting everybody who is bound to help enter, round by round; whoever wants to know what happens when only some
of them do (`model.reliability`) walks these calls instead of reading the treaties again for each of thousands of draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from foedus.casus.cascade import MAX_DEPTH, Assumption, Does, Found, against, follow, joining
from foedus.casus.event import Event
from foedus.casus.verdict import Level, Sure
from foedus.record import Record

HELP: tuple[Level, ...] = ("must_use_force", "must_assist")
Side = Literal["targets", "attackers"]


@dataclass(frozen=True, slots=True)
class Call:
    """One article that asks `state` to help. toward : those it is owed to that are hit. foes : against whom.

    It is live once one of `toward` and one of `foes` are in the war. is_direct : the event itself makes it so. side :
    whose side the state would enter on.
    """

    state: str
    treaty: str
    article: str
    level: Level
    sure: Sure
    toward: frozenset[str]
    foes: frozenset[str]
    is_direct: bool
    side: Side


def calls(
    record: Record, event: Event, *, assume: Iterable[Assumption] = (), depth: int = MAX_DEPTH
) -> tuple[Call, ...]:
    """Every clear or disputed duty to help that could arise from `event`, sorted by state and treaty.

    assume : what states do whatever binds them, as for `evaluate`; all others honour. Universal organisations are left
    out: what their members owe hangs on the organ's decision. Who attacks, or is assumed to join, is not called.
    """
    does: dict[str, Does] = {a.state: a.does for a in assume}
    join = joining(Assumption(s, d) for s, d in does.items())
    found, _ = follow(record, event, lambda s: does.get(s, "honours"), join, depth=depth, universal=False)
    begun = at_war_first(event, join)
    sides = _sides(event, join, found)
    out = []
    for finding, reading in found.values():
        if finding.level not in HELP or finding.state in event.attackers or finding.state in join:
            continue
        toward, foes = frozenset(reading.hit), against(reading, event)
        is_direct = finding.is_direct and bool(foes & begun) and (not toward or bool(toward & begun))
        own = (finding.state, finding.treaty, finding.article, finding.level, finding.sure)
        out.append(Call(*own, toward, foes, is_direct, _other_side(foes, sides)))
    return tuple(sorted(out, key=lambda c: (c.state, c.treaty, c.article, c.level, not c.is_direct)))


def at_war_first(event: Event, join: Iterable[str]) -> frozenset[str]:
    """Who is in the war before anybody honours anything: both sides, who joins, and who was at war already."""
    already = {s for pair in event.at_war for s in pair}
    return frozenset({*event.attackers, *event.targets, *join, *already})


def _sides(event: Event, join: Iterable[str], found: Found) -> Mapping[str, Side]:
    """The side of everybody who could be in it: opposite to whom they would enter against, to a fixed point."""
    sides: dict[str, Side] = {
        **dict.fromkeys([*event.targets, *join], "targets"),
        **dict.fromkeys(event.attackers, "attackers"),
    }
    while True:
        new = {
            f.state: _other_side(foes, sides)
            for f, r in found.values()
            if f.level in HELP and f.state not in sides and (foes := against(r, event)) & sides.keys()
        }
        if not new:
            return sides
        sides |= new


def _other_side(foes: frozenset[str], sides: Mapping[str, Side]) -> Side:
    first = next((sides[s] for s in sorted(foes) if s in sides), "attackers")
    return "targets" if first == "attackers" else "attackers"
