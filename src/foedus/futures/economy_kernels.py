"""One year of growth, military expenditure and public support, by the steps of the fits.

Expenditure of the year follows the growth made in it, allies' effort and rivals' expenditure of the year before.
Support moves as in the local-level model of `measure.opinion`: a random walk on the logit scale.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures import economy as e
from foedus.futures.bonds import Bonds
from foedus.futures.draws_kernels import normal, uniform
from foedus.measure.opinion import EVENTS, STEP
from foedus.model.compiling import inner_bare
from foedus.model.drivers import kernels as d
from foedus.model.spending import kernels as s

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Stream = NDArray[np.uint64]
EVENT = EVENTS[2022][1]  # variance of what an event adds, whichever way


@inner_bare
def _draws(stream: _Stream, u: _Floats) -> None:
    """Uniforms in (0, 1], as the steps of the fits take them, in u (N, 2)."""
    for i in range(u.shape[0]):
        u[i, 0] = 1.0 - uniform(stream)
        u[i, 1] = uniform(stream)


@inner_bare
def grow(state: _Floats, stream: _Stream, drift: _Floats, p: _Floats, path: _Floats, u: _Floats) -> None:
    """GDP of the year. drift (N,): the world's own. path (N,): what a scenario adds to growth, log points."""
    growth = state[e.GROWTH]
    for i in range(growth.size):
        if math.isnan(growth[i]):
            growth[i] = drift[i]
    shared = (1.0 - uniform(stream), uniform(stream))
    _draws(stream, u)
    d.growth_step(growth, drift, state[e.SCALE_GROWTH], p, shared, u, growth)
    for i in range(growth.size):
        state[e.LN_GDP, i] += growth[i] + path[i]
        state[e.DEVIATION, i] = growth[i] + path[i] - drift[i]


@inner_bare
def spend(bonds: Bonds, state: _Floats, stream: _Stream, p: _Floats, shift: float, path: _Floats, u: _Floats) -> None:
    """Military expenditure of the year. path (N,): per cent of GDP that a scenario has it reach; NaN for none.

    shift : what this world's draw adds to every state's PULL towards its guideline.
    """
    n = path.size
    for i in range(n):
        asked = not math.isnan(path[i])
        state[e.TARGET, i] = path[i] if asked else state[e.GUIDELINE, i]
        state[e.PULLED, i] = 1.0 if asked else max(state[e.PULL, i] + shift, 0.0)
        hostile = 0.0
        if bonds.state[i, b.N_RIVALS] > 0.5:
            for j in range(n):
                if bonds.flag[b.RIVAL, i, j] and not math.isnan(state[e.MILEX, j]):
                    hostile += state[e.MILEX, j]
        state[e.RIVALS, i] = math.log1p(100.0 * hostile / state[e.GDP, i]) - state[e.RIVALS_AT_START, i]
        state[e.MILEX_BEFORE, i], state[e.GDP_BEFORE, i] = state[e.MILEX, i], state[e.GDP, i]
    _draws(stream, u)
    s.spending_step(
        state[e.LN_SHARE], state[e.ANCHOR], state[e.DEVIATION], state[e.SPILL], state[e.RIVALS], state[e.TARGET],
        state[e.PULLED], state[e.SCALE_SHARE], p, u, state[e.LN_SHARE],
    )  # fmt: skip
    for i in range(n):
        state[e.GDP, i] = math.exp(state[e.LN_GDP, i])
        spent = math.exp(state[e.LN_SHARE, i]) / 100.0 * state[e.GDP, i]
        state[e.MILEX, i] = spent
        state[e.WEIGHT, i] = state[e.TYPICAL, i] * state[e.GDP, i] if math.isnan(spent) else spent


@inner_bare
def spill(bonds: Bonds, state: _Floats) -> None:
    """Adds the year's change in allies' effort to SPILL; allies are those of the start of the year.

    As `spending.kernels.spill_growth`, which asks for lists of allies.
    """
    for i in range(state.shape[1]):
        spent_before, made_before, spent, made = 0.0, 0.0, 0.0, 0.0
        if bonds.state[i, b.N_TIED] > 0.5:
            for j in range(state.shape[1]):
                if bonds.dyad[b.DEFENDED, i, j] > 0.5 and not math.isnan(state[e.MILEX_BEFORE, j] + state[e.MILEX, j]):
                    spent_before += state[e.MILEX_BEFORE, j]
                    made_before += state[e.GDP_BEFORE, j]
                    spent += state[e.MILEX, j]
                    made += state[e.GDP, j]
        if spent > 0.0 and spent_before > 0.0:
            state[e.SPILL, i] += math.log(spent / made * made_before / spent_before)


@inner_bare
def sway(state: _Floats, stream: _Stream) -> None:
    """Public support of the year, where it was ever asked; who was attacked or called to help moves once more."""
    support = state[e.SUPPORT]
    for i in range(support.size):
        if not math.isnan(support[i]):
            support[i] += math.sqrt(STEP + EVENT * state[e.CALLED, i]) * normal(stream)
        state[e.CALLED, i] = 0.0


@inner_bare
def _put(counts: NDArray[np.int32], i: int, kind: int, value: float) -> None:
    if not math.isnan(value):
        cell = math.floor((value - e.LOW[kind]) / e.WIDTH[kind])
        counts[i, kind, min(max(cell, 0), e.CELLS - 1)] += 1


@inner_bare
def tally(state: _Floats, start: _Floats, counts: NDArray[np.int32]) -> None:
    """This world's values into the histograms of the year, counts (N, 3, CELLS)."""
    for i in range(state.shape[1]):
        _put(counts, i, 0, state[e.LN_GDP, i] - start[e.LN_GDP, i])
        _put(counts, i, 1, state[e.LN_SHARE, i])
        _put(counts, i, 2, 1.0 / (1.0 + math.exp(-state[e.SUPPORT, i])))
