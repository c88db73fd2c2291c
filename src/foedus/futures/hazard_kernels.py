"""One year of termination, withdrawal and accession: who, read at the start of the year; nothing is changed here.

A hazard of the fits is 1 - exp(-exp(eta)): the chance of at least one arrival at the rate exp(eta). So a year is drawn
by total rates: arrivals at an upper bound of the summed rates, each given to a unit in proportion to its bound and kept
with exact rate / bound (thinning; Lewis and Shedler 1979). Rates are those of `model.membership.kernels`, term by term:
what a treaty's members have in common is worked out once for all of them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import ROUNDING, refresh_pulls
from foedus.futures.draws_kernels import exponential, uniform
from foedus.futures.row_kernels import exp_above, pick, pick_product, weighted
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m
from foedus.model.near import exp_near

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

DIRECT = 64.0  # arrivals expected at a treaty from which on its states are asked one by one
LOOSE = 3.0  # bounds of a treaty that have grown by more than this are made anew
TIED, ACTIVE, YEARS, LINEAR, LEVER = range(5)  # rows of the room for members


@inner_bare
def era(year: int, c: _Floats) -> float:
    """The constant and the terms of the period, which every hazard begins with."""
    return float(c[0] + c[1] * (year >= 1915) + c[2] * (year >= 1946) + c[3] * (year >= 1990))


@inner_bare
def _by_years(years: float, c: _Floats) -> float:
    """The steps of a hazard with the years since the beginning, terms 4 to 7."""
    return float(c[4] * (years >= 3) + c[5] * (years >= 6) + c[6] * (years >= 11) + c[7] * (years >= 21))


@inner_bare
def own_activity(bonds: Bonds, a: int, i: int, year: int) -> float:
    """What the treaty itself put into the activity of i: its joining, faded."""
    since = bonds.entry[b.SINCE, a, i]
    return 0.0 if math.isnan(since) else float(bonds.fading[year - int(since)])


@inner_bare
def accession_rate(bonds: Bonds, a: int, i: int, year: int, c: _Floats, level: float) -> float:
    """Rate at which state i joins treaty a, of which it is no member. level: exp of the terms of the treaty alone."""
    pulls, joint, far = bonds.between[b.PULLS, i], bonds.dyad[b.JOINT, i], bonds.between[b.LOG_KM, i]
    since, roster, size, scale = bonds.entry[b.SINCE, a], bonds.roster[a], int(bonds.treaty[b.SIZE, a]), bonds.scale[0]
    linear, tie, near, x_sum = 0.0, 0.0, math.inf, 0.0
    since_i, left_i = since[i], bonds.entry[b.LEFT, a, i]
    met_here = not math.isnan(since_i)  # else nothing of what they share is the treaty's own
    latest = int(since_i) if met_here else 0
    for k in range(size):
        j = roster[k]
        own = 0.0
        if met_here and not (left_i >= since_i and since[j] > left_i):
            own = bonds.fading[year - max(latest, int(since[j]))]
        linear += pulls[j]
        tie += max(joint[j] * scale - own, 0.0)
        near = min(near, far[j])
        x_sum += bonds.state[m.DEMOCRACY, j]
    x, mean, active = bonds.state[m.DEMOCRACY, i], x_sum / size, bonds.state[m.ACTIVITY, i]
    eta = c[4] * math.sqrt(max(active - own_activity(bonds, a, i, year), 0.0)) + c[5] * math.sqrt(tie / size)
    eta += linear / size + c[8] * near + c[12] * x + c[13] * abs(x - mean) + c[14] * x * mean
    eta += c[15] * bonds.state[m.MAJOR, i]
    if not math.isnan(left_i):
        eta += c[16]
    return level * math.exp(eta)


@inner_bare
def _bound_accessions(
    bonds: Bonds, year: int, c: _Floats, by_treaty: _Floats, by_state: _Floats, factor: _Singles, rows: _Floats,
    level: _Floats, most: float,
) -> float:  # fmt: skip
    """The year's factors by state (factor) and by treaty (level), and the bound of each treaty (rows); the total."""
    s, t = bonds.state, bonds.treaty
    _factors(
        s[m.ACTIVITY], s[m.DEMOCRACY], s[m.MAJOR], by_state, factor, np.float32(c[4]), np.float32(c[12]),
        np.float32(c[15]),
    )  # fmt: skip
    n = bonds.used[0]
    for a in range(n):
        rows[a] = 0.0
        if t[b.LIVE, a] > 0.5:  # the place of a treaty that is yet to be founded has no year
            size, age, lately = int(t[b.SIZE, a]), int(year - t[m.FOUNDED, a]), int(t[m.ACCESSIONS, a])
            rows[a] = c[17] * bonds.logs[size] + c[18] * bonds.logs[age] + c[19] * bonds.logs[lately + 1]
    _levels(
        rows[:n], t[m.OPEN, :n], t[m.FOUNDERS, :n], t[m.DEFENCE, :n], by_treaty[:n], level[:n], era(year, c), c[20],
        c[21], c[22],
    )  # fmt: skip
    total = 0.0
    for a in range(n):
        rows[a] = 0.0
        if t[b.LIVE, a] > 0.5:
            mass = weighted(bonds.pull[a], factor)
            if t[b.FRESH, a] >= 0.0 and mass > LOOSE * t[b.FRESH, a]:
                refresh_pulls(bonds, a, c)
                mass = weighted(bonds.pull[a], factor)
            if t[b.FRESH, a] < 0.0:
                t[b.FRESH, a] = mass
            rows[a] = level[a] * most * mass
            total += rows[a]
    return total


