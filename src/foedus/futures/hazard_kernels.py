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
    since, roster, size, scale = bonds.entry[b.SINCE, a], bonds.roster[a], int(bonds.treaty[a, b.SIZE]), bonds.scale[0]
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
        x_sum += bonds.state[j, m.DEMOCRACY]
    s = bonds.state[i]
    x, mean = s[m.DEMOCRACY], x_sum / size
    eta = c[4] * math.sqrt(max(s[m.ACTIVITY] - own_activity(bonds, a, i, year), 0.0)) + c[5] * math.sqrt(tie / size)
    eta += linear / size + c[8] * near + c[12] * x + c[13] * abs(x - mean) + c[14] * x * mean + c[15] * s[m.MAJOR]
    if not math.isnan(left_i):
        eta += c[16]
    return level * math.exp(eta)


@inner_bare
def _bound_accessions(
    bonds: Bonds, year: int, c: _Floats, by_treaty: _Floats, by_state: _Floats, factor: _Singles, rows: _Floats,
    level: _Floats, most: float,
) -> float:  # fmt: skip
    """The year's factors by state (factor) and by treaty (level), and the bound of each treaty (rows); the total."""
    for i in range(factor.size):
        s = bonds.state[i]
        eta = c[4] * math.sqrt(s[m.ACTIVITY]) + c[12] * s[m.DEMOCRACY] + c[15] * s[m.MAJOR]
        factor[i] = by_state[i] * exp_above(np.float32(eta))
    common, total = era(year, c), 0.0
    for a in range(bonds.used[0]):
        rows[a] = 0.0
        if bonds.treaty[a, b.LIVE] > 0.5:
            t = bonds.treaty[a]
            logs = bonds.logs
            eta = common + c[17] * logs[int(t[b.SIZE])] + c[18] * logs[int(year - t[m.FOUNDED])]
            eta += c[19] * logs[int(t[m.ACCESSIONS]) + 1] + c[20] * t[m.OPEN] + c[22] * t[m.DEFENCE]
            level[a] = by_treaty[a] * exp_near(eta + c[21] * (t[m.FOUNDERS] <= 2.5))
            mass = weighted(bonds.pull[a], factor)
            if t[b.FRESH] >= 0.0 and mass > LOOSE * t[b.FRESH]:
                refresh_pulls(bonds, a, c)
                mass = weighted(bonds.pull[a], factor)
            if t[b.FRESH] < 0.0:
                t[b.FRESH] = mass
            rows[a] = level[a] * most * mass
            total += rows[a]
    return total


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
    n, most = bonds.state.shape[0], math.exp(max(0.0, c[13]) + max(0.0, c[14]))
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
            i = pick_product(bonds.pull[a], factor, n, uniform(stream) * rows[a] / (level[a] * most))
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
    by_pair: bool, ends: _Floats, out: _Ints,
) -> int:  # fmt: skip
    """Withdrawals of the year as pairs (treaty, state) in `out`, their number; and each treaty's rate of termination.

    w, t : coefficients of withdrawal and termination. by_pair : whether KEEP is not 1 everywhere. ends (C,): filled for
    treaties in force. Treaties of two have no withdrawals: the second to go ends them.
    """
    count, left, exit_era, end_era = 0, exponential(stream), era(year, w), era(year, t)
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] < 0.5:
            continue
        own, size = bonds.treaty[a], int(bonds.treaty[a, b.SIZE])
        expires = own[m.EXPIRES] == year
        total = 0.0
        for k in range(size):
            total += bonds.state[bonds.roster[a, k], m.DEMOCRACY]
        log_size, log_exits = bonds.logs[size], bonds.logs[int(own[m.EXITS]) + 1]
        level = exit_era + w[18] * log_size + w[19] * log_exits + w[20] * expires + w[21] * own[m.DEFENCE]
        tie, allied, distance, rivals, wars, gap, change, major = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for k in range(size):
            i = bonds.roster[a, k]
            r, s = bonds.relation[a, i], bonds.state[i]
            x = s[m.DEMOCRACY]
            apart, tied = abs(x - (total - x) / (size - 1)), r[m.TIE] * bonds.scale[0]
            tie += tied
            allied += r[m.ALLIED]
            distance += r[m.DISTANCE]
            rivals += r[m.RIVALS]
            wars += r[m.WARS]
            gap += apart
            change += s[m.REGIME_CHANGE]
            major += s[m.MAJOR]
            lever = by_treaty[a] * by_state[i] * (bonds.entry[b.KEEP, a, i] if by_pair else 1.0)
            if size > 2 and lever > 0.0:
                since = r[b.JOINED]
                active = max(s[m.ACTIVITY] - bonds.fading[year - int(since)], 0.0)
                eta = level + _by_years(year - since, w) + w[8] * math.sqrt(active) + w[9] * math.sqrt(tied)
                eta += w[10] * r[m.ALLIED] + w[11] * r[m.DISTANCE] + w[12] * r[m.RIVALS] + w[13] * r[m.SHARED_RIVALS]
                eta += w[14] * r[m.WARS] + w[15] * apart + w[16] * s[m.REGIME_CHANGE] + w[17] * s[m.MAJOR]
                left -= exp_near(eta) * lever
                if left < 0.0 and count < out.shape[0]:
                    out[count, 0], out[count, 1] = a, i
                    count += 1
                    left = exponential(stream)
        eta = end_era + _by_years(year - own[m.FOUNDED], t) + t[8] * math.sqrt(tie / size) + t[17] * log_size
        eta += (t[9] * allied + t[10] * distance + t[11] * rivals + t[12] * wars + t[13] * gap + t[14] * total) / size
        eta += (t[15] * change + t[16] * major) / size + t[18] * log_exits + t[19] * expires + t[20] * own[m.DEFENCE]
        ends[a] = exp_near(eta)
    return count


@inner_bare
def draw_terminations(bonds: Bonds, stream: _Stream, rates: _Floats, by_treaty: _Floats, out: _Ints) -> int:
    """Treaties that end in the year, in `out[:, 0]`; gives their number."""
    count, left = 0, exponential(stream)
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] > 0.5:
            left -= rates[a] * by_treaty[a]
            if left < 0.0 and count < out.shape[0]:
                out[count, 0] = a
                count += 1
                left = exponential(stream)
    return count
