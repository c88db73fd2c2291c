"""Finding states, treaties and places by a part of a name, and lists to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from foedus.record import Record
from foedus.record.names import plain

MOST = 12


def states(record: Record, day: date) -> list[dict[str, Any]]:
    """Every state of the record: members of the system on `day` first, then by name."""
    system = set(record.system(day))
    live = Counter(code for t in record.in_force(day) for code in t.members_on(day))
    rows = [
        {
            "code": code,
            "name": record.state_name(code, day),
            "cow": row.cow,
            "region": row.region,
            "in_system": code in system,
            "treaties": live[code],
        }
        for code, row in record.states.items()
    ]
    return sorted(rows, key=lambda r: (not r["in_system"], plain(str(r["name"]))))


def search(record: Record, asked: str, day: date) -> dict[str, Any]:
    """States, treaties and places whose names hold `asked`; names that begin with it come first."""
    want = plain(asked)
    state_names = [(record.state_name(c, day), c) for c in record.states]
    state_names += [(row.name, c) for c, row in record.states.items()] + [(c, c) for c in record.states]
    state_names += [(n.name, n.code) for n in record.names]
    treaty_names = [(n, t.id) for t in record.treaties.values() for n in (t.title, t.name, t.id, *t.aliases)]
    place_names = [(n, p.id) for p in record.places.values() for n in (p.name, *p.aliases)]
    return {
        "states": [{"code": c, "name": record.state_name(c, day)} for c in _found(want, state_names)],
        "treaties": [{"id": i, "title": record.treaties[i].title} for i in _found(want, treaty_names)],
        "places": [{"id": i, "name": record.places[i].name} for i in _found(want, place_names)],
    }


def _found(want: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Keys whose names hold `want`, each once, the best match first."""
    if not want:
        return []
    ranked = [(not p.startswith(want), len(p), key) for name, key in named if want in (p := plain(name))]
    return list(dict.fromkeys(key for _, _, key in sorted(ranked)))[:MOST]
