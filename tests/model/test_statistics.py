"""Statistics of given sets: the worked example, the plain twin, and properties that hold for any events."""

import math
import random
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.model.conftest import Example

from foedus.model import FormulaError, ModelError
from foedus.model.hyperevents import plain, statistics
from foedus.model.hyperevents.events import Events, Sets, events_of, sets_of
from foedus.model.hyperevents.statistics import AGGREGATES, compute

TOLERANCE = 1e-9  # of the worked example; the twin agrees to about 1e-14

HISTORY = [
    "size",
    *(f"{head}_{how}" for head in ("act", "sub2", "sub3") for how in AGGREGATES),
    "sub4_mean",
    "exact",
    "superset",
    "gwsub0",
    "gwsub0.5",
    *(f"closure_{kind}{side}" for kind in ("min", "prod") for side in ("", "_outside")),
]
EACH = [*HISTORY, *(f"{name}_d" for name in HISTORY if name != "size")]
ACTORS = "ABCDEFG"

members = st.sets(st.sampled_from(ACTORS), min_size=1, max_size=6)
past = st.lists(st.tuples(st.integers(0, 12), members, st.sampled_from([0.5, 1.0, 3.0])), min_size=1, max_size=9)
asked = st.lists(st.tuples(st.integers(0, 14), members), min_size=1, max_size=6)
History = list[tuple[int, set[str], float]]
Asked = list[tuple[int, set[str]]]


def events_from(history: History) -> Events:
    frame = pl.DataFrame(
        {
            "time": [t for t, _, _ in history],
            "event": [f"e{e}" for e in range(len(history))],
            "actors": ["|".join(sorted(s)) for _, s, _ in history],
            "weight": [w for _, _, w in history],
        }
    )
    return events_of(frame, actors=ACTORS)


def sets_from(rows: Asked) -> tuple[NDArray[np.float64], Sets]:
    lists = pl.Series([sorted(s) for _, s in rows], dtype=pl.List(pl.String))
    return np.array([t for t, _ in rows], float), sets_of(lists, sorted(ACTORS), "rows")


def found(history: History, rows: Asked, names: list[str], half_life: float | None = 3.0) -> NDArray[np.float64]:
    return compute(events_from(history), *sets_from(rows), names, half_life)


@pytest.fixture(params=[True, False], ids=["matrices", "lists"])
def storage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(statistics, "_MATRIX_UP_TO", 0)


@pytest.mark.usefixtures("storage")
def test_the_worked_example(example: Example) -> None:
    names = [n for n in example.expected if not n.startswith(("x_", "dem_", "dist_"))]
    assert len(names) == 49
    values = compute(example.events, example.time, example.sets, names, example.half_life)
    for name, row in zip(names, values, strict=True):
        np.testing.assert_allclose(row, example.expected[name], rtol=0, atol=TOLERANCE, err_msg=name)


def test_without_decay_the_values_are_the_fractions(example: Example) -> None:
    rows = [r for c in example.data["cases"] for r in c["rows"]]
    names = [n for n in HISTORY if n in example.expected]
    values = dict(zip(names, compute(example.events, example.time, example.sets, names), strict=True))
    seen = 0
    for at, row in enumerate(rows):
        for name, text in row["exact_fractions"].items():
            if name in values:
                seen += 1
                assert values[name][at] == pytest.approx(float(Fraction(text)), rel=1e-15)
    assert seen > 20


@pytest.mark.parametrize("matrix_up_to", [0, 100])
@pytest.mark.parametrize("keep", [True, False], ids=["closure kept", "closure by pairs"])
@settings(max_examples=40)
@given(history=past, rows=asked)
def test_equals_the_twin(matrix_up_to: int, keep: bool, history: History, rows: Asked) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "_MATRIX_UP_TO", matrix_up_to)
        patch.setattr(statistics, "_matrix_pays", lambda history, pairs: keep)
        values = found(history, rows, EACH)
    events = [(float(t), frozenset(s), w) for t, s, w in history]
    for name, row in zip(EACH, values, strict=True):
        slowly = [plain.statistic(name, events, set(ACTORS), t, s, 3.0) for t, s in rows]
        assert row == pytest.approx(slowly, rel=1e-9, abs=1e-12), name


@given(history=past, rows=asked)
def test_properties(history: History, rows: Asked) -> None:
    values = dict(zip(EACH, found(history, rows, EACH), strict=True))
    for suffix in ("", "_d"):
        for kind in ("min", "prod"):
            outside = values[f"closure_{kind}_outside{suffix}"]
            assert (outside >= 0).all() and (outside <= values[f"closure_{kind}{suffix}"] + 1e-12).all()
        for at, (_, chosen) in enumerate(rows):
            n = len(chosen)
            means = [values[f"{'act' if k == 1 else f'sub{k}'}_mean{suffix}"][at] for k in range(1, min(n, 4) + 1)]
            assert means == sorted(means, reverse=True) or np.allclose(means, sorted(means, reverse=True), rtol=1e-12)
            if n <= 4:
                assert values[f"superset{suffix}"][at] == pytest.approx(means[-1], rel=1e-12)
    # Closure inside: pairs with thirds in the set; with outside it makes up the whole.
    events = [(float(t), frozenset(s), w) for t, s, w in history]
    for at, (t, chosen) in enumerate(rows):
        d = plain.degree_at(events, t)
        inside = plain.closure(d, chosen, chosen, product=False, outside=False)
        assert values["closure_min"][at] == pytest.approx(inside + values["closure_min_outside"][at])


