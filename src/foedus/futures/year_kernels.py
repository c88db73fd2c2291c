"""The years of one world, and a chunk of worlds: draw what happens, then let it happen, then look.

All hazards of a year are read at its start, after the scenario's dated shocks; nothing sees what else happens in the
year, as in the fits. Then treaties end, members leave and join, treaties are founded, rivalries and regimes change.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures import economy as e
from foedus.futures import years as y_
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import (
    end,
    fade,
    first_bounds,
    found,
    join,
    leave,
    owes,
    refresh_pair,
    refresh_pulls,
    set_rivals,
    set_war,
)
from foedus.futures.dispute_kernels import draw_disputes, quarrel
from foedus.futures.draws_kernels import negative_binomial, open_stream, uniform
from foedus.futures.economy_kernels import grow, spend, spill, sway, tally
from foedus.futures.founding_kernels import bound_pairs, draw_pair, draw_set
from foedus.futures.hazard_kernels import draw_accessions, draw_exits, draw_terminations
from foedus.futures.rivalry_kernels import draw_ends, draw_onsets, refresh_feud
from foedus.futures.years import LARGEST_SET, MOST, Parameters, Results, Tables
from foedus.model.compiling import compiled_bare, inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

TILE = 16  # states
W_WITHDRAW, W_ACCEDE, W_END, W_REGIME, W_RIVALRY, W_RIVALRY_END, W_ATTACK, W_SUPPORT = range(8)  # plan.WHATS


class Scratch(NamedTuple):
    """Room to work in, made outside: kernels that make no arrays are compiled bare (`compiling`)."""

    stream: _Stream
    now: _Floats
    row: _Floats
    recent: _Floats
    sums: _Floats
    trial: _Floats
    members: _Ints
    pairs: NDArray[np.int64]
    sets: NDArray[np.int64]
    set_size: _Ints
    kind: _Floats
    regimes: _Ints
    happens: _Flags
    of_treaty: _Floats
    of_state: _Floats
    economy: _Floats
    u: _Floats
    is_war: _Flags


@inner_bare
def _log(
    results: Results, world: int, year: int, kind: int, treaty: int, state: int, other: int, value: int, by: int
) -> None:
    k = results.used[0]
    if k >= results.log.shape[0]:
        results.status[0] = 1
        return
    row = results.log[k]
    row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] = world, year, kind, treaty, state, other, value, by
    results.used[0] = k + 1


# Copies are loops: assigning one array to a part of another would make a third, which bare kernels cannot.


@inner_bare
def _copy(source: NDArray[Any], target: NDArray[Any]) -> None:
    """The elements of a row to the front of another."""
    for k in range(source.size):
        target[k] = source[k]


@inner_bare
def _copy_rows(source: NDArray[Any], target: NDArray[Any]) -> None:
    for k in range(source.shape[0]):
        _copy(source[k], target[k])


@inner_bare
def _reset(bonds: Bonds, start: Bonds, t: int) -> None:
    """The world as it stands at the start; only the first t treaties hold anything, and distances never change."""
    bonds.treaty[:, b.LIVE] = 0.0
    bonds.stale[:, :] = False
    _copy_rows(start.treaty, bonds.treaty)
    _copy_rows(start.state, bonds.state)
    _copy_rows(start.member, bonds.member)
    _copy_rows(start.roster, bonds.roster)
    _copy_rows(start.ties_of, bonds.ties_of)
    for layer in range(4):
        _copy_rows(start.entry[layer], bonds.entry[layer])
        _copy_rows(start.flag[layer], bonds.flag[layer])
    for a in range(t):
        for k in range(int(start.treaty[a, b.SIZE])):
            _copy(start.relation[a, start.roster[a, k]], bonds.relation[a, start.roster[a, k]])
    for layer in (b.JOINT, b.SHARED, b.DEFENDED, b.RIVAL_SINCE, b.N_COMMON):
        _copy_rows(start.dyad[layer], bonds.dyad[layer])
    _copy(start.used, bonds.used)
    bonds.used[b.TREATIES] = t


@inner_bare
def _weigh(bonds: Bonds, start: Bonds, accession: _Floats, founding: _Floats, onset: _Floats) -> None:
    """All bounds at a world's start, by its own coefficients."""
    n = bonds.state.shape[0]
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] > 0.5:
            first_bounds(bonds, start, a, accession)
        else:
            bonds.bound[b.PULL, a, :] = 0.0
    for rows in range(0, n, TILE):  # in tiles: both halves are written, one of them down its columns
        for columns in range(0, rows + TILE, TILE):
            for i in range(rows, min(rows + TILE, n)):
                for j in range(columns, min(columns + TILE, i)):
                    refresh_pair(bonds, i, j, founding)
                    refresh_feud(bonds, i, j, onset)


