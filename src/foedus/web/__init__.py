"""The workbench: every answer of foedus as a page that is a link, and as JSON under /api/v1, from a local server.

It imports every room below it and stands beside no other face: the command line starts it. Reading is a pure function
of the address and of the record; long work is a job, a process of its own that runs the command line. Start with
`create(Settings())`, the application; `serve` runs it.
"""

from typing import TYPE_CHECKING

from foedus.web.settings import Settings

__all__ = ["Settings", "create", "serve"]


if TYPE_CHECKING:
    from foedus.web.app import create, serve


def __getattr__(name: str) -> object:
    """`create` and `serve` are loaded when asked for: FastAPI takes a while."""
    if name in ("create", "serve"):
        from foedus.web import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
