"""Documents that take a while, made one by one in the background; a reader waits a moment, then hears how far it is.

The first brief of the present makes a baseline run and compiles its models. That is done once, by the command line in a
process of its own, so that other readers do not wait behind it; afterwards both come from the cache.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetDone
from contextlib import suppress
from typing import TYPE_CHECKING

from foedus.errors import FoedusError
from foedus.web.jobs import processes

if TYPE_CHECKING:
    from foedus.view.document import Document

KEPT = 24  # documents
Tell = Callable[[str], None]
Make = Callable[[Tell], "Document"]


class NotYet(FoedusError):
    """A document is being made; `step` says what is being done."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(f"This page is being made: {step or 'it waits for another one'}. Ask again in a few seconds.")


class Composer:
    """Makes documents one at a time and keeps the latest KEPT of them; a reader waits `patience` seconds."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._made: OrderedDict[Hashable, Future[Document]] = OrderedDict()
        self._steps: dict[Hashable, str] = {}
        self._lock, self._one_at_a_time = threading.Lock(), threading.Lock()
        self._first: subprocess.Popen[bytes] | None = None

    def document(self, key: Hashable, make: Make) -> Document:
        """The document `key`, by `make` when it is new. Raises NotYet while it is made, and what `make` raises."""
        with self._lock:
            future = self._made.get(key)
            if future is None:
                future = self._made[key] = Future()
                threading.Thread(target=self._work, args=(key, make, future), name="compose", daemon=True).start()
            self._made.move_to_end(key)
        try:
            return future.result(self.patience)
        except NotYetDone:
            raise NotYet(self._steps.get(key, "")) from None

    def first(self, arguments: list[str], tell: Tell) -> None:
        """Run a command line in a process of its own for what it leaves in the caches; it may fail without harm."""
        tell("the first one of its kind makes a baseline run and compiles its models, once; this may take minutes")
        with tempfile.TemporaryDirectory() as scratch, suppress(OSError):
            code = "import sys; from foedus.cli import main; main(sys.argv[1:])"
            self._first = processes.quiet([sys.executable, "-c", code, *arguments], scratch)
            self._first.wait()

    def close(self) -> None:
        """End what is being made."""
        if self._first is not None and self._first.poll() is None:
            processes.end(self._first.pid, at_once=True)

    def _work(self, key: Hashable, make: Make, future: Future[Document]) -> None:
        with self._one_at_a_time:
            self._steps[key] = "reading"
            try:
                future.set_result(make(lambda step: self._steps.__setitem__(key, step)))
            except BaseException as error:  # told to the reader, and made anew when asked again
                self._made.pop(key, None)
                future.set_exception(error)
        self._steps.pop(key, None)
        with self._lock:
            done = [k for k, f in self._made.items() if f.done()]
            for k in done[: max(len(self._made) - KEPT, 0)]:
                del self._made[k]
