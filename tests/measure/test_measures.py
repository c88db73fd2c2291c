"""Concentration, disparity and burden: known answers, properties, and the published table of NATO."""

import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import SchemaError
from foedus.measure import BURDEN, burden, concentration, effective_number, gini, herfindahl, log_range
from foedus.panel import FIGURES, state_figures
from foedus.record import Record

EXACT = 1e-12
ROUNDING = 1e-7  # a square root near zero turns a rounding error of 1e-16 into 1e-8
PRINTED = 5.1e-7  # the table gives six digits

values = st.lists(st.floats(1e-3, 1e9), min_size=2, max_size=40)
factor = st.floats(1e-3, 1e3)


def shares(of: list[float]) -> list[float]:
    return [v / math.fsum(of) for v in of]


@pytest.mark.parametrize(
    ("given_", "hhi", "con"),
    [
        ([1.0], 1.0, None),
        ([0.5, 0.5], 0.5, 0.0),
        ([0.25] * 4, 0.25, 0.0),
        ([1.0, 0.0], 1.0, 1.0),
        ([1.0, 0.0, 0.0, 0.0], 1.0, 1.0),
        ([0.5, 0.25, 0.25], 0.375, 0.25),
    ],
)
def test_known_concentration(given_: list[float], hhi: float, con: float | None) -> None:
    assert herfindahl(given_) == pytest.approx(hhi, abs=EXACT)
    assert effective_number(given_) == pytest.approx(1 / hhi, abs=EXACT)
    assert concentration(given_) == (con if con is None else pytest.approx(con, abs=EXACT))


@pytest.mark.parametrize("wrong", [[], [0.5, 0.6], [0.2], [2.0, -1.0], [math.nan, 1.0], [math.inf], [1.5, -0.5, 0.0]])
def test_what_is_no_share(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        herfindahl(wrong)
    if len(wrong) > 1:
        with pytest.raises(ValueError, match="shares"):
            concentration(wrong)


def test_concentration_of_fewer_than_two_is_not_defined() -> None:
    assert concentration([]) is None and concentration([1.0]) is None


@given(values, factor)
def test_concentration_properties(of: list[float], scale: float) -> None:
    con, hhi = concentration(shares(of)), herfindahl(shares(of))
    assert con is not None and 0 <= con <= 1
    assert 1 / len(of) - EXACT <= hhi <= 1 + EXACT
    assert concentration(shares(sorted(of))) == pytest.approx(con, abs=ROUNDING)
    assert concentration(shares([scale * v for v in of])) == pytest.approx(con, abs=ROUNDING)
    assert concentration(shares([of[0]] * len(of))) == pytest.approx(0, abs=ROUNDING)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([], None),
        ([3.0], None),
        ([0.0, 0.0], None),
        ([1.0, 1.0], 0.0),
        ([0.0, 1.0], 0.5),
        ([1.0, 3.0], 0.25),
        ([0, 0, 0, 1], 0.75),
    ],
)
def test_known_gini(given_: list[float], expected: float | None) -> None:
    assert gini(given_) == (expected if expected is None else pytest.approx(expected, abs=EXACT))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [([], None), ([3.0], None), ([2.0, 2.0], 0.0), ([1.0, math.e], 1.0), ([10.0, 1.0, 5.0], math.log(10))],
)
def test_known_log_range(given_: list[float], expected: float | None) -> None:
    assert log_range(given_) == (expected if expected is None else pytest.approx(expected, abs=EXACT))


@pytest.mark.parametrize("wrong", [[-1.0, 2.0], [math.nan, 1.0], [1.0, math.inf], [-math.inf]])
def test_what_has_no_disparity(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="values must be"):
        gini(wrong)
    with pytest.raises(ValueError, match="values must be"):
        log_range(wrong)
    with pytest.raises(ValueError, match="positive"):
        log_range([0.0, 1.0])


@given(values, factor)
def test_disparity_properties(of: list[float], scale: float) -> None:
    spread, unequal = log_range(of), gini(of)
    assert spread is not None and spread >= 0
    assert unequal is not None and 0 <= unequal <= 1 - 1 / len(of) + EXACT
    assert gini([scale * v for v in of]) == pytest.approx(unequal, abs=ROUNDING)
    assert log_range([scale * v for v in of]) == pytest.approx(spread, abs=ROUNDING)
    assert gini(of[::-1]) == unequal and gini(of * 2) == pytest.approx(unequal, abs=ROUNDING)
    assert gini([of[0]] * 5) == pytest.approx(0, abs=ROUNDING) and log_range([of[0]] * 5) == 0


