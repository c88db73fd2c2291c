"""The simulator on today's world, and against the same rules written in Mesa on a small one, as a Markdown table.

1. --worlds worlds of all states and treaties of the record to 2040, from shipped fits: CPU seconds per world and year,
   largest memory at that number and at half of it.
2. Forty states in twelve treaties with three processes (accession by distance, shared history and size; withdrawal;
   termination): world-years a second of both programs, and how far their mean numbers of events lie apart, in standard
   errors.
3. With --all: the first compilation, into an empty cache; `foedus futures run` of 10,000 worlds by two workers, from
   the start of the program to its end.
CPU time is that of this process, after compilation, if nothing else is said.

    python benchmarks/futures.py [--worlds 500] [--mesa 20] [--all]
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.futures.small import fits, world

from foedus.futures.chunk import CHUNK, run_chunk
from foedus.futures.ensemble import job_of
from foedus.futures.parts import chunks_of
from foedus.futures.start import from_record
from foedus.futures.world import World
from foedus.record import load

COEFS = {"one": -3.5, "log_distance": -0.2, "sqrt_tie": 0.5, "log_members": 0.3}
LEAVE, STOP, YEARS = 0.01, 0.02, 10


def whole(worlds: int) -> list[tuple[str, str]]:
    """The record's world to 2040."""
    job = job_of(from_record(load()), until=2040)
    run_chunk(job, 0, 1)
    rows, memory = [], []
    for n in (worlds // 2, worlds):
        before = time.process_time()
        for k, size in chunks_of(n):
            run_chunk(job, k, size)
        spent = time.process_time() - before
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        rows.append((f"{n:,} worlds, 2026 to 2040, CPU", f"{spent:.1f} s"))
    rows.append(("a world and year, CPU", f"{spent / worlds / job.n_years * 1e3:.2f} ms"))
    rows.append(("10,000 worlds on two cores, from that", f"{spent / worlds * 10_000 / 2:.0f} s"))
    rows.append(("peak memory, half and all", f"{memory[0]:.0f} and {memory[1]:.0f} MB"))
    return rows


COMPILE = """
import time
from foedus.futures.chunk import run_chunk
from foedus.futures.ensemble import job_of
from foedus.futures.start import from_record
from foedus.record import load
job = job_of(from_record(load()), until=2040)
before = time.process_time()
run_chunk(job, 0, 1)
print(time.process_time() - before)
"""
RUN = "from foedus.cli import main; main()"


def from_nothing() -> list[tuple[str, str]]:
    """Compilation into an empty cache, then a whole run of the command line with a filled one."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = {**os.environ, "NUMBA_CACHE_DIR": folder}
        told = subprocess.run([sys.executable, "-c", COMPILE], env=fresh, check=True, capture_output=True, text=True)
        command = ["futures", "run", "--until", "2040", "--worlds", "10000", "--workers", "2", "-o", f"{folder}/run"]
        before = time.perf_counter()
        subprocess.run([sys.executable, "-c", RUN, *command], check=True, capture_output=True)
        wall = time.perf_counter() - before
    return [
        ("first compilation, CPU", f"{float(told.stdout.split()[-1]):.0f} s (target: under 40)"),
        ("10,000 worlds to 2040, two workers, the whole command, wall", f"{wall:.1f} s (target: at most 30)"),
    ]


def mesa_world(start: World, seed: int) -> Any:
    """One world of the same rules as a Mesa model; agents are states, `step` is a year."""
    import mesa

    s = start.standing

    class State(mesa.Agent):  # type: ignore[misc]
        def __init__(self, model: Any, number: int) -> None:
            super().__init__(model)
            self.number = number

        def join(self) -> None:
            m = self.model
            for treaty in m.treaties:
                if self.number in treaty["members"] or not treaty["live"]:
                    continue
                others = sorted(treaty["members"])
                own = treaty["since"]
                tie = sum(max(m.joint[self.number, j] - self._own(own, j), 0.0) for j in others) / len(others)
                far = sum(m.log_km[self.number, j] for j in others) / len(others)
                eta = COEFS["one"] + COEFS["sqrt_tie"] * math.sqrt(tie) + COEFS["log_distance"] * far
                eta += COEFS["log_members"] * math.log(len(others))
                if m.random.random() < 1 - math.exp(-math.exp(eta)):
                    m.joining.append((treaty, self.number))

        def _own(self, since: dict[int, float], j: int) -> float:
            """What this treaty put into the tie of a former member and one that it met there."""
            here = since.get(self.number)
            gone = self.model.gone.get((id(since), self.number), math.inf)
            if here is None or (gone >= here and since[j] > gone):
                return 0.0
            return float(2.0 ** (-(self.model.year - max(here, since[j])) / 20.0))

        def leave(self) -> None:
            m = self.model
            for treaty in m.treaties:
                may = self.number in treaty["members"] and treaty["live"] and len(treaty["members"]) > 2
                if may and m.random.random() < 1 - math.exp(-LEAVE):
                    m.leaving.append((treaty, self.number))

    class Alliances(mesa.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(seed=seed)
            self.year, self.joint, self.log_km = start.origin + 1, s.joint.copy(), s.log_distance
            self.gone: dict[tuple[int, int], float] = {}
            self.treaties: list[dict[str, Any]] = [
                {
                    "members": set(np.flatnonzero(row).tolist()),
                    "live": True,
                    "since": {int(i): float(since[i]) for i in np.flatnonzero(row)},
                }
                for row, since in zip(s.member, s.since, strict=True)
            ]
            self.counts = {"accession": 0, "withdrawal": 0, "termination": 0}
            for i in range(start.n_states):
                State(self, i)

        def step(self) -> None:
            self.joining: list[Any] = []
            self.leaving: list[Any] = []
            self.agents.do("join")
            self.agents.do("leave")
            ending = [t for t in self.treaties if t["live"] and self.random.random() < 1 - math.exp(-STOP)]
            for treaty in ending:
                treaty["live"] = False
            for treaty, i in self.leaving:
                if treaty["live"]:
                    treaty["members"].remove(i)
                    self.gone[id(treaty["since"]), i] = self.year
                    self.counts["withdrawal"] += 1
            for treaty, i in self.joining:
                if treaty["live"]:
                    for j in treaty["members"]:
                        self.joint[i, j] += 1
                        self.joint[j, i] += 1
                    treaty["members"].add(i)
                    treaty["since"][i] = float(self.year)
                    self.counts["accession"] += 1
            self.counts["termination"] += len(ending)
            for treaty in self.treaties:
                treaty["live"] = treaty["live"] and len(treaty["members"]) > 1
            self.joint *= 2.0 ** (-1 / 20.0)
            self.year += 1

    return Alliances()


def against_mesa(peers: int) -> list[tuple[str, str]]:
    """Throughput and agreement of both programs on forty states."""
    rng = np.random.default_rng(1)
    sets = tuple(
        tuple(sorted(rng.choice(40, size, replace=False).tolist())) for size in (2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12)
    )
    start = world(40, sets)
    given = fits(accession=COEFS, withdrawal={"one": math.log(LEAVE)}, termination={"one": math.log(STOP)})
    job = job_of(start, fits=given, until=start.origin + YEARS)
    run_chunk(job, 0, 1)
    before = time.process_time()
    results = [run_chunk(job, k, CHUNK) for k in range(4)]
    ours = 4 * CHUNK * YEARS / (time.process_time() - before)
    seen = np.concatenate([r.system for r in results]).sum(axis=1)[:, [7, 8]]
    before = time.process_time()
    models = [mesa_world(start, k) for k in range(peers)]
    for model in models:
        for _ in range(YEARS):
            model.step()
    theirs = peers * YEARS / (time.process_time() - before)
    rows = [
        ("forty states, twelve treaties: foedus", f"{ours:,.0f} world-years a second"),
        ("the same in Mesa", f"{theirs:,.1f} world-years a second"),
        ("foedus over Mesa", f"{ours / theirs:,.0f} times (target: at least 100)"),
    ]
    for column, kind in enumerate(("accession", "withdrawal")):
        mesa_counts = np.array([m.counts[kind] for m in models], float)
        error = math.sqrt(seen[:, column].var() / len(seen) + mesa_counts.var(ddof=1) / peers)
        apart = (seen[:, column].mean() - mesa_counts.mean()) / error
        told = f"{seen[:, column].mean():.2f}, {mesa_counts.mean():.2f}, {apart:+.1f}"
        rows.append((f"mean {kind}s a world: foedus, Mesa, apart in errors", told))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=500)
    parser.add_argument("--mesa", type=int, default=20)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    print("\n| what | measured |\n| --- | --- |")
    rows = [*against_mesa(asked.mesa), *whole(asked.worlds)]
    for what, measured in [*rows, *(from_nothing() if asked.all else [])]:
        print(f"| {what} | {measured} |")


if __name__ == "__main__":
    main()
