"""The scholarly data sets: what is known, what is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import Response

from foedus.web.answering import live
from foedus.web.library import Held

if TYPE_CHECKING:
    from foedus.sources.collection import Status

router = APIRouter(tags=["sources"])


def status_data(status: Status) -> dict[str, Any]:
    """A data set and what is here of it; the file's name, never its folder."""
    entry = status.entry
    return {
        "name": entry.name,
        "title": entry.title,
        "producer": entry.producer,
        "unit": entry.unit,
        "terms": entry.terms,
        "redistribute": entry.redistribute,
        "is_here": status.path is not None,
        "version": status.version,
        "file": status.path.name if status.path else None,
        "years": list(status.years) if status.years else None,
        "columns": {name: str(kind) for name, kind in entry.schema.items()},
    }


@router.get("/sources", summary="The scholarly data sets: what is known, what is here")
def sources(held: Held) -> Response:
    """As `foedus sources list --json`, without the folder. Looked up anew each time."""
    from foedus.sources.collection import statuses

    return live({"data_sets": [status_data(s) for s in statuses(held.sources)]})


@router.get("/sources/{name}", summary="One data set")
def source(held: Held, name: str) -> Response:
    """Producer, terms, columns, what is here of it."""
    from foedus.sources.collection import statuses

    found = next((s for s in statuses(held.sources) if s.entry.name == name), None)
    if found is None:
        from starlette.exceptions import HTTPException

        raise HTTPException(404, f'No data set is called "{name[:80]}".')
    return live(status_data(found))
