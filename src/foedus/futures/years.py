"""What the yearly kernel is given and what it gives, as arrays: parameters, a scenario's tables, results."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Kinds of event, in the order of their codes.
KINDS = (
    "founding",
    "accession",
    "withdrawal",
    "termination",
    "lapse",
    "regime_change",
    "rivalry_onset",
    "rivalry_end",
    "attack",
    "dispute",
    "intervention",
)
FOUNDING, ACCESSION, WITHDRAWAL, TERMINATION, LAPSE, REGIME, ONSET, END, ATTACK, DISPUTE, INTERVENTION = range(
    len(KINDS)
)
WORLD, YEAR, KIND, TREATY, STATE, OTHER, VALUE, SCENARIO = range(8)  # columns of the log
N_COLUMNS = 8
ROWS, OF_WORLD, OF_YEAR, OF_PLAN = range(4)  # slots of `Results.used`

LARGEST_SET = 64  # founders of one treaty
MOST = 512  # events of one process in one year

# Streams: one for each process, so that a lever on one leaves the draws of the others alone.
(
    S_ACCESSION, S_WITHDRAWAL, S_TERMINATION, S_COUNT, S_FOUNDING, S_REGIME, S_ONSET, S_END, S_SHOCK, S_GROWTH,
    S_SPENDING, S_SUPPORT, S_DISPUTE, S_ATTACK, S_PEACE,
) = range(15)  # fmt: skip

# Indicators of the whole system, one value for each world and year.
SYSTEM = (
    "treaties",
    "defence_treaties",
    "defence_dyads",
    "states_with_defence",
    "rivalries",
    "democracies",
    "foundings",
    "accessions",
    "withdrawals",
    "terminations",
    "attacks",
    "disputes",
    "gdp_bnusd",
    "milex_bnusd",
)
DISPUTES, GDP, MILEX = (
    11,
    12,
    13,
)  # their places; money in billions of USD of the start's prices; NaN in a run without an economy


class Parameters(NamedTuple):
    """Drawn once for each of W worlds; the coefficients are in the order of the fits' terms.

    counts (W, 7): coefficients of the yearly number of foundings, then log alpha. war_end (W,): yearly chance. honour
    (W,): chance that who is bound to help a state attacked goes to war for it.
    size_cdf (W, S): chance of at most s founders; defence_share, open_share (W, S): of treaties of s founders.
    moves (W, 4, 4): yearly chances between regime classes. growth, spending (W, 7), disputes (W, 9), drift (W, N):
    long-run growth of each state; pull_shift (W,): what is added to each state's pull towards a guideline; war (W,):
    share of disputes that are wars. These six have W = 0 in a run without an economy. typical_disputes (9,): the
    estimates of the fit, the same for all.
    """

    accession: Floats
    withdrawal: Floats
    termination: Floats
    founding: Floats
    counts: Floats
    war_end: Floats
    honour: Floats
    size_cdf: Floats
    defence_share: Floats
    open_share: Floats
    moves: Floats
    onset: Floats
    rivalry_end: Floats
    growth: Floats
    drift: Floats
    spending: Floats
    pull_shift: Floats
    disputes: Floats
    war: Floats
    typical_disputes: Floats


class Tables(NamedTuple):
    """A plan as arrays over Y years. shocks (K, 7): year row, what, treaty, state, other, value, probability.

    founded (F, 4): year row, defence, term, probability; founders (F, N). Factors (Y, T) by treaty, (Y, N) by state,
    (Y, T, N) by pair; the last have first length 0 when there is none. growth (Y, N): log points added; spending
    (Y, N): per cent of GDP to reach, NaN for none.
    """

    shocks: Floats
    founded: Floats
    founders: NDArray[np.bool_]
    accession_treaty: Floats
    accession_state: Floats
    accession_pair: Floats
    withdrawal_treaty: Floats
    withdrawal_state: Floats
    withdrawal_pair: Floats
    termination_treaty: Floats
    founding_state: Floats
    founding_rate: Floats
    regime_state: Floats
    onset_state: Floats
    end_state: Floats
    dispute_state: Floats
    growth: Floats
    spending: Floats


class Results(NamedTuple):
    """What a chunk of W worlds gives. log (rows, 8): world, year, kind, treaty, state, other, value, by the scenario.

    Founders of new treaties are rows of kind accession's own: a founding is one row for each founder, treaty numbered
    from T on within its world. used (4,): rows in use; world and year of the next rows and whether the scenario makes
    them. members (Y, T, N): in how many worlds a state is a member at the end of the year. size (Y, T, N + 1): in how
    many worlds a treaty has that many. tied (Y, N, N): in how many worlds two states share a treaty with a defence
    pledge, i > j. The kernel fills these three with the year's changes. cells (W, Y, 3, N): in which cells of the
    histograms a world's values are, NONE where they are not known. drivers (Y, N, 3, CELLS): histograms over worlds
    (`economy`); both have Y = 0 without an economy. system (W, Y, len(SYSTEM)).
    status (1,): 0, or 1 the log is full, 2 a bound failed, 3 no room for treaties.
    """

    log: NDArray[np.int32]
    used: Ints
    members: NDArray[np.int32]
    size: NDArray[np.int32]
    tied: NDArray[np.int32]
    cells: NDArray[np.uint8]
    drivers: NDArray[np.int32]
    system: NDArray[np.float32]
    status: Ints
