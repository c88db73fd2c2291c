"""A file that is not what it should be ends in one SourceError that names it; no part of it is returned as whole."""

import random
import resource
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foedus.sources as sources
from foedus.errors import SourceError
from foedus.sources.opening import MOST_BYTES

CSV = ("cow_states", "mindist", "gml_dyads", "democracy", "trade_dyads")
FILES = ("mindist.csv", "nmc.parquet", "leeds_anac.dta", "gml_dyads.csv", "contiguity.parquet")


@pytest.fixture
def copy(world, tmp_path):
    shutil.copytree(world, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def _fails(folder: Path, name: str, *says: str) -> None:
    with pytest.raises(SourceError) as error:
        sources.read(name, folder)
    text = str(error.value)
    assert str(folder / name) in text
    for part in says:
        assert part in text, text


def _edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    path = folder / f"{name}.csv"
    path.write_text(change(path.read_text()))


@pytest.mark.parametrize("name", CSV)
def test_a_truncated_csv(copy, name):
    whole = (copy / f"{name}.csv").read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 1):
        (copy / f"{name}.csv").write_bytes(whole[:cut])
        _fails(copy, name)
    (copy / f"{name}.csv").write_bytes(whole[: whole.rstrip().rfind(b"\n") + 1])
    _fails(copy, name, "rows, expected", "is the file whole?")


@pytest.mark.parametrize(("separator", "says"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_wrong_delimiter(copy, separator, says):
    _edit(copy, "mindist", lambda text: text.replace(",", separator))
    _fails(copy, "mindist", says, "expected commas")


def test_a_row_with_fewer_cells(copy):
    _edit(copy, "trade_dyads", _short)
    _fails(copy, "trade_dyads", "data row 3 has 4 cells, the header 7")


def _short(text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[3] = ",".join(lines[3].split(",")[:4]) + "\n"
    return "".join(lines)


def test_a_missing_and_a_renamed_column(copy):
    for column in sources.data_set("mindist").columns:
        frame = pl.read_csv(copy / "mindist.csv")
        for other in (frame.drop(column), frame.rename({column: "other"})):
            other.write_csv(copy / "mindist.csv")
            _fails(copy, "mindist", f"no column {column}", "found ")
        frame.write_csv(copy / "mindist.csv")
    frame.rename({"mindist": "MinDist", "year": "YEAR"}).with_columns(more=1).write_csv(copy / "mindist.csv")
    assert sources.read("mindist", copy).columns == list(sources.SCHEMAS["mindist"])


def test_an_unknown_state_code(copy):
    _edit(copy, "mindist", lambda text: text.replace("\n2,200,1981,", "\n3,200,1981,", 1))
    _fails(copy, "mindist", "data row 1, column ccode1", '"3" in 1981 is no state of the Correlates of War list')


def test_a_duplicated_key(copy):
    _edit(copy, "mindist", lambda text: text.replace("\n2,220,1981,", "\n2,200,1981,", 1))
    _fails(copy, "mindist", "data rows 1 and 2 have the same ccode1 2, ccode2 200, year 1981")


def test_a_row_that_stands_twice_is_named_before_the_count(copy):
    _edit(copy, "mindist", lambda text: text + text.splitlines(keepends=True)[1])
    _fails(copy, "mindist", "have the same ccode1 2, ccode2 200, year 1981; each may stand once")


def test_a_value_that_is_none(copy):
    _edit(copy, "mindist", lambda text: text.replace("2,200,1981,0.0", "2,200,1981,near", 1))
    _fails(copy, "mindist", 'data row 1, column mindist: "near", expected a number')
    shutil.copy(copy / "trade_dyads.csv", copy / "keep.csv")
    _edit(copy, "trade_dyads", lambda text: text.replace("\n2,200,1981,", "\n2,200,1981.5,", 1))
    _fails(copy, "trade_dyads", 'data row 1, column year: "1981.5", expected a whole number')
    shutil.copy(copy / "keep.csv", copy / "trade_dyads.csv")
    _edit(copy, "trade_dyads", lambda text: text.replace("\n2,200,1981,", "\n2.0,200,1981.0,", 1))
    assert sources.read("trade_dyads", copy)["year"][0] == 1981
    _edit(copy, "capitals", lambda text: text.replace("1816-01-01", "1816-13-01", 1))
    _fails(copy, "capitals", 'data row 1, column stdate: "1816-13-01", expected a day')


def test_more_missing_values_than_an_honest_file_has(copy):
    _edit(copy, "trade_dyads", lambda text: text.replace("2,200,1982,", "2,200,,", 1))
    _fails(copy, "trade_dyads", "column year", "missing, expected at most 0%", "data row")
    frame = pl.read_parquet(copy / "nmc.parquet")
    frame.with_columns(cinc=pl.lit(float("nan"))).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "column cinc: 131 of 131 values are missing")
    frame.with_columns(cinc=pl.lit(float("inf"))).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "data row 1, column cinc: inf")


def test_a_file_of_another_version(copy):
    frame = pl.read_parquet(copy / "nmc.parquet")
    frame.filter(pl.col("year") < 2000).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "125 rows, expected 131 in version test world", "versions.toml")
    frame.with_columns(pl.col("ccode").cast(pl.String) + "x").write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "column ccode", "expected a whole number")
    frame.with_columns(ccode=pl.struct("ccode")).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "column ccode")


