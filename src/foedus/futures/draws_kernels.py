"""Counter-based random numbers for kernels: Philox 4x64 with 10 rounds, as in NumPy.

A stream is named by (seed, world, year, process), so what a world draws depends on nothing else. The twin is
`numpy.random.Philox(counter=[0, process, year, world], key=[seed, 0])`.
Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11, section 3.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite.ir import IntType
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from foedus.model.compiling import compiled, inner_bare

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)  # multipliers of Philox 4x64
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)  # Weyl constants of the key
_UNIT = 2.0**-53
KEY, BLOCK, PROCESS, YEAR, WORLD, USED = 0, 1, 2, 3, 4, 5  # slots of a stream
SLOTS = 10  # six above, then a block of four outputs

_Stream = NDArray[np.uint64]


def _upper(_typing: Any, a: Any, b: Any) -> Any:
    """Upper 64 bits of the 128-bit product, for which Python has no word and the processor one instruction."""

    def made(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        wide = IntType(128)
        product = builder.mul(builder.zext(given[0], wide), builder.zext(given[1], wide))
        return builder.trunc(builder.lshr(product, wide(64)), IntType(64))

    return types.uint64(a, b), made


_high: Any = intrinsic(_upper)


@inner_bare
def _refill(stream: _Stream) -> None:
    """The next block of four outputs."""
    stream[BLOCK] += np.uint64(1)
    c0, c1, c2, c3 = stream[BLOCK], stream[PROCESS], stream[YEAR], stream[WORLD]
    k0, k1 = stream[KEY], np.uint64(0)
    for _ in range(10):
        h0, h1 = _high(_M0, c0), _high(_M1, c2)
        l0, l1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0
        k0, k1 = k0 + _W0, k1 + _W1
    stream[6], stream[7], stream[8], stream[9] = c0, c1, c2, c3
    stream[USED] = np.uint64(0)


@inner_bare
def open_stream(stream: _Stream, seed: np.uint64, world: int, year: int, process: int) -> None:
    """Set `stream` (uint64, shape (SLOTS,)) to the beginning of the stream of that name."""
    stream[KEY], stream[BLOCK] = seed, np.uint64(0)
    stream[PROCESS], stream[YEAR], stream[WORLD] = np.uint64(process), np.uint64(year), np.uint64(world)
    stream[USED] = np.uint64(4)


@inner_bare
def uniform(stream: _Stream) -> float:
    """The next number in [0, 1), a multiple of 2^-53."""
    if stream[USED] == np.uint64(4):
        _refill(stream)
    found = stream[np.uint64(6) + stream[USED]]
    stream[USED] += np.uint64(1)
    unit: float = np.float64(found >> np.uint64(11)) * _UNIT
    return unit


@inner_bare
def exponential(stream: _Stream) -> float:
    """Exponential with mean 1."""
    return -math.log(1.0 - uniform(stream))


@inner_bare
def normal(stream: _Stream) -> float:
    """Standard normal, by Box and Muller (1958); one of the pair is dropped."""
    radius = math.sqrt(2.0 * exponential(stream))
    return radius * math.cos(2.0 * math.pi * uniform(stream))


@inner_bare
def below(stream: _Stream, n: int) -> int:
    """Uniform whole number in [0, n), n < 2^31."""
    return int(uniform(stream) * n)


@inner_bare
def gamma(stream: _Stream, shape: float) -> float:
    """Gamma with scale 1, shape > 0. Source: Marsaglia and Tsang (2000), "A simple method for generating gamma
    variables", ACM TOMS 26(3), with the power of a uniform for shapes under 1."""
    boost = 1.0
    if shape < 1.0:
        boost = (1.0 - uniform(stream)) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal(stream)
        v = (1.0 + c * x) ** 3
        if v > 0.0 and math.log(1.0 - uniform(stream)) < 0.5 * x * x + d - d * v + d * math.log(v):
            return d * v * boost


@inner_bare
def poisson(stream: _Stream, mean: float) -> int:
    """Poisson with a mean of at most a few hundred: unit-rate arrivals counted until `mean`."""
    count, time = 0, exponential(stream)
    while time < mean:
        count += 1
        time += exponential(stream)
    return count


@inner_bare
def negative_binomial(stream: _Stream, mean: float, alpha: float) -> int:
    """Counts with that mean and variance mean + alpha mean^2 (NB2): Poisson with a gamma mean; alpha = 0 is Poisson."""
    if alpha <= 0.0:
        return poisson(stream, mean)
    return poisson(stream, mean * alpha * gamma(stream, 1.0 / alpha))


@compiled
def uniforms(seed: np.uint64, world: int, year: int, process: int, n: int) -> NDArray[np.float64]:
    """The first `n` numbers of a stream, for tests and for use outside kernels."""
    stream = np.zeros(SLOTS, np.uint64)
    open_stream(stream, seed, world, year, process)
    out = np.empty(n)
    for i in range(n):
        out[i] = uniform(stream)
    return out


@compiled
def samples(
    seed: np.uint64, world: int, process: int, n: int, kind: int, mean: float, shape: float
) -> NDArray[np.float64]:
    """`n` draws of one distribution, each from its own year's stream: what the tests compare with closed forms.

    kind : 0 normal, 1 gamma(shape), 2 Poisson(mean), 3 negative binomial(mean, alpha = shape).
    """
    stream = np.zeros(SLOTS, np.uint64)
    out = np.empty(n)
    for i in range(n):
        open_stream(stream, seed, world, i, process)
        if kind == 0:
            out[i] = normal(stream)
        elif kind == 1:
            out[i] = gamma(stream, shape)
        elif kind == 2:
            out[i] = poisson(stream, mean)
        else:
            out[i] = negative_binomial(stream, mean, shape)
    return out
