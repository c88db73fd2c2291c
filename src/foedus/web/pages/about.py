"""About the model: what is observed, derived, assumed; how good forecasts were; and the page on the interface."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from foedus.web.library import Held
from foedus.web.pages import tested
from foedus.web.pages.rendering import page

router = APIRouter()


@router.get("/model")
def model(held: Held) -> Response:
    """What each answer rests on: assumptions, the back-test of the simulator, every indicator with its formula."""
    from foedus.futures.assumptions import ASSUMPTIONS
    from foedus.measure import INDICATORS

    by_scope: dict[str, list[Any]] = defaultdict(list)
    for name, indicator in INDICATORS.items():
        by_scope[indicator.scope].append((name, indicator))
    return page(
        "model.html",
        active="/model",
        indicators=by_scope,
        assumptions=ASSUMPTIONS,
        skill=tested.skill_picture(),
        skills=tested.skill_table(),
        questions=tested.questions(),
        n_recalled=sum(s.status == "recalled" for s in held.record.sources.values()),
        n_sources=len(held.record.sources),
        command="foedus measure --list",
        api="/api/v1/indicators",
    )


@router.get("/api")
def interface(request: Request) -> Response:
    """The HTTP interface, read from its own description."""
    schema = request.app.openapi()
    by_tag: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, says in methods.items():
            by_tag[says.get("tags", ["other"])[0]].append({"path": path, "method": method.upper(), **says})
    return page("api.html", active="", groups=dict(by_tag), api="/api/v1/openapi.json")
