"""Reading folders: own files add and override, everything wrong is said at once, the cache is never believed."""

import importlib
import os
import shutil
from pathlib import Path

import pytest
from tests.record.minimal import LEAST, RICH, least

from foedus.errors import Problem, RecordError
from foedus.record import Record, check, load
from foedus.record.load import EMBEDDED, MAX_FILE_BYTES, read_csv, read_tables, record_files
from foedus.record.tables import LISTS, TABLES, Figure, StateSpell


@pytest.fixture(scope="module")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded tables with two treaties: parsing two hundred for each test would take minutes."""
    folder = tmp_path_factory.mktemp("embedded") / "data"
    shutil.copytree(EMBEDDED / "sources", folder / "sources")
    (folder / "treaties").mkdir()
    shutil.copy(EMBEDDED / "treaties" / "nato-1949.toml", folder / "treaties")
    (folder / "treaties" / "rich-1990.toml").write_text(RICH)
    for name in ("states.csv", "state_spells.csv", "state_names.csv", "nuclear.csv", "places.toml", "regions.toml"):
        shutil.copy(EMBEDDED / name, folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("FOEDUS_CACHE", str(folder))
    return folder


@pytest.fixture
def small(small_files: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`load` reads the small record instead of the whole one."""
    monkeypatch.setattr(importlib.import_module("foedus.record.load"), "EMBEDDED", small_files)
    assert check(load()).problems == ()
    return small_files


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "treaties").mkdir(parents=True)
    return folder


def contents(record: Record) -> dict[str, object]:
    return {k: v for k, v in vars(record).items() if not k.startswith("_")}


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(RecordError) as caught:
        load(folder)
    return list(caught.value.problems)


# --- a user's own files ---


def test_adds_a_treaty_and_leaves_the_others(small: Path, own: Path) -> None:
    before = load()
    (own / "treaties" / "test-2000.toml").write_text(LEAST)
    after = load(str(own))
    assert after.treaties.keys() - before.treaties.keys() == {"test-2000"}
    assert all(after.treaties[id_] == t for id_, t in before.treaties.items())
    assert after.origin["test-2000"] == str(own / "treaties" / "test-2000.toml")
    assert after.origin["nato-1949"] == "record/data/treaties/nato-1949.toml"
    assert load().treaties.keys() == before.treaties.keys()


def test_overrides_a_treaty(small: Path, own: Path) -> None:
    text = (small / "treaties" / "nato-1949.toml").read_text()
    (own / "treaties" / "nato-1949.toml").write_text(text.replace('short = "NATO"', 'short = "Mine"', 1))
    assert load(own).treaty("nato").short == "Mine"
    assert load(own).treaty("Mine").id == "nato-1949"
    assert load().treaty("nato").short == "NATO"


def test_adds_and_overrides_rows_sources_and_places(small: Path, own: Path) -> None:
    before = load()
    (own / "sources").mkdir()
    (own / "sources" / "mine.toml").write_text(
        '[[source]]\nid = "mine"\ntitle = "My notes"\nstatus = "recalled"\n'
        '[[source]]\nid = "recalled"\ntitle = "Other"\nstatus = "recalled"\n'
    )
    (own / "states.csv").write_text(
        "code,name,kind,region,source\nQQQ,Quidonia,entity,northern-europe,mine\nFRA,Gaul,system,western-europe,mine\n"
    )
    (own / "state_spells.csv").write_text("code,since,until,source\nQQQ,1900-01-01,1910-01-01,mine\n")
    (own / "state_names.csv").write_text("name,code,kind,source\nQuidlandia,QQQ,alias,mine\n")
    (own / "places.toml").write_text(
        '[[place]]\nid = "west-berlin"\nname = "Here"\nkind = "city"\nlat = 1\nlon = 2.5\nsource = "mine"\n'
        '[[place]]\nid = "quid"\nname = "Quid Rock"\nkind = "island"\nlat = 1.0\nlon = 2.5\nsource = "mine"\n'
    )
    (own / "treaties" / "test-2000.toml").write_text(least('"GBR"', '"QQQ"').replace('"recalled"', '"mine"'))
    after = load(own)
    assert after.sources["mine"].title == "My notes" and after.sources["recalled"].title == "Other"
    assert after.state("Quidlandia").code == "QQQ" and after.states["FRA"].name == "Gaul"
    assert after.states.keys() - before.states.keys() == {"QQQ"} and len(after.spells) == len(before.spells) + 1
    assert after.place("quid rock").id == "quid" and after.place("west-berlin").name == "Here"
    assert len(after.places) == len(before.places) + 1
    assert after.treaty("test").members_on(after.treaty("test").signed.replace(month=7)) == ("FRA", "QQQ")


