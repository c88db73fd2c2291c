"""Joining, leaving, founding and ending in one simulated world: the arrays of `Bonds`, changed in place.

What a pair or a member adds to the rates is kept exactly and changed with the pair (`renew`); the rate of a state that
might join is kept as an upper bound, raised at each event by at least as much as the rate can have risen, and made anew
with the members or when it has grown loose.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.row_kernels import add_times, exp_above
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Ints = NDArray[np.int64]
_NOUGHT, _FAR = np.float32(0.0), np.float32(1e9)
FEW = 4  # a treaty that at most one state in so many may join is gone through state by state
SLACK = 0.75  # a state's factor that falls below this part of the one that sums were made with makes them anew
ROUNDING = 1.0 + 1e-9  # a bound that is met exactly may be passed by rounding


@inner_bare
def pulls_of(bonds: Bonds, i: int, j: int, c: _Floats) -> float:
    """What member j adds to the terms of accession by i that are means over members, but for ties and democracy."""
    eta = c[6] * (bonds.shorts[b.SHARED, i, j] > 0) + c[7] * bonds.between[b.LOG_KM, i, j]
    eta += c[9] * bonds.flag[b.RIVAL, i, j] + c[10] * bonds.flag[b.COMMON, i, j] + c[11] * bonds.flag[b.WAR, i, j]
    return float(eta)


@inner_bare
def link_of(bonds: Bonds, i: int, j: int, c: _Floats) -> float:
    """What the pair adds to the terms of founding that are means over pairs, but for history and democracy."""
    eta = c[2] * (bonds.shorts[b.SHARED, i, j] > 0) + c[3] * bonds.between[b.LOG_KM, i, j]
    eta += c[4] * bonds.flag[b.RIVAL, i, j] + c[5] * bonds.flag[b.COMMON, i, j] + c[6] * bonds.flag[b.WAR, i, j]
    return float(eta)


@inner_bare
def pair_bound(joint: float, both: float, link: float, c: _Floats) -> np.float32:
    """The bound of what founding by a pair depends on. joint: its history; both: its states' activity, summed."""
    return exp_above(np.float32(c[0] * math.sqrt(0.5 * both) + max(c[1], 0.0) * math.sqrt(joint) + link))


@inner_bare
def refresh_pulls(bonds: Bonds, a: int, c: _Floats) -> None:
    """The bounds of one treaty, from its members. History only fades, so a negative coefficient on ties counts as 0;
    what an ex-member once had by the treaty itself is at most 1 on the scale of sqrt(activity)."""
    size, able = int(bonds.treaty[b.SIZE, a]), 0
    ask, pull, member = bonds.ask[a], bonds.pull[a], bonds.member[a]
    for i in range(ask.size):
        able += ask[i] > _NOUGHT and not member[i]
    share, climb = np.float32(1.0 / size), np.float32(max(c[5], 0.0) * math.sqrt(bonds.scale[0] / size))
    of_near, of_return, of_own = np.float32(c[8]), np.float32(c[16]), np.float32(max(0.0, -c[4]))
    if able * FEW < ask.size:
        for i in range(ask.size):
            pull[i] = _NOUGHT
            if ask[i] > _NOUGHT and not member[i]:
                linear, ties, near = _sums(bonds, a, i, size)
                pull[i] = ask[i] * _part(
                    linear, ties, near, bonds.past[a, i], share, climb, of_near, of_return, of_own
                )  # fmt: skip
    else:
        _gather(bonds, a, size)
        _pull(
            bonds.work[b.LINEAR], bonds.work[b.TIES], bonds.work[b.NEAR], bonds.past[a], ask, pull, share, climb,
            of_near, of_return, of_own,
        )  # fmt: skip
        for k in range(size):
            pull[bonds.roster[a, k]] = _NOUGHT
    bonds.treaty[b.FRESH, a] = -1.0


