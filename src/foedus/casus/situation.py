"""The state of play that articles are read against: who attacked whom, who is at war, who mobilised. It only grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from foedus.casus.event import FORCE, Event

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Situation:
    """attacks : (attacker, target) of the event. counterattacks : (enemy, entrant): whoever enters is a target too, but
    whether it was *attacked* is open. wars : pairs at war, sorted within. mobilised : states that mobilised."""

    attacks: frozenset[Pair]
    counterattacks: frozenset[Pair]
    wars: frozenset[Pair]
    mobilised: frozenset[str]

    @property
    def attacked(self) -> frozenset[str]:
        """States attacked in the event, or at war because they entered."""
        return frozenset(t for _, t in self.attacks | self.counterattacks)

    @property
    def fighting(self) -> frozenset[str]:
        """States at war."""
        return frozenset(s for pair in self.wars for s in pair)

    def attackers_of(self, state: str) -> frozenset[str]:
        """Those who attacked a state in the event."""
        return frozenset(a for a, t in self.attacks if t == state)

    def possible_attackers_of(self, state: str) -> frozenset[str]:
        """Those who attacked it in the event, or are at war with it because it entered."""
        return self.attackers_of(state) | frozenset(a for a, t in self.counterattacks if t == state)

    def enemies_of(self, state: str) -> frozenset[str]:
        """Those with whom a state is at war."""
        return frozenset(b if a == state else a for a, b in self.wars if state in (a, b))

    def entered(self, state: str, against: Iterable[str], *, freely: bool = False) -> Situation:
        """The situation once `state` has gone to war with each of `against`.

        Whoever joins the attackers against a victim attacks it, and the victim's defence is no attack. Between others
        that enter, both may count as attacked.
        Who attacked in the event is not attacked by those who are bound to help its victim, but may be by one that
        comes in freely, bound by nothing; that one's own entry is nobody's attack on it.
        """
        foes = [e for e in against if e != state]
        aggressors = {a for a, _ in self.attacks}
        attacks = {(state, e) for e in foes if self.attackers_of(e) and e not in aggressors}
        open_ = {(state, e) for e in foes if freely or e not in aggressors}
        open_ |= set() if freely else {(e, state) for e in foes if (state, e) not in attacks}
        return replace(
            self,
            attacks=self.attacks | attacks,
            counterattacks=(self.counterattacks | open_) - self.attacks - attacks,
            wars=self.wars | {pair(state, e) for e in foes},
            mobilised=self.mobilised | {state},
        )

    def with_mobilised(self, state: str) -> Situation:
        """The situation once `state` has mobilised."""
        return replace(self, mobilised=self.mobilised | {state})


def pair(a: str, b: str) -> Pair:
    """Two states in a fixed order."""
    return (a, b) if a < b else (b, a)


def opening(event: Event) -> Situation:
    """The situation that an event makes: wars under way, and, for a use of force by states, the new attack and war."""
    is_attack = event.kind in FORCE and event.facts.get("severity") != "below armed attack"
    attacks = {(a, t) for a in event.attackers for t in event.targets}
    wars = {pair(a, t) for a in event.states_attacking for t in event.targets} if is_attack else set()
    moving = (
        set(event.states_attacking)
        if event.kind in ("mobilisation", "declaration_of_war", "invasion", "armed_attack", "war")
        else set()
    )
    return Situation(
        attacks=frozenset(attacks),
        counterattacks=frozenset(),
        wars=frozenset(wars | {pair(a, b) for a, b in event.at_war}),
        mobilised=frozenset(set(event.mobilised) | moving),
    )
