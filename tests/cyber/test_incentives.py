"""Investment and sharing games against direct minimisation, and figures worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from foedus.cyber import CyberError
from foedus.cyber.incentives import Breach, BreachClass, protection_threshold, sharers_needed, with_sharing

LOSS = 1e6


def test_best_investment() -> None:
    first, second = (Breach(0.5, LOSS, 1e-5, kind=k) for k in ("I", "II"))
    assert first.best() == pytest.approx(123_606.80, abs=0.01)
    assert second.best() == pytest.approx(179_316.17, abs=0.01)
    assert 0.5 * LOSS / math.e == pytest.approx(183_939.72, abs=0.01)


@given(
    st.floats(0.05, 0.95), st.floats(1e3, 1e7), st.floats(1e-6, 1e-3), st.floats(1.0, 3.0), st.sampled_from(["I", "II"])
)
def test_best_is_the_minimum_and_below_the_bound(
    v: float, loss: float, alpha: float, beta: float, kind: BreachClass
) -> None:
    breach = Breach(v, loss, alpha, beta, kind)
    best = breach.best()
    cost = [breach.chance(z) * loss + z for z in (best, best * 0.99, best * 1.01 + 1e-6)]
    assert cost[0] <= min(cost[1:]) * (1 + 1e-12)
    assert best <= v * loss / math.e * (1 + 1e-9)  # Gordon and Loeb (2002): never more than 1/e of the expected loss


def test_sharing_tempts_to_spend_too_little() -> None:
    breach = Breach(0.5, LOSS, 1e-5)
    found = with_sharing(breach, 0.5)
    assert [found.alone, found.together] == pytest.approx([82_404.53, 115_907.52], abs=0.01)
    assert found.shortfall == pytest.approx(0.289, abs=5e-4)
    # Each for itself: one's own spending is the best answer to the other's. Together: half the summed cost is least.
    answer = minimize_scalar(
        lambda z: breach.chance(z + 0.5 * found.alone) * LOSS + z, bounds=(0, LOSS), method="bounded"
    )
    joint = minimize_scalar(lambda z: breach.chance(1.5 * z) * LOSS + z, bounds=(0, LOSS), method="bounded")
    assert [answer.x, joint.x] == pytest.approx([found.alone, found.together], rel=1e-3)
    assert with_sharing(breach, 0.0).shortfall == 0
    assert with_sharing(Breach(0.5, 1.0, 1e-5), 0.5).shortfall == 0  # nothing is worth spending


def test_protection_pays_less_the_more_partners_go_without() -> None:
    found = [protection_threshold(0.2, 0.1, 100.0, k) for k in range(5)]
    assert found == pytest.approx([20, 18, 16.2, 14.58, 13.122])


def test_sharing_under_reciprocity() -> None:
    assert sharers_needed(2.0, 1.0, 5) == 2
    assert sharers_needed(-1.0, 1.0, 5) == 0
    assert sharers_needed(6.0, 1.0, 5) == math.inf


def test_what_is_no_game() -> None:
    for wrong in (
        lambda: Breach(1.0, 1.0, 1.0),
        lambda: Breach(0.5, 1.0, 1.0, 0.5),
        lambda: with_sharing(Breach(0.5, 1.0, 1.0), 1.5),
        lambda: protection_threshold(1.2, 0.1, 1.0, 1),
        lambda: sharers_needed(1.0, 0.0, 3),
    ):
        with pytest.raises(CyberError):
            wrong()
