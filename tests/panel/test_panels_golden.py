"""Panels of the published files: counts that others have published or that the sources' own notes give."""

from pathlib import Path

import polars as pl
import pytest

from foedus import panel
from foedus.panel.additions import DYAD, STATE

SEVEN = ["atop", "nmc", "contiguity", "distance", "majors", "mids", "peace_years"]
# Dyad-years of COW, both states in on a common day. 30 pairs that shared a year but no day are not among them.
UNDIRECTED = 956_145
NATO = {1949: 12, 1952: 14, 1955: 15, 1982: 16, 1990: 17, 1991: 16, 1999: 19, 2004: 26, 2009: 28, 2016: 28}


@pytest.fixture(scope="module")
def dyads(shared_sources: Path) -> panel.Panel:
    return panel.dyad_year(sources=shared_sources, add=SEVEN)


@pytest.fixture(scope="module")
def states(shared_sources: Path) -> panel.Panel:
    return panel.state_year(sources=shared_sources, add=["nmc", "majors", "atop", "mids", "wars"])


def test_rows_per_year(dyads: panel.Panel, states: panel.Panel) -> None:
    assert dyads.frame.height == UNDIRECTED
    n_states = dict(states.frame.group_by("year").len().iter_rows())
    assert (n_states[1816], n_states[2016]) == (23, 195)
    for year, n in dyads.frame.group_by("year").len().iter_rows():
        all_pairs = n_states[year] * (n_states[year] - 1) // 2
        assert n <= all_pairs and (n == all_pairs or year in (1860, 1918, 1941, 1945, 1958, 1964, 1975, 1990))


def test_directed_is_twice(shared_sources: Path) -> None:
    frame = panel.dyad_year(directed=True, sources=shared_sources, add=["atop"]).frame
    assert frame.height == 2 * UNDIRECTED
    file = pl.read_parquet(shared_sources / "atop_v5_1_directed_dyad_year.parquet")
    kept = file.join(frame.select("ccode1", "ccode2", "year"), on=["ccode1", "ccode2", "year"], how="semi")
    for column in ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"):
        ours = frame.group_by("year").agg(pl.col(column).sum().cast(pl.Int64)).sort("year")
        theirs = kept.group_by("year").agg(pl.col(column).sum().cast(pl.Int64)).sort("year")
        assert ours.equals(
            theirs.join(ours.select("year"), on="year", how="right").select("year", pl.col(column).fill_null(0))
        )


def test_us_cinc(states: panel.Panel) -> None:
    row = states.frame.filter(pl.col("ccode") == 2, pl.col("year") == 1945).row(0, named=True)
    assert row["cinc"] == pytest.approx(0.38386, abs=5e-6) and row["cowmaj"] == 1


def test_contiguity_agrees_with_the_file(dyads: panel.Panel, shared_sources: Path) -> None:
    counted = dict(dyads.frame.group_by("conttype").len().iter_rows())
    assert counted == {0: 914_925, 1: 24_472, 2: 1_078, 3: 1_160, 4: 5_670, 5: 8_840}
    assert sum(counted.values()) == UNDIRECTED


def test_distance(dyads: panel.Panel) -> None:
    frame = dyads.frame
    assert frame.filter(pl.col("year") < 1886)["mindist"].null_count() == frame.filter(pl.col("year") < 1886).height
    assert (frame["mindist_why"] == "the data begin in 1886").sum() == 40_818
    known = frame.filter(pl.col("year") == 2016, pl.col("ccode1") == 2, pl.col("ccode2") == 365)
    assert known["mindist"].item() == pytest.approx(80, abs=0.5)
    assert frame.filter(pl.col("ccode1") == 220, pl.col("ccode2") == 255, pl.col("year") == 2000)["mindist"].item() == 0