@inner_bare
def _sums(bonds: Bonds, a: int, i: int, size: int) -> tuple[np.float32, np.float32, np.float32]:
    """LINEAR, TIES and NEAR of one state."""
    adds, joint, far = bonds.between[b.PULLS, i], bonds.dyad[b.JOINT, i], bonds.between[b.LOG_KM, i]
    linear, ties, near = _NOUGHT, 0.0, _FAR
    for k in range(size):
        j = bonds.roster[a, k]
        linear += adds[j]
        ties += joint[j]
        near = min(near, far[j])
    return linear, np.float32(ties), near


@inner_bare
def _gather(bonds: Bonds, a: int, size: int) -> None:
    """The sums over members, of all states, in `work`: LINEAR of the terms that are means, TIES of joint events, and
    NEAR, the nearest of them."""
    linear, ties, near = bonds.work[b.LINEAR], bonds.work[b.TIES], bonds.work[b.NEAR]
    linear[:] = _NOUGHT
    ties[:] = _NOUGHT
    near[:] = _FAR
    for k in range(size):
        j = bonds.roster[a, k]
        add_times(linear, bonds.between[b.PULLS, j], 1.0)
        add_times(ties, bonds.dyad[b.JOINT, j], 1.0)
        _lower(near, bonds.between[b.LOG_KM, j])


@inner_bare
def _lower(near: _Singles, far: _Singles) -> None:
    """near = min(near, far)."""
    for i in range(near.size):
        near[i] = far[i] if far[i] < near[i] else near[i]


@inner_bare
def _pull(
    linear: _Singles, ties: _Singles, near: _Singles, past: NDArray[np.int8], ask: _Singles, out: _Singles,
    share: np.float32, climb: np.float32, of_near: np.float32, of_return: np.float32, of_own: np.float32,
) -> None:  # fmt: skip
    for i in range(out.size):
        part = _part(linear[i], ties[i], near[i], past[i], share, climb, of_near, of_return, of_own)
        out[i] = ask[i] * part


@inner_bare
def _part(
    linear: np.float32, ties: np.float32, near: np.float32, past: np.int8, share: np.float32, climb: np.float32,
    of_near: np.float32, of_return: np.float32, of_own: np.float32,
) -> np.float32:  # fmt: skip
    """The bound of one state, before what its asking is multiplied by."""
    eta = climb * math.sqrt(ties) + linear * share + of_near * near
    eta += of_return if past >= b.WENT else _NOUGHT
    eta += of_own if past >= b.IN else _NOUGHT
    return exp_above(eta)


@inner_bare
def _raise(bonds: Bonds, one: int, two: int, linear: float, climb: float) -> None:
    """The bounds of `one` with the treaties of `two` rise as much as their rates may: linear and climb, over size."""
    for k in range(1, bonds.ties_of[two, 0] + 1):
        a = bonds.ties_of[two, k]
        if bonds.pull[a, one] > 0.0:
            size = bonds.treaty[b.SIZE, a]
            rise = linear / size + climb / math.sqrt(size)  # exp(x) <= 1 / (1 - x) below 1, and a division is cheaper
            bonds.pull[a, one] *= 1.0 / (1.0 - rise) if rise < 0.25 else math.exp(rise)


@inner_bare
def renew(bonds: Bonds, i: int, j: int, tie: float, accession: _Floats, founding: _Floats) -> None:
    """Something between i and j has changed: all that is kept of the pair follows. tie : joint events more."""
    between, by_state = bonds.between, bonds.by_state
    pulls = pulls_of(bonds, i, j, accession)
    link = link_of(bonds, i, j, founding)
    rise = max(pulls - between[b.PULLS, i, j], 0.0)
    between[b.PULLS, i, j] = between[b.PULLS, j, i] = np.float32(pulls)
    between[b.LINK, i, j] = between[b.LINK, j, i] = np.float32(link)
    joint = bonds.dyad[b.JOINT, i, j] * bonds.scale[0]
    pair = pair_bound(joint, bonds.state[b.BASE, i] + bonds.state[b.BASE, j], link, founding)
    more = float(pair) - float(bonds.between[b.PAIR, i, j])
    by_state[b.PAIR_SUM, i] += more * by_state[b.PAIR_LIFT, j]
    by_state[b.PAIR_SUM, j] += more * by_state[b.PAIR_LIFT, i]
    bonds.between[b.PAIR, i, j] = bonds.between[b.PAIR, j, i] = pair
    climb = max(accession[5], 0.0) * math.sqrt(tie)
    if rise > 0.0 or climb > 0.0:
        _raise(bonds, i, j, rise, climb)
        _raise(bonds, j, i, rise, climb)


