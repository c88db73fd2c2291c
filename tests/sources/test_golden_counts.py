"""Every file of the shared folder is read whole, and known counts come out."""

from pathlib import Path

import polars as pl
import pytest

import foedus.sources as sources
from foedus.sources.reading import read_file

DATA_SETS = [(name, v) for name in sources.names() for v in sources.data_set(name).versions]


@pytest.mark.parametrize(("name", "version"), DATA_SETS, ids=[v.file for _, v in DATA_SETS])
def test_a_file_is_read_whole(shared_sources, name, version):
    frame = read_file(shared_sources / version.file, sources.data_set(name))
    assert frame.height == version.rows
    assert frame.schema == sources.SCHEMAS[name]


def test_no_file_of_the_folder_is_left_out(shared_sources):
    here = {p.name for p in shared_sources.iterdir() if p.suffix in (".csv", ".dta", ".parquet")}
    assert here == {v.file for _, v in DATA_SETS}


def _members(shared_sources: Path, year: int, atopid: int | None = None) -> pl.DataFrame:
    spells = sources.read("atop_members", shared_sources)
    if atopid:
        spells = spells.filter(pl.col("atopid") == atopid)
    return spells.filter((pl.col("yrent") <= year) & ((pl.col("yrexit") == 0) | (pl.col("yrexit") >= year)))


NATO = {1949: 12, 1952: 14, 1955: 15, 1982: 16, 1990: 17, 1991: 16, 1999: 19, 2004: 26, 2009: 28, 2018: 29}


@pytest.mark.parametrize(("year", "n"), NATO.items())
def test_members_of_nato(shared_sources, year, n):
    assert _members(shared_sources, year, 3180)["member_state"].n_unique() == n


IN_FORCE = {1820: 5, 1900: 7, 1914: 23, 1939: 65, 1950: 49, 1970: 98, 1990: 150, 2000: 310, 2010: 340, 2018: 354}


@pytest.mark.parametrize(("year", "n"), IN_FORCE.items())
def test_alliances_in_force(shared_sources, year, n):
    assert _members(shared_sources, year)["atopid"].n_unique() == n


def test_pledges_of_the_alliances(shared_sources):
    found = sources.read("atop_alliances", shared_sources)
    sums = found.select("defense", "offense", "neutral", "nonagg", "consul").sum().row(0)
    assert sums == (276, 81, 124, 420, 383)
    assert found.filter(pl.col("bilat") == 1).height == 656
    assert found.filter(pl.col("endyr") == 0).height == 353


def test_states_and_majors(shared_sources):
    spells = sources.read("cow_states", shared_sources)
    last = spells.filter(pl.col("endyear") == 2016, pl.col("endmonth") == 12, pl.col("endday") == 31)
    assert last["ccode_state"].n_unique() == 195
    assert spells.filter(pl.col("styear") == 1816, pl.col("stmonth") == 1).height == 23
    assert sources.read("cow_majors", shared_sources).height == 14


def test_capabilities(shared_sources):
    nmc = sources.read("nmc", shared_sources)
    cinc = {(s, y): c for s, y, c in nmc.select("ccode_state", "year", "cinc").rows()}
    assert cinc["USA", 1945] == pytest.approx(0.38386, abs=5e-6) == nmc["cinc"].max()
    for state, share in (("CHN", 0.2341), ("USA", 0.1236), ("IND", 0.0994), ("RUS", 0.0382)):
        assert cinc[state, 2022] == pytest.approx(share, abs=5e-5)
    nulls = nmc.null_count().row(0, named=True)
    assert [nulls[c] for c in ("milex", "milper", "pec", "upop", "irst")] == [2360, 456, 448, 68, 26]


def test_distance_and_contact(shared_sources):
    near = sources.read("mindist", shared_sources).filter(pl.col("year") == 2019)
    pairs = {(a, b): d for a, b, d in near.select("ccode1_state", "ccode2_state", "mindist").rows()}
    assert pairs["FRA", "DEU"] == 0 and pairs["USA", "RUS"] == pytest.approx(80.0, abs=0.05)
    assert sources.read("contiguity", shared_sources).filter(pl.col("conttype") == 0).height == 180


