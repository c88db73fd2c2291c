"""The simulator against cases solved on paper, another implementation's figures, and its own symmetries."""

import os
from dataclasses import replace

import numpy as np
import pytest

from foedus.cyber import Alliance, Parameters, arrays, gains, played, read_policy, shapley_values, simulate
from foedus.cyber import closed_forms as cf
from foedus.cyber.gains import joining, shapley
from foedus.cyber.parameters import OPPORTUNISTIC, SIMULTANEOUS, Law, exponential, fixed, lognormal
from foedus.cyber.simulate import Members, Outcome, alike

SE = 4.5  # standard errors that a simulated figure may stray: some forty figures are compared
N = 60_000
RATE = cf.rate_of_median(11.0)
PURE = Parameters(detect=exponential(1 / RATE), act=fixed(0.0), rotation=0.0, block=1.0, behaviour=0.0, hunt=0.0)
MACHINE, HUMAN, SLOW = 15 / 1440, 3.0, 14.0


@pytest.fixture(scope="module")
def draws() -> int:
    """How many campaigns to play; the bounds shrink with the root of it. For all of four million:

    CYBER_DRAWS=4000000 python -m pytest tests/cyber/test_simulator.py
    """
    return int(os.environ.get("CYBER_DRAWS", "10000"))


def second_protected(params: Parameters, n: int) -> tuple[float, float]:
    """P(second of two targets averted), and its standard error."""
    found = simulate(alike(2), params, [(0, 1)], n)
    share = 2 * found.averted
    return share, float(np.sqrt(share * (1 - share) / n)) + 1e-6


@pytest.mark.parametrize(
    ("release", "gap", "known"),
    [
        (MACHINE, 7, 0.35624),
        (MACHINE, 30, 0.84889),
        (MACHINE, 90, 0.99655),
        (HUMAN, 7, 0.22931),
        (HUMAN, 30, 0.81380),
        (HUMAN, 90, 0.99575),
        (SLOW, 7, 0.08109),
        (SLOW, 30, 0.59670),
        (SLOW, 90, 0.98286),
    ],
)
def test_fixed_gap(draws: int, release: float, gap: float, known: float) -> None:
    assert cf.fixed_gap(RATE, 1 / release, gap) == pytest.approx(known, abs=5e-6)
    found, error = second_protected(replace(PURE, gap=fixed(gap), release=exponential(release)), draws)
    assert found == pytest.approx(known, abs=SE * error)


@pytest.mark.parametrize(
    ("release", "act", "rotation", "known"),
    [
        (MACHINE, MACHINE, 0, 0.65357),
        (MACHINE, MACHINE, 1 / 46.875, 0.32613),
        (MACHINE, MACHINE, 1 / 7, 0.04966),
        (3, 2, 0, 0.55741),
        (3, 2, 1 / 46.875, 0.25285),
        (3, 2, 1 / 7, 0.02411),
        (14, 7, 0, 0.36156),
        (14, 7, 1 / 46.875, 0.13376),
        (14, 7, 1 / 7, 0.00644),
    ],
)
def test_exponential_gap(draws: int, release: float, act: float, rotation: float, known: float) -> None:
    assert cf.exponential_gap(1 / 30, rotation, RATE, 1 / release, 1 / act) == pytest.approx(known, abs=5e-6)
    params = replace(PURE, gap=exponential(30.0), release=exponential(release), act=exponential(act), rotation=rotation)
    found, error = second_protected(params, draws)
    assert found == pytest.approx(known, abs=SE * error)


@pytest.mark.parametrize(("release", "known"), [(MACHINE, 2.17851), (HUMAN, 2.51975)])
def test_several_targets_at_fixed_times(draws: int, release: float, known: float) -> None:
    survival = cf.survival_of_sum(exponential(1 / RATE), exponential(release))
    assert sum(cf.fixed_times([0, 5, 10, 20, 40], survival)) == pytest.approx(known, abs=2e-5)
    # The simulator's gaps have one law: equal steps, so that the times are fixed here too.
    times = [0.0, 10.0, 20.0, 30.0, 40.0]
    params = replace(PURE, gap=fixed(10.0), release=exponential(release))
    found = simulate(alike(5), params, [(0, 1, 2, 3, 4)], draws)
    assert 5 * (1 - found.averted) == pytest.approx(
        sum(cf.fixed_times(times, survival)), abs=SE * 5 * found.averted_error
    )


