"""Allies who go to war for a state attacked: as often as said, against the attacker; and how often they did."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
import pytest
from tests.futures.lived import EARLIER, ORIGIN
from tests.futures.small import fits, world

from foedus.futures import bonds as b
from foedus.futures.assumptions import ASSUMPTIONS
from foedus.futures.called import Called, called
from foedus.futures.chunk import laid_out
from foedus.futures.ensemble import job_of, run
from foedus.futures.parts import frames_of
from foedus.futures.plan import Plan, Shock
from foedus.futures.year_kernels import run_chunk
from foedus.model.membership.from_record import history_of_record
from foedus.model.membership.history import FOUNDER, OPEN, STAYS, Spell, Treaties
from foedus.record import load
from foedus.record.tables import WarParty

# The second treaty is the one with a pledge of defence: 3, 4 and 5 owe 2 help, 6 shares a treaty without a pledge.
START = world(memberships=((0, 1), (2, 3, 4, 5), (2, 6))).with_(helped=(9, 10), war_end=0.0)
ATTACKED = Plan(first=2001, shocks=(Shock(2002, "attack", state=7, other=2),))
WORLDS = 3000


def test_allies_bound_come_as_often_as_said() -> None:
    events = run(START, ATTACKED, fits(), worlds=WORLDS, until=2003)["events"]
    came = events.filter(pl.col("kind") == "intervention")
    assert events.filter(pl.col("kind") == "attack")["value"].to_list() == [3] * WORLDS
    assert came.select("other", "value", "year", "by_scenario").unique().rows() == [(7, 2, 2002, True)]
    for ally in (3, 4, 5):
        assert abs(came.filter(pl.col("state") == ally).height - 0.9 * WORLDS) < 4.5 * np.sqrt(WORLDS * 0.09)
    assert set(came["state"]) == {3, 4, 5}


@pytest.mark.parametrize(
    ("plan", "helped"),
    [
        (replace(ATTACKED, off=frozenset({"intervention"})), (9, 10)),
        (ATTACKED, (0, 10)),
        (ATTACKED, (0, 0)),
        (Plan(first=2001, shocks=(Shock(2002, "attack", state=3, other=2),)), (10, 10)),  # bound to both: to neither
        (Plan(first=2001, shocks=(Shock(2002, "attack", state=7, other=6),)), (10, 10)),  # no pledge
    ],
)
def test_nobody_else_comes(plan: Plan, helped: tuple[int, int]) -> None:
    events = run(START.with_(helped=helped), plan, fits(), worlds=200, until=2003)["events"]
    assert events["kind"].to_list() == ["attack", "rivalry_onset"] * 200


def test_who_comes_is_at_war_with_the_attacker_and_its_rival() -> None:
    job = job_of(START.with_(helped=(10, 10)), ATTACKED, fits(), until=2003)
    given = laid_out(job, 0, 1)
    run_chunk(*given)
    assert given.results.status[0] == 0
    war, rival = given.bonds.flag[b.WAR], given.bonds.flag[b.RIVAL]
    assert np.flatnonzero(war[7]).tolist() == np.flatnonzero(rival[7]).tolist() == [2, 3, 4, 5]
    assert war.sum() == 8 and np.array_equal(war, war.T)
    events = frames_of(given.results, job, 0)["events"]
    after_another = ["attack", "rivalry_onset", *["intervention", "rivalry_onset"] * 3]
    assert events["kind"].to_list() == after_another, "each is followed by the rivalry that it brings"
    feuds = events.filter(pl.col("kind") == "rivalry_onset").select("state", "other").rows()
    assert sorted(feuds) == [(7, 2), (7, 3), (7, 4), (7, 5)]


def test_a_war_that_is_on_draws_nobody_twice() -> None:
    again = replace(ATTACKED, shocks=(*ATTACKED.shocks, Shock(2003, "attack", state=7, other=2)))
    events = run(START.with_(helped=(10, 10)), again, fits(), worlds=50, until=2003)["events"]
    assert events.group_by("kind", "year").len().sort("kind", "year").rows() == [
        ("rivalry_onset", 2002, 200), ("attack", 2002, 50), ("attack", 2003, 50), ("intervention", 2002, 150),
    ]  # fmt: skip


def _party(war: str, state: int, side: int, begun: date, *, initiator: bool = False) -> WarParty:
    which: Literal[1, 2] = 1 if side == 1 else 2
    return WarParty(war=war, state=f"S{state:02d}", side=which, since=begun, initiator=initiator, source="made")


def test_called_counts_allies_bound_and_those_who_fought() -> None:
    """0, 1 and 2 owe one another help; 1 owes it to 4 too; 0 and 3 have no pledge. 4 attacks 0, and 2 comes."""
    pacts = ((0, 1, 2), (1, 4), (0, 3))
    spells = tuple(Spell(a, i, 1970, OPEN, FOUNDER, STAYS) for a, inside in enumerate(pacts) for i in inside)
    history = replace(EARLIER, spells=spells, treaties=Treaties(
        ("a", "b", "c"), np.full(3, 1970), np.full(3, OPEN), np.zeros(3, bool), np.array([True, True, False]),
        np.zeros(3, bool), np.full(3, np.nan),
    ))  # fmt: skip
    day, later = date(1975, 3, 1), date(1975, 9, 1)
    war = [_party("x", 4, 1, day, initiator=True), _party("x", 0, 2, day), _party("x", 2, 2, later)]
    within = [_party("y", 1, 1, day, initiator=True), _party("y", 0, 2, day)]  # the attacker is a party to the pact
    unknown = [_party("z", 4, 1, day), _party("z", 0, 2, day)]  # nobody knows who began
    early = [_party("v", 4, 1, date(1940, 1, 1), initiator=True), _party("v", 0, 2, date(1940, 1, 1))]
    after = date(ORIGIN + 1, 1, 1)
    late = [_party("w", 4, 1, after, initiator=True), _party("w", 0, 2, after)]

    def count(*parties: WarParty) -> Called:
        record = copy(load())
        record.war_parties = parties
        return called(history, record)

    assert count(*war) == Called(came=1, bound=2)
    assert count(*within) == count(*unknown) == count(*early) == count(*late) == Called(0, 0)
    assert count(*war, *within, *unknown, *early, *late) == Called(1, 2)


def test_called_on_the_record() -> None:
    """What the table of assumptions says."""
    record = load()
    found = called(history_of_record(record), record)
    assert found == Called(1, 182)
    (says,) = [a for a in ASSUMPTIONS if a.name == "intervention"]
    assert says.value.startswith(f"{found.came} of {found.bound} came")
