"""The record: treaties, states, where a figure is from, the system of a year."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from foedus.record import answers
from foedus.record.schema import Pledge
from foedus.web import finding
from foedus.web.answering import paged, whole
from foedus.web.asking import On, Page, Text, day_of
from foedus.web.atlas_year import atlas_year
from foedus.web.library import Held

router = APIRouter(tags=["record"])
Paging = Annotated[Page, Depends()]


@router.get("/treaties", summary="Treaties in force on a day, of a state, with a kind of pledge")
def treaties(
    request: Request,
    held: Held,
    page: Paging,
    on: On = None,
    state: Text = "",
    pledge: Pledge | None = None,
    every: Annotated[
        bool, Query(alias="all", description="Whatever the day: also the ended ones and those never in force.")
    ] = False,
) -> Response:
    """As `foedus list --json`."""
    day = None if every else day_of(on)
    code = held.record.state(state, day).code if state else None
    return paged(request, answers.treaties(held.record, day, code, pledge), page)


@router.get("/treaties/{treaty}", summary="One treaty: members, obligations, areas, institutions, sources")
def treaty(held: Held, treaty: str, on: On = None) -> Response:
    """As `foedus show --json`. The treaty by id, name or alias."""
    return whole(answers.treaty(held.record, held.record.treaty(treaty), day_of(on)))


@router.get("/states", summary="The states of the record")
def states(request: Request, held: Held, page: Paging, on: On = None) -> Response:
    """Code, name on the day, whether a member of the inter-state system then, number of treaties in force."""
    return paged(request, finding.states(held.record, day_of(on)), page)


@router.get("/states/{state}", summary="One state: its treaties, figures, borders")
def state(held: Held, state: str, on: On = None) -> Response:
    """As `foedus state --json`. The state by code, COW number or abbreviation, or name."""
    day = day_of(on)
    return whole(answers.state(held.record, held.record.state(state, day).code, day))


@router.get("/search", summary="Find states, treaties and places by a part of their name")
def search(held: Held, q: Text, on: On = None) -> Response:
    """At most twelve of each, the best first: names that begin with the words, then those that contain them."""
    return whole(finding.search(held.record, q, day_of(on)))


@router.get("/why", summary="Where a date or a figure comes from")
def why(held: Held, asked: Text, on: On = None) -> Response:
    """As `foedus why --json`: a treaty or state, then what about it, parted by spaces."""
    from foedus.view.why import why as trail

    return whole([dataclasses.asdict(step) for step in trail(held.record, asked.split() or [""], day_of(on))])


@router.get("/atlas/{year}", summary="The system of alliances at the end of a year")
def atlas(held: Held, year: int) -> Response:
    """Who is bound to whom by a defence pledge, and the treaties in force; 1815 to this year, read today at the latest.

    Years outside are a 422. `ground` gives for each outline of the map the state that held it; `partners` for each
    state those with which it shares a defence pledge.
    """
    return whole(atlas_year(held.record, year))
