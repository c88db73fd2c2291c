"""Sets of states: drawn evenly, the same whoever asks and in whatever part, all from the system of the year."""

from itertools import combinations
from math import comb

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from foedus import panel
from foedus.errors import FoedusError
from foedus.record import Record

from .test_panels_world import WORLD


def kads(**asked: object) -> panel.Panel:
    return panel.kads(**{"events": "atop", "first": 1997, "sources": WORLD, **asked})  # type: ignore[arg-type]


def test_the_foundings_of_the_world() -> None:
    made = kads(non_events=3)
    observed = {r["event"]: (r["year"], r["members"]) for r in made.frame.filter("observed").iter_rows(named=True)}
    assert observed == {
        "atop-1": (1998, [2, 200]),  # 220 came in 2001
        "atop-2": (2003, [2, 20, 200]),
        "atop-3": (2009, [220, 347, 365]),
        "atop-5": (2003, [2, 860]),
    }
    assert {n.n for n in made.notes} == {1}  # 31 had left in 2009, and 2 alone founds nothing
    assert made.frame.filter(pl.col("event") == "atop-2")["states"][0].to_list() == ["USA", "CAN", "GBR"]


def test_all_sets_of_a_year() -> None:
    made = kads(non_events="all").frame
    there = [2, 20, 31, 200, 220, 365, 860]  # 2003
    rows = made.filter(pl.col("event") == "atop-2")
    assert {tuple(m) for m in rows["members"].to_list()} == set(combinations(there, 3)) and rows.height == comb(7, 3)
    assert rows["observed"].to_list() == [True] + [False] * 34 and set(rows["share_drawn"]) == {1.0}


@given(st.integers(0, 2**70), st.integers(0, 60))
def test_draws(seed: int, n: int) -> None:
    frame = kads(seed=seed, non_events=n).frame
    every = kads(non_events="all").frame
    founded = set(
        every.filter("observed")
        .select("year", pl.col("members").list.eval(pl.element().cast(pl.String)).list.join(" "))
        .iter_rows()
    )
    for (event,), rows in frame.group_by("event"):
        whole = every.filter(pl.col("event") == event)
        drawn = [tuple(m) for m in rows.filter(~pl.col("observed"))["members"].to_list()]
        assert len(drawn) == len(set(drawn)) == min(n, whole.height - 1)
        assert set(drawn) <= {tuple(m) for m in whole["members"].to_list()}
        assert not {(rows["year"][0], " ".join(map(str, m))) for m in drawn} & founded
        if n < whole.height - 1:
            assert set(rows.filter(~pl.col("observed"))["share_drawn"]) <= {n / (whole.height - 1)}


def test_a_part_gives_the_same_sets() -> None:
    whole = kads(seed=11, non_events=5).frame
    parts = [kads(seed=11, non_events=5, first=a, last=b).frame for a, b in ((1997, 2000), (2001, 2005), (2006, 2016))]
    assert_frame_equal(pl.concat(parts), whole)
    assert not kads(seed=12, non_events=5).frame.equals(whole)


def test_more_sets_keep_the_first_ones(record: Record) -> None:
    few, many = (panel.kads(record=record, non_events=n, first=1900, last=1914).frame for n in (3, 9))
    for (event,), rows in few.group_by("event", maintain_order=True):
        assert many.filter(pl.col("event") == event)["members"].to_list()[:4] == rows["members"].to_list()


def test_members_are_in_the_system(record: Record) -> None:
    made = panel.kads(record=record, first=1816, last=1900).frame
    there = panel.state_year(source="record", record=record, last=1900).frame
    in_system = set(there.select("ccode", "year").iter_rows())
    for year, members, k in made.select("year", "members", "k").iter_rows():
        assert len(members) == k == len(set(members)) and members == sorted(members)
        assert all((m, year) in in_system for m in members)


def test_what_is_known_of_a_set() -> None:
    frame = kads(non_events="all", add=["nmc", "distance"]).frame
    cinc = {
        (r["ccode"], r["year"]): r["cinc"]
        for r in panel.state_year(first=1997, sources=WORLD, add=["nmc"]).frame.iter_rows(named=True)
    }
    pairs = panel.dyad_year(first=1997, sources=WORLD, add=["distance"]).frame
    km = {(r["ccode1"], r["ccode2"], r["year"]): r["mindist"] for r in pairs.iter_rows(named=True)}
    for row in frame.iter_rows(named=True):
        values = [cinc[m, row["year"]] for m in row["members"]]
        assert row["cinc_n_known"] == len(values) and row["cinc_sum"] == pytest.approx(sum(values))
        assert (row["cinc_min"], row["cinc_max"]) == (min(values), max(values))
        apart = [km.get((*pair, row["year"])) for pair in combinations(row["members"], 2)]
        known = [a for a in apart if a is not None]
        assert row["mindist_n_known"] == len(known)
        assert row["mindist_max"] == (max(known) if len(known) == len(apart) else None)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"non_events": -1}, "expected a whole number"),
        ({"non_events": "many"}, "expected a whole number"),
        ({"events": "cow"}, "expected record or atop"),
    ],
)
def test_what_cannot_be_asked(asked: dict, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        kads(**asked)


def test_too_many_sets_are_refused(record: Record) -> None:
    with pytest.raises(FoedusError, match=r"more than 5,000,000. Ask for a number"):
        panel.kads(record=record, non_events="all", first=1949, last=1949)