@inner_bare
def _relate(bonds: Bonds, i: int, j: int, what: int, by: float) -> None:
    """One of the sums over pairs in the relations of the members of the treaties that i and j share moves by `by`."""
    for k in range(1, bonds.ties_of[i, 0] + 1):
        a = bonds.ties_of[i, k]
        if bonds.member[a, j]:
            each = by / (bonds.treaty[b.SIZE, a] - 1.0)
            bonds.relation[a, i, what] += each
            bonds.relation[a, j, what] += each
            bonds.touched[a] = max(bonds.touched[a], b.RELATED)


@inner_bare
def _own(bonds: Bonds, a: int, i: int, j: int) -> float:
    """What the treaty itself put into the ties of two of its members, in the measure of JOINT: `own_tie`."""
    met = int(max(bonds.relation[a, i, b.JOINED], bonds.relation[a, j, b.JOINED]))
    first = bonds.used[b.FIRST]
    return float(bonds.fading[first - met] if met <= first else 1.0 / bonds.fading[met - first])


@inner_bare
def _tie(bonds: Bonds, i: int, j: int, before: float, after: float) -> None:
    """The joint events of i and j have become more: so have their ties in the treaties that they share."""
    for k in range(1, bonds.ties_of[i, 0] + 1):
        a = bonds.ties_of[i, k]
        if bonds.member[a, j]:
            own = _own(bonds, a, i, j)
            each = (max(after - own, 0.0) - max(before - own, 0.0)) / (bonds.treaty[b.SIZE, a] - 1.0)
            bonds.relation[a, i, m.TIE] += each
            bonds.relation[a, j, m.TIE] += each
            bonds.touched[a] = max(bonds.touched[a], b.RELATED)


@inner_bare
def _list(others: _Ints, count: int, j: int, by: float) -> None:
    """Put j behind the `count` entries of a list (by = 1), or take it out (by = -1)."""
    if by > 0.0:
        others[count] = j
    else:
        k = 0
        while others[k] != j:
            k += 1
        others[k] = others[count - 1]


@inner_bare
def _defend(bonds: Bonds, i: int, j: int, by: float) -> None:
    """One treaty with a defence pledge more (by = 1) or fewer (-1) between two states."""
    before = bonds.shorts[b.DEFENDED, i, j]
    after = before + int(by)
    bonds.shorts[b.DEFENDED, i, j] = bonds.shorts[b.DEFENDED, j, i] = after
    if (before > 0) != (after > 0):
        bonds.tied[bonds.used[b.YEAR], max(i, j), min(i, j)] += int(by)
        bonds.used[b.TIES_NOW] += int(by)
        for side in range(2):
            one, two = (i, j) if side == 0 else (j, i)
            _list(bonds.others[b.PARTNERS, one], int(bonds.state[b.N_TIED, one]), two, by)
            bonds.state[b.N_TIED, one] += by


@inner_bare
def _bind(bonds: Bonds, i: int, j: int, by: float, defence: bool, accession: _Floats, founding: _Floats) -> None:
    """Two states come together in a treaty (by = 1), which is a joint event, or part (by = -1): history stays.

    The treaty itself must not stand in the lists of both yet, or no more: its own relations are not for this.
    """
    before = bonds.shorts[b.SHARED, i, j]
    after = before + int(by)
    bonds.shorts[b.SHARED, i, j] = bonds.shorts[b.SHARED, j, i] = after
    if defence:
        _defend(bonds, i, j, by)
    tie = 0.0
    if by > 0.0:
        tie = 1.0
        joint = bonds.dyad[b.JOINT, i, j]
        more = joint + 1.0 / bonds.scale[0]
        bonds.dyad[b.JOINT, i, j] = bonds.dyad[b.JOINT, j, i] = more
        if before > 0:
            _tie(bonds, i, j, joint, more)
    if before + after == 3:  # allied by another treaty than each, from now on or no more
        _relate(bonds, i, j, m.ALLIED, by)
    if tie > 0.0 or (before > 0) != (after > 0):
        renew(bonds, i, j, tie, accession, founding)


