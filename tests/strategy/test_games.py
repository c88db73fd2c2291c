"""Coalition games: published values, axioms, the definition spelled out, the promised error of a sample."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from foedus.strategy import Contest, Game, GameError, Listed, Power, Threshold, nucleolus, shapley
from foedus.strategy.coalition import TECHNOLOGIES
from foedus.strategy.shapley import pairs_needed

EIGHT = 5e-9  # published values have eight decimals
SIX = 5e-7
ABCD, FOUR = ("a", "b", "c", "d"), (4.0, 3.0, 2.0, 1.0)


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        (Power(0.5), (1.15245567, 0.92280379, 0.67859765, 0.40842055)),
        (Power(1.5), (12.82680469, 9.50159218, 6.23876976, 3.05560997)),
        (Contest(10, 1), (0.19533103, 0.14988016, 0.10233443, 0.05245437)),
        (Contest(10, 2), (0.21070217, 0.14973456, 0.09465129, 0.04491199)),
        (Threshold(6), (5 / 12, 1 / 4, 1 / 4, 1 / 12)),
    ],
    ids=str,
)
def test_values_of_four_three_two_one(worth, expected) -> None:
    assert shapley(Game(ABCD, FOUR, "sum", worth)).values == pytest.approx(expected, abs=EIGHT)


def test_airport_glove_and_weighted_majority() -> None:
    airport = shapley(Game(("1", "2", "3"), (1.0, 2.0, 3.0), "best-shot", Power(1.0)))
    assert airport.values == pytest.approx([1 / 3, 5 / 6, 11 / 6])
    pairs = {frozenset(s): float("left" in s and len(s) > 1) for s in subsets(("left", "right 1", "right 2"))}
    glove = shapley(Listed.of(("left", "right 1", "right 2"), pairs))
    assert glove.values == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    majority = Game(("x", "y", "z"), (2.0, 1.0, 1.0), "sum", Threshold(3))
    assert shapley(majority).values == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert nucleolus(majority).values == pytest.approx([1, 0, 0], abs=1e-9)


def subsets(members: Sequence[str]) -> list[list[str]]:
    return [[m for i, m in enumerate(members) if mask >> i & 1] for mask in range(1, 1 << len(members))]


def bankruptcy(estate: float) -> Listed:
    claims = {"one": 100, "two": 200, "three": 300}
    value = {frozenset(s): max(0.0, estate - sum(claims[m] for m in claims if m not in s)) for s in subsets([*claims])}
    return Listed.of(tuple(claims), value)


@pytest.mark.parametrize(("estate", "expected"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])])
def test_the_nucleolus_divides_an_estate_as_the_talmud(estate, expected) -> None:
    found = nucleolus(bankruptcy(estate))
    assert found.values == pytest.approx(expected, abs=1e-6)
    assert found.keeps_own and not found.core_is_empty
    if estate == 200:
        assert shapley(bankruptcy(estate)).values == pytest.approx([33.333333, 83.333333, 83.333333], abs=SIX)


def test_the_nucleolus_of_a_power_game() -> None:
    found = nucleolus(Game(ABCD, FOUR, "sum", Power(1.5)))
    assert found.values == pytest.approx([13.361408, 9.538087, 5.911893, 2.811388], abs=SIX)


def test_a_game_that_thins_out_has_an_empty_core_and_says_so() -> None:
    found = nucleolus(Game(ABCD, FOUR, "sum", Power(0.5)))
    assert not found.keeps_own and found.core_is_empty
    assert found.values.sum() == pytest.approx(10**0.5)


@given(st.lists(st.floats(0.1, 50), min_size=2, max_size=5), st.randoms())
@settings(max_examples=20)
def test_no_transfer_lowers_the_sorted_excesses_of_the_nucleolus(capability, random) -> None:
    game = Game(tuple(map(str, range(len(capability)))), tuple(capability), "sum", Power(1.5))
    table, x = game.table(), nucleolus(game).values

    def excesses(division: NDArray[np.float64]) -> list[float]:
        paid = [sum(division[i] for i in range(len(x)) if mask >> i & 1) for mask in range(1, len(table) - 1)]
        return sorted((v - p for v, p in zip(table[1:-1], paid, strict=True)), reverse=True)

    best, scale = excesses(x), table[-1]
    for _ in range(10):
        i, j = random.sample(range(len(x)), 2)
        other = x.copy()
        other[i] += 0.01 * scale
        other[j] -= 0.01 * scale
        rival = excesses(other)
        first = next((b - r for b, r in zip(best, rival, strict=True) if abs(b - r) > 1e-6 * scale), 0.0)
        assert first <= 0


def by_definition(game: Game):
    """Shapley value as the plain mean over all orders, each coalition valued alone."""
    n = len(game.members)
    total = np.zeros(n)
    orders = list(permutations(range(n)))
    table = game.table()
    for order in orders:
        mask = 0
        for i in order:
            total[i] += table[mask | 1 << i] - table[mask]
            mask |= 1 << i
    return total / len(orders)


WORTHS = st.one_of(
    st.floats(0.2, 2).map(Power),
    st.builds(Contest, st.floats(0.5, 50), st.floats(0.2, 3)),
    st.floats(0.5, 50).map(Threshold),
)
GAMES = st.builds(
    lambda c, t, w: Game(tuple(map(str, range(len(c)))), tuple(c), t, w),
    st.lists(st.floats(0, 50), min_size=1, max_size=6),
    st.sampled_from(sorted(TECHNOLOGIES)),
    WORTHS,
)


@given(GAMES)
def test_the_value_is_the_mean_over_all_orders(game) -> None:
    assert shapley(game).values == pytest.approx(by_definition(game), abs=1e-9 * max(1.0, game.table()[-1]))


@given(GAMES, st.integers(0, 5))
def test_axioms(game, which) -> None:
    """Efficiency; symmetry; who adds nothing gets nothing; a sum of games has the sum of the values."""
    found = shapley(game)
    scale = max(1.0, found.whole)
    assert found.values.sum() == pytest.approx(found.whole, abs=1e-9 * scale)
    assert (found.values >= -1e-9 * scale).all()  # the games never fall
    i = which % len(game.members)
    twin = Game((*game.members, "twin"), (*game.capability, game.capability[i]), game.technology, game.worth)
    values = shapley(twin).values
    assert values[-1] == pytest.approx(values[i], abs=1e-9 * max(1.0, float(values.sum())))
    idle = Game((*game.members, "idle"), (*game.capability, 0.0), game.technology, game.worth)
    assert shapley(idle).values[-1] == pytest.approx(0, abs=1e-12)
    other = Game(game.members, game.capability[::-1], "sum", Power(0.7))
    both = Listed(game.members, tuple((game.table() + other.table()).tolist()))
    expected = found.values + shapley(other).values
    assert shapley(both).values == pytest.approx(expected, abs=1e-8 * max(1.0, float(expected.sum())))


@given(GAMES)
def test_values_along_an_order_are_those_of_the_table(game) -> None:
    n = len(game.members)
    order = np.random.default_rng(n).permutation(n)
    masks = np.bitwise_or.accumulate(1 << order)
    assert game.along(order) == pytest.approx(game.table()[masks], rel=1e-12)


@pytest.mark.parametrize("technology", sorted(TECHNOLOGIES))
def test_a_sample_keeps_its_bound(technology) -> None:
    """Twelve members sampled and exact; the Hoeffding bound holds, and the intervals of the mean are no wider."""
    capability = tuple(np.random.default_rng(7).lognormal(0, 1.5, 12).tolist())
    game = Game(tuple(map(str, range(12))), capability, technology, Power(0.5))
    exact, found = shapley(game), shapley(game, within=0.01, exact_to=0)
    assert found.method == "sampled" and exact.method == "exact"
    assert found.bound <= 0.01 * found.whole
    assert np.abs(found.values - exact.values).max() <= found.bound
    inside = np.abs(found.values - exact.values) <= found.half_width
    assert inside.mean() >= 0.75  # 95 % each, and they depend on each other
    assert shapley(game, exact_to=0).values.tobytes() == found.values.tobytes()


def test_intervals_cover() -> None:
    """Over 60 seeds the 95 % intervals hold in 88 to 100 %: about three standard errors, members depending."""
    game = Game(tuple("abcdefgh"), (9.0, 5.0, 4.0, 3.0, 2.0, 2.0, 1.0, 0.5), "sum", Power(0.5))
    exact = shapley(game).values
    held = [
        np.abs(found.values - exact) <= found.half_width
        for seed in range(60)
        for found in [shapley(game, within=0.1, exact_to=0, seed=seed)]
    ]
    assert 0.88 <= np.mean(held) <= 1.0


def test_thirty_two_members_against_classes_of_equals() -> None:
    """Members of four kinds: equals get the same, and the value is known from the counts of each kind."""
    kinds, n_each = (40.0, 10.0, 3.0, 1.0), 8
    capability = tuple(c for c in kinds for _ in range(n_each))
    found = shapley(Game(tuple(map(str, range(32))), capability, "sum", Power(0.5)))
    assert found.values.reshape(4, n_each) == pytest.approx(
        np.repeat(exact_of_kinds(kinds, n_each)[:, None], n_each, axis=1), abs=found.bound
    )


def exact_of_kinds(kinds: Sequence[float], n_each: int) -> NDArray[np.float64]:
    """Sum over how many of each kind come before: hypergeometric weights instead of 2^31 coalitions."""
    from itertools import product
    from math import comb

    n = len(kinds) * n_each
    found = np.zeros(len(kinds))
    for i in range(len(kinds)):
        sizes = [n_each - (j == i) for j in range(len(kinds))]
        for counts in product(*(range(m + 1) for m in sizes)):
            size = sum(counts)
            ways = np.prod([comb(m, c) for m, c in zip(sizes, counts, strict=True)], dtype=float)
            level = sum(c * k for c, k in zip(counts, kinds, strict=True))
            found[i] += ways / (n * comb(n - 1, size)) * ((level + kinds[i]) ** 0.5 - level**0.5)
    return found


def test_pairs_needed_is_hoeffdings() -> None:
    assert pairs_needed(12, 0.01, 0.95) == 30_869


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Game(("a", "a"), (1.0, 2.0)), "named once"),
        (lambda: Game(("a", "b"), (1.0,)), "2 members but 1 capabilities"),
        (lambda: Game(("a", "b"), (1.0, -2.0)), "b: a capability is a number of 0 or more, found -2"),
        (lambda: Game(("a",), (float("nan"),)), "found nan"),
        (lambda: Game(("a",), (1.0,), "mean"), "known: sum, weakest-link, best-shot"),
        (lambda: Game(("a",), (1.0,), "sum", Power(0.0)), "must be a number above 0"),
        (lambda: Game(("a",), (1.0,), "sum", Contest(-1.0)), "must be a number above 0"),
        (lambda: Listed.of(("a", "b"), {frozenset("a"): 1.0}), "2 coalitions without a value: b; a|b"),
        (lambda: nucleolus(Game(tuple("abcdefghijk"), (1.0,) * 11)), "at most 10 members, here are 11"),
        (lambda: shapley(Game(("a",), (0.0,))).shares, "worth nothing"),
        (lambda: shapley(Game(tuple(map(str, range(25))), (1.0,) * 25), within=0.0), "lie between 0 and 1"),
    ],
)
def test_games_that_cannot_be(make, says) -> None:
    with pytest.raises(GameError, match=None) as caught:
        make()
    assert says in str(caught.value)