def test_fixed_times_hold_for_lognormal_delays(draws: int) -> None:
    survival = cf.survival_of_sum(lognormal(11, 2.3), lognormal(3, 1))
    params = replace(PURE, detect=lognormal(11, 2.3), gap=fixed(10.0), release=lognormal(3, 1))
    found = simulate(alike(4), params, [(0, 1, 2, 3)], draws)
    expected = sum(cf.fixed_times([0, 10, 20, 30], survival))
    assert 4 * (1 - found.averted) == pytest.approx(expected, abs=SE * 4 * found.averted_error)


@pytest.mark.parametrize(("gap", "five", "ten"), [(1, 4.03994, 5.22520), (7, 2.27869, 2.30303), (30, 1.43045, 1.43059)])
def test_instant_hub_caps_the_damage(draws: int, gap: float, five: float, ten: float) -> None:
    for m, known in ((5, five), (10, ten)):
        assert cf.unlimited_targets(1 / gap, RATE, m) == pytest.approx(known, abs=5e-6)
        params = replace(PURE, gap=exponential(gap), release=fixed(0.0))
        found = simulate(alike(m), params, [tuple(range(m))], draws)
        assert m * (1 - found.averted) == pytest.approx(known, abs=SE * m * found.averted_error)


def test_participation_in_an_instant_hub() -> None:
    unlimited = [cf.unlimited_targets(phi, RATE) for phi in (1.0, 0.5, 0.25)]
    assert unlimited == pytest.approx([5.354, 3.905, 2.890], abs=5e-4)


@pytest.mark.parametrize("release", [MACHINE, HUMAN, SLOW])
@pytest.mark.parametrize(
    ("m", "known"), [(2, (7.940, 9.196, 11.654)), (5, (3.182, 5.192, 9.125)), (10, (1.596, 3.858, 8.281))]
)
def test_simultaneous_hits_shorten_dwell(draws: int, m: int, known: tuple[float, ...], release: float) -> None:
    stated = cf.simultaneous_dwell(m, RATE, 1 / release)
    assert stated == pytest.approx(known[(MACHINE, HUMAN, SLOW).index(release)], abs=6e-4)
    each = cf.simultaneous_dwell_each(m, exponential(1 / RATE), exponential(release))
    if m == 2:
        assert each == pytest.approx(stated, abs=2e-3)
    params = replace(PURE, gap=SIMULTANEOUS, release=exponential(release), hunt=1.0, cap=1e9)
    found = simulate(alike(m), params, [tuple(range(m))], draws)
    assert found.averted < 1e-6  # nobody can be warned in time: sharing only shortens
    dwell = found.days[:, arrays.HUNTED].sum() / found.counts[:, arrays.HITS].sum()
    # The standard deviation of a campaign's mean dwell is at most that of one dwell, which is at most its mean.
    assert dwell == pytest.approx(each, rel=SE / np.sqrt(draws) + 1e-5)


@pytest.mark.parametrize(
    ("delay", "gap", "known"),
    [
        (fixed(0), OPPORTUNISTIC, 0.110),
        (lognormal(3, 1), OPPORTUNISTIC, 0.053),
        (lognormal(30, 1), OPPORTUNISTIC, 0.014),
        (fixed(0), lognormal(1, 1.5), 0.191),
        (fixed(0), lognormal(7, 1.5), 0.435),
        (fixed(0), lognormal(90, 1.5), 0.779),
        (lognormal(3, 1), lognormal(7, 1.5), 0.316),
        (lognormal(30, 1), lognormal(30, 1.5), 0.345),
    ],
)
def test_heavy_tailed_race(draws: int, delay: Law, gap: Law, known: float) -> None:
    assert cf.race(lognormal(11, 2.3), delay, gap) == pytest.approx(known, abs=1.5e-3)
    found, error = second_protected(replace(PURE, detect=lognormal(11, 2.3), release=delay, gap=gap), draws)
    assert found == pytest.approx(known, abs=SE * error + 1e-3)


def test_opportunistic_gaps_pass_through_both_published_points() -> None:
    survival = cf.survival_of(OPPORTUNISTIC)
    assert 1 - survival(1 / 24) == pytest.approx(0.40, abs=0.005)
    assert 1 - survival(1.0) == pytest.approx(0.75, abs=0.005)


