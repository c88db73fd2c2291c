"""A cyber attack on an ally: which articles could be called, by whose decision, and what was done in earlier cases.

The obligation engine (`casus`) reads the texts; this adds what it leaves to judgement. Later practice admits cyber
under
an article from a day on, and says whose decision it takes; nobody has written down how severe an attack must be, so
severity does not change a reading: it finds the precedents that compare.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from foedus.casus import Verdict, evaluate, read_event
from foedus.cyber.errors import CyberError
from foedus.record import Record
from foedus.record.schema import Practice

SEVERITIES = ("espionage", "disruption", "destruction")  # least first
ATTRIBUTIONS = ("none", "some", "collective")
_DECIDES = {
    "organ": "the treaty's organ, case by case",
    "each_decides": "each party for itself",
    "none": "nobody: the text itself covers it",
}


class Precedent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One earlier case. attributed : state, "" when nobody was named officially; invoked : article, "" for none."""

    day: date
    victims: tuple[str, ...]
    attributed: str
    severity: str
    attribution: str
    treaty: str
    done: str
    invoked: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Call:
    """One article that the attack could call. decides : whose decision it takes; practice : since when cyber counts and
    by which source, "" when the text covers it or nothing says so; states : who would owe it, by code."""

    treaty: str
    article: str
    level: str
    sure: str
    decides: str
    practice: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """calls, strongest first; precedents, those that compare first; verdict : the engine's full answer."""

    calls: tuple[Call, ...]
    precedents: tuple[Precedent, ...]
    verdict: Verdict
    notes: tuple[str, ...]


@cache
def precedents() -> tuple[Precedent, ...]:
    """The recorded cases, by date."""
    text = files("foedus.cyber").joinpath("data", "precedents.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["precedent"], tuple[Precedent, ...])


def call(
    record: Record,
    attacker: str,
    target: str,
    day: date,
    *,
    severity: str = "disruption",
    attribution: str = "some",
    facts: dict[str, Any] | None = None,
) -> Answer:
    """What a cyber attack of `attacker` on `target` could call. facts : as for `casus`, such as organ or invoked.

    Raises CyberError for a severity or attribution that is none, UnknownState, EventError.
    """
    for what, given, known in (("severity", severity, SEVERITIES), ("attribution", attribution, ATTRIBUTIONS)):
        if given not in known:
            raise CyberError(f'{what} "{given}": expected {", ".join(known)}.')
    by = attacker if attribution != "none" else "non-state:unattributed"
    raw = {"date": day, "attackers": [by], "targets": [target], "kind": "cyber", "facts": facts or {}}
    event = read_event(record, raw)
    verdict = evaluate(record, event)
    return Answer(
        _calls(record, verdict), _alike(event.targets[0], severity, day), verdict, _notes(severity, attribution)
    )


def _calls(record: Record, verdict: Verdict) -> tuple[Call, ...]:
    found: dict[tuple[str, str, str, str, str, str], list[str]] = {}
    for f in verdict.findings:
        if f.level == "not_bound" or not f.is_direct:
            continue
        treaty = record.treaties[f.treaty]
        clause = next(o for o in treaty.obligation if o.id == f.obligation)
        practice: Practice | None = next(
            (p for p in clause.practice if p.kind == "cyber" and p.since <= verdict.day), None
        )
        decides = _DECIDES[practice.threshold] if practice else _by_text(clause.requires_organ)
        says = ""
        if practice:
            source = record.source(practice.sources[0], treaty) if practice.sources else None
            says = f"since {practice.since}" + (f", {source.title}" if source else "")
        found.setdefault((f.treaty, f.article, f.level, f.sure, decides, says), []).append(f.state)
    return tuple(Call(*key, tuple(sorted(states))) for key, states in found.items())


def _by_text(organ: str) -> str:
    return organ if organ else "nobody: the text itself covers it"


def _alike(target: str, severity: str, day: date) -> tuple[Precedent, ...]:
    """Cases before `day`: at least as severe ones first, those of the same victim before others, newest first."""
    rank = SEVERITIES.index(severity)
    known = [p for p in precedents() if p.day < day]
    return tuple(
        sorted(
            known,
            key=lambda p: (SEVERITIES.index(p.severity) < rank, target not in p.victims, -p.day.toordinal()),
        )
    )


def _notes(severity: str, attribution: str) -> tuple[str, ...]:
    notes = ["No treaty text says how severe a cyber attack must be; severity only finds the cases that compare."]
    if severity == "espionage":
        notes.append("No recorded case treats espionage as an attack that calls a defence clause.")
    if attribution == "none":
        notes.append("Without attribution the clauses that ask who attacked stay open; consultation does not ask.")
    if attribution == "some":
        notes.append("Attribution is a decision of each state; the organs have so far acknowledged what members said.")
    return tuple(notes)