def test_onsets_per_decade(dyads: panel.Panel, shared_sources: Path) -> None:
    frame = dyads.frame
    decade = frame.group_by(pl.col("year") // 10 * 10).agg(pl.col("gml_onset").sum()).sort("year")
    counted = dict(decade.iter_rows())
    assert counted[1910] == 193 and counted[1940] == 337 and counted[1990] == 408
    assert frame["gml_ongoing"].sum() == 4_642 and frame["gml_onset"].sum() == 3_124
    assert frame.filter(pl.col("year") > 2010)["gml_ongoing"].null_count() == frame.filter(pl.col("year") > 2010).height


def test_peace_years_are_those_derived_elsewhere(dyads: panel.Panel, shared_sources: Path) -> None:
    theirs = pl.read_parquet(shared_sources / "gml_peace_years_derived.parquet")
    both = theirs.join(dyads.frame, on=["ccode1", "ccode2", "year"], how="left")
    assert both.height == 81_174
    assert both["peace_years"].equals(both["gml_peace_years"].alias("peace_years"))
    assert both["midongoing"].cast(pl.Int8).equals(both["gml_ongoing"].alias("midongoing"))
    assert both["midonset"].cast(pl.Int8).equals(both["gml_onset"].alias("midonset"))


def test_hand_checked_dyads(dyads: panel.Panel) -> None:
    def spell(one: int, two: int, *years: int) -> list[object]:
        frame = dyads.frame.filter(pl.col("ccode1") == one, pl.col("ccode2") == two, pl.col("year").is_in(years))
        return frame.sort("year")["gml_peace_years"].to_list()

    assert spell(2, 20, 1920, 1921, 2011) == [0, 1, None]
    assert spell(220, 255, 1816, 1817) == [0, 1]
    assert spell(255, 365, 1991) == [1]  # Germany came back in 1990


def test_gleditsch_and_ward(shared_sources: Path) -> None:
    made = panel.state_year(source="gw", last=2016, sources=shared_sources, add=["nmc", "mids"])
    assert made.frame.columns[:3] == ["gwcode", "state", "year"]
    germany = made.frame.filter(pl.col("gwcode") == 260, pl.col("year").is_in([1989, 1995]))
    assert germany["cinc"].null_count() == 0 and germany.height == 2
    assert made.frame.select("gwcode", "year").is_unique().all()


def test_the_record_goes_on(shared_sources: Path) -> None:
    made = panel.state_year(source="record", first=2010, last=2024, sources=shared_sources, add=["nmc", "majors"])
    counted = dict(made.frame.group_by("year").len().iter_rows())
    assert counted[2016] == counted[2024] >= 195
    late = made.frame.filter(pl.col("year") == 2024)
    assert late["cinc"].null_count() == late.height == late["cowmaj"].null_count()


def test_treaties_by_year(shared_sources: Path) -> None:
    made = panel.treaty_year(sources=shared_sources, add=["majors"])
    frame = made.frame
    nato = frame.filter(pl.col("treaty") == "nato-1949")
    size = dict(nato.select("year", "n_parties").iter_rows())
    assert all(size[y] == NATO[y] for y in (1949, 1952, 1955, 1982, 2004, 2009)) and size[2024] == 32
    us_1950 = nato.filter(pl.col("year") == 1950)
    assert 0.3 < us_1950["cinc_total"].item() < 0.7
    for name in ("cinc", "milex_musd"):
        assert frame.filter(pl.col(f"{name}_total").is_null() == pl.col(f"{name}_why").is_null()).is_empty()
    after = frame.filter(pl.col("year") > 2022)
    assert after["cinc_total"].null_count() == after.height
    assert set(after["cinc_why"]) == {"National Material Capabilities end in 2022"}
    assert nato.filter(pl.col("year") == 2024)["milex_musd_total"].is_null().item() == bool(
        nato.filter(pl.col("year") == 2024)["milex_musd_why"].item()
    )


def test_every_addition_can_be_added(shared_sources: Path) -> None:
    states = panel.state_year(source="record", first=2000, last=2024, sources=shared_sources, add=sorted(STATE))
    assert set(states.frame.columns) == set(panel.provenance(states)["column"])
    us = states.frame.filter(pl.col("ccode") == 2, pl.col("year") == 2024).row(0, named=True)
    assert us["milex_musd_current"] == pytest.approx(997_309, abs=1)
    assert us["milex_share"] == pytest.approx(0.0342, abs=5e-5)
    assert us["wb_milex_pct_gdp"] == pytest.approx(3.42, abs=0.005)
    assert us["wb_arms_exports_tiv"] == 13_512_000_000
    dyads = panel.dyad_year(directed=True, first=2000, last=2014, sources=shared_sources, add=sorted(DYAD))
    assert all(panel.provenance(dyads)["citation"])
    one = dyads.frame.filter(pl.col("ccode1") == 2, pl.col("ccode2") == 20, pl.col("year") == 2014).row(0, named=True)
    other = dyads.frame.filter(pl.col("ccode1") == 20, pl.col("ccode2") == 2, pl.col("year") == 2014).row(0, named=True)
    assert one["flow1"] == other["flow2"] == pytest.approx(346_063, abs=1)
    assert one["dyadigos"] == other["dyadigos"] == 72
    turned = {c: c[:-1] + ("2" if c[-1] == "1" else "1") for c in one if c[-1] in "12"}
    assert all(one[c] == other[turned[c]] for c in turned)


def test_foundings_of_atop(shared_sources: Path) -> None:
    made = panel.kads(events="atop", non_events=1, sources=shared_sources)
    observed = made.frame.filter("observed")
    assert (
        observed.height + next(n.n for n in made.notes if "dropped" in n.says) == 752
    )  # of 765: 7 began before 1816, 6 after 2016
