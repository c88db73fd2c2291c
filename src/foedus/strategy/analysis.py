"""Everything that is asked of an allocation, in one answer, and the same as plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from foedus.strategy.errors import PlanError
from foedus.strategy.foresight import Foresight, foresight
from foedus.strategy.gap import Gap, sampling_gap
from foedus.strategy.nearly import fairest, near_best, second_best
from foedus.strategy.plan import Problem, cvar, losses, objective
from foedus.strategy.problem import QUIET, problem_of
from foedus.strategy.programme import Plan, allocate
from foedus.strategy.regret import Strategy, strategies
from foedus.strategy.sensitivity import Shift, shifts
from foedus.strategy.stated import Stated
from foedus.strategy.together import Alone, acting_alone

EXAMPLES = Path(__file__).parent / "examples"
Progress = Callable[[str], None]
_PLURAL = {"member": "members", "package": "packages", "synergy": "synergies", "threat": "threats"}


@dataclass(frozen=True, slots=True)
class Allocation:
    """An allocation and what it is worth. plan : the best; paid : one as good whose payments are nearest to fair.

    ranges : package -> least and most money in plans as good. What was not asked for is None.
    """

    stated: Stated
    problem: Problem
    plan: Plan
    paid: Plan
    nothing: float
    foresight: Foresight | None = None
    alone: Alone | None = None
    strategies: tuple[Strategy, ...] | None = None
    ranges: Mapping[str, tuple[float, float]] | None = None
    second: Plan | None = None
    shifts: tuple[Shift, ...] | None = None
    gap: Gap | None = None


def example(name: str) -> Path:
    """The shipped file called `name`. Raises PlanError with the names there are."""
    known = sorted(p.stem for p in EXAMPLES.glob("*.toml"))
    if name not in known:
        raise PlanError(name, [f"no such file, and no example of that name; examples: {', '.join(known)}"])
    return EXAMPLES / f"{name}.toml"


def analyse(
    stated: Stated, *, plan_only: bool = False, replications: int = 0, progress: Progress = lambda step: None
) -> Allocation:
    """The best plan and, unless `plan_only`, everything beside it; `replications` of the draws for the sampling gap."""
    problem = problem_of(stated)
    progress("the plan")
    plan = allocate(problem)
    nothing = _idle(problem)
    if plan_only:
        return Allocation(stated, problem, plan, fairest(problem, plan), nothing)
    progress("foresight")
    known = foresight(problem)
    progress("together and alone")
    alone = acting_alone(problem, plan)
    progress("other strategies")
    others = tuple(strategies(problem, plan, known))
    progress("plans as good")
    ranges, second = near_best(problem, plan), second_best(problem, plan)
    progress("other numbers")
    moved = tuple(shifts(problem, plan))
    progress("other draws")
    gap = sampling_gap(stated, plan, replications=replications) if replications else None
    paid = fairest(problem, plan)
    return Allocation(stated, problem, plan, paid, nothing, known, alone, others, ranges, second, moved, gap)


def _idle(problem: Problem) -> float:
    """The objective when nothing is bought."""
    return objective(problem, losses(problem, np.zeros_like(problem.price)))


def shipped_answers() -> dict[str, dict[str, Any]]:
    """Example -> its answer as `as_data` gave it, for the examples that ship with one. A test compares their digests
    with those of the problems as they are read today; `foedus strategy allocate NAME -o FILE` makes one again."""
    return {p.stem: msgspec.json.decode(p.read_bytes()) for p in sorted(EXAMPLES.glob("*.json"))}


def digest(problem: Problem) -> str:
    """SHA-256 of every number and name that the answer depends on; numbers to nine digits, so that the last bit of a
    sum on another machine does not matter."""
    s = problem.scenarios
    arrays = [problem.price, problem.existing, problem.cap, problem.floor, problem.need, problem.fair]
    arrays += [s.probability, s.requirement, s.weight, s.loss, s.arrives, s.reach]
    held = hashlib.sha256()
    for array in arrays:
        held.update(" ".join(f"{v:.9g}" for v in array.ravel()).encode())
    rest = (problem.members, problem.packages, problem.dimensions, s.names, problem.synergies)
    numbers = tuple(f"{v:.9g}" for v in (problem.budget, problem.band, problem.risk_weight, problem.tail))
    held.update(repr((rest, numbers, s.threat.tolist())).encode())
    return held.hexdigest()


def as_data(found: Allocation) -> dict[str, Any]:
    """The allocation as lists, strings and numbers; money in the file's unit, losses in units of weighted need."""
    problem, plan, stated = found.problem, found.plan, found.stated
    p = problem.scenarios.probability
    data: dict[str, Any] = {
        "title": problem.title,
        "treaty": stated.raw.treaty,
        "on": stated.day.isoformat(),
        "money": problem.money,
        "digest": digest(problem),
        "figures": stated.members.source,
        "left_out": dict(stated.members.left_out),
        "n_scenarios": len(p),
        "budget": _finite(problem.budget),
        "spent": float(plan.spending.sum()),
        "objective": plan.objective,
        "bound": plan.bound,
        "objective_if_nothing_is_bought": found.nothing,
        "mean_loss": float(np.dot(p, plan.losses)),
        "tail_loss": cvar(plan.losses, p, problem.tail),
        "tail": problem.tail,
        "risk_weight": problem.risk_weight,
        "packages": _packages(found),
        "members": _members(found),
        "threats": _threats(found),
        "prices": [{"constraint": x.constraint, "worth": x.worth} for x in plan.prices],
        "assumptions": assumptions(stated),
    }
    if found.foresight:
        f = found.foresight
        data["foresight"] = {
            "here_and_now": f.here_and_now,
            "wait_and_see": f.wait_and_see,
            "average": f.average,
            "evpi": f.evpi,
            "vss": f.vss,
        }
    if found.alone:
        data["together"] = {"joint": found.alone.joint, "apart": found.alone.apart}
    if found.strategies is not None:
        data["strategies"] = [
            {"name": s.name, "mean": s.mean, "tail": s.tail, "regret": s.regret, "regret_at": s.regret_at}
            for s in found.strategies
        ]
    if found.second:
        data["second_best"] = {"objective": found.second.objective, "spending": found.second.spending.sum(0).tolist()}
    if found.shifts is not None:
        data["shifts"] = [{"changed": s.changed, "moved": s.moved, "top": s.top} for s in found.shifts]
    if found.gap:
        g = found.gap
        data["gap"] = {"seen": g.seen, "fresh": g.fresh, "low": g.low, "high": g.high, "replications": g.n}
    return data


