"""The application: guard, shelf, routes; and the server that runs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

import foedus
from foedus.errors import FoedusError
from foedus.web import api, pages, problems
from foedus.web.files import router as files
from foedus.web.guard import Guard
from foedus.web.kept import Shelf
from foedus.web.library import Library
from foedus.web.settings import Settings

ABOUT = """Who has promised what to whom since 1815, who is bound when something happens, and what follows.

Every answer is the one that the command line gives with `--json`. Lists come in pages (`offset`, `limit`;
`X-Total-Count` and `Link` say what else there is). Answers carry an `ETag`.
What is wrong is told as `application/problem+json`."""


def create(settings: Settings) -> ASGIApp:
    """The workbench as an ASGI application. Raises RecordError when a file of the record is wrong."""
    library = Library.opened(settings)
    app = FastAPI(
        title="foedus",
        version=foedus.__version__,
        description=ABOUT,
        license_info={"name": "Apache-2.0"},
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the usual pages fetch their scripts from elsewhere; /api is our own
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_living(library),
    )
    app.state.library = library
    problems.install(app)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(files, include_in_schema=False)
    return Guard(Shelf(app, settings.limits.kept_bytes), settings)


def _living(library: Library) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Jobs that were cut off are noticed when the server starts; those that run are stopped when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        from anyio import to_thread

        to_thread.current_default_thread_limiter().total_tokens = library.settings.limits.computing
        library.desk.open()
        threading.Thread(target=library.warm, name="warm", daemon=True).start()
        try:
            yield
        finally:
            library.close()

    return lifespan


def serve(settings: Settings, *, on_start: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted; `on_start` is called once the port is open. Raises FoedusError for a taken port."""
    import uvicorn

    _free(settings)

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(sockets)  # type: ignore[arg-type]
            if self.started:
                on_start()

    config = uvicorn.Config(
        create(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=20,
        limit_concurrency=200,
        timeout_graceful_shutdown=3,
    )
    Server(config).run()


def _free(settings: Settings) -> None:
    """Raise FoedusError, before anything is loaded, when the address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        says = f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}. Give another one with --port."
        raise FoedusError(says) from None
