"""The deterrence table says the same as the engine, read slowly, for any pair and day."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.casus import evaluate
from foedus.casus.deterrence import DETERRENCE, deterrence
from foedus.casus.event import Event, Spot
from foedus.casus.matrix import DeterrenceTable
from foedus.casus.verdict import strength
from foedus.panel.capability import Capability
from foedus.record import Record, load

DAYS = (date(1870, 7, 1), date(1914, 7, 1), date(1939, 8, 30), date(1955, 7, 1))


@pytest.fixture(scope="module")
def record() -> Record:
    return load()


@pytest.fixture(scope="module")
def tables(record: Record) -> dict[date, DeterrenceTable]:
    return {day: DeterrenceTable(record, day) for day in DAYS}


def slowly(record: Record, table: DeterrenceTable, attacker: str, target: str) -> dict[str, set[str]]:
    spot = Spot("own-territory", target, target, frozenset(), is_default=True)
    event = Event(table.day, (attacker,), (target,), spot, table.kind)
    found: dict[str, set[str]] = {}
    for o in evaluate(record, event, depth=0, universal=False).overall:
        if o.level != "not_bound" and o.state in table.states:
            found.setdefault(o.level, set()).add(o.state)
    return found


@settings(max_examples=60)
@given(data=st.data())
def test_table_equals_engine(record: Record, tables: dict[date, DeterrenceTable], data: st.DataObject) -> None:
    table = tables[data.draw(st.sampled_from(DAYS))]
    attacker, target = data.draw(st.lists(st.sampled_from(table.states), min_size=2, max_size=2, unique=True))
    fast = {level: set(states) for level, states in table.row(attacker, target).bound.items()}
    assert fast == slowly(record, table, attacker, target)


def test_known_pairs_of_1914(record: Record, tables: dict[date, DeterrenceTable]) -> None:
    table = tables[date(1914, 7, 1)]
    assert "FRA" in table.row("DEU", "RUS").bound["must_use_force"]
    assert "DEU" in table.row("RUS", "AUH").bound["must_use_force"]
    assert "RUS" not in table.row("AUH", "SRB").bound.get("must_use_force", ())


@pytest.mark.parametrize("day", DAYS)
def test_articles_too_weak_to_be_asked_for_change_nothing(
    record: Record, tables: dict[date, DeterrenceTable], day: date
) -> None:
    whole, strong = tables[day], DeterrenceTable(record, day, weakest="must_assist")
    asked = strength("must_assist")
    for target in whole.states:
        for attacker in whole.states:
            if attacker != target:
                expected = [found for found in whole.masks(attacker, target) if found[0] <= asked]
                assert [found for found in strong.masks(attacker, target) if found[0] <= asked] == expected


def test_frame(record: Record) -> None:
    day = date(1914, 7, 1)
    shares = Capability({"FRA": 0.4, "RUS": 0.6}, "made up for this test")
    frame = deterrence(record, day, shares)
    n = len(record.system(day))
    assert frame.schema == DETERRENCE
    assert frame.height == n * (n - 1)
    row = frame.filter((frame["attacker"] == "DEU") & (frame["target"] == "RUS")).row(0, named=True)
    assert row["n_must_use_force"] >= 1
    assert row["capability_must_use_force"] == pytest.approx(0.4)


def test_no_measure_gives_null_not_zero(record: Record) -> None:
    frame = deterrence(record, date(1870, 7, 1), Capability({}, ""))
    assert frame["capability_bound"].null_count() == frame.height
