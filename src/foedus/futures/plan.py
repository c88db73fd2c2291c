"""`Plan`: what a scenario asks of the simulator, in indices of one world; without content it is the baseline.

A scenario file is compiled to a `Plan`; `step` applies it. Order within a year: dated shocks first, then drivers, then
terminations, withdrawals, accessions and foundings, all read at the start of the year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foedus.futures.errors import PlanError
from foedus.futures.world import World

Floats = NDArray[np.float64]
What = Literal["withdraw", "accede", "end", "regime", "rivalry", "rivalry_end", "attack", "support"]
Process = Literal[
    "accession",
    "withdrawal",
    "termination",
    "founding",
    "regime_change",
    "rivalry_onset",
    "rivalry_end",
    "dispute",
]
PROCESSES: tuple[Process, ...] = (
    "accession",
    "withdrawal",
    "termination",
    "founding",
    "regime_change",
    "rivalry_onset",
    "rivalry_end",
    "dispute",
)
WHATS: tuple[What, ...] = ("withdraw", "accede", "end", "regime", "rivalry", "rivalry_end", "attack", "support")


@dataclass(frozen=True, slots=True)
class Shock:
    """One dated event. It happens in each world with `probability`, drawn once per world.

    withdraw, accede : `state` leaves or joins `treaty` in `year`. end : `treaty` ends.
    regime : `state` becomes REGIMES[value]. rivalry, rivalry_end : between `state` and `other`.
    attack : `state` attacks `other`; whom the treaties bind and what it does to rivalry and support, `step` works out.
    support : public support of `state` moves by `value` (share, -1 to 1).
    treaty may be T + k, for the k-th treaty of `Plan.foundings`. Indices not needed stay -1.
    """

    year: int
    what: What
    treaty: int = -1
    state: int = -1
    other: int = -1
    value: float = 0.0
    probability: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Founding:
    """A treaty that the scenario founds in `year`. members : (N,) bool. term : years that it runs, 0 for no term."""

    year: int
    id: str
    title: str
    members: NDArray[np.bool_]
    defence: bool = True
    term: int = 0
    probability: float = 1.0


@dataclass(frozen=True, eq=False)
class Plan:
    """Shocks, paths, levers and constraints; all optional.

    growth : (Y, N) added to the yearly growth of log GDP. spending_target : (Y, N) military expenditure in per cent of
        GDP towards which the state's spending process moves, NaN for none. Row y is the year `first` + y; a path
        shorter than the run ends with its last row's effect gone (0, NaN).
    levers : process -> (Y, L) factor on the hazard, L = T for termination, accession and withdrawal (by treaty)
        and N for the rest (by state; for a pair or set the factors of its states multiply). state_levers : process ->
        (Y, N), for accession and withdrawal by state, multiplied with the one by treaty. pair_levers : process ->
        (Y, T, N), for accession and withdrawal of one state to or from one treaty (an invitation; 0 once it has left
        for good), multiplied with both. Factors are >= 0.
    founding_rate : (Y,) factor on the number of foundings.
    off : names of assumptions that are switched off (`foedus.futures.assumptions`).
    """

    name: str = "baseline"
    title: str = "Baseline"
    first: int = 0
    shocks: tuple[Shock, ...] = ()
    foundings: tuple[Founding, ...] = ()
    growth: Floats | None = None
    spending_target: Floats | None = None
    levers: dict[Process, Floats] = field(default_factory=dict)
    state_levers: dict[Process, Floats] = field(default_factory=dict)
    pair_levers: dict[Process, Floats] = field(default_factory=dict)
    founding_rate: Floats | None = None
    off: frozenset[str] = frozenset()


BASELINE = Plan()


def check(plan: Plan, world: World, until: int) -> None:
    """Raise PlanError, with every problem, when `plan` does not fit `world` and a run until `until`."""
    problems = [*_shock_problems(plan, world, until), *_shape_problems(plan, world)]
    if problems:
        raise PlanError(f'The plan "{plan.name}" does not fit:\n' + "\n".join(f"  {p}" for p in problems))


def _shock_problems(plan: Plan, world: World, until: int) -> list[str]:
    n, t = world.n_states, world.n_treaties + len(plan.foundings)
    out = []
    for i, s in enumerate(plan.shocks):
        if s.what not in WHATS:
            out.append(f'shocks[{i}].what: "{s.what}" is none of {", ".join(WHATS)}')
        if not world.origin < s.year <= until:
            out.append(f"shocks[{i}].year: {s.year} is not within {world.origin + 1} to {until}")
        if s.what in ("withdraw", "accede", "end") and not 0 <= s.treaty < t:
            out.append(f"shocks[{i}].treaty: {s.treaty} is no treaty of the world or of the plan (0 to {t - 1})")
        if s.what != "end" and not 0 <= s.state < n:
            out.append(f"shocks[{i}].state: {s.state} is no state (0 to {n - 1})")
        if s.what in ("rivalry", "rivalry_end", "attack") and (not 0 <= s.other < n or s.other == s.state):
            out.append(f"shocks[{i}].other: {s.other} is no other state (0 to {n - 1})")
        if s.what == "regime" and s.value not in (0, 1, 2, 3):
            out.append(f"shocks[{i}].value: {s.value} is no class of regime (0 to 3)")
        if not 0 <= s.probability <= 1:
            out.append(f"shocks[{i}].probability: {s.probability} is outside 0 to 1")
    for i, f in enumerate(plan.foundings):
        if not world.origin < f.year <= until:
            out.append(f"foundings[{i}].year: {f.year} is not within {world.origin + 1} to {until}")
        if f.members.shape != (n,) or f.members.sum() < 2:
            out.append(f"foundings[{i}].members: expected {n} flags, at least two of them set")
    return out


def _shape_problems(plan: Plan, world: World) -> list[str]:
    n, t = world.n_states, world.n_treaties
    out = []
    for name in ("growth", "spending_target"):
        path = getattr(plan, name)
        if path is not None and (path.ndim != 2 or path.shape[1] != n):
            out.append(f"{name}: shape {path.shape}, expected (years, {n})")
    for levers, by_treaty in ((plan.levers, ("accession", "withdrawal", "termination")), (plan.state_levers, ())):
        for process, factors in levers.items():
            width = t if process in by_treaty else n
            if factors.ndim != 2 or factors.shape[1] != width or not (factors >= 0).all():
                out.append(f"levers of {process}: expected factors >= 0 of shape (years, {width})")
    for process, factors in plan.pair_levers.items():
        if factors.ndim != 3 or factors.shape[1:] != (t, n) or not (factors >= 0).all():
            out.append(f"pair levers of {process}: expected factors >= 0 of shape (years, {t}, {n})")
    if plan.founding_rate is not None and (plan.founding_rate.ndim != 1 or not (plan.founding_rate >= 0).all()):
        out.append("founding_rate: expected factors >= 0, one for each year")
    return out
