"""A JSON Schema of treaty files for editors, made from the types, so that a wrong key or word shows while it is typed.

The file treaty.schema.json beside this module is its printed form; a test compares the two. Dates are TOML's own
dates, which editors hand to a schema as text of the format "date".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from foedus.record.glossary import STRUCTS, meaning, required
from foedus.record.schema import Treaty

_Node = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> str:
    """The schema of one treaty file as indented JSON, ending in a line break."""
    return msgspec.json.format(msgspec.json.encode(_schema()), indent=2).decode() + "\n"


def _schema() -> _Node:
    made = msgspec.json.schema(Treaty)
    tables = {struct.__name__: table for table, struct in STRUCTS.items()}
    parts = {name: _as_written(part, tables[name]) for name, part in made["$defs"].items()}
    parts["Member"] = _member(parts["Member"])
    title = {"$schema": DIALECT, "title": "A treaty file of the foedus record"}
    return {**title, "$ref": "#/$defs/Treaty", "$defs": dict(sorted(parts.items()))}


def _as_written(part: Mapping[str, Any], table: str) -> _Node:
    """One table as it stands in a file: described key by key, without null, which TOML does not have."""
    properties = {
        key: {**_without_null(value), "description": meaning(table, key)} for key, value in part["properties"].items()
    }
    says = " ".join(part["description"].split())
    return {**part, "description": says, "properties": properties, "required": sorted(required(table))}


def _without_null(value: Mapping[str, Any]) -> _Node:
    kept = {key: item for key, item in value.items() if key != "default" or item not in (None, (), {})}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        kept |= choices[0]
    return kept


def _member(part: _Node) -> _Node:
    """A member table names one state or several, never both."""
    code = {"type": "string"}
    several = {"type": "array", "items": code, "minItems": 1, "description": meaning("member", "states")}
    return {
        **part,
        "properties": {**part["properties"], "states": several},
        "required": [key for key in part["required"] if key != "state"],
        "oneOf": [{"required": ["state"]}, {"required": ["states"]}],
    }
