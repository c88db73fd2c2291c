"""Compose a document, render it, write it whole or not at all, and say where it is."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import FoedusError, OutputError

if TYPE_CHECKING:
    from foedus.view.document import Document

Progress = Callable[[str], None]
FORMS = ("html", "pdf")


def form_of(asked: str | None, out: Path | None) -> str:
    """The format: as asked, else by the suffix of the file, else html. Raises FoedusError for another one."""
    form = (asked or (out.suffix.lstrip(".") if out else "") or "html").lower()
    if form not in FORMS:
        raise FoedusError(
            f'"{form}" is not a format of a document; expected html or pdf.'
            " Give --format, or a file name that ends in .html or .pdf."
        )
    return form


def make_file(compose: Callable[[Progress], Document], path: Path, form: str) -> None:
    """Write what `compose` gives to `path`; progress and the final line go to stderr and stdout."""
    began = time.perf_counter()
    writable(path)
    with _Progress() as progress:
        document = compose(progress.step)
        if form == "html":
            from foedus.view.page import html

            data = html(document, progress=progress.step).encode()
        else:
            from foedus.view.typeset import pdf

            data = pdf(document, progress=progress.step)
    write_whole(path, data)
    print(f"Wrote {path.resolve()} ({len(data) / 1e6:.1f} MB) in {time.perf_counter() - began:.1f} s.")


def writable(path: Path) -> None:
    """Raise OutputError, before any work is done, when `path` cannot be written."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it.")
    if not path.parent.is_dir():
        raise OutputError(f"There is no folder {path.parent}; make it first, or write elsewhere with -o.")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path} cannot be written: permission denied. Write elsewhere with -o.")


def write_new(path: Path, name: str, data: bytes) -> Path:
    """Write `data` to a file that does not exist yet, in a folder made if need be; gives `path`. Raises OutputError."""
    if path.name != name:
        raise OutputError(f"{path} must be called {name}: a treaty file bears the id of its treaty.")
    if path.exists():
        raise OutputError(f"{path} exists; it is not overwritten. Remove it first, or write elsewhere with -o.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent} cannot be made: {error.strerror}. Write elsewhere with -o.") from None
    writable(path)
    write_whole(path, data)
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then rename: the file is whole or as it was. Raises OutputError."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Nothing was left behind.") from None


def _umask() -> int:
    """What the user's files may not allow; it can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class _Progress:
    """The step under way on one line of stderr: a spinner on a terminal, nothing when it is not one."""

    def __enter__(self) -> _Progress:
        self._status = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("reading the record")
            self._status.start()
        return self

    def step(self, name: str) -> None:
        """Say what is being done."""
        if self._status:
            self._status.update(name)

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()