@inner_bare
def _quarrels(bonds: Bonds, disputes: _Floats) -> None:
    """The bounds of disputes and their sums by state."""
    n, layer = bonds.state.shape[0], bonds.dyad[b.QUARREL]
    for rows in range(0, n, TILE):
        for columns in range(0, rows + TILE, TILE):
            for i in range(rows, min(rows + TILE, n)):
                for j in range(columns, min(columns + TILE, i)):
                    layer[i, j] = layer[j, i] = quarrel(bonds, i, j, disputes)
    for i in range(n):
        bonds.state[i, b.QUARRELS] = layer[i].sum()


@inner_bare
def _mean_foundings(year: int, n_states: int, recent: float, b: _Floats) -> float:
    """Mean number of foundings of the year: terms as in the fit `founding-counts`."""
    eta = b[0] + b[1] * (year >= 1915) + b[2] * (year >= 1946) + b[3] * (year >= 1990)
    return math.exp(eta + b[4] * math.log(n_states / 100.0) + b[5] * math.log1p(recent))


@inner_bare
def _peace(
    bonds: Bonds, stream: _Stream, seed: np.uint64, world: int, year: int, chance: float, accession: _Floats,
    founding: _Floats,
) -> None:  # fmt: skip
    """Some of the wars of the year are over at its end."""
    open_stream(stream, seed, world, year, y_.S_PEACE)
    war = bonds.flag[b.WAR]
    for i in range(bonds.state.shape[0]):
        for j in range(i if bonds.state[i, b.N_WARS] > 0.5 else 0):
            if war[i, j] and uniform(stream) < chance:
                set_war(bonds, i, j, -1.0, accession, founding)


@inner_bare
def _attack(
    bonds: Bonds, economy: _Floats, results: Results, world: int, year: int, i: int, j: int, by: float,
    accession: _Floats, founding: _Floats, onset: _Floats,
) -> None:  # fmt: skip
    """State i attacks j: they are at war and rivals from then on; who is bound to help is called, and counted.

    by : 1 for a scenario's, else 0; a whole number as argument would be compiled once for each.
    """
    bound, simulated = 0, economy.shape[0] > 0
    for k in range(bonds.state.shape[0]):
        if k != i and k != j and bonds.dyad[b.DEFENDED, j, k] > 0.5 and owes(bonds, k, j, i):
            bound += 1
            if simulated:
                economy[e.CALLED, k] = 1.0
    if simulated:
        economy[e.CALLED, j] = 1.0
    _log(results, world, year, y_.ATTACK, -1, i, j, bound, int(by))
    set_war(bonds, i, j, 1.0, accession, founding)
    _rival(bonds, results, world, year, i, j, int(by), accession, founding, onset)


@inner_bare
def _rival(
    bonds: Bonds, results: Results, world: int, year: int, i: int, j: int, by: int, accession: _Floats,
    founding: _Floats, onset: _Floats,
) -> None:  # fmt: skip
    """Two states become rivals, unless they are."""
    if not bonds.flag[b.RIVAL, i, j]:
        set_rivals(bonds, i, j, 1.0, year, accession, founding)
        refresh_feud(bonds, i, j, onset)
        _log(results, world, year, y_.ONSET, -1, max(i, j), min(i, j), 0, by)


