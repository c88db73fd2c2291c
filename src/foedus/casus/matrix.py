"""The deterrence map: for every ordered pair of states, who is bound at which level if one attacks the other at home.

Reading every article for every pair and obligor would repeat the same reading millions of times. An article names few
states; all others it can only tell apart by what it asks of them: member or not, owing or owed, great power, inside the
area. So each article is read once for every pair of such classes, and for one obligor in place of all that no
reservation, suspension or condition singles out; a pair of states is then a look-up. `evaluate` with depth 0 is the
slow twin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from foedus.casus.alike import groups, singled_out
from foedus.casus.event import Event, Spot
from foedus.casus.ground import area_on, covers, states_of
from foedus.casus.situation import opening
from foedus.casus.triggers import Scene, read
from foedus.casus.verdict import LEVELS, Level, strength
from foedus.record import Obligation, Record, Treaty
from foedus.record.schema import Kind
from foedus.record.spell import in_force

Masks = tuple[tuple[int, int], ...]  # (rank of level, bitmask of the states bound at it)


@dataclass(frozen=True, slots=True)
class _Clause:
    """One article compiled: class of each state as attacker and as target, and what each pair of classes gives.

    keeps_own : whether an attacker or target may itself be bound by it (a settlement it breaks); otherwise never.
    """

    as_attacker: dict[str, str]
    as_target: dict[str, str]
    found: dict[tuple[str, str], Masks]
    keeps_own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One ordered pair. bound : level -> states bound at it, strongest level of each, sorted by code."""

    attacker: str
    target: str
    bound: Mapping[Level, tuple[str, ...]]


