"""Work that is done once in a process of its own, for what it leaves in the caches: readers do not wait behind it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from contextlib import suppress

from foedus.web.jobs import processes

BASELINE = """
import sys
from pathlib import Path
from foedus.futures.baseline import baseline
from foedus.record import load
baseline(load(Path(sys.argv[1]) if sys.argv[1] else None))
"""


class Errand:
    """`code` with `arguments`, run by this Python when first asked for; it gives way to readers."""

    def __init__(self, code: str, *arguments: str) -> None:
        self._command = [sys.executable, "-c", code, *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def is_over(self, patience: float) -> bool:
        """Whether it has ended; whoever asks first begins it and waits `patience` seconds at most, nobody else does."""
        with self._lock:
            is_first = self._process is None
            process = self._process = self._process or processes.quiet(self._command, tempfile.gettempdir())
        if is_first:
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
        return process.poll() is not None

    @property
    def is_done(self) -> bool:
        """Whether it has ended well."""
        return self._process is not None and self._process.poll() == 0

    def close(self) -> None:
        """End it, if it is under way."""
        if self._process is not None and self._process.poll() is None:
            processes.end(self._process.pid, at_once=True)
            self._process.wait()
