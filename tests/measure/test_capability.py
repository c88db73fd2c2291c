"""CINC from its components, concentration among the majors, disparity, blocs and polarisation."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import sources
from foedus.measure import blocs, cinc, concentration, polarity, portfolio
from foedus.measure.disparity import least_to_median, log_spread

PRINTED = 5.1e-7


def test_a_missing_component_is_left_out_and_not_zero() -> None:
    frame = pl.DataFrame(
        {"year": [1, 1, 2, 2], "a": [1, 3, 0, 0], "b": [None, 5, None, None]},
        schema_overrides={"b": pl.Int32},
    )
    assert cinc.composite(frame, ("a", "b"))["cinc_from_components"].to_list() == [0.25, 0.875, None, None]


def test_shares() -> None:
    assert cinc.shares([1.0, None, 3.0]) == [0.25, None, 0.75]
    assert cinc.shares([0.0, None]) == [None, None] and cinc.shares([]) == []
    with pytest.raises(ValueError, match="negative"):
        cinc.shares([-1.0, 2.0])


def test_net_power_divides_by_no_empty_state() -> None:
    frame = pl.DataFrame({"gdp": [4.0, 1.0, None], "population": [2.0, 0.0, 1.0]})
    assert frame.select(cinc.net_power(pl.col("gdp"), pl.col("population"))).to_series().to_list() == [8.0, None, None]


@pytest.mark.parametrize(("shares", "n"), [([], 0), ([0.0], 0), ([1.0], 1), ([0.4, 0.2, 0.19], 2), ([1, 1, 1], 3)])
def test_poles(shares: list[float], n: int) -> None:
    assert polarity.poles(shares) == n


def test_two_blocs() -> None:
    assert polarity.two_blocs(0.5, 0.5) == 1 and polarity.two_blocs(0.3, 0.0) == 0
    assert polarity.two_blocs(0.0, 0.0) is None
    with pytest.raises(ValueError, match="two blocs"):
        polarity.two_blocs(0.8, 0.3)


@pytest.mark.parametrize(("shares", "expected"), [((0.5, 0.5), 0.203063), ((0.6, 0.4), 0.196467)])
def test_polarisation_of_two_groups(shares: tuple[float, float], expected: float) -> None:
    apart = 1 - np.eye(2)
    assert polarity.polarisation(np.array(shares), apart) == pytest.approx(expected, abs=PRINTED)
    assert polarity.polarisation(np.array([1.0]), np.zeros((1, 1))) is None


def test_spread() -> None:
    assert log_spread([1.0, math.e**2]) == pytest.approx(1) and log_spread([3.0]) is None
    assert least_to_median([1.0, 2.0, 4.0]) == 0.5 and least_to_median([]) is None
    with pytest.raises(ValueError, match="positive"):
        log_spread([0.0, 1.0])


def test_two_triangles_joined_by_one_edge() -> None:
    graph = np.zeros((7, 7), dtype=bool)
    for a, b in [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)]:
        graph[a, b] = graph[b, a] = True
    found = blocs.best(graph, 5)
    assert found.groups.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert found.modularity == pytest.approx(5 / 14)
    assert blocs.components(graph).modularity == pytest.approx(0)
    assert blocs.best(np.zeros((3, 3), dtype=bool)).modularity is None


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_modularity_equals_its_twin(edges: list[tuple[int, int]]) -> None:
    graph = np.zeros((8, 8), dtype=bool)
    for a, b in edges:
        graph[a, b] = graph[b, a] = a != b
    groups = np.arange(8) % 3
    degree, twice = graph.sum(axis=1), graph.sum()
    found = blocs.modularity(graph, groups)
    if twice == 0:
        assert found is None
        return
    pairs = [(i, j) for i in range(8) for j in range(8) if groups[i] == groups[j]]
    assert found == pytest.approx(sum(graph[i, j] - degree[i] * degree[j] / twice for i, j in pairs) / twice)
    best, parts = blocs.best(graph, 3), blocs.components(graph)
    assert best.modularity is not None and parts.modularity is not None
    assert parts.modularity <= best.modularity <= 1 and best.modularity == blocs.best(graph, 3).modularity


# --- against the scholarly data ---


@cache
def nmc(folder: Path) -> pl.DataFrame:
    return cinc.composite(sources.read("nmc", folder))


def test_cinc_is_reproduced_for_every_state_year(shared_sources: Path) -> None:
    frame = nmc(shared_sources)
    error = (frame["cinc"] - frame["cinc_from_components"]).abs()
    assert frame.height == 17_121 and error.null_count() == 0 and float(str(error.max())) < 2.5e-8
    as_zero = cinc.composite(frame.with_columns(pl.col(cinc.COMPONENTS).fill_null(0)))  # the wrong rule
    wrong = (as_zero["cinc"] - as_zero["cinc_from_components"]).abs()
    assert (wrong > 1e-6).sum() == 2_719 and float(str(wrong.max())) == pytest.approx(0.058, abs=5e-4)
    missing = [round(100 * frame[c].null_count() / frame.height, 1) for c in ("milex", "milper", "pec", "upop", "tpop")]
    assert missing == [13.8, 2.7, 2.6, 0.4, 0.0]
    sums = frame.group_by("year").agg(pl.col("cinc").sum())["cinc"]
    assert [round(float(str(v)), 6) for v in (sums.min(), sums.max())] == pytest.approx([1.0, 1.074718], abs=2e-6)


VALUES = [
    (2, 1950, 0.284443),
    (365, 1950, 0.180598),
    (2, 2016, 0.133254),
    (710, 2016, 0.230825),
    (200, 1870, 0.241634),
    (255, 1914, 0.158201),
    (740, 1940, 0.050718),
    (750, 2000, 0.069259),
    (20, 1990, 0.011007),
]


def test_single_values_and_totals(shared_sources: Path) -> None:
    frame = nmc(shared_sources)
    for state, year, expected in VALUES:
        found = frame.row(by_predicate=(pl.col("ccode") == state) & (pl.col("year") == year), named=True)
        assert found["cinc_from_components"] == pytest.approx(expected, abs=PRINTED)
    totals = frame.filter(pl.col("year") == 1950).select(pl.col(cinc.COMPONENTS).cast(pl.Float64).sum()).row(0)
    expected_totals = (4.460004e7, 17_492, 168_611, 2_297_288, 2_144_164, 267_805)
    assert totals == pytest.approx(expected_totals, rel=1e-6)
    first = frame.filter(pl.col("year") == 1816)["cinc_from_components"].sum()
    assert first == pytest.approx(1.053505, abs=PRINTED)


MAJORS = [
    (1816, 0.329629, 0.301565),
    (1913, 0.237797, 0.213492),
    (1950, 0.331668, 0.302347),
    (1990, 0.305369, 0.302744),
    (2016, 0.461864, 0.465884),
]


@pytest.mark.parametrize("row", MAJORS, ids=[str(r[0]) for r in MAJORS])
def test_concentration_of_the_majors(shared_sources: Path, row: tuple[float, ...]) -> None:
    year, by_cinc, among_themselves = row
    listed = sources.read("cow_majors", shared_sources).filter(pl.col("styear") <= year, pl.col("endyear") >= year)
    of_year = nmc(shared_sources).filter(pl.col("year") == year, pl.col("ccode").is_in(listed["ccode"].to_list()))
    own = cinc.composite(of_year)  # Ray and Singer's own way: shares among the majors only
    for column, frame, expected in (("cinc", of_year, by_cinc), ("cinc_from_components", own, among_themselves)):
        parts = [s for s in cinc.shares(frame[column].to_list()) if s is not None]
        assert concentration(parts) == pytest.approx(expected, abs=PRINTED)


SPREAD = [
    (1950, 0.294436, 0.803189),
    (1960, 0.166425, 0.955474),
    (1990, 0.056773, 0.921153),
    (2000, 0.149501, 0.852830),
    (2016, 0.165778, 0.919632),
]


@pytest.mark.parametrize("row", SPREAD, ids=[str(r[0]) for r in SPREAD])
def test_disparity_of_nato(shared_sources: Path, row: tuple[float, ...]) -> None:
    year, gap, spread = row
    members = sources.read("atop_members_v4_01", shared_sources).filter(
        pl.col("atopid") == 3180, pl.col("yrent") <= year, (pl.col("yrexit") == 0) | (pl.col("yrexit") > year)
    )
    frame = nmc(shared_sources).filter(
        pl.col("year") == year, pl.col("ccode").is_in(members["member"].to_list()), pl.col("milper") > 0
    )
    tau = (frame["milex"] / frame["milper"]).drop_nulls().to_list()
    assert (least_to_median(tau), log_spread(tau)) == pytest.approx((gap, spread), abs=PRINTED)


GRAPHS = [
    (1950, 75, 312, 0.006390, 0.4435),
    (1980, 156, 696, 0.080191, 0.6211),
    (2016, 195, 1_707, 0.002341, 0.6730),
]


@pytest.mark.parametrize("row", GRAPHS, ids=[str(r[0]) for r in GRAPHS])
def test_modularity_of_the_defence_graph(shared_sources: Path, row: tuple[float, ...]) -> None:
    year, n_states, n_edges, parts, searched = row
    dyads = sources.read("atop_dyads", shared_sources).filter(pl.col("atop_defense") == 1, pl.col("year") == year)
    system = portfolio.cow_system(sources.read("cow_states", shared_sources))
    (held,) = portfolio.portfolios(portfolio.atop_ties(dyads), {int(year): system[int(year)]})
    graph = blocs.defence_graph(held.ties)
    assert (len(graph), graph.sum() // 2) == (n_states, n_edges)
    assert blocs.components(graph).modularity == pytest.approx(parts, abs=1e-6)
    assert blocs.best(graph).modularity == pytest.approx(searched, abs=0.005)
