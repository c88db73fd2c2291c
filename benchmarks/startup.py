"""How fast foedus starts and writes a brief, as a Markdown table.

CPU time is user plus system time of the whole process, from the operating system's own account; wall time is what a
person waits; peak memory is the largest resident set. Times are medians over the runs, memory the largest seen.
One run of each command goes first and is not counted, so that caches are warm.

    python benchmarks/startup.py --runs 7
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# ru_maxrss counts kilobytes on Linux and bytes on macOS.
_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process."""

    cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    what: str
    figure: str
    target: str
    holds: bool


def measure(command: Sequence[str], folder: Path) -> Run:
    """Run `command` in `folder` without output; SystemExit with its last words when it fails."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}\n{' '.join(last)}")
    return Run(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / _RSS_UNITS_PER_MB)


def measure_often(command: Sequence[str], folder: Path, n_runs: int) -> list[Run]:
    """`n_runs` counted runs of `command` after one that is not counted."""
    measure(command, folder)
    return [measure(command, folder) for _ in range(n_runs)]


def lines(foedus: str, folder: Path, n_runs: int) -> list[Line]:
    """Measure everything; the targets are those of the project, recorded and not enforced."""
    bare_cpu_s = statistics.median(r.cpu_s for r in measure_often([sys.executable, "-c", "pass"], folder, n_runs))
    help_cpu_s = statistics.median(r.cpu_s for r in measure_often([foedus, "--help"], folder, n_runs))
    show_wall_s = statistics.median(r.wall_s for r in measure_often([foedus, "show", "nato"], folder, n_runs))
    briefs = measure_often([foedus, "brief", "nato", "-o", "nato.html"], folder, n_runs)
    brief_wall_s = statistics.median(r.wall_s for r in briefs)
    peak_mb = max(r.peak_mb for r in briefs)
    ratio = help_cpu_s / bare_cpu_s
    return [
        Line("`python -c pass`, CPU", f"{bare_cpu_s * 1000:.0f} ms", "", True),
        Line("`foedus --help`, CPU", f"{help_cpu_s * 1000:.0f} ms", "", True),
        Line("`foedus --help` over `python -c pass`, CPU", f"{ratio:.1f} times", "at most 3 times", ratio <= 3),
        Line("`foedus show nato`, wall", f"{show_wall_s:.2f} s", "under 1 s", show_wall_s < 1),
        Line("`foedus brief nato`, wall", f"{brief_wall_s:.2f} s", "under 8 s", brief_wall_s < 8),
        Line("`foedus brief nato`, peak memory", f"{peak_mb:.0f} MB", "under 700 MB", peak_mb < 700),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast foedus starts and writes a brief.")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command (default 5)")
    n_runs = parser.parse_args().runs
    if n_runs < 1:
        parser.error(f"--runs {n_runs}: at least 1 run is needed")
    foedus = Path(sys.executable).parent / "foedus"
    if not foedus.exists():
        parser.error("foedus is not installed beside this Python; run: make bench")
    with tempfile.TemporaryDirectory() as folder:
        table = lines(str(foedus), Path(folder), n_runs)
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs")
    print(f"Median of {n_runs} runs; memory is the largest seen.\n")
    print("| what | measured | target | holds |\n| --- | --- | --- | --- |")
    for line in table:
        verdict = ("yes" if line.holds else "no") if line.target else ""
        print(f"| {line.what} | {line.figure} | {line.target} | {verdict} |")


if __name__ == "__main__":
    main()
