"""How fast campaigns are simulated and summarised, as a Markdown table; beside a plain event loop in Python.

NATO's shared actors, everything shared through a hub run by people. CPU time after compilation, least of several runs;
peak memory is the process's own. Two peers in plain Python, which play fewer campaigns: the twin of the kernel, which
says and counts all the same; and a lean event loop with Python's own random numbers that only counts what is averted
(no dwell, hunting, credit, reasons, members that differ or policies).

    python benchmarks/cyber.py [--runs 5]
"""

import argparse
import heapq
import math
import random
import resource
import sys
import time
from datetime import date

from foedus.cyber import Parameters, alliance, compare, read_policy, simulate
from foedus.cyber import plain as plain_twin
from foedus.cyber.arrays import HITS, tally
from foedus.cyber.counter import key_of
from foedus.cyber.shared import SharedThreats
from foedus.cyber.simulate import alike, world
from foedus.record import load

_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024
DAY = date(2026, 1, 1)
EXPOSURES = 1_000_000
PLAIN, TWIN = 4_000, 400  # campaigns of the event loop and of the twin


def event_loop(threats: SharedThreats, campaigns: int, seed: int) -> tuple[int, int]:
    """Hits and how many were averted: each campaign a heap of hits, with the arrivals known so far."""
    rng, p = random.Random(seed), Parameters()
    rows, hits, averted = threats.rows, 0, 0
    for _ in range(campaigns):
        targets = list(rng.choice(rows))
        rng.shuffle(targets)
        events: list[tuple[float, int, int]] = []
        at, generation = 0.0, 0
        for i in range(len(targets)):
            if i:
                gap = rng.lognormvariate(math.log(p.gap.a), p.gap.b)
                at += gap
                generation += rng.random() > math.exp(-p.rotation * gap)
            heapq.heappush(events, (at, i, generation))
        released: list[tuple[float, int]] = []
        while events:
            at, i, generation = heapq.heappop(events)
            hits += 1
            delay = rng.lognormvariate(math.log(p.act.a), p.act.b)
            usable = [g for t, g in released if t + delay <= at]
            stopped = (generation in usable and rng.random() < p.block) or (usable and rng.random() < p.behaviour)
            if stopped:
                averted += 1
                continue
            found = at + rng.lognormvariate(math.log(p.detect.a), p.detect.b)
            released.append((found + rng.lognormvariate(math.log(p.release.a), p.release.b), generation))
    return hits, averted


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    threats = alliance(load(), "nato", DAY).threats()
    members, mean = alike(len(threats.members)), sum(map(len, threats.rows)) / len(threats.rows)
    campaigns = round(EXPOSURES / mean)
    began = time.process_time()
    simulate(members, Parameters(), threats.rows, 10)
    first = time.process_time() - began

    def timed(n: int) -> tuple[float, float, int]:
        best, found = math.inf, None
        for _ in range(runs):
            start = time.process_time()
            found = simulate(members, Parameters(), threats.rows, n)
            summary = (found.averted, found.damage, found.reasons, found.by_member, found.protect_quantile(0.5))
            best = min(best, time.process_time() - start)
            assert summary
        assert found is not None
        return best, found.averted, int(found.counts[:, HITS].sum())

    seconds, share, exposures = timed(campaigns)
    small = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_PER_MB
    longer, _, many = timed(10 * campaigns)
    large = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_PER_MB
    start = time.process_time()
    hits, averted = event_loop(threats, PLAIN, 1)
    plain = (time.process_time() - start) / hits
    start = time.process_time()
    compare({n: read_policy(n) for n in ("none", "hub", "machine")}, threats, {}, runs=20, campaigns=100_000)
    compared = time.process_time() - start
    print("| what | measured | target | holds |")
    print("| --- | --- | --- | --- |")
    print(f"| first call, compiled or read from the cache, CPU | {first:.1f} s |  |  |")
    print(_row(f"{exposures:,} exposures simulated and summarised, CPU", f"{seconds:.2f} s", "under 2 s", seconds < 2))
    print(f"| {many:,} exposures, CPU | {longer:.2f} s |  |  |")
    print(f"| campaigns a second of CPU, one thread | {campaigns / seconds / 1e6:.2f} million |  |  |")
    print(_row("peak memory, one and ten million", f"{small:.0f} and {large:.0f} MB", "flat", large < 1.05 * small))
    w, out = world(threats.rows, members, Parameters()), tally(len(threats.members))
    start = time.process_time()
    plain_twin.campaigns(w, out, int(key_of(1)), int(key_of(1, 1)), 0, TWIN)
    twin = (time.process_time() - start) / int(out.counts[:, HITS].sum()) / (seconds / exposures)
    ratio = plain / (seconds / exposures)
    print(_row("over the same in plain Python", f"{twin:.0f} times", "at least 200 times", twin >= 200))
    print(f"| over a lean event loop that only counts | {ratio:.0f} times |  |  |")
    print(f"| averted share here and in the event loop | {share:.3f} and {averted / hits:.3f} |  |  |")
    print(f"| three policies, 100,000 campaigns and 20 draws each, CPU | {compared:.1f} s |  |  |")


def _row(what: str, measured: str, target: str, holds: bool) -> str:
    return f"| {what} | {measured} | {target} | {'yes' if holds else 'no'} |"


if __name__ == "__main__":
    main()
