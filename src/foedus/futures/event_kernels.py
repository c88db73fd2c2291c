"""What happens in a simulated year, with its entry in the log: wars, rivalries, regimes, ends, a scenario's shocks."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures import economy as e
from foedus.futures import years as y_
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import end, found, join, leave, owes, refresh_pulls, set_rivals, set_war
from foedus.futures.draws_kernels import uniform
from foedus.futures.rivalry_kernels import refresh_feud
from foedus.futures.start_kernels import copy_rows
from foedus.futures.years import Results, Tables
from foedus.model.compiling import inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

W_WITHDRAW, W_ACCEDE, W_END, W_REGIME, W_RIVALRY, W_RIVALRY_END, W_ATTACK, W_SUPPORT = range(8)  # plan.WHATS


class Coefficients(NamedTuple):
    """One world's, in the order of the fits' terms: what the bounds are made with."""

    accession: _Floats
    founding: _Floats
    onset: _Floats


@inner_bare
def log(results: Results, kind: int, treaty: int, state: int, other: int, value: int) -> None:
    """One row more, of the world and year that `results.used` says."""
    used = results.used
    k = used[y_.ROWS]
    if k >= results.log.shape[0]:
        results.status[0] = 1
        return
    row = results.log[k]
    row[0], row[1], row[2], row[3], row[4], row[5] = used[y_.OF_WORLD], used[y_.OF_YEAR], kind, treaty, state, other
    row[6], row[7] = value, used[y_.OF_PLAN]
    used[y_.ROWS] = k + 1


@inner_bare
def rival(bonds: Bonds, results: Results, i: int, j: int, by: float, c: Coefficients) -> None:
    """Two states become rivals (by = 1), or are rivals no more (by = -1), unless they are or are not."""
    if bonds.flag[b.RIVAL, i, j] != (by > 0.0):
        set_rivals(bonds, i, j, by, results.used[y_.OF_YEAR], c.accession, c.founding)
        refresh_feud(bonds, i, j, c.onset)
        log(results, y_.ONSET if by > 0.0 else y_.END, -1, max(i, j), min(i, j), 0)


@inner_bare
def _fight(bonds: Bonds, results: Results, i: int, j: int, c: Coefficients) -> None:
    """Two states are at war, and rivals."""
    set_war(bonds, i, j, 1.0, c.accession, c.founding)
    rival(bonds, results, i, j, 1.0, c)


@inner_bare
def attack(
    bonds: Bonds, economy: _Floats, results: Results, stream: _Stream, i: int, j: int, honour: float, c: Coefficients
) -> None:
    """State i attacks j: they are at war. Who is bound to help is called, and goes to war too with chance `honour`."""
    bound, simulated, row = 0, economy.shape[0] > 0, results.used[y_.ROWS]
    log(results, y_.ATTACK, -1, i, j, 0)
    _fight(bonds, results, i, j, c)
    if simulated:
        economy[e.CALLED, j] = 1.0
    for place in range(int(bonds.state[b.N_TIED, j])):
        k = bonds.others[b.PARTNERS, j, place]
        if k != i and owes(bonds, k, j, i):
            bound += 1
            if simulated:
                economy[e.CALLED, k] = 1.0
            if uniform(stream) < honour and not bonds.flag[b.WAR, k, i]:
                log(results, y_.INTERVENTION, -1, k, i, j)
                _fight(bonds, results, k, i, c)
    if results.status[0] == 0:
        results.log[row, y_.VALUE] = bound


@inner_bare
def peace(bonds: Bonds, stream: _Stream, chance: float, c: Coefficients) -> None:
    """Some of the wars of the year are over at its end."""
    war = bonds.flag[b.WAR]
    for i in range(bonds.state.shape[1]):
        for j in range(i if bonds.state[b.N_WARS, i] > 0.5 else 0):
            if war[i, j] and uniform(stream) < chance:
                set_war(bonds, i, j, -1.0, c.accession, c.founding)


@inner_bare
def set_regime(bonds: Bonds, results: Results, i: int, new: int) -> None:
    """The class changes; democracy in [0, 1] is the class over three, and the change counts for one year."""
    old = int(bonds.state[b.REGIME, i])
    before = bonds.state[m.DEMOCRACY, i]
    bonds.state[b.REGIME, i] = new
    bonds.state[m.DEMOCRACY, i] = new / 3.0
    bonds.state[m.REGIME_CHANGE, i] = abs(new / 3.0 - before)
    log(results, y_.REGIME, -1, i, old, new)


@inner_bare
def lapse(bonds: Bonds, results: Results, c: Coefficients) -> None:
    """Treaties left with one member end."""
    for a in range(bonds.used[b.TREATIES]):
        if bonds.treaty[b.LIVE, a] > 0.5 and bonds.treaty[b.SIZE, a] < 2.0:
            terminate(bonds, results, a, y_.LAPSE, c)


@inner_bare
def _count(bonds: Bonds, results: Results, a: int, i: int, by: int) -> None:
    """One member of a treaty of the start more (by = 1), or less (by = -1), from this year on."""
    if a < results.members.shape[1]:
        results.members[bonds.used[b.YEAR], a, i] += by


@inner_bare
def terminate(bonds: Bonds, results: Results, a: int, kind: int, c: Coefficients) -> None:
    """Treaty a ends, by itself or because too few are left."""
    for k in range(int(bonds.treaty[b.SIZE, a])):
        _count(bonds, results, a, bonds.roster[a, k], -1)
    end(bonds, a, c.accession, c.founding)
    log(results, kind, a, -1, -1, 0)


@inner_bare
def withdraw(bonds: Bonds, results: Results, a: int, i: int, c: Coefficients) -> None:
    """State i leaves treaty a."""
    leave(bonds, a, i, results.used[y_.OF_YEAR], c.accession, c.founding)
    _count(bonds, results, a, i, -1)
    log(results, y_.WITHDRAWAL, a, i, -1, 0)


@inner_bare
def accede(bonds: Bonds, results: Results, a: int, i: int, c: Coefficients) -> None:
    """State i joins treaty a."""
    join(bonds, a, i, results.used[y_.OF_YEAR], c.accession, c.founding)
    _count(bonds, results, a, i, 1)
    log(results, y_.ACCESSION, a, i, -1, 0)


@inner_bare
def establish(
    bonds: Bonds, results: Results, a: int, members: _Ints, pledge: float, is_open: float, expires: float,
    c: Coefficients,
) -> None:  # fmt: skip
    """`members` found treaty a: one row of the log for each."""
    found(bonds, a, members, results.used[y_.OF_YEAR], pledge, is_open, expires, c.accession, c.founding)
    for k in range(members.size):
        log(results, y_.FOUNDING, a, members[k], -1, int(pledge))


@inner_bare
def shocks(
    bonds: Bonds, economy: _Floats, results: Results, tables: Tables, happens: _Flags, stream: _Stream, row: int,
    n_start: int, members: _Ints, honour: float, c: Coefficients,
) -> None:  # fmt: skip
    """What the scenario dates to this year. happens (K + F,): drawn once per world."""
    k_shocks, year = tables.shocks.shape[0], results.used[y_.OF_YEAR]
    if k_shocks + tables.founded.shape[0] == 0:
        return
    results.used[y_.OF_PLAN] = 1
    for f in range(tables.founded.shape[0]):
        if int(tables.founded[f, 0]) == row and happens[k_shocks + f]:
            count, term = 0, tables.founded[f, 2]
            for i in range(bonds.state.shape[1]):
                if tables.founders[f, i]:
                    members[count] = i
                    count += 1
            expires = year + term if term > 0 else math.nan
            establish(bonds, results, n_start + f, members[:count], tables.founded[f, 1], 1.0, expires, c)
    for k in range(k_shocks):
        s = tables.shocks[k]
        if int(s[0]) != row or not happens[k]:
            continue
        what, a, i, j = int(s[1]), int(s[2]), int(s[3]), int(s[4])
        live = a >= 0 and bonds.treaty[b.LIVE, a] > 0.5
        if what == W_WITHDRAW and live and bonds.member[a, i]:
            withdraw(bonds, results, a, i, c)
        elif what == W_ACCEDE and live and not bonds.member[a, i]:
            accede(bonds, results, a, i, c)
        elif what == W_END and live:
            terminate(bonds, results, a, y_.TERMINATION, c)
        elif what == W_REGIME and int(bonds.state[b.REGIME, i]) != int(s[5]):
            set_regime(bonds, results, i, int(s[5]))
        elif what in (W_RIVALRY, W_RIVALRY_END):
            rival(bonds, results, i, j, 1.0 if what == W_RIVALRY else -1.0, c)
        elif what == W_ATTACK:
            attack(bonds, economy, results, stream, i, j, honour, c)
    lapse(bonds, results, c)
    results.used[y_.OF_PLAN] = 0


@inner_bare
def ask(bonds: Bonds, tables: Tables, row: int, accession: _Floats) -> None:
    """The year's factors on single pairs of treaty and state; the bounds follow where a factor moved."""
    if tables.accession_pair.shape[0] > 0:
        for a in range(tables.accession_pair.shape[1]):
            moved = False
            for i in range(bonds.state.shape[1]):
                if bonds.ask[a, i] != np.float32(tables.accession_pair[row, a, i]):
                    bonds.ask[a, i] = np.float32(tables.accession_pair[row, a, i])
                    moved = True
            if moved:
                bonds.touched[a] = b.CHANGED
                if bonds.treaty[b.LIVE, a] > 0.5:
                    refresh_pulls(bonds, a, accession)
    if tables.withdrawal_pair.shape[0] > 0:
        copy_rows(tables.withdrawal_pair[row], bonds.entry[b.KEEP])
        bonds.touched[: tables.withdrawal_pair.shape[1]] = b.CHANGED