@inner_bare
def _unrival(
    bonds: Bonds, results: Results, world: int, year: int, i: int, j: int, by: int, accession: _Floats,
    founding: _Floats, onset: _Floats,
) -> None:  # fmt: skip
    """Two rivals are rivals no more."""
    if bonds.flag[b.RIVAL, i, j]:
        set_rivals(bonds, i, j, -1.0, year, accession, founding)
        refresh_feud(bonds, i, j, onset)
        _log(results, world, year, y_.END, -1, max(i, j), min(i, j), 0, by)


@inner_bare
def _set_regime(bonds: Bonds, results: Results, world: int, year: int, i: int, new: int, by: int) -> None:
    """The class changes; democracy in [0, 1] is the class over three, and the change counts for one year."""
    old = int(bonds.state[i, b.REGIME])
    before = bonds.state[i, m.DEMOCRACY]
    bonds.state[i, b.REGIME] = new
    bonds.state[i, m.DEMOCRACY] = new / 3.0
    bonds.state[i, m.REGIME_CHANGE] = abs(new / 3.0 - before)
    _log(results, world, year, y_.REGIME, -1, i, old, new, by)


@inner_bare
def _lapse(
    bonds: Bonds, results: Results, world: int, year: int, by: int, accession: _Floats, founding: _Floats
) -> None:
    """Treaties left with one member end."""
    for a in range(bonds.used[0]):
        if bonds.treaty[a, b.LIVE] > 0.5 and bonds.treaty[a, b.SIZE] < 2.0:
            end(bonds, a, accession, founding)
            _log(results, world, year, y_.LAPSE, a, -1, -1, 0, by)


@inner_bare
def _shocks(
    bonds: Bonds, economy: _Floats, results: Results, tables: Tables, happens: _Flags, world: int, year: int,
    row: int, n_start: int,
    members: _Ints, accession: _Floats, founding: _Floats, onset: _Floats,
) -> None:  # fmt: skip
    """What the scenario dates to this year. happens (K + F,): drawn once per world."""
    k_shocks = tables.shocks.shape[0]
    for f in range(tables.founded.shape[0]):
        if int(tables.founded[f, 0]) == row and happens[k_shocks + f]:
            count = 0
            for i in range(bonds.state.shape[0]):
                if tables.founders[f, i]:
                    members[count] = i
                    count += 1
            a, term = n_start + f, tables.founded[f, 2]
            found(
                bonds, a, members[:count], year, tables.founded[f, 1], 1.0, year + term if term > 0 else np.nan,
                accession, founding,
            )  # fmt: skip
            for c in range(count):
                _log(results, world, year, y_.FOUNDING, a, members[c], -1, int(tables.founded[f, 1]), 1)
    for k in range(k_shocks):
        s = tables.shocks[k]
        if int(s[0]) != row or not happens[k]:
            continue
        what, a, i, j = int(s[1]), int(s[2]), int(s[3]), int(s[4])
        live = a >= 0 and bonds.treaty[a, b.LIVE] > 0.5
        if what == W_WITHDRAW and live and bonds.member[a, i]:
            leave(bonds, a, i, year, accession, founding)
            _log(results, world, year, y_.WITHDRAWAL, a, i, -1, 0, 1)
        elif what == W_ACCEDE and live and not bonds.member[a, i]:
            join(bonds, a, i, year, accession, founding)
            _log(results, world, year, y_.ACCESSION, a, i, -1, 0, 1)
        elif what == W_END and live:
            end(bonds, a, accession, founding)
            _log(results, world, year, y_.TERMINATION, a, -1, -1, 0, 1)
        elif what == W_REGIME and int(bonds.state[i, b.REGIME]) != int(s[5]):
            _set_regime(bonds, results, world, year, i, int(s[5]), 1)
        elif what == W_RIVALRY:
            _rival(bonds, results, world, year, i, j, 1, accession, founding, onset)
        elif what == W_RIVALRY_END:
            _unrival(bonds, results, world, year, i, j, 1, accession, founding, onset)
        elif what == W_ATTACK:
            _attack(bonds, economy, results, world, year, i, j, 1.0, accession, founding, onset)
    _lapse(bonds, results, world, year, 1, accession, founding)


