"""Events from what a user writes: options, or a file of cases with COW abbreviations, codes, numbers and names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, cast, get_args

from foedus.casus.event import FORCE, Event, Ground, Spot
from foedus.casus.facts import is_answer
from foedus.casus.ground import spot_of_place
from foedus.errors import DateOutsideRecord, EventError, NotFound, UnknownState
from foedus.record import Record, names
from foedus.record.schema import Kind

KINDS: tuple[str, ...] = get_args(Kind)
GROUNDS: tuple[str, ...] = get_args(Ground)
FIRST, LAST = date(1815, 1, 1), date(2100, 1, 1)


def events_of(record: Record, text: str, file: str) -> list[Event]:
    """The events of a TOML file with `[[case]]` tables; keys other than the event's own are ignored.

    A file that says `schema = "casus-cases/1"` writes states as COW abbreviations: where one of these is also the code
    of another state (AUS, SLV ...), the abbreviation wins. Raises EventError naming the file and the case.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise EventError(f"{file}: not valid TOML: {error}") from None
    cases = raw.get("case")
    if not isinstance(cases, list) or not cases or not all(isinstance(c, dict) for c in cases):
        raise EventError(f"{file}: no [[case]] tables. Write at least one, with date, attackers, targets and kind.")
    cow_first = str(raw.get("schema", "")).startswith("casus-cases/")
    events = []
    for i, case in enumerate(cases):
        try:
            events.append(read_event(record, case, cow_first=cow_first))
        except (EventError, NotFound, DateOutsideRecord) as error:
            raise EventError(f"{file}, case[{i}] {case.get('id', '')}: {error}") from None
    return events


def read_event(record: Record, raw: Mapping[str, Any], *, cow_first: bool = False) -> Event:
    """One event from a mapping with the keys id, title, date, attackers, targets, place, kind, facts.

    place : a table {area, of, region, name}, the name of a place or of a state, or absent: the target's home land.
    Raises EventError, UnknownState or DateOutsideRecord, each naming the field and what is near.
    """
    day = _day(raw.get("date"))
    attackers = tuple(_party(record, a, day, cow_first, "attackers") for a in _list(raw, "attackers"))
    targets = tuple(_party(record, t, day, cow_first, "targets") for t in _list(raw, "targets"))
    both = sorted(set(attackers) & set(targets))
    if both:
        raise EventError(f"attackers and targets: {', '.join(both)} cannot attack itself; name another target.")
    if any(":" in t for t in targets):
        raise EventError("targets: a target is a state; only an attacker may be non-state:NAME.")
    kind = _kind(raw.get("kind", "armed_attack"))
    facts = dict(_facts(raw.get("facts", {}), kind))
    for key in ("assists", "assists_attacker"):
        if key in facts:
            facts[key] = tuple(_party(record, s, day, cow_first, f"facts.{key}") for s in facts[key])
    facts["_cow_first"] = cow_first
    return Event(
        day=day,
        attackers=attackers,
        targets=targets,
        spot=_spot(record, raw.get("place"), targets, day, cow_first),
        kind=kind,
        facts=facts,
        at_war=tuple(_pair(record, p, day, cow_first) for p in facts.get("at_war", ())),
        mobilised=tuple(_party(record, m, day, cow_first, "facts.mobilised") for m in facts.get("mobilised", ())),
        id=str(raw.get("id", "")),
        title=str(raw.get("title", "")),
    )


def _day(value: Any) -> date:
    if type(value) is not date:
        raise EventError(f"date: {value!r} is not a day; write date = YYYY-MM-DD, without quotes in a file.")
    if not FIRST <= value <= LAST:
        raise DateOutsideRecord(f"date: {value} lies outside the record, which begins in 1815.")
    return value


