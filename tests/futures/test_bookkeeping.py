"""What the kernels keep from event to event, against what it stands for, worked out anew from the members at the end.

The simulator changes relations, lists, counts and bounds with each event. After years of them everything must be what
the fits' own functions make of the world as it then stands, and no rate may have passed its bound.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from numba import njit
from tests.futures.small import world
from tests.futures.test_worlds import BUSY

from foedus.futures import bonds as b
from foedus.futures import year_kernels
from foedus.futures.chunk import Arguments, Job, laid_out
from foedus.futures.ensemble import job_of
from foedus.futures.row_kernels import exp_above
from foedus.futures.start import from_record
from foedus.model.membership import kernels as m
from foedus.model.near import cos_of_turns, exp_near, log_near
from foedus.record import load

SINGLE = 2e-5  # relative, of numbers kept in single precision


def after(job: Job, worlds: int) -> Arguments:
    """The arrays as the last of the worlds leaves them, at the start of the year after the run."""
    given = laid_out(job, 0, worlds)
    year_kernels.run_chunk(*given)
    assert given.results.status[0] == 0
    return given


@pytest.fixture(scope="module", params=["busy", "record"])
def ran(request: pytest.FixtureRequest) -> Arguments:
    """A small world in which much happens, and the record's."""
    if request.param == "busy":
        return after(job_of(world(), fits=BUSY, until=2012), 3)
    return after(job_of(from_record(load(), 2025), until=2031), 2)


def live(g: Arguments) -> list[int]:
    return [a for a in range(int(g.bonds.used[b.TREATIES])) if g.bonds.treaty[b.LIVE, a] > 0.5]


def test_lists_and_counts_are_those_of_the_members(ran: Arguments) -> None:
    k, n = ran.bonds, ran.bonds.state.shape[1]
    shared, defended = np.zeros((n, n), int), np.zeros((n, n), int)
    of_state: list[set[int]] = [set() for _ in range(n)]
    for a in live(ran):
        members = np.flatnonzero(k.member[a])
        assert k.roster[a, : int(k.treaty[b.SIZE, a])].tolist() == members.tolist()
        assert np.isfinite(k.entry[b.SINCE, a, members]).all() and (k.past[a, members] >= b.IN).all()
        for i in members:
            of_state[i].add(a)
        for i, j in combinations(members, 2):
            shared[i, j] += 1
            defended[i, j] += k.treaty[m.DEFENCE, a] > 0.5
    shared, defended = shared + shared.T, defended + defended.T
    rival = k.flag[b.RIVAL]
    assert np.array_equal(k.shorts[b.SHARED], shared) and np.array_equal(k.shorts[b.DEFENDED], defended)
    common = rival.astype(int) @ rival.astype(int) * (1 - np.eye(n, dtype=int))
    assert np.array_equal(k.shorts[b.N_COMMON], common) and np.array_equal(k.flag[b.COMMON], common > 0)
    assert np.array_equal(rival, rival.T) and not (rival & k.flag[b.FORMER]).any()
    for one in range(n):
        assert set(k.ties_of[one, 1 : k.ties_of[one, 0] + 1].tolist()) == of_state[one]
        for layer, column, pairs in ((b.PARTNERS, b.N_TIED, defended > 0), (b.FOES, b.N_RIVALS, rival)):
            count = int(k.state[column, one])
            assert sorted(k.others[layer, one, :count].tolist()) == np.flatnonzero(pairs[one]).tolist()
    pledged = [sum(k.treaty[m.DEFENCE, a] > 0.5 for a in treaties) for treaties in of_state]
    assert k.state[b.PLEDGES].tolist() == pledged
    each = np.diff(k.between[b.QUARREL], axis=1, prepend=np.float32(0.0))
    np.testing.assert_allclose(k.by_state[b.FOES_SUM], np.where(rival, each, 0.0).sum(axis=1), rtol=1e-5, atol=1e-12)
    assert k.used[b.TIES_NOW] == (defended > 0).sum() // 2 and k.used[b.RIVALRIES] == rival.sum() // 2


def relations(g: Arguments, a: int) -> np.ndarray:
    """How every state stands to the members of a, by the function of the fits."""
    k, out = g.bonds, np.zeros((g.bonds.state.shape[1], 9))
    m.relations(
        float(g.first_year + len(g.tables.founding_rate)), g.half_life, k.member[a], k.entry[b.SINCE, a],
        k.entry[b.LEFT, a], np.ascontiguousarray(k.state[:4].T), k.dyad[b.JOINT] * k.scale[0],
        k.shorts[b.SHARED].astype(float), k.between[b.LOG_KM].astype(float), k.flag[b.RIVAL], k.flag[b.COMMON],
        k.flag[b.WAR], out,
    )  # fmt: skip
    return out


def test_relations_of_members_are_those_of_the_fits(ran: Arguments) -> None:
    kept = np.array([m.TIE, m.ALLIED, m.DISTANCE, m.RIVALS, m.SHARED_RIVALS, m.WARS])
    for a in live(ran):
        members = np.flatnonzero(ran.bonds.member[a])
        found = ran.bonds.relation[a][np.ix_(members, kept)].copy()
        found[:, 0] *= ran.bonds.scale[0]
        np.testing.assert_allclose(found, relations(ran, a)[np.ix_(members, kept)], rtol=1e-6, atol=1e-9)
        assert np.array_equal(ran.bonds.relation[a, members, b.JOINED], ran.bonds.entry[b.SINCE, a, members])


