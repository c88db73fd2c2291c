"""Panels of the small world that ships with the tests: counted by hand, and compared with slow twins."""

import csv
import math
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from foedus import panel
from foedus.errors import FoedusError, SourceError
from foedus.panel.additions import DYAD
from foedus.panel.attach import spread
from foedus.panel.spells import peace_years

WORLD = Path(__file__).parent / "world"
EVERY = ["nmc", "majors", "atop", "contiguity", "distance", "mids", "cow_mids", "peace_years", "cow_peace_years"]
YEARS = range(1997, 2017)


def rows_of(name: str, folder: Path = WORLD) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def days(state: int, year: int) -> set[date]:
    """Days of the year on which the state was in: the slowest way to ask."""
    found = set()
    for r in rows_of("cow_states"):
        if int(r["ccode"]) == state:
            since = date(int(r["styear"]), int(r["stmonth"]), int(r["stday"]))
            until = date(int(r["endyear"]), int(r["endmonth"]), int(r["endday"]))
            day = max(since, date(year, 1, 1))
            while day <= min(until, date(year, 12, 31)):
                found.add(day)
                day += timedelta(days=1)
    return found


@pytest.fixture(scope="module")
def members() -> dict[int, dict[int, set[date]]]:
    """Year -> state -> its days."""
    states = sorted({int(r["ccode"]) for r in rows_of("cow_states")})
    return {y: {s: d for s in states if (d := days(s, y))} for y in YEARS}


@pytest.fixture(scope="module")
def dyads() -> panel.Panel:
    return panel.dyad_year(first=1997, sources=WORLD, add=EVERY)


@pytest.fixture(scope="module")
def directed() -> panel.Panel:
    return panel.dyad_year(directed=True, first=1997, sources=WORLD, add=EVERY)


def series(frame: pl.DataFrame, one: int, two: int, column: str) -> list[object]:
    return frame.filter(pl.col("ccode1") == one, pl.col("ccode2") == two).sort("year")[column].to_list()


def at(frame: pl.DataFrame, one: int, two: int, year: int) -> dict[str, object]:
    return frame.filter(pl.col("ccode1") == one, pl.col("ccode2") == two, pl.col("year") == year).row(0, named=True)


# --- skeletons -------------------------------------------------------------------------------------------------------


def test_rows_are_counted_by_hand(dyads: panel.Panel) -> None:
    states = panel.state_year(first=1997, sources=WORLD).frame
    assert states.height == 134 and states.columns == ["ccode", "state", "year"]
    assert dyads.frame.height == 384
    per_year = dict(dyads.frame.group_by("year").len().iter_rows())
    assert [per_year[y] for y in (1997, 2002, 2004, 2006, 2008, 2009)] == [15, 21, 15, 21, 27, 21]


def test_rows_are_those_who_share_a_day(members, dyads: panel.Panel, directed: panel.Panel) -> None:
    expected = {
        (a, b, y) for y, there in members.items() for a, b in combinations(sorted(there), 2) if there[a] & there[b]
    }
    keys = ["ccode1", "ccode2", "year"]
    assert set(dyads.frame.select(keys).iter_rows()) == expected and dyads.frame.height == len(expected)
    assert set(directed.frame.select(keys).iter_rows()) == {
        (x, z, y) for a, b, y in expected for x, z in ((a, b), (b, a))
    }
    for frame in (dyads.frame, directed.frame):
        assert frame.select(keys).equals(frame.select(keys).sort(keys))
    assert (31, 347, 2008) not in expected and {31, 347} <= members[2008].keys()


def test_the_year_end_rule(members) -> None:
    frame = panel.state_year(first=1997, sources=WORLD, member="year_end").frame
    expected = {(s, y) for y, there in members.items() for s, d in there.items() if date(y, 12, 31) in d}
    assert set(frame.select("ccode", "year").iter_rows()) == expected


