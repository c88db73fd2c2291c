"""The atlas of today and of other days says whole sentences and counts what the record holds."""

from datetime import date

import pytest
from tests.view.plain import plain_text
from tests.view.test_briefs import check

from foedus.record import Record
from foedus.view.atlas import compose
from foedus.view.system import defence_partners, pairs


@pytest.mark.parametrize("day", [date(2026, 6, 1), date(1914, 6, 28), date(1816, 6, 1)])
def test_the_atlas_is_whole(small_world: Record, day: date) -> None:
    check(compose(small_world, day))


def test_counts_are_those_of_the_record(small_world: Record) -> None:
    day = date(1985, 1, 1)
    live = [t for t in small_world.in_force(day) if t.members_on(day) and not t.universal]
    text = plain_text(compose(small_world, day))
    assert f"{len(live)}: treaties in force" in text
    assert f"{len(live)} treaties in force on 1 January 1985" in text


def test_pairs_are_mutual_and_match_the_partners(small_world: Record) -> None:
    day = date(1985, 1, 1)
    found = pairs(small_world, day)
    dots = {(found.order[d["a"]], found.order[d["b"]]) for d in found.dots}
    assert dots == {(b, a) for a, b in dots}
    assert dots == {(a, b) for a, partners in defence_partners(small_world, day).items() for b in partners}
    assert sum(size for _, _, size in found.blocks) == len(found.order)
