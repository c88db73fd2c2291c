"""A panel on a disk: whole or not at all, as Parquet, csv and Stata, and still knowing where its columns come from."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import foedus.panel.writing
from foedus import panel
from foedus.cli.main import main
from foedus.errors import OutputError, SchemaError
from foedus.panel.origin import notes
from foedus.panel.stata import parts
from foedus.panel.writing import write
from foedus.record import Record
from foedus.sources.stata import read_stata

from .test_panels_world import EVERY, WORLD

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def dyads() -> panel.Panel:
    return panel.dyad_year(first=1997, sources=WORLD, add=EVERY).lag(["cinc1"])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["panel", *args])
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return call


def test_every_column_has_a_source_a_unit_and_a_citation(dyads: panel.Panel) -> None:
    frame = panel.provenance(dyads)
    assert frame["column"].to_list() == dyads.frame.columns
    for row in frame.iter_rows(named=True):
        assert row["source"] and row["unit"] and row["says"] and row["citation"], row
    assert set(frame["kind"]) == {"observed", "derived"}


def test_parquet_keeps_provenance_and_notes(dyads: panel.Panel, tmp_path: Path) -> None:
    write(dyads, tmp_path / "d.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "d.parquet"), dyads.frame)
    assert panel.provenance(tmp_path / "d.parquet").equals(panel.provenance(dyads))
    assert notes(tmp_path / "d.parquet") == dyads.notes
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "other.parquet")
    for path in ("other.parquet", "none.parquet"):
        with pytest.raises(SchemaError, match="is no Parquet file that foedus wrote"):
            panel.provenance(tmp_path / path)


def test_a_frame_is_known_by_its_columns(dyads: panel.Panel) -> None:
    again = panel.provenance(dyads.frame.drop("cinc1_lag1").with_columns(mine=1))
    own = panel.provenance(dyads).filter(pl.col("column") != "cinc1_lag1")
    assert again.filter(pl.col("column") == "mine")["source"].item() == ""
    mine = ["column", "addition", "unit", "kind", "says"]
    added = pl.col("addition") != ""
    assert again.filter(added).select(mine).equals(own.filter(added).select(mine))


def test_csv(dyads: panel.Panel, tmp_path: Path) -> None:
    write(dyads, tmp_path / "d.csv")
    read = pl.read_csv(tmp_path / "d.csv", schema_overrides=dyads.frame.schema)
    assert_frame_equal(read, dyads.frame)


def test_stata(dyads: panel.Panel, tmp_path: Path) -> None:
    write(dyads, tmp_path / "d.dta")
    read = read_stata(tmp_path / "d.dta")
    assert read.columns == dyads.frame.columns and read.height == dyads.frame.height
    for c in read.columns:
        ours = dyads.frame[c]
        if ours.dtype.is_numeric():
            assert read[c].cast(pl.Float64).equals(ours.cast(pl.Float64)), c
        else:
            assert read[c].fill_null("").to_list() == ours.cast(pl.String).fill_null("").to_list(), c


def test_stata_holds_what_is_hard(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "whole": [None, 100, -127],
            "larger": [101, None, -32_767],
            "largest": [32_741, 2_147_483_620, None],
            "beyond": pl.Series([2_147_483_621, None, 2**53], dtype=pl.Int64),
            "real": [1.5, float("nan"), None],
            "is_so": [True, None, False],
            "words": ["Türkiye", None, "x" * 2045],
            "several": [["a", "b"], [], None],
            "day": [date(1914, 6, 28), None, date(2000, 1, 1)],
        }
    )
    (tmp_path / "x.dta").write_bytes(b"".join(parts(frame, {"real": "é" * 200})))
    read = read_stata(tmp_path / "x.dta")
    for c in ("whole", "larger", "largest", "beyond"):
        assert read[c].cast(pl.Int64).to_list() == frame[c].to_list()
    assert read["real"].to_list() == [1.5, None, None]
    assert read["is_so"].cast(pl.Int64).to_list() == [1, None, 0]
    assert read["words"].fill_null("").to_list() == ["Türkiye", "", "x" * 2045]
    assert read["several"].fill_null("").to_list() == ["a;b", "", ""]
    assert read["day"].fill_null("").to_list() == ["1914-06-28", "", "2000-01-01"]
    for bad in ({"w": ["x" * 2046]}, {"a name": [1]}, {"n" * 33: [1]}):
        with pytest.raises(OutputError, match="Write csv or parquet"):
            b"".join(parts(pl.DataFrame(bad), {}))


def test_a_failure_leaves_the_old_file(dyads: panel.Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d.csv").write_text("mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(foedus.panel.writing, "_fill", full)
    with pytest.raises(OutputError, match="No space left"):
        write(dyads, tmp_path / "d.csv")
    assert (tmp_path / "d.csv").read_text() == "mine" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("form", ["parquet", "csv", "dta"])
def test_commands(run: Run, form: str) -> None:
    world = ("--from", "1997", "--sources", str(WORLD))
    code, out, err = run("dyad-year", *world, "--add", "atop,nmc,peace-years", "--lag", "cinc1", "-o", f"d.{form}")
    assert code == 0 and out.startswith("Wrote 384 rows, 26 columns to ")
    assert "Note on atop: 6 rows of the source" in err
    code, out, _ = run("dyad-year", *world, "--to", "2000", "--directed", "--pledges", "both", "-o", f"e.{form}")
    assert code == 0 and out.startswith("Wrote 120 rows, 5 columns")
    assert run("state-year", *world, "--add", "nmc", "--add", "mids", "--member", "year-end", "-o", f"s.{form}")[0] == 0
    assert run("kads", *world, "--events", "atop", "--non-events", "all", "-o", f"k.{form}")[0] == 0
    assert run("treaty-year", "--from", "2020", "--to", "2021", "--sources", str(WORLD), "-o", f"t.{form}")[0] == 0
    assert sorted(p.name for p in Path().iterdir()) == sorted(f"{n}.{form}" for n in "dekst")


def test_the_command_that_says_where_columns_come_from(run: Run) -> None:
    assert run("state-year", "--from", "1997", "--sources", str(WORLD), "--add", "nmc", "-o", "s.parquet")[0] == 0
    code, out, _ = run("provenance", "s.parquet")
    assert code == 0 and "cinc: Composite Index of National Capability" in out and "Singer" in out
    code, out, _ = run("additions")
    assert code == 0 and "peace-years" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("dyad-year", "-o", "d.sav"), "expected a file that ends in .parquet, .csv or .dta"),
        (("dyad-year", "-o", "no/d.csv"), "There is no folder no"),
        (("dyad-year", "--add", "nmcs", "-o", "d.csv"), "Nearest: nmc"),
        (("dyad-year", "--to", "2050", "--sources", str(WORLD), "-o", "d.csv"), "lies beyond it"),
        (("dyad-year", "--states", "un", "-o", "d.csv"), "expected cow, gw or record"),
        (("state-year", "--sources", "nowhere", "-o", "d.csv"), "cow_states"),
        (("kads", "--non-events", "few", "-o", "d.csv"), "expected a whole number, or all"),
    ],
)
def test_wrong_input(run: Run, args: tuple[str, ...], says: str) -> None:
    code, out, err = run(*args)
    assert code == 2 and says in err and out == "" and list(Path().iterdir()) == []


def test_treaties_without_any_data_set(record: Record, tmp_path: Path) -> None:
    made = panel.treaty_year(record, first=2015, sources=tmp_path)
    assert made.frame.filter(pl.col("year") == 2015)["cinc_why"].str.contains("no copy of National").all()
    assert any("no copy" in n.says for n in made.notes)
    spent = made.frame.filter(pl.col("milex_musd_total").is_not_null())
    assert spent.height and min(spent["year"].to_list()) >= 2022
    for treaty, year, total in spent.select("treaty", "year", "milex_musd_total").iter_rows():
        parties = record.treaty(treaty).members_on(date(year, 12, 31))
        values = [
            share.value * gdp.value / 100
            for p in parties
            if (share := record.figure(p, "milex_share_gdp", year)) and (gdp := record.figure(p, "gdp_musd", year))
        ]
        assert total == pytest.approx(sum(values)) and len(values) == len(parties)
