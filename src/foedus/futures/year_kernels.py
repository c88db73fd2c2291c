"""The years of one world, and a chunk of worlds: draw what happens, then let it happen, then look.

All hazards of a year are read at its start, after the scenario's dated shocks; nothing sees what else happens in the
year, as in the fits. Then treaties end, members leave and join, treaties are founded, rivalries and regimes change.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures import economy as e
from foedus.futures import years as y_
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import fade
from foedus.futures.dispute_kernels import draw_disputes
from foedus.futures.draws_kernels import negative_binomial, open_stream, uniform
from foedus.futures.economy_kernels import count_cells, grow, spend, spill, sway, tally
from foedus.futures.event_kernels import (
    Coefficients,
    accede,
    ask,
    attack,
    establish,
    lapse,
    log,
    peace,
    rival,
    set_regime,
    shocks,
    terminate,
    withdraw,
)
from foedus.futures.founding_kernels import bound_pairs, draw_pair, draw_set
from foedus.futures.hazard_kernels import draw_accessions, draw_terminations, era, exit_and_end_rates
from foedus.futures.rivalry_kernels import draw_ends, draw_onsets
from foedus.futures.start_kernels import copy, copy_rows, reset, weigh
from foedus.futures.years import LARGEST_SET, MOST, Parameters, Results, Tables
from foedus.model.compiling import compiled_bare, inner_bare
from foedus.model.membership import kernels as m

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]

EXITS, ENDS, JOINS, FOUNDINGS, ONSETS, PEACES, DISPUTES = range(7)  # kinds of `Scratch.pairs` and `Scratch.counts`


class Scratch(NamedTuple):
    """Room to work in, made outside: kernels that make no arrays are compiled bare (`compiling`)."""

    stream: _Stream
    attacks: _Stream
    recent: _Floats
    members: _Ints
    pairs: NDArray[np.int64]
    counts: _Ints
    sets: NDArray[np.int64]
    set_size: _Ints
    kind: _Floats
    regimes: _Ints
    happens: _Flags
    of_treaty: _Floats
    of_state: _Floats
    of_set: NDArray[np.float32]
    of_member: _Floats
    whose: _Ints
    lift: NDArray[np.float32]
    effort: _Floats
    economy: _Floats
    u: _Floats
    is_war: _Flags


@inner_bare
def _mean_foundings(year: int, n_states: int, recent: _Floats, c: _Floats) -> float:
    """Mean number of foundings of the year: terms as in the fit `founding-counts`. recent (5,): of the last years."""
    lately = recent[0] + recent[1] + recent[2] + recent[3] + recent[4]
    return math.exp(era(year, c) + c[4] * math.log(n_states / 100.0) + c[5] * math.log1p(lately))


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
def _draw_memberships(
    bonds: Bonds, tables: Tables, p: Parameters, scratch: Scratch, seed: np.uint64, world: int, w: int, year: int,
    row: int,
) -> bool:  # fmt: skip
    """Withdrawals, terminations and accessions of the year; False when a bound fails."""
    stream, pairs, counts = scratch.stream, scratch.pairs, scratch.counts
    by_treaty, rows, level = scratch.of_treaty[0], scratch.of_treaty[1], scratch.of_treaty[2]
    open_stream(stream, seed, world, year, y_.S_WITHDRAWAL)
    copy(tables.withdrawal_treaty[row], by_treaty)
    counts[EXITS] = exit_and_end_rates(
        bonds, stream, year, p.withdrawal[w], p.termination[w], by_treaty, tables.withdrawal_state[row],
        tables.withdrawal_pair.shape[0] > 0, rows, scratch.of_member, scratch.whose, pairs[EXITS],
    )  # fmt: skip
    open_stream(stream, seed, world, year, y_.S_TERMINATION)
    copy(tables.termination_treaty[row], by_treaty)
    counts[ENDS] = draw_terminations(bonds, stream, rows, by_treaty, pairs[ENDS])
    open_stream(stream, seed, world, year, y_.S_ACCESSION)
    copy(tables.accession_treaty[row], by_treaty)
    counts[JOINS] = draw_accessions(
        bonds, stream, year, p.accession[w], by_treaty, tables.accession_state[row], scratch.lift, rows, level,
        pairs[JOINS],
    )  # fmt: skip
    return bool(counts[JOINS] >= 0)


@inner_bare
def _draw_foundings(
    bonds: Bonds, tables: Tables, p: Parameters, scratch: Scratch, seed: np.uint64, world: int, w: int, year: int,
    row: int,
) -> bool:  # fmt: skip
    """How many treaties are founded, of how many states and which, with what promises; False when a bound fails."""
    stream, set_size, kind, lever = scratch.stream, scratch.set_size, scratch.kind, tables.founding_state[row]
    able = 0
    for i in range(lever.size):
        able += lever[i] > 0.0
    open_stream(stream, seed, world, year, y_.S_COUNT)
    mean = _mean_foundings(year, lever.size, scratch.recent, p.counts[w]) * tables.founding_rate[row]
    count = min(negative_binomial(stream, mean, math.exp(p.counts[w, 6])), MOST)
    for f in range(count):
        set_size[f] = min(_count(p.size_cdf[w], uniform(stream)), LARGEST_SET, able)
        kind[f, 0] = 1.0 if uniform(stream) < p.defence_share[w, set_size[f]] else 0.0
        kind[f, 1] = 1.0 if uniform(stream) < p.open_share[w, set_size[f]] else 0.0
    scratch.counts[FOUNDINGS] = count = count if able > 1 else 0
    if count == 0:
        return True
    open_stream(stream, seed, world, year, y_.S_FOUNDING)
    rows, fine = scratch.of_state[1], True
    total = bound_pairs(bonds, p.founding[w], lever, rows)
    for f in range(count):
        if set_size[f] == 2:
            fine &= draw_pair(bonds, stream, total, p.founding[w], lever, rows, scratch.sets[f])
        else:
            draw_set(
                bonds, stream, set_size[f], total, p.founding[w], lever, rows, scratch.of_set, scratch.sets[f]
            )  # fmt: skip
    return fine


@inner_bare
def _draw_drivers(
    bonds: Bonds, tables: Tables, p: Parameters, scratch: Scratch, seed: np.uint64, world: int, w: int, year: int,
    row: int,
) -> bool:  # fmt: skip
    """Rivalries, regimes, disputes, growth and expenditure of the year; False when a bound fails."""
    stream, pairs, counts = scratch.stream, scratch.pairs, scratch.counts
    factor, rows, sums = scratch.of_state[0], scratch.of_state[1], scratch.of_state[2]
    open_stream(stream, seed, world, year, y_.S_ONSET)
    counts[ONSETS] = draw_onsets(bonds, stream, year, p.onset[w], tables.onset_state[row], rows, pairs[ONSETS])
    open_stream(stream, seed, world, year, y_.S_END)
    counts[PEACES] = draw_ends(bonds, stream, year, p.rivalry_end[w], tables.end_state[row], pairs[PEACES])
    open_stream(stream, seed, world, year, y_.S_REGIME)
    for i in range(scratch.regimes.size):
        scratch.regimes[i] = _next_regime(
            int(bonds.state[b.REGIME, i]), uniform(stream), p.moves[w], tables.regime_state[row, i]
        )  # fmt: skip
    counts[DISPUTES] = 0
    if scratch.economy.shape[0] > 0:
        open_stream(stream, seed, world, year, y_.S_DISPUTE)
        counts[DISPUTES] = draw_disputes(
            bonds, stream, scratch.economy[e.WEIGHT], scratch.economy[e.LN_WEIGHT], p.disputes[w], p.typical_disputes,
            p.war[w], tables.dispute_state[row], factor, rows, sums, pairs[DISPUTES], scratch.is_war,
        )  # fmt: skip
        open_stream(stream, seed, world, year, y_.S_GROWTH)
        grow(scratch.economy, stream, p.drift[w], p.growth[w], tables.growth[row], scratch.u)
        open_stream(stream, seed, world, year, y_.S_SPENDING)
        spend(bonds, scratch.economy, stream, p.spending[w], p.pull_shift[w], tables.spending[row], scratch.u)
        spill(bonds, scratch.economy, scratch.effort)
    return bool(counts[ONSETS] >= 0 and counts[DISPUTES] >= 0)


@inner_bare
def _change_memberships(bonds: Bonds, results: Results, scratch: Scratch, c: Coefficients) -> None:
    """Treaties end, members leave and join, treaties are founded, as drawn."""
    pairs, counts = scratch.pairs, scratch.counts
    for k in range(counts[ENDS]):
        terminate(bonds, results, pairs[ENDS, k, 0], y_.TERMINATION, c)
    for k in range(counts[EXITS]):
        if bonds.treaty[b.LIVE, pairs[EXITS, k, 0]] > 0.5:
            withdraw(bonds, results, pairs[EXITS, k, 0], pairs[EXITS, k, 1], c)
    for k in range(counts[JOINS]):
        if bonds.treaty[b.LIVE, pairs[JOINS, k, 0]] > 0.5:
            accede(bonds, results, pairs[JOINS, k, 0], pairs[JOINS, k, 1], c)
    for f in range(counts[FOUNDINGS]):
        a = bonds.used[b.TREATIES]
        if a >= bonds.treaty.shape[1]:
            results.status[0] = 3
            return
        bonds.used[b.TREATIES] += 1
        members = scratch.sets[f, : scratch.set_size[f]]
        establish(bonds, results, a, members, scratch.kind[f, 0], scratch.kind[f, 1], math.nan, c)
    lapse(bonds, results, c)
    copy(scratch.recent[1:], scratch.recent)
    scratch.recent[4] = counts[FOUNDINGS]


@inner_bare
def _change_drivers(bonds: Bonds, results: Results, scratch: Scratch, honour: float, c: Coefficients) -> None:
    """Rivalries end and begin, regimes change, disputes are fought, as drawn."""
    pairs, counts = scratch.pairs, scratch.counts
    for k in range(counts[PEACES] + counts[ONSETS]):
        ending = k < counts[PEACES]
        pair = pairs[PEACES, k] if ending else pairs[ONSETS, k - counts[PEACES]]
        rival(bonds, results, pair[0], pair[1], -1.0 if ending else 1.0, c)
    for i in range(scratch.regimes.size):
        bonds.state[m.REGIME_CHANGE, i] = 0.0
        if scratch.regimes[i] != int(bonds.state[b.REGIME, i]):
            set_regime(bonds, results, i, scratch.regimes[i])
    for k in range(counts[DISPUTES]):
        i, j, war = pairs[DISPUTES, k, 0], pairs[DISPUTES, k, 1], scratch.is_war[k]
        log(results, y_.DISPUTE, -1, i, j, 1 if war else 0)
        if war and not bonds.flag[b.WAR, i, j]:
            attack(bonds, scratch.economy, results, scratch.attacks, i, j, honour, c)


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
def _observe(bonds: Bonds, economy: _Floats, results: Results, row: int, first: int, n_start: int) -> None:
    """Counts and indicators at the end of the year; `first` is the first row of the log that is of this year."""
    seen = results.system[results.used[y_.OF_WORLD], row]
    for a in range(bonds.used[b.TREATIES]):
        size = int(bonds.treaty[b.SIZE, a]) if bonds.treaty[b.LIVE, a] > 0.5 else 0
        if size > 0:
            seen[0] += 1
            seen[1] += bonds.treaty[m.DEFENCE, a]
        before = int(bonds.treaty[b.SEEN, a])
        if a < n_start and size != before:
            results.size[row, a, before] -= 1
            results.size[row, a, size] += 1
            bonds.treaty[b.SEEN, a] = size
    seen[2], seen[4] = bonds.used[b.TIES_NOW], bonds.used[b.RIVALRIES]
    for i in range(bonds.state.shape[1]):
        seen[3] += bonds.state[b.N_TIED, i] > 0.5
        seen[5] += bonds.state[b.REGIME, i] >= 2.0
    if economy.shape[0] == 0:
        seen[y_.DISPUTES] = math.nan
    seen[y_.GDP], seen[y_.MILEX] = _total(economy, e.GDP) / 1e3, _total(economy, e.MILEX) / 1e3
    for k in range(first, results.used[y_.ROWS]):
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
    stream, happens, economy, used = scratch.stream, scratch.happens, scratch.economy, results.used
    for w in range(p.war_end.size):
        world = first_world + w
        c = Coefficients(p.accession[w], p.founding[w], p.onset[w])
        reset(bonds, start, start.used[b.TREATIES])
        weigh(bonds, c.accession, c.founding, c.onset)
        copy_rows(at_start, economy)
        copy(start_foundings, scratch.recent)
        open_stream(stream, seed, world, 0, y_.S_SHOCK)
        for k in range(happens.size):
            k_shocks = tables.shocks.shape[0]
            happens[k] = uniform(stream) < (tables.shocks[k, 6] if k < k_shocks else tables.founded[k - k_shocks, 3])
        for row in range(tables.founding_rate.size):
            year, first = first_year + row, used[y_.ROWS]
            bonds.used[b.YEAR], used[y_.OF_WORLD], used[y_.OF_YEAR], used[y_.OF_PLAN] = row, w, year, 0
            open_stream(scratch.attacks, seed, world, year, y_.S_ATTACK)
            shocks(
                bonds, economy, results, tables, happens, scratch.attacks, row, n_start, scratch.members, p.honour[w], c
            )  # fmt: skip
            ask(bonds, tables, row, c.accession)
            fine = _draw_memberships(bonds, tables, p, scratch, seed, world, w, year, row)
            fine &= _draw_foundings(bonds, tables, p, scratch, seed, world, w, year, row)
            fine &= _draw_drivers(bonds, tables, p, scratch, seed, world, w, year, row)
            if not fine:
                results.status[0] = 2
                return
            _change_memberships(bonds, results, scratch, c)
            _change_drivers(bonds, results, scratch, p.honour[w], c)
            if economy.shape[0] > 0:
                open_stream(stream, seed, world, year, y_.S_SUPPORT)
                sway(economy, stream)
                tally(economy, at_start[e.LN_GDP], results.cells[w, row])
            open_stream(stream, seed, world, year, y_.S_PEACE)
            peace(bonds, stream, p.war_end[w], c)
            fade(bonds, half_life)
            _observe(bonds, economy, results, row, first, n_start)
            if results.status[0] != 0:
                return
    count_cells(results.cells, results.drivers)
