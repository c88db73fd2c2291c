"""Take in a MISP event export of one's own (JSON): attributes with their sightings, as hashed items; all or nothing.

Field names are those of MISP's export format. The level is the strictest `tlp:` tag of the attribute or its event; with
none, distribution 0 (own organisation only) counts as red and any other as amber+strict.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from foedus.cyber.bounded import moment, read_json
from foedus.cyber.errors import ImportRefused
from foedus.cyber.items import Imported, Item, hashed
from foedus.cyber.tlp import level, strictest

Thing = Mapping[str, Any]


def load_misp_event(path: Path) -> Imported:
    """Items of one event or a list of them. Raises ImportRefused naming the event and field."""
    return imported(read_json(path), str(path))


def imported(whole: Any, name: str) -> Imported:
    """The same from what a JSON text held."""
    if isinstance(whole, dict) and isinstance(whole.get("response"), list):
        whole = whole["response"]
    events = whole if isinstance(whole, list) else [whole]
    found: list[Item] = []
    passed_by = 0
    for i, outer in enumerate(events):
        event = outer.get("Event") if isinstance(outer, dict) else None
        if not isinstance(event, dict):
            raise ImportRefused(f'{name}: entry {i} is no MISP event; expected an object with the key "Event".')
        taken, rest = _event(event, f"{name}: event {str(event.get('uuid', i))[:40]}")
        found += taken
        passed_by += rest
    return Imported(tuple(found), (), passed_by)


def _event(event: Thing, where: str) -> tuple[list[Item], int]:
    attributes = list(_list(event, "Attribute", where))
    for thing in _list(event, "Object", where):
        attributes += _list(thing, "Attribute", where)
    kept = [a for a in attributes if a.get("to_ids")]
    return [_item(a, event, f"{where}, attribute {str(a.get('uuid', i))[:40]}") for i, a in enumerate(kept)], len(
        attributes
    ) - len(kept)


def _list(thing: Thing, key: str, where: str) -> list[Thing]:
    found = thing.get(key, [])
    if not isinstance(found, list) or not all(isinstance(x, dict) for x in found):
        raise ImportRefused(f"{where}: {key} must be a list of objects.")
    return found


def _item(attribute: Thing, event: Thing, where: str) -> Item:
    if not isinstance(attribute.get("value"), str):
        raise ImportRefused(f"{where}: value must be a text.")
    organisation = event.get("Orgc")
    by = str(organisation.get("uuid", "?")) if isinstance(organisation, dict) else "?"
    published = _time(event, "publish_timestamp", where)
    sightings = [s for s in _list(attribute, "Sighting", where) if str(s.get("type", "0")) == "0"]
    away = [
        t
        for s in sightings
        if isinstance(s.get("Organisation"), dict) and str(s["Organisation"].get("uuid")) != by
        if (t := _time(s, "date_sighting", where)) is not None and (published is None or t >= published)
    ]
    seen = [t for s in sightings if (t := _time(s, "date_sighting", where)) is not None]
    first = _time(attribute, "first_seen", where) or _time(event, "date", where)
    last = [t for t in (_time(attribute, "last_seen", where), *seen) if t is not None]
    return Item(
        hashed(attribute["value"]),
        hashed(by),
        _level(attribute, event, where),
        first,
        published,
        min(away, default=None),
        max(last, default=None),
    )


def _time(thing: Thing, key: str, where: str) -> datetime | None:
    value = thing.get(key)
    return None if value in (None, "", "0", 0) else moment(value, f"{where}, {key}")


def _level(attribute: Thing, event: Thing, where: str) -> str:
    tags = [*_list(attribute, "Tag", where), *_list(event, "Tag", where)]
    named = [str(t.get("name", "")) for t in tags]
    marks = [
        level(n, where) for n in named if n.casefold().startswith("tlp:") and not n.casefold().startswith("tlp:ex:")
    ]
    if marks:
        return strictest(marks)
    own = str(attribute.get("distribution", event.get("distribution", "0")))
    return "red" if (str(event.get("distribution", "0")) if own == "5" else own) == "0" else "amber+strict"
