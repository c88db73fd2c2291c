"""Facts and assumptions as a user types them (`provoked=contested`, `POL=honours`), and which facts anything reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast, get_args

from foedus.casus.cascade import Assumption, Does
from foedus.errors import EventError
from foedus.record import Record

# What each fact says, for messages and docs; the facts of single articles come from the record itself.
LISTS = {
    "mobilised": "states that have mobilised, as codes parted by commas",
    "at_war": "wars under way, each as a pair: AUH-SRB",
    "assists": "states that already assist the target",
    "assists_attacker": "states that back the attacker",
}
TEXTS = {
    "request": "whether the target asked for help: assist, diplomatic or none",
    "invoked": 'the treaty that was invoked, and by whom: "NATO Art. 4 by POL"',
    "organ": 'the organ that acted: "NAC decides", "Security Council 678"',
    "severity": '"below armed attack" when it falls short of one',
}
ANSWERS = {
    "provoked": "whether the bound states could say that the target provoked the attack",
    "attack_occurred": "false when nothing has happened yet",
    "recognised_territory_of_target": "whether the ground is recognised as the target's",
}
LIKELY = "likely"
_YES, _NO = ("true", "yes"), ("false", "no")


@lru_cache(maxsize=8)
def facts_of_record(record: Record) -> Mapping[str, str]:
    """Facts on which articles or reservations of the record turn: key, and what the first of them says of it."""
    found: dict[str, str] = {}
    for treaty in record.treaties.values():
        for o in treaty.obligation:
            for c in o.condition:
                found.setdefault(c.fact, c.says)
        for r in treaty.reservation:
            if r.fact:
                found.setdefault(r.fact, r.says)
    return found


def known_facts(record: Record) -> list[str]:
    """Every key of `facts` that something reads, sorted."""
    return sorted({*LISTS, *TEXTS, *ANSWERS, *facts_of_record(record)})


def unread(record: Record, facts: Iterable[str]) -> dict[str, list[str]]:
    """Keys that nothing reads, each with known keys that are near."""
    known = known_facts(record)
    spelt = {*known, *(k.replace(":", "_").lower() for k in known)}
    return {
        key: get_close_matches(key, known, 2, 0.6)
        for key in facts
        if key not in spelt and not key.startswith("_") and not key.endswith("_acts")
    }


def read_facts(record: Record, stated: Iterable[str]) -> dict[str, Any]:
    """Facts from texts `key=value`. Lists are parted by commas; true, false, yes, no and numbers are understood.

    Raises EventError for a text without "=", for an answer that is none, and for two values of one key.
    """
    facts: dict[str, Any] = {}
    for text in stated:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not re.fullmatch(r"[A-Za-z0-9_:-]+", key) or not value:
            raise EventError(f'--fact: "{text}" is not key=value. Write, for instance, --fact provoked=contested.')
        found = _value(record, key, value)
        if key in LISTS and key in facts:
            found = [*facts[key], *found]
        elif key in facts and facts[key] != found:
            raise EventError(f"--fact: {key} is stated twice, as {facts[key]!r} and as {found!r}; leave one out.")
        facts[key] = found
    return facts


def _value(record: Record, key: str, text: str) -> Any:
    if key in LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    if key in TEXTS:
        return text
    plain = text.casefold()
    if plain in (*_YES, *_NO):
        return plain in _YES
    if key in ANSWERS or key in facts_of_record(record):
        if not plain.startswith("contested"):
            raise EventError(f'--fact: {key} is answered by yes, no or contested, not by "{text}".')
        return text
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return [part.strip() for part in text.split(",")] if "," in text else text


def asks_likely(stated: Iterable[str]) -> bool:
    """Whether the rest is to be left to the model of reliability: the word "likely" among the assumptions."""
    return any(part.strip().casefold() == LIKELY for text in stated for part in text.split(","))


def read_assumptions(record: Record, stated: Iterable[str], day: date) -> tuple[Assumption, ...]:
    """What states are assumed to do, from texts "POL=honours,HUN=declines"; the word "likely" is `asks_likely`'s.

    Raises EventError for another shape or word, and for two of one state; UnknownState for a state nobody knows.
    """
    words: tuple[str, ...] = get_args(Does)
    found: dict[str, Assumption] = {}
    for part in (p.strip() for text in stated for p in text.split(",")):
        state, equals, does = (x.strip() for x in part.partition("="))
        if part.casefold() == LIKELY:
            continue
        if not equals or not state or does not in words:
            near = get_close_matches(does, words, 1)
            hint = f" Nearest: {state}={near[0]}." if near and state else ""
            raise EventError(f'--assume: "{part}" is not STATE={"|".join(words)}.{hint}')
        code = record.state(state, day).code
        if code in found and found[code].does != does:
            raise EventError(f"--assume: {code} is given twice, as {found[code].does} and as {does}; leave one out.")
        found[code] = Assumption(code, cast(Does, does))
    return tuple(found.values())