@inner_bare
def _enrol(bonds: Bonds, a: int, i: int) -> None:
    """Put i into the roster of a, in order, and a into the list of i."""
    k = int(bonds.treaty[b.SIZE, a])
    while k > 0 and bonds.roster[a, k - 1] > i:
        bonds.roster[a, k] = bonds.roster[a, k - 1]
        k -= 1
    bonds.roster[a, k] = i
    bonds.treaty[b.SIZE, a] += 1.0
    bonds.member[a, i] = True
    bonds.ties_of[i, 0] += 1
    bonds.ties_of[i, bonds.ties_of[i, 0]] = a
    bonds.state[b.PLEDGES, i] += bonds.treaty[m.DEFENCE, a]


@inner_bare
def _strike(bonds: Bonds, a: int, i: int) -> None:
    """Take i from the roster of a."""
    size = int(bonds.treaty[b.SIZE, a])
    k = 0
    while bonds.roster[a, k] != i:
        k += 1
    for c in range(k, size - 1):
        bonds.roster[a, c] = bonds.roster[a, c + 1]
    bonds.treaty[b.SIZE, a] -= 1.0
    bonds.member[a, i] = False
    _forget(bonds, a, i)


@inner_bare
def _forget(bonds: Bonds, a: int, i: int) -> None:
    """Take a from the list of i."""
    n = bonds.ties_of[i, 0]
    for k in range(1, n + 1):
        if bonds.ties_of[i, k] == a:
            bonds.ties_of[i, k] = bonds.ties_of[i, n]
            bonds.ties_of[i, 0] = n - 1
            bonds.state[b.PLEDGES, i] -= bonds.treaty[m.DEFENCE, a]
            return


@inner_bare
def _weigh_in(bonds: Bonds, a: int, i: int, year: int, by: float) -> None:
    """Member i enters the relations of the others (by = 1), whose own row is made; or leaves them (by = -1)."""
    size, own = bonds.treaty[b.SIZE, a], bonds.relation[a, i]
    if by > 0.0:
        own[:] = 0.0
        own[b.JOINED] = year
    before, after = (size - 2.0, size - 1.0) if by > 0.0 else (size - 1.0, size - 2.0)
    for c in range(int(size)):
        k = bonds.roster[a, c]
        if k == i:
            continue
        tie = max(bonds.dyad[b.JOINT, i, k] - _own(bonds, a, i, k), 0.0)
        allied = 1.0 if bonds.shorts[b.SHARED, i, k] > 1 else 0.0
        far = bonds.between[b.LOG_KM, i, k]
        rival = 1.0 if bonds.flag[b.RIVAL, i, k] else 0.0
        common = 1.0 if bonds.flag[b.COMMON, i, k] else 0.0
        war = 1.0 if bonds.flag[b.WAR, i, k] else 0.0
        r = bonds.relation[a, k]
        if after < 0.5:
            continue  # one member is left, and the treaty lapses
        r[m.TIE] = max((r[m.TIE] * before + by * tie) / after, 0.0)
        r[m.ALLIED] = (r[m.ALLIED] * before + by * allied) / after
        r[m.DISTANCE] = (r[m.DISTANCE] * before + by * far) / after
        r[m.RIVALS] = (r[m.RIVALS] * before + by * rival) / after
        r[m.SHARED_RIVALS] = (r[m.SHARED_RIVALS] * before + by * common) / after
        r[m.WARS] = (r[m.WARS] * before + by * war) / after
        if by > 0.0:
            own[m.TIE] += tie / after
            own[m.ALLIED] += allied / after
            own[m.DISTANCE] += far / after
            own[m.RIVALS] += rival / after
            own[m.SHARED_RIVALS] += common / after
            own[m.WARS] += war / after


