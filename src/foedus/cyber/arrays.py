"""The arrays that the simulator's kernel and its plain twin share: what a run takes, what it fills, where luck
stands.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

MOST_TARGETS: Final = 32  # members that one campaign can hit; slots of pairs are numbered by it

# Rows of `laws`, and what the first number of a row means: (median, sigma), (scale, shape), (value, unused).
GAP, DETECT, RELEASE, ACT, RELEASE_MACHINE, ACT_MACHINE = range(6)
LOGNORMAL, WEIBULL, FIXED = range(3)

# Columns of `counts`, per member: hits, averted, those that had an item in time; first of a campaign to detect it;
# compromised and took part; and why a hit was not averted.
HITS, AVERTED, INFORMED, FIRST_TO_KNOW, NOBODY_YET, NOT_KNOWN, NOT_TOLD, TOO_LATE, NO_USE = range(9)
# Columns of `days`, per member: what hits cost without sharing; what those not averted cost; the same with hunting.
ALONE, HIT, HUNTED = range(3)
# Places in `moments`: sums over campaigns, for standard errors of ratios.
S_HITS, S_AVERTED, S_HITS2, S_AVERTED2, S_BOTH, S_DAYS, S_SAVED, S_DAYS2, S_SAVED2, S_DAYS_SAVED = range(10)

BINS: Final = 81  # of the time to protect: log10 days from -4 to 4 in tenths, then never
FIRST_BIN: Final = -4.0

# Slots of a campaign. Those of a target follow one another from SLOT_TARGET + 16 * place.
SLOT_ROW: Final = 0
SLOT_ORDER: Final = 16
SLOT_TARGET: Final = 64
U_GAP, U_DETECT, U_ACT, U_RELEASE, U_ROTATE, U_PART, U_BLOCK, U_BEHAVIOUR, U_COMPLY, U_HUNT, U_OUT, U_IN = range(12)
SLOT_TOLD: Final = 1024  # + 32 * source + receiver
SLOT_TOLD_HUNT: Final = 2048
SLOT_HOP: Final = 3072  # + 32 * source + group % 32


class World(NamedTuple):
    """What a run takes. n members, R rows.

    rows (R, 32), sizes (R,): indices of the members each actor names; reach (R,): cumulative probability of the rows.
    phi, gives, receives, complies, automation (n,): probabilities; slower (n,): factor on detection; networks (n,): the
    fastest of so many detections counts; group (n,): federation, -1 none. told (n, n): probability that an item of the
    row's member reaches the column's. laws (6, 3). rho: rotations a day; block, behaviour, hunt: probabilities;
    warning_within, item_within: deadlines in days after detection; cap: longest dwell in days; resight: 1.0 when a
    member that was protected passes on what it saw.
    """

    rows: _Ints
    sizes: _Ints
    reach: _Floats
    phi: _Floats
    gives: _Floats
    receives: _Floats
    complies: _Floats
    automation: _Floats
    slower: _Floats
    networks: _Ints
    group: _Ints
    told: _Floats
    laws: _Floats
    rho: float
    block: float
    behaviour: float
    hunt: float
    warning_within: float
    item_within: float
    cap: float
    resight: float


class Tally(NamedTuple):
    """What a run fills. counts (n, 9), credit (n, n) source by receiver, days (n, 3), moments (10,), protect (81,)."""

    counts: _Ints
    credit: _Ints
    days: _Floats
    moments: _Floats
    protect: _Ints


class Scratch(NamedTuple):
    """One campaign under way, (32,) each: per target its member, hit time, own detection, when warning and item leave,
    generation of the infrastructure, own action delay, and whether it takes part, was hit, gives."""

    member: _Ints
    time: _Floats
    known: _Floats
    warns: _Floats
    leaves: _Floats
    generation: _Ints
    acts: _Floats
    part: _Ints
    hit: _Ints
    gives: _Ints


def tally(n: int) -> Tally:
    """Empty sums for `n` members."""
    ints = np.int64
    return Tally(np.zeros((n, 9), ints), np.zeros((n, n), ints), np.zeros((n, 3)), np.zeros(10), np.zeros(BINS, ints))


def scratch() -> Scratch:
    """Room for one campaign."""
    floats, ints = np.zeros((5, MOST_TARGETS)), np.zeros((5, MOST_TARGETS), np.int64)
    time, known, warns, leaves, acts = floats
    member, generation, part, hit, gives = ints
    return Scratch(member, time, known, warns, leaves, generation, acts, part, hit, gives)
