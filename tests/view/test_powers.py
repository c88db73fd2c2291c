"""The page on the powers: whole sentences, and numbers that are those of the record."""

from datetime import date

import pytest
from tests.view.plain import plain_text
from tests.view.test_briefs import check
from tests.view.test_charts import valid

from foedus.errors import FoedusError
from foedus.record import Record
from foedus.view import powers, theme
from foedus.view.bonds import defenders

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("day", [TODAY, date(1985, 1, 1), date(1914, 6, 28), date(1815, 6, 1)])
def test_the_page_is_whole(record: Record, day: date) -> None:
    document = powers.compose(record, day)
    check(document)
    for picture in document.pictures:
        for width in (theme.WIDE, theme.NARROW):
            valid(picture.draw(width))


def test_a_record_of_few_treaties(small_world: Record) -> None:
    check(powers.compose(small_world, TODAY))


def test_before_the_record_begins(record: Record) -> None:
    with pytest.raises(FoedusError):
        powers.compose(record, date(1800, 1, 1))


def test_each_is_there_for_a_reason_in_figures(record: Record) -> None:
    founders = powers.core(record)
    assert len(founders) == 12 and not founders & set(powers.POWERS)
    order = [s for s, _ in powers.ranking(record, TODAY, "gdp_ppp_musd_2021")]
    for state in powers.POWERS:
        is_great = powers.great_since(record, state, TODAY) is not None
        why = powers.reason(record, state, TODAY)
        assert is_great == ("great power" in why)
        assert is_great or order.index(state) < 25 or "largest GDP of Africa" in why
    assert not set(powers.passed_over(record, TODAY)) & (set(powers.POWERS) | founders)


def test_shares_of_everybody_sum_to_one(record: Record) -> None:
    found = powers.shares(record, TODAY, record.system(TODAY))
    for measure in ("milex", "gdp", "population"):
        assert sum(s.share or 0.0 for s in found if s.measure == measure) == pytest.approx(1)


@pytest.mark.parametrize("state", ["RUS", "TUR", "JPN"])
def test_bonds_are_those_of_the_record(record: Record, state: str) -> None:
    for day in (TODAY, date(1985, 12, 31), date(1914, 6, 28)):
        year, every, defence = powers.bond_counts(record, state, day)[-1]
        assert year == day.year and every is not None and defence is not None and every >= defence
        assert defence == len(defenders(record, day).get(state, ()))
    assert all(n is None for y, n, _ in powers.bond_counts(record, "IDN", TODAY) if y < 1949)


def test_rivals_of_today(record: Record) -> None:
    live = [r for r in record.rivalries if r.last_year is None and "IND" in (r.a, r.b)]
    assert {s for s, _ in powers.rivals(record, "IND", TODAY)} == {r.b if r.a == "IND" else r.a for r in live}


def test_who_hedges_is_tied_to_both(record: Record) -> None:
    west, east = powers.blocs(record, TODAY)
    found = powers.hedges(record, TODAY, record.system(TODAY))
    strict = powers.hedges(record, TODAY, record.system(TODAY), by_defence=True)
    for hedge, narrow in zip(found, strict, strict=True):
        assert hedge.west <= west.all - {hedge.state} and hedge.east <= east.all - {hedge.state}
        assert narrow.west <= hedge.west and narrow.east <= hedge.east
        assert hedge.hedges == bool(hedge.west and hedge.east)
    text = plain_text(powers.compose(record, TODAY))
    assert f"of all {len(found)} states of the system {sum(h.hedges for h in found)}" in text
    assert "there were no such blocs" in plain_text(powers.compose(record, date(1914, 6, 28)))
