"""Rank correlations, the signed rank test, guideline gaps and exposure."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import sources
from foedus.measure.concordance import concordance, signed_rank
from foedus.measure.exposure import capitals_km, exposed_border_km, great_circle_km, rivalries_of
from foedus.measure.guideline import gap
from foedus.measure.rank import incomplete_beta, mid_ranks, rank_correlation, student_p
from foedus.record import Record

PRINTED = 5.1e-7

# Military expenditure of NATO members, per cent of GDP, 2014 and 2024e: NATO, June 2024, as reprinted.
SHARES = {
    "POL": (1.88, 4.12),
    "EST": (1.93, 3.43),
    "USA": (3.71, 3.38),
    "LVA": (0.94, 3.15),
    "GRC": (2.22, 3.08),
    "LTU": (0.88, 2.85),
    "FIN": (1.45, 2.41),
    "DNK": (1.15, 2.37),
    "GBR": (2.14, 2.33),
    "ROU": (1.35, 2.25),
    "MKD": (1.09, 2.22),
    "NOR": (1.54, 2.20),
    "BGR": (1.31, 2.18),
    "SWE": (1.06, 2.14),
    "DEU": (1.19, 2.12),
    "HUN": (0.86, 2.11),
    "CZE": (0.94, 2.10),
    "TUR": (1.45, 2.09),
    "FRA": (1.82, 2.06),
    "NLD": (1.15, 2.05),
    "ALB": (1.35, 2.03),
    "MNE": (1.50, 2.02),
    "SVK": (0.98, 2.00),
    "HRV": (1.81, 1.81),
    "PRT": (1.31, 1.55),
    "ITA": (1.14, 1.49),
    "CAN": (1.01, 1.37),
    "BEL": (0.97, 1.30),
    "LUX": (0.37, 1.29),
    "SVN": (0.97, 1.29),
    "ESP": (0.92, 1.28),
}
EARLY, LATE = [s[0] for s in SHARES.values()], [s[1] for s in SHARES.values()]


def test_the_shares_of_nato() -> None:
    assert len(SHARES) == 31
    assert [sum(v >= 2 for v in column) for column in (EARLY, LATE)] == [3, 23]
    assert [float(np.median(c)) for c in (EARLY, LATE)] == [1.19, 2.11]
    assert [float(np.mean(c)) for c in (EARLY, LATE)] == pytest.approx([1.3674, 2.1958], abs=5.1e-5)
    found = rank_correlation(EARLY, LATE)
    assert (found.rho, found.tau_b) == pytest.approx((0.466761, 0.355368), abs=PRINTED)
    assert found.low is not None and found.high is not None and found.rho is not None
    assert found.low < found.rho < found.high


def moscow_km(folder: Path, record: Record) -> list[float]:
    last = sources.read("capitals", folder).sort("enddate").unique("ccode", keep="last")
    place = {c: (lat, lon) for c, lat, lon in last.select("ccode", "lat", "lng").iter_rows()}
    cow = [record.states[code].cow for code in SHARES]
    return [great_circle_km(*place[c], *place[365]) for c in cow]


def test_nearness_to_moscow_orders_the_change(shared_sources: Path, record: Record) -> None:
    far = moscow_km(shared_sources, record)
    near = dict(zip(SHARES, far, strict=True))
    checked = [near[s] for s in ("LTU", "LVA", "EST", "FIN", "POL")]
    assert checked == pytest.approx([788.766, 844.689, 874.898, 900.519, 1147.089], abs=5.1e-4)
    # The published figure breaks ties by the rounding of binary fractions; ranks of the true decimals give -0.823031.
    change = [b - a for a, b in SHARES.values()]
    early, late, moved = (rank_correlation(far, c) for c in (EARLY, LATE, change))
    assert (early.rho, late.rho, moved.rho) == pytest.approx((0.139197, -0.552475, -0.822545), abs=PRINTED)
    assert moved.tau_b == pytest.approx(-0.631467, abs=PRINTED)
    assert early.p == pytest.approx(0.455, abs=5.1e-4) and late.p == pytest.approx(0.0013, abs=5.1e-5)
    assert moved.p is not None and moved.p < 1.5e-8 and moved.p_permuted == pytest.approx(1 / 10_001)


def test_size_does_not_order_the_shares(shared_sources: Path, record: Record) -> None:
    frame = sources.read("nmc", shared_sources).filter(pl.col("year") == 2022)
    people = dict(frame.select("ccode_state", "tpop").iter_rows())
    found = rank_correlation([people[s] for s in SHARES], LATE)
    assert found.rho == pytest.approx(-0.014518, abs=PRINTED)


@pytest.mark.parametrize(
    ("rho", "n", "p"),
    [
        (0.769231, 13, 0.002112),
        (0.747253, 13, 0.003327),
        (0.604396, 13, 0.028673),
        (0.318681, 13, 0.288583),
        (0.549451, 13, 0.051771),
        (0.494324, 18, 0.037044),
        (0.453044, 18, 0.059017),
    ],
)
def test_p_of_printed_correlations(rho: float, n: int, p: float) -> None:
    assert student_p(rho * math.sqrt((n - 2) / (1 - rho**2)), n - 2) == pytest.approx(p, abs=2e-6)


def test_closed_forms_of_the_beta_function() -> None:
    for x in (0.0, 0.1, 0.5, 0.93, 1.0):
        assert incomplete_beta(1, 1, x) == pytest.approx(x)
        assert incomplete_beta(3, 1, x) == pytest.approx(x**3)
        assert incomplete_beta(1, 4, x) == pytest.approx(1 - (1 - x) ** 4)
    assert student_p(1.0, 1) == pytest.approx(0.5)  # Cauchy
    assert student_p(math.sqrt(2), 2) == pytest.approx(1 - math.sqrt(0.5))


def test_undefined_correlations_say_why() -> None:
    assert "at least 3" in rank_correlation([1, 2, None], [1, 2, 3]).why
    assert "same for all" in rank_correlation([1, 1, 1], [1, 2, 3]).why
    whole = rank_correlation([1, 2, 3, 4], [2, 4, 6, 8])
    assert (whole.rho, whole.p, whole.low) == (1.0, 0.0, None)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=25))
def test_rank_correlation_properties(pairs: list[tuple[int, int]]) -> None:
    x, y = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found, back = rank_correlation(x, y, 20), rank_correlation(y, [-v for v in x], 20)
    if found.rho is None:
        return
    assert found.tau_b is not None and back.rho is not None and found.p is not None
    assert -1 <= found.rho <= 1 and -1 <= found.tau_b <= 1 and 0 <= found.p <= 1
    assert back.rho == pytest.approx(-found.rho)
    twin = [sum(b < a for b in x) + (sum(b == a for b in x) + 1) / 2 for a in x]
    assert mid_ranks(np.array(x)).tolist() == twin


def test_signed_rank_exact() -> None:
    found = signed_rank([1.0, 2.0, 3.0, 4.0, 5.0, 0.0])
    assert (found.n, found.n_zero, found.plus, found.exact) == (5, 1, 15.0, True)
    assert found.p == 2 / 32
    assert signed_rank([1.0, -2.0, 3.0]).p == pytest.approx(6 / 8)  # sums 0, 1, 2 of eight subsets, twice
    assert signed_rank([]).p is None and signed_rank([0.0]).n_zero == 1


def test_signed_rank_with_ties_is_approximate() -> None:
    found = signed_rank([1.0, 1.0, -1.0, 2.0])
    z = (found.plus - 5) / math.sqrt(4 * 5 * 9 / 24 - (27 - 3) / 48)
    assert not found.exact and found.plus == 8 and found.p == pytest.approx(math.erfc(z / math.sqrt(2)))


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=9, unique_by=abs))
def test_signed_rank_equals_its_twin(values: list[int]) -> None:
    kept = sorted((v for v in values if v), key=abs)
    found, n = signed_rank([float(v) for v in values]), len(kept)
    if not n:
        return
    middle = n * (n + 1) / 4
    sums = [sum(r for r in range(1, n + 1) if signs >> (r - 1) & 1) for signs in range(2**n)]
    assert found.p == pytest.approx(sum(abs(s - middle) >= abs(found.plus - middle) for s in sums) / 2**n)


def test_concordance_over_a_grid_of_proxies() -> None:
    found = concordance([0.7, 0.2, 0.1, None], {"gdp": [0.5, 0.3, 0.2, 0.1], "people": [0.4, 0.3, None, 0.3]})
    assert [(c.proxy, c.n, c.n_far) for c in found] == [("gdp", 3, 3), ("people", 2, 2), ("gdp + people", 2, 2)]
    assert concordance([0.0, 0.0], {"gdp": [1.0, 1.0]}) == []


def test_gaps() -> None:
    shares = {2021: 1.0, 2024: 1.6}
    found = gap(shares, 2024, 2.0, 1000.0)
    assert (found.points, found.money, found.years) == pytest.approx((0.4, 4.0, 2.0))
    assert gap(shares, 2024, 1.5).years == 0 and "GDP" in gap(shares, 2024, 1.5).why
    assert gap(shares, 2023, 2.0).points is None
    assert "no pace" in gap(shares, 2021, 2.0).why
    assert "not grown" in gap({2021: 1.6, 2024: 1.6}, 2024, 2.0).why


def test_exposure_of_nato(record: Record) -> None:
    day = date(1985, 1, 1)
    found = rivalries_of(record, record.treaty("nato").members_on(day), day)
    assert ("GRC", "TUR") in found.inside and ("USA", "RUS") in found.outside
    assert found.nearest_km is not None and found.nearest is not None and found.nearest[1] not in ("GRC", "TUR")
    assert rivalries_of(record, [], day).nearest is None
    assert capitals_km(record, "USA", "USA", day) == 0


def test_a_border_with_an_ally_counts_nothing(record: Record) -> None:
    alone, together = exposed_border_km(record, "PRT", ["PRT"]), exposed_border_km(record, "PRT", ["PRT", "ESP"])
    coast = record.figure("PRT", "coastline_km")
    assert coast is not None and together == coast.value and alone is not None and alone > together
    assert exposed_border_km(record, "AUH", ["AUH"]) is None
