"""Readers of ATOP and COW: whatever is wrong with a file ends in SourceError, never otherwise. Files are made up."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.errors import SourceError
from foedus.sources import (
    ALLIANCES,
    ATOP_DYADS,
    COW_DYADS,
    MEMBERS,
    alliances,
    atop_dyads,
    cow_dyads,
    members,
    whole_numbers,
)
from foedus.sources.atop import joined

ALLIANCE_COLUMNS = "atopid,begyr,begmo,begday,endyr,endmo,endday,defense,offense,neutral,nonagg,consul,mem1"
MEMBER_COLUMNS = "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,remark"
Reader = Callable[[Path], pl.DataFrame]


def made_alliances(n: int = 765, header: str = ALLIANCE_COLUMNS) -> str:
    rows = (f"{1000 + i},{1816 + i % 200},{i % 13},{i % 29},0,0,,1,0,{i % 2},0,1,200" for i in range(n))
    return "\n".join([header, *rows, ""])


def made_members(n: int = 2444, header: str = MEMBER_COLUMNS) -> str:
    rows = (f"{1000 + i // 3},{2 + i % 3},0,{1816 + i % 200},1,2,0,0,0,made up" for i in range(n))
    return "\n".join([header, *rows, ""])


def made_dyads(columns: tuple[str, ...], n: int) -> bytes:
    data: dict[str, Any] = {"ccode1": [2] * n, "ccode2": [200] * n, "year": [1950] * n, **{c: [1] * n for c in columns}}
    out = io.BytesIO()
    pl.DataFrame(data).cast(pl.Int16).write_parquet(out)
    return out.getvalue()


ATOP_PLEDGES = tuple(f"atop_{p}" for p in ("defense", "offense", "neutral", "nonagg", "consul"))
# reader, file, a sound one, a column of it
SOUND: list[tuple[Reader, str, bytes, str]] = [
    (alliances, "atop_v5_0_alliance.csv", made_alliances().encode(), "begyr"),
    (members, "atop_v5_0_member_derived.csv", made_members().encode(), "yrent"),
    (atop_dyads, "atop_v5_1_directed_dyad_year.parquet", made_dyads(ATOP_PLEDGES, 200_001), "atop_defense"),
    (cow_dyads, "cow_alliance_v4_1_directed_dyad_year.parquet", made_dyads(("cow_defense",), 100_001), "cow_defense"),
]
EACH = pytest.mark.parametrize(("reader", "file", "sound", "column"), SOUND, ids=[file for _, file, _, _ in SOUND])


@EACH
def test_sound_file_is_read(tmp_path: Path, reader: Reader, file: str, sound: bytes, column: str) -> None:
    (tmp_path / file).write_bytes(sound)
    schema = {"begyr": ALLIANCES, "yrent": MEMBERS, "atop_defense": ATOP_DYADS, "cow_defense": COW_DYADS}[column]
    frame = reader(tmp_path)
    assert frame.schema == schema and frame.height > 700


@EACH
def test_missing_file_says_which_and_what_to_do(
    tmp_path: Path, reader: Reader, file: str, sound: bytes, column: str
) -> None:
    with pytest.raises(SourceError, match=rf"{file}: there is no such file.*docs/sources\.md"):
        reader(tmp_path)
    (tmp_path / file).mkdir()
    with pytest.raises(SourceError, match="no such file"):
        reader(tmp_path)


@EACH
def test_missing_column_is_named(tmp_path: Path, reader: Reader, file: str, sound: bytes, column: str) -> None:
    (tmp_path / file).write_bytes(_without(sound, file, column))
    with pytest.raises(SourceError, match=rf"{file}: no column {column}.*another version"):
        reader(tmp_path)


def _without(sound: bytes, file: str, column: str) -> bytes:
    if file.endswith(".csv"):
        return sound.replace(column.encode(), b"other", 1)
    out = io.BytesIO()
    pl.read_parquet(sound).rename({column: "other"}).write_parquet(out)
    return out.getvalue()


@EACH
@pytest.mark.parametrize("part", [0, 1, 7, 0.3, 0.5, 0.999])
def test_truncated_file(tmp_path: Path, reader: Reader, file: str, sound: bytes, column: str, part: float) -> None:
    keep = part if isinstance(part, int) else int(len(sound) * part)
    (tmp_path / file).write_bytes(sound[:keep])
    with pytest.raises(SourceError, match=file):
        reader(tmp_path)


def test_last_row_cut_short_names_the_columns(tmp_path: Path) -> None:
    text = made_alliances()
    (tmp_path / "atop_v5_0_alliance.csv").write_text(text[: text.rindex(",1,200")])
    with pytest.raises(SourceError, match=r"last row has 11 cells, the header 13, so column consul"):
        alliances(tmp_path)


BROKEN = {
    "a word": ("1001,1817,", "1001,soon,", r"row 2, column begyr: expected a whole number, found 'soon'"),
    "a fraction": ("1001,1817,", "1001,1817.5,", r"row 2, column begyr: expected a whole number, found '1817.5'"),
    "nothing": ("1001,1817,", "1001,,", r"row 2, column begyr: expected a whole number, found nothing"),
    "too large": ("1001,1817,", "1001,99999999999,", r"row 2, column begyr"),
    "infinity": ("1001,1817,", "1001,inf,", r"row 2, column begyr"),
    "another calendar": ("1001,1817,", "1001,817,", r"row 2, columns begyr, begmo, begday: 817-1-1 is not a day"),
    "no such month": ("1001,1817,1,", "1001,1817,13,", r"row 2, columns begyr, begmo, begday: 1817-13-1 is not a day"),
    "no beginning": ("1001,1817,", "1001,0,", r"row 2, column begyr: expected the year in which it began"),
    "not a flag": ("0,0,,1,0,1,0,1,200", "0,0,,7,0,1,0,1,200", r"row 2, column defense: expected 0 or 1, found 7"),
    "twice": ("1001,1817,", "1000,1817,", r"column atopid: 1000 stands in more than one row"),
    "negative": ("1001,1817,", "-9,1817,", r"row 2, column atopid: expected 1 to 99999, found -9"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_wrong_value_names_file_row_and_column(tmp_path: Path, name: str) -> None:
    old, new, says = BROKEN[name]
    text = made_alliances()
    assert old in text
    (tmp_path / "atop_v5_0_alliance.csv").write_text(text.replace(old, new, 1))
    with pytest.raises(SourceError, match=rf"atop_v5_0_alliance\.csv: .*{says}"):
        alliances(tmp_path)


@pytest.mark.parametrize("values", [["x"], [[1]], [b"x"], [date(2000, 1, 1)], [1.5], [None], [2**40]])
def test_wrong_type_in_parquet_names_the_column(tmp_path: Path, values: list[Any]) -> None:
    pl.DataFrame({"a": values}).write_parquet(tmp_path / "made.parquet")
    with pytest.raises(SourceError, match=r"made\.parquet: .*column a"):
        whole_numbers.table(tmp_path, "made.parquet", ["a"])


def test_oversized_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "atop_v5_0_alliance.csv"
    with path.open("wb") as file:
        file.truncate(whole_numbers.LARGEST + 1)  # sparse: no disk is used
    with pytest.raises(SourceError, match=rf"more than the {whole_numbers.LARGEST}"):
        alliances(tmp_path)


def test_parquet_of_too_many_rows_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_numbers, "MOST_ROWS", 99)
    pl.DataFrame({"a": [1] * 100}).write_parquet(tmp_path / "made.parquet")
    with pytest.raises(SourceError, match=r"claims 100 rows \(column a\)"):
        whole_numbers.table(tmp_path, "made.parquet", ["a"])


def test_pointer_instead_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "cow_alliance_v4_1_directed_dyad_year.parquet").write_text("version https://git-lfs\nsize 15864\n")
    with pytest.raises(SourceError, match="does not begin as a Parquet file"):
        cow_dyads(tmp_path)


FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADERS = st.sampled_from([b"", b"a,b\n", b"a,b\n1,2\n", b'a,b\n"1,2\n', b"\xef\xbb\xbfa,b\n1,2\n", b"PAR1"])


@FUZZ
@given(head=HEADERS, junk=st.binary(max_size=400), suffix=st.sampled_from(["csv", "parquet"]))
def test_junk_is_read_or_refused(tmp_path: Path, head: bytes, junk: bytes, suffix: str) -> None:
    (tmp_path / f"junk.{suffix}").write_bytes(head + junk)
    try:
        read = whole_numbers.table(tmp_path, f"junk.{suffix}", ["a", "b"])
    except SourceError as error:
        assert f"junk.{suffix}" in str(error) and "column" in str(error)
    else:
        assert read.frame.schema == {"a": pl.Int32(), "b": pl.Int32()} and not any(read.frame.null_count().row(0))


SMALL = io.BytesIO()
pl.DataFrame({"a": list(range(50)), "b": [1] * 50}).write_parquet(SMALL)
CSV = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i % 2) for i in range(50))


@FUZZ
@given(
    whole=st.sampled_from([("csv", CSV), ("parquet", SMALL.getvalue())]),
    edits=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_damaged_file_is_read_or_refused(
    tmp_path: Path, whole: tuple[str, bytes], edits: list[tuple[int, bytes]]
) -> None:
    suffix, data = whole
    for place, new in edits:
        at = place % len(data)
        data = data[:at] + new + data[at + len(new) :]
    (tmp_path / f"hurt.{suffix}").write_bytes(data)
    try:
        read = whole_numbers.table(tmp_path, f"hurt.{suffix}", ["a", "b"])
    except SourceError as error:
        assert f"hurt.{suffix}" in str(error) and "column" in str(error)
    else:
        assert read.frame.schema == {"a": pl.Int32(), "b": pl.Int32()}


DAYS = st.dates(date(1900, 1, 1), date(1903, 12, 31))
PHASES = st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), DAYS, st.none() | st.integers(0, 400)), max_size=12)


@settings(max_examples=80)
@given(PHASES)
def test_joined_spells_equal_the_slow_way(rows: list[tuple[int, int, date, int | None]]) -> None:
    spans = [(a, c, since, None if n is None else date.fromordinal(since.toordinal() + n)) for a, c, since, n in rows]
    frame = pl.DataFrame(spans, schema=MEMBERS, orient="row")
    found = [tuple(row) for row in joined(frame).sort(pl.all()).iter_rows()]
    assert sorted(found, key=str) == sorted(slowly_joined(spans), key=str)


def slowly_joined(spans: list[tuple[int, int, date, date | None]]) -> list[tuple[int, int, date, date | None]]:
    out: list[tuple[int, int, date, date | None]] = []
    for a, c, since, until in sorted(spans, key=lambda s: s[:3]):
        same = [s for s in out if s[:2] == (a, c)]
        last = same[-1] if same else None
        if last and (last[3] is None or (since - last[3]).days <= 31):
            reach = None if last[3] is None or until is None else max(last[3], until)
            out[out.index(last)] = (a, c, last[2], reach)
        else:
            out.append((a, c, since, until))
    return out


def test_real_files_have_their_schemas(shared_sources: Path) -> None:
    assert alliances(shared_sources).schema == ALLIANCES and alliances(shared_sources).height == 765
    spells = members(shared_sources)
    assert spells.schema == MEMBERS and spells.select("atopid", "cow", "entry").is_unique().all()
    founders = spells.filter(pl.col("atopid") == 3180, pl.col("entry") == date(1949, 4, 4))
    assert founders.height == 12  # the phase of 1951 does not make new accessions
    assert atop_dyads(shared_sources).height == 273_296 and cow_dyads(shared_sources).height == 120_784


@pytest.mark.parametrize(
    ("reader", "file"), [(alliances, "atop_v4_01_alliance.csv"), (members, "atop_v4_01_member.csv")]
)
def test_the_older_version_is_read_too(shared_sources: Path, reader: Callable[..., pl.DataFrame], file: str) -> None:
    assert reader(shared_sources, file).height > 700