def test_every_problem_of_every_file_is_said(small: Path, own: Path) -> None:
    (own / "treaties" / "test-2000.toml").write_text(least('kind = "treaty"', 'kind = "treatise"\nnaem = "x"'))
    (own / "treaties" / "other-2000.toml").write_text(LEAST)  # its id is another
    (own / "treaties" / "torn-2000.toml").write_text(LEAST[:50])
    (own / "treaties" / "latin-2000.toml").write_bytes('name = "Traité"'.encode("latin-1"))
    (own / "treaties" / "folder-2000.toml").mkdir()
    (own / "treaties" / "gone-2000.toml").symlink_to(own / "nowhere")
    with (own / "treaties" / "huge-2000.toml").open("wb") as huge:
        huge.truncate(MAX_FILE_BYTES + 1)
    (own / "figures.csv").write_text(
        "state,indicator,year,value,unit,quality,source\nFRA,x,soon,1,u,observed,recalled\n"
    )
    (own / "nuclear.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    found = problems(own)
    by_file = {Path(p.file).name: p for p in found}
    assert by_file.keys() == {p.name for p in (*own.glob("*.csv"), *(own / "treaties").iterdir())}
    assert "treatise" in str([p.says for p in found]) and "(nearest: name)" in str([p.says for p in found])
    assert "must be called test-2000.toml" in by_file["other-2000.toml"].says
    assert "not UTF-8 text (byte 13)" in by_file["latin-2000.toml"].says
    assert "larger than 20 MB" in by_file["huge-2000.toml"].says
    assert "cannot be read" in by_file["folder-2000.toml"].says and "cannot be read" in by_file["gone-2000.toml"].says
    assert by_file["figures.csv"].line == 2 and "year" in by_file["figures.csv"].says
    assert "not UTF-8" in by_file["nuclear.csv"].says


# Signed before its namesake, so that the fault is found at the embedded one.
OLD_NAMESAKE = LEAST.replace("2000", "1900").replace("test-1900", "a-1900").replace("Treaty of Tests", "NATO")


@pytest.mark.parametrize(
    ("file", "text", "where", "says"),
    [
        ("treaties/test-2000.toml", least('"FRA"', '"PRU"'), "member[0].state", "Write DEU."),
        ("treaties/test-2000.toml", least('area = "anywhere"', 'area = "x"'), "obligation[0].area", "no [[area]]"),
        ("treaties/a-1900.toml", OLD_NAMESAKE, "aliases", "also means a-1900"),
        ("nuclear.csv", "state,status,since,source\nSUN,former,1950-01-01,recalled\n", "state", "Write RUS."),
        ("nuclear.csv", "state,status,since,source\nRUS,former,1950-01-01,gossip\n", "source", '"gossip"'),
        ("neutrality.csv", "state,kind,since,says,source\nSUN,law,1950-01-01,x,recalled\n", "state", "Write RUS."),
        (
            "neutrality.csv",
            "state,kind,since,until,says,source\nSWE,law,1950-01-01,1949-01-01,x,recalled\n",
            "SWE law 1950-01-01: until",
            "is not after since",
        ),
        (
            "neutrality.csv",
            "state,kind,since,precision,says,source\nSWE,law,1950-02-01,year,x,recalled\n",
            "SWE law 1950-02-01: since",
            "known to the year only",
        ),
        (
            "neutrality.csv",
            "state,kind,since,says,source\nSWE,law,1950-01-01,x,recalled\nSWE,law,1960-01-01,x,recalled\n",
            "SWE law 1960-01-01",
            "overlaps the law since 1950-01-01",
        ),
        ("state_spells.csv", "code,since,source\nUSA,1900-01-01,recalled\n", "USA", "runs into the next"),
    ],
)  # fmt: skip
def test_what_only_the_whole_record_shows(small: Path, own: Path, file: str, text: str, where: str, says: str) -> None:
    """Also where the fault shows up in the name of an embedded file, or in a table that has embedded rows."""
    (own / file).write_text(text)
    found = problems(own)
    assert any(p.where == where and says in p.says for p in found), found
    if file.endswith("csv"):
        assert {p.file for p in found} == {str(own / file)}


@pytest.mark.parametrize("name", ["missing", "a file", "empty"])
def test_what_is_no_record_folder(small: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    if name == "a file":
        folder.write_text("x")
    elif name == "empty":
        folder.mkdir()
        (folder / "notes.txt").write_text("x")
    (problem,) = problems(folder)
    assert problem.file == str(folder)
    assert ("holds no file" if name == "empty" else "is not a folder") in problem.says


def test_a_byte_order_mark_is_no_fault(small: Path, own: Path) -> None:
    (own / "treaties" / "test-2000.toml").write_text(LEAST, encoding="utf-8-sig")
    (own / "nuclear.csv").write_text(
        "state,status,since,source\nSWE,former,1950-01-01,recalled\n", encoding="utf-8-sig"
    )
    assert "test-2000" in load(own).treaties
    assert any(n.state == "SWE" for n in load(own).nuclear)


def test_a_row_that_stands_twice(small: Path, own: Path) -> None:
    line = "SWE,former,1950-01-01,recalled\n"
    (own / "nuclear.csv").write_text("state,status,since,source\n" + line + line)
    (problem,) = problems(own)
    assert "SWE, former, 1950-01-01" in problem.where and "stands twice" in problem.says


def test_a_corrected_file_is_read_again(small: Path, own: Path) -> None:
    file = own / "treaties" / "test-2000.toml"
    file.write_text(LEAST)
    first = load(own)
    assert load(own) is first
    file.write_text(LEAST.replace("Treaty of Tests", "Treaty of Second Thoughts"))
    assert load(own).treaty("test").name == "Treaty of Second Thoughts"


# --- tables ---

SPELL = "code,since,until,source\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (SPELL + "FRA,1900,,x\n", 2, "date"),
        (SPELL + "FRA,1900-01-01,1901-02-30,x\n", 2, "$.until"),
        (SPELL + "FRA,1900-01-01,x\n", 2, "has 3 fields, the header has 4"),
        (SPELL + "FRA,1900-01-01,,x,y\n", 2, "quote fields that contain commas"),
        (SPELL + ",1900-01-01,,x\n", 2, "`code`"),
        (SPELL + "FRA,1900-01-01,,\n", 2, "`source`"),
        ("code,since,untill,source\nFRA,1900-01-01,,x\n", 1, "is not a column here. Columns: source, note, code"),
        (SPELL + "\nFRA,1900-01-01,,x\nDEU,,,x\n", 4, "`since`"),
        (SPELL + "FRA,1900-01-01,," + "x" * 200_000 + "\n", 2, "not valid CSV"),
    ],
)  # fmt: skip
def test_table_errors_name_their_line(text: str, line: int, says: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_csv(text, "state_spells.csv", StateSpell)
    problem = caught.value.problems[0]
    assert problem.line == line and says in f"{problem.where} {problem.says}"


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "1,5", "x", "null"])
def test_a_figure_is_a_number(value: str) -> None:
    text = f'state,indicator,year,value,unit,quality,source\nFRA,x,2000,"{value}",u,observed,s\n'
    with pytest.raises(RecordError, match="line 2"):
        read_csv(text, "figures.csv", Figure)


