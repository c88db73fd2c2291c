"""Take in a STIX 2.1 bundle of one's own: every object is checked by the `stix2` library, all of it or nothing.

Kept are indicators with their sightings, as hashed items, and which states an actor `targets`. Markings are read first:
an object is as restricted as the strictest mark on it or any part of it, and one without a mark counts as red.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foedus.cyber.actors import Actor
from foedus.cyber.bounded import moment, read_json
from foedus.cyber.errors import ImportRefused, MissingExtra
from foedus.cyber.items import Imported, Item, hashed
from foedus.cyber.tlp import MARKINGS, level, strictest
from foedus.sources import crosswalk

ACTORS = ("threat-actor", "intrusion-set", "campaign")
_TLP2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_MOST_PROBLEMS = 20
Thing = Mapping[str, Any]


def load_stix(path: Path) -> Imported:
    """Items and actors of a bundle. Raises ImportRefused with every problem found (the first twenty); MissingExtra."""
    whole = read_json(path)
    return imported(whole, str(path))


def imported(whole: Any, name: str) -> Imported:
    """The same from what a JSON text held; `name` is for messages."""
    objects = _checked(whole, name)
    marks = _markings(objects, name)
    by_id = {o["id"]: o for o in objects}
    sightings: dict[str, list[Thing]] = defaultdict(list)
    for o in objects:
        if o["type"] == "sighting":
            sightings[o["sighting_of_ref"]].append(o)
    items = tuple(
        _item(o, sightings[o["id"]], _level(o, marks, name), name) for o in objects if o["type"] == "indicator"
    )
    actors = _actors(objects, by_id, name)
    used = (
        len(items) + len(actors) + sum(o["type"] in ("sighting", "relationship", "marking-definition") for o in objects)
    )
    return Imported(items, actors, max(0, len(objects) - used))


def _checked(whole: Any, name: str) -> list[Thing]:
    """The objects, each as stix2 accepts it."""
    if find_spec("stix2") is None:
        raise MissingExtra("stix2", "Reading STIX")
    import stix2
    from stix2.exceptions import STIXError

    if not isinstance(whole, dict) or whole.get("type") != "bundle" or not isinstance(whole.get("objects"), list):
        raise ImportRefused(f'{name}: not a STIX bundle; expected an object with type "bundle" and a list of objects.')
    problems = []
    for i, raw in enumerate(whole["objects"]):
        where = f"objects[{i}]"
        try:
            if not isinstance(raw, dict):
                raise ValueError("expected an object")
            stix2.parse(raw, allow_custom=True, version="2.1")
            if not isinstance(raw.get("id"), str) or not isinstance(raw.get("type"), str):
                raise ValueError("id and type must be texts")
        except (STIXError, ValueError, TypeError, KeyError, AttributeError) as error:
            kind = raw.get("type", "?") if isinstance(raw, dict) else type(raw).__name__
            problems.append(f"  {where} ({str(kind)[:40]}): {str(error)[:200]}")
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown = problems[:_MOST_PROBLEMS] + ([f"  and {more} more"] if more > 0 else [])
        raise ImportRefused(
            "\n".join([f"{name}: {len(problems)} objects are not STIX 2.1; nothing was taken in.", *shown])
        )
    return list(whole["objects"])


def _markings(objects: list[Thing], name: str) -> dict[str, str | None]:
    """Marking id -> level; None for a mark of another kind, such as a statement of copyright."""
    found: dict[str, str | None] = dict(MARKINGS)
    for o in objects:
        if o["type"] != "marking-definition" or o["id"] in MARKINGS:
            continue
        label = o.get("extensions", {}).get(_TLP2, {}).get("tlp_2_0") or o.get("definition", {}).get("tlp")
        if label is None and str(o.get("name", "")).casefold().startswith("tlp"):
            label = o["name"]
        found[o["id"]] = None if label is None else level(str(label), f"{name}: {o['id']}")
    return found


def _level(o: Thing, marks: Mapping[str, str | None], name: str) -> str:
    granular = [g["marking_ref"] for g in o.get("granular_markings", ()) if "marking_ref" in g]
    refs = [*o.get("object_marking_refs", ()), *granular]
    unknown = [r for r in refs if r not in marks]
    if unknown:
        raise ImportRefused(f"{name}: {o['id']} bears the mark {unknown[0]}, which the bundle does not define.")
    return strictest([found for r in refs if (found := marks[r]) is not None])


def _item(o: Thing, seen: list[Thing], level_: str, name: str) -> Item:
    where = f"{name}: {o['id']}"
    by = o.get("created_by_ref", "")
    times = [(moment(s[k], where), s) for s in seen for k in ("first_seen", "last_seen") if k in s]
    published = moment(o["created"], where)
    own = [t for t, s in times if by in s.get("where_sighted_refs", ()) or s.get("created_by_ref") == by]
    away = [t for t, s in times if t >= published and by not in s.get("where_sighted_refs", (by,))]
    first = min([moment(o["valid_from"], where), *own])
    last: list[datetime] = [t for t, _ in times] + ([moment(o["valid_until"], where)] if "valid_until" in o else [])
    return Item(
        hashed(o["pattern"]),
        hashed(by or "?"),
        level_,
        first,
        published,
        min(away, default=None),
        max(last, default=None),
    )


def _actors(objects: list[Thing], by_id: Mapping[str, Thing], name: str) -> tuple[Actor, ...]:
    """Actors of the bundle with the states their `targets` relations lead to."""
    iso2 = {key: meanings[0].state for key, meanings in crosswalk.meanings("iso2").items()}
    aims: dict[str, set[str]] = defaultdict(set)
    for o in objects:
        if o["type"] == "relationship" and o["relationship_type"] == "targets":
            target = by_id.get(o["target_ref"], {})
            code = str(target.get("country", "")).upper()
            if not code:
                continue
            if not iso2.get(code):
                raise ImportRefused(
                    f'{name}: {target["id"]}: country "{code[:20]}" is no ISO 3166 two-letter code of a state.'
                )
            aims[o["source_ref"]].add(iso2[code])
    return tuple(
        Actor(o["id"], str(o["name"]), "", frozenset(aims[o["id"]]))
        for o in objects
        if o["type"] in ACTORS and aims.get(o["id"])
    )
