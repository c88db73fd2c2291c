"""Joining, leaving, founding and ending in one simulated world: the arrays of `Bonds`, changed in place.

Rates are read exactly when needed, by the rows of the fits; what is kept between events are upper bounds. A bound is
raised at each event by more than the rate can have risen, and made anew when it has grown loose.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@inner_bare
def relation_row(bonds: Bonds, a: int, i: int, year: int, out: _Floats) -> None:
    """How state i stands to the members of treaty a other than itself, in out (9,): row i of `relations`.

    What the treaty itself put into their ties is left out, as in `own_tie`; `fading` holds its weights.
    """
    out[:] = 0.0
    inside = bonds.member[a, i]
    size = int(bonds.treaty[a, b.SIZE])
    others = size - 1 if inside else size
    if others == 0:
        return
    since, since_i, left_i = bonds.entry[b.SINCE, a], bonds.entry[b.SINCE, a, i], bonds.entry[b.LEFT, a, i]
    joint, shared, far = bonds.dyad[b.JOINT, i], bonds.dyad[b.SHARED, i], bonds.dyad[b.LOG_KM, i]
    rival, common, war = bonds.flag[b.RIVAL, i], bonds.flag[b.COMMON, i], bonds.flag[b.WAR, i]
    state, roster = bonds.state, bonds.roster[a]
    nearest, x_sum, own_share = math.inf, 0.0, 1.0 if inside else 0.0
    tie, allied, distance, rivals, shared_rivals, wars = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    met_here = not math.isnan(since_i)  # else nothing of what they share is the treaty's own
    fading, latest = bonds.fading, 0 if math.isnan(since_i) else int(since_i)
    for k in range(size):
        j = roster[k]
        if j == i:
            continue
        own = 0.0
        if met_here and not (left_i >= since_i and since[j] > left_i):
            own = fading[year - max(latest, int(since[j]))]
        tie += max(joint[j] - own, 0.0)
        allied += shared[j] - own_share > 0.5
        distance += far[j]
        nearest = min(nearest, far[j])
        rivals += rival[j]
        shared_rivals += common[j]
        wars += war[j]
        x_sum += state[j, m.DEMOCRACY]
    out[m.TIE], out[m.ALLIED], out[m.DISTANCE], out[m.RIVALS] = tie, allied, distance, rivals
    out[m.SHARED_RIVALS], out[m.WARS] = shared_rivals, wars
    for c in range(7):
        out[c] /= others
    x = bonds.state[i, m.DEMOCRACY]
    out[m.NEAREST] = nearest
    out[m.GAP] = abs(x - x_sum / others)
    out[m.JOINT_DEMOCRACY] = x * x_sum / others


@inner_bare
def _pull(bonds: Bonds, a: int, i: int, coef: _Floats) -> float:
    """The bound, from what it is made of. History only fades and can only be overstated, so a negative coefficient on
    ties counts as 0; what an ex-member once had by the treaty itself is at most 1 on the scale of sqrt(activity)."""
    size = bonds.treaty[a, b.SIZE]
    eta = max(coef[5], 0.0) * math.sqrt(bonds.bound[b.TIES, a, i] / size) + bonds.bound[b.LINEAR, a, i] / size
    eta += coef[8] * bonds.bound[b.NEAR, a, i]
    if not math.isnan(bonds.entry[b.LEFT, a, i]):
        eta += coef[16]
    if not math.isnan(bonds.entry[b.SINCE, a, i]):
        eta += max(0.0, -coef[4])
    pull: float = bonds.entry[b.ASK, a, i] * math.exp(eta)
    return pull


@inner_bare
def refresh_pulls(bonds: Bonds, a: int, coef: _Floats) -> None:
    """Bounds of one treaty from what they are made of."""
    for i in range(bonds.state.shape[0]):
        bonds.bound[b.PULL, a, i] = 0.0 if bonds.member[a, i] else _pull(bonds, a, i, coef)
    bonds.treaty[a, b.FRESH] = -1.0


@inner_bare
def _add_member(bonds: Bonds, a: int, j: int, coef: _Floats) -> None:
    """What member j adds to the bounds of every other state with treaty a."""
    joint, shared, far = bonds.dyad[b.JOINT, j], bonds.dyad[b.SHARED, j], bonds.dyad[b.LOG_KM, j]
    rival, common, war = bonds.flag[b.RIVAL, j], bonds.flag[b.COMMON, j], bonds.flag[b.WAR, j]
    linear, ties, near = bonds.bound[b.LINEAR, a], bonds.bound[b.TIES, a], bonds.bound[b.NEAR, a]
    for i in range(joint.size):
        if i != j:
            eta = coef[6] * (shared[i] > 0.5) + coef[7] * far[i] + coef[9] * rival[i] + coef[10] * common[i]
            linear[i] += eta + coef[11] * war[i]
            ties[i] += joint[i]
            near[i] = min(near[i], far[i])


@inner_bare
def rebuild(bonds: Bonds, a: int, coef: _Floats) -> None:
    """Everything cached about one treaty, from its roster."""
    bonds.bound[b.LINEAR, a, :] = 0.0
    bonds.bound[b.TIES, a, :] = 0.0
    bonds.bound[b.NEAR, a, :] = math.inf
    for k in range(int(bonds.treaty[a, b.SIZE])):
        _add_member(bonds, a, bonds.roster[a, k], coef)
    refresh_pulls(bonds, a, coef)
    bonds.treaty[a, b.DIRTY] = 1.0


@inner_bare
def first_bounds(bonds: Bonds, start: Bonds, a: int, coef: _Floats) -> None:
    """What `rebuild` does, for a treaty of the start: its sums over members are the same in every world."""
    sums, linear = start.sums, bonds.bound[b.LINEAR, a]
    for i in range(linear.size):
        eta = coef[6] * sums[b.ALLIED, a, i] + coef[7] * sums[b.FAR, a, i] + coef[9] * sums[b.RIVALS, a, i]
        linear[i] = eta + coef[10] * sums[b.COMMONS, a, i] + coef[11] * sums[b.WARS, a, i]
        bonds.bound[b.TIES, a, i] = start.bound[b.TIES, a, i]
        bonds.bound[b.NEAR, a, i] = start.bound[b.NEAR, a, i]
    refresh_pulls(bonds, a, coef)


@inner_bare
def _include(bonds: Bonds, a: int, j: int, coef: _Floats) -> None:
    """The same after j has joined: only what j adds."""
    _add_member(bonds, a, j, coef)
    refresh_pulls(bonds, a, coef)
    bonds.treaty[a, b.DIRTY] = 1.0


@inner_bare
def _stale(bonds: Bonds, i: int, j: int) -> None:
    """Something between i and j changed: their relations to the members of the treaties of both are stale."""
    for k in range(1, bonds.ties_of[i, 0] + 1):
        a = bonds.ties_of[i, k]
        if bonds.member[a, j]:
            bonds.stale[a, i] = bonds.stale[a, j] = True


@inner_bare
def shift(bonds: Bonds, i: int, j: int, linear: float, ties: float, coef: _Floats) -> None:
    """A linear term between i and j changes by `linear` (times its coefficient), joint events by `ties`: bounds of i
    with the treaties of j, and the other way round, rise by at least as much as the rates may."""
    treaty, bound, ties_of = bonds.treaty, bonds.bound, bonds.ties_of
    climb = max(coef[5], 0.0) * math.sqrt(ties)
    for side in range(2):
        one, two = (i, j) if side == 0 else (j, i)
        for k in range(1, ties_of[two, 0] + 1):
            a = ties_of[two, k]
            size = treaty[a, b.SIZE]
            bound[b.LINEAR, a, one] += linear
            bound[b.TIES, a, one] += ties
            if bound[b.PULL, a, one] > 0.0:
                rise = max(linear, 0.0) / size + climb / math.sqrt(size)
                if rise > 0.0:  # exp(x) <= 1 / (1 - x) below 1, and a division is cheaper
                    bound[b.PULL, a, one] *= 1.0 / (1.0 - rise) if rise < 0.25 else math.exp(rise)
    _stale(bonds, i, j)


@inner_bare
def refresh_pair(bonds: Bonds, i: int, j: int, coef: _Floats) -> None:
    """LINK of a pair, and PAIR: the bound of what founding by the two depends on; activity as when the world began."""
    link = coef[2] * (bonds.dyad[b.SHARED, i, j] > 0.5) + coef[3] * bonds.dyad[b.LOG_KM, i, j]
    link += coef[4] * bonds.flag[b.RIVAL, i, j] + coef[5] * bonds.flag[b.COMMON, i, j]
    link += coef[6] * bonds.flag[b.WAR, i, j]
    eta = coef[0] * math.sqrt((bonds.state[i, b.BASE] + bonds.state[j, b.BASE]) / 2.0)
    bound = math.exp(eta + max(coef[1], 0.0) * math.sqrt(bonds.dyad[b.JOINT, i, j]) + link)
    bonds.dyad[b.LINK, i, j] = bonds.dyad[b.LINK, j, i] = link
    bonds.dyad[b.PAIR, i, j] = bonds.dyad[b.PAIR, j, i] = bound


@inner_bare
def _defend(bonds: Bonds, i: int, j: int, by: float) -> None:
    """One treaty with a defence pledge more (by = 1) or fewer (-1) between two states."""
    before = bonds.dyad[b.DEFENDED, i, j]
    bonds.dyad[b.DEFENDED, i, j] = bonds.dyad[b.DEFENDED, j, i] = before + by
    if (before > 0.5) != (before + by > 0.5):
        bonds.tied[bonds.used[b.YEAR], max(i, j), min(i, j)] += int(by)
        bonds.used[b.TIES_NOW] += int(by)
        bonds.state[i, b.N_TIED] += by
        bonds.state[j, b.N_TIED] += by


@inner_bare
def _bind(bonds: Bonds, i: int, j: int, by: float, defence: bool, accession: _Floats, founding: _Floats) -> None:
    """Two states come together in a treaty (by = 1), which is a joint event, or part (by = -1): history stays."""
    before = bonds.dyad[b.SHARED, i, j]
    after = before + by
    bonds.dyad[b.SHARED, i, j] = bonds.dyad[b.SHARED, j, i] = after
    if defence:
        _defend(bonds, i, j, by)
    ties = 0.0
    if by > 0.0:
        bonds.dyad[b.JOINT, i, j] += 1.0
        bonds.dyad[b.JOINT, j, i] += 1.0
        ties = 1.0
    change = (1.0 if after > 0.5 else 0.0) - (1.0 if before > 0.5 else 0.0)
    shift(bonds, i, j, accession[6] * change, ties, accession)
    refresh_pair(bonds, i, j, founding)


@inner_bare
def _enrol(bonds: Bonds, a: int, i: int) -> None:
    """Put i into the roster of a, in order, and a into the list of i."""
    k = int(bonds.treaty[a, b.SIZE])
    while k > 0 and bonds.roster[a, k - 1] > i:
        bonds.roster[a, k] = bonds.roster[a, k - 1]
        k -= 1
    bonds.roster[a, k] = i
    bonds.treaty[a, b.SIZE] += 1.0
    bonds.member[a, i] = True
    bonds.ties_of[i, 0] += 1
    bonds.ties_of[i, bonds.ties_of[i, 0]] = a


@inner_bare
def _strike(bonds: Bonds, a: int, i: int) -> None:
    """Take i from the roster of a."""
    size = int(bonds.treaty[a, b.SIZE])
    k = 0
    while bonds.roster[a, k] != i:
        k += 1
    for c in range(k, size - 1):
        bonds.roster[a, c] = bonds.roster[a, c + 1]
    bonds.treaty[a, b.SIZE] -= 1.0
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
            return


@inner_bare
def join(bonds: Bonds, a: int, i: int, year: int, accession: _Floats, founding: _Floats) -> None:
    """State i becomes a member of treaty a in `year`."""
    defence = bonds.treaty[a, m.DEFENCE] > 0.5
    for k in range(int(bonds.treaty[a, b.SIZE])):
        _bind(bonds, i, bonds.roster[a, k], 1.0, defence, accession, founding)
    _enrol(bonds, a, i)
    bonds.entry[b.SINCE, a, i] = year
    bonds.state[i, m.ACTIVITY] += 1.0
    bonds.treaty[a, b.RECENT] += 1.0
    _include(bonds, a, i, accession)


@inner_bare
def leave(bonds: Bonds, a: int, i: int, year: int, accession: _Floats, founding: _Floats) -> None:
    """State i stops being a member of treaty a."""
    defence = bonds.treaty[a, m.DEFENCE] > 0.5
    _strike(bonds, a, i)
    bonds.entry[b.LEFT, a, i] = year
    bonds.treaty[a, b.RECENT + 6] += 1.0
    for k in range(int(bonds.treaty[a, b.SIZE])):
        _bind(bonds, i, bonds.roster[a, k], -1.0, defence, accession, founding)
    rebuild(bonds, a, accession)


@inner_bare
def end(bonds: Bonds, a: int, accession: _Floats, founding: _Floats) -> None:
    """Treaty a is no more; its members part."""
    bonds.treaty[a, b.LIVE] = 0.0
    defence = bonds.treaty[a, m.DEFENCE] > 0.5
    size = int(bonds.treaty[a, b.SIZE])
    for k in range(size):
        _forget(bonds, a, bonds.roster[a, k])
    for one in range(size):
        for two in range(one):
            _bind(bonds, bonds.roster[a, one], bonds.roster[a, two], -1.0, defence, accession, founding)
    bonds.bound[b.PULL, a, :] = 0.0


@inner_bare
def found(
    bonds: Bonds, a: int, members: _Ints, year: int, pledge: float, is_open: float, expires: float,
    accession: _Floats, founding: _Floats,
) -> None:  # fmt: skip
    """A new treaty of `members` at index a. pledge : 1 with one of defence; is_open : 1 when others may join."""
    treaty = bonds.treaty[a]
    treaty[:] = 0.0
    treaty[b.LIVE], treaty[m.FOUNDED], treaty[m.DEFENCE] = 1.0, year, pledge
    treaty[m.OPEN], treaty[m.EXPIRES], treaty[m.FOUNDERS] = is_open, expires, members.size
    bonds.entry[b.SINCE, a, :] = np.nan
    bonds.entry[b.LEFT, a, :] = np.nan
    bonds.entry[b.ASK, a, :] = 1.0
    bonds.entry[b.KEEP, a, :] = 1.0
    bonds.member[a, :] = False
    for one in range(members.size):
        for two in range(one):
            _bind(bonds, members[one], members[two], 1.0, pledge > 0.5, accession, founding)
    for i in members:
        _enrol(bonds, a, i)
        bonds.entry[b.SINCE, a, i] = year
        bonds.state[i, m.ACTIVITY] += 1.0
    rebuild(bonds, a, accession)


@inner_bare
def set_rivals(bonds: Bonds, i: int, j: int, by: float, year: int, accession: _Floats, founding: _Floats) -> None:
    """A rivalry begins (by = 1) or ends (by = -1); common rivals follow."""
    on = by > 0.0  # a flag as argument would be compiled once for True and once for False
    if bonds.flag[b.RIVAL, i, j] == on:
        return
    for side in range(2):
        one, two = (i, j) if side == 0 else (j, i)
        for k in range(bonds.state.shape[0]):
            if bonds.flag[b.RIVAL, two, k] and k != one:  # one and k have `two` as a common rival, from now or no more
                before = bonds.dyad[b.N_COMMON, one, k]
                after = before + by
                bonds.dyad[b.N_COMMON, one, k] = bonds.dyad[b.N_COMMON, k, one] = after
                if (before > 0.5) != (after > 0.5):
                    bonds.flag[b.COMMON, one, k] = bonds.flag[b.COMMON, k, one] = after > 0.5
                    shift(bonds, one, k, by * accession[10], 0.0, accession)
                    refresh_pair(bonds, one, k, founding)
    bonds.flag[b.RIVAL, i, j] = bonds.flag[b.RIVAL, j, i] = on
    bonds.state[i, b.N_RIVALS] += by
    bonds.state[j, b.N_RIVALS] += by
    bonds.used[b.RIVALRIES] += int(by)
    bonds.flag[b.FORMER, i, j] = bonds.flag[b.FORMER, j, i] = not on
    bonds.dyad[b.RIVAL_SINCE, i, j] = bonds.dyad[b.RIVAL_SINCE, j, i] = year if on else 0.0
    shift(bonds, i, j, by * accession[9], 0.0, accession)
    refresh_pair(bonds, i, j, founding)


@inner_bare
def set_war(bonds: Bonds, i: int, j: int, by: float, accession: _Floats, founding: _Floats) -> None:
    """Two states are at war in the year that ended (by = 1), or no longer (by = -1)."""
    on = by > 0.0
    if bonds.flag[b.WAR, i, j] != on:
        bonds.flag[b.WAR, i, j] = bonds.flag[b.WAR, j, i] = on
        bonds.state[i, b.N_WARS] += by
        bonds.state[j, b.N_WARS] += by
        shift(bonds, i, j, by * accession[11], 0.0, accession)
        refresh_pair(bonds, i, j, founding)


@inner_bare
def owes(bonds: Bonds, k: int, target: int, attacker: int) -> bool:
    """Whether some treaty with a defence pledge binds k and the target and not the attacker."""
    for c in range(1, bonds.ties_of[k, 0] + 1):
        a = bonds.ties_of[k, c]
        if bonds.treaty[a, m.DEFENCE] > 0.5 and bonds.member[a, target] and not bonds.member[a, attacker]:
            return True
    return False


@inner_bare
def fade(bonds: Bonds, half_life: float) -> None:
    """Pass to the next year: history fades, recent events age, relations of members are made anew when next read."""
    factor = 2.0 ** (-1.0 / half_life)
    joint = bonds.dyad[b.JOINT]
    for i in range(bonds.state.shape[0]):
        bonds.state[i, m.ACTIVITY] *= factor
        for j in range(joint.shape[1]):
            joint[i, j] *= factor
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] > 0.5:
            for k in range(int(bonds.treaty[a, b.SIZE])):
                bonds.relation[a, bonds.roster[a, k], m.TIE] *= factor
            t = bonds.treaty[a]
            r = b.RECENT
            t[m.ACCESSIONS] = t[r] + t[r + 1] + t[r + 2] + t[r + 3] + t[r + 4]
            t[m.EXITS] = t[r + 6] + t[r + 7] + t[r + 8]
            for c in range(5, 0, -1):
                t[r + c] = t[r + c - 1]
            t[r + 8], t[r + 7], t[r], t[r + 6] = t[r + 7], t[r + 6], 0.0, 0.0


@inner_bare
def relate(bonds: Bonds, a: int, year: int) -> None:
    """Bring the relations of the members of a up to date."""
    size, dirty = bonds.treaty[a, b.SIZE], bonds.treaty[a, b.DIRTY] > 0.5
    for k in range(int(size)):
        i = bonds.roster[a, k]
        if dirty or bonds.stale[a, i]:
            relation_row(bonds, a, i, year, bonds.relation[a, i])
            bonds.stale[a, i] = False
    bonds.treaty[a, b.DIRTY] = 0.0
    total = 0.0
    for k in range(int(size)):
        total += bonds.state[bonds.roster[a, k], m.DEMOCRACY]
    for k in range(int(size)):
        i = bonds.roster[a, k]
        x = bonds.state[i, m.DEMOCRACY]
        mean = (total - x) / (size - 1.0)
        bonds.relation[a, i, m.GAP] = abs(x - mean)
        bonds.relation[a, i, m.JOINT_DEMOCRACY] = x * mean
