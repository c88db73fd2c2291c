"""Runs: order one, watch it, look at its table, take it away. Never kept: a run changes by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from foedus.errors import FoedusError
from foedus.web.jobs import tables
from foedus.web.jobs.desk import UnknownJob
from foedus.web.jobs.orders import KINDS
from foedus.web.library import Held, Library
from foedus.web.pages.rendering import fresh

router = APIRouter()
SHOWN = 30  # rows of a table that the page shows


@router.get("/runs")
def runs(held: Held) -> Response:
    """Every run, and the forms to order one."""
    treaties = [(t.id, t.title) for t in held.record.treaties.values()]
    return fresh("runs.html", active="/runs", runs=[shown_run(held, j.id) for j in held.desk.all()], treaties=treaties)


@router.get("/runs/{id_}")
def run(held: Held, id_: Annotated[str, Path(max_length=40)]) -> Response:
    """One run: how far it is, and the beginning of each of its tables."""
    try:
        job = held.desk.job(id_)
    except UnknownJob as error:
        raise HTTPException(404, f"{error} It may have been removed; see the list of runs.") from None
    found, answer, document, problem = [], None, None, ""
    if job.status == "done":
        try:
            document = held.run(job)
            answer = tables.answer(held.desk.folder(job)) if job.has_answer and document is None else None
            found = [_table(held, id_, name) for name in job.tables]
        except FoedusError as error:
            problem = str(error)
    return fresh(
        "run.html",
        active="/runs",
        run=shown_run(held, id_),
        tables=found,
        answer=answer,
        doc=document,
        chart=lambda picture, width: f"/charts/run/{id_}/{picture}.svg?width={width}",
        problem=problem,
        api=f"/api/v1/jobs/{id_}",
    )


def shown_run(held: Library, id_: str) -> dict[str, Any]:
    """A job as the pages show it: as the interface does, with times in UTC and the title of its kind."""
    shown = held.desk.view(held.desk.job(id_))
    times = {k: datetime.fromtimestamp(shown[k], UTC) if shown[k] else None for k in ("created", "started", "ended")}
    seconds = (shown["ended"] - shown["started"]) if shown["ended"] and shown["started"] else None
    kind = KINDS.get(shown["kind"])
    return {**shown, **times, "seconds": seconds, "title": kind.title if kind else shown["kind"]}


def _table(held: Library, id_: str, name: str) -> dict[str, Any]:
    job = held.desk.job(id_)
    frame = tables.read(job, held.desk.folder(job), name)
    head = frame.head(SHOWN).collect()
    return {"name": name, "columns": head.columns, "rows": head.rows(), "n": tables.height(frame)}
