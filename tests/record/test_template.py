"""The template holds every key once, asks for what is required, and is a valid file once it is filled in."""

import re
import tomllib
from datetime import date

import msgspec
import pytest

from foedus.errors import FoedusError, RecordError
from foedus.record import check
from foedus.record.exchange import tables_of
from foedus.record.glossary import MEANINGS, STRUCTS, TABLE_MEANINGS, meaning, required
from foedus.record.parse import parse_treaty
from foedus.record.record import Record
from foedus.record.schema import Entry
from foedus.record.template import begun, template

ID = "atlantis-lemuria-2030"
FILLED = {
    "kind": "treaty",
    "pledge": "defence",
    "level": "must_assist",
    "trigger": "standing",
    "status": "recalled",
    "state": "FRA",
    "source": "own",
    "according_to": "own",
}


def _blocks(text: str) -> dict[str, str]:
    """The part of the text that belongs to each table; "treaty" for the head."""
    parts = re.split(r"^#?\[\[(\w+)\]\]$", text, flags=re.MULTILINE)
    return {"treaty": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _filled(text: str) -> str:
    """The required placeholders filled in, as somebody would."""
    lines = []
    table = "treaty"
    for line in text.splitlines():
        head = re.fullmatch(r"\[\[(\w+)\]\]", line)
        table = head[1] if head else table
        key = re.match(r"(\w+) = ", line)
        if key and "<" in line:
            value = "own" if (table, key[1]) == ("source", "id") else FILLED.get(key[1], "something")
            lines.append(f"{key[1]} = 2030-01-01" if "YYYY" in line else f'{key[1]} = "{value}"')
        else:
            lines.append(line)
    return "\n".join(lines)


def test_each_key_stands_once_with_its_meaning() -> None:
    blocks = _blocks(template(ID))
    for table, struct in STRUCTS.items():
        for field in msgspec.structs.fields(struct):
            if table in ("practice", "condition", "absent"):
                if field.name not in [f.name for f in msgspec.structs.fields(Entry)]:
                    assert re.search(rf"^#   - {field.name}( \(optional\))?: ", template(ID), re.MULTILINE)
            elif not (table == "treaty" and field.name in blocks):
                assert len(re.findall(rf"^#?{field.name} = ", blocks[table], re.MULTILINE)) == 1, (table, field.name)


def test_required_keys_are_open_and_optional_ones_are_not() -> None:
    blocks = _blocks(template(ID))
    for table in ("treaty", "member", "obligation", "source"):
        tables = {"member", "obligation"} if table == "treaty" else set()
        assert set(re.findall(r"^(\w+) = ", blocks[table], re.MULTILINE)) == required(table) - tables
    for table in ("area", "suspension", "reservation", "institution", "development"):
        assert not re.findall(r"^\w+ = ", blocks[table], re.MULTILINE)


def test_filled_in_it_parses_and_validates(record: Record) -> None:
    treaty = parse_treaty(_filled(template(ID)), f"{ID}.toml")
    tables = tables_of(record)
    whole = Record(tables.rows, {**tables.treaties, ID: treaty}, tables.sources, tables.origin)
    assert [f"{p.where}: {p.says}" for p in check(whole, [ID]).problems] == []
    assert (treaty.id, treaty.signed, treaty.member[0].state) == (ID, date(2030, 1, 1), "FRA")


def test_left_as_it_is_it_names_what_to_fill_in() -> None:
    with pytest.raises(RecordError) as error:
        parse_treaty(template(ID), f"{ID}.toml")
    assert {p.where for p in error.value.problems} >= {"kind", "signed", "checked", "obligation[0].pledge"}
    assert all(p.line for p in error.value.problems)


def test_with_every_sign_taken_away_it_still_parses() -> None:
    text = re.sub(r"^#(\w|\[\[)", r"\1", template(ID), flags=re.MULTILINE)
    text = re.sub(r'^state = "<code>"\n', "", text, count=1, flags=re.MULTILINE)  # a member has state or states
    text = text.replace('"<YYYY-MM-DD>"', "2030-01-01")
    raw = tomllib.loads(text)
    blocks = _blocks(template(ID))
    assert blocks.keys() - {"treaty"} <= raw.keys()
    # What is left are the words to choose; everything else has the right type.
    with pytest.raises(RecordError) as error:
        parse_treaty(text, f"{ID}.toml")
    assert [str(p) for p in error.value.problems if "<word>" not in p.says] == []


def test_the_glossary_has_no_stale_or_missing_key() -> None:
    used = {"member.states"}
    for table, struct in STRUCTS.items():
        assert TABLE_MEANINGS[table]
        for field in msgspec.structs.fields(struct):
            assert meaning(table, field.name).endswith(".")
            own = f"{table}.{field.name}"
            used.add(own if own in MEANINGS else field.name)
    assert MEANINGS.keys() <= used


@pytest.mark.parametrize("bad", ["", "x", "X-2030", "../x-2030", "x-20301", 'a"-2030', "x_y-2030", "x--2030"])
def test_an_id_that_no_file_may_bear_is_refused(bad: str) -> None:
    with pytest.raises(FoedusError, match="as in nato-1949"):
        template(bad)


def test_a_treaty_of_the_record_begins_as_its_own_file(record: Record) -> None:
    text, is_copy = begun("nato-1949")
    assert is_copy
    assert parse_treaty(text, "nato-1949.toml") == record.treaties["nato-1949"]
    assert begun(ID) == (template(ID), False)
