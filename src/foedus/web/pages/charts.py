"""Charts as SVG at an address of their own; they follow the reader's light or dark theme by a style inside them."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from foedus.view.document import Document, Picture
from foedus.web.asking import On, day_of
from foedus.web.attack import Attack, verdict_on
from foedus.web.jobs.desk import UnknownJob
from foedus.web.kept import lasting
from foedus.web.library import Held
from foedus.web.pages.tested import skill_picture

router = APIRouter()
SVG = "image/svg+xml"
Width = Annotated[Literal["344", "860"], Query(description="344 for a telephone, 860 for a desk.")]

GROUND = "#141a20"
SHADES = 'fill="rgb('  # how a colour between two of ours is written


@lru_cache(maxsize=1)
def _style() -> str:
    """The style inside a chart: colours on paper become those on a dark ground; the others read well on both."""
    from foedus.view import theme

    on_dark = {
        theme.INK: "#e6ebf0",
        theme.MUTED: "#9fb0c0",
        theme.RULE: "#3a4653",
        theme.LAND: "#2a333d",
        "#eef1f4": "#252e37",
        "#f3f1ec": "#242b31",
        "#c9d8e6": "#35495d",
        "#bcd9e8": "#243b4f",
        "#8fc0d9": "#2c4d68",
        "#5ea1c7": "#356489",
        "#3c7fb1": "#417cad",
        theme.ACCENT: "#4f97d3",
        "#123a5e": "#8cc4ee",
        "#3c8dbc": "#5fa9d6",
    }
    rules = [f'[fill="{a}"]{{fill:{b}}}[stroke="{a}"]{{stroke:{b}}}' for a, b in on_dark.items()]
    edges = '[stroke="white"],[stroke="#ffffff"],[stroke="#fff"]'
    rules.append(f"{edges}{{stroke:{GROUND}}}text:not([fill]){{fill:#e6ebf0}}")
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>"


def drawn(picture: Picture, width: int) -> str:
    """The SVG of a picture at `width` px on no ground of its own, dark where the reader's theme is.

    Shades of a continuous scale have no counterpart on a dark ground: such a chart stays on paper.
    """
    from foedus.view import theme

    chart = theme.dressed(picture.draw(width))
    chart.config = {**chart.config, "background": None}
    svg = theme.svg(chart)
    if SHADES in svg:
        return theme.svg(theme.dressed(picture.draw(width)))
    head = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:head]}{_style()}{svg[head:]}"


def _picture(document: Document, name: str) -> Picture:
    found = next((p for p in document.pictures if p.id == name), None)
    if found is None:
        known = ", ".join(p.id for p in document.pictures)
        raise HTTPException(404, f'This page has no chart "{name[:40]}". It has: {known}.')
    return found


@router.get("/charts/brief/{treaty}/{name}.svg")
def of_brief(held: Held, treaty: str, name: str, on: On = None, width: Width = "860") -> Response:
    """A chart of the brief on a treaty."""
    document = held.brief(held.record.treaty(treaty).id, day_of(on))
    return lasting(drawn(_picture(document, name), int(width)), SVG)


@router.get("/charts/atlas/system/{name}.svg")
def of_atlas(held: Held, name: str, on: On = None, width: Width = "860") -> Response:
    """A chart of the system."""
    return lasting(drawn(_picture(held.atlas(day_of(on)), name), int(width)), SVG)


@router.get("/charts/powers/all/{name}.svg")
def of_powers(held: Held, name: str, on: On = None, width: Width = "860") -> Response:
    """A chart of the page on the powers."""
    return lasting(drawn(_picture(held.powers(day_of(on)), name), int(width)), SVG)


@router.get("/charts/run/{id_}/{name}.svg")
def of_run(held: Held, id_: str, name: str, width: Width = "860") -> Response:
    """A chart of a run of futures or of a comparison."""
    try:
        job = held.desk.job(id_)
    except UnknownJob as error:
        raise HTTPException(404, str(error)) from None
    document = held.run(job) if job.status == "done" else None
    if document is None:
        raise HTTPException(404, f"The {job.kind} job is {job.status}; it has no chart.")
    return lasting(drawn(_picture(document, name), int(width)), SVG)


@router.get("/charts/model/skill.svg")
def of_model(width: Width = "860") -> Response:
    """Skill of the simulator in the back-test that ships."""
    return lasting(drawn(skill_picture(), int(width)), SVG)


@router.get("/charts/casus/ladder.svg")
def of_casus(held: Held, asked: Annotated[Attack, Depends()], width: Width = "860") -> Response:
    """The ladder of a verdict: who must do what, and who called whom."""
    from foedus.view.casus_page import compose

    document = compose(held.record, verdict_on(held.record, asked), asked.command())
    return lasting(drawn(_picture(document, "ladder"), int(width)), SVG)
