"""The simulator with constant hazards against closed forms, and its sets against exact enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from tests.futures.small import fits, world

from foedus.futures.ensemble import run
from foedus.model.membership.kernels import founding_row
from foedus.model.membership.standing import FOUNDING

WORLDS, YEARS = 4000, 6
WIDE = 4.5  # standard errors: one false alarm in 150,000
START = world()


def _count(frames: dict[str, pl.DataFrame], kind: str) -> int:
    return frames["events"].filter(pl.col("kind") == kind).height


def _near(found: float, chance: float, n: int) -> bool:
    return bool(abs(found - chance * n) < WIDE * np.sqrt(n * chance * (1 - chance)) + 1e-9)


def test_nothing_happens_without_hazards() -> None:
    frames = run(START, fits=fits(), worlds=20, until=2010)
    assert frames["events"].height == 0
    assert (frames["members"]["worlds"] == 20).all()
    assert frames["members"].height == START.member.sum() * 10


@pytest.mark.parametrize("rate", [0.05, 0.7])
def test_termination_is_geometric(rate: float) -> None:
    frames = run(START, fits=fits(termination={"one": np.log(rate)}), worlds=WORLDS, until=2000 + YEARS)
    alive = int(frames["sizes"].filter((pl.col("members") > 0) & (pl.col("year") == 2000 + YEARS))["worlds"].sum())
    assert _near(alive, np.exp(-rate * YEARS), WORLDS * START.n_treaties)


@pytest.mark.parametrize("rate", [0.08, 1.0, 40.0])  # the last is drawn state by state
def test_accession_follows_the_cloglog_hazard(rate: float) -> None:
    until = 2000 + YEARS if rate < 1 else 2001
    frames = run(START, fits=fits(accession={"one": np.log(rate)}), worlds=WORLDS, until=until)
    outside = int((~START.member).sum())
    assert _near(_count(frames, "accession"), 1 - np.exp(-rate * (until - 2000)), WORLDS * outside)


def test_accession_of_one_year_by_unit() -> None:
    coefs = {"one": -2.5, "log_distance": -0.3, "sqrt_tie": 0.8, "rivals": 1.5, "shared_rivals": 0.7, "allied": -0.7,
             "joint_democracy": 0.9, "sqrt_activity": 0.6, "log_members": 0.4, "democracy_gap": -1.0,
             "log_nearest": 0.2}  # fmt: skip
    frames = run(START, fits=fits(accession=coefs), worlds=20_000, until=2001)
    exact = _accession_rates(coefs)
    seen = frames["events"].group_by("treaty", "state").len()
    got = {(t, s): n for t, s, n in seen.iter_rows()}
    for (a, i), rate in exact.items():
        assert _near(got.get((a, i), 0), 1 - np.exp(-rate), 20_000), (a, i)


def _accession_rates(coefs: dict[str, float]) -> dict[tuple[int, int], float]:
    """Straight from the rows of the fit."""
    from foedus.model.membership import kernels as m
    from foedus.model.membership.standing import ACCESSION

    s, beta = START.standing, np.array([coefs.get(t, 0.0) for t in ACCESSION])
    out, row = {}, np.zeros(len(ACCESSION))
    for a in range(START.n_treaties):
        relation = np.zeros((START.n_states, 9))
        size = m.relations(2001.0, 20.0, s.member[a], s.since[a], s.left[a], s.states, s.joint, s.shared,
                           s.log_distance, s.rival, s.common, s.war, relation)  # fmt: skip
        for i in np.flatnonzero(~s.member[a]):
            m.accession_row(2001.0, 20.0, size, int(i), s.since[a], s.left[a], s.states, s.treaties[a], relation, row)
            out[a, int(i)] = float(np.exp(row @ beta))
    return out


def test_foundings_are_negative_binomial() -> None:
    made = fits(founding_counts={"one": np.log(1.5), "log_alpha": np.log(0.6)})
    frames = run(START, fits=made, worlds=20_000, until=2001)
    n = frames["system"]["foundings"].to_numpy().astype(float)
    variance = 1.5 + 0.6 * 1.5**2
    assert abs(n.mean() - 1.5) < WIDE * np.sqrt(variance / len(n))
    assert abs(n.var() - variance) < WIDE * np.sqrt(((n - 1.5) ** 2).var() / len(n))


@pytest.mark.parametrize("size", [2, 3])
def test_founding_sets_against_enumeration(size: int) -> None:
    coefs = {"log_distance": -0.8, "sqrt_tie": 0.9, "rivals": -1.2, "democracy": 1.0, "democracy_gap": -0.6,
             "joint_democracy": 0.5, "sqrt_activity": 0.4, "allied": 0.5, "shared_rivals": 0.8}  # fmt: skip
    sizes = {"multi.one": -60.0} if size == 2 else {"multi.one": 10.0, "large.one": -60.0, "small.slope": -60.0}
    made = fits(founding=coefs, founding_counts={"one": np.log(8.0), "log_alpha": -20.0}, founding_sizes=sizes)
    frames = run(START, fits=made, worlds=4000, until=2001)
    sets = (
        frames["events"].group_by("world", "treaty", maintain_order=True).agg(pl.col("state").sort())["state"].to_list()
    )
    exact = _set_chances(size, coefs)
    got = dict.fromkeys(exact, 0)
    for s in sets:
        got[tuple(s)] += 1
    chi = sum((got[s] - len(sets) * p) ** 2 / (len(sets) * p) for s, p in exact.items())
    freedom = len(exact) - 1
    assert chi < freedom + WIDE * np.sqrt(2 * freedom), (chi, freedom)


def _set_chances(size: int, coefs: dict[str, float]) -> dict[tuple[int, ...], float]:
    s, beta = START.standing, np.array([coefs.get(t, 0.0) for t in FOUNDING])
    row, eta = np.zeros(len(FOUNDING)), {}
    for members in combinations(range(START.n_states), size):
        founding_row(np.array(members), s.states, s.joint, s.shared, s.log_distance, s.rival, s.common, s.war, row)
        eta[members] = float(row @ beta)
    total = sum(np.exp(v) for v in eta.values())
    return {k: float(np.exp(v) / total) for k, v in eta.items()}


def test_rivalries_begin_and_end_at_constant_rates() -> None:
    made = fits(rivalry={"onset: constant": np.log(0.01), "end: constant": np.log(0.2)})
    frames = run(START, fits=made, worlds=WORLDS, until=2001)
    pairs = START.n_states * (START.n_states - 1) // 2 - 2
    assert _near(_count(frames, "rivalry_onset"), 1 - np.exp(-0.01), WORLDS * pairs)
    assert _near(_count(frames, "rivalry_end"), 1 - np.exp(-0.2), WORLDS * 2)


def test_regimes_move_by_their_chances() -> None:
    made = fits(regime={"closed_autocracy > electoral_autocracy": 0.3})
    frames = run(START, fits=made, worlds=WORLDS, until=2001)
    closed = int((START.regime == 0).sum())
    assert _near(_count(frames, "regime_change"), 0.3, WORLDS * closed)
