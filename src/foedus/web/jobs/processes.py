"""Processes of jobs: start one in a group of its own, look at its memory, end all of the group."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

# The commands of a job, one after the other while each succeeds; only the last one's answer is the job's.
PROGRAM = (
    "-c",
    """
import contextlib, json, sys
from foedus.cli import main
commands = json.loads(sys.argv[1])
for command in commands:
    with contextlib.redirect_stdout(sys.stdout if command is commands[-1] else sys.stderr):
        try:
            main(command)
        except SystemExit as end:
            if end.code:
                raise
""",
)
PRIORITY = 5  # a run gives way to whoever reads a page
_PROC = Path("/proc")


def start(
    commands: list[list[str]], folder: Path, *, answer: str, said: str, more: dict[str, str]
) -> subprocess.Popen[bytes]:
    """The command lines as a process that works in `folder` and writes what it says into files there."""
    with (folder / answer).open("wb") as out, (folder / said).open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, *PROGRAM, json.dumps(commands)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=_environment() | more,
            start_new_session=True,  # one group, so that its workers end with it
        )
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, PRIORITY)
    return process


def quiet(command: list[str], folder: str) -> subprocess.Popen[bytes]:
    """A process that gives way to readers and says nothing, in a group of its own."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, stdin=nothing, stdout=nothing, stderr=nothing, env=_environment(), start_new_session=True
    )
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, PRIORITY)
    return process


def _environment() -> dict[str, str]:
    """This process's own, with the places from which it imports."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "160"}


def began(pid: int) -> str:
    """When a process began, in the system's own count; "" when it is gone or the system does not say."""
    with suppress(OSError, IndexError):
        return _stat(pid)[19]
    return ""


def memory_mb(group: int) -> float:
    """Resident memory of all processes of a group, in MB; 0 where the system does not say (no /proc)."""
    total = 0
    page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
    for entry in _PROC.glob("[0-9]*") if _PROC.is_dir() else []:
        with suppress(OSError, IndexError, ValueError):
            found = _stat(int(entry.name))
            if int(found[2]) == group:
                total += int(found[21]) * page
    return total / 1e6


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on; the second, a name in brackets, may hold anything."""
    return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()


def end(group: int, *, at_once: bool = False) -> None:
    """Ask a group of processes to end, or end it; one that is gone is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL if at_once else signal.SIGTERM)