@inner_bare
def _ask(bonds: Bonds, tables: Tables, row: int, accession: _Floats) -> None:
    """The year's factors on single pairs of treaty and state; the bounds follow where a factor moved."""
    if tables.accession_pair.shape[0] > 0:
        for a in range(tables.accession_pair.shape[1]):
            moved = False
            for i in range(bonds.state.shape[0]):
                if bonds.entry[b.ASK, a, i] != tables.accession_pair[row, a, i]:
                    bonds.entry[b.ASK, a, i] = tables.accession_pair[row, a, i]
                    moved = True
            if moved and bonds.treaty[a, b.LIVE] > 0.5:
                refresh_pulls(bonds, a, accession)
    if tables.withdrawal_pair.shape[0] > 0:
        _copy_rows(tables.withdrawal_pair[row], bonds.entry[b.KEEP])


@inner_bare
def _next_regime(now: int, u: float, moves: _Floats, lever: float) -> int:
    """The class of next year; a lever multiplies the chance of any change, which stays at most 1."""
    if now < 0:
        return now
    factor = min(lever, 1.0 / max(1.0 - moves[now, now], 1e-12))
    for to in range(4):
        if to != now:
            u -= moves[now, to] * factor
            if u < 0.0:
                return to
    return now


@inner_bare
def _count(cdf: _Floats, u: float) -> int:
    """The smallest s >= 2 at which the distribution function passes u."""
    s = 2
    while s < cdf.size - 1 and cdf[s] <= u:
        s += 1
    return s


@inner_bare
def _total(economy: _Floats, which: int) -> float:
    """Sum over the states where it is known; NaN without an economy."""
    if economy.shape[0] == 0:
        return math.nan
    total = 0.0
    for value in economy[which]:
        if not math.isnan(value):
            total += value
    return total


@inner_bare
def _observe(bonds: Bonds, economy: _Floats, results: Results, world: int, row: int, first: int, n_start: int) -> None:
    """Counts and indicators at the end of the year."""
    seen = results.system[world, row]
    for a in range(bonds.used[0]):
        size = int(bonds.treaty[a, b.SIZE]) if bonds.treaty[a, b.LIVE] > 0.5 else 0
        if size > 0:
            seen[0] += 1
            seen[1] += bonds.treaty[a, m.DEFENCE]
        if a < n_start:
            results.size[row, a, size] += 1
            for k in range(size):
                results.members[row, a, bonds.roster[a, k]] += 1
    seen[2], seen[4] = bonds.used[b.TIES_NOW], bonds.used[b.RIVALRIES]
    for i in range(bonds.state.shape[0]):
        seen[3] += bonds.state[i, b.N_TIED] > 0.5
        seen[5] += bonds.state[i, b.REGIME] >= 2.0
    if economy.shape[0] == 0:
        seen[y_.DISPUTES] = math.nan
    seen[y_.GDP], seen[y_.MILEX] = _total(economy, e.GDP) / 1e3, _total(economy, e.MILEX) / 1e3
    for k in range(first, results.used[0]):
        kind = results.log[k, y_.KIND]
        if kind == y_.ACCESSION:
            seen[7] += 1
        elif kind == y_.WITHDRAWAL:
            seen[8] += 1
        elif kind == y_.TERMINATION or kind == y_.LAPSE:
            seen[9] += 1
        elif kind == y_.ATTACK:
            seen[10] += 1
        elif kind == y_.DISPUTE:
            seen[y_.DISPUTES] += 1
        elif kind == y_.FOUNDING and (k == first or results.log[k - 1, y_.TREATY] != results.log[k, y_.TREATY]):
            seen[6] += 1


