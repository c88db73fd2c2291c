"""Jobs: order one, watch it, cancel or resume it, fetch its tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import anyio
import msgspec
from fastapi import APIRouter, Body, Depends, Path, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from foedus.web.answering import JSON, PROBLEM, live, paging
from foedus.web.asking import Page
from foedus.web.jobs import tables
from foedus.web.jobs.desk import Busy, Desk, UnknownJob
from foedus.web.jobs.orders import KINDS, AnyOrder
from foedus.web.jobs.store import Job, answer
from foedus.web.library import Held, Library

router = APIRouter(prefix="/jobs", tags=["jobs"])
Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="As given when the job was made.")]
LOOK = 0.25  # seconds between two looks at a job that is watched
HEARTBEAT = 60  # looks without news after which a comment keeps the connection open
CONFLICT: dict[int | str, dict[str, Any]] = {409: PROBLEM, 403: PROBLEM}


def _job(held: Library, id_: str) -> Job:
    try:
        return held.desk.job(id_)
    except UnknownJob as error:
        raise HTTPException(404, str(error)) from None


@router.get("", summary="Every job, the newest first")
def jobs(request: Request, held: Held, page: Annotated[Page, Depends()]) -> Response:
    """A list in pages."""
    found = held.desk.all()
    told = live([held.desk.view(j) for j in found[page.offset : page.offset + page.limit]])
    told.headers.update(paging(request, len(found), page))
    return told


@router.get("/kinds", summary="What may be ordered, with a JSON schema of the options")
def kinds() -> Response:
    """Each kind, what it does, and its options."""
    return live(
        [{"kind": n, "title": k.title, "says": k.__doc__, "options": k.model_json_schema()} for n, k in KINDS.items()]
    )


@router.post(
    "",
    status_code=201,
    summary="Order a job",
    responses={201: {"description": "It waits."}, 403: PROBLEM, 503: PROBLEM},
)
def order(held: Held, wanted: Annotated[AnyOrder, Body()]) -> Response:
    """The body is one order, `{"kind": "measure", "treaty": "nato", "from": 1990}`; the answer is the job."""
    try:
        job = held.desk.take(wanted, wanted.plan(held.record))
    except Busy as error:
        raise HTTPException(503, str(error), {"retry-after": "30"}) from None
    told = live(held.desk.view(job), 201)
    told.headers["location"] = f"/api/v1/jobs/{job.id}"
    return told


@router.get("/{id_}", summary="One job")
def job(held: Held, id_: Id) -> Response:
    """Its status (waiting, running, done, failed, cancelled, interrupted) and what it said last."""
    return live(held.desk.view(_job(held, id_)))


@router.post("/{id_}/cancel", summary="End a job that waits or runs", responses=CONFLICT)
def cancel(held: Held, id_: Id) -> Response:
    """A job that is over stays as it is; what it had finished stays too."""
    _job(held, id_)
    return live(held.desk.view(held.desk.cancel(id_)))


@router.post("/{id_}/resume", summary="Run a job again that was cut off", responses=CONFLICT)
def resume(held: Held, id_: Id) -> Response:
    """A run of futures goes on where it was; every other kind begins again."""
    found = _job(held, id_)
    if not found.is_over or found.status == "done":
        raise HTTPException(409, f"A job that is {found.status} cannot be resumed.")
    return live(held.desk.view(held.desk.resume(id_)))


@router.delete("/{id_}", status_code=204, summary="Remove a job that is over, with its tables", responses=CONFLICT)
def forget(held: Held, id_: Id) -> Response:
    """There is no way back."""
    found = _job(held, id_)
    if not found.is_over:
        raise HTTPException(409, f"A job that is {found.status} cannot be removed; cancel it first.")
    held.desk.forget(id_)
    return Response(status_code=204)


@router.get(
    "/{id_}/events",
    summary="Watch a job: server-sent events, one whenever something changes",
    response_class=StreamingResponse,
    responses={200: {"description": "Events `job`, each with the job as JSON.", "content": {"text/event-stream": {}}}},
)
def events(held: Held, id_: Id) -> Response:
    """The stream ends when the job is over."""
    _job(held, id_)
    return StreamingResponse(
        _events(held.desk, id_), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _events(desk: Desk, id_: str) -> AsyncIterator[bytes]:
    before, still = b"", 0
    while True:
        try:
            found = desk.job(id_)
        except UnknownJob:
            return
        now = msgspec.json.encode(desk.view(found))
        if now != before:
            yield b"event: job\ndata: " + now + b"\n\n"
            before, still = now, 0
        elif (still := still + 1) % HEARTBEAT == 0:
            yield b": still here\n\n"
        if found.is_over:
            return
        await anyio.sleep(LOOK)


@router.get(
    "/{id_}/result",
    summary="A table that a job wrote, as JSON, csv or Parquet",
    responses={
        200: {
            "description": "The table.",
            "content": {"application/json": {}, "text/csv": {}, "application/vnd.apache.parquet": {}},
        },
        **CONFLICT,
    },
)
def result(
    request: Request,
    held: Held,
    id_: Id,
    page: Annotated[Page, Depends()],
    table: Annotated[str, Query(max_length=40, description="One of the job's tables; its first by default.")] = "",
    form: Annotated[Literal["json", "csv", "parquet"], Query(alias="format")] = "json",
) -> Response:
    """Without `table` the answer of a job that has one, as the command prints it.

    A table comes as JSON in pages, as csv and Parquet whole.
    """
    found = _job(held, id_)
    if found.has_answer and not table and form == "json" and found.status == "done":
        return Response(answer(held.desk.folder(found)), headers={"cache-control": "no-store"}, media_type=JSON)
    if found.status != "done":
        raise HTTPException(409, f"The job is {found.status}; it has no result yet.")
    known = [*found.tables, *found.answer_tables]
    name = table or next(iter(known), "")
    if name not in known:
        raise HTTPException(404, f'The job has no table "{name}"; it has {", ".join(known) or "none"}.')
    frame = tables.read(found, held.desk.folder(found), name)
    if form == "json":
        told = live(frame.slice(page.offset, page.limit).collect().to_dicts())
        told.headers.update(paging(request, tables.height(frame), page))
        return told
    return tables.download(frame, f"{found.kind}-{name}", form)