def _packages(found: Allocation) -> list[dict[str, Any]]:
    spent = found.plan.spending.sum(axis=0)
    rows: list[dict[str, Any]] = []
    for k, package in enumerate(found.problem.packages):
        row: dict[str, Any] = {"package": package.name, "money": float(spent[k])}
        if found.ranges is not None:
            row["least"], row["most"] = found.ranges[package.name]
        rows.append(row)
    return sorted(rows, key=lambda r: -r["money"])


def _members(found: Allocation) -> list[dict[str, Any]]:
    paid = found.paid.spending.sum(axis=1)
    total = paid.sum()
    rows = []
    for i, (code, name) in enumerate(zip(found.stated.members.codes, found.problem.members, strict=True)):
        row = {
            "state": code,
            "name": name,
            "pays": float(paid[i]),
            "share": float(paid[i] / total) if total > 0 else 0.0,
            "fair_share": float(found.problem.fair[i]),
        }
        if found.alone:
            row["loss_if_it_stays_out"] = found.alone.without[name] - found.alone.everybody
        rows.append(row)
    return sorted(rows, key=lambda r: -float(str(r["pays"])))


def _threats(found: Allocation) -> list[dict[str, Any]]:
    s, rows = found.problem.scenarios, []
    for t, name in enumerate(s.names):
        mine = s.threat == t
        p = s.probability[mine].sum()
        if name == QUIET or p == 0:
            continue
        bound = found.stated.bound[t]
        rows.append(
            {
                "threat": name,
                "probability": float(p),
                "n_bound": None if bound is None else int(sum(bound)),
                "need": float((s.requirement[mine][0] * s.weight[mine][0]).sum()),
                "loss": float(np.dot(s.probability[mine], found.plan.losses[mine]) / p),
            }
        )
    return rows


def assumptions(stated: Stated) -> list[str]:
    """What the answer rests on, in words: how many inputs are assumed, how who comes is drawn, what is left out."""
    entries = stated.raw.entries
    assumed = [where for where, e in entries if e.source == "assumed"]
    says = [f"{len(assumed)} of the {len(entries)} tables of the file are assumptions: {', '.join(_kinds(assumed))}."]
    if any(b is not None for b in stated.bound):
        says.append(f"{stated.rates.says} One not bound comes with probability {stated.rates.other:g}.")
    says.append(
        "Threats exclude each other within a year; unmet need is lost in proportion, at the weights of the file."
    )
    says += [f"{name} pays nothing here: {why}." for name, why in stated.members.left_out.items()]
    return says


def _kinds(places: list[str]) -> list[str]:
    kinds = [p.partition("[")[0] for p in places]
    return [f"{kinds.count(k)} {_PLURAL.get(k, k)}" if kinds.count(k) > 1 else k for k in dict.fromkeys(kinds)]


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None
