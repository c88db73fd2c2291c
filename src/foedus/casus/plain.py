"""A verdict as plain data: dicts, lists, strings and numbers, the shape of `foedus casus --json` (docs/casus.md)."""

from __future__ import annotations

import re
from typing import Any

from foedus.casus.event import Event
from foedus.casus.verdict import Breach, Conflict, Finding, Reason, Verdict
from foedus.record import Record


def data_of(record: Record, verdict: Verdict) -> dict[str, Any]:
    """The verdict with keys event, findings, overall, breaches, conflicts, questions, steps.

    Every state is named three times: `state`, our code; `cow`, the abbreviation of the Correlates of War ("" when it
    has none); `ccode`, the number there (None when it has none). A cycle of the cascade stands at the end of `steps`.
    """
    return {
        "event": event_data(verdict.event),
        "findings": [finding_data(record, f) for f in verdict.findings],
        "overall": [
            {**_state(record, o.state), "level": o.level, "sure": o.sure, "neutral_toward": list(o.neutral_toward)}
            for o in verdict.overall
        ],
        "breaches": [_breach(record, b) for b in verdict.breaches],
        "conflicts": [_conflict(record, c) for c in verdict.conflicts],
        "questions": [
            {"fact": q.fact, "says": sentence(q.says), "matters_for": list(q.matters_for)} for q in verdict.questions
        ],
        "steps": [*verdict.steps, *(f"again: {c}" for c in verdict.cycles)],
    }


def event_data(event: Event) -> dict[str, Any]:
    """The event as it was understood: codes for states, the day, the ground, the facts."""
    spot = event.spot
    place = {
        "area": spot.ground,
        "of": spot.owner,
        "held_by": spot.holder,
        "regions": sorted(spot.regions),
        "name": spot.name,
        "place": spot.place,
        "assumed": spot.is_default,
    }
    return {
        "id": event.id,
        "title": event.title,
        "date": event.day.isoformat(),
        "attackers": list(event.attackers),
        "targets": list(event.targets),
        "place": place,
        "kind": event.kind,
        "facts": {key: value for key, value in event.facts.items() if not key.startswith("_")},
    }


def finding_data(record: Record, finding: Finding) -> dict[str, Any]:
    """One finding: reasons as codes, `why` as one sentence."""
    return {
        **_state(record, finding.state),
        "treaty": finding.treaty,
        "article": finding.article,
        "level": finding.level,
        "sure": finding.sure,
        "accept": list(finding.accept),
        "toward": list(finding.toward),
        "reasons": list(dict.fromkeys(r.code for r in finding.reasons)),
        "why": why(finding),
        "path": list(finding.path),
        "confidence": finding.confidence,
    }


def why(finding: Finding) -> str:
    """What decided, as one sentence; a fact that nobody stated begins with "if"."""
    parts = [_part(r, is_first=not i) for i, r in enumerate(finding.reasons)]
    return sentence("; ".join(dict.fromkeys(parts)))


def _part(reason: Reason, is_first: bool) -> str:
    says = reason.says.rstrip(". ")
    if reason.code == "if":
        return f"if: {_lowered(says)}"
    return says if is_first else _lowered(says)


# Words that only a sentence's beginning puts in capitals; names keep theirs.
_OPENERS = frozenset(
    re.findall(
        r"[a-z]+",
        "a an the if in by of on at as to for no any all each every either neither both this that these those it "
        "its he one once only when whoever where until unless after before while with without nothing nobody "
        "members parties should such outside military neutrality permanent and not",
    )
)


def _lowered(says: str) -> str:
    """A sentence as the continuation of another: its first word in small letters unless it may be a name."""
    word = says.partition(" ")[0]
    return says[:1].lower() + says[1:] if word.casefold() in _OPENERS else says


def sentence(text: str) -> str:
    """`text` with a capital and a full stop; an id or code at its head is left as it is."""
    text = text.rstrip(". ")
    return text[:1].upper() + text[1:] + "." if text else ""


def _state(record: Record, code: str) -> dict[str, Any]:
    row = record.states.get(code)
    return {"state": code, "cow": row.abb if row else "", "ccode": row.cow if row else None}


def _breach(record: Record, b: Breach) -> dict[str, Any]:
    return {
        **_state(record, b.state),
        "treaty": b.treaty,
        "article": b.article,
        "toward": list(b.toward),
        "why": sentence(b.says),
    }


def _conflict(record: Record, c: Conflict) -> dict[str, Any]:
    sides = {
        key: {"treaty": f.treaty, "article": f.article, "level": f.level}
        for key, f in (("one", c.one), ("other", c.other))
    }
    return {**_state(record, c.state), **sides, "why": sentence(c.says), "hint": sentence(c.hint)}
