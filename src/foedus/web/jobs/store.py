"""One job as a folder: `job.json`, what the command said, and what it wrote."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import msgspec

from foedus.errors import OutputError

Status = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
OVER: tuple[Status, ...] = ("done", "failed", "cancelled", "interrupted")
ID = re.compile(r"[0-9a-f]{16}")
ANSWER, SAID = "answer.txt", "said.txt"
_TAIL = 4_000  # bytes of what was said that are looked at
_PER_CENT = re.compile(r"(?<![\d.])(\d{1,3})(?:\.\d+)?\s?%")


class Job(msgspec.Struct, kw_only=True):
    """One run. Times are seconds since 1970; `pid_began` tells a process from a later one of the same number.

    commands : command lines without the program, run one after the other. has_answer : whether the last one prints JSON
    that is the result; answer_tables : names of the tables in it. resumes : whether running it again goes on where it
    was. parts, n_parts : as in `orders.Plan`. message : why it failed. tries : how often it was started.
    """

    id: str
    kind: str
    options: dict[str, Any]
    commands: list[list[str]]
    tables: dict[str, str]
    has_answer: bool = False
    answer_tables: list[str] = []
    resumes: bool = False
    parts: str = ""
    n_parts: int = 0
    status: Status = "waiting"
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    exit_code: int | None = None
    message: str = ""
    pid: int | None = None
    pid_began: str = ""
    tries: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in OVER


def save(job: Job, folder: Path) -> None:
    """Write `job.json` whole, so that a power cut leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".job.", suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(job), indent=1))
    Path(temporary).replace(folder / "job.json")


def load_all(runs: Path) -> dict[str, Job]:
    """Every job of the folder `runs` by id; a folder without a readable `job.json` is none."""
    found = {}
    for file in sorted(runs.glob("*/job.json")) if runs.is_dir() else []:
        with suppress(OSError, msgspec.MsgspecError):
            job = msgspec.json.decode(file.read_bytes(), type=Job)
            if ID.fullmatch(job.id) and job.id == file.parent.name:
                found[job.id] = job
    return found


def said(folder: Path) -> str:
    """The last line that the command said on its way."""
    with suppress(OSError), (folder / SAID).open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        lines = re.split(r"[\r\n]+", file.read().decode(errors="replace"))
        return next((line.strip() for line in reversed(lines) if line.strip()), "")[:400]
    return ""


def answer(folder: Path) -> bytes:
    """The JSON that the last command printed. Raises OutputError when it is gone."""
    try:
        return (folder / ANSWER).read_bytes()
    except OSError as error:
        raise OutputError(f"The job's answer cannot be read: {error.strerror}. Run the job again.") from None


def share_done(line: str) -> float | None:
    """The share in [0, 1] that a line of progress tells ("... 42%"), if it does."""
    told = _PER_CENT.findall(line)
    return min(int(told[-1]), 100) / 100 if told else None


def view(job: Job, folder: Path) -> dict[str, Any]:
    """The job as the interface shows it: no process, no path."""
    line = said(folder)
    progress = 1.0 if job.status == "done" else share_done(line)
    if progress is None and job.n_parts and job.status != "waiting":
        there = sum(1 for _ in folder.glob(job.parts))
        progress, line = there / job.n_parts, line or f"{there} of {job.n_parts} parts"
    return {
        "id": job.id,
        "kind": job.kind,
        "options": job.options,
        "command": "; ".join(" ".join(["foedus", *c]) for c in job.commands),
        "status": job.status,
        "created": job.created,
        "started": job.started,
        "ended": job.ended,
        "exit_code": job.exit_code,
        "message": job.message,
        "said": line,
        "progress": progress,
        "tables": [*job.tables, *job.answer_tables],
        "has_answer": job.has_answer,
        "can_resume": job.status in ("interrupted", "cancelled", "failed"),
    }
