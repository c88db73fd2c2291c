"""How fast statistics of hyperevents are computed, as a Markdown table.

Two made-up loads. Alliances: 745 foundings with the sizes that ATOP's members give (pairs mostly, up to 34), 2,000
controls each, four statistics with and without decay. Messages: 5,000 events of a log among 2,000 actors, some far
busier than others, 20 controls each. With --events and --rows also the command on your own files.
CPU time is user plus system time of all threads, after compilation; compilation is measured in a fresh process with an
empty cache. Peak memory is the largest resident set of a process that does one load alone.

    python benchmarks/hyperevents.py
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024
# Sizes of foundings by number, from member rows of ATOP 4.01 whose entry is the treaty's first day (our count).
SIZES = {2: 650, 3: 45, 4: 11, 5: 12, 6: 5, 7: 3, 8: 2, 9: 1, 10: 1, 11: 2, 12: 3, 13: 1, 14: 2, 15: 1, 19: 1, 21: 2}
SIZES |= {25: 1, 27: 1, 34: 1}


@dataclass(frozen=True)
class Load:
    """Events and how many controls each; half_life in the unit of their time."""

    time: NDArray[np.float64]
    sets: list[NDArray[np.int64]]
    n_actors: int
    n_controls: int
    half_life: float


def alliances() -> Load:
    """Foundings over 73,000 days among 195 states, some far busier than others."""
    rng = np.random.default_rng(1815)
    sizes = rng.permutation(np.repeat(list(SIZES), list(SIZES.values())))
    busy = rng.dirichlet(np.full(195, 1.0))
    sets = [np.sort(rng.choice(195, k, replace=False, p=busy)) for k in sizes]
    return Load(np.sort(rng.integers(0, 73_000, len(sizes))).astype(float), sets, 195, 2000, 7305.0)


def messages() -> Load:
    """A log of 5,000 messages among 2,000 actors; a message has a sender and one or more recipients."""
    rng = np.random.default_rng(2000)
    busy = 1.0 / np.arange(1, 2001)
    busy /= busy.sum()
    sizes = np.minimum(1 + rng.geometric(0.45, 5000), 30)
    sets = [np.sort(rng.choice(2000, k, replace=False, p=busy)) for k in sizes]
    return Load(np.sort(rng.uniform(0, 1000, 5000)), sets, 2000, 20, 30.0)


LOADS = {"alliances": alliances, "messages": messages}


def run(name: str) -> None:
    """Do one load in this process; prints rows, CPU seconds of the first small call and of the whole, and peak MB."""
    began = time.process_time()
    from foedus.model.hyperevents import DEFAULT, compute
    from foedus.model.hyperevents.events import Events, Sets

    def joined(sets: list[NDArray[np.int64]]) -> Sets:
        return Sets(np.concatenate(([0], np.cumsum([len(s) for s in sets]))).astype(np.int64), np.concatenate(sets))

    load = LOADS[name]()
    actors = tuple(f"a{i:05}" for i in range(load.n_actors))
    n = len(load.sets)
    events = Events(
        actors, tuple(f"e{e}" for e in range(n)), load.time, joined(load.sets), np.ones(n), np.ones(n, bool)
    )
    names = (*DEFAULT, *(f"{s}_d" for s in DEFAULT))
    first = np.array([0], np.int64)
    compute(events, load.time[first], events.sets.take(first), names, load.half_life)
    warm = time.process_time()
    rng = np.random.default_rng(7)
    rows: list[NDArray[np.int64]] = []
    for s in load.sets:  # the case, then any sets of its size: how they were drawn does not matter here
        order = rng.random((load.n_controls, load.n_actors)).argpartition(len(s) - 1, axis=1)[:, : len(s)]
        rows += [s, *np.sort(order, axis=1).astype(np.int64)]
    sets, at = joined(rows), np.repeat(load.time, load.n_controls + 1)
    rows.clear()
    cpu = time.process_time()
    found = compute(events, at, sets, names, load.half_life)
    done = time.process_time()
    assert np.isfinite(found).all()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_PER_MB
    print(len(at), warm - began, done - cpu, peak)


def measured(name: str, cache: str) -> tuple[int, float, float, float]:
    """What a fresh process says about one load."""
    done = subprocess.run(
        [sys.executable, __file__, "--load", name],
        env={**os.environ, "NUMBA_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    rows, start, cpu, peak = done.stdout.split()
    return int(rows), float(start), float(cpu), float(peak)


def by_command(events: Path, rows: Path) -> None:
    """One line for `foedus model statistics` on the user's files: CPU of the whole process, reading and writing too."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "foedus"), "model", "statistics", "--half-life", "7305"]
        command += ["--events", str(events), "--rows", str(rows), "-o", str(Path(folder) / "out.parquet")]
        subprocess.run(command, check=True, capture_output=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / _RSS_UNITS_PER_MB
    print(f"| `foedus model statistics`, whole process, your files | {usage.ru_utime + usage.ru_stime:.1f} s CPU,"
          f" {peak:.0f} MB | | |")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the statistics of hyperevents.")
    parser.add_argument("--load", choices=sorted(LOADS), help="only this one, in this process, four bare numbers")
    parser.add_argument("--events", type=Path, help="your events.csv; with --rows: also the command on your files")
    parser.add_argument("--rows", type=Path, help="your rows.csv")
    asked = parser.parse_args()
    if asked.load:
        run(asked.load)
        return
    with tempfile.TemporaryDirectory() as cache:
        cold = measured("messages", cache)[1]
        warm = measured("messages", cache)
        large = measured("alliances", cache)
    lines = [
        ("first call with an empty cache, CPU", f"{cold:.1f} s", "under 20 s", cold < 20),
        ("first call with a filled cache, CPU", f"{warm[1]:.1f} s", "", True),
        (f"alliances, {large[0]:,} rows, 8 statistics, CPU", f"{large[2]:.2f} s", "at most 3 s", large[2] <= 3),
        ("alliances, peak memory", f"{large[3]:.0f} MB", "under 600 MB", large[3] < 600),
        (f"messages, {warm[0]:,} rows, 8 statistics, CPU", f"{warm[2]:.2f} s", "under 3 s", warm[2] < 3),
        ("messages, peak memory", f"{warm[3]:.0f} MB", "", True),
    ]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n")
    print("| what | measured | target | holds |\n| --- | --- | --- | --- |")
    for what, figure, target, holds in lines:
        print(f"| {what} | {figure} | {target} | {('yes' if holds else 'no') if target else ''} |")
    if asked.events and asked.rows:
        by_command(asked.events, asked.rows)


if __name__ == "__main__":
    main()
