"""The comparison with ATOP and COW: a small made-up world, slow twins, properties, and the real files if there."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.minimal import holding, least, treaty

from foedus.panel.against_atop import against_atop, compare
from foedus.panel.against_dyads import against_dyads, beside
from foedus.panel.agreement import PLEDGES, Agreement, Side
from foedus.panel.explanations import FIELDS, explanations
from foedus.panel.pledge_dyads import dyad_spells
from foedus.record import Record, Treaty
from foedus.sources import ALLIANCES, COW_DYADS, MEMBERS, alliances, atop_dyads, cow_dyads, members

FRA, GBR, DEU, BEL = 220, 200, 255, 211
DEFENCE = (True, False, False, False, False)
# What the record may not fall below: the figures measured in November 2026, less a point for treaties still to come.
LEAST_AGREED = {"signed": 0.93, "ended": 0.86, "members": 0.93, "entry": 0.88, "exit": 0.88, "pledges": 0.60}
LEAST_DEFENCE = 0.93
LEAST_RECALL = {"defence pacts of three or more members": 0.82, "all alliances": 0.40}
# Theirs date at signature and hold bilateral pacts that the record does not; docs/record.md names the main gaps.
LEAST_DYADS = {"ATOP 5.1": (0.89, 0.93), "COW 4.1": (0.91, 0.85)}


def atop_alliances(*rows: tuple[int, date, date | None, tuple[bool, ...]]) -> pl.DataFrame:
    return pl.DataFrame([(i, begin, end, *pledges) for i, begin, end, pledges in rows], schema=ALLIANCES, orient="row")


def atop_members(*rows: tuple[int, int, date, date | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=MEMBERS, orient="row")


def small(head: str = "atop = [7]", more: str = "") -> Treaty:
    """France and the United Kingdom, signed 2000-01-01, in force 2000-06-01, defence; open."""
    return treaty(least("checked = 2020-01-01", f"checked = 2020-01-01\n{head}", more))


SAME = (
    atop_alliances((7, date(2000, 1, 1), None, DEFENCE)),
    atop_members((7, FRA, date(2000, 1, 1), None), (7, GBR, date(2000, 1, 5), None)),
)


def fields(found: Agreement) -> list[tuple[str, str]]:
    return [(d.field, d.state) for d in found.differences]


def test_what_agrees_is_counted(record: Record) -> None:
    found = against_atop(holding(record, small()), *SAME)
    assert found.n_alliances == 1 and not found.differences and not found.unknown_ids and not found.stale
    assert found.compared == found.agreed == dict(zip(FIELDS, (1, 1, 2, 2, 2, 1), strict=True))
    entry = next(c for c in found.closeness if c.field == "entry")
    assert (entry.n_dated, entry.same_day, entry.within_month, entry.within_year, entry.n_one_open) == (2, 1, 2, 2, 0)
    assert all(r.share == 1 for r in found.recall)
    assert [p.n_both for p in found.pledges] == [1, 0, 0, 0, 0] and [p.n_neither for p in found.pledges][1:] == [1] * 4


def test_each_difference_is_told(record: Record) -> None:
    theirs = (
        atop_alliances((7, date(2000, 2, 2), date(2010, 1, 1), (True, True, False, False, False))),
        atop_members(
            (7, FRA, date(2001, 2, 3), date(2010, 1, 1)),
            (7, BEL, date(2000, 2, 2), None),
            (7, 8888, date(2000, 2, 2), None),
        ),
    )
    found = against_atop(holding(record, small()), *theirs)
    assert fields(found) == [
        ("signed", ""), ("ended", ""), ("members", "BEL"), ("members", "COW 8888"), ("entry", "FRA"), ("exit", "FRA"),
        ("members", "GBR"), ("pledges", ""),
    ]  # fmt: skip
    by_field = {(d.field, d.state): d for d in found.differences}
    assert by_field["signed", ""].days == -32 and by_field["entry", "FRA"].days == -399
    assert by_field["ended", ""].days is None and by_field["ended", ""].ours == "open"
    assert by_field["pledges", ""].theirs == "defence, offence"
    assert {c.field: c.n_one_open for c in found.closeness} == {"signed": 0, "ended": 1, "entry": 0, "exit": 1}


@pytest.mark.parametrize(("days", "agrees"), [(31, True), (-31, True), (32, False), (-32, False)])
def test_a_month_is_the_same(record: Record, days: int, agrees: bool) -> None:
    begin = date(2000, 1, 1) + timedelta(days)
    theirs = atop_alliances((7, begin, None, DEFENCE)), SAME[1]
    assert (("signed", "") not in fields(against_atop(holding(record, small()), *theirs))) is agrees


def test_what_begins_or_ends_after_atop_closes_is_left_out(record: Record) -> None:
    late = '\n[[member]]\nstate = "BEL"\nsince = 2019-01-01\nhow = "accession"\nsource = "recalled"\n'
    ends = 'ended = 2019-05-05\nend_mode = "expired"\natop = [7]'
    found = against_atop(holding(record, small(ends, late)), *SAME)
    assert not found.differences


EXPLAINED = {
    "members: why": {("members", "BEL"), ("entry", "FRA"), ("exit", "FRA"), ("members", "GBR")},
    "members BEL: why": {("members", "BEL")},
    "members BEL GBR 7: why": {("members", "BEL"), ("members", "GBR")},
    "members 8: why": set(),
    "entry: why": {("entry", "FRA")},
    "entry GBR: why": set(),
    "in_force: why": {("entry", "FRA")},
    "ended: why": {("ended", ""), ("exit", "FRA")},
    "ended 7: why": {("ended", ""), ("exit", "FRA")},
    "signed: why": set(),
    "pledges: why": {("pledges", "")},
    "why": set(),
    ": why": set(),
    "memberships: why": set(),
}


@pytest.mark.parametrize("says", EXPLAINED)
def test_an_explanation_explains_what_it_speaks_of(record: Record, says: str) -> None:
    theirs = (
        atop_alliances((7, date(2000, 1, 1), date(2010, 1, 1), (False, True, False, False, False))),
        atop_members((7, FRA, date(2001, 2, 3), date(2010, 1, 1)), (7, BEL, date(2000, 2, 2), None)),
    )
    found = against_atop(holding(record, small(f'atop = [7]\ndiffers_from_atop = ["{says}"]')), *theirs)
    explained = {(d.field, d.state) for d in found.differences if d.explained}
    assert explained == EXPLAINED[says] and all(d.explained in ("", says) for d in found.differences)
    assert len(found.unexplained) == len(found.differences) - len(explained)
    assert not found.unexplained_multilateral  # two members only
    is_stale = not explained and says.startswith(FIELDS) and not says.startswith("memberships")
    assert [e.says for e in found.stale] == ([says] if is_stale else [])


def test_the_most_particular_explanation_is_given_and_none_of_several_is_stale(record: Record) -> None:
    says = '["members: all", "members 7: this one", "members BEL: Belgium"]'
    theirs = SAME[0], atop_members(*SAME[1].iter_rows(), (7, BEL, date(2000, 1, 1), None))
    found = against_atop(holding(record, small(f"atop = [7]\ndiffers_from_atop = {says}")), *theirs)
    assert [d.explained for d in found.differences] == ["members BEL: Belgium"] and not found.stale


def test_three_members_make_it_multilateral(record: Record) -> None:
    more = '\n[[member]]\nstate = "BEL"\nsource = "recalled"\n'
    found = against_atop(holding(record, small(more=more)), *SAME)
    assert [(d.field, d.state, d.n_members) for d in found.unexplained_multilateral] == [("members", "BEL", 3)]


def test_several_treaties_make_one_alliance_and_one_treaty_several(record: Record) -> None:
    first = small('ended = 2005-01-01\nend_mode = "replaced"\natop = [7]')
    second = called(small("atop = [7, 8, 9]"), "later-2004")
    theirs = (
        atop_alliances(*[(i, date(2000, 1, 1), None, DEFENCE) for i in (7, 8)]),
        atop_members(*[(i, c, date(2000, 1, 1), None) for i in (7, 8) for c in (FRA, GBR)]),
    )
    found = against_atop(holding(record, first, second), *theirs)
    assert found.n_alliances == 2 and found.unknown_ids == (9,) and not found.differences  # the later one is open
    only = against_atop(holding(record, first, second), *theirs, only=["test-2000"])
    assert only.n_alliances == 1 and only.compared["signed"] == 1


def called(old: Treaty, new_id: str) -> Treaty:
    return msgspec.structs.replace(old, id=new_id)


def test_recall_names_what_is_missing(record: Record) -> None:
    theirs = (
        atop_alliances(
            (7, date(2000, 1, 1), None, DEFENCE), (8, date(1900, 1, 1), None, (False, True, True, True, True))
        ),
        atop_members(*SAME[1].iter_rows(), *((8, c, date(1900, 1, 1), None) for c in (FRA, GBR, DEU))),
    )
    recall = {r.kind: r for r in against_atop(holding(record, small()), *theirs).recall}
    assert recall["all alliances"].missing == recall["alliances of three or more members"].missing == (8,)
    assert recall["all alliances"].share == 0.5 and recall["defence pacts"].share == 1
    assert recall["defence pacts of three or more members"].n_theirs == 0


# --- properties and twins ---

DAY = st.dates(date(1900, 1, 1), date(1903, 1, 1))
SPELLS = st.dictionaries(st.sampled_from(["FRA", "GBR", "DEU", "COW 9"]), st.tuples(DAY, st.none() | DAY))
SIDES = st.builds(Side, DAY, st.none() | DAY, SPELLS, st.frozensets(st.sampled_from(PLEDGES)))


@given(SIDES)
def test_a_side_agrees_with_itself(side: Side) -> None:
    assert all(c.agrees and c.days in (0, None) for c in compare(side, side))


@given(SIDES, SIDES)
def test_swapping_the_sides_swaps_the_answers(one: Side, two: Side) -> None:
    there, back = list(compare(one, two)), list(compare(two, one))
    assert [(c.field, c.state, c.agrees) for c in there] == [(c.field, c.state, c.agrees) for c in back]
    assert [(c.ours, c.theirs, c.days) for c in there] == [(c.theirs, c.ours, c.days and -c.days) for c in back]


@given(SIDES, SIDES)
def test_compared_is_what_both_could_hold(one: Side, two: Side) -> None:
    shared, either = one.members.keys() & two.members.keys(), one.members.keys() | two.members.keys()
    assert len(list(compare(one, two))) == 3 + len(either) + 2 * len(shared)


def slowly_owed(record: Record, first: int, last: int) -> set[tuple[str, str, int]]:
    """Directed defence dyad-years, spell by spell and year by year."""
    spells = dyad_spells(record, date(last, 12, 31)).filter(pl.col("pledge") == "defence")
    years = {
        (row["state1"], row["state2"], year)
        for row in spells.iter_rows(named=True)
        for year in range(max(first, row["since"].year), (row["until"] - timedelta(days=1)).year + 1)
    }
    present = {(s, y) for s, y in {(s, y) for a, b, y in years for s in (a, b)} if is_present(record, s, y)}
    return {(a, b, y) for a, b, y in years if {(a, y), (b, y)} <= present}


def is_present(record: Record, code: str, year: int) -> bool:
    if record.states[code].cow is None:
        return False
    spells = [s for s in record.spells if s.code == code]
    return any(s.since.year <= year and (s.until is None or year <= s.until.year) for s in spells)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([FRA, GBR, BEL, 9999]),
            st.sampled_from([FRA, GBR, BEL]),
            st.integers(1998, 2004),
            st.booleans(),
        ),
        min_size=1,
    )
)
def test_dyads_equal_the_slow_way(record: Record, rows: list[tuple[int, int, int, bool]]) -> None:
    world = holding(record, small(), called(small('ended = 2002-01-01\nend_mode = "expired"'), "short-2000"))
    found = against_dyads(world, pl.DataFrame(rows, schema=COW_DYADS, orient="row"), "made up")
    years = [y for _, _, y, _ in rows]
    code = {FRA: "FRA", GBR: "GBR", BEL: "BEL"}
    theirs = {(code[a], code[b], y) for a, b, y, owed in rows if owed and a in code}
    ours = slowly_owed(world, min(years), max(years))
    assert found.years == (min(years), max(years))
    assert (found.n_both, found.n_only_ours, found.n_only_theirs) == (
        len(ours & theirs), len(ours - theirs), len(theirs - ours),
    )  # fmt: skip
    apart = {(frozenset((a, b)), y) for a, b, y in ours ^ theirs}
    worst = max((sum(p == q for q, _ in apart) for p, _ in apart), default=0)
    assert (len({*years_of(apart, found.gaps[0].states)}) if found.gaps else 0) == worst


def years_of(apart: set[tuple[frozenset[str], int]], states: tuple[str, str]) -> list[int]:
    return [y for p, y in apart if p == frozenset(states)]


def test_no_dyads_at_all(record: Record) -> None:
    found = against_dyads(holding(record, small()), pl.DataFrame(schema=COW_DYADS), "empty")
    assert (found.n_both, found.recall, found.precision, found.gaps) == (0, 1.0, 1.0, ())


# --- the real files ---


@pytest.fixture(scope="module")
def real(record: Record, shared_sources: Path) -> Agreement:
    return against_atop(record, alliances(shared_sources), members(shared_sources))


def test_no_difference_of_a_multilateral_treaty_is_unexplained(real: Agreement) -> None:
    assert [
        f"{d.treaties} {d.atopid} {d.field} {d.state}: {d.ours} | {d.theirs}" for d in real.unexplained_multilateral
    ] == []
    assert real.unknown_ids == ()


@pytest.mark.parametrize("field", LEAST_AGREED)
def test_agreement_does_not_fall(real: Agreement, field: str) -> None:
    assert real.agreed[field] / real.compared[field] >= LEAST_AGREED[field]


def test_defence_and_recall_do_not_fall(real: Agreement) -> None:
    defence = real.pledges[0]
    assert defence.pledge == "defence" and (defence.n_both + defence.n_neither) / real.n_alliances >= LEAST_DEFENCE
    assert all(r.share >= LEAST_RECALL.get(r.kind, 0) for r in real.recall)


@pytest.mark.slow
def test_dyads_agree_and_equal_the_slow_way(record: Record, shared_sources: Path) -> None:
    for name, theirs in (("ATOP 5.1", atop_dyads(shared_sources)), ("COW 4.1", cow_dyads(shared_sources))):
        found = against_dyads(record, theirs, name)
        assert (found.recall, found.precision) >= LEAST_DYADS[name] and found.precision >= LEAST_DYADS[name][1]
        ours = {(a, b, y) for a, b, y, is_ours, *_ in beside(record, theirs).iter_rows() if is_ours}
        assert ours == slowly_owed(record, *found.years)


def test_every_explanation_begins_with_a_field(record: Record) -> None:
    known = {*FIELDS, "in_force", "phases"}
    assert {e.treaty: e.field for e in explanations(record.treaties.values()) if e.field not in known} == {}


def test_results_are_values(real: Agreement) -> None:
    assert dataclasses.replace(real) == real
