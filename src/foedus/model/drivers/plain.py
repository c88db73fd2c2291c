"""The kernels of this room said plainly; tests hold them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]


def student(u: _Floats, v: _Floats, nu: float) -> _Floats:
    """As `kernels.student`, for arrays of uniforms."""
    return np.asarray(np.sqrt(nu * (u ** (-2 / nu) - 1)) * np.cos(2 * np.pi * v))


def normal(u: _Floats, v: _Floats) -> _Floats:
    """As `kernels.normal`, for arrays of uniforms."""
    return np.asarray(np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v))


def growth_step(
    growth: _Floats, drift: _Floats, scale: _Floats, parameters: _Floats, shared: tuple[float, float], u: _Floats
) -> _Floats:
    """As `kernels.growth_step`, giving the new array."""
    rho, ln_sigma, ln_size, ln_nu = parameters[3:]
    shock = np.exp(ln_sigma) * normal(np.array([shared[0]]), np.array([shared[1]]))
    noise = np.exp(ln_size) * scale * student(u[:, 0], u[:, 1], 2 + np.exp(ln_nu))
    return np.asarray(drift + rho * (growth - drift) + shock + noise)


def regime_step(regime: NDArray[np.int8], moves: _Floats, u: _Floats) -> NDArray[np.int8]:
    """As `kernels.regime_step`, giving the new array."""
    limits = np.cumsum(moves, axis=1)
    return np.array(
        [
            r if r < 0 else next((k for k, limit in enumerate(limits[r]) if draw < limit), r)
            for r, draw in zip(regime, u, strict=True)
        ],
        np.int8,
    )


def rate(row: _Floats, parameters: _Floats) -> float:
    """exp(row . parameters): the rate of `kernels.onset_rate` and `kernels.end_rate` from a row of the fit."""
    return float(np.exp(row @ parameters))
