"""The events on which doctrines are compared: each rival of the alliance against those members that it could reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.casus.matrix import DeterrenceTable
from foedus.casus.verdict import LEVELS
from foedus.measure.exposure import capitals_km, rivalries_of
from foedus.record import Record
from foedus.record.spell import in_force
from foedus.strategy.honour import ACTS

Kind = Literal["armed_attack", "cyber", "hybrid"]
KINDS: tuple[Kind, ...] = ("armed_attack", "cyber", "hybrid")
LEAST = 0.1  # [choice] a rival that spends less than this part of what its target spends is no attacker


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event. bound : (n,), which members the texts bind to act (by all treaties of the record, directly).

    km : (n,), between the capitals of each member and the target; nan where one is not known.
    """

    attacker: str
    target: str
    kind: Kind
    bound: NDArray[np.bool_]
    km: NDArray[np.float64]


def pairs(record: Record, members: Sequence[str], day: date) -> list[tuple[str, str]]:
    """(rival, member) for every outside rival of a member, against that member and every other that it borders on land;
    sorted. Rivalries are Thompson's (2001), as in the record; borders are today's."""
    rivalries = rivalries_of(record, members, day).outside
    rivals = {rival for _, rival in rivalries}
    beside = {(a, b) for one in record.borders for a, b in ((one.a, one.b), (one.b, one.a))}
    neighbours = {(rival, member) for rival, member in beside if rival in rivals and member in members}
    return sorted({(rival, member) for member, rival in rivalries} | neighbours)


def occasions(record: Record, members: Sequence[str], day: date, among: Sequence[tuple[str, str]]) -> list[Occasion]:
    """Each of the pairs `among` (attacker, target) with each kind of event, read by the casus engine on `day`."""
    states = sorted({*members, *(a for a, _ in among)})
    found = []
    for kind in KINDS:
        table = DeterrenceTable(record, day, kind=kind, states=states)
        for attacker, target in among:
            levels = table.row(attacker, target).bound
            bound = {s for level in LEVELS if level in ACTS for s in levels.get(level, ())}
            km = [0.0 if m == target else capitals_km(record, m, target, day) for m in members]
            found.append(
                Occasion(
                    attacker,
                    target,
                    kind,
                    np.array([m in bound for m in members]),
                    np.array([np.nan if k is None else k for k in km]),
                )
            )
    return found


def nuclear(record: Record, states: Sequence[str], day: date) -> NDArray[np.bool_]:
    """Which of `states` have nuclear weapons on `day`."""
    armed = {
        n.state
        for n in record.nuclear
        if n.status in ("nuclear_weapon_state", "nuclear_armed") and in_force(n.since, n.until, day)
    }
    return np.array([s in armed for s in states])
