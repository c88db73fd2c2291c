"""Who comes: past rates at which commitments that were called upon were honoured, and draws of who honours at once.

The rates are of wars that began, where deterrence had failed, so they understate reliability in peace; they rest on few
wars, and allies of one war depend on each other. All of this is drawn, not assumed away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.casus.verdict import Level

Real = NDArray[np.float64]
Era = Literal["all", "before-1945", "since-1945"]

# Defence pacts: (honoured, called upon), treaty and war. Berkemeier and Fuhrmann (2018), replication data, 1816-2003.
DEFENCE: dict[Era, tuple[int, int]] = {"all": (42, 102), "before-1945": (36, 59), "since-1945": (6, 43)}
DESIGN_EFFECT = 2.0  # [choice] commitments of one war depend on each other: counts weigh half
SHOCK = 0.7  # [choice] standard deviation, on the logit, of what moves all allies of one event together
ACTS: frozenset[Level] = frozenset({"must_use_force", "must_mobilise", "must_assist"})  # what a defence pledge asks


@dataclass(frozen=True, slots=True)
class Rates:
    """How honouring is drawn. era : of DEFENCE. other : probability that a member without a duty to act comes all the
    same, [0, 1]; 0 by default: nobody is counted on who has not promised. shock : as SHOCK."""

    era: Era = "all"
    other: float = 0.0
    shock: float = SHOCK

    @property
    def says(self) -> str:
        """How those come that are bound, in words."""
        honoured, called = DEFENCE[self.era]
        return (
            f"A member bound to act comes with the rate at which defence pacts were honoured ({honoured} of"
            f" {called}, {self.era}; counts weigh 1/{DESIGN_EFFECT:g}), allies of an event moved together by a shock"
            f" of {self.shock:g} on the logit."
        )


def coming(bound: NDArray[np.bool_], rates: Rates, n_draws: int, draws: np.random.Generator) -> NDArray[np.bool_]:
    """Which members come, in each draw; shape (n_draws, n). bound : (n,), whether a member has a duty to act.

    Each draw takes a rate from its Beta posterior (Jeffreys prior, counts over the design effect), a common shock on
    the logit, and then a coin for each member. The draws are spread evenly over the range of each of these, so that a
    few of them favour no member by luck: Latin hypercube, McKay, Beckman and Conover (1979), Technometrics 21.
    """
    from scipy.special import betaincinv, expit, logit, ndtri

    honoured, called = (count / DESIGN_EFFECT for count in DEFENCE[rates.era])
    spread = _evenly(n_draws, len(bound) + 2, draws)
    rate = betaincinv(0.5 + honoured, 0.5 + called - honoured, spread[:, 0])
    together = expit(logit(rate) + rates.shock * ndtri(spread[:, 1]))
    return np.asarray(spread[:, 2:] < np.where(bound, together[:, None], rates.other))


def _evenly(n_draws: int, n_columns: int, draws: np.random.Generator) -> Real:
    """Uniform numbers, one in each of `n_draws` equal strata of every column, in an order of its own."""
    order = draws.permuted(np.tile(np.arange(n_draws), (n_columns, 1)), axis=1).T
    return np.asarray((order + draws.random((n_draws, n_columns))) / n_draws)
