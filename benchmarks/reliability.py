"""How fast the reliability model is fitted and asked, beside the field's fits of the same rows, as a Markdown table.

Needs the file of Leeds and Anac (docs/sources.md): --sources DIR, or foedus's own folder.
1. Table 4, 137 rows: `binary.regress` against statsmodels' Logit, per fit; largest difference of a coefficient.
2. The penalised fit of every term against SciPy's BFGS on the same penalised likelihood.
3. Draws of what members of NATO would do today, a thousand each.
CPU seconds, the least of --runs.

    python benchmarks/reliability.py [--sources DIR] [--runs 5]
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from foedus.model.binary import regress
from foedus.model.reliability import Drawing, Honouring
from foedus.model.reliability.candidates import EVERYTHING
from foedus.model.reliability.commitments import REFERENCE, with_constant
from foedus.model.reliability.shrunk import Sample, sample, shrunk
from foedus.model.shipped import shipped
from foedus.record import load

T = TypeVar("T")
REPEATS = 50  # fits in one measurement: one alone is shorter than the clock's noise
PENALTY = 1.0


def least(work: Callable[[], T], runs: int, repeats: int = 1) -> tuple[T, float]:
    """What `work` gives, and the least CPU seconds of one call."""
    found = []
    for _ in range(runs):
        began = time.process_time()
        for _ in range(repeats):
            answer = work()
        found.append((time.process_time() - began) / repeats)
    return answer, min(found)


def table_4(rows: Sample, runs: int) -> list[str]:
    import statsmodels.api as sm

    own = rows.only(REFERENCE)
    x = with_constant(own.x)
    ours, mine = least(lambda: regress(x, own.y, ("constant", *REFERENCE)), runs, REPEATS)
    theirs, other = least(lambda: sm.Logit(own.y, x).fit(disp=0, tol=1e-12), runs, REPEATS)
    apart = np.abs(ours.coef - theirs.params).max()
    return [
        f"| Table 4, 137 rows, maximum likelihood: foedus, CPU | {1e3 * mine:.2f} ms |",
        f"| the same: statsmodels Logit, CPU | {1e3 * other:.2f} ms, {other / mine:.1f} times ours |",
        f"| the same: largest difference of a coefficient | {apart:.0e} |",
    ]


def penalised(rows: Sample, runs: int) -> list[str]:
    from scipy.optimize import minimize

    terms = EVERYTHING[:-1]  # without the era, whose prior is not centred at nought
    own = rows.only(terms)
    x, weight = with_constant(own.x), np.concatenate([[0.0], PENALTY * np.maximum(own.x.var(axis=0), 1e-6)])

    def loss(b: np.ndarray) -> float:
        eta = x @ b
        return float(np.logaddexp(0, eta).sum() - own.y @ eta + 0.5 * weight @ b**2)

    def slope(b: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ (1 / (1 + np.exp(-(x @ b))) - own.y) + weight * b)

    ours, mine = least(lambda: shrunk(own, PENALTY), runs, REPEATS)
    start = np.zeros(x.shape[1])
    theirs, other = least(lambda: minimize(loss, start, jac=slope, method="BFGS", options={"gtol": 1e-8}), runs)
    apart = np.abs(ours.coef - theirs.x).max()
    return [
        f"| all {len(terms)} terms, penalised: foedus, CPU | {1e3 * mine:.2f} ms |",
        f"| the same: SciPy BFGS, CPU | {1e3 * other:.2f} ms, {other / mine:.1f} times ours |",
        f"| the same: largest difference of a coefficient | {apart:.0e} |",
    ]


def asked(runs: int) -> list[str]:
    record, model, day = load(), shipped("reliability"), date(2026, 6, 1)
    members = [s for s in sorted(record.treaties["nato-1949"].members_on(day)) if s != "EST"]

    def ask() -> int:
        answers, nato = Honouring(record, model, day, Drawing(n=1000)), record.treaties["nato-1949"]
        return sum(answers.of(member, nato, ["EST"], to_target=True).p.size for member in members)

    n, taken = least(ask, runs)
    return [f"| {len(members)} members of NATO asked about Estonia, {n:,} draws, CPU | {taken:.2f} s |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    rows = sample(EVERYTHING, given.sources)
    print(f"Python {platform.python_version()}, {sys.platform} {platform.machine()}.\n")
    print("| what | measured |\n| --- | --- |")
    for part in (table_4(rows, given.runs), penalised(rows, given.runs), asked(given.runs)):
        print("\n".join(part), flush=True)


if __name__ == "__main__":
    main()
