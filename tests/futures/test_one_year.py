"""One year of each process, unit by unit, against the rows of the fits: in the first year, and after a year of shocks.

The shocks of the first year, in which nothing else happens, change members, wars, rivalries and regimes; the rows of
the second are made from a history that holds them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from tests.futures.lived import EARLIER, ORIGIN, START, N, T, as_drivers, at_end, lived
from tests.futures.small import fits
from tests.futures.test_refit import FOUNDING, HAZARDS, RIVALRY

from foedus.futures.ensemble import run
from foedus.futures.plan import Plan, Process, Shock
from foedus.model.drivers import plain, rivalry
from foedus.model.membership import kernels as m
from foedus.model.membership.founding import rows_of
from foedus.model.membership.history import History
from foedus.model.membership.standing import ACCESSION, TERMINATION, WITHDRAWAL, Standing
from foedus.model.membership.standing import FOUNDING as OF_FOUNDING
from foedus.model.membership.units import relations_of

WORLDS = 3000
WIDE = 4.5  # standard errors
FIRST, SECOND = ORIGIN + 1, ORIGIN + 2
Floats = NDArray[np.float64]
Rates = dict[tuple[int, int], float]
_MEMBERS = [np.flatnonzero(row).tolist() for row in START.member]
SHOCKS = (
    Shock(FIRST, "accede", treaty=1, state=next(i for i in range(N) if i not in _MEMBERS[1])),
    Shock(FIRST, "accede", treaty=2, state=next(i for i in range(N) if i not in _MEMBERS[2])),
    Shock(FIRST, "withdraw", treaty=5, state=_MEMBERS[5][0]),
    Shock(FIRST, "withdraw", treaty=9, state=_MEMBERS[9][2]),
    Shock(FIRST, "end", treaty=3),
    Shock(FIRST, "regime", state=4, value=float((START.regime[4] + 2) % 4)),
    Shock(FIRST, "regime", state=_MEMBERS[1][0], value=float((START.regime[_MEMBERS[1][0]] + 1) % 4)),
    Shock(FIRST, "attack", state=_MEMBERS[6][0], other=_MEMBERS[6][1]),
    Shock(FIRST, "attack", state=_MEMBERS[10][1], other=_MEMBERS[11][2]),
    Shock(FIRST, "rivalry", state=_MEMBERS[7][0], other=_MEMBERS[7][2]),
)
SHOCKED = Plan(first=FIRST, shocks=SHOCKS)
WIDTHS: dict[Process, int] = {
    "accession": T, "withdrawal": T, "termination": T, "rivalry_onset": N, "rivalry_end": N, "founding": N,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A year that is looked at, the plan that leads to it, and the log of the plan."""

    year: int
    plan: Plan
    log: pl.DataFrame

    def history(self, until: int) -> History:
        return lived(EARLIER, self.log, until)

    @property
    def standing(self) -> Standing:
        found = at_end(self.history(self.year - 1))
        found.states[:, m.REGIME_CHANGE] = 0.0  # a change that a scenario dates counts in its own year, and once
        return found

    def events(self, kind: str, levers: dict[Process, Floats], **coefs: dict[str, float]) -> pl.DataFrame:
        """Of the year, by their own coefficients."""
        plan = replace(self.plan, levers={**self.plan.levers, **levers})
        events = run(START, plan, fits(**coefs), worlds=WORLDS, until=self.year)["events"]
        return events.filter((pl.col("kind") == kind) & (pl.col("year") == self.year))

    def seen(self, kind: str, columns: tuple[str, str], **coefs: dict[str, float]) -> Rates:
        """In what share of the worlds each unit had the event in the year."""
        found = self.events(kind, {}, **coefs).group_by(columns).len()
        return {(one, two): n / WORLDS for one, two, n in found.iter_rows()}


@pytest.fixture(scope="module", params=["first", "after shocks"])
def case(request: pytest.FixtureRequest) -> Case:
    levers: dict[Process, Floats] = {p: np.zeros((1, width)) for p, width in WIDTHS.items()}
    held = replace(SHOCKED, levers=levers)  # nothing but the shocks
    log = run(START, held, fits(), worlds=1, until=FIRST)["events"]
    if request.param == "first":
        return Case(FIRST, Plan(), log.clear())
    assert set(log["kind"]) >= {"accession", "withdrawal", "termination", "regime_change", "attack", "rivalry_onset"}
    return Case(SECOND, held, log)


def agrees(seen: Rates, rates: Rates) -> None:
    """Every unit, and all together by chi-square; units that the fits do not know have no events."""
    assert not set(seen) - set(rates)
    p = -np.expm1(-np.array(list(rates.values())))
    got = np.array([seen.get(unit, 0.0) for unit in rates])
    z = (got - p) / np.sqrt(p * (1 - p) / WORLDS)
    likely = p * WORLDS > 5
    assert np.abs(z[likely]).max() < WIDE, dict(zip(rates, z, strict=True))
    variance = 2 + (1 - 6 * p * (1 - p)) / (WORLDS * p * (1 - p))
    assert (z**2).sum() < len(p) + WIDE * np.sqrt(variance.sum()), (z**2).sum()
    assert likely.sum() > len(p) / 2 and (p * WORLDS).sum() > 2000