# bilateral, hub by people, participation 0.5, willingness 0.3, machines, machines with detection at 5.5 days
REFERENCE = {
    "nato": (0.130, 0.205, 0.066, 0.087, 0.272, 0.309),
    "quad": (0.108, 0.108, 0.030, 0.036, 0.169, 0.204),
    "aukus": (0.085, 0.085, 0.022, 0.027, 0.141, 0.173),
    "sco": (0.111, 0.140, 0.041, 0.053, 0.204, 0.239),
    "csto": (0.123, 0.137, 0.039, 0.048, 0.203, 0.240),
    "five-eyes": (0.114, 0.115, 0.032, 0.040, 0.177, 0.213),
}
CASES: tuple[tuple[str, dict[str, float]], ...] = (
    ("bilateral", {}),
    ("hub", {}),
    ("hub", {"participation": 0.5}),
    ("hub", {"willingness": 0.3}),
    ("machine", {}),
    ("machine", {"detect_days": 5.5}),
)


@pytest.mark.parametrize("name", REFERENCE)
def test_figures_of_another_implementation(alliances: dict[str, Alliance], name: str) -> None:
    here = alliances[name]
    for (policy, changes), known in zip(CASES, REFERENCE[name], strict=True):
        found = played(read_policy(policy), here.threats(), here.regions, Parameters().with_(**changes), n=30_000)
        # Known to three digits, with a standard error of its own.
        assert found.averted == pytest.approx(known, abs=3 * np.hypot(found.averted_error, 0.0004) + 0.0005), (
            policy,
            changes,
        )


def test_further_figures_of_nato(alliances: dict[str, Alliance]) -> None:
    here = alliances["nato"]
    for policy, changes, averted in (
        ("hub", {"detect_days": 5.5}, 0.231),
        ("machine", {"rotation": 1 / 7}, 0.123),
        ("machine", {"behaviour": 0.3}, 0.333),
    ):
        found = played(read_policy(policy), here.threats(), here.regions, Parameters().with_(**changes), n=50_000)
        assert found.averted == pytest.approx(averted, abs=3 * np.hypot(found.averted_error, 0.0004) + 0.0005)
    for policy, changes, cut in (
        ("bilateral", {}, 0.277),
        ("hub", {}, 0.354),
        ("hub", {"participation": 0.5}, 0.121),
        ("hub", {"willingness": 0.3}, 0.184),
        ("machine", {}, 0.343),
    ):
        found = played(read_policy(policy), here.threats(), here.regions, Parameters().with_(**changes), n=100_000)
        assert found.days_cut == pytest.approx(cut, abs=0.006)
    hub = played(read_policy("hub"), here.threats(), here.regions, n=100_000)
    share = dict(zip(hub_members(here), hub.by_member, strict=True))
    for state, known in (("USA", 0.176), ("FRA", 0.226), ("BEL", 0.232), ("FIN", 0.264), ("ALB", 0.125)):
        hits = hub.counts[here.members.index(state), arrays.HITS]
        assert share[state] == pytest.approx(known, abs=3 * np.sqrt(known * (1 - known) / hits) * 1.5)


def hub_members(here: Alliance) -> tuple[str, ...]:
    return here.threats().members


def test_scaling_with_participation_and_willingness() -> None:
    base = second(Parameters())
    assert base == pytest.approx(0.0614, abs=0.003)
    assert second(Parameters(participation=0.5)) == pytest.approx(0.25 * base, abs=0.003)
    assert second(Parameters(willingness=0.3)) == pytest.approx(0.3 * base, abs=0.003)
    assert second(Parameters(participation=0.5, willingness=0.3)) == pytest.approx(0.075 * base, abs=0.003)


def second(params: Parameters) -> float:
    return simulate(alike(2), params, [(0, 1)], N).averted


def test_limits() -> None:
    three = [(0, 1, 2)]
    everything = replace(PURE, gap=fixed(1e9), release=fixed(0.0), behaviour=1.0, rotation=1.0)
    assert simulate(alike(3), everything, three, 1000).averted == pytest.approx(2 / 3)
    assert simulate(alike(3), replace(PURE, rotation=1e9), three, 1000).averted == 0
    assert simulate(alike(3), Parameters(participation=0.0), three, 1000).days_saved == 0
    nobody = alike(3, np.zeros((3, 3)))
    found = simulate(nobody, Parameters(), three, 1000)
    assert found.averted == 0 and found.damage == pytest.approx(1.0) and found.protect_quantile(0.5) is None


def test_equal_members_give_what_they_get() -> None:
    found = simulate(alike(4), Parameters(), [(0, 1, 2, 3)], N)
    given, got = found.given, found.received
    assert given == pytest.approx(got, abs=SE * np.sqrt(given.max() * 2))
    assert found.credit.trace() == 0 and found.credit.sum() == found.counts[:, arrays.AVERTED].sum()


