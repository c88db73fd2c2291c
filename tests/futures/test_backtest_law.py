"""Who may join what at an origin: from the record's texts, for its own treaties and for those of ATOP that it knows."""

import numpy as np
import pytest

from foedus.futures.backtest.law import under_law
from foedus.futures.start import from_history
from foedus.futures.world import World
from foedus.model.membership.histories import history_of
from foedus.record import Record, load


@pytest.fixture(scope="module")
def record() -> Record:
    return load()


@pytest.fixture(scope="module")
def world(record: Record) -> World:
    return from_history(history_of("record", 1990, None, record), 1990, record)


def may(world: World, treaty: str, state: str) -> bool:
    return bool(world.eligible[world.treaties.index(treaty), world.states.index(state)])


def test_the_texts_of_the_time_say_who_may_join(world: World, record: Record) -> None:
    assert world.eligible.all(), "a history alone bars nobody"
    lawful = under_law(world, record)
    assert may(lawful, "nato-1949", "POL") and not may(lawful, "nato-1949", "JPN")
    assert not may(lawful, "nato-1949", "AUT"), "neutral by its constitution"
    assert not may(lawful, "arab-league-1945", "ITA")
    assert lawful.eligible[lawful.member].all()


def test_an_alliance_of_atop_is_read_as_the_treaty_that_names_it(world: World, record: Record) -> None:
    at = world.treaties.index("nato-1949")
    ids = [*world.treaties[:at], "atop-3180", *world.treaties[at + 1 :]]
    ids[ids.index("arab-league-1945")] = "atop-9999"
    theirs = under_law(world.with_(treaties=tuple(ids)), record)
    assert np.array_equal(theirs.eligible[at], under_law(world, record).eligible[at])
    assert may(theirs, "atop-9999", "ITA"), "the record knows no treaty of that number"


def test_a_text_that_is_not_yet_signed_bars_nobody(world: World, record: Record) -> None:
    at = world.treaties.index("nato-1949")
    ids = (*world.treaties[:at], "atop-4953", *world.treaties[at + 1 :])  # the African Union, of 2000
    assert under_law(world.with_(treaties=ids), record).eligible[at].all()