def _beta(terms: tuple[str, ...], name: str) -> Floats:
    return np.array([HAZARDS[name].get(t, 0.0) for t in terms])


def test_accessions(case: Case) -> None:
    s, row, rates = case.standing, np.zeros(len(ACCESSION)), {}
    for a in np.flatnonzero(s.in_force).tolist():
        relation, size = relations_of(s, a)
        for i in np.flatnonzero(~s.member[a]).tolist():
            m.accession_row(s.year, 20.0, size, i, s.since[a], s.left[a], s.states, s.treaties[a], relation, row)
            rates[a, i] = float(np.exp(row @ _beta(ACCESSION, "accession")))
    agrees(case.seen("accession", ("treaty", "state"), accession=HAZARDS["accession"]), rates)


def test_withdrawals(case: Case) -> None:
    s, row, rates = case.standing, np.zeros(len(WITHDRAWAL)), {}
    for a in np.flatnonzero(s.in_force & (s.member.sum(axis=1) > 2)).tolist():
        relation, size = relations_of(s, a)
        for i in np.flatnonzero(s.member[a]).tolist():
            m.withdrawal_row(s.year, 20.0, size, i, s.since[a], s.states, s.treaties[a], relation, row)
            rates[a, i] = float(np.exp(row @ _beta(WITHDRAWAL, "withdrawal")))
    agrees(case.seen("withdrawal", ("treaty", "state"), withdrawal=HAZARDS["withdrawal"]), rates)


def test_terminations(case: Case) -> None:
    s, row, rates = case.standing, np.zeros(len(TERMINATION)), {}
    for a in np.flatnonzero(s.in_force).tolist():
        m.termination_row(s.year, np.flatnonzero(s.member[a]), s.states, s.treaties[a], relations_of(s, a)[0], row)
        rates[a, -1] = float(np.exp(row @ _beta(TERMINATION, "termination")))
    agrees(case.seen("termination", ("treaty", "state"), termination=HAZARDS["termination"]), rates)


@pytest.mark.parametrize("process", ["onset", "end"])
def test_rivalries(case: Case, process: str) -> None:
    rows = (rivalry.onsets if process == "onset" else rivalry.ends)(as_drivers(case.history(case.year), START))
    terms = rivalry.ONSET if process == "onset" else rivalry.END
    coefs = {t: v for t, v in RIVALRY.items() if t.startswith(process)}
    beta = np.array([coefs.get(f"{process}: {t}", 0.0) for t in terms])
    now = rows.year == case.year
    pairs = [(int(p) % N, int(p) // N) for p in rows.pair[now]]  # the log has the higher number first
    rates = {pair: plain.rate(x, beta) for pair, x in zip(pairs, rows.x[now], strict=True)}
    agrees(case.seen(f"rivalry_{process}", ("state", "other"), rivalry=coefs), rates)


@pytest.mark.parametrize("size", [2, 3])
def test_founders_under_factors(case: Case, size: int) -> None:
    """By enumeration of all 435 pairs, or 4,060 sets of three; a factor multiplies the weight of a state's sets."""
    factor = np.where(np.arange(N) % 7 == 0, 3.0, np.where(np.arange(N) % 7 == 1, 0.0, 1.0))
    kinds = {"multi.one": -60.0} if size == 2 else {"multi.one": 10.0, "large.one": -60.0, "small.slope": -60.0}
    coefs = {"founding": FOUNDING, "founding_counts": {"one": np.log(5.0), "log_alpha": -20.0}, "founding_sizes": kinds}
    # nobody founds in the first year of two
    levers: dict[Process, Floats] = {"founding": np.array([np.zeros(N), factor])[FIRST - case.year - 1 :]}
    events = case.events("founding", levers, **coefs)
    found = events.group_by("world", "treaty").agg(pl.col("state").sort())["state"].to_list()
    sets = np.array(list(combinations(range(N), size)))
    beta = np.array([FOUNDING[t] for t in OF_FOUNDING])
    p = np.exp(rows_of(case.standing, sets) @ beta) * factor[sets].prod(axis=1)
    p /= p.sum()
    got = np.zeros((N,) * size)
    np.add.at(got, tuple(np.array(found).T), 1.0)
    got = got[tuple(sets.T)]
    n, possible = got.sum(), p > 0
    assert n > 10_000 and not got[~possible].any()
    chi = ((got - n * p) ** 2)[possible] / (n * p[possible])
    k = int(possible.sum())
    variance = 2 * (k - 1) + ((1 / p[possible]).sum() - k * k - 2 * k + 2) / n
    assert chi.sum() < k - 1 + WIDE * np.sqrt(variance), chi.sum()
