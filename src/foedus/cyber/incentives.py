"""Why members share less than would serve them all: the field's small games, solved.

Investment in security under shared information (Gordon and Loeb 2002; Gordon, Loeb and Lucyshyn 2003), interdependent
security (Kunreuther and Heal 2003), sharing as a public good. Formulas derived here from the games as stated; the
papers' own text was not at hand. None of this enters the simulator: it says what a policy has to overcome.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from foedus.cyber.errors import CyberError

BreachClass = Literal["I", "II"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One firm or state. vulnerability : chance of a breach without investment, in (0, 1). loss : cost of a breach, in
    any currency. alpha > 0, beta >= 1 : how well investment works; class I: v / (alpha z + 1)^beta, class II:
    v^(alpha z + 1), where beta is not used."""

    vulnerability: float
    loss: float
    alpha: float
    beta: float = 1.0
    kind: BreachClass = "I"

    def __post_init__(self) -> None:
        if not (0.0 < self.vulnerability < 1.0 and self.loss > 0.0 and self.alpha > 0.0 and self.beta >= 1.0):
            raise CyberError("vulnerability must lie between 0 and 1, loss and alpha be positive, beta 1 or more.")

    def chance(self, invested: float) -> float:
        """Chance of a breach with `invested` spent, 0 or more."""
        if self.kind == "II":
            return float(self.vulnerability ** (self.alpha * invested + 1.0))
        return float(self.vulnerability / (self.alpha * invested + 1.0) ** self.beta)

    def best(self, weight: float = 1.0) -> float:
        """What minimises weight * chance(z) * loss + z, at least 0: where one more unit saves just one unit."""
        v, a, b, worth = self.vulnerability, self.alpha, self.beta, weight * self.loss
        if self.kind == "II":
            most = -a * v * math.log(v) * worth
            return max(0.0, math.log(most) / (-a * math.log(v)))
        return max(0.0, (float((v * a * b * worth) ** (1.0 / (b + 1.0))) - 1.0) / a)


@dataclass(frozen=True, slots=True)
class Spending:
    """Two alike who share a part `passed` of what they learn: spending of each where each looks to itself, and where
    the sum of costs is least; shortfall : how much too low the first is, 0 to 1."""

    alone: float
    together: float

    @property
    def shortfall(self) -> float:
        """1 - alone / together; 0 when nothing is worth spending."""
        return 1.0 - self.alone / self.together if self.together else 0.0


def with_sharing(breach: Breach, passed: float) -> Spending:
    """Each has the use of z_own + passed * z_other, passed in [0, 1].

    By itself each stops where its total reaches the optimum of one who shares nothing; together one more unit saves
    (1 + passed) times as much.
    """
    if not 0.0 <= passed <= 1.0:
        raise CyberError(f"passed is {passed}; expected a share, 0 to 1.")
    used = 1.0 + passed
    return Spending(breach.best() / used, breach.best(used) / used)


def protection_threshold(chance: float, contagion: float, loss: float, unprotected: int) -> float:
    """The cost below which protecting oneself pays when so many partners are unprotected: p L (1 - q)^k.

    chance : p of one's own loss; contagion : q from each unprotected partner, both in [0, 1]. A cost above the value at
    0 partners never pays; below that at all partners it always does; in between all and none are both stable.
    """
    if not (0.0 <= chance <= 1.0 and 0.0 <= contagion <= 1.0 and loss >= 0.0 and unprotected >= 0):
        raise CyberError("chance and contagion must be 0 to 1, loss and unprotected not negative.")
    return chance * loss * (1.0 - contagion) ** unprotected


def sharers_needed(cost: float, benefit: float, others: int) -> float:
    """How many of `others` must share before sharing pays, when only those who give get: cost / benefit.

    cost : of sharing, to the one who does; benefit : from each sharer, positive. 0 when sharing costs nothing; inf when
    not even all others would do. With a finite number above 0 both all and none are stable.
    """
    if not (benefit > 0.0 and others >= 0):
        raise CyberError("benefit must be positive, others not negative.")
    need = max(0.0, cost / benefit)
    return need if need <= others else math.inf
