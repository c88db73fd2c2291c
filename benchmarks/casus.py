"""How fast the obligation engine answers: every ordered pair of states on a day, and the slow twin on a sample.

    python benchmarks/casus.py

Prints a Markdown table. "Table" reads each article once for every class of states (casus.matrix); "engine" is
evaluate() with depth 0 and without universal organisations, on 200 pairs; "with cascade" is evaluate() as the command
line runs it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date

from foedus.casus import Event, Spot, evaluate
from foedus.casus.matrix import DeterrenceTable
from foedus.record import load

DAYS = (date(1914, 7, 1), date(1939, 8, 30), date(1955, 7, 1), date(1985, 1, 1), date(2026, 11, 22))
SAMPLE = 200


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    record = load()
    print("| day | states | pairs | table: CPU s | pairs a second | engine: a second | with cascade: a second |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for day in DAYS:
        table: list[DeterrenceTable] = []
        spent = seconds(lambda: table.append(_every_pair(day)))  # noqa: B023
        states = table[0].states
        n = len(states) * (len(states) - 1)
        draw = random.Random(1)
        events = [_event(day, *draw.sample(states, 2)) for _ in range(SAMPLE)]
        direct = seconds(lambda: [evaluate(record, e, depth=0, universal=False) for e in events])  # noqa: B023
        whole = seconds(lambda: [evaluate(record, e) for e in events[:40]])  # noqa: B023
        speeds = " | ".join(f"{s:,.0f}" for s in (n / spent, SAMPLE / direct, 40 / whole))
        print(f"| {day} | {len(states)} | {n:,} | {spent:.2f} | {speeds} |")


def _every_pair(day: date) -> DeterrenceTable:
    table = DeterrenceTable(load(), day)
    for attacker in table.states:
        for target in table.states:
            if attacker != target:
                table.masks(attacker, target)
    return table


def _event(day: date, attacker: str, target: str) -> Event:
    return Event(day, (attacker,), (target,), Spot("own-territory", target, target, frozenset()), "armed_attack")


if __name__ == "__main__":
    main()
