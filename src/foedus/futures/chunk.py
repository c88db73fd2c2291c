"""A chunk of worlds from their start to the last year: arrays in, arrays out; nothing is read or written here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures import economy as e
from foedus.futures.bonds import Bonds, room
from foedus.futures.errors import RunError
from foedus.futures.parameters import Fits, draw
from foedus.futures.plan import WHATS, Plan
from foedus.futures.world import World
from foedus.futures.years import LARGEST_SET, MOST, N_COLUMNS, SYSTEM, Parameters, Results, Tables
from foedus.model.compiling import uncollected
from foedus.model.membership import kernels as m

if TYPE_CHECKING:
    from foedus.futures.year_kernels import Scratch

_Floats = NDArray[np.float64]
CHUNK = 500  # worlds; part of what a run is, for parameters are drawn by chunk
EVENTS = 96  # a world and year: room in the log, doubled when it is full
FOUNDINGS = 24  # a year: room for new treaties, doubled when it is full


@dataclass(frozen=True, eq=False)
class Job:
    """All that makes a run what it is."""

    world: World
    plan: Plan
    fits: Fits
    until: int
    seed: int

    @property
    def n_years(self) -> int:
        """Years simulated."""
        return self.until - self.world.origin

    @property
    def economy(self) -> bool:
        """Whether growth, expenditure, support and disputes are simulated: with their fits, and with figures of all
        states' GDP and some states' expenditure, which the record has for today and not for an earlier origin."""
        known = np.isfinite(self.world.gdp_musd).all() and np.isfinite(self.world.milex_share).any()
        return self.fits.economy and bool(known)


class Arguments(NamedTuple):
    """What the kernel is called with for one chunk, in its order."""

    start: Bonds
    bonds: Bonds
    tables: Tables
    p: Parameters
    results: Results
    scratch: Scratch
    seed: np.uint64
    start_foundings: _Floats
    at_start: _Floats
    first_world: int
    first_year: int
    n_start: int
    half_life: float


def run_chunk(job: Job, chunk: int, worlds: int) -> Results:
    """The `worlds` worlds of chunk number `chunk`, numbered from chunk * CHUNK on.

    Raises RunError when a bound fails (a mistake of the program) or room runs out even when doubled.
    """
    from foedus.futures import year_kernels

    scale = 1
    while scale <= 64:
        given = laid_out(job, chunk, worlds, scale)
        with uncollected():
            year_kernels.run_chunk(*given)
        status = int(given.results.status[0])
        if status == 0:
            return _whole(given.results, given.start, job.world, worlds)
        if status == 2:
            raise RunError(
                f"chunk {chunk}: a rate passed its bound. This is a mistake of the program; please report it."
            )
        scale *= 2
    raise RunError(f"chunk {chunk}: more than {EVENTS * 64} events a year in a world; the parameters cannot be right.")


def laid_out(job: Job, chunk: int, worlds: int, scale: int = 1) -> Arguments:
    """The start, a plan and parameters as arrays, and room for `scale` times the events that are usual."""
    world, off = job.world, job.plan.off
    if "eligibility" in off:
        world = world.with_(eligible=np.ones_like(world.eligible))
    p = draw(
        replace(job.fits, fixed=True) if "parameter-uncertainty" in off else job.fits,
        worlds,
        int(np.random.SeedSequence([job.seed, chunk]).generate_state(1, np.uint64)[0] >> 1),
        year=world.origin + 1,
        states=world.states,
        war_end=0.0 if "war-end" in off else world.war_end,
        helped=(0, 0) if "intervention" in off else world.helped,
    )
    economy, tables, half_life = _economy(job), tables_of(job.plan, world, job.n_years), world.standing.half_life
    planned = world.n_treaties + len(job.plan.foundings)
    start = _filled(world, planned)
    if job.economy:
        start = _with_quarrels(start, p.typical_disputes)
    bonds = room(world.n_states, planned + FOUNDINGS * job.n_years * scale, job.n_years, half_life)
    bonds.dyad[:], bonds.between[:] = start.dyad, start.between  # distances and quarrels never change
    return Arguments(
        start, bonds, tables, p, _empty(worlds, job, scale, bonds), _scratch(world.n_states, bonds, tables, economy),
        np.uint64(job.seed), world.foundings, economy, chunk * CHUNK, world.origin + 1, world.n_treaties, half_life,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _filled(world: World, planned: int) -> Bonds:
    """The start, with places for as many treaties: the same for all chunks of a run."""
    start = room(world.n_states, planned, half_life=world.standing.half_life)
    fill(start, world)
    return start


def _whole(results: Results, start: Bonds, world: World, worlds: int) -> Results:
    """The kernel counts changes of members and ties: what they are of, the start, and summed up from year to year."""
    changes = (results.members, results.size, results.tied)
    members, size, tied = (np.cumsum(change, axis=0, dtype=np.int32) for change in changes)
    members += worlds * world.member.astype(np.int32)
    size[:, np.arange(world.n_treaties), world.member.sum(axis=1)] += worlds
    tied += np.int32(worlds) * np.tril(start.shorts[b.DEFENDED] > 0, -1).astype(np.int32)
    return results._replace(members=members, size=size, tied=tied)


def _economy(job: Job) -> _Floats:
    """Where the economy begins, without what is switched off; no rows where there is none."""
    if not job.economy:
        return np.zeros((0, job.world.n_states))
    state = e.at_start(job.world, job.fits)
    if "guideline" in job.plan.off:
        state[e.GUIDELINE] = 0.0
    return state


def _with_quarrels(start: Bonds, typical: _Floats) -> Bonds:
    """The start with QUARREL: running sums along rows of what distance alone gives a dispute; with itself, nothing.

    A little more, for a difference of sums in single precision must not be less than what was added.
    """
    by_distance = 1.002 * np.exp(typical[0] + typical[8] + typical[1] * start.between[b.LN_KM])
    np.fill_diagonal(by_distance, 0.0)
    start = start._replace(between=start.between.copy(), by_state=start.by_state.copy())  # the fits are the job's own
    rising = start.between[b.QUARREL]
    rising[:] = np.cumsum(by_distance, axis=1)
    each = np.diff(rising, axis=1, prepend=np.float32(0.0))
    start.by_state[b.QUARREL_SUM] = rising[:, -1]
    start.by_state[b.FOES_SUM] = np.where(start.flag[b.RIVAL], each, 0.0).sum(axis=1, dtype=np.float64)
    return start


def _empty(worlds: int, job: Job, scale: int, bonds: Bonds) -> Results:
    n, t, years = job.world.n_states, job.world.n_treaties, job.n_years
    return Results(
        log=np.zeros((worlds * years * EVENTS * scale, N_COLUMNS), np.int32),
        used=np.zeros(4, np.int64),
        members=np.zeros((years, t, n), np.int32),
        size=np.zeros((years, t, n + 1), np.int32),
        tied=bonds.tied,
        cells=np.zeros((worlds, years if job.economy else 0, len(e.KINDS), n), np.uint8),
        drivers=np.zeros((years if job.economy else 0, n, len(e.KINDS), e.CELLS), np.int32),
        system=np.zeros((worlds, years, len(SYSTEM)), np.float32),
        status=np.zeros(1, np.int64),
    )


def _scratch(n: int, bonds: Bonds, tables: Tables, economy: _Floats) -> Scratch:
    from foedus.futures.draws_kernels import SLOTS
    from foedus.futures.year_kernels import Scratch

    return Scratch(
        stream=np.zeros(SLOTS, np.uint64),
        attacks=np.zeros(SLOTS, np.uint64),
        recent=np.zeros(5),
        members=np.zeros(n, np.int64),
        pairs=np.zeros((7, MOST, 2), np.int64),
        counts=np.zeros(7, np.int64),
        sets=np.zeros((MOST, LARGEST_SET), np.int64),
        set_size=np.zeros(MOST, np.int64),
        kind=np.zeros((MOST, 2)),
        regimes=np.zeros(n, np.int64),
        happens=np.zeros(len(tables.shocks) + len(tables.founded), np.bool_),
        of_treaty=np.ones((3, bonds.treaty.shape[1])),
        of_state=np.zeros((3, n)),
        of_set=np.zeros((7, n), np.float32),
        of_member=np.zeros((5, 16 * n)),
        whose=np.zeros((2, 16 * n), np.int64),
        lift=np.zeros(n, np.float32),
        effort=np.zeros((n, 4)),
        economy=np.zeros_like(economy),
        u=np.zeros((2, n)).T,  # column by column, so that kernels take several states a step
        is_war=np.zeros(MOST, np.bool_),
    )


def fill(bonds: Bonds, world: World) -> None:
    """Write the start of a world into empty arrays."""
    s, t = world.standing, world.n_treaties
    bonds.treaty[:7, :t], bonds.treaty[b.LIVE, :t] = s.treaties.T, 1.0
    bonds.treaty[b.SIZE, :t] = bonds.treaty[b.SEEN, :t] = s.member.sum(axis=1)
    bonds.treaty[b.RECENT + 1 : b.RECENT + 6, :t] = world.recent[:, :5].T
    bonds.treaty[b.RECENT + 7 : b.RECENT + 9, :t] = world.recent[:, 5:7].T
    bonds.state[:4], bonds.state[b.BASE] = s.states.T, s.states[:, m.ACTIVITY]
    bonds.state[b.REGIME], bonds.state[b.ENTERED] = world.regime, world.state_since
    bonds.ask[:t] = world.eligible  # 0: no rate of accession
    bonds.member[:t], bonds.entry[b.SINCE, :t], bonds.entry[b.LEFT, :t] = s.member, s.since, s.left
    bonds.past[:t] = b.IN * np.isfinite(s.since) + b.WENT * np.isfinite(s.left)
    relation = np.zeros((world.n_states, 9))
    for a in range(t):
        members = np.flatnonzero(s.member[a])
        bonds.roster[a, : len(members)] = members
        for i in members:
            bonds.ties_of[i, 0] += 1
            bonds.ties_of[i, bonds.ties_of[i, 0]] = a
        m.relations(
            float(s.year), s.half_life, s.member[a], s.since[a], s.left[a], s.states, s.joint, s.shared,
            s.log_distance, s.rival, s.common, s.war, relation,
        )  # fmt: skip
        bonds.relation[a] = relation[:, :-1]
        bonds.relation[a, :, b.JOINED] = s.since[a]
    bonds.used[0] = bonds.treaty.shape[1]  # those that the plan founds have their places behind the first t
    defence, rival = s.member[world.defence].astype(np.int16), s.rival.astype(np.int16)
    bonds.dyad[b.JOINT], bonds.between[b.LOG_KM] = s.joint, s.log_distance
    bonds.between[b.LN_KM] = np.log(np.maximum(np.expm1(s.log_distance), 10.0))  # as in the rivalry model
    bonds.shorts[b.SHARED], bonds.shorts[b.DEFENDED] = s.shared, defence.T @ defence
    bonds.shorts[b.N_COMMON], bonds.shorts[b.RIVAL_SINCE] = rival @ rival, world.rival_since
    for layer in (*bonds.dyad, *bonds.between, *bonds.shorts):
        np.fill_diagonal(layer, 0)  # nobody stands to itself
    bonds.flag[b.RIVAL], bonds.flag[b.COMMON], bonds.flag[b.WAR] = s.rival, s.common, s.war
    bonds.flag[b.FORMER] = world.former
    tied = bonds.shorts[b.DEFENDED] > 0
    for which, pairs in ((b.PARTNERS, tied), (b.FOES, s.rival)):
        for own, beside in zip(bonds.others[which], pairs, strict=True):
            found = np.flatnonzero(beside)
            own[: len(found)] = found
    bonds.state[b.N_RIVALS], bonds.state[b.N_WARS] = s.rival.sum(axis=1), s.war.sum(axis=1)
    bonds.state[b.N_TIED], bonds.state[b.PLEDGES] = tied.sum(axis=1), defence.sum(axis=0)
    bonds.used[b.FIRST] = s.year
    bonds.used[b.TIES_NOW], bonds.used[b.RIVALRIES] = tied.sum() // 2, s.rival.sum() // 2


def tables_of(plan: Plan, world: World, years: int) -> Tables:
    """A plan as the arrays that the kernel reads."""
    n, t = world.n_states, world.n_treaties
    first = world.origin + 1

    def factors(found: NDArray[np.float64] | None, *shape: int) -> _Floats:
        out = np.ones((years, *shape))
        if found is not None:
            rows = min(years, len(found))
            out[:rows] = found[:rows]
        return out

    def path(found: NDArray[np.float64] | None, nothing: float) -> _Floats:
        out = np.full((years, n), nothing)
        if found is not None:
            rows = min(years, len(found))
            out[:rows] = found[:rows]
        return out

    def pairs(found: NDArray[np.float64] | None, lawful: NDArray[np.bool_] | float = 1.0) -> _Floats:
        return np.zeros((0, t, n)) if found is None else factors(found, t, n) * lawful

    shocks = [
        (s.year - first, WHATS.index(s.what), s.treaty, s.state, s.other, s.value, s.probability) for s in plan.shocks
    ]
    founded = [(f.year - first, f.defence, f.term, f.probability) for f in plan.foundings]
    return Tables(
        shocks=np.array(shocks, np.float64).reshape(-1, 7),
        founded=np.array(founded, np.float64).reshape(-1, 4),
        founders=np.array([f.members for f in plan.foundings], np.bool_).reshape(-1, n),
        accession_treaty=factors(plan.levers.get("accession"), t),
        accession_state=factors(plan.state_levers.get("accession"), n),
        accession_pair=pairs(plan.pair_levers.get("accession"), world.eligible),
        withdrawal_treaty=factors(plan.levers.get("withdrawal"), t),
        withdrawal_state=factors(plan.state_levers.get("withdrawal"), n),
        withdrawal_pair=pairs(plan.pair_levers.get("withdrawal")),
        termination_treaty=factors(plan.levers.get("termination"), t),
        founding_state=factors(plan.levers.get("founding"), n),
        founding_rate=factors(plan.founding_rate),
        regime_state=factors(plan.levers.get("regime_change"), n),
        onset_state=factors(plan.levers.get("rivalry_onset"), n),
        end_state=factors(plan.levers.get("rivalry_end"), n),
        dispute_state=factors(plan.levers.get("dispute"), n) * (0.0 if "disputes" in plan.off else 1.0),
        growth=path(plan.growth, 0.0),
        spending=path(plan.spending_target, np.nan),
    )
