"""States: a list by part of the world, and one state with its promises, figures and neighbours."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from foedus.record import answers
from foedus.record.names import plain
from foedus.web import finding
from foedus.web.asking import On, Text, day_of
from foedus.web.atlas_year import atlas_on
from foedus.web.library import Held
from foedus.web.pages.atlas import map_places
from foedus.web.pages.rendering import page

router = APIRouter()


@router.get("/states")
def states(held: Held, on: On = None, q: Text = "") -> Response:
    """Every member of the system on a day, by region; the others of the record below."""
    day = day_of(on)
    rows = [r for r in finding.states(held.record, day) if plain(q) in plain(f"{r['name']} {r['code']}")]
    members = sorted((r for r in rows if r["in_system"]), key=lambda r: (r["region"], plain(str(r["name"]))))
    groups = [(_region(region), list(found)) for region, found in groupby(members, lambda r: r["region"])]
    others = [r for r in rows if not r["in_system"]]
    api = f"/api/v1/states?on={day}"
    return page(
        "states.html", active="/states", groups=groups, others=others, day=day, q=q.strip(), n=len(members), api=api
    )


@router.get("/states/{state}.json")
def state_json(held: Held, state: str, on: On = None) -> Response:
    """The same as data."""
    day = day_of(on)
    return RedirectResponse(f"/api/v1/states/{held.record.state(state, day).code}?on={day}", 307)


@router.get("/states/{state}")
def state(held: Held, state: str, on: On = None) -> Response:
    """One state on a day."""
    day = day_of(on)
    code = held.record.state(state, day).code
    if state != code:
        return RedirectResponse(f"/states/{code}" + (f"?on={on}" if on else ""), 308)
    answer = answers.state(held.record, code, day)
    atlas = atlas_on(held.record, day)
    name = {c: held.record.state_name(c, day) for c in held.record.states}
    return page(
        "state.html",
        active="/states",
        s=answer,
        day=day,
        name=name,
        region=_region(answer["region"]),
        places=map_places(held.record, atlas, code),
        sources={s.id: s for f in held.record.figures_of(code) if (s := held.record.source(f.sources[0]))},
        command=f"foedus state {code} --on {day}",
        api=f"/api/v1/states/{code}?on={day}",
    )


def _region(id_: str) -> str:
    """A region as people write it: `south-eastern-asia` -> "South-Eastern Asia"."""
    head, _, tail = id_.title().rpartition("-")
    return f"{head} {tail}".strip()