@compiled_bare
def run_chunk(
    start: Bonds, bonds: Bonds, tables: Tables, p: Parameters, results: Results, scratch: Scratch, seed: np.uint64,
    start_foundings: _Floats, at_start: _Floats, first_world: int, first_year: int, n_start: int, half_life: float,
) -> None:  # fmt: skip
    """Worlds first_world, first_world + 1, ... as many as `p` has rows, over the years of `tables`.

    at_start (K, N): the economy's start (`economy`), K = 0 for none. start_foundings (5,): foundings in each of the
    last five years. n_start : treaties of the world at the start; `start` has these and those that the plan founds.
    """
    n, capacity = bonds.state.shape[0], bonds.treaty.shape[0]
    n_years, planned = tables.founding_rate.size, start.used[0]
    stream, now, row_, recent = scratch.stream, scratch.now, scratch.row, scratch.recent
    sums, trial, members, sets, set_size = scratch.sums, scratch.trial, scratch.members, scratch.sets, scratch.set_size
    kind, regimes, happens, pairs = scratch.kind, scratch.regimes, scratch.happens, scratch.pairs
    joins, leaves, ends, onsets, peaces, disputes = pairs[0], pairs[1], pairs[2], pairs[3], pairs[4], pairs[5]
    economy, simulated = scratch.economy, scratch.economy.shape[0] > 0
    by_treaty, rows, level = scratch.of_treaty[0], scratch.of_treaty[1], scratch.of_treaty[2]
    factor, state_rows, state_sums = scratch.of_state[0], scratch.of_state[1], scratch.of_state[2]
    for w in range(p.war_end.size):
        world = first_world + w
        accession, founding, onset = p.accession[w], p.founding[w], p.onset[w]
        _reset(bonds, start, planned)
        _weigh(bonds, start, accession, founding, onset)
        if simulated:
            _copy_rows(at_start, economy)
            _quarrels(bonds, p.disputes[w])
        _copy(start_foundings, recent)
        open_stream(stream, seed, world, 0, y_.S_SHOCK)
        for k in range(happens.size):
            shocks = tables.shocks.shape[0]
            happens[k] = uniform(stream) < (tables.shocks[k, 6] if k < shocks else tables.founded[k - shocks, 3])
        for row in range(n_years):
            year, first = first_year + row, results.used[0]
            bonds.used[b.YEAR] = row
            _shocks(
                bonds, economy, results, tables, happens, w, year, row, n_start, members, accession, founding, onset
            )  # fmt: skip
            _ask(bonds, tables, row, accession)

            # Draw, all from the start of the year.
            open_stream(stream, seed, world, year, y_.S_WITHDRAWAL)
            _copy(tables.withdrawal_treaty[row], by_treaty)
            n_leaves = draw_exits(
                bonds, stream, year, half_life, p.withdrawal[w], by_treaty, tables.withdrawal_state[row], row_, leaves
            )
            open_stream(stream, seed, world, year, y_.S_TERMINATION)
            _copy(tables.termination_treaty[row], by_treaty)
            n_ends = draw_terminations(bonds, stream, year, p.termination[w], by_treaty, row_, ends)
            open_stream(stream, seed, world, year, y_.S_ACCESSION)
            _copy(tables.accession_treaty[row], by_treaty)
            n_joins = draw_accessions(
                bonds, stream, year, half_life, accession, by_treaty, tables.accession_state[row], factor, rows, level,
                now, row_, joins,
            )  # fmt: skip
            open_stream(stream, seed, world, year, y_.S_COUNT)
            mean = (
                _mean_foundings(year, n, recent[0] + recent[1] + recent[2] + recent[3] + recent[4], p.counts[w])
                * tables.founding_rate[row]
            )
            count = min(negative_binomial(stream, mean, math.exp(p.counts[w, 6])), MOST)
            for f in range(count):
                set_size[f] = min(_count(p.size_cdf[w], uniform(stream)), LARGEST_SET, n)
                kind[f, 0] = 1.0 if uniform(stream) < p.defence_share[w, set_size[f]] else 0.0
                kind[f, 1] = 1.0 if uniform(stream) < p.open_share[w, set_size[f]] else 0.0
            open_stream(stream, seed, world, year, y_.S_FOUNDING)
            lever, fine = tables.founding_state[row], True
            total = bound_pairs(bonds, founding, lever, factor, state_rows) if count > 0 else 0.0
            for f in range(count):
                if set_size[f] == 2:
                    fine &= draw_pair(bonds, stream, total, founding, lever, factor, state_rows, row_, sets[f])
                else:
                    draw_set(
                        bonds, stream, set_size[f], total, founding, lever, factor, state_rows, sums, trial, sets[f]
                    )  # fmt: skip
            open_stream(stream, seed, world, year, y_.S_ONSET)
            n_onsets = draw_onsets(bonds, stream, year, onset, tables.onset_state[row], factor, state_rows, onsets)
            open_stream(stream, seed, world, year, y_.S_END)
            n_peaces = draw_ends(bonds, stream, year, p.rivalry_end[w], tables.end_state[row], peaces)
            open_stream(stream, seed, world, year, y_.S_REGIME)
            for i in range(n):
                regimes[i] = _next_regime(
                    int(bonds.state[i, b.REGIME]), uniform(stream), p.moves[w], tables.regime_state[row, i]
                )  # fmt: skip
            n_disputes = 0
            if simulated:
                open_stream(stream, seed, world, year, y_.S_DISPUTE)
                n_disputes = draw_disputes(
                    bonds, stream, economy[e.WEIGHT], p.disputes[w], p.war[w], tables.dispute_state[row], factor,
                    state_rows, state_sums, disputes, scratch.is_war,
                )  # fmt: skip
                open_stream(stream, seed, world, year, y_.S_GROWTH)
                grow(economy, stream, p.drift[w], p.growth[w], tables.growth[row], scratch.u)
                open_stream(stream, seed, world, year, y_.S_SPENDING)
                spend(bonds, economy, stream, p.spending[w], p.pull_shift[w], tables.spending[row], scratch.u)
                spill(bonds, economy)
            if n_joins < 0 or n_onsets < 0 or n_disputes < 0 or not fine:
                results.status[0] = 2
                return

            # Let it happen.
            for k in range(n_ends):
                end(bonds, ends[k, 0], accession, founding)
                _log(results, w, year, y_.TERMINATION, ends[k, 0], -1, -1, 0, 0)
            for k in range(n_leaves):
                if bonds.treaty[leaves[k, 0], b.LIVE] > 0.5:
                    leave(bonds, leaves[k, 0], leaves[k, 1], year, accession, founding)
                    _log(results, w, year, y_.WITHDRAWAL, leaves[k, 0], leaves[k, 1], -1, 0, 0)
            for k in range(n_joins):
                if bonds.treaty[joins[k, 0], b.LIVE] > 0.5:
                    join(bonds, joins[k, 0], joins[k, 1], year, accession, founding)
                    _log(results, w, year, y_.ACCESSION, joins[k, 0], joins[k, 1], -1, 0, 0)
            for f in range(count):
                a, size = bonds.used[0], set_size[f]
                if a >= capacity:
                    results.status[0] = 3
                    return
                bonds.used[0] += 1
                found(bonds, a, sets[f, :size], year, kind[f, 0], kind[f, 1], np.nan, accession, founding)
                for c in range(size):
                    _log(results, w, year, y_.FOUNDING, a, sets[f, c], -1, int(kind[f, 0]), 0)
            _lapse(bonds, results, w, year, 0, accession, founding)
            for k in range(n_peaces):
                _unrival(bonds, results, w, year, peaces[k, 0], peaces[k, 1], 0, accession, founding, onset)
            for k in range(n_onsets):
                _rival(bonds, results, w, year, onsets[k, 0], onsets[k, 1], 0, accession, founding, onset)
            for i in range(n):
                bonds.state[i, m.REGIME_CHANGE] = 0.0
                if regimes[i] != int(bonds.state[i, b.REGIME]):
                    _set_regime(bonds, results, w, year, i, regimes[i], 0)
            for k in range(n_disputes):
                i, j, war = disputes[k, 0], disputes[k, 1], scratch.is_war[k]
                _log(results, w, year, y_.DISPUTE, -1, i, j, 1 if war else 0, 0)
                if war and not bonds.flag[b.WAR, i, j]:
                    _attack(bonds, economy, results, w, year, i, j, 0.0, accession, founding, onset)
            if simulated:
                open_stream(stream, seed, world, year, y_.S_SUPPORT)
                sway(economy, stream)
                tally(economy, at_start, results.drivers[row])
            _copy(recent[1:], recent)
            recent[4] = count
            _peace(bonds, stream, seed, world, year, p.war_end[w], accession, founding)
            fade(bonds, half_life)
            _observe(bonds, economy, results, w, row, first, n_start)
            if results.status[0] != 0:
                return
