"""Published findings that the simulator's laws must reproduce, and where they do not."""

import math

import numpy as np
import pytest

from foedus.cyber import Parameters, arrays, simulate
from foedus.cyber.closed_forms import survival_of
from foedus.cyber.history import DWELL, dwell_median, jaccard_of, pooled_coverage, worm_doubling_minutes
from foedus.cyber.parameters import SIMULTANEOUS, lognormal
from foedus.cyber.simulate import alike


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2023, 2024, 2025])
def test_median_dwell_follows_from_internal_and_external(year: int) -> None:
    known, parts = DWELL[year]
    assert dwell_median(parts) == pytest.approx(known, rel=0.25)


def test_shape_of_dwell_out_of_sample() -> None:
    ransomware, others = lognormal(5, 2.32), lognormal(45, 2.69)
    assert dwell_median(((0.25, 5.0, 2.32), (0.75, 45.0, 2.69))) == pytest.approx(25.2, abs=0.1)
    assert 1 - survival_of(ransomware)(30) == pytest.approx(0.78, abs=0.005)
    assert 1 - survival_of(others)(30) == pytest.approx(0.44, abs=0.005)
    assert survival_of(ransomware)(700) == pytest.approx(0.017, abs=0.001)
    assert survival_of(ransomware)(700) < 1.7 * 0.01 + 1e-4 or survival_of(ransomware)(700) < 0.02


def test_overlap_of_two_feeds() -> None:
    rng = np.random.Generator(np.random.Philox(3))
    q, items = 0.03, 400_000
    one, two = (rng.random(items) < q for _ in range(2))
    assert (one & two).sum() / one.sum() == pytest.approx(q, abs=0.006)
    assert (one & two).sum() / (one | two).sum() == pytest.approx(jaccard_of(q), abs=0.004)
    assert pooled_coverage(q, 5) == pytest.approx(0.14, abs=0.005)
    six = rng.random((6, items)) < q
    assert (six[0] & six[1:].any(axis=0)).sum() / six[0].sum() == pytest.approx(0.14, abs=0.012)


def test_wannacry_doubling() -> None:
    assert worm_doubling_minutes(1, 200_000, 7.6) == pytest.approx(26, abs=0.5)
    assert worm_doubling_minutes(100, 200_000, 7.0) == pytest.approx(38, abs=0.5)


def test_notpetya_is_not_prevented_only_shortened() -> None:
    found = simulate(alike(6), Parameters(gap=SIMULTANEOUS, hunt=1.0), [tuple(range(6))], 20_000)
    assert found.averted == 0.0 and found.days_cut > 0.2


def test_removing_the_largest_giver_moves_volume_more_than_protection() -> None:
    # One member sees everything but shares attackers with few; the others resemble each other.
    rows = [(0, 1), (1, 2, 3), (1, 2, 4), (2, 3, 4), (1, 3, 4)]
    weights = [6.0, 1.0, 1.0, 1.0, 1.0]
    with_ = simulate(alike(5), Parameters(), rows, 40_000, weights=weights)
    from dataclasses import replace

    without = simulate(
        replace(alike(5), gives=np.array([0.0, 1, 1, 1, 1])), Parameters(), rows, 40_000, weights=weights
    )
    core = slice(2, 5)
    volume = with_.given[0] / with_.given.sum()
    lost = 1 - without.counts[core, arrays.AVERTED].sum() / with_.counts[core, arrays.AVERTED].sum()
    assert volume > 0.15 and abs(lost) < 0.02


def test_mean_of_dwell_needs_a_cut() -> None:
    found = simulate(alike(2), Parameters(), [(0, 1)], 100_000)
    assert found.days[:, arrays.ALONE].sum() / found.counts[:, arrays.HITS].sum() == pytest.approx(57.2, rel=0.02)
    assert 11 * math.exp(2.3**2 / 2) == pytest.approx(155, abs=1)