def test_reasons_and_averted_sum_to_one() -> None:
    found = simulate(alike(3), Parameters(), [(0, 1, 2), (0, 1)], 5000)
    assert sum(found.reasons.values()) + found.averted == pytest.approx(1.0)


def test_permuted_members_permute_what_happens() -> None:
    swapped = [1, 0, 2]
    members = replace(alike(3), slower=np.array([0.5, 1.0, 2.0]))
    one = simulate(members, Parameters(), [(0, 1, 2)], N).by_member
    other = simulate(replace(members, slower=members.slower[swapped]), Parameters(), [(0, 1, 2)], N).by_member
    assert other == pytest.approx(one[swapped], abs=SE * np.sqrt(2 * 0.25 / N))


@pytest.mark.parametrize(
    ("name", "values", "rises"),
    [
        ("participation", (0.3, 0.6, 1.0), True),
        ("willingness", (0.2, 0.6, 1.0), True),
        ("block", (0.3, 0.6, 0.9), True),
        ("behaviour", (0.0, 0.2, 0.4), True),
        ("release_days", (0.1, 3.0, 20.0), False),
        ("act_days", (0.01, 1.0, 9.0), False),
        ("detect_days", (3.0, 11.0, 50.0), False),
        ("rotation", (0.005, 0.02, 0.5), False),
    ],
)
def test_more_of_it_helps_or_hurts(
    alliances: dict[str, Alliance], name: str, values: tuple[float, ...], rises: bool
) -> None:
    here = alliances["quad"]
    found = [
        played(read_policy("hub"), here.threats(), here.regions, Parameters().with_(**{name: v}), n=20_000).averted
        for v in values
    ]
    assert found == sorted(found, reverse=not rises)


def test_attackers_that_adapt_and_many_networks() -> None:
    plain = simulate(alike(3), Parameters(), [(0, 1, 2)], 20_000).averted
    assert simulate(alike(3), Parameters(adaptation=2.0), [(0, 1, 2)], 20_000).averted < plain
    assert simulate(alike(3), Parameters(networks=10), [(0, 1, 2)], 20_000).averted > plain


def test_the_same_seed_gives_the_same_sums() -> None:
    def sums(seed: int) -> bytes:
        found: Outcome = simulate(alike(3), Parameters(), [(0, 1, 2)], 3000, seed)
        return found.counts.tobytes() + found.days.tobytes() + found.credit.tobytes()

    assert sums(4) == sums(4) != sums(5)


def test_a_free_rider_gets_and_gives_nothing(alliances: dict[str, Alliance]) -> None:
    from foedus.cyber.policy import parse_policy

    text = 'title = "x"\nsharing = "hub"\n[[member]]\nstate = "GBR"\ngives = false\n'
    here = alliances["aukus"]
    rows = {g.state: g for g in gains(parse_policy(text, "x"), here.threats(), here.regions, n=4000)}
    assert rows["GBR"].is_free_rider and rows["GBR"].received > 0 and rows["GBR"].for_others <= 0
    assert not rows["USA"].is_free_rider


def test_shapley_of_known_games() -> None:
    assert shapley(3, lambda mask: float(mask.bit_count())) == pytest.approx([1, 1, 1])
    # A glove game: one left glove (player 0), two right ones; the owner of the scarce glove gets 2/3.
    assert shapley(3, lambda m: float(m & 1 and m & 6 != 0)) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shapley_values_share_out_all_that_is_averted(alliances: dict[str, Alliance]) -> None:
    here, hub = alliances["aukus"], read_policy("hub")
    found = shapley_values(hub, here.threats(), here.regions, n=3000)
    whole = played(hub, here.threats(), here.regions, n=100_000)
    per_campaign = whole.counts[:, arrays.AVERTED].sum() / whole.campaigns
    assert found.sum() == pytest.approx(per_campaign, rel=0.05)
    assert (found > 0).all()


def test_a_newcomer(alliances: dict[str, Alliance]) -> None:
    before, after, own = joining(
        "CAN", read_policy("hub"), alliances["aukus"].threats(), alliances["aukus"].regions, n=20_000
    )
    assert 0 < before < after < 1 and 0 < own < 1


def test_members_type_is_what_a_policy_compiles_to() -> None:
    assert isinstance(alike(2), Members)
