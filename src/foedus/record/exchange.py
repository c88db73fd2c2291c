"""The whole record as one JSON text, and back: the same treaties, tables and sources, value for value.

Meant for programs in other languages and for archives, and used for the cache of parsed files; the files under `data/`
stay the truth. Writing what was read gives the same text, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from foedus.errors import Problem, RecordError
from foedus.record.record import Record
from foedus.record.schema import Source, Treaty
from foedus.record.tables import LISTS, TABLES

FORMAT: Literal["foedus-record-1"] = "foedus-record-1"
ROW_TYPES: Mapping[str, type[msgspec.Struct]] = TABLES | {name: row for name, (_, row) in LISTS.items()}
# What `Record` calls a table whose file bears another name.
_ATTRIBUTES = {"state_spells": "spells", "state_names": "names", "neutrality": "neutralities"}


class Tables(msgspec.Struct, frozen=True):
    """What a record is made of: rows by file name, treaties by id, shared sources by id, and where each came from."""

    rows: dict[str, list[Any]]
    treaties: dict[str, Treaty]
    sources: dict[str, Source]
    origin: dict[str, str]


class _Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outermost object of the JSON text; rows stay raw until their type is known."""

    format: Literal["foedus-record-1"]
    rows: dict[str, msgspec.Raw]
    treaties: dict[str, Treaty]
    sources: dict[str, Source]
    origin: dict[str, str]


def to_json(record: Record) -> str:
    """The record as indented JSON, ending in a line break; dates as YYYY-MM-DD, absent values as null."""
    return msgspec.json.format(encode(tables_of(record)), indent=1).decode() + "\n"


def from_json(text: str) -> Record:
    """The record that `to_json` wrote. Shape is checked, references are not: `check` does that.

    Raises RecordError when `text` is not such a record, naming the entry and what was expected.
    """
    try:
        tables = decode(text.encode())
    except RecursionError:
        raise RecordError([Problem("record.json", "", "is nested too deeply to be a record")]) from None
    except (ValueError, msgspec.ValidationError) as error:
        says = f"is not a record that foedus wrote: {error}. Make it anew: foedus record export --format json -o DIR"
        raise RecordError([Problem("record.json", "", says)]) from None
    return Record(tables.rows, tables.treaties, tables.sources, tables.origin)


def tables_of(record: Record) -> Tables:
    """What `record` was made of, its treaties in order of signature."""
    return Tables(
        rows={file: list(rows(record, file)) for file in ROW_TYPES},
        treaties=record.treaties,
        sources=record.sources,
        origin=record.origin,
    )


def rows(record: Record, file: str) -> tuple[Any, ...]:
    """The rows of the table that stands in `file` ("states.csv"), in the order of the file."""
    stem = file.partition(".")[0]
    held = getattr(record, _ATTRIBUTES.get(stem, stem))
    return tuple(held.values()) if isinstance(held, dict) else tuple(held)


def encode(tables: Tables) -> bytes:
    """`tables` as compact JSON."""
    return msgspec.json.encode({"format": FORMAT, **msgspec.structs.asdict(tables)})


def decode(data: bytes) -> Tables:
    """The tables that `encode` wrote. Raises ValueError, or msgspec.ValidationError, which is one, with the place."""
    read = msgspec.json.decode(data, type=_Text)
    wrong = sorted(read.rows.keys() ^ ROW_TYPES.keys())
    if wrong:
        raise ValueError(f"expected the tables {', '.join(ROW_TYPES)}; missing or unknown: {', '.join(wrong)}")
    for name, held in (("treaties", read.treaties), ("sources", read.sources)):
        misplaced = [key for key, entry in held.items() if key != entry.id]
        if misplaced:
            raise ValueError(f'{name}: the entry under "{misplaced[0]}" has the id "{held[misplaced[0]].id}"')
    found = {}
    for file, raw in read.rows.items():
        try:
            found[file] = msgspec.json.decode(raw, type=list[ROW_TYPES[file]])  # type: ignore[valid-type]
        except msgspec.ValidationError as error:
            raise ValueError(f"{file}: {error}") from None
    return Tables(rows=found, treaties=read.treaties, sources=read.sources, origin=read.origin)
