"""Design rows of accession, withdrawal, termination and founding, from plain arrays. See `standing` for the arrays.

The unit builder of the fits and the simulator call these same functions on the world as it stands at the start of a
year, so what is simulated cannot differ from what was fitted. Order of work in a year, for each treaty in force:
`relations` (how each state stands to its members), then `accession_rows` and `withdrawal_rows` (cheap), and
`termination_row`. `relations` is the costly step: it changes only with the members, the history and the dyads, so a
caller may keep it between years (its TIE scales with the decay while nothing happens).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled, compiled_bare

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]
_Ints = NDArray[np.int64]

# Columns of `states` (N, 4), `treaties` (T, 7) and `relations` (N, 9): named in standing.py, in this order.
ACTIVITY, DEMOCRACY, REGIME_CHANGE, MAJOR = 0, 1, 2, 3
FOUNDED, DEFENCE, OPEN, EXPIRES, FOUNDERS, ACCESSIONS, EXITS = 0, 1, 2, 3, 4, 5, 6
TIE, ALLIED, DISTANCE, NEAREST, RIVALS, SHARED_RIVALS, WARS, GAP, JOINT_DEMOCRACY = 0, 1, 2, 3, 4, 5, 6, 7, 8

# Number of columns of each design: the lengths of the term lists in standing.py.
N_RELATIONS, N_ACCESSION, N_WITHDRAWAL, N_TERMINATION, N_FOUNDING = 9, 23, 22, 21, 12


@compiled_bare
def own_tie(year: float, half_life: float, since_i: float, left_i: float, since_j: float) -> float:
    """What one alliance itself put into joint[i, j], j a member: the pair met when the later of the two joined.

    since : year of (last) joining, NaN never. left_i : year in which i last left, NaN while i is in or never was.
    """
    if np.isnan(since_i) or np.isnan(since_j) or (left_i >= since_i and since_j > left_i):
        return 0.0
    weight: float = 2.0 ** (-(year - max(since_i, since_j)) / half_life)
    return weight


@compiled
def relations(
    year: float, half_life: float, member: _Bools, since: _Floats, left: _Floats, states: _Floats, joint: _Floats,
    shared: _Floats, log_distance: _Floats, rival: _Bools, common: _Bools, war: _Bools, out: _Floats,
) -> int:  # fmt: skip
    """How each state stands to the members of one treaty other than itself; returns the number of members.

    member (N,), since (N,), left (N,): of this treaty. The rest as in `Standing`. out (N, 9) is filled: means over
    the members other than i; rows are 0 where there is none. TIE and ALLIED leave this treaty's own part out.
    """
    n = member.size
    members = np.flatnonzero(member)
    m = members.size
    for i in range(n):
        others = m - 1 if member[i] else m
        out[i, :] = 0.0
        if others == 0:
            continue
        nearest, x_sum = np.inf, 0.0
        tie, allied, distance, rivals, shared_rivals, wars = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for j in members:
            if j == i:
                continue
            tie += max(joint[i, j] - own_tie(year, half_life, since[i], left[i], since[j]), 0.0)
            allied += shared[i, j] - (1.0 if member[i] else 0.0) > 0.5
            distance += log_distance[i, j]
            nearest = min(nearest, log_distance[i, j])
            rivals += rival[i, j]
            shared_rivals += common[i, j]
            wars += war[i, j]
            x_sum += states[j, DEMOCRACY]
        x = states[i, DEMOCRACY]
        out[i, TIE] = tie / others
        out[i, ALLIED] = allied / others
        out[i, DISTANCE] = distance / others
        out[i, NEAREST] = nearest
        out[i, RIVALS] = rivals / others
        out[i, SHARED_RIVALS] = shared_rivals / others
        out[i, WARS] = wars / others
        out[i, GAP] = abs(x - x_sum / others)
        out[i, JOINT_DEMOCRACY] = x * x_sum / others
    return m


@compiled_bare
def own_activity(year: float, half_life: float, since_i: float) -> float:
    """What one alliance itself put into the activity of i: its joining, faded."""
    return 0.0 if np.isnan(since_i) else 2.0 ** (-(year - since_i) / half_life)


@compiled_bare
def accession_row(
    year: float, half_life: float, n_members: int, i: int, since: _Floats, left: _Floats, states: _Floats,
    treaty: _Floats, relation: _Floats, out: _Floats,
) -> None:  # fmt: skip
    """The terms of accession of state i (not a member) to one treaty: out (23,), in the order of ACCESSION.

    since (N,), left (N,), treaty (7,): of this treaty. relation (N, 9): from `relations`.
    """
    r = relation[i]
    out[0] = 1.0
    out[1] = 1.0 if year >= 1915 else 0.0
    out[2] = 1.0 if year >= 1946 else 0.0
    out[3] = 1.0 if year >= 1990 else 0.0
    out[4] = np.sqrt(max(states[i, ACTIVITY] - own_activity(year, half_life, since[i]), 0.0))
    out[5] = np.sqrt(r[TIE])
    out[6] = r[ALLIED]
    out[7] = r[DISTANCE]
    out[8] = r[NEAREST]
    out[9] = r[RIVALS]
    out[10] = r[SHARED_RIVALS]
    out[11] = r[WARS]
    out[12] = states[i, DEMOCRACY]
    out[13] = r[GAP]
    out[14] = r[JOINT_DEMOCRACY]
    out[15] = states[i, MAJOR]
    out[16] = 0.0 if np.isnan(left[i]) else 1.0
    out[17] = np.log(n_members)
    out[18] = np.log(year - treaty[FOUNDED])
    out[19] = np.log1p(treaty[ACCESSIONS])
    out[20] = treaty[OPEN]
    out[21] = 1.0 if treaty[FOUNDERS] <= 2.5 else 0.0
    out[22] = treaty[DEFENCE]


@compiled
def accession_rows(
    year: float, half_life: float, n_members: int, who: _Ints, since: _Floats, left: _Floats, states: _Floats,
    treaty: _Floats, relation: _Floats, out: _Floats,
) -> None:  # fmt: skip
    """`accession_row` of the states `who`; out (len(who), 23)."""
    for r in range(who.size):
        accession_row(year, half_life, n_members, who[r], since, left, states, treaty, relation, out[r])


@compiled_bare
def withdrawal_row(
    year: float, half_life: float, n_members: int, i: int, since: _Floats, states: _Floats, treaty: _Floats,
    relation: _Floats, out: _Floats,
) -> None:  # fmt: skip
    """The terms of withdrawal of member i from one treaty: out (22,), in the order of WITHDRAWAL."""
    r = relation[i]
    years_in = year - since[i]
    out[0] = 1.0
    out[1] = 1.0 if year >= 1915 else 0.0
    out[2] = 1.0 if year >= 1946 else 0.0
    out[3] = 1.0 if year >= 1990 else 0.0
    out[4] = 1.0 if years_in >= 3 else 0.0
    out[5] = 1.0 if years_in >= 6 else 0.0
    out[6] = 1.0 if years_in >= 11 else 0.0
    out[7] = 1.0 if years_in >= 21 else 0.0
    out[8] = np.sqrt(max(states[i, ACTIVITY] - own_activity(year, half_life, since[i]), 0.0))
    out[9] = np.sqrt(r[TIE])
    out[10] = r[ALLIED]
    out[11] = r[DISTANCE]
    out[12] = r[RIVALS]
    out[13] = r[SHARED_RIVALS]
    out[14] = r[WARS]
    out[15] = r[GAP]
    out[16] = states[i, REGIME_CHANGE]
    out[17] = states[i, MAJOR]
    out[18] = np.log(n_members)
    out[19] = np.log1p(treaty[EXITS])
    out[20] = 1.0 if treaty[EXPIRES] == year else 0.0
    out[21] = treaty[DEFENCE]


@compiled
def withdrawal_rows(
    year: float, half_life: float, n_members: int, who: _Ints, since: _Floats, states: _Floats, treaty: _Floats,
    relation: _Floats, out: _Floats,
) -> None:  # fmt: skip
    """`withdrawal_row` of the members `who`; out (len(who), 22)."""
    for r in range(who.size):
        withdrawal_row(year, half_life, n_members, who[r], since, states, treaty, relation, out[r])


@compiled_bare
def termination_row(
    year: float, members: _Ints, states: _Floats, treaty: _Floats, relation: _Floats, out: _Floats
) -> None:
    """The terms of termination of one treaty with two members or more: out (21,), in the order of TERMINATION.

    members (k,): their positions. Means of a relation over members are means over pairs of members.
    """
    age, n_members = year - treaty[FOUNDED], members.size
    tie, allied, distance, rivals, wars, gap = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    change, major, democracy = 0.0, 0.0, 0.0
    for k in range(n_members):
        i = members[k]
        tie += relation[i, TIE]
        allied += relation[i, ALLIED]
        distance += relation[i, DISTANCE]
        rivals += relation[i, RIVALS]
        wars += relation[i, WARS]
        gap += relation[i, GAP]
        change += states[i, REGIME_CHANGE]
        major += states[i, MAJOR]
        democracy += states[i, DEMOCRACY]
    out[0] = 1.0
    out[1] = 1.0 if year >= 1915 else 0.0
    out[2] = 1.0 if year >= 1946 else 0.0
    out[3] = 1.0 if year >= 1990 else 0.0
    out[4] = 1.0 if age >= 3 else 0.0
    out[5] = 1.0 if age >= 6 else 0.0
    out[6] = 1.0 if age >= 11 else 0.0
    out[7] = 1.0 if age >= 21 else 0.0
    out[8] = np.sqrt(tie / n_members)
    out[9] = allied / n_members
    out[10] = distance / n_members
    out[11] = rivals / n_members
    out[12] = wars / n_members
    out[13] = gap / n_members
    out[14] = democracy / n_members
    out[15] = change / n_members
    out[16] = major / n_members
    out[17] = np.log(n_members)
    out[18] = np.log1p(treaty[EXITS])
    out[19] = 1.0 if treaty[EXPIRES] == year else 0.0
    out[20] = treaty[DEFENCE]


@compiled_bare
def founding_row(
    members: _Ints, states: _Floats, joint: _Floats, shared: _Floats, log_distance: _Floats, rival: _Bools,
    common: _Bools, war: _Bools, out: _Floats,
) -> None:  # fmt: skip
    """The terms of founding by the set `members` (k >= 2, positions): out (12,), in the order of FOUNDING."""
    k = members.size
    out[:] = 0.0
    x_sum, x_squares = 0.0, 0.0
    for a in range(k):
        i = members[a]
        out[0] += states[i, ACTIVITY]
        out[8] += states[i, DEMOCRACY]
        out[10] += states[i, MAJOR]
        out[11] += states[i, REGIME_CHANGE]
        x_sum += states[i, DEMOCRACY]
        x_squares += states[i, DEMOCRACY] ** 2
        for b in range(a):
            j = members[b]
            out[1] += joint[i, j]
            out[2] += shared[i, j] > 0.5
            out[3] += log_distance[i, j]
            out[4] += rival[i, j]
            out[5] += common[i, j]
            out[6] += war[i, j]
            out[7] += abs(states[i, DEMOCRACY] - states[j, DEMOCRACY])
    pairs = k * (k - 1) / 2.0
    out[0] = np.sqrt(out[0] / k)
    out[1] = np.sqrt(out[1] / pairs)
    for c in range(2, 8):
        out[c] /= pairs
    out[8] /= k
    out[9] = (x_sum * x_sum - x_squares) / 2.0 / pairs
    out[10] /= k
    out[11] /= k


@compiled
def founding_rows(
    start: _Ints, member: _Ints, states: _Floats, joint: _Floats, shared: _Floats, log_distance: _Floats,
    rival: _Bools, common: _Bools, war: _Bools, out: _Floats,
) -> None:  # fmt: skip
    """`founding_row` of many sets: set r has the members member[start[r]:start[r + 1]]; out (rows, 12)."""
    for r in range(start.size - 1):
        founding_row(
            member[start[r] : start[r + 1]], states, joint, shared, log_distance, rival, common, war, out[r]
        )  # fmt: skip


@compiled
def common_rivals(rival: _Bools, out: _Bools) -> None:
    """out[i, j]: whether some third state is a rival of both. rival, out (N, N), symmetric, false on the diagonal."""
    n = rival.shape[0]
    out[:, :] = False
    for k in range(n):
        of_k = np.flatnonzero(rival[k])
        for i in of_k:
            for j in of_k:
                out[i, j] = i != j


@compiled
def shared_alliances(member: _Bools, out: _Floats) -> None:
    """out[i, j]: how many of the treaties (in force) both are members of. member (T, N); 0 on the diagonal."""
    out[:, :] = 0.0
    for a in range(member.shape[0]):
        of_a = np.flatnonzero(member[a])
        for i in of_a:
            for j in of_a:
                if i != j:
                    out[i, j] += 1.0


@compiled
def record_founding(members: _Ints, joint: _Floats, states: _Floats) -> None:
    """Write a founding of this year into the history: joint and ACTIVITY grow by 1 (before the year's `fade`)."""
    for i in members:
        states[i, ACTIVITY] += 1.0
        for j in members:
            if i != j:
                joint[i, j] += 1.0


@compiled
def record_accession(i: int, members: _Ints, joint: _Floats, states: _Floats) -> None:
    """Write an accession of i into the history: the pairs {i, j} for each member j, and one event of i."""
    states[i, ACTIVITY] += 1.0
    for j in members:
        if i != j:
            joint[i, j] += 1.0
            joint[j, i] += 1.0


@compiled
def fade(half_life: float, joint: _Floats, states: _Floats) -> None:
    """Pass from one year to the next: history loses weight by 2^(-1 / half_life)."""
    factor = 2.0 ** (-1.0 / half_life)
    joint *= factor
    states[:, ACTIVITY] *= factor