def test_no_rate_of_accession_is_above_its_bound(ran: Arguments) -> None:
    k, c = ran.bonds, ran.p.accession[-1]
    year = float(ran.first_year + len(ran.tables.founding_rate))
    row, tight = np.zeros(23), []
    for a in live(ran):
        relation, size = relations(ran, a), int(k.treaty[b.SIZE, a])
        for i in np.flatnonzero(~k.member[a]):
            m.accession_row(
                year, ran.half_life, size, int(i), k.entry[b.SINCE, a], k.entry[b.LEFT, a],
                np.ascontiguousarray(k.state[:4].T), k.treaty[:7, a].copy(), relation, row,
            )  # fmt: skip
            alone = row.copy()  # the terms of the treaty alone, and of the state alone with all its activity
            alone[[4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16]] = 0.0
            alone[4] = math.sqrt(k.state[m.ACTIVITY, i])
            if k.ask[a, i] == 0.0:  # barred by law
                assert k.pull[a, i] == 0.0
                continue
            bound = math.log(float(k.pull[a, i])) + alone @ c + max(c[13], 0.0) + max(c[14], 0.0)
            assert row @ c <= bound + SINGLE
            tight.append(bound - row @ c)
    assert np.median(tight) < 2.0  # a bound of any use


def test_pairs_are_kept_exactly_and_bounded(ran: Arguments) -> None:
    k, n, c, f, o = ran.bonds, ran.bonds.state.shape[1], ran.p.accession[-1], ran.p.founding[-1], ran.p.onset[-1]
    shared, far = k.shorts[b.SHARED] > 0, k.between[b.LOG_KM].astype(float)
    flags = [k.flag[layer].astype(float) for layer in (b.RIVAL, b.COMMON, b.WAR)]
    off = ~np.eye(n, dtype=bool)
    pulls = c[6] * shared + c[7] * far + c[9] * flags[0] + c[10] * flags[1] + c[11] * flags[2]
    link = f[2] * shared + f[3] * far + f[4] * flags[0] + f[5] * flags[1] + f[6] * flags[2]
    np.testing.assert_allclose(k.between[b.PULLS][off], pulls[off], rtol=SINGLE, atol=SINGLE)
    np.testing.assert_allclose(k.between[b.LINK][off], link[off], rtol=SINGLE, atol=SINGLE)
    base = (k.state[b.BASE][:, None] + k.state[b.BASE]) / 2
    pair = f[0] * np.sqrt(base) + max(f[1], 0.0) * np.sqrt(k.dyad[b.JOINT] * k.scale[0]) + link
    assert (np.log(k.between[b.PAIR][off]) >= pair[off] - 1e-6).all()
    feud = o[0] + o[1] * k.between[b.LN_KM].astype(float) + o[5] * k.flag[b.FORMER]
    apart = off & ~k.flag[b.RIVAL]
    np.testing.assert_allclose(np.log(k.between[b.FEUD][apart]), feud[apart], atol=2e-4)
    assert (k.between[b.FEUD][~apart] == 0).all()
    for layer, sums, lift in ((b.PAIR, b.PAIR_SUM, b.PAIR_LIFT), (b.FEUD, b.FEUD_SUM, b.FEUD_LIFT)):
        whole = k.between[layer].astype(float) @ k.by_state[lift]
        np.testing.assert_allclose(k.by_state[sums], whole, rtol=1e-6, atol=1e-9)


def test_a_world_does_not_depend_on_the_one_before() -> None:
    """The arrays are put back, not made anew: the second world alone is the second world after the first."""
    job = job_of(world(), fits=BUSY, until=2012)
    both = after(job, 2).results
    given = laid_out(job, 0, 2)
    alone = given._replace(
        p=type(given.p)(*(v if v is given.p.typical_disputes else v[1:] for v in given.p)), first_world=1
    )
    year_kernels.run_chunk(*alone)
    rows = both.log[: both.used[0]]
    assert np.array_equal(rows[rows[:, 0] == 1][:, 1:], alone.results.log[: alone.results.used[0], 1:])


@njit(error_model="numpy")
def _near(x: np.ndarray, which: int) -> np.ndarray:
    out = np.empty_like(x)
    for i in range(x.size):
        out[i] = exp_near(x[i]) if which == 0 else log_near(x[i]) if which == 1 else cos_of_turns(x[i])
    return out


def test_functions_without_a_call_are_close_to_the_librarys() -> None:
    x = np.linspace(-690.0, 690.0, 20_001)
    np.testing.assert_allclose(_near(x, 0), np.exp(x), rtol=1e-11)
    np.testing.assert_allclose(_near(np.exp(x), 1), x, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(_near(x / 200.0, 2), np.cos(2 * np.pi * x / 200.0), atol=1e-11)
    assert _near(np.array([-1e6, 0.0]), 0).tolist() == [pytest.approx(0.0, abs=1e-300), 1.0]


@njit(error_model="numpy")
def _above(x: np.ndarray) -> np.ndarray:
    out = np.empty_like(x)
    for i in range(x.size):
        out[i] = exp_above(x[i])
    return out


def test_bounds_in_single_precision_are_bounds() -> None:
    x = np.linspace(-45.0, 80.0, 200_001).astype(np.float32)
    above = _above(x).astype(float) / np.exp(x.astype(float))
    assert above.min() > 1.00002 and above.max() < 1.0001
    assert (_above(np.array([-1e9, -60.0], np.float32)) >= np.exp(-60.0)).all()
