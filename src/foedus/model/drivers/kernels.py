"""One year of each driver, on plain arrays. Randomness comes in as uniforms in (0, 1): the caller owns the streams."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled_bare, inner_bare
from foedus.model.near import cos_of_turns, exp_near, log_near

_Floats = NDArray[np.float64]


@compiled_bare
def student(u: float, v: float, nu: float) -> float:
    """A draw of Student's t with nu degrees of freedom and unit scale from two uniforms in (0, 1) (Bailey 1994)."""
    return math.sqrt(max(nu * (exp_near(-2.0 / nu * log_near(u)) - 1.0), 0.0)) * cos_of_turns(v)


@compiled_bare
def normal(u: float, v: float) -> float:
    """A standard normal draw from two uniforms in (0, 1) (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@inner_bare
def add_shocks(out: _Floats, size: float, scale: _Floats, nu: float, u: _Floats, v: _Floats) -> None:
    """out += size * scale * a draw of Student's t, from two rows of uniforms; all (n,)."""
    for i in range(out.shape[0]):
        t = math.sqrt(max(nu * (exp_near(-2.0 / nu * log_near(u[i])) - 1.0), 0.0)) * cos_of_turns(v[i])
        out[i] += size * scale[i] * t


@compiled_bare
def growth_step(
    growth: _Floats,
    drift: _Floats,
    scale: _Floats,
    parameters: _Floats,
    shared: tuple[float, float],
    u: _Floats,
    out: _Floats,
) -> None:
    """GDP growth of the next year, log points. Arrays (n,); u (n, 2); parameters (7,): growth.TERMS.

    drift, scale : of `growth.Starting`. shared : two uniforms, one shock of the world for all. out may be `growth`.
    """
    rho = parameters[3]
    shock = math.exp(parameters[4]) * math.sqrt(-2.0 * math.log(shared[0])) * math.cos(2.0 * math.pi * shared[1])
    size, nu = math.exp(parameters[5]), 2.0 + math.exp(parameters[6])
    for i in range(growth.shape[0]):
        out[i] = drift[i] + rho * (growth[i] - drift[i]) + shock
    add_shocks(out, size, scale, nu, u[:, 0], u[:, 1])


@compiled_bare
def regime_step(regime: NDArray[np.int8], moves: _Floats, u: _Floats, out: NDArray[np.int8]) -> None:
    """Regime class of the next year. regime, u, out (n,); moves (4, 4), rows sum to 1; a class below 0 stays."""
    for i in range(regime.shape[0]):
        now = regime[i]
        out[i] = now
        if now < 0:
            continue
        left = u[i]
        for to in range(moves.shape[1]):
            left -= moves[now, to]
            if left < 0.0:
                out[i] = to
                break


@compiled_bare
def onset_rate(
    ln_km: float,
    same_side: bool,
    democracies: bool,
    young: bool,
    former: bool,
    n_rivals: int,
    shared_rivals: int,
    parameters: _Floats,
) -> float:
    """Rate per year at which two states become rivals; 1 - exp(-rate) is the probability. parameters: rivalry.ONSET."""
    return math.exp(
        parameters[0]
        + parameters[1] * ln_km
        + parameters[2] * same_side
        + parameters[3] * democracies
        + parameters[4] * young
        + parameters[5] * former
        + parameters[6] * math.log(1.0 + n_rivals)
        + parameters[7] * (shared_rivals > 0)
        + parameters[8]
    )


@compiled_bare
def end_rate(years: int, same_side: bool, democracies: bool, ln_km: float, parameters: _Floats) -> float:
    """Rate per year at which a rivalry of that many years ends; 1 - exp(-rate). parameters: rivalry.END."""
    return math.exp(
        parameters[0]
        + parameters[1] * math.log(1.0 + years)
        + parameters[2] * same_side
        + parameters[3] * democracies
        + parameters[4] * ln_km
        + parameters[5]
    )