def test_several_lines_are_wrong_at_once() -> None:
    with pytest.raises(RecordError) as caught:
        read_csv(SPELL + "FRA,then,,x\nDEU,1900-01-01,,x\nITA,now,,x\n", "state_spells.csv", StateSpell)
    assert [p.line for p in caught.value.problems] == [2, 4]
    assert read_csv(SPELL, "state_spells.csv", StateSpell) == []
    with pytest.raises(RecordError, match="is empty; its first line must name the columns"):
        read_csv("", "state_spells.csv", StateSpell)


# --- cache ---


def fresh() -> Record:
    """The record as a new process would load it."""
    importlib.import_module("foedus.record.load")._load.cache_clear()
    return load()


def test_cache_hit_equals_fresh_parse(small: Path, cache: Path) -> None:
    parsed = load()
    (file,) = cache.glob("record-*.json")
    stamp = file.stat().st_mtime_ns
    hit = fresh()
    assert hit is not parsed and contents(hit) == contents(parsed)
    assert file.stat().st_mtime_ns == stamp  # it was read, not written again
    assert not list(cache.glob("*.part"))


def test_the_whole_record_comes_back_from_its_cache(record: Record) -> None:
    """The fixture `record` has filled the session's cache; here every file is parsed once more."""
    tables = read_tables([EMBEDDED])
    parsed = Record(tables.rows, tables.treaties, tables.sources, tables.origin)
    assert contents(fresh()) == contents(parsed)