def test_half_of_directed(dyads: panel.Panel, directed: panel.Panel) -> None:
    half = directed.frame.filter(pl.col("ccode1") < pl.col("ccode2"))
    assert directed.frame.height == 2 * half.height
    same = [c for c in dyads.frame.columns if not c.startswith("atop") and "hostlev" not in c and "fatality" not in c]
    assert_frame_equal(half.select(same), dyads.frame.select(same))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"last": 2030}, r"ends in 2016; 2030 lies beyond it.*source=.record"),
        ({"first": 1700}, "expected a first year from 1816"),
        ({"first": 2010, "last": 2000}, "not after the last"),
        ({"source": "iso"}, "expected cow, gw or record"),
        ({"member": "always"}, "expected any_day or year_end"),
        ({"aggregation": "sum"}, "expected any, both or first"),
        ({"add": ["distnace"]}, "Nearest: distance"),
    ],
)
def test_what_cannot_be_asked(asked: dict, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        panel.dyad_year(sources=WORLD, **{"first": 1997, **asked})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "cow_states.csv").write_bytes((WORLD / "cow_states.csv").read_bytes())
    (tmp_path / "versions.toml").write_bytes((WORLD / "versions.toml").read_bytes())
    with pytest.raises(SourceError, match="nmc"):
        panel.state_year(first=1997, sources=tmp_path, add=["nmc"])


# --- additions -------------------------------------------------------------------------------------------------------


def test_capabilities_are_those_of_the_file(dyads: panel.Panel) -> None:
    known = {(int(r["ccode"]), int(r["year"])): float(r["cinc"]) for r in rows_of("nmc")}
    for one, two, year, cinc1, cinc2 in dyads.frame.select("ccode1", "ccode2", "year", "cinc1", "cinc2").iter_rows():
        assert (cinc1, cinc2) == (known.get((one, year)), known.get((two, year)))
    assert at(dyads.frame, 2, 31, 1999)["cinc2"] is None


def test_majors(dyads: panel.Panel) -> None:
    assert [at(dyads.frame, 220, 365, y)["cowmaj2"] for y in (1999, 2000)] == [0, 1]
    assert [at(dyads.frame, 200, 220, y)["cowmaj1"] for y in (2010, 2011)] == [1, 0]
    assert at(dyads.frame, 200, 220, 2010)["cowmaj2"] == 0


def test_pledges_keep_their_direction(dyads: panel.Panel, directed: panel.Panel) -> None:
    def taken(frame: pl.DataFrame, one: int, two: int) -> tuple[object, object]:
        row = at(frame, one, two, 2000)
        return row["atop_defense"], row["atop_consul"]

    assert taken(directed.frame, 2, 31) == (1, 0) and taken(directed.frame, 31, 2) == (0, 1)
    found = {
        rule: taken(panel.dyad_year(first=1997, sources=WORLD, add=["atop"], aggregation=rule).frame, 2, 31)
        for rule in ("any", "both", "first")
    }
    assert found == {"any": (1, 1), "both": (0, 0), "first": (1, 0)}
    owed = {(int(r["ccode1"]), int(r["ccode2"]), int(r["year"])): r for r in rows_of("atop_dyads")}
    for row in directed.frame.iter_rows(named=True):
        source = owed.get((row["ccode1"], row["ccode2"], row["year"]))
        for c in ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"):
            assert row[c] == (int(source[c]) if source else 0)
    says = {c.name: c.says for c in directed.columns} | {f"u {c.name}": c.says for c in dyads.columns}
    assert "the first state owes the second" in says["atop_defense"]
    assert "one of the two owes the other" in says["u atop_defense"]


def test_what_lies_outside_membership_is_counted(dyads: panel.Panel) -> None:
    assert {(n.addition, n.n) for n in dyads.notes} == {("atop", 6)}  # 2-31 in 2009 and 2010, 20-860 in 2001, both ways


def test_contiguity(dyads: panel.Panel, directed: panel.Panel) -> None:
    assert series(dyads.frame, 2, 31, "conttype") == [4] * 6 + [5] * 6  # the closest of 2002 is that of its first half
    assert set(series(dyads.frame, 2, 20, "conttype")) == {1} and set(series(dyads.frame, 2, 365, "conttype")) == {0}
    assert series(directed.frame, 31, 2, "conttype") == series(dyads.frame, 2, 31, "conttype")


def test_distance_says_why_it_is_missing(dyads: panel.Panel) -> None:
    assert at(dyads.frame, 200, 220, 2005)["mindist_why"] == "not in the data"
    assert at(dyads.frame, 2, 860, 2002)["mindist_why"] == "not both in the system on 1 January"
    back = at(dyads.frame, 2, 20, 2006)
    assert (back["mindist"], back["mindist_why"]) == (0.0, None)
    assert dyads.frame.filter(pl.col("mindist").is_null() == pl.col("mindist_why").is_null()).is_empty()
    assert at(dyads.frame, 200, 220, 2005)["capdist"] is not None
    london, paris, lyon = (51.5, -0.1), (48.9, 2.4), (45.8, 4.8)
    assert at(dyads.frame, 200, 220, 2003)["capdist"] == pytest.approx(apart_km(london, paris), rel=1e-9)
    assert at(dyads.frame, 200, 220, 2004)["capdist"] == pytest.approx(apart_km(london, lyon), rel=1e-9)


