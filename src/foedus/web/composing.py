"""Documents that take a while, made one by one in the background; a reader waits a moment, then hears how far it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetDone
from typing import TYPE_CHECKING

from foedus.errors import FoedusError

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
