"""How fast panels are made from the published files, as a Markdown table.

Each case runs in a process of its own, which imports foedus first: CPU time is what the process spends after that,
user plus system, of all its threads; it includes reading and checking the files. Peak memory is that of the whole
process. The record's cache is warm: one run of each case goes first and is not counted.

    python benchmarks/panels.py --sources ../shared/sources --runs 5
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEVEN = ("atop", "nmc", "contiguity", "distance", "majors", "mids", "peace_years")
DOZEN = (
    *("nmc", "majors", "democracy", "gdp_pop", "ideal_points", "territorial_threat", "us_troops"),
    *("atop", "trade", "igos", "mids", "wars", "peace_years", "war_peace_years"),
)
# ru_maxrss counts kilobytes on Linux and bytes on macOS.
_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Case:
    """One panel. cpu_s, peak_mb : the project's targets, None where it has none. rows : what must come out, or None."""

    what: str
    kind: str
    options: dict[str, Any]
    cpu_s: float | None
    peak_mb: float | None
    rows: int | None


CASES = {
    "undirected": Case(
        "undirected dyad-years 1816-2016, seven additions", "dyad_year", {"add": SEVEN}, 1.5, 900, 956_145
    ),
    "directed": Case(
        "directed dyad-years 1816-2016, seven additions",
        "dyad_year",
        {"directed": True, "add": SEVEN},
        3.0,
        None,
        1_912_290,
    ),
    "states": Case("state-years, fourteen additions with two spells", "state_year", {"add": DOZEN}, 0.4, None, 15_951),
    "treaties": Case("treaty-years of the record, to today", "treaty_year", {}, None, None, None),
    "kads": Case("foundings of the record, ten other sets each", "kads", {}, None, None, None),
}


def run_here(case: Case, sources: Path) -> dict[str, float]:
    """Make the panel in this process: CPU and wall time after import, peak memory, rows."""
    from foedus import panel

    make: Callable[..., panel.Panel] = getattr(panel, case.kind)
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    made = make(sources=sources, **case.options)
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": after.ru_maxrss / _RSS_UNITS_PER_MB, "rows": made.frame.height}


def run(name: str, sources: Path) -> dict[str, float]:
    """Run one case in a new process."""
    command = [sys.executable, __file__, "--case", name, "--sources", str(sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def line(name: str, sources: Path, n_runs: int) -> str:
    """One line of the table; medians of times, the largest memory seen."""
    case = CASES[name]
    run(name, sources)
    runs = [run(name, sources) for _ in range(n_runs)]
    cpu_s, wall_s = (statistics.median(r[key] for r in runs) for key in ("cpu_s", "wall_s"))
    peak_mb, rows = max(r["peak_mb"] for r in runs), int(runs[0]["rows"])
    if case.rows is not None and rows != case.rows:
        raise SystemExit(f"{name}: {rows:,} rows, expected {case.rows:,}; are these the files of sources.toml?")
    targets = [f"{case.cpu_s} s CPU"] if case.cpu_s else []
    targets += [f"{case.peak_mb:.0f} MB"] if case.peak_mb else []
    holds = (not case.cpu_s or cpu_s <= case.cpu_s) and (not case.peak_mb or peak_mb <= case.peak_mb)
    verdict = ("yes" if holds else "no") if targets else ""
    figures = f"{rows:,} | {cpu_s:.2f} s | {wall_s:.2f} s | {peak_mb:.0f} MB"
    return f"| {case.what} | {figures} | {', '.join(targets)} | {verdict} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast panels are made.")
    default = Path(os.environ.get("FOEDUS_SOURCES") or Path(__file__).resolve().parents[2] / "shared" / "sources")
    parser.add_argument("--sources", type=Path, default=default, help="folder of the published files")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each case (default 5)")
    parser.add_argument("--case", choices=CASES, help="run one case here and print its figures as JSON")
    asked = parser.parse_args()
    if not asked.sources.is_dir():
        parser.error(f"{asked.sources}: no such folder; the published files do not ship with foedus")
    if asked.case:
        print(json.dumps(run_here(CASES[asked.case], asked.sources)))
        return
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs")
    print(f"Median of {asked.runs} runs; memory is the largest seen.\n")
    print("| what | rows | CPU | wall | peak memory | target | holds |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name in CASES:
        print(line(name, asked.sources, asked.runs))


if __name__ == "__main__":
    main()
