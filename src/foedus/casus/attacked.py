"""If a member is attacked: what one treaty alone asks of its members, target by target, at home and elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from foedus.casus.alike import groups, singled_out
from foedus.casus.event import Event, Spot
from foedus.casus.ground import degrees_apart, spot_of_place
from foedus.casus.situation import opening
from foedus.casus.triggers import Scene, read
from foedus.casus.verdict import Level, Reason, strength
from foedus.record import Record, Treaty
from foedus.record.schema import Kind
from foedus.record.spell import in_force

FAR_DEGREES = 5.5  # some 600 km from the capital: nearer islands are home land to everybody
FIRST_YEAR_OF_ODD_KINDS = 1990  # nobody asks whether the Triple Alliance covered a cyber attack
ODD_KINDS: tuple[Kind, ...] = ("cyber", "terrorism", "hybrid", "space")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the members must do in one case. case : the case in words; bound : state -> (level, disputed), not_bound
    left out; why_not : the commonest reason when nobody is bound."""

    case: str
    target: str
    bound: dict[str, tuple[Level, bool]]
    why_not: str


def if_attacked(record: Record, treaty: Treaty, day: date) -> list[Answer]:
    """For each member as target of an armed attack at home by an outsider (the named enemy, where there is one)."""
    members = treaty.members_on(day) + treaty.members_on(day, ("protected",))
    return [
        _answer(record, treaty, day, outsider(record, treaty, day, m), m, "at home") for m in dict.fromkeys(members)
    ]


def odd_cases(record: Record, treaty: Treaty, day: date) -> list[Answer]:
    """The cases that people ask about: overseas places, an attack by another member, kinds beyond the armed attack."""
    members = treaty.members_on(day)
    found = [
        _answer(record, treaty, day, outsider(record, treaty, day, holder), holder, spot.name, spot=spot)
        for holder, spot in overseas_places(record, members, day)
    ]
    if len(members) >= 2:
        found.append(_answer(record, treaty, day, members[0], members[1], "by another member"))
    if members and day.year >= FIRST_YEAR_OF_ODD_KINDS:
        enemy = outsider(record, treaty, day, members[0])
        found += [_answer(record, treaty, day, enemy, members[0], kind, kind=kind) for kind in ODD_KINDS]
    return found


def outsider(record: Record, treaty: Treaty, day: date, target: str) -> str:
    """An attacker that fits: the enemy that the treaty's articles name, else a state that is no member."""
    inside = {m.state for m in treaty.member}
    named = [a for o in treaty.obligation if in_force(o.since, o.until, day) for a in o.attackers if a != target]
    if named and all(
        o.attackers for o in treaty.obligation if o.pledge == "defence" and in_force(o.since, o.until, day)
    ):
        return named[0]
    system = [s for s in record.system(day) or sorted(record.states) if s not in inside]
    great = [g.state for g in record.great_powers if g.state in system and in_force(g.since, g.until, day)]
    return (great or system or ["non-state:outsider"])[0]


def overseas_places(record: Record, members: Iterable[str], day: date) -> list[tuple[str, Spot]]:
    """(holder, spot) of the islands, territories and exclaves that members held far from home, by holder and name."""
    found = []
    for place in record.places.values():
        if place.kind not in ("overseas_territory", "colony", "island", "exclave", "base", "leased_territory"):
            continue
        spot = spot_of_place(record, place.id, day)
        capital = record.capital(spot.owner, day) if spot.owner in set(members) else None
        if capital and degrees_apart(capital.lon, capital.lat, place.lon, place.lat) > FAR_DEGREES:
            found.append((spot.owner, spot))
    return sorted(found, key=lambda f: (f[0], f[1].name))


def _answer(
    record: Record,
    treaty: Treaty,
    day: date,
    attacker: str,
    target: str,
    case: str,
    *,
    spot: Spot | None = None,
    kind: Kind = "armed_attack",
) -> Answer:
    where = spot or Spot("own-territory", target, target, frozenset(), is_default=True)
    event = Event(day, (attacker,), (target,), where, kind)
    bound: dict[str, tuple[Level, bool]] = {}
    reasons: list[Reason] = []
    for article in treaty.obligation:
        if not in_force(article.since, article.until, day):
            continue
        owing, owed = record.sides(treaty, article, day)
        scene = Scene(record, event, opening(event), treaty, article)
        for group in groups(owing - {target, attacker}, singled_out(treaty, article)):
            reading = read(scene, group[0], owed)
            if reading is None or reading.level == "not_bound":
                reasons += [reading.reasons[-1]] * len(group) if reading and article.pledge == "defence" else []
                continue
            for state in group:
                if state not in bound or strength(reading.level) < strength(bound[state][0]):
                    bound[state] = (reading.level, reading.disputed)
    why = max(dict.fromkeys(reasons), key=reasons.count) if reasons and not _helps(bound) else None
    return Answer(case, target, bound, _plainly(why))


def _plainly(why: Reason | None) -> str:
    """The reason in words that hold for every case of its kind, so that like cases can stand together."""
    if why is None:
        return ""
    return "it lies outside the area of the treaty" if why.code == "wrong_area" else why.says


def _helps(bound: dict[str, tuple[Level, bool]]) -> bool:
    return any(strength(level) <= strength("must_assist") for level, _ in bound.values())
