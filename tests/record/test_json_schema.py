"""The shipped JSON Schema is the one that the code makes; it accepts every file of the record and refuses mistakes."""

import json
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from foedus.record.json_schema import json_schema
from foedus.record.load import EMBEDDED

SCHEMA = json.loads(json_schema())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _as_editors_see_it(value: Any) -> Any:
    """TOML read as JSON: a date becomes text."""
    if isinstance(value, dict):
        return {key: _as_editors_see_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_editors_see_it(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _nato() -> dict[str, Any]:
    text = (EMBEDDED / "treaties" / "nato-1949.toml").read_text(encoding="utf-8")
    return dict(_as_editors_see_it(tomllib.loads(text)))


def test_the_shipped_schema_is_the_one_that_the_code_makes() -> None:
    shipped = (files("foedus.record") / "treaty.schema.json").read_text(encoding="utf-8")
    assert shipped == json_schema(), "renew it: foedus record schema -o src/foedus/record/treaty.schema.json"


def test_it_is_a_schema_in_which_every_key_is_described() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for name, part in SCHEMA["$defs"].items():
        for key, value in part["properties"].items():
            assert value["description"], f"{name}.{key}"
    assert "null" not in json_schema(), "TOML has no null"


def test_every_file_of_the_record_fits() -> None:
    wrong = []
    for path in sorted(EMBEDDED.glob("treaties/*.toml")):
        raw = _as_editors_see_it(tomllib.loads(path.read_text(encoding="utf-8")))
        wrong += [f"{path.name}: {error.json_path}: {error.message:.200}" for error in VALIDATOR.iter_errors(raw)]
    assert wrong == []


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.update(naem="x"),
        lambda t: t.pop("signed"),
        lambda t: t.update(signed="4 April 1949"),
        lambda t: t.update(kind="pact"),
        lambda t: t.pop("obligation"),
        lambda t: t["member"][0].pop("source"),
        lambda t: t["member"][0].update(state="FRA", states=["FRA"]),
        lambda t: [t["member"][0].pop(key, None) for key in ("state", "states")],
        lambda t: t["obligation"][0].update(level="must"),
        lambda t: t["obligation"][0].update(min_attackers=0),
        lambda t: t["obligation"][0].update(practice=[{"kind": "cyber"}]),
        lambda t: t.update(universal="yes"),
    ],
)
def test_what_the_parser_refuses_is_marked(change: Any) -> None:
    treaty = _nato()
    assert VALIDATOR.is_valid(treaty)
    change(treaty)
    assert not VALIDATOR.is_valid(treaty)