@inner_bare
def _factors(
    activity: _Floats, x: _Floats, major: _Floats, by_state: _Floats, out: _Singles, of_activity: np.float32,
    of_x: np.float32, of_major: np.float32,
) -> None:  # fmt: skip
    """What a state is a factor of in the bounds of its accessions."""
    for i in range(out.size):
        eta = of_activity * math.sqrt(np.float32(activity[i])) + of_x * np.float32(x[i])
        out[i] = np.float32(by_state[i]) * exp_above(eta + of_major * np.float32(major[i]))


@inner_bare
def _levels(
    logs: _Floats, is_open: _Floats, founders: _Floats, defence: _Floats, by_treaty: _Floats, out: _Floats,
    common: float, of_open: float, of_few: float, of_defence: float,
) -> None:  # fmt: skip
    """What a treaty is a factor of in its accessions: exp of the terms of the treaty alone."""
    for a in range(out.size):
        eta = common + logs[a] + of_open * is_open[a] + of_defence * defence[a]
        out[a] = by_treaty[a] * exp_near(eta + (of_few if founders[a] <= 2.5 else 0.0))


@inner_bare
def _holds(pairs: _Ints, count: int, a: int, i: int) -> bool:
    for k in range(count):  # noqa: SIM110 (kernels have no generators)
        if pairs[k, 0] == a and pairs[k, 1] == i:
            return True
    return False