@inner_bare
def join(bonds: Bonds, a: int, i: int, year: int, accession: _Floats, founding: _Floats) -> None:
    """State i becomes a member of treaty a in `year`."""
    defence = bonds.treaty[m.DEFENCE, a] > 0.5
    for k in range(int(bonds.treaty[b.SIZE, a])):
        _bind(bonds, i, bonds.roster[a, k], 1.0, defence, accession, founding)
    _enrol(bonds, a, i)
    bonds.entry[b.SINCE, a, i] = year
    bonds.past[a, i] |= b.IN
    bonds.state[m.ACTIVITY, i] += 1.0
    bonds.treaty[b.RECENT, a] += 1.0
    bonds.touched[a] = b.CHANGED
    _weigh_in(bonds, a, i, year, 1.0)
    refresh_pulls(bonds, a, accession)


@inner_bare
def leave(bonds: Bonds, a: int, i: int, year: int, accession: _Floats, founding: _Floats) -> None:
    """State i stops being a member of treaty a."""
    defence = bonds.treaty[m.DEFENCE, a] > 0.5
    _weigh_in(bonds, a, i, year, -1.0)
    _strike(bonds, a, i)
    bonds.entry[b.LEFT, a, i] = year
    bonds.past[a, i] |= b.WENT
    bonds.treaty[b.RECENT + 6, a] += 1.0
    bonds.touched[a] = b.CHANGED
    for k in range(int(bonds.treaty[b.SIZE, a])):
        _bind(bonds, i, bonds.roster[a, k], -1.0, defence, accession, founding)
    refresh_pulls(bonds, a, accession)


@inner_bare
def end(bonds: Bonds, a: int, accession: _Floats, founding: _Floats) -> None:
    """Treaty a is no more; its members part."""
    bonds.treaty[b.LIVE, a] = 0.0
    bonds.touched[a] = b.CHANGED
    defence = bonds.treaty[m.DEFENCE, a] > 0.5
    size = int(bonds.treaty[b.SIZE, a])
    for k in range(size):
        _forget(bonds, a, bonds.roster[a, k])
    for one in range(size):
        for two in range(one):
            _bind(bonds, bonds.roster[a, one], bonds.roster[a, two], -1.0, defence, accession, founding)


@inner_bare
def found(
    bonds: Bonds, a: int, members: _Ints, year: int, pledge: float, is_open: float, expires: float,
    accession: _Floats, founding: _Floats,
) -> None:  # fmt: skip
    """A new treaty of `members` at index a. pledge : 1 with one of defence; is_open : 1 when others may join."""
    treaty = bonds.treaty
    for row in range(treaty.shape[0]):
        treaty[row, a] = 0.0
    treaty[b.LIVE, a], treaty[m.FOUNDED, a], treaty[m.DEFENCE, a] = 1.0, year, pledge
    treaty[m.OPEN, a], treaty[m.EXPIRES, a], treaty[m.FOUNDERS, a] = is_open, expires, members.size
    bonds.entry[b.SINCE, a, :] = np.nan
    bonds.entry[b.LEFT, a, :] = np.nan
    bonds.ask[a, :] = np.float32(1.0)
    bonds.past[a, :] = 0
    bonds.entry[b.KEEP, a, :] = 1.0
    bonds.member[a, :] = False
    bonds.touched[a] = b.CHANGED
    for one in range(members.size):
        for two in range(one):
            _bind(bonds, members[one], members[two], 1.0, pledge > 0.5, accession, founding)
    for i in members:
        _enrol(bonds, a, i)
        bonds.entry[b.SINCE, a, i] = year
        bonds.past[a, i] = b.IN
        bonds.state[m.ACTIVITY, i] += 1.0
        _weigh_in(bonds, a, i, year, 1.0)
    refresh_pulls(bonds, a, accession)


@inner_bare
def quarrel_by_distance(bonds: Bonds, i: int, j: int) -> float:
    """What QUARREL is the running sum of."""
    rising = bonds.between[b.QUARREL, i]
    return float(rising[j] - rising[j - 1]) if j > 0 else float(rising[j])


