"""Indicators: what holds an alliance together, year by year."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from foedus.errors import FoedusError
from foedus.web.answering import paged, whole
from foedus.web.asking import Page
from foedus.web.library import Held

router = APIRouter(tags=["measure"])
MOST_YEARS = 10
Year = Annotated[int | None, Query(ge=1814, le=2100)]


@router.get("/indicators", summary="Every indicator: formula, unit, source, how to read it")
def indicators() -> Response:
    """As `foedus measure --list --json`."""
    from foedus.measure import INDICATORS

    rows = [
        {"indicator": n, "scope": i.scope, "unit": i.unit, "formula": i.formula, "definition": i.by, "reading": i.read}
        for n, i in INDICATORS.items()
    ]
    return whole(rows)


@router.get("/measure/{treaty}", summary="Indicators of a treaty, or of the system, by year")
def measure(
    request: Request,
    held: Held,
    page: Annotated[Page, Depends()],
    treaty: str,
    first: Annotated[Year, Query(alias="from", ge=1814, le=2100)] = None,
    last: Annotated[Year, Query(alias="to", ge=1814, le=2100)] = None,
) -> Response:
    """As `foedus measure --json`; at most ten years at once, more as a job of the kind `measure`.

    Without `from` and `to` the latest year that can be measured.
    """
    from foedus.measure import profile, system_profile

    evidence = held.evidence()
    chosen = None if treaty == "system" else held.record.treaty(treaty)
    newest = min(chosen.ended.year - 1, evidence.last.year) if chosen and chosen.ended else evidence.last.year
    begin = first if first is not None else last if last is not None else newest
    end = last if last is not None else min(begin + MOST_YEARS - 1, evidence.last.year)
    if not begin <= end < begin + MOST_YEARS:
        raise FoedusError(f"from {begin} to {end}: give one to {MOST_YEARS} years, or make a job of the kind measure.")
    if chosen is not None:
        frame = profile(held.record, evidence, chosen, first=begin, last=end)
    else:
        frame = system_profile(held.record, evidence, first=begin, last=end)
        if frame.is_empty():
            raise FoedusError(f"There is no system to measure; its years go from 1816 to {evidence.last.year}.")
    return paged(request, frame.to_dicts(), page)