@given(values)
def test_gini_is_the_mean_difference(of: list[float]) -> None:
    """The twin: half the relative mean absolute difference over all pairs."""
    n, total = len(of), math.fsum(of)
    pairs = math.fsum(abs(a - b) for a in of for b in of)
    assert gini(of) == pytest.approx(pairs / (2 * n * total), abs=ROUNDING)


# --- burden ---


def figures(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{"name": r["state"], "why_no_milex": "", **r} for r in rows], schema=FIGURES)


def test_shares_of_the_known_sum_to_one_and_the_unknown_have_none() -> None:
    frame = burden(
        figures(
            [
                {"state": "A", "milex_musd": 10.0, "gdp_musd": 100.0, "population": 1.0},
                {"state": "B", "milex_musd": 30.0, "gdp_musd": 300.0, "population": None},
                {"state": "C", "milex_musd": None, "gdp_musd": 600.0, "population": 3.0},
                {"state": "D", "milex_musd": 0.0, "gdp_musd": 0.0, "population": 0.0},
            ]
        )
    )
    assert frame.schema == BURDEN and frame["state"].to_list() == ["B", "A", "D", "C"]
    assert frame["burden_share"].to_list() == [0.75, 0.25, 0.0, None]
    assert frame["gdp_share"].to_list() == [0.75, 0.25, 0.0, None]  # among the same members as the burden
    assert frame["population_share"].to_list() == [None, 0.25, 0.0, 0.75]


@pytest.mark.parametrize("milex", [None, 0.0])
def test_nothing_known_or_nothing_spent_gives_no_share(milex: float | None) -> None:
    frame = burden(figures([{"state": s, "milex_musd": milex, "gdp_musd": 1.0, "population": 1.0} for s in "AB"]))
    assert frame["burden_share"].to_list() == [None, None]
    assert burden(figures([])).schema == BURDEN


def test_burden_asks_for_the_schema() -> None:
    with pytest.raises(SchemaError, match=r"gdp_musd: expected Float64, found no such column"):
        burden(pl.DataFrame({"state": ["A"]}))


@pytest.mark.parametrize("asked", ["nato", "csto", "eu", "warsaw pact", "triple alliance", "aes", "gcc-defence-2000"])
def test_burden_of_an_alliance_of_the_record(record: Record, asked: str) -> None:
    treaty = record.treaty(asked)
    frame = burden(state_figures(record, treaty.members_on(date(2024, 12, 31))))
    for column in ("burden_share", "gdp_share", "population_share"):
        known = frame[column].drop_nulls()
        assert known.is_empty() or known.sum() == pytest.approx(1, abs=EXACT)
        assert known.is_between(0, 1).all() and not known.is_nan().any()
    assert (frame["burden_share"].is_null() == (frame["why_no_milex"] != "")).all()


# --- the published table (NATO, NMC 7.0 and ATOP 4.01) ---

#        year n   sum CINC  HHI       CON       top       tech range    Gini
TABLE = [
    (1950, 12, 0.433268, 0.460196, 0.641189, 0.656506, 11, 2.645580, 0.438524),
    (1960, 15, 0.392410, 0.335091, 0.536282, 0.549027, 14, 3.469041, 0.471479),
    (1990, 16, 0.289325, 0.271503, 0.472161, 0.488889, 15, 3.535123, 0.348810),
    (2000, 19, 0.295642, 0.261345, 0.469371, 0.483331, 18, 2.745619, 0.361675),
    (2016, 29, 0.247127, 0.310245, 0.534426, 0.539210, 28, 3.416024, 0.447455),
]


@pytest.mark.parametrize("row", TABLE, ids=[str(r[0]) for r in TABLE])
def test_nato_by_capability_and_expenditure_per_soldier(shared_sources: Path, row: tuple[float, ...]) -> None:
    year, n, total, hhi, con, top, n_tech, spread, unequal = row
    atop = pl.read_csv(shared_sources / "atop_v4_01_member.csv", infer_schema_length=None).filter(
        pl.col("atopid") == 3180, pl.col("yrent") <= year, (pl.col("yrexit") == 0) | (pl.col("yrexit") > year)
    )
    nmc = pl.read_parquet(shared_sources / "cow_nmc_v7_0.parquet").filter(
        pl.col("year") == year, pl.col("ccode").is_in(atop["member"].unique().to_list())
    )
    cinc = nmc["cinc"].to_list()
    per_soldier = nmc.filter(pl.col("milper") > 0, pl.col("milex").is_not_null())
    tau = (per_soldier["milex"] / per_soldier["milper"]).to_list()
    p = shares(cinc)
    assert (len(cinc), len(tau)) == (n, n_tech)
    found = [math.fsum(cinc), herfindahl(p), concentration(p), max(p), log_range(tau), gini(tau)]
    assert found == pytest.approx([total, hhi, con, top, spread, unequal], abs=PRINTED)