@inner_bare
def draw_accessions(
    bonds: Bonds, stream: _Stream, year: int, c: _Floats, by_treaty: _Floats, by_state: _Floats, factor: _Singles,
    rows: _Floats, level: _Floats, out: _Ints,
) -> int:  # fmt: skip
    """Accessions of the year as pairs (treaty, state) in `out` (rows, 2); their number, or -1 when a bound fails."""
    n, most = bonds.state.shape[1], math.exp(max(0.0, c[13]) + max(0.0, c[14]))
    total = _bound_accessions(bonds, year, c, by_treaty, by_state, factor, rows, level, most)
    count, time, direct = 0, 0.0, 0
    while True:
        # A draw of parameters at which nearly everybody joins would make arrivals without number: such treaties go
        # first, state by state; then the arrivals at all others.
        one_by_one = direct < bonds.used[0] * n
        if one_by_one:
            a, i = direct // n, direct % n
            if rows[a] <= DIRECT:
                direct = (a + 1) * n
                continue
            direct += 1
            if i == n - 1:
                total -= rows[a]
                rows[a] = 0.0
            if bonds.pull[a, i] <= 0.0:
                continue
        else:
            time += exponential(stream)
            if time >= total:
                break
            a = pick(rows, bonds.used[0], uniform(stream) * total)
            i = pick_product(bonds.pull[a], factor, bonds.work[b.OUT], uniform(stream) * rows[a] / (level[a] * most))
        exact = accession_rate(bonds, a, i, year, c, level[a]) * by_state[i] * bonds.ask[a, i]
        bound = bonds.pull[a, i] * factor[i] * level[a] * most
        if exact > bound * ROUNDING:
            return -1
        kept = uniform(stream) < (-math.expm1(-exact) if one_by_one else exact / bound)
        if kept and count < out.shape[0] and not _holds(out, count, a, i):
            out[count, 0], out[count, 1] = a, i
            count += 1
    return count


@inner_bare
def exit_and_end_rates(
    bonds: Bonds, stream: _Stream, year: int, w: _Floats, t: _Floats, by_treaty: _Floats, by_state: _Floats,
    by_pair: bool, ends: _Floats, of_member: _Floats, whose: _Ints, out: _Ints,
) -> int:  # fmt: skip
    """Withdrawals of the year as pairs (treaty, state) in `out`, their number; and each treaty's rate of termination.

    w, t : coefficients of withdrawal and termination. by_pair : whether KEEP is not 1 everywhere. ends (C,): filled for
    treaties in force. of_member (5, R), whose (2, R): room for members, R at least the number of states. Treaties of
    two have no withdrawals: the second to go ends them.
    """
    count, waiting, places = 0, exponential(stream), 0
    exit_era, end_era, room = era(year, w), era(year, t), whose.shape[1]
    tied, activity, years = of_member[TIED], of_member[ACTIVE], of_member[YEARS]
    linear, levers = of_member[LINEAR], of_member[LEVER]
    own, s = bonds.treaty, bonds.state
    for a in range(bonds.used[0]):
        if own[b.LIVE, a] < 0.5:
            continue
        size = int(own[b.SIZE, a])
        if places + size > room:
            count, waiting = _draw_exits(stream, w, of_member, whose, places, count, waiting, out)
            places = 0
        expires = own[m.EXPIRES, a] == year
        log_size, log_exits = bonds.logs[size], bonds.logs[int(own[m.EXITS, a]) + 1]
        if size == 2:  # what stands between two is the same for both
            i, j = bonds.roster[a, 0], bonds.roster[a, 1]
            r = bonds.relation[a, i]
            tie, allied, distance, rivals, wars = r[m.TIE], r[m.ALLIED], r[m.DISTANCE], r[m.RIVALS], r[m.WARS]
            gap, total = abs(s[m.DEMOCRACY, i] - s[m.DEMOCRACY, j]), 0.5 * (s[m.DEMOCRACY, i] + s[m.DEMOCRACY, j])
            change = 0.5 * (s[m.REGIME_CHANGE, i] + s[m.REGIME_CHANGE, j])
            major = 0.5 * (s[m.MAJOR, i] + s[m.MAJOR, j])
        else:
            level = exit_era + w[18] * log_size + w[19] * log_exits + w[20] * expires + w[21] * own[m.DEFENCE, a]
            tie, allied, distance, rivals, wars, gap, change, major = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            total, others = 0.0, 1.0 / (size - 1)
            for k in range(size):
                total += s[m.DEMOCRACY, bonds.roster[a, k]]
            for k in range(size):
                i = bonds.roster[a, k]
                r = bonds.relation[a, i]
                x = s[m.DEMOCRACY, i]
                apart = abs(x - (total - x) * others)
                tie += r[m.TIE]
                allied += r[m.ALLIED]
                distance += r[m.DISTANCE]
                rivals += r[m.RIVALS]
                wars += r[m.WARS]
                gap += apart
                change += s[m.REGIME_CHANGE, i]
                major += s[m.MAJOR, i]
                since = r[b.JOINED]
                whose[0, places], whose[1, places] = a, i
                tied[places], years[places] = r[m.TIE] * bonds.scale[0], year - since
                activity[places] = s[m.ACTIVITY, i] - bonds.fading[year - int(since)]
                eta = level + w[10] * r[m.ALLIED] + w[11] * r[m.DISTANCE] + w[12] * r[m.RIVALS] + w[14] * r[m.WARS]
                eta += w[13] * r[m.SHARED_RIVALS] + w[15] * apart + w[16] * s[m.REGIME_CHANGE, i]
                linear[places] = eta + w[17] * s[m.MAJOR, i]
                levers[places] = by_treaty[a] * by_state[i] * (bonds.entry[b.KEEP, a, i] if by_pair else 1.0)
                places += 1
            share = 1.0 / size
            tie, allied, distance, rivals = tie * share, allied * share, distance * share, rivals * share
            wars, gap, total, change, major = wars * share, gap * share, total * share, change * share, major * share
        eta = end_era + _by_years(year - own[m.FOUNDED, a], t) + t[8] * math.sqrt(tie * bonds.scale[0])
        eta += t[9] * allied + t[10] * distance + t[11] * rivals + t[12] * wars + t[13] * gap + t[14] * total
        eta += t[15] * change + t[16] * major + t[17] * log_size + t[18] * log_exits + t[19] * expires
        eta += t[20] * own[m.DEFENCE, a]
        ends[a] = eta
    for a in range(bonds.used[0]):
        ends[a] = exp_near(ends[a])
    return _draw_exits(stream, w, of_member, whose, places, count, waiting, out)[0]