@inner_bare
def set_rivals(bonds: Bonds, i: int, j: int, by: float, year: int, accession: _Floats, founding: _Floats) -> None:
    """A rivalry begins (by = 1) or ends (by = -1); common rivals follow."""
    on = by > 0.0  # a flag as argument would be compiled once for True and once for False
    if bonds.flag[b.RIVAL, i, j] == on:
        return
    for side in range(2):
        one, two = (i, j) if side == 0 else (j, i)
        for c in range(int(bonds.state[b.N_RIVALS, two])):
            k = bonds.others[b.FOES, two, c]
            if k != one:  # one and k have `two` as a common rival, from now or no more
                before = bonds.shorts[b.N_COMMON, one, k]
                after = before + int(by)
                bonds.shorts[b.N_COMMON, one, k] = bonds.shorts[b.N_COMMON, k, one] = after
                if (before > 0) != (after > 0):
                    bonds.flag[b.COMMON, one, k] = bonds.flag[b.COMMON, k, one] = after > 0
                    _relate(bonds, one, k, m.SHARED_RIVALS, by)
                    renew(bonds, one, k, 0.0, accession, founding)
    bonds.flag[b.RIVAL, i, j] = bonds.flag[b.RIVAL, j, i] = on
    for side in range(2):
        one, two = (i, j) if side == 0 else (j, i)
        _list(bonds.others[b.FOES, one], int(bonds.state[b.N_RIVALS, one]), two, by)
        bonds.state[b.N_RIVALS, one] += by
        bonds.by_state[b.FOES_SUM, one] += by * quarrel_by_distance(bonds, one, two)
    bonds.used[b.RIVALRIES] += int(by)
    bonds.flag[b.FORMER, i, j] = bonds.flag[b.FORMER, j, i] = not on
    bonds.shorts[b.RIVAL_SINCE, i, j] = bonds.shorts[b.RIVAL_SINCE, j, i] = year if on else 0
    _relate(bonds, i, j, m.RIVALS, by)
    renew(bonds, i, j, 0.0, accession, founding)


@inner_bare
def set_war(bonds: Bonds, i: int, j: int, by: float, accession: _Floats, founding: _Floats) -> None:
    """Two states are at war in the year that ended (by = 1), or no longer (by = -1)."""
    on = by > 0.0
    if bonds.flag[b.WAR, i, j] != on:
        bonds.flag[b.WAR, i, j] = bonds.flag[b.WAR, j, i] = on
        bonds.state[b.N_WARS, i] += by
        bonds.state[b.N_WARS, j] += by
        _relate(bonds, i, j, m.WARS, by)
        renew(bonds, i, j, 0.0, accession, founding)


@inner_bare
def owes(bonds: Bonds, k: int, target: int, attacker: int) -> bool:
    """Whether some treaty with a defence pledge binds k and the target and not the attacker."""
    for c in range(1, bonds.ties_of[k, 0] + 1):
        a = bonds.ties_of[k, c]
        if bonds.treaty[m.DEFENCE, a] > 0.5 and bonds.member[a, target] and not bonds.member[a, attacker]:
            return True
    return False


@inner_bare
def fade(bonds: Bonds, half_life: float) -> None:
    """Pass to the next year: history fades, recent events age."""
    factor = 2.0 ** (-1.0 / half_life)
    bonds.scale[0] *= factor
    for i in range(bonds.state.shape[1]):
        bonds.state[m.ACTIVITY, i] *= factor
    t, r = bonds.treaty, b.RECENT
    for a in range(bonds.used[0]):
        if t[b.LIVE, a] > 0.5:
            t[m.ACCESSIONS, a] = t[r, a] + t[r + 1, a] + t[r + 2, a] + t[r + 3, a] + t[r + 4, a]
            t[m.EXITS, a] = t[r + 6, a] + t[r + 7, a] + t[r + 8, a]
            for c in range(5, 0, -1):
                t[r + c, a] = t[r + c - 1, a]
            t[r + 8, a], t[r + 7, a], t[r, a], t[r + 6, a] = t[r + 7, a], t[r + 6, a], 0.0, 0.0
