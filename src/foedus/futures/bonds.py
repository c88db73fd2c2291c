"""The arrays of one simulated world that change from year to year, stacked so that kernels pass few of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.model.membership.standing import HALF_LIFE, RELATIONS, STATE_COLUMNS, TREATY_COLUMNS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Layers of `dyad`. LINK: the founding terms that are means over pairs, weighted. The last three are upper bounds of
# what depends on a pair: founding together, becoming rivals, a dispute.
JOINT, SHARED, LOG_KM, DEFENDED, RIVAL_SINCE, LN_KM, N_COMMON, LINK, PAIR, FEUD, QUARREL = range(11)
RIVAL, COMMON, WAR, FORMER = range(4)  # layers of `flag`
SINCE, LEFT, ASK, KEEP = range(4)  # layers of `entry`
PULL, LINEAR, TIES, NEAR = range(4)  # layers of `bound`
ALLIED, FAR, RIVALS, COMMONS, WARS = range(5)  # layers of `sums`
LIVE, SIZE, DIRTY, FRESH, RECENT = 7, 8, 9, 10, 11  # columns of `treaty` behind those of Standing
BASE, REGIME, ENTERED, N_RIVALS, N_TIED, N_WARS, QUARRELS = range(4, 11)  # columns of `state` behind them
TREATIES, YEAR, TIES_NOW, RIVALRIES = range(4)  # slots of `used`
_LONGEST = 500  # years since a treaty of the start was joined, at most


class Bonds(NamedTuple):
    """C treaties (capacity), N states. Kernels change the arrays in place.

    treaty (C, 20): the columns of Standing, then LIVE (0 or 1), SIZE, DIRTY (relations of members are stale), FRESH
        (sum of the bounds when last made), and from RECENT on accessions of this year and five before (6 columns) and
        withdrawals of this year and two before (3).
    state (N, 11): the columns of Standing, then BASE (activity when PAIR was made), REGIME (index or -1), ENTERED
        (year), how many rivals, partners in defence and enemies at war it has, and the sum of its QUARREL.
    member (C, N). roster (C, N): the members of a treaty, SIZE of them, ascending. ties_of (N, C + 1): how many
        treaties a state is in, then which.
    entry (4, C, N): SINCE and LEFT as in Standing; ASK, KEEP: a scenario's factors on accession and withdrawal.
    bound (4, C, N), of states that are not members: PULL, an upper bound of the part of the rate of accession that
        depends on state and treaty; LINEAR, TIES and NEAR, what it is made of: the sum over members of the terms that
        are means, weighted by their coefficients; the sum of joint events; the nearest member.
    sums (5, C, N): LINEAR's parts at the start, over members: allied, log distance, rivals, common rivals, wars.
    fading (F,): weight of an event by its age in years. relation (C, N, 9): as from `relations`, of members, up to
        date where DIRTY is 0 and stale (C, N) is not set.
    dyad (11, N, N), flag (4, N, N): symmetric layers, zero on the diagonal. used (4,): treaties so far, row of the
        year, pairs with a defence pledge, pairs of rivals. tied (Y, N, N): by year and pair i > j, worlds in which a
        defence tie began less those in which one ended; shared by all worlds of a chunk.
    """

    treaty: Floats
    state: Floats
    member: Flags
    roster: Ints
    ties_of: Ints
    entry: Floats
    bound: Floats
    sums: Floats
    fading: Floats
    relation: Floats
    stale: Flags
    dyad: Floats
    flag: Flags
    used: Ints
    tied: NDArray[np.int32]


def room(n: int, capacity: int, years: int = 0, half_life: float = HALF_LIFE) -> Bonds:
    """Space for worlds of `n` states and at most `capacity` treaties over `years` years."""
    c = capacity
    bonds = Bonds(
        treaty=np.zeros((c, len(TREATY_COLUMNS) + 13)),
        state=np.zeros((n, len(STATE_COLUMNS) + 7)),
        member=np.zeros((c, n), np.bool_),
        roster=np.zeros((c, n), np.int64),
        ties_of=np.zeros((n, c + 1), np.int64),
        entry=np.full((4, c, n), np.nan),
        bound=np.zeros((4, c, n)),
        sums=np.zeros((5, c if years == 0 else 0, n)),  # only of the world at the start
        fading=2.0 ** (-np.arange(_LONGEST) / half_life),
        relation=np.zeros((c, n, len(RELATIONS))),
        stale=np.zeros((c, n), np.bool_),
        dyad=np.zeros((11, n, n)),
        flag=np.zeros((4, n, n), np.bool_),
        used=np.zeros(4, np.int64),
        tied=np.zeros((years, n, n), np.int32),
    )
    bonds.entry[ASK:] = 1.0
    return bonds
