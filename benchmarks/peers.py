"""foedus's fits against the field's reference implementations, as a Markdown table.

Two comparisons on the record's treaties, and one on made-up dyad-years:
1. the conditional logit of hyperevent models against statsmodels' ConditionalLogit: foundings of the record, 100 drawn
   sets each, the same table for both; how far our coefficients are from its maximum, ratio of CPU times.
2. `model.binary` against statsmodels' Logit with clustered errors, 100,000 rows of eight columns.
3. a temporal ERGM (ergmx, btergm's bootstrapped pseudo-likelihood) on the yearly network of defence pacts, 1950-2020 by
   five years: a baseline of another kind, dyads instead of sets. Its coefficients are printed, not compared.
CPU time is that of the process, the smallest of --runs.

    python benchmarks/peers.py [--runs 3]
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from foedus.model import hyperevents
from foedus.model.binary import regress
from foedus.model.drivers.history import history
from foedus.record import load

TERMS = ("act_mean", "sub2_mean", "closure_min")


def cpu(run: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Smallest CPU seconds of `runs`, and what the last gave."""
    best = np.inf
    for _ in range(runs):
        before = time.process_time()
        found = run()
        best = min(best, time.process_time() - before)
    return best, found


def foundings() -> hyperevents.CaseControl:
    """The record's foundings of two states and more since 1816, each with 100 sets of its size."""
    record = load()
    events = []
    for treaty in record.treaties.values():
        if treaty.in_force and not treaty.universal:
            founders = sorted(treaty.members_on(treaty.in_force, ("party",)))
            if len(founders) > 1:
                events.append(((treaty.in_force - date(1800, 1, 1)).days, treaty.id, "|".join(founders)))
    given = hyperevents.events_of(sorted(events), actors=sorted({s for e in events for s in e[2].split("|")}))
    drawing = hyperevents.Sampling(controls=100, seed=1, all_pairs=False)
    return hyperevents.case_control("activity + subrep(2) + closure", given, drawing=drawing)


def conditional(runs: int) -> list[str]:
    from statsmodels.discrete.conditional_models import ConditionalLogit

    table = foundings()
    x = np.column_stack([table.columns[t] for t in TERMS])
    hyperevents.fit_table("activity", table)  # compiles
    own, ours = cpu(lambda: hyperevents.fit_table("activity + subrep(2) + closure", table), runs)
    x /= np.array(ours.scale)  # one standard deviation among controls, for both
    model = ConditionalLogit(table.is_case, x, groups=table.stratum)
    peer, theirs = cpu(lambda: model.fit(disp=False), runs)
    # The peer's optimiser stops early, so its maximum is found from ours: one Newton step of its own likelihood.
    apart = np.abs(theirs.cov_params() @ model.score(np.array(ours.coef)))
    says = f"{len(table):,} rows, {ours.n_cases} foundings"
    return [
        f"| conditional logit, {says}: foedus, CPU | {own:.2f} s |",
        f"| the same: statsmodels ConditionalLogit, CPU | {peer:.2f} s, {peer / own:.0f} times ours |",
        f"| the same: our coefficients from its maximum, at most | {apart.max():.1e} |",
    ]


def logit(runs: int) -> list[str]:
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(100_000), rng.normal(size=(100_000, 7))])
    y = rng.random(100_000) < 1 / (1 + np.exp(4 - x[:, 1:] @ rng.normal(size=7) / 2))
    group = rng.integers(0, 2000, 100_000)
    own, ours = cpu(lambda: regress(x, y, [f"x{i}" for i in range(8)], cluster=group), runs)
    fit = sm.Logit(y.astype(float), x)
    peer, theirs = cpu(lambda: fit.fit(disp=0, cov_type="cluster", cov_kwds={"groups": group}), runs)
    return [
        f"| logit, clustered errors, 100,000 x 8: foedus, CPU | {own:.2f} s |",
        f"| the same: statsmodels Logit, CPU | {peer:.2f} s, {peer / own:.1f} times ours |",
        f"| the same: largest difference of a coefficient | {np.abs(ours.coef - theirs.params).max():.1e} |",
    ]


def temporal(runs: int) -> list[str]:
    import ergmx
    import networkx as nx

    past = history(load(), 1950, 2020)
    networks = []
    for year in range(1950, 2021, 5):
        here = past.member[:, year - past.first]
        side = past.defended(year)
        graph = nx.Graph()
        graph.add_nodes_from(c for c, m in zip(past.codes, here, strict=True) if m)
        graph.add_edges_from(
            (past.codes[i], past.codes[j]) for i, j in np.argwhere(side | side.T) if i < j and here[i] and here[j]
        )
        networks.append(graph)
    formula = 'edges + gwesp(0.5, fixed=TRUE) + memory("stability")'
    taken, fit = cpu(lambda: ergmx.btergm(networks, formula, R=200, seed=1), 1)
    says = ", ".join(f"{n} {v:.2f}" for n, v in dict(fit.coef).items())
    return [f"| temporal ERGM (ergmx), {len(networks)} networks, CPU | {taken:.1f} s; {says} |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")  # the peers' own
    print(f"Python {platform.python_version()}, {sys.platform} {platform.machine()}.\n")
    print("| what | measured |\n| --- | --- |")
    for part in (conditional, logit, temporal):
        try:
            print("\n".join(part(runs)), flush=True)
        except ImportError as error:
            print(f"| {part.__name__} | not measured: {error.name} is not installed |")


if __name__ == "__main__":
    main()