BAD_CACHES = [
    b"", b"{", b"null", b"[]", b"{}", b"\x00\xff\xfe", b'{"rows":{},"treaties":{},"sources":{},"origin":{}}',
    b'{"rows":{"states.csv":[]},"treaties":{},"sources":{},"origin":{}}',
    b'{"rows":{"zz.csv":[]},"treaties":{},"sources":{},"origin":{}}',
    b'{"rows":{},"treaties":{},"sources":{"\xff":1},"origin":{}}', b"[" * 100_000, b'{"rows":' + b'{"a":' * 100_000,
]  # fmt: skip


def test_a_corrupt_cache_is_harmless(small: Path, cache: Path) -> None:
    parsed = contents(load())
    (file,) = cache.glob("record-*.json")
    good = file.read_bytes()
    for junk in (*BAD_CACHES, good[: len(good) // 2]):
        file.write_bytes(junk)
        assert contents(fresh()) == parsed, junk[:80]
        assert file.read_bytes() == good  # and it is mended


def test_a_changed_file_makes_the_cache_stale(small: Path, cache: Path) -> None:
    load()
    file = small / "treaties" / "rich-1990.toml"
    text = file.read_text()
    try:
        file.write_text(text.replace('name = "', 'name = "New ', 1))
        assert load().treaty("rich").name.startswith("New ")
    finally:
        file.write_text(text)
    assert not load().treaty("rich").name.startswith("New ")


def test_old_caches_are_swept(small: Path, cache: Path, own: Path) -> None:
    for n in range(6):
        (own / "treaties" / "test-2000.toml").write_text(LEAST + f"# {n}\n" * (n + 1))
        load(own)
    assert len(list(cache.glob("record-*.json"))) <= 4


def test_an_unwritable_cache_is_harmless(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = contents(load())
    (tmp_path / "file").write_text("x")
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    sealed.chmod(0o500)
    for folder in (tmp_path / "file", tmp_path / "file" / "below", sealed, Path(os.devnull)):
        monkeypatch.setenv("FOEDUS_CACHE", str(folder))
        assert contents(fresh()) == expected


def test_every_file_of_the_record_is_read() -> None:
    read = {p.relative_to(EMBEDDED).as_posix() for p in record_files(EMBEDDED)}
    there = {p.relative_to(EMBEDDED).as_posix() for p in EMBEDDED.rglob("*") if p.is_file()}
    assert read == {name for name in there if not name.startswith(".")}
    assert not {*TABLES} & {*LISTS}
