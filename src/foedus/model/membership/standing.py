"""`Standing`: how the world stands at the start of a year, as plain arrays; and the names of all design columns.

Convention of time: statistics are those at the start of a year; what happens in the year does not see what else happens
in it. An event of year t weighs 2^(-(y - t) / half_life) at the start of year y > t. After a year's events call
`kernels.record_founding` / `record_accession` for each, then `kernels.fade` once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HALF_LIFE = 20.0  # years
ERAS = ("from_1915", "from_1946", "from_1990")  # steps: each is 1 from its year on, so the last known level goes on
BEFORE, AFTER = 10, 20  # years before and after a step that must be seen for its size to be fitted
_STEPS = ("years_3", "years_6", "years_11", "years_21")  # likewise, in years since joining or founding

STATE_COLUMNS = ("activity", "democracy", "regime_change", "major")
TREATY_COLUMNS = ("founded", "has_defence", "is_open", "expires", "n_founders", "accessions_5y", "exits_3y")
RELATIONS = (
    "tie", "allied", "log_distance", "log_nearest", "rivals", "shared_rivals", "wars", "democracy_gap",
    "joint_democracy",
)  # fmt: skip
ACCESSION = (
    "one", *ERAS, "sqrt_activity", "sqrt_tie", "allied", "log_distance", "log_nearest", "rivals", "shared_rivals",
    "wars", "democracy", "democracy_gap", "joint_democracy", "major", "was_member", "log_members", "log_age",
    "log_accessions_5y", "is_open", "is_pair", "has_defence",
)  # fmt: skip
WITHDRAWAL = (
    "one", *ERAS, *_STEPS, "sqrt_activity", "sqrt_tie", "allied", "log_distance", "rivals", "shared_rivals", "wars",
    "democracy_gap", "regime_change", "major", "log_members", "log_exits_3y", "term_ends", "has_defence",
)  # fmt: skip
TERMINATION = (
    "one", *ERAS, *_STEPS, "sqrt_tie", "allied", "log_distance", "rivals", "wars", "democracy_gap", "democracy",
    "regime_change", "major", "log_members", "log_exits_3y", "term_ends", "has_defence",
)  # fmt: skip
FOUNDING = (
    "sqrt_activity", "sqrt_tie", "allied", "log_distance", "rivals", "shared_rivals", "wars", "democracy_gap",
    "democracy", "joint_democracy", "major", "regime_change",
)  # fmt: skip

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def unsettled(first: int, last: int) -> tuple[str, ...]:
    """Steps of ERAS that the years first to last do not tell, having fewer than ten before them or twenty after.

    A level fitted to the few years after a step, often a burst, would be carried into the whole future of a back-test:
    eleven years after 1990 make forecasts of terminations from 2000 nine times too high.

    >>> unsettled(1900, 1995)
    ('from_1990',)
    """
    years = {name: int(name.removeprefix("from_")) for name in ERAS}
    return tuple(n for n, y in years.items() if y - first < BEFORE or last - y + 1 < AFTER)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The world at the start of `year`: N states (positions are the caller's), T treaties.

    here (N,): in the system. in_force (T,): with two members or more. member (T, N): of treaties in force.
    since, left (T, N): year in which the state last joined, and last left; NaN for never. left stays after a
        readmission, so "was a member" is `left` not NaN.
    states (N, 4), columns STATE_COLUMNS: decayed number of events that the state took part in; democracy in [0, 1]
        (class of regime over three, or V-Dem's polyarchy); absolute change of it in the last year; 1 for a major power.
    treaties (T, 7), columns TREATY_COLUMNS: year of founding; 1 with a defence pledge; 1 if its text lets others
        accede; last year of its fixed term (NaN for none, or once past); number of founders; accessions in the last
        five years; withdrawals in the last three.
    joint (N, N): decayed number of events of both (a founding counts for all its pairs; an accession for the new
        member with each member). shared (N, N): treaties in force that both belong to. log_distance (N, N):
        log(1 + km between capitals). rival, common, war (N, N): rivals; rivals of a common third; at war with each
        other in the last year. All symmetric, zero on the diagonal.
    """

    year: int
    here: _Bools
    in_force: _Bools
    member: _Bools
    since: _Floats
    left: _Floats
    states: _Floats
    treaties: _Floats
    joint: _Floats
    shared: _Floats
    log_distance: _Floats
    rival: _Bools
    common: _Bools
    war: _Bools
    half_life: float = HALF_LIFE
