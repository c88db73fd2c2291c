"""The atlas: the world on a day between 1815 and today, who is bound to whom."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from foedus.record import Record
from foedus.web import world
from foedus.web.asking import On, Text, day_of
from foedus.web.atlas_year import FIRST_YEAR, atlas_on, day_of_year
from foedus.web.library import Held
from foedus.web.pages.rendering import page

router = APIRouter()


@router.get("/")
def atlas(
    held: Held, on: On = None, year: Annotated[int | None, Query(ge=0, le=9999)] = None, state: Text = ""
) -> Response:
    """The map of a day or of the end of a year; `state` is picked out with its partners."""
    today = date.today()
    day = day_of_year(year, today) if year is not None else day_of(on)
    found = atlas_on(held.record, day)
    chosen = held.record.state(state, day).code if state else ""
    return page(
        "atlas.html",
        active="/",
        atlas=found,
        day=day,
        year=day.year,
        first=FIRST_YEAR,
        last=today.year,
        places=map_places(held.record, found, chosen),
        bands=[(class_, label) for label, class_ in band_classes().items()],
        chosen=chosen,
        api=f"/api/v1/atlas/{min(max(day.year, FIRST_YEAR), today.year)}",
        command=f"foedus atlas --on {day}",
    )


@lru_cache(maxsize=1)
def band_classes() -> dict[str, str]:
    """Band of the number of partners -> class of the map, from few to many."""
    from foedus.view.system import BANDS

    return {label: f"b{i}" for i, (_, _, label) in enumerate(BANDS)}


def map_places(record: Record, found: dict[str, Any], chosen: str) -> list[dict[str, Any]]:
    """Outlines and spots of the map: whose each is, its name, its class."""
    classes = band_classes()
    partners = set(found["partners"].get(chosen, ())) if chosen else set()

    def shown(state: str) -> str:
        if chosen:
            return "me" if state == chosen else "ally" if state in partners else ""
        return classes.get(found["bands"].get(state, ""), "")

    rows = []
    for outline in world.outlines():
        state = found["ground"].get(outline.code, outline.code)
        rows.append(
            {
                "code": outline.code,
                "state": state if state in record.states else "",
                "name": found["names"].get(state, state),
                "class": shown(state),
                "path": outline.path,
                "faint": outline.part == "overseas",
            }
        )
    for spot in found["spots"]:
        x, y = world.projected(spot["lon"], spot["lat"])
        name = found["names"][spot["state"]]
        rows.append(
            {"state": spot["state"], "name": name, "class": shown(spot["state"]), "x": round(x, 1), "y": round(y, 1)}
        )
    return rows


@router.get("/atlas")
def old_name() -> Response:
    """The atlas is the first page."""
    return RedirectResponse("/", 308)
