"""Futures, cyber, strategy: what the brief on a treaty says of each, the forms to order more, and the latest runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from foedus.view.document import Section
from foedus.web.asking import On, day_of
from foedus.web.composing import NotYet
from foedus.web.jobs.told import scenario_of
from foedus.web.library import Held, Library
from foedus.web.pages.documents import chart_address
from foedus.web.pages.rendering import fresh
from foedus.web.pages.runs import shown_run

router = APIRouter()
LATEST = 12  # runs that a page lists
MOST_COMPARED = 40  # runs that one may choose from to compare two


@dataclass(frozen=True, slots=True)
class Room:
    """One of the three pages. sections : ids of the brief's sections that it shows; kinds : jobs that it lists."""

    address: str
    title: str
    kicker: str
    sections: tuple[str, ...]
    kinds: tuple[str, ...]
    command: str


FUTURES = Room(
    "/futures", "What could happen", "Many simulated worlds", ("outlook",), ("futures", "compare"), "foedus futures run"
)
CYBER = Room(
    "/cyber",
    "What sharing would buy",
    "Cyber defence among allies",
    ("cyber",),
    ("cyber", "threats"),
    "foedus cyber compare",
)
STRATEGY = Room(
    "/strategy",
    "Who should carry how much",
    "Fair shares and joint budgets",
    ("fairness", "allocation"),
    ("shares", "doctrines", "allocate"),
    "foedus strategy shares",
)
Treaty = Annotated[str, Query(max_length=120, description="A treaty: id, name or alias.")]


def _room(held: Library, room: Room, treaty: str, on: On, **more: Any) -> Response:
    found, day = held.record.treaty(treaty or "nato"), day_of(on)
    step = ""
    told: tuple[Section, ...] = ()
    try:
        brief = held.brief(found.id, day)
        told = tuple(s for s in brief.sections if s.id.startswith(room.sections))
    except NotYet as not_yet:  # the forms below need not wait for it
        step = str(not_yet)
    runs = [shown_run(held, j.id) for j in held.desk.all() if j.kind in room.kinds][:LATEST]
    return fresh(
        f"{room.address[1:]}.html",
        active=room.address,
        room=room,
        treaty=found,
        day=day,
        sections=told,
        step=step,
        chart=chart_address("brief", found.id, day),
        treaties=[(t.id, t.title) for t in held.record.treaties.values()],
        runs=runs,
        command=f"{room.command} {found.id}" if room is not FUTURES else room.command,
        **more,
    )


@router.get("/futures")
def futures(
    held: Held, treaty: Treaty = "", on: On = None, scenario: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """The outlook of a treaty, a scenario to choose or to write, runs to compare."""
    from foedus.futures.scenario import SHIPPED, located, parse, shipped, text_of

    known = [parse(text_of(SHIPPED / f"{name}.toml"), name) for name in shipped()]
    chosen = scenario if scenario in shipped() else ""
    text = text_of(located(chosen)) if chosen else ""
    runs = [j for j in held.desk.all() if j.kind == "futures" and j.status == "done"][:MOST_COMPARED]
    done = [{**shown_run(held, j.id), "scenario": scenario_of(held.desk.folder(j))} for j in runs]
    return _room(held, FUTURES, treaty, on, scenarios=known, chosen=chosen, text=text, done=done)


@router.get("/cyber")
def cyber(held: Held, treaty: Treaty = "", on: On = None) -> Response:
    """Shared threats of a treaty's members and what sharing would buy."""
    return _room(held, CYBER, treaty, on)


@router.get("/strategy")
def strategy(held: Held, treaty: Treaty = "", on: On = None) -> Response:
    """Fair shares and joint budgets of a treaty's members."""
    return _room(held, STRATEGY, treaty, on)
