"""What a shared-threat matrix shows beyond counts: top actors and techniques, members most and least exposed,
caveats.
"""

from __future__ import annotations

from dataclasses import dataclass

from foedus.cyber.actors import Actor
from foedus.cyber.attack import is_installed, load_attack
from foedus.cyber.shared import SharedThreats

MANY = 15  # thirteen actors name exactly so many states: lists that look cut at their source

CAVEATS = (
    "It counts public reporting, mostly by vendors in English; it is not a count of attacks, and has no dates.",
    "Zero means that nobody reported it. A member without a count is not a member without attackers.",
    "Attribution is shown as reported, never as established, and is not used in the counts.",
    'Actors count once each, however active; a victim list of 15 states or more is read as "many".',
)


@dataclass(frozen=True, slots=True)
class MemberExposure:
    """One member: actors that name it, alone and together with another; interval : 95 % of its share among all actors,
    Jeffreys (half an actor added to either side), so that zero is never shown as none."""

    state: str
    named: int
    shared: int
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Technique:
    """One ATT&CK technique and how many of the shared actors that ATT&CK knows use it."""

    id: str
    name: str
    actors: int


def top_actors(found: SharedThreats, n: int = 10) -> list[tuple[Actor, int]]:
    """Shared actors by the number of members they name."""
    own = frozenset(found.members)
    ranked = [(a, len(a.victims & own)) for a in found.shared]
    return sorted(ranked, key=lambda x: (-x[1], x[0].name.casefold()))[:n]


def exposures(found: SharedThreats) -> list[MemberExposure]:
    """Members from most to least named."""
    from scipy.special import betaincinv

    of = len(found.everyone)
    made = []
    for i, state in enumerate(found.members):
        k = int(found.named[i])
        low, high = (float(betaincinv(k + 0.5, of - k + 0.5, q)) for q in (0.025, 0.975))
        made.append(MemberExposure(state, k, sum(state in a.victims for a in found.shared), (low, high)))
    return sorted(made, key=lambda m: (-m.named, m.state))


def top_techniques(found: SharedThreats, n: int = 10) -> tuple[list[Technique], int, str]:
    """Techniques of the shared actors that ATT&CK knows, how many those are, and the version; nothing without the
    package."""
    if not is_installed():
        return [], 0, ""
    attack = load_attack()
    groups = {g.id: g for g in attack.groups}
    known = [frozenset().union(*(groups[g].techniques for g in a.groups if g in groups)) for a in found.shared]
    known = [k for k in known if k]
    count: dict[str, int] = {}
    for techniques in known:
        for t in techniques:
            count[t] = count.get(t, 0) + 1
    ranked = sorted(count.items(), key=lambda x: (-x[1], x[0]))[:n]
    return [Technique(t, attack.techniques.get(t, t), c) for t, c in ranked], len(known), attack.version
