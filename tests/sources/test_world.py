"""Each format of the small world is read to the values of make.py's formulas, with states and missing codes."""

import importlib.util
import shutil
from datetime import date

import polars as pl
import pytest

import foedus.sources as sources
from foedus.errors import SourceError
from foedus.sources.nmc import CINC, cinc
from foedus.sources.registry import names

READ = (
    *("cow_states", "cow_majors", "capitals", "nmc", "mindist", "contiguity", "atop_dyads", "cow_alliances"),
    *("gml_dyads", "cow_mid_dyads", "democracy", "gdp_pop", "trade_dyads", "igo_dyads", "rivalries_tss", "leeds_anac"),
)


@pytest.mark.parametrize("name", READ)
def test_the_schema_is_as_declared(world, name):
    assert sources.read(name, world).schema == sources.SCHEMAS[name]


def test_the_files_are_what_make_writes(world):
    spec = importlib.util.spec_from_file_location("make_world", world / "make.py")
    assert spec and spec.loader
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    for made in (*make.CSV, *make.PARQUET):
        frame = sources.read(made.__name__, world)
        given = made()
        assert frame.height == given.height
        for column in given.columns:
            if given[column].dtype.is_integer():
                assert frame[column].fill_null(-9).to_list() == given[column].fill_null(-9).to_list(), column
    assert (world / "leeds_anac.dta").read_bytes() == make.leeds_anac()


def test_values_checked_by_hand(world):
    nmc = sources.read("nmc", world)
    assert nmc.height == 9 * 7 + 8 + 10 * 6
    usa = nmc.row(by_predicate=(pl.col("ccode_state") == "USA") & (pl.col("year") == 1981), named=True)
    assert usa["milex"] == 3981 and usa["cinc"] == 0.01
    assert nmc.filter(pl.col("milex").is_null())["ccode_state"].unique().to_list() == ["DDR"]
    german = nmc.filter(pl.col("ccode_state").is_in(["DEU", "GFR", "DDR"]) & (pl.col("year") == 1990))
    assert sorted(german["ccode_state"]) == ["DDR", "DEU", "GFR"]
    near = sources.read("mindist", world)
    assert near.filter(pl.col("ccode1_state") == "DEU")["year"].min() == 1991
    assert (
        near.row(by_predicate=(pl.col("ccode1") == 2) & (pl.col("ccode2") == 365) & (pl.col("year") == 1981))[-1]
        == 600.0
    )
    owes = sources.read("atop_dyads", world).filter(pl.col("year") == 1992, pl.col("atop_consul") == 1)
    assert owes.select("ccode1_state", "ccode2_state", "atop_defense").rows() == [("POL", "RUS", 0), ("RUS", "POL", 1)]
    trade = sources.read("trade_dyads", world)
    assert trade.filter(pl.col("flow1").is_null()).select("ccode1_state", "ccode2_state").unique().rows() == [
        ("USA", "DDR")
    ]
    assert sources.read("contiguity", world)["stdate"].max() == date(1996, 1, 1)
    assert sources.read("capitals", world)["enddate"].to_list() == [date(2024, 12, 31)] * 8
    assert sources.read("democracy", world)["polity2"].null_count() == 1
    assert sources.read("gml_dyads", world).filter(pl.col("fatality").is_null())["dispnum"].unique().to_list() == [2]
    stata = sources.read("leeds_anac", world)
    assert stata["honor3"].to_list() == [1, 1, 1, 0, 0, 0] and stata["milinst"].null_count() == 2


def test_the_folder_is_given_or_set_or_the_cache(world, monkeypatch, tmp_path):
    assert sources.folder(world) == world
    monkeypatch.setenv("FOEDUS_SOURCES", str(world))
    assert sources.folder() == world and sources.read("nmc").height == 131
    monkeypatch.delenv("FOEDUS_SOURCES")
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path))
    assert sources.folder() == tmp_path / "sources"


def test_a_data_set_that_is_not_there_says_what_to_do(world):
    for name in names():
        if name not in READ:
            with pytest.raises(SourceError, match=r"no such file .*Expected one of(.|\n)*foedus sources add"):
                sources.read(name, world)


def test_a_csv_as_other_programs_write_it(world, tmp_path):
    """A mark at the beginning, CRLF, upper case, quotation marks, more columns, whole numbers as 1.0."""
    frame = pl.read_csv(world / "trade_dyads.csv").with_columns(
        pl.col("year").cast(pl.Float64), name=pl.lit('a "b", c')
    )
    text = frame.rename({"flow1": "FLOW1"}).write_csv(quote_style="non_numeric")
    (tmp_path / "trade_dyads.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    shutil.copy(world / "versions.toml", tmp_path)
    assert sources.read("trade_dyads", tmp_path).equals(sources.read("trade_dyads", world))


def test_the_index_of_capability_alone(world):
    frame = cinc(world, "nmc.parquet")
    assert frame.schema == CINC and frame.height == 131
    with pytest.raises(SourceError, match=r"nmc\.csv: there is no such file"):
        cinc(world, "nmc.csv")
