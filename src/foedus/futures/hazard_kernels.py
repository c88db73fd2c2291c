"""One year of termination, withdrawal and accession: who, read at the start of the year; nothing is changed here.

A hazard of the fits is 1 - exp(-exp(eta)): the chance of at least one arrival at the rate exp(eta). So a year is drawn
by total rates: arrivals at an upper bound of the summed rates, each given to a unit in proportion to its bound and kept
with exact rate / bound (thinning; Lewis and Shedler 1979). The exact rate comes from the rows of the fits themselves.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import refresh_pulls, relate, relation_row
from foedus.futures.draws_kernels import exponential, uniform
from foedus.model.compiling import inner_bare, inner_wide
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

ROUNDING = 1.0 + 1e-9  # a bound that is met exactly may be passed by rounding
DIRECT = 64.0  # arrivals expected at a treaty from which on its states are asked one by one
LOOSE = 3.0  # bounds of a treaty that have grown by more than this are made anew


@inner_bare
def dot(row: _Floats, coef: _Floats) -> float:
    """Sum of products over the length of coef."""
    total = 0.0
    for k in range(coef.size):
        total += row[k] * coef[k]
    return total


@inner_wide
def weighted(one: _Floats, two: _Floats) -> float:
    """Sum of products, in whatever order is fastest on the machine: bounds only."""
    total = 0.0
    for k in range(one.size):
        total += one[k] * two[k]
    return total


@inner_bare
def accession_rate(
    bonds: Bonds, a: int, i: int, year: float, half_life: float, coef: _Floats, now: _Floats, row: _Floats
) -> float:
    """exp(eta) of state i joining treaty a. now (N, 9), row (23,): scratch."""
    relation_row(bonds, a, i, int(year), now[i])
    m.accession_row(
        year, half_life, int(bonds.treaty[a, b.SIZE]), i, bonds.entry[b.SINCE, a], bonds.entry[b.LEFT, a], bonds.state,
        bonds.treaty[a], now, row,
    )  # fmt: skip
    return math.exp(dot(row, coef))


@inner_bare
def _bound_accessions(
    bonds: Bonds, year: float, coef: _Floats, by_treaty: _Floats, by_state: _Floats, factor: _Floats, rows: _Floats,
    level: _Floats,
) -> float:  # fmt: skip
    """The year's factors by state (factor) and by treaty (level), and the bound of each treaty (rows); the total."""
    n = bonds.state.shape[0]
    for i in range(n):
        s = bonds.state[i]
        eta = coef[4] * math.sqrt(s[m.ACTIVITY]) + coef[12] * s[m.DEMOCRACY] + coef[15] * s[m.MAJOR]
        factor[i] = by_state[i] * math.exp(eta)
    common = coef[0] + max(0.0, coef[13]) + max(0.0, coef[14])
    common += coef[1] * (year >= 1915) + coef[2] * (year >= 1946) + coef[3] * (year >= 1990)
    total = 0.0
    for a in range(bonds.used[0]):
        rows[a] = 0.0
        if bonds.treaty[a, b.LIVE] > 0.5:
            t = bonds.treaty[a]
            eta = common + coef[17] * math.log(t[b.SIZE]) + coef[18] * math.log(year - t[m.FOUNDED])
            eta += coef[19] * math.log1p(t[m.ACCESSIONS]) + coef[20] * t[m.OPEN] + coef[22] * t[m.DEFENCE]
            level[a] = by_treaty[a] * math.exp(eta + coef[21] * (t[m.FOUNDERS] <= 2.5))
            mass = weighted(bonds.bound[b.PULL, a], factor)
            if t[b.FRESH] >= 0.0 and mass > LOOSE * t[b.FRESH]:
                refresh_pulls(bonds, a, coef)
                mass = weighted(bonds.bound[b.PULL, a], factor)
            if t[b.FRESH] < 0.0:
                t[b.FRESH] = mass
            rows[a] = level[a] * mass
            total += rows[a]
    return total


@inner_bare
def pick(values: _Floats, n: int, target: float) -> int:
    """First index at which the running sum of `values` passes `target`; when rounding runs out, the last positive."""
    found = -1
    for k in range(n):
        if values[k] > 0.0:
            found = k
            target -= values[k]
            if target < 0.0:
                return k
    return found


