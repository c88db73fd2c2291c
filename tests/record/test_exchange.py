"""The record survives the way to JSON and back, value for value and byte for byte."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import RecordError
from foedus.record import from_json, to_json
from foedus.record.exchange import ROW_TYPES, decode, encode, rows, tables_of
from foedus.record.record import Record
from foedus.record.schema import Member, Obligation, Source, Treaty

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)  # a lone surrogate is no text
DAYS = st.dates(date(1814, 1, 1), date(2100, 1, 1))
MEMBERS = st.builds(
    Member,
    state=TEXT,
    since=DAYS,
    until=st.none() | DAYS,
    source=TEXT | st.lists(TEXT, max_size=2).map(tuple),
    note=TEXT,
)
OBLIGATIONS = st.builds(
    Obligation,
    id=TEXT,
    article=TEXT,
    pledge=st.sampled_from(["defence", "consultation"]),
    level=st.sampled_from(["must_assist", "no_duty"]),
    trigger=st.just("attack"),
    says=TEXT,
    owes=TEXT | st.lists(TEXT, max_size=3).map(tuple),
    within_days=st.none() | st.integers(1, 100_000),
    precision=st.dictionaries(TEXT, st.sampled_from(["month", "year"]), max_size=2),
)
TREATIES = st.builds(
    Treaty,
    id=TEXT,
    name=TEXT,
    kind=st.just("treaty"),
    signed=DAYS,
    checked=DAYS,
    according_to=TEXT,
    member=st.lists(MEMBERS, max_size=3).map(tuple),
    obligation=st.lists(OBLIGATIONS, max_size=3).map(tuple),
    atop=st.lists(st.integers(1, 9999), max_size=2).map(tuple),
)


def test_the_whole_record_comes_back(record: Record) -> None:
    before, text = record, to_json(record)
    after = from_json(text)
    assert to_json(after) == text
    assert list(after.treaties.items()) == list(before.treaties.items())
    assert (after.sources, after.origin) == (before.sources, before.origin)
    for file in ROW_TYPES:
        assert rows(after, file) == rows(before, file), file
    assert after.treaty("nato").members_on(date(2024, 4, 1)) == before.treaty("nato").members_on(date(2024, 4, 1))


@given(st.lists(TREATIES, max_size=4, unique_by=lambda t: t.id), TEXT)
def test_any_treaties_come_back(treaties: list[Treaty], title: str) -> None:
    source = Source(id="s", title=title, status="recalled")
    before = Record({file: [] for file in ROW_TYPES}, {t.id: t for t in treaties}, {"s": source}, {"x": "y"})
    after = from_json(to_json(before))
    assert to_json(after) == to_json(before)
    assert (after.treaties, after.sources) == (before.treaties, before.sources)


def test_every_table_is_held_in_bytes_too(record: Record) -> None:
    tables = tables_of(record)
    assert decode(encode(tables)) == tables
    assert tables.rows.keys() == ROW_TYPES.keys()


def _changed(**changes: object) -> str:
    empty = {
        "format": "foedus-record-1",
        "rows": {f: [] for f in ROW_TYPES},
        "treaties": {},
        "sources": {},
        "origin": {},
    }
    return msgspec.json.encode(empty | changes).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ("[" * 100_000, "record"),
        ("\ud800", "surrogates"),
        (_changed(format="foedus-record-2"), "foedus-record-2"),
        (_changed(rows={}), "states.csv"),
        (_changed(extra=1), "extra"),
        (_changed(rows={f: [] for f in ROW_TYPES} | {"wars.csv": [{"id": "w"}]}), "wars.csv: "),
        (_changed(sources={"a": {"id": "b", "title": "t", "status": "text"}}), '"a" has the id "b"'),
        (_changed(treaties={"a": {"id": "a", "naem": "?"}}), "naem"),
    ],
)
def test_what_is_no_record_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(RecordError, match=r"record\.json") as error:
        from_json(text)
    assert says in str(error.value)
