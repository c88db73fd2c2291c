"""An event: who attacks whom, where, how, and what else the user says is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from foedus.record.schema import Kind

Ground = Literal[
    "own-territory", "overseas", "leased-territory", "occupied", "disputed", "forces", "vessels", "high-seas"
]

# What counts as what: a clause that names the left side is met by an event of a kind on the right.
INCLUDES: dict[str, frozenset[str]] = {
    "armed_attack": frozenset({"armed_attack", "invasion", "declaration_of_war", "shelling", "blockade", "war"}),
    "aggression": frozenset(
        {"aggression", "armed_attack", "invasion", "declaration_of_war", "shelling", "blockade", "war"}
    ),
    "war": frozenset({"war", "armed_attack", "invasion", "declaration_of_war"}),
    "threat": frozenset({"threat", "ultimatum", "airspace_violation", "nuclear_threat", "economic_pressure"}),
}
FORCE = INCLUDES["aggression"] | {"attack_on_forces", "attack_on_vessels"}
UNARMED = frozenset(
    {"cyber", "hybrid", "space", "subversion", "coup", "internal_unrest", "economic_pressure", "disaster"}
)


def is_met_by(named: str, kind: str) -> bool:
    """Whether a clause that names the kind `named` is met by an event of `kind`."""
    return kind in INCLUDES.get(named, {named})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it happens.

    ground : what kind of ground. owner : the state whose ground it is said to be ("" on the high seas); holder : who
    administers it on the day. regions : ids of the regions it is known to lie in. place : id of places.toml, if any.
    is_default : nobody said where, so the target's home land is taken.
    """

    ground: Ground
    owner: str
    holder: str
    regions: frozenset[str]
    name: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One attack, threat or disturbance, as the user states it.

    attackers, targets : codes of states; a non-state attacker is written "non-state:name". facts : what the user
    asserts, by key (docs/casus.md lists them); a value may be "contested". at_war, mobilised : what goes on already.
    """

    day: date
    attackers: tuple[str, ...]
    targets: tuple[str, ...]
    spot: Spot
    kind: Kind
    facts: Mapping[str, Any] = field(default_factory=dict)
    at_war: tuple[tuple[str, str], ...] = ()
    mobilised: tuple[str, ...] = ()
    id: str = ""
    title: str = ""

    @property
    def states_attacking(self) -> tuple[str, ...]:
        """The attackers that are states."""
        return tuple(a for a in self.attackers if ":" not in a)
