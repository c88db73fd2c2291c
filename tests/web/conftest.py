"""A workbench that is really served, on this machine's own address, for the tests of a module."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from foedus.web import Settings, create
from foedus.web.settings import Limits


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address at which `settings` is served until the block ends; always on 127.0.0.1."""
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create(settings), log_level="error", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [probe]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended before it began"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{probe.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        probe.close()


@pytest.fixture(scope="module")
def web_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache and runs of the tests' own; no data sets of whoever runs them."""
    folder = tmp_path_factory.mktemp("web")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("FOEDUS_SOURCES", str(folder / "no-sources"))
        yield folder


@pytest.fixture(scope="module")
def address(web_folder: Path) -> Iterator[str]:
    """Where the workbench is served."""
    with serving(Settings(runs=web_folder / "runs", limits=Limits(patience=120))) as base:
        yield base


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as found:
        yield found


@pytest.fixture
def served(tmp_path: Path, web_folder: Path) -> Iterator[Callable[..., httpx.Client]]:
    """`served(**settings)`: a client of a workbench of its own."""
    open_: list[tuple[object, httpx.Client]] = []

    def start(**settings: object) -> httpx.Client:
        context = serving(Settings(**{"runs": tmp_path / "runs", **settings}))  # type: ignore[arg-type]
        found = httpx.Client(base_url=context.__enter__(), timeout=60)
        open_.append((context, found))
        return found

    yield start
    for context, found in reversed(open_):
        found.close()
        context.__exit__(None, None, None)  # type: ignore[attr-defined]
