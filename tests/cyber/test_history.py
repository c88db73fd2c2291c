"""Published findings that the simulator's laws must reproduce, and where they do not."""

import math

import numpy as np
import pytest

from foedus.cyber import CyberError, Parameters, arrays, simulate
from foedus.cyber.closed_forms import survival_of
from foedus.cyber.history import DWELL, dwell_median, jaccard_of, pooled_coverage
from foedus.cyber.parameters import SIMULTANEOUS, fixed, lognormal
from foedus.cyber.simulate import alike
from foedus.cyber.worm import DETECTED, doubling_minutes, logistic, spread


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
    assert doubling_minutes(1, 200_000, 7.6) == pytest.approx(26, abs=0.5)
    assert doubling_minutes(100, 200_000, 7.0) == pytest.approx(38, abs=0.5)


@pytest.mark.parametrize("origin", ["RUS", "GBR"])
@pytest.mark.parametrize("at_home", [0.0, 0.9])
@pytest.mark.parametrize(("first", "minutes", "hours"), [(1.0, 26.0, 7.6), (100.0, 38.0, 7.0)])
def test_wannacry_within_and_between_countries(
    origin: str, at_home: float, first: float, minutes: float, hours: float
) -> None:
    """Free: how many machines were vulnerable (300,000), what stays at home. Asked: doubling, and the later order."""
    rate = 60.0 * math.log(2.0) / minutes
    exposed = 300_000 * np.array(list(DETECTED.values())) / sum(DETECTED.values())
    seeds = np.where([c == origin for c in DETECTED], first, 0.0)
    # While few are infected the sum doubles as asked, whatever stays at home.
    one, two = (spread(exposed, seeds / 1000.0, rate, h, at_home=at_home).sum() for h in (1.0, 2.0))
    assert doubling_minutes(one, two, 1.0) == pytest.approx(minutes, rel=0.02)
    afternoon = spread(exposed, seeds, rate, hours, at_home=at_home)
    assert 20_000 < afternoon.sum() < 2_000_000
    # The three most exposed are the three most infected, wherever it began; all but the tail follow exposure.
    assert (np.argsort(-afternoon)[:3] == [0, 1, 2]).all()


def test_a_worm_in_one_population_is_the_logistic() -> None:
    exposed = np.array([500.0, 1500.0])
    found = spread(exposed, exposed * 0.01, 1.6, 3.0, at_home=0.0)
    assert found.sum() == pytest.approx(logistic(2000, 20, 1.6, 3.0), rel=1e-6)
    assert spread(exposed, exposed * 0.01, 1.6, 3.0, at_home=0.7) == pytest.approx(found)  # alike everywhere
    with pytest.raises(CyberError, match="no more infected than exposed"):
        spread(exposed, exposed * 2, 1.0, 1.0)


def test_alerts_weeks_ahead_protect_those_who_act() -> None:
    """81 of 236 trusts were hit despite alerts weeks before: at most 66 % acted, if all who did not were reached."""
    params = Parameters(gap=fixed(42.0), detect=fixed(0.1), release=fixed(0.1), act=fixed(0.1), rotation=0.0, block=1.0)
    acted = 1 - 81 / 236
    found = simulate(alike(2), params.with_(behaviour=0.0, compliance=acted), [(0, 1)], 20_000)
    assert 1 - 2 * found.averted == pytest.approx(81 / 236, abs=0.015)


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
