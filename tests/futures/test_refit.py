"""Worlds simulated with known coefficients, refitted as history is: the fits must give the coefficients back.

Every process moves at once. Each coefficient but the levels is more than five standard errors from nought, so that a
term that the simulator or the rows left out, or took with the other sign, would be seen. Treaties of which so many
leave in a year that one is left count as ended in the fits, as withdrawals in the simulator: here they are few.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from tests.futures.lived import EARLIER, ORIGIN, START, as_drivers, at_end, lived
from tests.futures.small import fits

from foedus.futures import bonds as b
from foedus.futures.chunk import laid_out
from foedus.futures.ensemble import job_of, run
from foedus.futures.parts import frames_of
from foedus.futures.year_kernels import run_chunk
from foedus.model.drivers import regime, rivalry
from foedus.model.drivers.history import REGIMES
from foedus.model.drivers.history import History as Drivers
from foedus.model.hyperevents.case_control import CaseControl
from foedus.model.hyperevents.fit import fit_table
from foedus.model.membership import counts, hazard
from foedus.model.membership import kernels as m
from foedus.model.membership.founding import FoundingSpec, table_of
from foedus.model.membership.hazards import PROCESSES, HazardSpec, units_of
from foedus.model.membership.history import History

WORLDS, UNTIL = 64, 1998
NEAR, SEEN = 4.0, 5.0  # standard errors: from the truth at most, and of the truth from nought at least
HAZARDS = {
    "accession": {
        "one": -3.0, "from_1990": 0.6, "sqrt_activity": 0.4, "sqrt_tie": 0.7, "allied": 0.9, "log_distance": -0.9,
        "log_nearest": 0.4, "rivals": -1.8, "shared_rivals": 1.2, "wars": -1.5, "democracy": 0.9,
        "democracy_gap": -1.0, "joint_democracy": 1.0, "major": 0.5, "was_member": 0.9, "log_members": 0.5,
        "log_age": -0.4, "log_accessions_5y": 0.4, "is_open": 0.6, "is_pair": -0.7, "has_defence": 0.4,
    },
    "withdrawal": {
        "one": -6.2, "from_1990": 0.5, "years_3": 0.7, "years_6": -0.7, "years_11": 0.7, "years_21": -0.7,
        "sqrt_activity": -0.6, "sqrt_tie": 0.6, "allied": -0.7, "log_distance": 0.3, "rivals": 1.2,
        "shared_rivals": -1.0, "wars": 1.2, "democracy_gap": 0.9, "regime_change": 1.5, "major": -0.6,
        "log_members": 0.7, "log_exits_3y": 0.6, "term_ends": 1.2, "has_defence": 0.4,
    },
    "termination": {
        "one": -4.8, "from_1990": 0.5, "years_3": 0.7, "years_6": -0.7, "years_11": 0.8, "years_21": -0.8,
        "sqrt_tie": 0.8, "allied": -0.7, "log_distance": 0.3, "rivals": 1.2, "wars": 1.2, "democracy_gap": 1.0,
        "democracy": -0.8, "regime_change": 2.0, "major": 0.8, "log_members": -0.5, "log_exits_3y": 0.7,
        "term_ends": 1.5, "has_defence": 0.6,
    },
}  # fmt: skip
FOUNDING = {
    "sqrt_activity": 0.5, "sqrt_tie": 0.6, "allied": 0.7, "log_distance": -0.6, "rivals": -1.5, "shared_rivals": 0.9,
    "wars": -1.5, "democracy_gap": -0.9, "democracy": 2.0, "joint_democracy": -1.8, "major": 0.8, "regime_change": -1.8,
}  # fmt: skip
COUNTS = {"one": 0.4, "from_1990": 0.4, "log_recent": 0.2, "log_alpha": -1.0}
RIVALRY = {
    "onset: constant": -2.0, "onset: ln_km": -0.5, "onset: same_side": -1.0, "onset: democracies": -0.8,
    "onset: young": 0.9, "onset: former": 1.0, "onset: ln_n_rivals": 0.5, "onset: shared_rival": 0.7,
    "end: constant": -3.3, "end: ln_years": -0.4, "end: same_side": 0.7, "end: democracies": 0.7, "end: ln_km": 0.2,
}  # fmt: skip
REGIME = {"closed_autocracy > electoral_autocracy": 0.08, "electoral_autocracy > electoral_democracy": 0.1,
          "electoral_democracy > liberal_democracy": 0.06, "electoral_democracy > closed_autocracy": 0.05,
          "liberal_democracy > electoral_democracy": 0.07}  # fmt: skip
SIZES = {"multi.one": -0.5, "large.one": -60.0, "open.one": -60.0, "defence.one": -0.4}
FITS = fits(**HAZARDS, founding=FOUNDING, founding_counts=COUNTS, founding_sizes=SIZES, rivalry=RIVALRY, regime=REGIME)
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def histories() -> list[History]:
    events = run(START, fits=FITS, worlds=WORLDS, until=UNTIL)["events"]
    return [lived(EARLIER, events.filter(pl.col("world") == w), UNTIL) for w in range(WORLDS)]


@pytest.fixture(scope="module")
def drivers(histories: list[History]) -> list[Drivers]:
    return [as_drivers(h, START) for h in histories]


def given_back(terms: list[str], coef: Floats, se: Floats, truth: dict[str, float]) -> None:
    """All that was put in, and nothing that could not be told from nought (the level aside)."""
    true = np.array([truth[t] for t in terms])
    off, told = (coef - true) / se, np.abs(true) / se
    table = "\n".join(f"{t:<24} {v:6.2f} {c:6.2f} {s:6.3f}" for t, v, c, s in zip(terms, true, coef, se, strict=True))
    assert np.abs(off).max() < NEAR, table
    weak = [t for t, s in zip(terms, told, strict=True) if s < SEEN and not t.endswith(("one", "constant"))]
    assert not weak, table


@pytest.mark.parametrize("name", list(HAZARDS))
def test_hazards_are_given_back(histories: list[History], name: str) -> None:
    truth = HAZARDS[name]
    units = [units_of(PROCESSES[name], h, HazardSpec(of_pairs=1.0)) for h in histories]
    terms = list(truth)
    columns = [units[0].terms.index(t) for t in terms]
    x, event = np.concatenate([u.x[:, columns] for u in units]), np.concatenate([u.event for u in units])
    found = hazard.estimate(x, event, terms, prior_sd=None)
    given_back(terms, found.coef, np.sqrt(np.diag(found.model)), truth)


def test_founding_sets_are_given_back(histories: list[History]) -> None:
    tables = [table_of(h, FoundingSpec(controls=50)) for h in histories]
    table = CaseControl(
        np.concatenate([t.stratum + 10_000 * w for w, t in enumerate(tables)]),
        np.concatenate([t.is_case for t in tables]),
        np.concatenate([t.time for t in tables]),
        np.concatenate([t.size for t in tables]),
        {name: np.concatenate([t.columns[name] for t in tables]) for name in FOUNDING},
    )
    found = fit_table(" + ".join(FOUNDING), table)
    given_back(list(found.terms), found.coef_unscaled, np.sqrt(np.diag(found.cov_unscaled)), FOUNDING)


def test_numbers_of_foundings_are_given_back(histories: list[History]) -> None:
    yearly = [counts.counts_of(h, h.first) for h in histories]
    terms = list(COUNTS)
    columns = [counts.COUNTS.index(t) for t in terms[:-1]]
    coef, covariance, _ = counts.estimate(
        np.concatenate([c.x[:, columns] for c in yearly]), np.concatenate([c.n for c in yearly])
    )
    given_back(terms, coef, np.sqrt(np.diag(covariance)), COUNTS)


def test_rivalries_are_given_back(drivers: list[Drivers]) -> None:
    def pooled(rows: list[rivalry.Rows]) -> rivalry.Rows:
        kept = [r.year > ORIGIN for r in rows]
        return rivalry.Rows(
            *(
                np.concatenate([getattr(r, c)[k] for r, k in zip(rows, kept, strict=True)])
                for c in ("x", "y", "pair", "year")
            )
        )

    parts = rivalry.estimates(pooled([rivalry.onsets(d) for d in drivers]), pooled([rivalry.ends(d) for d in drivers]))
    for process, part in parts.items():
        truth = {t.removeprefix(f"{process}: "): v for t, v in RIVALRY.items() if t.startswith(process)}
        at = [part.terms.index(t) for t in truth]
        given_back(list(truth), part.coef[at], part.se[at], truth)


def test_regimes_are_given_back(drivers: list[Drivers]) -> None:
    seen = np.sum([regime.moves(d, ORIGIN + 1, UNTIL + 1) for d in drivers], axis=0)
    total = seen.sum(axis=1)
    for r, one in enumerate(REGIMES):
        for c, two in enumerate(REGIMES):
            p = REGIME.get(f"{one} > {two}", 0.0)
            if r != c:
                assert abs(seen[r, c] - total[r] * p) <= NEAR * np.sqrt(total[r] * p * (1 - p)), (one, two)


def test_the_start_and_the_log_are_all_of_a_world() -> None:
    """The history made of them ends with the members, ties and rivalries of the simulator's own arrays."""
    job = job_of(START, fits=FITS, until=UNTIL)
    given = laid_out(job, 0, 1)
    run_chunk(*given)
    events = frames_of(given.results, job, 0)["events"]
    found, k = at_end(lived(EARLIER, events, UNTIL)), given.bonds
    n, live = int(k.used[b.TREATIES]), found.in_force
    assert np.array_equal(k.treaty[b.LIVE, :n] > 0.5, live)
    assert np.array_equal(k.member[:n][live], found.member[live])
    for layer, seen in ((b.RIVAL, found.rival), (b.COMMON, found.common), (b.WAR, found.war)):
        assert np.array_equal(k.flag[layer], seen)
    assert np.array_equal(k.shorts[b.SHARED], found.shared)
    np.testing.assert_allclose(k.state[:4].T, found.states, rtol=1e-9)
    kept = [m.FOUNDED, m.DEFENCE, m.FOUNDERS, m.ACCESSIONS, m.EXITS]
    assert np.array_equal(k.treaty[kept, :n].T[live], found.treaties[live][:, kept])
    met = _joined_as_the_other_left(events)
    np.testing.assert_allclose((k.dyad[b.JOINT] * k.scale[0])[~met], found.joint[~met], rtol=1e-9)
    assert met.mean() < 0.1


def _joined_as_the_other_left(events: pl.DataFrame) -> NDArray[np.bool_]:
    """Pairs of who joined and who left a treaty in one year: they have met in the fits' history, not in a world."""
    joined, left = (events.filter(pl.col("kind") == kind) for kind in ("accession", "withdrawal"))
    out = np.zeros((START.n_states,) * 2, bool)
    for i, j in joined.join(left, on=["year", "treaty"]).select("state", "state_right").iter_rows():
        out[i, j] = out[j, i] = True
    return out