@given(history=past, rows=asked, order=st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(history: History, rows: Asked, order: random.Random) -> None:
    base = found(history, rows, EACH)
    places = list(range(len(rows)))
    order.shuffle(places)
    assert np.array_equal(found(history, [rows[p] for p in places], EACH), base[:, places])
    letters = list(ACTORS)
    order.shuffle(letters)
    other = dict(zip(ACTORS, letters, strict=True))
    renamed = found(
        [(t, {other[a] for a in s}, w) for t, s, w in history], [(t, {other[a] for a in s}) for t, s in rows], EACH
    )
    np.testing.assert_allclose(renamed, base, rtol=1e-12, atol=1e-14)


@given(history=past, rows=asked)
def test_what_changes_nothing(history: History, rows: Asked) -> None:
    base = found(history, rows, EACH)
    decayed, plainly = base[len(HISTORY) :], base[1 : len(HISTORY)]
    np.testing.assert_allclose(found(history, rows, EACH, 1e15)[len(HISTORY) :], plainly, rtol=1e-9, atol=1e-12)
    last = min(t for t, _ in rows)
    early = [(t, s, w) for t, s, w in history if t < last] or [(last, {"A"}, 1.0)]
    first = [rows[p] for p in range(len(rows)) if rows[p][0] == last]
    at = [p for p in range(len(rows)) if rows[p][0] == last]
    np.testing.assert_allclose(found(early, first, EACH), base[:, at], rtol=1e-12, atol=1e-14)
    linear = [p for p, n in enumerate(HISTORY) if "prod" not in n and n != "size"]
    thrice = found([(t, s, 3 * w) for t, s, w in history], rows, HISTORY, None)
    np.testing.assert_allclose(thrice[linear], 3 * base[linear], rtol=1e-12, atol=1e-14)
    assert decayed.shape[0] == len(HISTORY) - 1
    for at_row, (t, chosen) in enumerate(rows):
        others = set(ACTORS) - chosen
        if others:
            more = found(
                [*history, (t - 1, others, 1.0)], [(t, chosen)], ["act_mean", "sub2_sum", "sub3_sum", "closure_min"]
            )
            same = [HISTORY.index(n) for n in ("act_mean", "sub2_sum", "sub3_sum", "closure_min")]
            assert more[:, 0] == pytest.approx(base[same, at_row])


@pytest.mark.usefixtures("storage")
def test_long_histories_with_short_half_lives_stay_exact() -> None:
    times = [0, 1, 300, 650, 651, 1400, 3000, 3001, 9000]  # in half-lives: far beyond what a float's exponent holds
    sets_ = [
        {"A", "B", "C"},
        {"A", "B"},
        {"B", "C"},
        {"A", "C", "D"},
        {"C", "D"},
        {"A", "B", "C"},
        {"B", "D"},
        {"A", "D"},
        {"E"},
    ]
    history = [(t, s, 1.0) for t, s in zip(times, sets_, strict=True)]
    rows = [(t + gap, {"A", "B", "C", "D"}) for t in times for gap in (1, 3)]
    values = found(history, rows, EACH, 1.0)
    events = [(float(t), frozenset(s), w) for t, s, w in history]
    for name, row in zip(EACH, values, strict=True):
        slowly = [plain.statistic(name, events, set(ACTORS), t, s, 1.0) for t, s in rows]
        np.testing.assert_allclose(row, slowly, rtol=1e-9, atol=1e-300, err_msg=name)


def test_rows_of_one_walk_may_come_in_parts(example: Example) -> None:
    whole = compute(example.events, example.time, example.sets, EACH, 10.0)
    walk = statistics.Walk(example.events, EACH, 10.0, 1e9)
    parts = [np.arange(0, 12), np.arange(12, 20), np.arange(20, 60)]
    pieces = [walk.fill(example.time[p], example.sets.take(p)) for p in parts]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)
    with pytest.raises(ValueError, match="before"):
        walk.fill(np.array([0.0]), example.sets.take(np.array([0])))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("act_men", "Near: act_mean"),
        ("sub0_mean", "is not a statistic"),
        ("closure", "Near: closure_"),
        ("", "Known: size"),
    ],
)
def test_an_unknown_statistic(example: Example, name: str, says: str) -> None:
    with pytest.raises(FormulaError, match=says):
        compute(example.events, example.time, example.sets, [name], 10.0)


@pytest.mark.parametrize("half_life", [None, 0.0, -1.0, math.nan, math.inf])
def test_decay_needs_a_half_life(example: Example, half_life: float | None) -> None:
    with pytest.raises(ModelError, match="half-life"):
        compute(example.events, example.time, example.sets, ["act_mean_d"], half_life)


def test_too_many_subsets_is_said() -> None:
    wide = [(1, "e1", [f"a{i:03}" for i in range(400)])]
    events = events_of(wide)
    sets = sets_of(pl.Series([wide[0][2]]), events.actors, "rows")
    with pytest.raises(ModelError, match="use the mean or the sum"):
        compute(events, np.array([2.0]), sets, ["sub3_max"])
    assert compute(events, np.array([2.0]), sets, ["sub3_mean"])[0, 0] == pytest.approx(1.0)


def test_geometric_weights_at_zero_are_activity() -> None:
    """With kappa 0 an event counts each shared member once; then the mean over members is activity."""
    history: History = [(0, {"A", "B", "C"}, 1.0), (1, {"A", "D"}, 2.0)]
    zero, activity = found(history, [(3, {"A", "B", "E"})], ["gwsub0", "act_mean"])
    assert zero[0] == pytest.approx(activity[0]) == pytest.approx((3 + 1 + 0) / 3)
