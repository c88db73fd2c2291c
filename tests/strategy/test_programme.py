"""The two-stage programme: known optima, brute force, duality, conflicts, what a plan is worth."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from tests.strategy.problems import INF, drawn_problems, instance_a, instance_c, problem, scenarios

from foedus.strategy import (
    Infeasible,
    Package,
    Plan,
    Problem,
    StrategyError,
    Unbounded,
    allocate,
    cvar,
    losses,
    provision,
)
from foedus.strategy.foresight import foresight
from foedus.strategy.linear import Model, minimise
from foedus.strategy.nearly import fairest, near_best, second_best
from foedus.strategy.plan import objective
from foedus.strategy.programme import build
from foedus.strategy.regret import strategies
from foedus.strategy.sensitivity import shifts
from foedus.strategy.together import acting_alone

TIGHT = 1e-7  # HiGHS keeps rows to 1e-7


@pytest.mark.parametrize(("tail", "expected"), [(0.5, 17), (0.8, 27.5), (0.9, 35), (0.95, 50)])
def test_cvar_splits_the_atom_at_the_quantile(tail, expected) -> None:
    assert cvar(np.array([0.0, 10, 20, 50]), np.array([0.5, 0.3, 0.15, 0.05]), tail) == pytest.approx(expected)


def test_instance_a() -> None:
    assert allocate(instance_a(0.0, 0.8)).objective == pytest.approx(4.2)
    worst = allocate(instance_a(1.0, 0.8))
    assert worst.objective == pytest.approx(5.0) and worst.units[0] == pytest.approx([5, 5])
    assert worst.losses == pytest.approx([5, 5, 2])
    both = allocate(instance_a(0.5, 0.8))
    assert both.objective == pytest.approx(4.7) and both.units[0] == pytest.approx([5, 5])


@pytest.mark.parametrize("first", [6.0, 7.5, 10.0])
def test_instance_a_has_many_optima_for_the_mean(first) -> None:
    neutral = instance_a(0.0, 0.8)
    assert objective(neutral, losses(neutral, np.array([[first, 10 - first]]))) == pytest.approx(4.2)


def test_instance_a_foresight() -> None:
    a = instance_a(0.0, 0.8)
    found = foresight(a)
    assert found.wait_and_see == pytest.approx(0.4) and found.evpi == pytest.approx(3.8)
    average = losses(a, np.array([[6.2, 3.8]]))  # the plan for mean needs 6.2 and 4.2
    assert np.dot(a.scenarios.probability, average) == pytest.approx(4.2)
    assert found.vss >= -TIGHT


def test_instance_a2() -> None:
    mean = allocate(instance_a(0.0, 0.9, 3.0))
    assert mean.objective == pytest.approx(6.2) and mean.units[0] == pytest.approx([0, 10])
    assert mean.losses == pytest.approx([10, 0, 6])
    worst = allocate(instance_a(1.0, 0.9, 3.0))
    assert worst.objective == pytest.approx(7.5) and worst.units[0] == pytest.approx([2.5, 7.5])
    assert worst.losses == pytest.approx([7.5, 7.5, 3.5])


def test_instance_b_packing() -> None:
    """Values 60, 100, 120, weights 10, 20, 30, limit 50: whatever is not packed is lost."""
    packages = [Package(f"item {v}", (float(v),), lumpy=True) for v in (60, 100, 120)]
    one = problem(packages, scenarios([[280]], [[1]], [1.0], k=3), [[10, 20, 30]], budget=50.0, risk_weight=0.0)
    found = allocate(one)
    assert 280 - found.objective == pytest.approx(220) and found.units[0] == pytest.approx([0, 1, 1])


def test_instance_c() -> None:
    found = allocate(instance_c())
    assert found.objective == pytest.approx(4.0) and found.units == pytest.approx(np.array([[0, 1, 0], [1, 1, 0]]))
    assert found.losses == pytest.approx([0, 20, 0]) and found.spending.sum(axis=1) == pytest.approx([3, 6])
    other = second_best(instance_c(), found)
    assert other is not None and other.objective == pytest.approx(9.0)
    probability = instance_c().scenarios.probability
    assert cvar(found.losses, probability, 0.8) == cvar(other.losses, probability, 0.8) == pytest.approx(20)


@pytest.mark.parametrize(
    ("technology", "nash", "joint"), [("sum", 8, 28 / 3), ("weakest-link", 4, 6), ("best-shot", 8, 28 / 3)]
)
def test_technologies_of_aggregation(technology, nash, joint) -> None:
    costs, saturation = (2.0, 4.0, 6.0), 10.0
    found = provision(technology, saturation, costs)
    assert [found.nash, found.joint] == pytest.approx([nash, joint])
    gives = {"sum": [nash, 0, 0], "weakest-link": [nash] * 3, "best-shot": [nash, 0, 0]}[technology]
    levels: dict[str, Callable[[Sequence[float]], float]] = {"sum": sum, "weakest-link": min, "best-shot": max}

    def worth(x: Sequence[float], i: int) -> float:
        g = levels[technology](x)
        return saturation * g - g * g / 2 - costs[i] * x[i]

    for i in range(3):  # nobody gains by giving anything else: the equilibrium, without its formula
        best = worth(gives, i)
        for amount in np.linspace(0, 12, 241):
            assert worth([*gives[:i], amount, *gives[i + 1 :]], i) <= best + 1e-9
    with pytest.raises(ValueError, match="between 0 and 10"):
        provision(technology, saturation, (2.0, 11.0))


@given(drawn_problems())
@settings(max_examples=40)
def test_no_plan_on_a_grid_is_better_and_the_plain_losses_agree(drawn) -> None:
    found = allocate(drawn)
    assert found.objective == pytest.approx(found.bound, abs=1e-5, rel=1e-5)  # duality, or the bound of the search
    total = found.spending.sum()
    assert total <= drawn.budget + TIGHT and (found.spending.sum(axis=1) <= drawn.cap + TIGHT).all()
    stream = np.random.default_rng(1)
    for _ in range(60):
        money = stream.dirichlet(np.ones(drawn.price.size)).reshape(drawn.price.shape) * drawn.budget
        money *= np.minimum(1.0, drawn.cap / np.maximum(money.sum(axis=1), 1e-12))[:, None]
        for k, package in enumerate(drawn.packages):
            if package.technology == "best-shot":  # one provider
                money[np.arange(len(money)) != money[:, k].argmax(), k] = 0.0
        assert objective(drawn, losses(drawn, money / drawn.price)) >= found.objective - 1e-5


@given(drawn_problems(lumpy=True))
@settings(max_examples=25)
def test_whole_packages_against_every_choice(drawn) -> None:
    every = []
    for bits in product((0.0, 1.0), repeat=drawn.price.size):
        units = np.array(bits).reshape(drawn.price.shape)
        spending = units * drawn.price
        kept = spending.sum() <= drawn.budget and (spending.sum(axis=1) <= drawn.cap).all()
        shots = [k for k, p in enumerate(drawn.packages) if p.technology == "best-shot"]
        if kept and all(units[:, k].sum() <= 1 for k in shots):
            every.append(objective(drawn, losses(drawn, units)))
    assert allocate(drawn).objective == pytest.approx(min(every), abs=1e-5, rel=1e-5)


def test_prices_are_what_a_little_more_saves() -> None:
    a = instance_a(0.5, 0.8)
    price = allocate(a).prices[0]
    more = allocate(replace(a, budget=a.budget + 0.01))
    assert "joint budget is at most 10" in price.constraint
    assert (allocate(a).objective - more.objective) / 0.01 == pytest.approx(price.worth)


@given(drawn_problems())
@settings(max_examples=25)
def test_a_choice_made_at_once_is_as_good_as_a_search(drawn) -> None:
    model, _ = build(drawn)
    at_once, searched = minimise(model), minimise(replace(model, choices=[]))
    assert at_once is not None and searched is not None
    assert at_once.objective == pytest.approx(searched.objective, abs=1e-5, rel=1e-5)
    assert at_once.bound <= at_once.objective + 1e-6


def test_a_start_from_a_similar_problem_changes_no_optimum() -> None:
    first = allocate(instance_a(0.5, 0.8))
    other = replace(instance_a(0.5, 0.8, 3.0), budget=9.0)
    assert allocate(other, first).objective == pytest.approx(allocate(other).objective, abs=1e-9)


def test_the_dual_value_equals_the_primal() -> None:
    model, _ = build(instance_a(0.5, 0.8, 3.0))
    answer = minimise(model)
    assert answer is not None and answer.bound == pytest.approx(answer.objective, abs=1e-9)


def test_a_weakest_link_counts_as_far_as_every_member_has_its_part() -> None:
    package = Package("hygiene", (1.0,), technology="weakest-link")
    one = problem(
        [package],
        scenarios([[10]], [[1]], [1.0], n=2, k=1),
        [[1], [1]],
        budget=10.0,
        need=np.array([0.8, 0.2]),
        cap=[4, 10],
    )
    found = allocate(one)
    assert found.units[:, 0] == pytest.approx([4, 1]) and found.losses == pytest.approx([5])  # 4 / 0.8 = 1 / 0.2


def test_only_one_member_provides_a_best_shot() -> None:
    one = problem(
        [Package("umbrella", (1.0,), technology="best-shot")],
        scenarios([[10]], [[1]], [1.0], n=2, k=1),
        [[1], [2]],
        cap=[3, 8],
        budget=20.0,
    )
    found = allocate(one)
    assert (found.units > 1e-9).sum() == 1 and found.losses == pytest.approx([6])
    with pytest.raises(StrategyError, match="best shot: give a budget"):
        allocate(replace(one, cap=np.full(2, INF), budget=INF))


def conflicting(least: float = 0.0) -> Problem:
    s = scenarios([[5, 0]], [[1, 1]], [1.0], n=2)
    return problem(
        [Package("one", (1.0, 0.0)), Package("two", (0.0, 1.0), least=least)],
        s,
        np.ones((2, 2)),
        budget=10.0,
        cap=[3, 4],
        floor=[0, 2],
    )


def test_constraints_that_cannot_stand_together_are_named_and_no_others() -> None:
    with pytest.raises(Infeasible) as caught:
        allocate(conflicting(least=8.0))
    assert caught.value.conflict == (
        "member 1 pays at most 3 billion",
        "member 2 pays at most 4 billion",
        "two gets at least 8 billion",
    )
    assert "relax one of them" in str(caught.value)
    with pytest.raises(Infeasible) as caught:
        allocate(replace(conflicting(), floor=np.array([0.0, 11.0]), cap=np.full(2, INF)))
    assert caught.value.conflict == ("the joint budget is at most 10 billion", "member 2 pays at least 11 billion")


@given(drawn_problems())
@settings(max_examples=10)
def test_each_named_constraint_is_needed_for_the_conflict(drawn) -> None:
    wrong = replace(drawn, floor=drawn.cap + 1.0)
    with pytest.raises(Infeasible) as caught:
        allocate(wrong)
    assert 1 < len(caught.value.conflict) <= 3


def test_fair_shares_that_a_cap_forbids_are_named() -> None:
    one = replace(conflicting(), floor=np.array([3.0, 0.0]), cap=np.array([INF, 1.0]), band=0.1)
    with pytest.raises(Infeasible) as caught:
        allocate(one)
    assert any("times its fair share" in c for c in caught.value.conflict)
    assert any("pays at least 3" in c for c in caught.value.conflict)


def test_a_loss_without_end_is_explained() -> None:
    a = instance_a(0.5, 0.8)
    with pytest.raises(Unbounded, match=r"threat 2: the weight of dimension 1 is -1\. Below 0"):
        replace(a, scenarios=replace(a.scenarios, weight=np.array([[1, 1], [-1.0, 1], [1, 1]])))
    model = Model()
    model.columns(1, cost=-1.0)
    model.row([0], 1.0, 0.0, INF)
    with pytest.raises(StrategyError, match="without end"):
        minimise(model)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"price": np.zeros((1, 2))}, "price is above 0"),
        ({"cap": np.zeros(3)}, r"cap has the shape \(3,\), expected \(1,\)"),
        ({"tail": 1.0}, "tail in"),
    ],
)
def test_problems_that_cannot_be(change, says) -> None:
    with pytest.raises(StrategyError, match=says):
        replace(instance_a(0.5, 0.8), **change)


def test_curves_that_rise_are_refused() -> None:
    with pytest.raises(StrategyError, match="fall from tranche to tranche"):
        Package("p", (1.0,), curve=((1.0, 0.5), (1.0, 0.9)))
    with pytest.raises(StrategyError, match="known: sum, weakest-link, best-shot"):
        Package("p", (1.0,), technology="mean")


@given(drawn_problems())
@settings(max_examples=6)
def test_what_a_plan_is_worth_keeps_its_order(drawn) -> None:
    plan = allocate(drawn)
    known = foresight(drawn)
    assert known.evpi >= -1e-5 and known.vss >= -1e-5
    assert known.wait_and_see <= known.here_and_now + 1e-5 <= known.average + 2e-5
    alone = acting_alone(drawn, plan)
    assert alone.joint <= alone.apart + 1e-5
    assert alone.everybody <= alone.joint + 1e-5  # the same money under fewer rules
    if all(p.technology != "weakest-link" for p in drawn.packages):  # else one who holds the link back may be missed
        assert min(alone.without.values()) >= alone.everybody - 1e-4
    others = strategies(drawn, plan, known)
    assert all(s.regret >= -1e-5 for s in others)
    mine = next(s for s in others if s.name == "this plan")
    weighed = [(1 - drawn.risk_weight) * s.mean + drawn.risk_weight * s.tail for s in others]
    assert min(weighed) >= (1 - drawn.risk_weight) * mine.mean + drawn.risk_weight * mine.tail - 1e-4
    for name, (least, most) in near_best(drawn, plan).items():
        k = [p.name for p in drawn.packages].index(name)
        assert least - 1e-5 <= plan.spending[:, k].sum() <= most + 1e-5
    fair = fairest(drawn, plan)
    assert fair.objective <= plan.objective * 1.005 + 1e-5
    assert away(drawn, fair) <= away(drawn, plan) + 1e-5
    assert all(-1e-9 <= s.moved <= 1 + 1e-9 for s in shifts(drawn, plan))


def away(one: Problem, plan: Plan) -> float:
    paid = plan.spending.sum(axis=1)
    return float(np.abs(paid - one.fair * paid.sum()).sum())
