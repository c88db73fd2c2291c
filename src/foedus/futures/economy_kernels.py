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
from foedus.model.near import exp_near, log_near
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
    for i in range(path.size):
        asked = not math.isnan(path[i])
        state[e.TARGET, i] = path[i] if asked else state[e.GUIDELINE, i]
        state[e.PULLED, i] = 1.0 if asked else max(state[e.PULL, i] + shift, 0.0)
        state[e.MILEX_BEFORE, i], state[e.GDP_BEFORE, i] = state[e.MILEX, i], state[e.GDP, i]
    for i in range(path.size):
        hostile = 0.0
        for k in range(int(bonds.state[b.N_RIVALS, i])):
            spent = state[e.MILEX, bonds.others[b.FOES, i, k]]
            hostile += 0.0 if math.isnan(spent) else spent
        state[e.RIVALS, i] = hostile
    _threat(state[e.RIVALS], state[e.GDP], state[e.RIVALS_AT_START])
    _draws(stream, u)
    s.spending_step(
        state[e.LN_SHARE], state[e.ANCHOR], state[e.DEVIATION], state[e.SPILL], state[e.RIVALS], state[e.TARGET],
        state[e.PULLED], state[e.SCALE_SHARE], p, u, state[e.LN_SHARE],
    )  # fmt: skip
    _levels(state[e.LN_GDP], state[e.LN_SHARE], state[e.GDP], state[e.MILEX])
    _weights(state[e.GDP], state[e.MILEX], state[e.TYPICAL], state[e.WEIGHT], state[e.LN_WEIGHT])


@inner_bare
def _threat(rivals: _Floats, gdp: _Floats, at_start: _Floats) -> None:
    """From rivals' expenditure to the term of the fit."""
    for i in range(gdp.size):
        rivals[i] = log_near(1.0 + 100.0 * rivals[i] / gdp[i]) - at_start[i]


@inner_bare
def _levels(ln_gdp: _Floats, ln_share: _Floats, gdp: _Floats, milex: _Floats) -> None:
    for i in range(gdp.size):
        gdp[i] = exp_near(ln_gdp[i])
    for i in range(gdp.size):
        known = ln_share[i] == ln_share[i]
        milex[i] = exp_near(ln_share[i]) / 100.0 * gdp[i] if known else math.nan


@inner_bare
def _weights(gdp: _Floats, milex: _Floats, typical: _Floats, weight: _Floats, ln_weight: _Floats) -> None:
    for i in range(gdp.size):
        weight[i] = milex[i] if milex[i] == milex[i] else typical[i] * gdp[i]
    for i in range(gdp.size):
        ln_weight[i] = log_near(weight[i])


@inner_bare
def spill(bonds: Bonds, state: _Floats, effort: _Floats) -> None:
    """Adds the year's change in allies' effort to SPILL; allies are those of the start of the year.

    As `spending.kernels.spill_growth`, with its lists. effort (N, 4): scratch.
    """
    for j in range(state.shape[1]):
        known = state[e.MILEX_BEFORE, j] + state[e.MILEX, j]
        share = 1.0 if known == known else 0.0
        effort[j, 0] = state[e.MILEX_BEFORE, j] if share > 0.0 else 0.0
        effort[j, 1] = state[e.GDP_BEFORE, j] * share
        effort[j, 2] = state[e.MILEX, j] if share > 0.0 else 0.0
        effort[j, 3] = state[e.GDP, j] * share
    for i in range(state.shape[1]):
        spent_before, made_before, spent, made = 0.0, 0.0, 0.0, 0.0
        for k in range(int(bonds.state[b.N_TIED, i])):
            known = effort[bonds.others[b.PARTNERS, i, k]]
            spent_before += known[0]
            made_before += known[1]
            spent += known[2]
            made += known[3]
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
def _cells(values: _Floats, low: float, width: float, out: NDArray[np.uint8]) -> None:
    for i in range(values.size):
        known = values[i] == values[i]
        cell = min(max((values[i] - low) / width, 0.0), e.CELLS - 1.0) if known else 0.0
        out[i] = np.uint8(cell) if known else e.NONE


@inner_bare
def tally(state: _Floats, ln_gdp_at_start: _Floats, out: NDArray[np.uint8]) -> None:
    """The cells of the year's histograms that this world's values are in, out (3, N)."""
    room = state[e.RIVALS]  # of this year no more
    for i in range(room.size):
        room[i] = state[e.LN_GDP, i] - ln_gdp_at_start[i]
    _cells(room, e.LOW[0], e.WIDTH[0], out[0])
    _cells(state[e.LN_SHARE], e.LOW[1], e.WIDTH[1], out[1])
    for i in range(room.size):
        known = state[e.SUPPORT, i] == state[e.SUPPORT, i]
        room[i] = 1.0 / (1.0 + exp_near(-state[e.SUPPORT, i])) if known else math.nan
    _cells(room, e.LOW[2], e.WIDTH[2], out[2])


@inner_bare
def count_cells(cells: NDArray[np.uint8], counts: NDArray[np.int32]) -> None:
    """Histograms over worlds, counts (Y, N, 3, CELLS), of cells (W, Y, 3, N)."""
    for row in range(cells.shape[1]):
        for w in range(cells.shape[0]):
            for kind in range(cells.shape[2]):
                for i in range(cells.shape[3]):
                    cell = cells[w, row, kind, i]
                    if cell != e.NONE:
                        counts[row, i, kind, cell] += 1