def apart_km(one: tuple[float, float], two: tuple[float, float]) -> float:
    """By the law of cosines on a sphere, not by the haversine."""
    (a, b), (c, d) = (tuple(map(math.radians, p)) for p in (one, two))
    return 6371.0088 * math.acos(math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d))


def test_disputes(dyads: panel.Panel, directed: panel.Panel) -> None:
    both = at(dyads.frame, 2, 20, 2003)
    assert [both[f"gml_{c}"] for c in ("ongoing", "onset", "n", "hostlev", "fatality")] == [1, 1, 2, 5, 2]
    assert at(dyads.frame, 200, 365, 1999)["gml_onset"] == 0  # it goes on from 1998
    assert at(directed.frame, 2, 20, 2002)["gml_fatality"] is None  # -9
    assert [at(directed.frame, *pair, 2003)["gml_fatality"] for pair in ((2, 20), (20, 2))] == [1, 2]
    assert at(dyads.frame, 2, 220, 2000)["gml_ongoing"] == 0
    after = dyads.frame.filter(pl.col("year") > 2010)
    assert after.select("^gml_.*$").null_count().row(0) == (after.height,) * 6
    assert dyads.frame.filter(pl.col("year") <= 2010)["gml_ongoing"].null_count() == 0
    assert dyads.frame.filter(pl.col("year") == 2014)["cow_mid_ongoing"].null_count() == 0
    assert dyads.frame.filter(pl.col("year") == 2015)["cow_mid_ongoing"].null_count() == 21


def test_peace_years_by_hand(dyads: panel.Panel) -> None:
    assert series(dyads.frame, 2, 20, "gml_peace_years") == [0, 1, 2, 3, 0, 1, 0, 0, 1, 2, 3, 4, *[None] * 6]
    assert series(dyads.frame, 200, 365, "gml_peace_years") == [0, 1, 0, *range(11), *[None] * 6]
    assert series(dyads.frame, 2, 220, "gml_peace_years") == [*range(14), *[None] * 6]
    assert series(dyads.frame, 200, 365, "cow_mid_peace_years") == [*range(16), 0, 1, None, None]


def test_peace_is_counted_from_before_the_panel(dyads: panel.Panel) -> None:
    late = panel.dyad_year(first=2002, sources=WORLD, add=EVERY).frame
    assert_frame_equal(late, dyads.frame.filter(pl.col("year") >= 2002))
    states = panel.state_year(first=1997, sources=WORLD, add=["peace_years"]).frame
    late_states = panel.state_year(first=2002, sources=WORLD, add=["peace_years"]).frame
    assert_frame_equal(late_states, states.filter(pl.col("year") >= 2002))
    two = states.filter(pl.col("ccode") == 2)["gml_peace_years"].to_list()
    assert two == [0, 1, 2, 3, 0, 1, 0, 0, 1, 2, 3, 4, 5, 6, *[None] * 6]


def test_two_data_sets_of_disputes_in_either_order(dyads: panel.Panel) -> None:
    for names in permutations(["mids", "cow_mids", "peace_years", "cow_peace_years"]):
        other = panel.dyad_year(first=1997, sources=WORLD, add=names).frame
        assert_frame_equal(other, dyads.frame.select(other.columns))


@pytest.mark.parametrize("kind", ["dyad_year", "state_year", "kads"])
def test_unsorted_files_give_the_same(kind: str, tmp_path: Path) -> None:
    for file in WORLD.iterdir():
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        if file.suffix == ".csv":
            head, *body = lines
            random.Random(5).shuffle(body)
            lines = [head, *body]
        (tmp_path / file.name).write_text("".join(lines), encoding="utf-8")
    make: dict[str, Callable[[Path], panel.Panel]] = {
        "dyad_year": lambda s: panel.dyad_year(directed=True, first=1997, sources=s, add=EVERY),
        "state_year": lambda s: panel.state_year(first=1997, sources=s, add=["nmc", "mids", "peace_years", "atop"]),
        "kads": lambda s: panel.kads(events="atop", first=1997, sources=s, add=["nmc", "distance"]),
    }
    assert_frame_equal(make[kind](WORLD).frame, make[kind](tmp_path).frame)


