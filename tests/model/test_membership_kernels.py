"""The design rows of the kernels equal those of the plain twin, whose history is a list of events."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.model.membership import kernels, plain
from foedus.model.membership.plain import Past
from foedus.model.membership.standing import (
    ACCESSION,
    FOUNDING,
    RELATIONS,
    STATE_COLUMNS,
    TERMINATION,
    TREATY_COLUMNS,
    WITHDRAWAL,
    Standing,
)

REL, ABS = 1e-9, 1e-6  # the root of what is left of a difference of powers of two: sqrt(1e-14) = 1e-7


def invented(seed: int, n: int = 8, t: int = 5, until: int = 1950) -> tuple[Standing, list[Past]]:
    """A world that lives through foundings, accessions and withdrawals, and the events that made its history."""
    rng = np.random.default_rng(seed)
    joint, states = np.zeros((n, n)), np.zeros((n, len(STATE_COLUMNS)))
    member = np.zeros((t, n), bool)
    since, left = np.full((t, n), np.nan), np.full((t, n), np.nan)
    treaties = np.zeros((t, len(TREATY_COLUMNS)))
    treaties[:, 0] = np.sort(rng.integers(until - 30, until - 1, t))
    past: list[Past] = []
    for year in range(until - 30, until):
        for a in range(t):
            if treaties[a, 0] == year:
                founders = np.sort(rng.choice(n, rng.integers(2, 5), replace=False))
                member[a, founders], since[a, founders] = True, year
                kernels.record_founding(founders, joint, states)
                past.append(Past(a, year, tuple(founders.tolist())))
            elif year > treaties[a, 0] and rng.random() < 0.15 and np.isnan(left[a]).all() and not member[a].all():
                i = int(rng.choice(np.flatnonzero(~member[a] & np.isnan(since[a]))))
                others = np.flatnonzero(member[a])
                kernels.record_accession(i, others, joint, states)
                past.append(Past(a, year, (i,), tuple(others.tolist())))
                member[a, i], since[a, i] = True, year
            elif year > treaties[a, 0] and rng.random() < 0.1 and member[a].sum() > 2:
                i = int(rng.choice(np.flatnonzero(member[a])))
                member[a, i], left[a, i] = False, year
        kernels.fade(20.0, joint, states)
    states[:, 1:3], states[:, 3] = rng.random((n, 2)), rng.random(n) < 0.3
    treaties[:, 1:3] = rng.random((t, 2)) < 0.5
    treaties[:, 3] = np.where(rng.random(t) < 0.5, until, np.nan)
    treaties[:, 4:] = rng.integers(0, 5, (t, 3))
    rival = _symmetric(rng.random((n, n)) < 0.3)
    common, shared = np.zeros_like(rival), np.zeros((n, n))
    kernels.common_rivals(rival, common)
    kernels.shared_alliances(member, shared)
    distance = np.log1p(np.abs(rng.normal(0, 3000, (n, 1)) - rng.normal(0, 3000, n)))
    distance = np.where(np.eye(n, dtype=bool), 0.0, (distance + distance.T) / 2)
    war = _symmetric(rng.random((n, n)) < 0.1)
    return Standing(until, np.ones(n, bool), member.sum(1) > 1, member, since, left, states, treaties, joint, shared,
                    distance, rival, common, war), past  # fmt: skip


def _symmetric(matrix: np.ndarray) -> np.ndarray:
    upper = np.triu(matrix, 1)
    return np.asarray(upper | upper.T)


def relations_of(world: Standing, a: int) -> tuple[np.ndarray, int]:
    out = np.empty((len(world.here), len(RELATIONS)))
    n = kernels.relations(
        float(world.year), world.half_life, world.member[a], world.since[a], world.left[a], world.states, world.joint,
        world.shared, world.log_distance, world.rival, world.common, world.war, out,
    )  # fmt: skip
    return out, n


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_rows_of_memberships_equal_the_twin(seed: int) -> None:
    world, past = invented(seed)
    year, h = float(world.year), world.half_life
    for a in range(len(world.in_force)):
        relation, n = relations_of(world, a)
        treaty = world.treaties[a]
        assert n == world.member[a].sum()
        for i in range(len(world.here)):
            expected = plain.relation(past, world, a, i)
            assert dict(zip(RELATIONS, relation[i], strict=True)) == pytest.approx(expected, rel=REL, abs=ABS)
            if world.member[a, i]:
                out = np.empty(len(WITHDRAWAL))
                kernels.withdrawal_row(year, h, n, i, world.since[a], world.states, treaty, relation, out)
                assert dict(zip(WITHDRAWAL, out, strict=True)) == pytest.approx(
                    plain.withdrawal(past, world, a, i), rel=REL, abs=ABS
                )
            else:
                out = np.empty(len(ACCESSION))
                kernels.accession_row(
                    year, h, n, i, world.since[a], world.left[a], world.states, treaty, relation, out
                )  # fmt: skip
                assert dict(zip(ACCESSION, out, strict=True)) == pytest.approx(
                    plain.accession(past, world, a, i), rel=REL, abs=ABS
                )
        out = np.empty(len(TERMINATION))
        kernels.termination_row(year, np.flatnonzero(world.member[a]), world.states, treaty, relation, out)
        assert dict(zip(TERMINATION, out, strict=True)) == pytest.approx(
            plain.termination(past, world, a), rel=REL, abs=ABS
        )


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_rows_of_foundings_equal_the_twin(seed: int) -> None:
    world, past = invented(seed)
    sets = [s for k in (2, 3, 5) for s in list(combinations(range(len(world.here)), k))[:12]]
    start = np.cumsum([0, *map(len, sets)])
    out = np.empty((len(sets), len(FOUNDING)))
    kernels.founding_rows(
        start, np.array([i for s in sets for i in s]), world.states, world.joint, world.shared, world.log_distance,
        world.rival, world.common, world.war, out,
    )  # fmt: skip
    for row, members in zip(out, sets, strict=True):
        assert dict(zip(FOUNDING, row, strict=True)) == pytest.approx(
            plain.founding(past, world, members), rel=REL, abs=ABS
        )


def test_the_kernels_know_how_many_columns_there_are() -> None:
    sizes = (kernels.N_RELATIONS, kernels.N_ACCESSION, kernels.N_WITHDRAWAL, kernels.N_TERMINATION, kernels.N_FOUNDING)
    assert sizes == tuple(map(len, (RELATIONS, ACCESSION, WITHDRAWAL, TERMINATION, FOUNDING)))
