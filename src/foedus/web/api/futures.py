"""Scenarios: those that ship, and what one of your own assumes."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from foedus.web.answering import live, whole
from foedus.web.jobs.orders import OwnText, explained_scenario
from foedus.web.library import Held

router = APIRouter(prefix="/scenarios", tags=["futures"])


@router.get("", summary="The scenarios that ship")
def scenarios() -> Response:
    """Id, title and what each says, as `foedus futures scenario list --json`, and its text."""
    from foedus.futures.scenario import SHIPPED, parse, shipped, text_of

    texts = [text_of(SHIPPED / f"{name}.toml") for name in shipped()]
    found = [(parse(text, name), text) for name, text in zip(shipped(), texts, strict=True)]
    return whole([{"id": s.id, "title": s.title, "says": s.says, "text": text} for s, text in found])


@router.post("/check", summary="Can a scenario be? What it assumes, in words")
def check(held: Held, text: Annotated[OwnText, Body(embed=True)]) -> Response:
    """As `foedus futures scenario explain --json`; a 422 tells each problem with its line. Nothing is executed."""
    scenario, lines = explained_scenario(text, held.record, None)
    head = {"id": scenario.id, "title": scenario.title, "says": scenario.says, "checked": scenario.checked}
    return live({**head, "assumptions": [dataclasses.asdict(line) for line in lines]})
