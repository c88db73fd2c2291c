"""The random numbers of the kernels against NumPy's Philox and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.futures.draws_kernels import samples, uniforms

MANY = 200_000
WIDE = 5.0  # standard errors


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**63 - 1), world=st.integers(0, 10**7), year=st.integers(0, 2100), process=st.integers(0, 20)
)
def test_streams_are_those_of_numpys_philox(seed: int, world: int, year: int, process: int) -> None:
    counter = np.array([0, process, year, world], np.uint64)
    twin = np.random.Generator(np.random.Philox(counter=counter, key=np.array([seed, 0], np.uint64)))
    assert np.array_equal(uniforms(np.uint64(seed), world, year, process, 11), twin.random(11))


@pytest.mark.parametrize(
    ("kind", "mean", "shape", "expected", "variance"),
    [
        (0, 0.0, 0.0, 0.0, 1.0),
        (1, 0.0, 0.4, 0.4, 0.4),
        (1, 0.0, 3.0, 3.0, 3.0),
        (2, 4.0, 0.0, 4.0, 4.0),
        (3, 5.0, 0.5, 5.0, 17.5),  # mean + alpha mean^2
        (3, 5.0, 0.0, 5.0, 5.0),
    ],
)
def test_moments(kind: int, mean: float, shape: float, expected: float, variance: float) -> None:
    x = samples(np.uint64(7), 1, 3, MANY, kind, mean, shape)
    assert abs(x.mean() - expected) < WIDE * np.sqrt(variance / MANY)
    spread = WIDE * np.sqrt(((x - expected) ** 2).var() / MANY)
    assert abs(((x - expected) ** 2).mean() - variance) < spread