def _list(raw: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = raw.get(key)
    if not isinstance(value, list | tuple) or not value:
        raise EventError(f"{key}: expected a list of states, found {value!r}.")
    return value


def _party(record: Record, asked: Any, day: date, cow_first: bool, field: str) -> str:
    text = str(asked).strip()
    if text.startswith("non-state"):
        if not re.fullmatch(r"non-state:\S.*", text):
            raise EventError(f'{field}: "{text}" names nobody; write non-state:NAME, as in non-state:al-qaida.')
        return text
    if cow_first and record.codes_of_abb(text):
        return record.codes_of_abb(text)[0]
    try:
        return record.state(text, day).code
    except UnknownState as error:
        codes = get_close_matches(text.upper(), record.states, 3) if not error.nearest else []
        near = f" Nearest: {', '.join(f'{record.states[c].name} ({c})' for c in codes)}." if codes else ""
        raise EventError(f"{field}: {error}{near}") from None


def _pair(record: Record, text: Any, day: date, cow_first: bool) -> tuple[str, str]:
    sides = str(text).split("-")
    if len(sides) != 2:
        raise EventError(f'facts.at_war: "{text}" is not a pair; write two states joined by a hyphen, as in "AUH-YUG".')
    a, b = (_party(record, s, day, cow_first, "facts.at_war") for s in sides)
    return a, b


def _kind(value: Any) -> Kind:
    if value not in KINDS:
        near = get_close_matches(str(value), KINDS, 2, 0.5)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise EventError(f'kind: "{value}" is not a kind of event.{hint} Kinds: {", ".join(KINDS)}.')
    return cast(Kind, value)


def _facts(raw: Any, kind: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise EventError(f"facts: expected a table of facts, found {raw!r}.")
    if kind in FORCE and raw.get("attack_occurred") is False:
        raise EventError(
            f'facts: attack_occurred = false contradicts kind = "{kind}"; if nothing happened yet, kind is "threat".'
        )
    if kind in ("threat", "ultimatum") and raw.get("attack_occurred") is True:
        raise EventError(f'facts: attack_occurred = true contradicts kind = "{kind}"; then kind is "armed_attack".')
    if not is_answer(raw.get("provoked", "unknown")):
        raise EventError(f'facts.provoked: expected "yes", "no" or "contested", found {raw["provoked"]!r}.')
    if raw.get("request") == "none" and raw.get("invoked"):
        raise EventError('facts: request = "none" contradicts invoked; whoever invokes a treaty asks.')
    for key in ("at_war", "mobilised", "assists", "assists_attacker"):
        if key in raw and not isinstance(raw[key], list | tuple):
            raise EventError(f"facts.{key}: expected a list, found {raw[key]!r}.")
    return raw


def _spot(record: Record, raw: Any, targets: Sequence[str], day: date, cow_first: bool) -> Spot:
    if raw is None:
        return _home(targets[0], is_default=True)
    if isinstance(raw, str):
        return _named(record, raw, day)
    if not isinstance(raw, Mapping):
        raise EventError(f"place: expected a table or a name, found {raw!r}.")
    ground = raw.get("area", "own-territory")
    if ground not in GROUNDS:
        near = get_close_matches(str(ground), GROUNDS, 1)
        raise EventError(
            f'place.area: "{ground}" is not one of {", ".join(GROUNDS)}.' + (f" Nearest: {near[0]}." if near else "")
        )
    owner = _party(record, raw["of"], day, cow_first, "place.of") if raw.get("of") else targets[0]
    region = str(raw.get("region", ""))
    if region and region not in record.regions:
        near = get_close_matches(region, record.regions, 2)
        raise EventError(f'place.region: no region "{region}".' + (f" Nearest: {', '.join(near)}." if near else ""))
    name = str(raw.get("name", ""))
    known = _place_in(record, name)
    found = spot_of_place(record, known, day) if known else None
    return Spot(
        ground=cast(Ground, ground),
        owner=owner,
        holder=owner if ground != "disputed" else (found.holder if found else ""),
        regions=frozenset({region} - {""}) | (found.regions if found else frozenset()),
        name=name,
        place=known,
        lon=found.lon if found else None,
        lat=found.lat if found else None,
    )


def _place_in(record: Record, name: str) -> str:
    """The id of the place that a free text begins with ("Goa, Daman and Diu"); "" when it names none."""
    for part in (name, re.split(r"[,;(]", name)[0]):
        try:
            return record.place(part).id
        except NotFound:
            continue
    return ""


def _named(record: Record, name: str, day: date) -> Spot:
    """The home land of a state, or a place of the record."""
    known = _place_in(record, name)
    if known:
        return spot_of_place(record, known, day)
    try:
        return _home(record.state(name, day).code)
    except UnknownState as error:
        near = names.nearest(name, record._place_names)
        raise EventError(
            f'place: "{name}" is neither a place nor a state. Near places: {", ".join(near) or "none"}. {error}'
        ) from None


def _home(state: str, is_default: bool = False) -> Spot:
    return Spot("own-territory", state, state, frozenset(), is_default=is_default)