@inner_bare
def _exit_rates(tied: _Floats, activity: _Floats, years: _Floats, linear: _Floats, levers: _Floats, w: _Floats) -> None:
    """The rate of each member, in the place of its lever: a loop that is compiled to take several members a step."""
    three, six, eleven, more, active, tie = w[4], w[5], w[6], w[7], w[8], w[9]
    for k in range(levers.size):
        y = years[k]
        eta = linear[k] + (three if y >= 3.0 else 0.0) + (six if y >= 6.0 else 0.0)
        eta += (eleven if y >= 11.0 else 0.0) + (more if y >= 21.0 else 0.0)
        eta += active * math.sqrt(max(activity[k], 0.0)) + tie * math.sqrt(tied[k])
        levers[k] *= exp_near(eta)


@inner_bare
def _draw_exits(
    stream: _Stream, w: _Floats, of_member: _Floats, whose: _Ints, places: int, count: int, waiting: float, out: _Ints
) -> tuple[int, float]:
    """Goes through the members in `whose`; waiting : what is left until the next withdrawal, at unit rate."""
    rates = of_member[LEVER, :places]
    _exit_rates(
        of_member[TIED, :places], of_member[ACTIVE, :places], of_member[YEARS, :places], of_member[LINEAR, :places],
        rates, w,
    )  # fmt: skip
    for k in range(places):
        waiting -= rates[k]
        if waiting < 0.0 and count < out.shape[0]:
            out[count, 0], out[count, 1] = whose[0, k], whose[1, k]
            count += 1
            waiting = exponential(stream)
    return count, waiting


@inner_bare
def draw_terminations(bonds: Bonds, stream: _Stream, rates: _Floats, by_treaty: _Floats, out: _Ints) -> int:
    """Treaties that end in the year, in `out[:, 0]`; gives their number."""
    count, left = 0, exponential(stream)
    for a in range(bonds.used[0]):
        if bonds.treaty[b.LIVE, a] > 0.5:
            left -= rates[a] * by_treaty[a]
            if left < 0.0 and count < out.shape[0]:
                out[count, 0] = a
                count += 1
                left = exponential(stream)
    return count