@inner_bare
def pick_product(one: _Floats, two: _Floats, n: int, target: float) -> int:
    """The same for the products of two arrays."""
    found = -1
    for k in range(n):
        w = one[k] * two[k]
        if w > 0.0:
            found = k
            target -= w
            if target < 0.0:
                return k
    return found


@inner_bare
def _holds(pairs: _Ints, count: int, a: int, i: int) -> bool:
    for k in range(count):  # noqa: SIM110 (kernels have no generators)
        if pairs[k, 0] == a and pairs[k, 1] == i:
            return True
    return False


@inner_bare
def draw_accessions(
    bonds: Bonds, stream: _Stream, year: int, half_life: float, coef: _Floats, by_treaty: _Floats, by_state: _Floats,
    factor: _Floats, rows: _Floats, level: _Floats, now: _Floats, row: _Floats, out: _Ints,
) -> int:  # fmt: skip
    """Accessions of the year as pairs (treaty, state) in `out` (rows, 2); their number, or -1 when a bound fails."""
    n = bonds.state.shape[0]
    total = _bound_accessions(bonds, year, coef, by_treaty, by_state, factor, rows, level)
    count = 0
    for a in range(bonds.used[0]):
        if rows[a] > DIRECT:  # a draw of parameters at which nearly everybody joins: arrivals would be without number
            total -= rows[a]
            rows[a] = 0.0
            for i in range(n):
                if bonds.bound[b.PULL, a, i] > 0.0 and count < out.shape[0]:
                    exact = accession_rate(bonds, a, i, year, half_life, coef, now, row)
                    exact *= by_treaty[a] * by_state[i] * bonds.entry[b.ASK, a, i]
                    if uniform(stream) < -math.expm1(-exact):
                        out[count, 0], out[count, 1] = a, i
                        count += 1
    time = exponential(stream)
    while time < total:
        a = pick(rows, bonds.used[0], uniform(stream) * total)
        pull = bonds.bound[b.PULL, a]
        i = pick_product(pull, factor, n, uniform(stream) * rows[a] / level[a])
        exact = accession_rate(bonds, a, i, year, half_life, coef, now, row)
        exact *= by_treaty[a] * by_state[i] * bonds.entry[b.ASK, a, i]
        bound = pull[i] * factor[i] * level[a]
        if exact > bound * ROUNDING:
            return -1
        if uniform(stream) * bound < exact and not _holds(out, count, a, i) and count < out.shape[0]:
            out[count, 0], out[count, 1] = a, i
            count += 1
        time += exponential(stream)
    return count


@inner_bare
def draw_exits(
    bonds: Bonds, stream: _Stream, year: int, half_life: float, coef: _Floats, by_treaty: _Floats, by_state: _Floats,
    row: _Floats, out: _Ints,
) -> int:  # fmt: skip
    """Withdrawals of the year as pairs (treaty, state); treaties of two have none: the second to go ends them.

    Brings the relations of all members up to date, which `draw_terminations` then reads.
    """
    count, left = 0, exponential(stream)
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] < 0.5:
            continue
        relate(bonds, a, year)
        size = int(bonds.treaty[a, b.SIZE])
        if size < 3:
            continue
        for k in range(size):
            i = bonds.roster[a, k]
            m.withdrawal_row(
                year, half_life, size, i, bonds.entry[b.SINCE, a], bonds.state, bonds.treaty[a], bonds.relation[a], row
            )  # fmt: skip
            left -= math.exp(dot(row, coef)) * by_treaty[a] * by_state[i] * bonds.entry[b.KEEP, a, i]
            if left < 0.0 and count < out.shape[0]:
                out[count, 0], out[count, 1] = a, i
                count += 1
                left = exponential(stream)
    return count


@inner_bare
def draw_terminations(
    bonds: Bonds, stream: _Stream, year: int, coef: _Floats, by_treaty: _Floats, row: _Floats, out: _Ints
) -> int:
    """Treaties that end in the year, in `out[:, 0]`; gives their number."""
    count, left = 0, exponential(stream)
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] > 0.5:
            m.termination_row(
                year, bonds.roster[a, : int(bonds.treaty[a, b.SIZE])], bonds.state, bonds.treaty[a], bonds.relation[a],
                row,
            )  # fmt: skip
            left -= math.exp(dot(row, coef)) * by_treaty[a]
            if left < 0.0 and count < out.shape[0]:
                out[count, 0] = a
                count += 1
                left = exponential(stream)
    return count
