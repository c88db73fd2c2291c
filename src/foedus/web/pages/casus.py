"""Casus: a form, and the verdict on what it states; the address holds all of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query
from starlette.responses import RedirectResponse, Response

from foedus.casus import Finding, Verdict
from foedus.casus.plain import sentence, why
from foedus.casus.reading import KINDS
from foedus.casus.stating import LISTS, TEXTS, known_facts
from foedus.casus.verdict import LEVELS
from foedus.errors import FoedusError
from foedus.record import Record
from foedus.web import finding
from foedus.web.atlas_year import atlas_on
from foedus.web.attack import Attack, notes_on, verdict_on
from foedus.web.library import Held
from foedus.web.pages.atlas import map_places
from foedus.web.pages.rendering import page

router = APIRouter()
ANSWERS, REQUEST = ("yes", "no", "contested"), ("assist", "diplomatic", "none")
EXAMPLES = (
    ("Russia attacks Estonia today", "attacker=RUS&target=EST"),
    ("Austria-Hungary attacks Serbia, 28 July 1914", "attacker=AUH&target=YUG&on=1914-07-28&kind=declaration_of_war"),
    ("A blockade of Taiwan", "attacker=CHN&target=TWN&kind=blockade"),
    ("Al-Qaida attacks the United States, 11 September 2001", "attacker=non-state:al-qaida&target=USA&on=2001-09-11"),
)


@router.get("/casus.json")
def casus_json(asked: Annotated[Attack, Depends()]) -> Response:
    """The same as data."""
    return RedirectResponse(f"/api/v1/casus?{asked.query()}", 307)


@router.get("/casus")
def casus(held: Held, asked: Annotated[Attack, Depends()], part: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The form and, when an event is stated, the verdict; `part=verdict` gives only the latter, for a live page.

    An event that cannot be is told beside the form, so that nothing typed is lost.
    """
    values: dict[str, Any] = {"asked": asked, "problem": "", "verdict": None}
    if asked.is_stated:
        try:
            values |= _answered(held.record, asked)
        except FoedusError as error:
            values["problem"] = str(error).replace("--fact: ", "").replace("--assume: ", "")
    if part == "verdict":
        return page("verdict.html", active="/casus", day=asked.day, **values)
    return page(
        "casus.html",
        active="/casus",
        day=asked.day,
        kinds=KINDS,
        states=finding.states(held.record, asked.day),
        places=sorted(p.name for p in held.record.places.values()),
        facts=known_facts(held.record),
        examples=EXAMPLES,
        command=asked.command() if values["verdict"] else "foedus casus",
        api=f"/api/v1/casus?{asked.query()}" if values["verdict"] else "",
        **values,
    )


def _answered(record: Record, asked: Attack) -> dict[str, Any]:
    from foedus.view.obligations import shown_levels

    verdict = verdict_on(record, asked)
    levels = [(level, sorted(states)) for level, states in shown_levels(verdict)]
    atlas = atlas_on(record, verdict.day)
    return {
        "verdict": verdict,
        "name": {c: record.state_name(c, verdict.day) for c in record.states},
        "levels": levels,
        "rows": _rows(record, verdict),
        "notes": notes_on(record, verdict.event),
        "places_map": _coloured(map_places(record, atlas, ""), verdict),
        "overall": {o.state: o for o in verdict.overall},
        "treaties": record.treaties,
        "sentence": sentence,
        "fields": parse_qsl(asked.query()),
        "stated": [text for text in (*asked.fact, *asked.assume) if text.strip()],
        "questions": _questions(record, verdict),
        "with_fact": lambda fact, value: asked.query(fact=[*_facts(asked, fact), f"{fact}={value}"]),
        "without": lambda: replace(asked, assume=(), fact=()).query(),
    }


def _facts(asked: Attack, fact: str) -> list[str]:
    return [f for f in asked.fact if f.strip() and f.partition("=")[0].strip() != fact]


def _questions(record: Record, verdict: Verdict) -> list[dict[str, Any]]:
    """Open questions with the articles that turn on each; those of universal organisations alone are left out."""
    found = []
    for q in verdict.questions:
        by = Counter(w.partition(" ")[2].strip("()") for w in q.matters_for)
        if all(record.treaties[clause.partition(",")[0]].universal for clause in by):
            continue
        alone = {w.partition(" ")[2].strip("()"): w.partition(" ")[0] for w in q.matters_for}
        who = "; ".join(f"{alone[c] if n == 1 else f'{n} states'} by {c}" for c, n in by.items())
        answers = REQUEST if q.fact == "request" else () if q.fact in TEXTS or q.fact in LISTS else ANSWERS
        found.append({"fact": q.fact, "says": q.says, "who": who, "answers": answers})
    return found


def _rows(record: Record, verdict: Verdict) -> list[dict[str, Any]]:
    """Findings that bind, those that differ only by the state in one row; universal organisations last."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for f in verdict.findings:
        if f.level != "not_bound":
            groups.setdefault((f.level, f.treaty, f.article, f.sure, f.accept, why(f), f.path), []).append(f)
    rows = [{"first": same[0], "states": [f.state for f in same], "why": why(same[0])} for same in groups.values()]
    return sorted(
        rows,
        key=lambda r: (
            record.treaties[r["first"].treaty].universal,
            LEVELS.index(r["first"].level),
            len(r["first"].path),
        ),
    )


def _coloured(places: list[dict[str, Any]], verdict: Verdict) -> list[dict[str, Any]]:
    """The map by the strongest duty of each state; those that only may act stay land."""
    event = verdict.event
    classes: dict[str, str] = {o.state: o.level for o in verdict.overall if o.level not in ("may_act", "not_bound")}
    classes |= dict.fromkeys(event.states_attacking, "attacker") | dict.fromkeys(event.targets, "target")
    return [{**p, "class": classes.get(p["state"], "")} for p in places]