def test_disputes_and_wars(shared_sources):
    assert sources.read("gml_dyads", shared_sources)["dispnum"].n_unique() == 2174
    starts = sources.read("gml_disputes", shared_sources)["styear"]
    assert ((starts // 10) == 182).sum() == 12 and ((starts // 10) == 198).sum() == 319
    assert sources.read("wars_inter", shared_sources)["warnum"].n_unique() == 95
    assert sources.read("wars_intra", shared_sources)["warnum"].n_unique() == 306
    ucdp = sources.read("ucdp", shared_sources)
    assert ucdp["conflict_id"].n_unique() == 303
    assert [ucdp.filter(pl.col("year") == y)["conflict_id"].n_unique() for y in (2023, 2024)] == [59, 61]
    assert sources.read("icb_actors", shared_sources)["crisno"].n_unique() == 496
    assert sources.read("icb_dyads", shared_sources)["crisno"].n_unique() == 449


def test_ties_and_posture(shared_sources):
    trade = sources.read("trade_dyads", shared_sources)
    assert (trade["flow1"].null_count(), trade["flow2"].null_count()) == (22_937, 27_896)
    usa_can = (pl.col("ccode1") == 2) & (pl.col("ccode2") == 20) & (pl.col("year") == 2014)
    assert trade.row(by_predicate=usa_can, named=True)["flow1"] == pytest.approx(346_063, abs=1)
    assert sources.read("igo_dyads", shared_sources).row(by_predicate=usa_can, named=True)["dyadigos"] == 72
    igo = sources.read("igo_states", shared_sources).filter(pl.col("ccode_state") == "FRA", pl.col("year") == 2014)
    assert igo["sum_igo_full"].item() == 116
    troops = sources.read("us_troops", shared_sources).filter(pl.col("year") == 2024)
    by_host = dict(troops.select("ccode_state", "troops_ad").rows())
    assert [by_host[s] for s in ("JPN", "DEU", "KOR", "ITA")] == [55_154, 36_541, 24_515, 12_482]
    milex = sources.read("sipri_milex", shared_sources).filter(pl.col("country_state") == "USA", pl.col("year") == 2024)
    values = dict(milex.select("measure", "value").rows())
    assert values["current_usd_m"] == pytest.approx(997_309, abs=1)
    assert values["share_of_gdp"] == pytest.approx(0.0342, abs=5e-5)
    joint = sources.read("exercise_participants", shared_sources)
    assert joint.filter(pl.col("state_state") == "USA").height == 1884  # of 1,882 mmeid: two stand twice


def test_reliability(shared_sources):
    honoured = sources.read("berkemeier_fuhrmann", shared_sources)
    assert (honoured["honor_bf"].sum(), honoured["violate_bf"].sum()) == (69, 70)
    assert sources.read("leeds_anac", shared_sources)["honor3"].mean() == pytest.approx(0.679, abs=5e-4)


def test_gleditsch_ward_agrees_with_the_bridge(shared_sources):
    bridge = sources.read("cow_gw", shared_sources).drop_nulls(["ccode", "gwcode"])
    # In a year of change both sides stand in the bridge; our code is that of 31 December.
    differ = bridge.filter(pl.col("ccode_state") != pl.col("gwcode_state"))
    assert set(differ.select("gwcode", "ccode", "year").rows()) <= {(678, 678, 1990), (260, 260, 1990)}


@pytest.mark.parametrize("name", ["berkemeier_fuhrmann", "leeds_anac"])
def test_the_stata_file_and_its_export_agree(shared_sources, name):
    entry = sources.data_set(name)
    csv, stata = (read_file(shared_sources / v.file, entry) for v in entry.versions)
    assert csv.equals(stata)
