"""Whatever stands in a treaty file, it parses or it is a RecordError; what parses survives checking and JSON."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.record.minimal import LEAST, RICH, holding

from foedus.errors import RecordError
from foedus.record import Record, Treaty, answers, check
from foedus.record.load import read_tables
from foedus.record.parse import parse_treaty

LINES = RICH.splitlines(keepends=True)
VALUES = [
    '""',
    '"FRA"',
    '"art1"',
    '"any"',
    "'x y'",
    "0",
    "-1",
    "7",
    "1_000",
    str(10**30),
    "1.5",
    "nan",
    "-inf",
    "1e308",
    "true",
    "2000-01-01",
    "0001-01-01",
    "9999-12-31",
    "2000-02-30",
    "2000-01-01T00:00:00",
    "2000-01-01T00:00:00Z",
    "07:32:00",
    "[]",
    "[1]",
    '["FRA"]',
    '["FRA", 1]',
    "[[]]",
    "[2000-01-01]",
    "{}",
    '{ a = "month" }',
    "[{}]",
    '[{ state = "FRA" }]',
    '[{ kind = "cyber", since = 2000-01-01 }]',
    "",
    "]",
    "'''\n'''",
]
KEYS = sorted(
    {m[1] for m in re.finditer(r"^(\w+) =", RICH, re.MULTILINE)} | {"states", "min_attackers", "zz", "a.b", '"ö"'}
)
TABLES = [
    "[[member]]",
    "[[obligation]]",
    "[obligation]",
    "[[obligation.practice]]",
    "[member.x]",
    "[[zz]]",
    "[[source]]",
]

Edit = st.one_of(
    st.tuples(st.just("delete"), st.integers(0, len(LINES)), st.integers(1, 8)),
    st.tuples(st.just("double"), st.integers(0, len(LINES)), st.integers(1, 20)),
    st.tuples(st.just("value"), st.integers(0, len(LINES)), st.sampled_from(VALUES)),
    st.tuples(st.just("insert"), st.integers(0, len(LINES)), st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES))),
    st.tuples(st.just("table"), st.integers(0, len(LINES)), st.sampled_from(TABLES)),
    st.tuples(st.just("text"), st.integers(0, len(RICH)), st.text(max_size=6)),
    st.tuples(st.just("cut"), st.integers(0, len(RICH)), st.just(0)),
)


def edited(text: str, edit: tuple[str, int, Any]) -> str:
    what, at, how = edit
    lines = text.splitlines(keepends=True)
    if what == "delete":
        del lines[at : at + how]
    elif what == "double":
        lines[at:at] = lines[at : at + how]
    elif what == "value" and at < len(lines):
        lines[at] = re.sub(r"=.*", lambda _: f"= {how}", lines[at])
    elif what == "insert":
        lines.insert(at, f"{how[0]} = {how[1]}\n")
    elif what == "table":
        lines.insert(at, f"{how}\n")
    elif what == "text":
        return f"{text[:at]}{how}{text[at:]}"
    elif what == "cut":
        return text[:at]
    return "".join(lines)


def survives(text: str, record: Record) -> Treaty | None:
    try:
        treaty = parse_treaty(text, "fuzz.toml")
    except RecordError as error:
        assert error.problems and str(error)
        return None
    assert msgspec.json.decode(msgspec.json.encode(treaty), type=Treaty) == treaty
    alone = holding(record, treaty)
    found = check(alone, [treaty.id])
    assert found.confidence
    msgspec.json.encode(answers.treaty(alone, treaty, date(2000, 1, 1)))
    assert answers.treaties(alone)
    return treaty


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(Edit, min_size=1, max_size=3))
def test_an_edited_treaty_parses_or_is_a_record_error(record: Record, edits: list[tuple[str, int, Any]]) -> None:
    text = RICH
    for edit in edits:
        text = edited(text, edit)
    survives(text, record)


@pytest.mark.parametrize("line", [n for n, line in enumerate(RICH.splitlines()) if " = " in line])
def test_every_value_for_every_key(line: int, record: Record) -> None:
    for value in VALUES[line % 5 :: 5]:  # a fifth each: neighbouring lines have the same types
        survives(edited(RICH, ("value", line, value)), record)


def test_a_file_cut_anywhere(record: Record) -> None:
    for at in range(0, len(RICH), 11):
        survives(RICH[:at], record)


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_bytes_in_a_user_file(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    """No bytes give anything but a record or a RecordError."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "treaties").mkdir()
    (folder / "treaties" / "test-2000.toml").write_bytes(LEAST.encode() + junk)
    (folder / "states.csv").write_bytes(b"code,name,kind,region,source\n" + junk)
    try:
        assert read_tables([folder]).treaties.keys() == {"test-2000"}
    except RecordError as error:
        assert all(str(folder) in p.file for p in error.problems)


def test_every_embedded_treaty_survives_json(record: Record) -> None:
    treaties = list(record.treaties.values())
    assert msgspec.json.decode(msgspec.json.encode(treaties), type=list[Treaty]) == treaties
