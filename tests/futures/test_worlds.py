"""What must hold in every simulated world: members exist, dates are in order, counts agree with events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.futures.small import economy, fits, world

from foedus.futures import PlanError, RunError, WorldError
from foedus.futures.ensemble import run
from foedus.futures.plan import Founding, Plan, Shock
from foedus.futures.start import from_record
from foedus.record import load

START = world()
BUSY = economy(
    accession={"one": -2.0, "sqrt_tie": 0.5, "log_distance": -0.1, "sqrt_activity": -0.3, "allied": -0.5},
    withdrawal={"one": -2.0},
    termination={"one": -3.0},
    founding={"log_distance": -0.5, "sqrt_tie": -0.4, "sqrt_activity": 0.7, "wars": -1.0},
    founding_counts={"one": 0.0, "log_alpha": -1.0},
    founding_sizes={"multi.one": -0.5, "large.one": -2.0, "tail.mean": 0.0},
    rivalry={"onset: constant": -4.0, "onset: shared_rival": 1.0, "onset: ln_n_rivals": 0.5, "end: constant": -2.0},
    regime={"closed_autocracy > electoral_autocracy": 0.1, "electoral_democracy > liberal_democracy": 0.1},
    growth={"world": 0.02, "rho": 0.5, "ln_size": -3.0, "ln_sigma_common": -4.0},
    spending={"rho": 0.9, "ln_size": -2.5},
    disputes={"constant": -3.0, "rivals": 1.0, "ln_weight": 0.5},
)


def test_events_agree_with_members_in_every_world() -> None:
    frames = run(START, fits=BUSY, worlds=300, until=2015)
    counted = np.zeros((15, START.n_treaties, START.n_states), int)
    for _, events in frames["events"].group_by("world", maintain_order=True):
        member = [set(np.flatnonzero(row)) for row in START.member]
        begun = [2000] * START.n_treaties
        live = [True] * START.n_treaties
        assert events["year"].is_sorted()
        rows = events.to_dicts()
        for year in range(2001, 2016):
            for e in (r for r in rows if r["year"] == year):
                a, i = e["treaty"], e["state"]
                if e["kind"] == "founding":
                    if a == len(member):
                        member.append(set())
                        begun.append(year)
                        live.append(True)
                    assert begun[a] == year and i not in member[a]
                    member[a].add(i)
                elif e["kind"] == "accession":
                    assert live[a] and begun[a] < year and i not in member[a]
                    member[a].add(i)
                elif e["kind"] == "withdrawal":
                    assert live[a] and i in member[a]
                    member[a].remove(i)
                elif e["kind"] in ("termination", "lapse"):
                    assert live[a]
                    live[a] = False
            assert all(len(m) >= 2 for m, on in zip(member, live, strict=True) if on)
            for a in range(START.n_treaties):
                if live[a]:
                    counted[year - 2001, a, list(member[a])] += 1
    quiet = 300 - frames["events"]["world"].n_unique()
    counted += quiet * START.member
    told = np.zeros_like(counted)
    for year, a, i, n in frames["members"].iter_rows():
        told[year - 2001, a, i] = n
    assert np.array_equal(counted, told)


def test_a_lever_on_one_process_leaves_the_other_draws_alone() -> None:
    plain = run(START, fits=BUSY, worlds=100, until=2001)["events"]
    lever = Plan(levers={"accession": np.zeros((1, START.n_treaties))})
    held = run(START, lever, BUSY, worlds=100, until=2001)["events"]
    follow = ["accession", "lapse", "attack"]  # who joins may keep a treaty from lapsing, or be bound to help
    assert held.filter(~pl.col("kind").is_in(follow)).equals(plain.filter(~pl.col("kind").is_in(follow)))


def test_shocks_happen_when_and_as_often_as_they_are_dated() -> None:
    plan = Plan(
        first=2001,
        shocks=(
            Shock(2002, "withdraw", treaty=0, state=1),
            Shock(2003, "accede", treaty=1, state=0, probability=0.5),
            Shock(2003, "accede", treaty=3, state=7),
            Shock(2004, "attack", state=2, other=4),
            Shock(2005, "end", treaty=2),
            Shock(2002, "regime", state=0, value=3),
            Shock(2003, "rivalry_end", state=0, other=5),
        ),
        foundings=(Founding(2002, "new", "New", np.isin(np.arange(8), [1, 4, 6])),),
    )
    frames = run(START, plan, fits(), worlds=400, until=2006)
    events = frames["events"]
    assert events["by_scenario"].all()
    per_world = events.group_by("kind", "year").len().sort("kind", "year").rows()
    joined = {(k, y): n for k, y, n in per_world}
    assert joined["withdrawal", 2002] == 400 and joined["termination", 2005] == 400 and joined["founding", 2002] == 1200
    assert 400 + 150 < joined["accession", 2003] < 400 + 250
    assert joined["attack", 2004] == joined["rivalry_onset", 2004] == 400 and joined["rivalry_end", 2003] == 400
    attack = events.filter(pl.col("kind") == "attack").row(0, named=True)
    assert attack["value"] == 4  # 1, 6 and 7 by the new treaty, 3 by T1; 2 attacks
    members = frames["members"].filter((pl.col("treaty") == 0) & (pl.col("year") == 2006))
    assert members["state"].to_list() == [0, 2]


def test_plans_that_do_not_fit_are_refused_with_every_problem() -> None:
    plan = Plan(shocks=(Shock(1999, "withdraw", treaty=9, state=99),), growth=np.zeros((2, 3)))
    with pytest.raises(PlanError) as caught:
        run(START, plan, fits(), worlds=1, until=2003)
    for word in ("1999", "treaty: 9", "state: 99", "growth"):
        assert word in str(caught.value)
    with pytest.raises(RunError, match="until"):
        run(START, fits=fits(), worlds=1, until=2000)
    with pytest.raises(RunError, match="worlds"):
        run(START, fits=fits(), worlds=0, until=2003)


def test_a_world_that_cannot_be_is_refused() -> None:
    rival = START.standing.rival.copy()
    rival[0, 1] = True
    with pytest.raises(WorldError, match="rival is not symmetric"):
        START.with_(standing=replace(START.standing, rival=rival))
    with pytest.raises(WorldError, match="milex_share has shape"):
        START.with_(milex_share=np.zeros(3))
    with pytest.raises(WorldError, match="not a year"):
        from_record(load(), 1700)


def test_the_record_gives_todays_world() -> None:
    start = from_record(load(), 2025)
    nato = start.treaty("nato-1949")
    assert start.n_states == 195 and start.member[nato].sum() == 32 and start.defence[nato]
    assert start.standing.rival[start.state("IND"), start.state("PAK")]
    assert "un-charter-1945" not in start.treaties
