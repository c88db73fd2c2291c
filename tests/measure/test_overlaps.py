"""Overlaps: who else binds the members; what holds from one side holds from the other."""

from datetime import date

import pytest

from foedus.measure import OVERLAPS, SYSTEM_YEAR, overlaps, system_year
from foedus.record import Record

DAYS = [date(1890, 1, 1), date(1914, 7, 1), date(1939, 8, 1), date(1960, 1, 1), date(2024, 12, 31)]


@pytest.mark.parametrize("day", DAYS, ids=lambda d: str(d.year))
def test_overlaps_are_symmetric(record: Record, day: date) -> None:
    live = [t for t in record.in_force(day) if not t.universal]
    found = {t.id: {r["treaty"]: r for r in overlaps(record, t, day).iter_rows(named=True)} for t in live}
    for t in live:
        own = set(t.members_on(day))
        for other, row in found[t.id].items():
            theirs = set(record.treaties[other].members_on(day))
            assert set(row["shared"]) == own & theirs and set(row["outsiders"]) == theirs - own
            assert (row["n_shared"], row["n_outsiders"]) == (len(row["shared"]), len(row["outsiders"]))
            assert other != t.id and row["n_shared"] > 0
            assert found[other][t.id]["shared"] == row["shared"]
        missing = [o.id for o in live if o.id != t.id and own & set(o.members_on(day)) and o.id not in found[t.id]]
        assert missing == []


def test_overlaps_frame(record: Record) -> None:
    frame = overlaps(record, record.treaty("nato"), date(2024, 12, 31))
    assert frame.schema == OVERLAPS and frame["treaty"].n_unique() == len(frame)
    assert frame["n_shared"].to_list() == sorted(frame["n_shared"], reverse=True)
    assert "eu-2009" in frame["treaty"]
    assert not {t.id for t in record.treaties.values() if t.universal} & set(frame["treaty"])
    before = overlaps(record, record.treaty("nato"), date(1940, 1, 1))
    assert before.is_empty() and before.schema == OVERLAPS


def test_shared_members_of_nato_and_the_union(record: Record) -> None:
    rows = {r["treaty"]: r for r in overlaps(record, record.treaty("nato"), date(2024, 12, 31)).iter_rows(named=True)}
    assert set(rows["eu-2009"]["outsiders"]) == {"AUT", "CYP", "IRL", "MLT"} and rows["eu-2009"]["n_shared"] == 23


def test_the_system_by_year(record: Record) -> None:
    frame = system_year(record, 1815, date(1820, 12, 31))
    assert frame.schema == SYSTEM_YEAR and frame["year"].to_list() == list(range(1815, 1821))
    for row in frame.iter_rows(named=True):
        assert row["n_defence"] <= row["n_treaties"]
        assert row["bound_share"] is None if row["n_states"] == 0 else 0 <= row["bound_share"] <= 1
    assert frame["n_states"].to_list()[:2] == [0, 23]  # the list of states begins in 1816
