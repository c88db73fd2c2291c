"""S, kappa and pi: hand-sized values, the slow twin, published alliance-years, single pairs of ATOP."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import sources
from foedus.measure import cohesion, portfolio, similarity
from foedus.measure.similarity import Form

PRINTED = 5.1e-7
SINGLE = 2e-7  # the published columns are single precision
X, Y = [1, 1, 2, 3], [1, 2, 2, 1]


def votes(*profiles: list[int]) -> np.ndarray:
    return np.array(profiles, dtype=np.uint8) - 1


@pytest.mark.parametrize(
    ("form", "expected"),
    [("absolute", (0.25, 0.0, -0.0434783)), ("squared", (0.375, -0.25, -0.2903226))],
)
def test_hand_sized_values(form: Form, expected: tuple[float, ...]) -> None:
    found = similarity.scores(votes(X, Y), 2, form)
    twin = similarity.slow(X, Y, 2, form)
    assert (found.s[0, 1], found.kappa[0, 1], found.pi[0, 1]) == pytest.approx(expected, abs=5.1e-8)
    assert (twin.s.item(), twin.kappa.item(), twin.pi.item()) == pytest.approx(expected, abs=5.1e-8)


profiles = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(3)))
)


@given(profiles, st.sampled_from(["absolute", "squared"]), st.randoms(use_true_random=False))
def test_every_pair_equals_the_slow_twin(rows: tuple[list[int], ...], form: Form, chance) -> None:
    matrix = np.array(rows, dtype=np.uint8)
    weights = [chance.random() + 0.01 for _ in rows[0]]
    found, heavy = similarity.scores(matrix, 3, form), similarity.weighted_s(matrix, 3, np.array(weights), form)
    for i in range(3):
        for j in range(3):
            twin = similarity.slow(rows[i], rows[j], 3, form)
            for ours, theirs in ((found.s, twin.s), (found.kappa, twin.kappa), (found.pi, twin.pi)):
                assert ours[i, j] == pytest.approx(theirs.item(), abs=1e-9, nan_ok=True)
            weighted = similarity.slow(rows[i], rows[j], 3, form, weights)
            assert heavy[i, j] == pytest.approx(weighted.s.item(), abs=1e-9)
    assert (found.s <= 1 + 1e-12).all() and (found.s >= -1 - 1e-12).all()
    assert np.array_equal(found.kappa, found.kappa.T, equal_nan=True)


@given(profiles)
def test_pi_is_never_above_kappa(rows: tuple[list[int], ...]) -> None:
    found = similarity.scores(np.array(rows, dtype=np.uint8), 3, "squared")
    known = ~np.isnan(found.kappa) & ~np.isnan(found.pi)
    assert (found.pi[known] <= found.kappa[known] + 1e-9).all()  # a common margin expects no more disagreement


def test_no_variance_is_null_and_not_one() -> None:
    found = similarity.scores(np.full((2, 5), 3, dtype=np.uint8), 3)
    assert found.s[0, 1] == 1 and math.isnan(found.kappa[0, 1]) and math.isnan(found.pi[0, 1])


def test_what_is_no_profile() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        similarity.scores(np.array([[2]], dtype=np.uint8), 1)
    with pytest.raises(ValueError, match="weights"):
        similarity.weighted_s(np.array([[1, 0]], dtype=np.uint8), 1, np.array([-1.0, 2.0]))
    unknown = similarity.weighted_s(np.array([[1, 0]], dtype=np.uint8), 1, np.array([np.nan, np.nan]))
    assert np.isnan(unknown).all()


def test_an_unknown_weight_leaves_its_item_out() -> None:
    rows = np.array([[3, 0, 1], [3, 3, 1]], dtype=np.uint8)
    assert similarity.weighted_s(rows, 3, np.array([1.0, np.nan, 1.0]))[0, 1] == 1


def test_roll_calls_with_absences() -> None:
    cast = np.array([[*X * 3, 0, 1], [*Y * 3, 2, 0], [0] * 14], dtype=np.int8)
    for form, expected in (("absolute", (0.25, 0.0, -0.0434783)), ("squared", (0.375, -0.25, -0.2903226))):
        found, shared = similarity.vote_scores(cast, form)  # type: ignore[arg-type]
        assert (found.s[0, 1], found.kappa[0, 1], found.pi[0, 1]) == pytest.approx(expected, abs=5.1e-8)
        assert shared[0, 1] == 12 and shared[0, 2] == 0 and math.isnan(found.s[0, 2])
    with pytest.raises(ValueError, match="votes"):
        similarity.vote_scores(np.array([[4]], dtype=np.int8))


def test_ideal_points() -> None:
    distance, sd = similarity.ideal_distance(np.array([1.0, -0.5, np.nan]), np.array([0.3, 0.4, 0.1]))
    assert distance[0, 1] == 1.5 and sd[0, 1] == pytest.approx(0.5) and math.isnan(distance[0, 2])
    assert np.isnan(similarity.ideal_distance(np.array([1.0]))[1]).all()


def test_aggregates_of_few_members_and_of_missing_pairs() -> None:
    score = np.array([[1, 0.5, np.nan], [0.5, 1, np.nan], [np.nan, np.nan, 1]])
    alone = cohesion.among_members(score, np.array([0]))
    assert alone.mean is None and "two members" in alone.why
    most_missing = cohesion.among_members(score, np.array([0, 1, 2]), np.ones(3))
    assert (most_missing.mean, most_missing.least, most_missing.n_missing) == (0.5, None, 2)
    pair = cohesion.among_members(score, np.array([0, 1]))
    assert pair.weakest == (0, 1) and pair.capw is None and "capability" in pair.why
    assert cohesion.among_members(score, np.array([0, 2])).mean is None


# --- against the scholarly data ---


@cache
def cinc_of(folder: Path) -> dict[int, dict[int, float]]:
    nmc = sources.read("nmc", folder).drop_nulls("cinc")
    return {int(year): dict(zip(part["ccode"], part["cinc"], strict=True)) for (year,), part in nmc.group_by("year")}


@cache
def atop(folder: Path) -> dict[int, portfolio.Portfolio]:
    ties = portfolio.atop_ties(sources.read("atop_dyads", folder))
    system = portfolio.cow_system(sources.read("cow_states", folder))
    years = {y: system[y] for y in (1950, 1980, 2016)}
    return {p.year: p for p in portfolio.portfolios(ties, years)}


def members(folder: Path, atopid: int, year: int) -> list[int]:
    rows = sources.read("atop_members_v4_01", folder).filter(
        pl.col("atopid") == atopid, pl.col("yrent") <= year, (pl.col("yrexit") == 0) | (pl.col("yrexit") > year)
    )
    return sorted({int(m) for m in rows["member"]})


PAIRS = [
    (1950, 2, 200, 75, 0.333333, 0.333333, 0.535080, 0.333333, 0.275222, 0.275222, 0.242271, 0.275222),
    (1950, 2, 365, 75, -0.057778, -0.051852, -0.454886, -0.066667, -0.176664, -0.177837, -0.281499, -0.184834),
    (2016, 2, 200, 195, 0.552137, 0.604558, 0.736040, 0.610256, 0.494409, 0.445710, 0.476714, 0.620000),
    (2016, 2, 710, 195, 0.206838, 0.343590, -0.046065, 0.138462, 0.066408, 0.019502, -0.062895, 0.207547),
    (1980, 365, 290, 156, 0.871795, 0.905983, 0.614643, 0.858974, 0.701035, 0.680744, 0.697538, 0.804645),
]
COLUMNS = ("s_abs", "s_sq", "s_abs_cinc", "s_binary", "kappa_abs", "kappa_sq", "pi_abs", "kappa_binary")


@pytest.mark.parametrize("row", PAIRS, ids=[f"{r[0]}-{r[1]}-{r[2]}" for r in PAIRS])
def test_single_pairs(shared_sources: Path, row: tuple[float, ...]) -> None:
    year, one, two, n, *expected = row
    held = atop(shared_sources)[int(year)]
    found = cohesion.year_scores(held, cohesion.weights_of(held, cinc_of(shared_sources)))
    i, j = held.at([int(one)])[0], held.at([int(two)])[0]
    assert len(held.cow) == n
    assert [found[c][i, j] for c in COLUMNS] == pytest.approx(expected, abs=PRINTED)


@pytest.mark.parametrize(
    ("year", "n", "expected"),
    [(1950, 12, (0.855828, 0.275222, 0.431666)), (2016, 29, (0.877291, 0.390225, 0.565224))],
)
def test_nato_is_cohesive_until_weighted(shared_sources: Path, year: int, n: int, expected: tuple[float, ...]) -> None:
    held = atop(shared_sources)[year]
    cinc = cohesion.weights_of(held, cinc_of(shared_sources))
    at = held.at(members(shared_sources, 3180, year))
    found = cohesion.among_members(cohesion.year_scores(held)["kappa_abs"], at, cinc)
    assert len(at) == n
    assert (found.mean, found.least, found.capw) == pytest.approx(expected, abs=PRINTED)


def test_binary_nato_1990(shared_sources: Path) -> None:
    ties = portfolio.atop_ties(sources.read("atop_dyads", shared_sources))
    system = portfolio.cow_system(sources.read("cow_states", shared_sources))
    (held,) = portfolio.portfolios(ties, {1990: system[1990]})
    found, at = cohesion.year_scores(held), held.at(members(shared_sources, 3180, 1990))
    means = [cohesion.among_members(found[c], at).mean for c in ("kappa_abs", "kappa_binary")]
    assert means == pytest.approx([0.8952, 0.9029], abs=5.1e-5)


GERMAN = [245, 255, 267, 269, 271, 273, 275, 300]
PACTS = [GERMAN, [200, 255, 300, 365], [300, 329], [300, 337], [200, 235], [200, 380]]


def confederation(folder: Path) -> portfolio.Portfolio:
    """The system of 1816 with the defence pacts of that year in the COW list."""
    cow = portfolio.cow_system(sources.read("cow_states", folder))[1816]
    rows = [(a, b, 1816, 3) for pact in PACTS for a in pact for b in pact if a != b]
    (held,) = portfolio.portfolios(pl.DataFrame(rows, schema=portfolio.TIES, orient="row"), {1816: cow})
    return held


def test_the_german_confederation_as_published(shared_sources: Path) -> None:
    held = confederation(shared_sources)
    cinc = cohesion.weights_of(held, cinc_of(shared_sources))
    found, at = cohesion.year_scores(held, cinc), held.at(GERMAN)
    assert len(held.cow) == 23 and cinc is not None
    sums = {c: cohesion.among_members(found[c], at) for c in ("s_abs_cinc", "kappa_abs", "pi_abs")}
    values = [v for c in sums for v in (sums[c].mean, sums[c].least)]
    assert values == pytest.approx([0.577340, -0.011379, 0.881455, 44 / 67, 0.878837, 42 / 65], abs=PRINTED)
    file = [0.5773399, -0.0113789, 0.8814554, 0.6567164, 0.8788372, 0.6461539]
    assert values == pytest.approx(file, abs=SINGLE)
    wrong = 1 - (1 - found["s_abs_cinc"]) * cinc.sum()  # as when the weights are not normalised
    assert cohesion.among_members(wrong, at).mean == pytest.approx(0.554726, abs=PRINTED)
    assert cohesion.among_members(wrong, at).least == pytest.approx(-0.065492, abs=PRINTED)


def test_a_frame_of_all_pairs(shared_sources: Path) -> None:
    frame = cohesion.dyad_similarity([confederation(shared_sources)])
    assert frame.schema == cohesion.DYAD_SIMILARITY and frame.height == 23 * 22 // 2
    assert frame["s_abs_cinc"].null_count() == frame.height and frame["kappa_abs"].null_count() == 0


def test_published_alliance_years_from_cow(shared_sources: Path) -> None:
    """All six published columns, where membership and ties are the same in the versions at hand (32 of 44 rows)."""
    published = sources.read("fp_similarity", shared_sources).filter(pl.col("year") < 1830)
    system = portfolio.cow_system(sources.read("cow_states", shared_sources))
    ties = portfolio.cow_ties(sources.read("cow_alliances", shared_sources))
    exact = 0
    for held in portfolio.portfolios(ties, {y: system[y] for y in range(1816, 1830)}):
        found = cohesion.year_scores(held, cohesion.weights_of(held, cinc_of(shared_sources)))
        for atopid, _, *expected in published.filter(pl.col("year") == held.year).rows():
            at = held.at(members(shared_sources, atopid, held.year))
            sums = [cohesion.among_members(found[c], at) for c in ("s_abs_cinc", "pi_abs", "kappa_abs")]
            values = [v for s in sums for v in (s.mean, s.least)]
            exact += None not in values and values == pytest.approx(expected, abs=SINGLE)
    assert exact == 32
