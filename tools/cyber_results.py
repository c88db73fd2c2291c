"""Write src/foedus/cyber/data/results.json: policies and sensitivity of a few alliances, for the brief.

    python tools/cyber_results.py [--on 2026-01-01]

The same seed gives the same file. Takes some minutes: each alliance plays some 20 million campaigns.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import msgspec

from foedus.cyber.alliance import alliance
from foedus.cyber.compare import compare
from foedus.cyber.policy import read_policy
from foedus.cyber.results import POLICIES, result_of
from foedus.cyber.sensitivity import sobol
from foedus.record import load

OUT = Path(__file__).resolve().parents[1] / "src" / "foedus" / "cyber" / "data" / "results.json"
TREATIES = ("nato-1949", "csto-1992", "quad-2007", "aukus-2021", "sco-2001", "eu-2009")
SEED, RUNS, CAMPAIGNS, BASE, PER_POINT = 1, 400, 400_000, 512, 2_000


def main(arguments: list[str]) -> int:
    """Compute and write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 1, 1))
    day = parser.parse_args(arguments).on
    record = load()
    found = []
    for treaty in TREATIES:
        here = alliance(record, treaty, day)
        # An alliance cannot pool its defence against its own members.
        threats = here.threats(exclude_inside_origin=True)
        policies = {p: read_policy(p) for p in POLICIES}
        compared = compare(policies, threats, here.regions, runs=RUNS, campaigns=CAMPAIGNS, seed=SEED)
        indices = sobol(policies["hub"], threats, here.regions, base=BASE, campaigns=PER_POINT, seed=SEED)
        found.append(result_of(treaty, threats, compared, indices, SEED))
        print(treaty, [(p.name, p.averted) for p in found[-1].policies], flush=True)
    OUT.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
