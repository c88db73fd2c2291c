"""The desk: takes orders, runs a few at once, keeps an eye on time and memory, remembers everything in folders.

One thread watches. What a server that was killed left behind is found when the next one opens: a process that still
runs is ended, its job is `interrupted` and may be resumed; what it had finished stays in its folder.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from foedus.errors import FoedusError, OutputError
from foedus.web.jobs import processes, store, tables
from foedus.web.jobs.orders import Order, Plan
from foedus.web.jobs.store import Job
from foedus.web.settings import Settings

LOOK = 0.15  # seconds between two looks at the processes
GRACE = 3.0  # seconds that a process has to end when it is asked to


class Busy(FoedusError):
    """Too many jobs wait already."""


class UnknownJob(FoedusError):
    """No job has this id."""


class Desk:
    """Jobs in the folder `settings.runs`, at most `settings.limits.jobs` at once."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.clock = settings, clock
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    # --- what a caller may do ----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read what is there, end what a killed server left running, begin to watch."""
        with self._lock:
            self._jobs = store.load_all(self.settings.runs)
            for job in self._jobs.values():
                if job.status == "running":
                    if job.pid and job.pid_began and processes.began(job.pid) == job.pid_began:
                        processes.end(job.pid, at_once=True)
                    self._finish(job, "interrupted", "The server ended while this ran.")
        self._closing.clear()
        self._thread = threading.Thread(target=self._watch, name="desk", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching; what runs is ended and may be resumed."""
        self._closing.set()
        if self._thread:
            self._thread.join()
        with self._lock:
            for id_ in list(self._processes):
                self._end(id_, "interrupted", "The server ended while this ran.")

    def take(self, order: Order, plan: Plan) -> Job:
        """A new job for `order`, which waits for its turn. Raises Busy; OutputError for a folder that is read-only."""
        with self._lock:
            if sum(j.status == "waiting" for j in self._jobs.values()) >= self.settings.limits.waiting:
                raise Busy(f"{self.settings.limits.waiting} jobs wait already; cancel one or come back later.")
            job = Job(
                id=secrets.token_hex(8),
                kind=order.kind,
                options=order.model_dump(mode="json", by_alias=True, exclude={"kind"}, exclude_none=True),
                commands=[list(c) for c in plan.commands],
                tables=dict(plan.tables),
                has_answer=plan.has_answer,
                resumes=plan.resumes,
                parts=plan.parts,
                n_parts=plan.n_parts,
                created=self.clock(),
            )
            try:
                self.folder(job).mkdir(parents=True)
                for name, text in plan.files.items():
                    (self.folder(job) / name).write_text(text, encoding="utf-8")
                self._save(job)
            except OSError as error:
                raise OutputError(
                    f"The folder of runs cannot be written: {error.strerror}. Start with --runs DIR."
                ) from None
            self._jobs[job.id] = job
            return job

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        return sorted(self._jobs.copy().values(), key=lambda j: (-j.created, j.id))

    def job(self, id_: str) -> Job:
        """The job `id_`. Raises UnknownJob."""
        found = self._jobs.get(id_)
        if found is None:
            raise UnknownJob(f'No job has the id "{id_[:40]}".')
        return found

    def cancel(self, id_: str) -> Job:
        """End a job that waits or runs; one that is over stays as it is."""
        with self._lock:
            job = self.job(id_)
            if job.status == "running":
                self._end(id_, "cancelled", "Cancelled.")
            elif job.status == "waiting":
                self._finish(job, "cancelled", "Cancelled.")
            return job

    def resume(self, id_: str) -> Job:
        """Let a job that was cut off, cancelled or failed run again in the same folder, where its parts still are."""
        with self._lock:
            job = self.job(id_)
            if not job.is_over or job.status == "done":
                raise FoedusError(f"A job that is {job.status} cannot be resumed.")
            job.status, job.message, job.ended, job.exit_code = "waiting", "", None, None
            self._save(job)
            return job

    def forget(self, id_: str) -> None:
        """Remove a job that is over, and its folder."""
        with self._lock:
            job = self.job(id_)
            if not job.is_over:
                raise FoedusError(f"A job that is {job.status} cannot be removed; cancel it first.")
            shutil.rmtree(self.folder(job), ignore_errors=True)
            del self._jobs[id_]

    def view(self, job: Job) -> dict[str, Any]:
        """The job as the interface shows it."""
        return store.view(job, self.folder(job))

    def folder(self, job: Job) -> Path:
        """The folder of a job; its name is our own id."""
        return self.settings.runs / job.id

    # --- watching ----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._closing.wait(LOOK):
            with self._lock:
                for id_ in list(self._processes):
                    self._look(id_)
                self._start_next()

    def _start_next(self) -> None:
        waiting = sorted((j for j in self._jobs.values() if j.status == "waiting"), key=lambda j: j.created)
        for job in waiting[: max(self.settings.limits.jobs - len(self._processes), 0)]:
            self._start(job)

    def _start(self, job: Job) -> None:
        sources = {"FOEDUS_SOURCES": str(self.settings.sources.resolve())} if self.settings.sources else {}
        own = ["--record", str(self.settings.own.resolve())] if self.settings.own else []
        try:
            process = processes.start(
                [[*command, *own] for command in job.commands],
                self.folder(job),
                answer=store.ANSWER,
                said=store.SAID,
                more=sources,
            )
        except OSError as error:
            self._finish(job, "failed", f"It could not be started: {error.strerror}.")
            return
        job.status, job.started, job.tries = "running", self.clock(), job.tries + 1
        job.pid, job.pid_began = process.pid, processes.began(process.pid)
        self._processes[job.id] = process
        self._save(job)

    def _look(self, id_: str) -> None:
        """Notice the end of a process, or that it takes more than it may."""
        job, process, limits = self._jobs[id_], self._processes[id_], self.settings.limits
        code = process.poll()
        if code is not None:
            del self._processes[id_]
            job.exit_code = code
            says = "" if code == 0 else store.said(self.folder(job)) or f"It ended with exit code {code}."
            if job.has_answer and code == 0:
                job.answer_tables = [n for n in tables.names(self.folder(job)) if n not in job.tables]
            self._finish(job, "done" if code == 0 else "failed", says)
        elif self.clock() - (job.started or 0) > limits.job_seconds:
            self._end(id_, "failed", f"It took more than {limits.job_seconds} seconds.")
        elif processes.memory_mb(process.pid) > limits.job_mb:
            self._end(id_, "failed", f"It took more than {limits.job_mb} MB of memory.")

    def _end(self, id_: str, status: store.Status, message: str) -> None:
        process = self._processes.pop(id_)
        processes.end(process.pid)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        processes.end(process.pid, at_once=True)  # workers that did not hear, too
        process.wait()
        self._jobs[id_].exit_code = process.returncode
        self._finish(self._jobs[id_], status, message)

    def _finish(self, job: Job, status: store.Status, message: str) -> None:
        job.status, job.message, job.ended, job.pid = status, message, self.clock(), None
        self._save(job)

    def _save(self, job: Job) -> None:
        store.save(job, self.folder(job))
