"""The arrays of one simulated world that change from year to year, stacked so that kernels pass few of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.model.membership.standing import HALF_LIFE, STATE_COLUMNS, TREATY_COLUMNS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Small = NDArray[np.int16]
Singles = NDArray[np.float32]

# Layers of `dyad`, then of `between`. QUARREL: running sum along the row of the bound of disputes, by the estimates.
# LINK, PULLS: what a pair adds to founding's, and a member to accession's, terms that are means, weighted by the
# world's coefficients. PAIR, FEUD: bounds of what depends on a pair in founding together and in becoming rivals.
JOINT = 0
LOG_KM, LN_KM, LINK, PULLS, PAIR, FEUD, QUARREL = range(7)  # layers of `between`
SHARED, DEFENDED, N_COMMON, RIVAL_SINCE = range(4)  # layers of `shorts`
RIVAL, COMMON, WAR, FORMER = range(4)  # layers of `flag`
PARTNERS, FOES = range(2)  # layers of `others`
SINCE, LEFT, KEEP = range(3)  # layers of `entry`
PAIR_SUM, PAIR_LIFT, FEUD_SUM, FEUD_LIFT, QUARREL_SUM, FOES_SUM = range(6)  # rows of `by_state`
LINEAR, TIES, NEAR, OUT = range(4)  # rows of `work`
JOINED = 3  # column of `relation`, in the place of NEAREST
LIVE, SIZE, FRESH, SEEN, RECENT = range(7, 12)  # rows of `treaty` behind those of Standing
BASE, REGIME, ENTERED, N_RIVALS, N_TIED, N_WARS, PLEDGES = range(4, 11)  # rows of `state` behind them
RELATED, CHANGED = 1, 2  # of `touched`
IN, WENT = 1, 2  # bits of `past`
TREATIES, YEAR, TIES_NOW, RIVALRIES, FIRST = range(5)  # slots of `used`
_LONGEST = 500  # years since a treaty of the start was joined, at most


class Bonds(NamedTuple):
    """C treaties (capacity), N states. Kernels change the arrays in place.

    treaty (20, C): the columns of Standing, as rows; then LIVE (0 or 1), SIZE, FRESH (sum of the bounds as last made),
        SEEN (members when last counted), and from RECENT on accessions of this year and five before (6 rows) and
        withdrawals of this year and two before (3).
    state (11, N): the columns of Standing, as rows; then BASE (activity when PAIR was made), REGIME (index or -1),
        ENTERED (year), and how many rivals, partners in defence, enemies at war and defence pledges it has.
    member (C, N). roster (C, N): the members of a treaty, SIZE of them, ascending. ties_of (N, C + 1): how many
        treaties a state is in, then which.
    entry (3, C, N): SINCE and LEFT as in Standing; KEEP: a scenario's factor on withdrawal. ask (C, N): factor on
        accession, of the law and of a scenario. past (C, N): 0 for a state that never was a member, IN once it was,
        with WENT once it has left.
    pull (C, N): of states that are not members, an upper bound of the part of the rate of accession that depends on
        state and treaty; 0 for members.
    fading (F,): weight of an event by its age in years. logs (F,): of whole numbers, from 1 on. scale (1,): the weight
        of what has the value 1 in JOINT: history fades by this one number.
    relation (C, N, 8): as from `relations`, of members; TIE in the measure of JOINT, the year of joining where NEAREST
        would be, and without GAP and JOINT_DEMOCRACY, made every year.
    dyad (1, N, N), between (7, N, N), shorts (4, N, N), flag (4, N, N): symmetric layers, zero on the diagonal; QUARREL
        runs along its rows. Small numbers stand in single precision or short, for a world is as fast as it is small.
    others (2, N, N): partners in defence and rivals of a state, N_TIED and N_RIVALS of them. by_state (6, N): sums over
        the pairs of a state and the factors they were made with; FOES_SUM: that of QUARREL over rivals alone.
    work (4, N): room to work in.
    used (5,): treaties so far, row of the year, pairs with a defence pledge, pairs of rivals, first year. touched (C,):
        treaties whose arrays are not those of the start: RELATED for `relation` alone, CHANGED for all. tied (Y, N, N):
        by year and pair i > j, worlds in which a defence tie began less those in which one ended; shared by all worlds
        of a chunk.
    """

    treaty: Floats
    state: Floats
    member: Flags
    roster: Ints
    ties_of: NDArray[np.int32]
    entry: Floats
    ask: Singles
    past: NDArray[np.int8]
    pull: Singles
    fading: Floats
    logs: Floats
    scale: Floats
    relation: Floats
    dyad: Floats
    between: Singles
    shorts: Small
    flag: Flags
    others: Ints
    by_state: Floats
    work: Singles
    used: Ints
    touched: NDArray[np.int8]
    tied: NDArray[np.int32]


def _in_lines(rows: int) -> Floats:
    """Noughts for rows of eight numbers, each row one line of the processor's cache: NumPy begins anywhere."""
    whole = np.zeros(rows * 8 + 8)
    first = -whole.ctypes.data % 64 // 8
    return whole[first : first + rows * 8]


def room(n: int, capacity: int, years: int = 0, half_life: float = HALF_LIFE) -> Bonds:
    """Space for worlds of `n` states and at most `capacity` treaties over `years` years."""
    c = capacity
    bonds = Bonds(
        treaty=np.zeros((len(TREATY_COLUMNS) + 13, c)),
        state=np.zeros((len(STATE_COLUMNS) + 7, n)),
        member=np.zeros((c, n), np.bool_),
        roster=np.zeros((c, n), np.int64),
        ties_of=np.zeros((n, c + 1), np.int32),
        entry=np.full((3, c, n), np.nan),
        ask=np.ones((c, n), np.float32),
        past=np.zeros((c, n), np.int8),
        pull=np.zeros((c, n), np.float32),
        fading=2.0 ** (-np.arange(_LONGEST) / half_life),
        logs=np.log(np.maximum(np.arange(_LONGEST), 1)),
        scale=np.ones(1),
        relation=_in_lines(c * n).reshape(c, n, 8),
        dyad=np.zeros((1, n, n)),
        between=np.zeros((7, n, n), np.float32),
        shorts=np.zeros((4, n, n), np.int16),
        flag=np.zeros((4, n, n), np.bool_),
        others=np.zeros((2, n, n), np.int64),
        by_state=np.zeros((6, n)),
        work=np.zeros((4, n), np.float32),
        used=np.zeros(5, np.int64),
        touched=np.full(c, CHANGED, np.int8),
        tied=np.zeros((years, n, n), np.int32),
    )
    bonds.entry[KEEP] = 1.0
    return bonds
