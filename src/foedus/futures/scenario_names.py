"""What a scenario calls by name, as codes and ids of the record."""

from __future__ import annotations

from typing import Any

import msgspec

from foedus.errors import NotFound
from foedus.futures.scenario import Scenario
from foedus.record import Record

STATE_FIELDS = ("state", "attacker", "target")
STATES_FIELDS = ("states", "members", "between")
TREATY_FIELDS = ("treaty", "members_of")


def named(scenario: Scenario, record: Record) -> tuple[Scenario, list[tuple[str, str]]]:
    """Every state as a code and every treaty as an id, and what could not be found."""
    founded = {f.id for f in scenario.founding}
    problems: list[tuple[str, str]] = []

    def state(where: str, asked: str) -> str:
        try:
            return record.state(asked).code
        except NotFound as error:
            problems.append((where, str(error)))
            return asked

    def treaty(where: str, asked: str) -> str:
        if asked in founded:
            return asked
        try:
            return record.treaty(asked).id
        except NotFound as error:
            problems.append((where, str(error)))
            return asked

    tables: dict[str, list[Any]] = {}
    for where, entry in scenario.entries():
        new: dict[str, Any] = {}
        for name in entry.__struct_fields__:
            value, at = getattr(entry, name), f"{where}.{name}"
            if name in STATE_FIELDS:
                new[name] = state(at, value)
            elif name in STATES_FIELDS:
                new[name] = tuple(state(at, v) for v in value)
            elif name in TREATY_FIELDS and value:
                new[name] = treaty(at, value)
            elif name == "treaties":
                new[name] = tuple(treaty(at, v) for v in value)
        tables.setdefault(where.split("[")[0], []).append(msgspec.structs.replace(entry, **new))
    return msgspec.structs.replace(scenario, **{k: tuple(v) for k, v in tables.items()}), problems
