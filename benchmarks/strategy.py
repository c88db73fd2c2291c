"""How long fair shares and the allocation of a joint budget take, as a Markdown table.

Shapley values of 32 members sampled to 1 % of the whole at 95 %, beside the time that drawing the orders alone takes;
exact values of 20 members; an allocation of 32 members, 12 packages and 200 scenarios, beside the time that HiGHS alone
takes for the finished model. CPU time of one process; wall time beside it, since the targets are wall times:

    python benchmarks/strategy.py
"""

import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from foedus.strategy import Game, Package, Power, Problem, Scenarios, Synergy, allocate, shapley
from foedus.strategy.coalition import TECHNOLOGIES
from foedus.strategy.linear import minimise
from foedus.strategy.programme import build
from foedus.strategy.shapley import pairs_needed

_RSS_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024
RUNS = 3


def least(work: Callable[[], object]) -> tuple[float, float]:
    """Least CPU and least wall seconds of a few runs of `work`."""
    cpu, wall = [], []
    for _ in range(RUNS):
        began, began_cpu = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    return min(cpu), min(wall)


def game(n: int, technology: str) -> Game:
    """`n` members with capabilities as unequal as those of a real alliance."""
    capability = np.random.default_rng(1).lognormal(0, 1.5, n)
    return Game(tuple(map(str, range(n))), tuple(capability.tolist()), technology, Power(0.5))


def orders(n: int) -> None:
    """Draw as many orders as a sample needs, and nothing else."""
    draws = np.random.Generator(np.random.Philox(key=[1, 0]))
    draws.permuted(np.tile(np.arange(n), (pairs_needed(n, 0.01, 0.95), 1)), axis=1)


def problem(n: int = 32, k: int = 12, s: int = 200, d: int = 6) -> Problem:
    """A drawn problem with diminishing returns, a weakest link, a synergy, caps and fair shares."""
    draws = np.random.default_rng(0)
    packages = tuple(
        Package(
            f"package {i}",
            tuple((draws.random(d) * (draws.random(d) < 0.4)).tolist()),
            technology="weakest-link" if i == 3 else "sum",
            curve=((20.0, 1.0), (30.0, 0.6), (60.0, 0.3)),
            stays=i % 3 == 0,
        )
        for i in range(k)
    )
    size = draws.lognormal(0, 1.5, n)
    size /= size.sum()
    scenarios = Scenarios(
        tuple(f"threat {t}" for t in range(10)),
        np.arange(s) % 10,
        np.full(s, 1 / s),
        draws.uniform(0, 80, (s, d)) * (draws.random((s, d)) < 0.5),
        draws.uniform(0.5, 2, (s, d)),
        np.zeros(s),
        (draws.random((s, n)) < 0.6).astype(float),
        np.ones((s, k)),
    )
    return Problem(
        "drawn",
        "billion",
        tuple(f"member {i}" for i in range(n)),
        packages,
        tuple(f"dimension {i}" for i in range(d)),
        scenarios,
        np.ones((n, k)),
        np.zeros((n, d)),
        100.0,
        200 * size,
        np.zeros(n),
        size,
        size,
        band=0.5,
        synergies=(Synergy(1, 2, 0, 0.2),),
    )


def main() -> None:
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n")
    print("| what | CPU | wall | target | beside |\n| --- | --- | --- | --- | --- |")
    drawing, _ = least(lambda: orders(32))
    for technology in TECHNOLOGIES:
        one = game(32, technology)
        cpu, wall = least(partial(shapley, one))
        print(
            f"| Shapley, 32 members, {technology}, to 1 % at 95 % | {cpu:.2f} s | {wall:.2f} s | under 2 s |"
            f" {cpu / drawing:.1f} times drawing the orders |"
        )
    cpu, wall = least(lambda: shapley(game(20, "sum")))
    print(f"| Shapley, 20 members, exact | {cpu:.2f} s | {wall:.2f} s |  |  |")
    large = problem()
    model, _ = build(large)
    solving, _ = least(lambda: minimise(model))
    cpu, wall = least(lambda: allocate(large))
    size = f"{len(model.cost):,} columns, {len(model.rows):,} rows"
    print(
        f"| allocation, 32 x 12 x 200 ({size}) | {cpu:.1f} s | {wall:.1f} s | under 60 s |"
        f" {cpu / solving:.2f} times HiGHS alone |"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_PER_MB
    print(f"| peak memory |  |  |  | {peak:.0f} MB |")


if __name__ == "__main__":
    main()