def test_a_wrong_versions_file(copy):
    for text, says in (
        ("[[nmcc]]\n", 'no data set is called "nmcc"'),
        ("[[nmc]]\nrows = 1\n", "version"),
        ("[[", "Expected [[name]] tables"),
    ):
        (copy / "versions.toml").write_text(text)
        with pytest.raises(SourceError, match=r"versions\.toml") as error:
            sources.read("nmc", copy)
        assert says in str(error.value)


def test_columns_of_other_kinds(copy):
    frame = pl.read_parquet(copy / "nmc.parquet")
    for made in (pl.lit(datetime(2000, 1, 1)), pl.lit([1]), pl.lit("x"), pl.lit(None)):
        frame.with_columns(made.alias("year")).write_parquet(copy / "nmc.parquet")
        _fails(copy, "nmc", "year")
    contact = pl.read_parquet(copy / "contiguity.parquet")
    contact.with_columns(stdate=pl.lit(1.5)).write_parquet(copy / "contiguity.parquet")
    _fails(copy, "contiguity", "stdate")


def test_years_of_a_listed_version(copy):
    versions = copy / "versions.toml"
    versions.write_text('[[nmc]]\nversion = "1"\nfile = "nmc.parquet"\nrows = 131\nyears = [1981, 1999]\n')
    _fails(copy, "nmc", "years 1981 to 2000", "expected 1981 to 1999 in version 1")


def test_stata_files_that_are_not_read(copy, world):
    whole = (world / "leeds_anac.dta").read_bytes()
    for data, says in ((whole[:-1], "cut short"), (b"\x69" + whole[1:], "not Stata's"), (whole[:200], "header")):
        (copy / "leeds_anac.dta").write_bytes(data)
        _fails(copy, "leeds_anac", says)


def test_a_year_that_is_none(copy):
    frame = pl.read_parquet(copy / "nmc.parquet")
    frame.with_columns(year=pl.col("year").cast(pl.Int32) + 8000).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "data row 1, column year: 9981 is not a year")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\0" * 5000, b"PAR1", b"PAR1" * 50, b"a" * 10**6, b'"', b"<stata_dta>", b"\x72\x02\x01\0"]
)
def test_junk_in_place_of_a_file(copy, file, content):
    (copy / file).write_bytes(content)
    _fails(copy, file.split(".")[0])


@pytest.mark.parametrize("file", FILES)
def test_a_junk_file_of_two_gigabytes_costs_nothing(copy, file):
    path = copy / file
    head = path.read_bytes()[:4096]
    with path.open("wb") as out:
        out.write(head)
        out.truncate(2 * 2**30)  # sparse: no byte of it is on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _fails(copy, path.stem, f"expected at most {MOST_BYTES / 1e6:,.0f} MB")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_parquet_file_that_unpacks_to_too_many_rows(copy):
    pl.select(pl.repeat(2, 3_000_000, dtype=pl.Int16).alias("ccode")).with_columns(
        pl.lit(0.0).alias(c) for c in sources.data_set("nmc").columns if c != "ccode"
    ).write_parquet(copy / "nmc.parquet")
    _fails(copy, "nmc", "3,000,000 rows, expected at most")


@settings(max_examples=60)
@given(data=st.data())
def test_bytes_changed_at_random_give_the_whole_table_or_an_error(world, tmp_path_factory, data):
    file = data.draw(st.sampled_from(FILES))
    folder = tmp_path_factory.mktemp("fuzz")
    shutil.copy(world / "versions.toml", folder)
    content = bytearray((world / file).read_bytes())
    seed = data.draw(st.integers(0, 2**32))
    dice = random.Random(seed)
    match data.draw(st.sampled_from(["flip", "cut", "insert", "swap"])):
        case "flip":
            for _ in range(dice.randint(1, 20)):
                content[dice.randrange(len(content))] = dice.randrange(256)
        case "cut":
            a, b = sorted(dice.randrange(len(content)) for _ in range(2))
            del content[a:b]
        case "insert":
            content[dice.randrange(len(content)) : 0] = dice.randbytes(dice.randint(1, 100))
        case "swap":
            cut = dice.randrange(len(content))
            content = content[cut:] + content[:cut]
    (folder / file).write_bytes(bytes(content))
    name = file.split(".")[0]
    try:
        frame = sources.read(name, folder)
    except SourceError as error:
        assert file in str(error)
    else:
        assert frame.schema == sources.SCHEMAS[name]
        assert frame.height == sources.read(name, world).height


@settings(max_examples=40)
@given(content=st.binary(max_size=400), file=st.sampled_from(FILES))
def test_any_bytes_are_refused(world, tmp_path_factory, content, file):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / file).write_bytes(content)
    with pytest.raises(SourceError):
        sources.read(file.split(".")[0], folder)
