"""Treaties: a list to choose from, and one treaty as its brief."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from foedus.record import answers
from foedus.record.names import plain
from foedus.record.schema import Pledge
from foedus.web.asking import On, Text, day_of
from foedus.web.library import Held
from foedus.web.pages.documents import chart_address
from foedus.web.pages.rendering import fresh, page

router = APIRouter()


@router.get("/treaties")
def treaties(
    held: Held,
    on: On = None,
    state: Text = "",
    pledge: Annotated[str, Query(max_length=40)] = "",
    q: Text = "",
    every: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """Treaties in force on a day, or all of them."""
    day = day_of(on)
    code = held.record.state(state, day).code if state.strip() else None
    kind = next((p for p in get_args(Pledge) if p == pledge), None)
    rows = answers.treaties(held.record, None if every else day, code, kind)
    if q.strip():
        want = plain(q)
        rows = [r for r in rows if want in plain(f"{r['title']} {held.record.treaties[r['id']].name} {r['id']}")]
    options = [
        f"--state {code}" if code else "",
        f"--pledge {kind}" if kind else "",
        "--all" if every else f"--on {day}",
    ]
    return page(
        "treaties.html",
        active="/treaties",
        rows=rows,
        day=day,
        every=every,
        state=code or "",
        state_name=held.record.state_name(code, day) if code else "",
        pledge=kind or "",
        pledges=get_args(Pledge),
        q=q.strip(),
        command=" ".join(["foedus list", *(o for o in options if o)]),
        api=f"/api/v1/treaties?on={day}" + (f"&state={code}" if code else "") + (f"&pledge={kind}" if kind else ""),
    )


@router.get("/treaties/{treaty}.json")
def treaty_json(held: Held, treaty: str, on: On = None) -> Response:
    """The same as data."""
    return RedirectResponse(f"/api/v1/treaties/{held.record.treaty(treaty).id}?on={day_of(on)}", 307)


@router.get("/treaties/{treaty}")
def treaty(held: Held, treaty: str, on: On = None) -> Response:
    """One treaty: its brief on a day, with links to its members."""
    found = held.record.treaty(treaty)
    day = day_of(on)
    if treaty != found.id:
        return RedirectResponse(f"/treaties/{found.id}" + (f"?on={on}" if on else ""), 308)
    from foedus.view.brief.outlook import TO_COME

    document = held.brief(found.id, day)
    is_whole = all(s.id != TO_COME for s in document.sections)
    return (page if is_whole else fresh)(
        "treaty.html",
        active="/treaties",
        doc=document,
        treaty=found,
        day=day,
        members=[(code, held.record.state_name(code, day)) for code in found.members_on(day)],
        chart=chart_address("brief", found.id, day),
        command=document.command,
        api=f"/api/v1/treaties/{found.id}?on={day}",
    )
