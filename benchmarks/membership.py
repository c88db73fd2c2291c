"""How fast the membership models are made from the record, beside statsmodels on the same rows, as a Markdown table.

The peer fits the accession rows by its own generalised linear model with the same link and weights, without prior and
without clusters; ours is given the same task. Times are CPU seconds, the least of three, compiled beforehand.

    python benchmarks/membership.py
"""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from foedus.model.membership import counts, founding, hazard, hazards, sizes
from foedus.model.membership.from_record import history_of_record
from foedus.record import load

T = TypeVar("T")
# Those that maximum likelihood can tell: no state acceded before 1915, in a war with members, or a second time.
TERMS = (
    "one", "from_1946", "sqrt_activity", "sqrt_tie", "allied", "log_distance", "log_nearest", "rivals", "shared_rivals",
    "democracy", "democracy_gap", "joint_democracy", "major", "log_members", "log_age", "log_accessions_5y", "is_open",
    "is_pair", "has_defence",
)  # fmt: skip


def least(work: Callable[[], T], times: int = 3) -> tuple[T, float]:
    """What `work` gives, and the least CPU seconds that it took."""
    found = []
    for _ in range(times):
        began = time.process_time()
        answer = work()
        found.append(time.process_time() - began)
    return answer, min(found)


def main() -> None:
    import statsmodels.api as sm

    history = history_of_record(load()).up_to(1990)

    def refit() -> None:
        for process in hazards.PROCESSES.values():
            hazards.fit_history(process, history)
        founding.fit_history(history)
        counts.fit_history(history)
        sizes.fit_history(history)

    refit()
    _, all_six = least(refit)
    process = hazards.PROCESSES["accession"]
    units, rows = least(lambda: hazards.units_of(process, history, hazards.HazardSpec()))
    x, terms = units.x[:, [units.terms.index(t) for t in TERMS]], TERMS
    ours, mine = least(lambda: hazard.estimate(x, units.event, terms, weight=units.weight, prior_sd=None))
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    peer = sm.GLM(units.event, x, family=family, freq_weights=units.weight)
    theirs, other = least(lambda: peer.fit(tol=1e-10, maxiter=200))
    apart = np.abs(ours.coef - theirs.params).max()
    print("| what | measured |\n| --- | --- |")
    print(f"| all six models refitted to the record as of 1990 | {all_six:.1f} s |")
    print(f"| rows of accession: {len(units.event):,} of {len(terms)} terms | {rows:.1f} s |")
    print(f"| their fit, ours and statsmodels | {mine:.2f} and {other:.2f} s ({other / mine:.1f} times) |")
    print(f"| largest difference of a coefficient | {apart:.1g} |")


if __name__ == "__main__":
    main()