def test_an_older_copy_ends_earlier(tmp_path: Path) -> None:
    for file in WORLD.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    older = pl.read_csv(WORLD / "cow_mid_dyads.csv").filter(pl.col("year") <= 2012)
    older.write_csv(tmp_path / "cow_mid_dyads.csv")
    versions = (WORLD / "versions.toml").read_text(encoding="utf-8")
    (tmp_path / "versions.toml").write_text(
        versions.replace("rows = 6\nyears = [2001, 2014]", "rows = 4\nyears = [2001, 2012]"), encoding="utf-8"
    )
    frame = panel.dyad_year(first=1997, sources=tmp_path, add=["cow_mids", "cow_peace_years"]).frame
    late = frame.filter(pl.col("year") > 2012)  # unknown, and not peace
    assert late.select("^cow_mid_.*$").null_count().row(0) == (late.height,) * 6
    assert frame.filter(pl.col("year") == 2012)["cow_mid_ongoing"].null_count() == 0


def test_adding_twice_changes_nothing(dyads: panel.Panel) -> None:
    assert dyads.add("nmc", "peace-years", "atop,mids").frame.equals(dyads.frame)


def test_lags_look_at_the_calendar(dyads: panel.Panel) -> None:
    lagged = dyads.lag(["cinc1", "gml_peace_years"]).lag("cinc2", years=3)
    assert lagged.frame.drop("cinc1_lag1", "gml_peace_years_lag1", "cinc2_lag3").equals(dyads.frame)
    value = {(r["ccode1"], r["ccode2"], r["year"]): r for r in dyads.frame.iter_rows(named=True)}
    for row in lagged.frame.iter_rows(named=True):
        for column, years in (("cinc1", 1), ("gml_peace_years", 1), ("cinc2", 3)):
            before = value.get((row["ccode1"], row["ccode2"], row["year"] - years))
            assert row[f"{column}_lag{years}"] == (before[column] if before else None)
    assert at(lagged.frame, 2, 20, 2006)["cinc1_lag1"] is None  # 2005 is not 2003
    with pytest.raises(FoedusError, match="no column"):
        dyads.lag(["cinc"])
    with pytest.raises(FoedusError, match="expected 1 or more"):
        dyads.lag(["cinc1"], years=0)


def test_two_rows_for_one_key_are_refused() -> None:
    values = pl.DataFrame({"x": [1, 2]})
    with pytest.raises(SourceError, match="two rows for one and the same"):
        spread(values, np.array([3, 3], dtype=np.int32), 5)
    assert spread(values, np.array([3, -1], dtype=np.int32), 4)["x"].to_list() == [None, None, None, 1]


# --- peace years against a slow twin ---------------------------------------------------------------------------------


def plainly(there: list[bool], event: list[bool]) -> list[int | None]:
    """The count of one unit, year after year; None where it is not there."""
    count: int | None = None
    found: list[int | None] = []
    for year, here in enumerate(there):
        if not here:
            count = None
        elif count is None or event[year - 1]:
            count = 0
        else:
            count += 1
        found.append(count)
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[bool], list[bool]]]:
    n_years = draw(st.integers(1, 12))
    flags = st.lists(st.booleans(), min_size=n_years, max_size=n_years)
    return draw(st.lists(st.tuples(flags, flags), max_size=5))


@given(histories())
def test_peace_years_equal_the_plain_count(history: list[tuple[list[bool], list[bool]]]) -> None:
    rows = [(u, y, e[y]) for u, (there, e) in enumerate(history) for y in range(len(there)) if there[y]]
    unit, year, event = (np.array(x) for x in zip(*rows, strict=True)) if rows else (np.zeros(0, int),) * 3
    expected = [c for there, e in history for c in plainly(there, e) if c is not None]
    assert peace_years(unit, year, event.astype(bool)).tolist() == expected


def test_every_addition_has_columns_of_its_own() -> None:
    def names() -> Iterator[str]:
        for a in DYAD.values():
            yield from a.means(False, "any") if callable(a.means) else (f"{c}{s}" for c in a.means for s in "12")

    found = list(names())
    assert len(found) == len(set(found))
