"""Data: what the record holds, which data sets are here, where a figure is from, what may be taken away."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from foedus.errors import FoedusError
from foedus.web.asking import On, Text, day_of
from foedus.web.library import Held
from foedus.web.pages.rendering import HTML, page, rendered

router = APIRouter()
WHY_EXAMPLES = ("nato sweden", "nato in_force", "nato burden_share poland", "POL gdp_musd", "csto ended")


@router.get("/data")
def data(held: Held) -> Response:
    """The record, the data sets, and downloads. Looked up anew each time: copies come and go."""
    from foedus.sources.collection import statuses

    record = held.record
    counts = (
        (len(record.treaties), "treaties"),
        (sum(len(t.obligation) for t in record.treaties.values()), "obligations, article by article"),
        (sum(len(t.member) for t in record.treaties.values()), "spells of membership"),
        (len(record.states), "states"),
        (len(record.figures), "figures of states"),
        (len(record.wars), "wars"),
        (len(record.rivalries), "rivalries"),
        (len(record.sources) + sum(len(t.source) for t in record.treaties.values()), "sources cited"),
    )
    html = rendered(
        "data.html",
        active="/data",
        counts=counts,
        sets=statuses(held.sources),
        examples=WHY_EXAMPLES,
        command="foedus sources list",
        api="/api/v1/sources",
    )
    return Response(html, headers={"cache-control": "no-store"}, media_type=HTML)


@router.get("/why")
def why(held: Held, q: Text = "", on: On = None) -> Response:
    """Where a figure comes from, step by step; a question that nobody can answer is told beside the field."""
    from foedus.view.why import why as trail

    day, problem, steps = day_of(on), "", []
    if q.strip():
        try:
            steps = trail(held.record, q.split(), day)
        except FoedusError as error:
            problem = str(error)
    return page(
        "why.html",
        active="/data",
        q=q.strip(),
        day=day,
        steps=steps,
        problem=problem,
        examples=WHY_EXAMPLES,
        command=f"foedus why {q.strip()}" if steps else "foedus why",
    )
