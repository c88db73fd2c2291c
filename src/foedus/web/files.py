"""The workbench's own styles and scripts: read into memory once, so that no address ever becomes a path."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from foedus.web.kept import lasting

MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
router = APIRouter()


@lru_cache(maxsize=1)
def contents() -> dict[str, bytes]:
    """Name -> bytes of every static file."""
    folder = files("foedus.web") / "static"
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name.rpartition(".")[2] in MEDIA}


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One static file."""
    if name not in contents():
        raise HTTPException(404, f'There is no file called "{name[:80]}".')
    return lasting(contents()[name], MEDIA[name.rpartition(".")[2]])
