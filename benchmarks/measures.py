"""How fast the similarity of all pairs of states is computed, as a Markdown table.

S, kappa and pi of every dyad and year, from binary and valued alliance profiles, with absolute and squared distances, S
also weighted by CINC; then the sums over the members of every treaty of the record in every year. CPU time is user plus
system time of the process on all cores, reading the files included. The share of peak is the arithmetic of the matrix
products over that time, against the rate of one large product measured here. Needs the scholarly data sets:

    python benchmarks/measures.py --sources DIR
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from foedus import sources
from foedus.measure.cohesion import among_members, dyad_similarity, weights_of, year_scores
from foedus.measure.portfolio import TOP, atop_ties, cow_system, portfolios
from foedus.panel import treaties_by_year
from foedus.record import load

_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024
T = TypeVar("T")


def cpu(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` gives, and the CPU seconds that it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def peak_rate(n: int = 2048) -> float:
    """Operations per CPU second of one large product of float32 matrices; the best of three."""
    a = np.random.default_rng(1).random((n, n), dtype=np.float32)
    a @ a
    return max(2 * n**3 / cpu(lambda: a @ a)[1] for _ in range(3))


def operations(sizes: list[int]) -> float:
    """Multiplications and additions of the matrix products for systems of these sizes.

    Valued: steps (TOP), squares (1), weighted steps (TOP); binary: 1 and 1 weighted. Each 2 n^3.
    """
    return float(sum(2 * n**3 * (TOP + 1 + TOP + 1 + 1) for n in sizes))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the similarity of all pairs of states, 1816 to 2018.")
    parser.add_argument("--sources", type=Path, default=None, help="folder of the data sets (default $FOEDUS_SOURCES)")
    where = parser.parse_args().sources
    dyads, cpu_read = cpu(lambda: sources.read("atop_dyads", where))
    nmc = sources.read("nmc", where).drop_nulls("cinc")
    cinc: dict[int, dict[int, float]] = {}
    for cow, year, value in nmc.select("ccode", "year", "cinc").iter_rows():
        cinc.setdefault(year, {})[cow] = value
    system = dict(cow_system(sources.read("cow_states", where)))
    system |= {y: system[max(system)] for y in (2017, 2018)}  # the list ends in 2016
    held = list(portfolios(atop_ties(dyads), system))
    rate = peak_rate()
    frame, cpu_s = cpu(lambda: dyad_similarity(held, cinc))
    matrices = {p.year: (p, year_scores(p, None)["kappa_abs"], weights_of(p, cinc)) for p in held}
    record = load()
    rows = treaties_by_year(record, 1816, date(2018, 12, 31)).select("year", "parties").rows()
    numbers = {code: row.cow for code, row in record.states.items() if row.cow}

    def aggregates() -> int:
        n = 0
        for year, parties in rows:
            portfolio, score, capability = matrices[year]
            found = among_members(score, portfolio.at([numbers[s] for s in parties if s in numbers]), capability)
            n += found.mean is not None
        return n

    n_sums, cpu_sums = cpu(aggregates)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_PER_MB
    share = operations([len(p.cow) for p in held]) / cpu_s / rate
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n")
    print("| what | measured | target |\n| --- | --- | --- |")
    print(f"| reading the dyad-years of ATOP, CPU | {cpu_read:.2f} s |  |")
    print(f"| 11 scores of {frame.height:,} dyad-years, CPU | {cpu_s:.2f} s | under 8 s |")
    print(f"| one large product of matrices, a CPU second | {rate / 1e9:.0f} GFlop |  |")
    print(f"| share of that peak in the scores | {share:.1%} |  |")
    print(f"| mean, least and weighted of {n_sums:,} treaty-years, CPU | {cpu_sums:.2f} s | under 2 s |")
    print(f"| peak memory | {peak_mb:.0f} MB | under 1500 MB |")


if __name__ == "__main__":
    main()
