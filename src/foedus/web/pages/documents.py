"""Documents of the view as pages; their charts stand at addresses of their own and are drawn when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from foedus.web.asking import On, day_of
from foedus.web.library import Held
from foedus.web.pages.rendering import page

router = APIRouter()


def chart_address(kind: str, name: str, day: date) -> Callable[[str, int], str]:
    """(id of a picture, width in px) -> address of its chart."""
    return lambda picture, width: f"/charts/{kind}/{name}/{picture}.svg?on={day}&width={width}"


@router.get("/system")
def system(held: Held, on: On = None) -> Response:
    """The atlas as a document: how the system grew, the biggest alliances, every pair."""
    day = day_of(on)
    document = held.atlas(day)
    chart = chart_address("atlas", "system", day)
    return page(
        "document.html", active="/", doc=document, day=day, here="/system", chart=chart, command=document.command
    )


@router.get("/powers")
def powers(held: Held, on: On = None) -> Response:
    """The powers beyond the Atlantic core."""
    day = day_of(on)
    document = held.powers(day)
    chart = chart_address("powers", "all", day)
    return page(
        "document.html", active="/powers", doc=document, day=day, here="/powers", chart=chart, command=document.command
    )