class DeterrenceTable:
    """Who is bound when one state attacks another at home on a day: direct duties, universal organisations left out.

    states : the members of the system on the day (or those given), the bit positions of masks. weakest : no weaker
    level is asked for, so articles that can only give one are not read; without it, all are.
    """

    def __init__(
        self,
        record: Record,
        day: date,
        *,
        kind: Kind = "armed_attack",
        states: Iterable[str] | None = None,
        weakest: Level = "not_bound",
    ) -> None:
        self.record, self.day, self.kind = record, day, kind
        self.states = tuple(states or record.system(day))
        self._bit = {s: 1 << i for i, s in enumerate(self.states)}
        self._events: dict[tuple[str, str], Event] = {}
        treaties = [t for t in record.in_force(day) if not t.universal]
        articles = [
            (t, o)
            for t in treaties
            for o in t.obligation
            if in_force(o.since, o.until, day) and _strongest(t, o) <= strength(weakest)
        ]
        self._clauses = [c for t, o in articles if (c := self._compiled(t, o)) is not None]
        self._by_target = self._index()

    def masks(self, attacker: str, target: str) -> Masks:
        """(rank of level, bitmask) of the states bound if `attacker` attacks `target`, each at its strongest level."""
        found = [0] * len(LEVELS)
        others = ~(self._bit[attacker] | self._bit[target])
        for clause in self._by_target[target]:
            for rank, mask in clause.found.get((clause.as_attacker[attacker], clause.as_target[target]), ()):
                found[rank] |= mask if clause.keeps_own else mask & others
        seen, out = 0, []
        for rank, mask in enumerate(found[:-1]):
            new = mask & ~seen
            if new:
                out.append((rank, new))
            seen |= mask
        return tuple(out)

    def row(self, attacker: str, target: str) -> Row:
        """The same with names of levels and codes of states."""
        bound = {LEVELS[rank]: self._codes(mask) for rank, mask in self.masks(attacker, target)}
        return Row(attacker, target, bound)

    def _codes(self, mask: int) -> tuple[str, ...]:
        return tuple(s for s in self.states if self._bit[s] & mask)

    # --- compiling -------------------------------------------------------------------------------------------------

    def _index(self) -> dict[str, list[_Clause]]:
        """For each target the clauses that some attacker of it can call."""
        return {t: [c for c in self._clauses if any(key[1] == c.as_target[t] for key in c.found)] for t in self.states}

    def _compiled(self, treaty: Treaty, article: Obligation) -> _Clause | None:
        owing, owed = self.record.sides(treaty, article, self.day)
        owing = owing & set(self.states)
        if article.level in ("no_duty", "must_not_attack") or not owing:
            return None
        members = {m.state for m in treaty.member}
        apart = singled_out(treaty, article) | {*article.attackers, *article.exempt_attackers, *article.joined_by}
        keeps_own = article.trigger in ("breach", "mobilisation")  # owed by the attacker and the target as well
        if keeps_own:
            apart |= members | owed | owing
        sets = (members, owing, owed)
        as_attacker = {s: s if s in apart else _class(s, sets, self._attacker_class(article, s)) for s in self.states}
        as_target = {
            s: s if s in apart else _class(s, sets, self._target_class(treaty, article, s)) for s in self.states
        }
        found = {}
        for attacker, target in _pairs(as_attacker, as_target):
            masks = self._read(treaty, article, owing, owed, attacker, target, keeps_own)
            if masks:
                found[as_attacker[attacker], as_target[target]] = masks
        return _Clause(as_attacker, as_target, found, keeps_own) if found else None

    def _attacker_class(self, article: Obligation, state: str) -> str:
        """What an article can see of an opponent that it does not name: whether its filter on attackers admits it."""
        if article.attacker == "great_power":
            great = any(g.state == state and in_force(g.since, g.until, self.day) for g in self.record.great_powers)
            return f"great {great}"
        if article.attacker == "european":
            return f"european {state in states_of(self.record, 'europe')}"
        if article.attacker == "region":
            return f"region {state in states_of(self.record, article.attacker_region)}"
        return "any"

    def _target_class(self, treaty: Treaty, article: Obligation, state: str) -> str:
        """What an article can see of a target that it does not name: whether its home land lies in the area, and, since
        the target is the opponent where an ally attacks, what its filter on attackers sees."""
        opponent = self._attacker_class(article, state)
        if not article.area or article.area == "anywhere":
            return opponent
        event = self._event("", state)
        area = area_on(treaty, article.area, event)
        return f"{opponent}, covered {area is not None and covers(self.record, treaty, area, event)}"

    def _event(self, attacker: str, target: str) -> Event:
        key = (attacker, target)
        if key not in self._events:
            spot = Spot("own-territory", target, target, frozenset(), is_default=True)
            self._events[key] = Event(self.day, (attacker,), (target,), spot, self.kind)
        return self._events[key]

    def _read(
        self,
        treaty: Treaty,
        article: Obligation,
        owing: frozenset[str],
        owed: frozenset[str],
        attacker: str,
        target: str,
        keeps_own: bool,
    ) -> Masks:
        if not (owed & {attacker, target}) and article.to != "any" and not keeps_own:
            return ()
        event = self._event(attacker, target)
        scene = Scene(self.record, event, opening(event), treaty, article)
        single = singled_out(treaty, article) | ({attacker, target} if keeps_own else set())
        found: dict[int, int] = {}
        for group in groups(owing, single):
            voice = next((s for s in group if keeps_own or s not in (attacker, target)), None)
            reading = read(scene, voice, owed) if voice else None
            if reading is not None and reading.level != "not_bound":
                rank = strength(reading.level)
                found[rank] = found.get(rank, 0) | sum(self._bit[s] for s in group)
        return tuple(found.items())


def _strongest(treaty: Treaty, article: Obligation) -> int:
    """Rank of the strongest level that an article can give: its own, or what a condition or reservation makes of it."""
    instead = (*(c.otherwise for c in article.condition), *(r.level for r in treaty.reservation))
    return min((LEVELS.index(x) for x in (article.level, *instead) if x in LEVELS), default=len(LEVELS))


def _class(state: str, sets: tuple[set[str] | frozenset[str], ...], seen: str) -> str:
    """What an article can tell of a state it does not name; classes are words, states are codes."""
    return f"{' '.join(str(state in s) for s in sets)} {seen}"


def _pairs(as_attacker: Mapping[str, str], as_target: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """For each pair of classes two different states that stand for it, where there are two."""
    attackers, targets = _two_of_each(as_attacker), _two_of_each(as_target)
    for some in attackers:
        for others in targets:
            pair = next(((a, t) for a in some for t in others if a != t), None)
            if pair:
                yield pair


def _two_of_each(classes: Mapping[str, str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for state, class_ in classes.items():
        own = found.setdefault(class_, [])
        if len(own) < 2:
            own.append(state)
    return list(found.values())
