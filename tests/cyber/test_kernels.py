"""The compiled simulator and its plain twin play the same campaigns."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.cyber import arrays, plain
from foedus.cyber.counter import key_of, uniform_plain
from foedus.cyber.kernels import campaigns
from foedus.cyber.parameters import Parameters, exponential, fixed, lognormal, weibull
from foedus.cyber.simulate import Members, world

SAME = 1e-9  # compiled and interpreted logarithms may differ in the last digit, and sums collect that

unit = st.floats(0.0, 1.0)
laws = st.one_of(
    st.builds(lognormal, st.floats(0.01, 50.0), st.floats(0.0, 2.5)),
    st.builds(weibull, st.floats(0.01, 50.0), st.floats(0.3, 3.0)),
    st.builds(exponential, st.floats(0.01, 50.0)),
    st.builds(fixed, st.floats(0.0, 50.0)),
)


@st.composite
def worlds(draw: st.DrawFn) -> arrays.World:
    n = draw(st.integers(2, 6))
    per_member = st.lists(unit, min_size=n, max_size=n).map(np.array)
    flags = st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n).map(np.array)
    told = np.array(draw(st.lists(unit, min_size=n * n, max_size=n * n))).reshape(n, n)
    members = Members(
        phi=draw(per_member),
        gives=draw(flags),
        receives=draw(flags),
        complies=draw(per_member),
        automation=draw(per_member),
        slower=draw(per_member) + 0.1,
        weight=np.ones(n),
        group=np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))),
        told=told,
        warning_within=draw(st.floats(0.0, 3.0)),
        item_within=draw(st.floats(3.0, 9.0)),
        resight=draw(st.booleans()),
    )
    params = Parameters(
        gap=draw(laws),
        detect=draw(laws),
        release=draw(laws),
        act=draw(laws),
        release_machine=draw(laws),
        act_machine=draw(laws),
        rotation=draw(st.floats(0.0, 1.0)),
        block=draw(unit),
        behaviour=draw(unit),
        hunt=draw(unit),
        networks=draw(st.integers(1, 3)),
    )
    rows = draw(st.lists(st.sets(st.integers(0, n - 1), min_size=2).map(sorted), min_size=1, max_size=4))
    return world(rows, members, params)


@settings(max_examples=30)
@given(worlds(), st.integers(0, 1000))
def test_kernel_equals_plain(w: arrays.World, seed: int) -> None:
    n = w.phi.size
    fast, slow = arrays.tally(n), arrays.tally(n)
    key, other = key_of(seed), key_of(seed, 1)
    campaigns(w, arrays.scratch(), fast, key, other, 3, 23)
    plain.campaigns(w, slow, int(key), int(other), 3, 23)
    for name in ("counts", "credit", "protect"):
        assert (getattr(fast, name) == getattr(slow, name)).all(), name
    np.testing.assert_allclose(fast.days, slow.days, rtol=SAME, atol=SAME)
    np.testing.assert_allclose(fast.moments, slow.moments, rtol=SAME, atol=SAME)


def test_uniforms_are_uniform() -> None:
    found = np.array([uniform_plain(int(key_of(1)), c) for c in range(10_000)])
    assert found.min() > 0.0 and found.max() < 1.0
    # Pearson's statistic over 100 bins has mean 99 and standard deviation 14; successive numbers do not correlate.
    counts = np.histogram(found, 100, (0, 1))[0]
    assert 99 - 5 * 14 < ((counts - 100) ** 2 / 100).sum() < 99 + 5 * 14
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 5 / 100
