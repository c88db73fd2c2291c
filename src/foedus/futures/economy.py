"""GDP, military expenditure and public support of each state in one simulated world, and how they are counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.futures.parameters import Fits
from foedus.futures.world import World
from foedus.measure.opinion import logit_of
from foedus.model.drivers import growth

Floats = NDArray[np.float64]

# Rows of `state` (K, N): what moves from year to year, then what is the state's own, then what a year works with.
LN_GDP, GROWTH, LN_SHARE, SUPPORT, SPILL = range(5)  # million USD of the start's prices; log per cent; logit; log
SCALE_GROWTH, SCALE_SHARE, ANCHOR, PULL, GUIDELINE, RIVALS_AT_START = range(5, 11)
MILEX, GDP, WEIGHT, CALLED = range(11, 15)  # of the last year; WEIGHT: MILEX, or what a typical state would spend
DEVIATION, RIVALS, TARGET, PULLED, MILEX_BEFORE, GDP_BEFORE, TYPICAL, LN_WEIGHT = range(15, 23)
ROWS = 23

# Histograms over worlds: kind, lower edge of the first cell, width of a cell, number of cells.
KINDS = ("gdp", "milex_share", "support")  # log of GDP over that of the start; log per cent of GDP; share of the public
LOW = (-2.5, -3.0, 0.0)
WIDTH = (0.05, 0.05, 0.02)
CELLS = 140
NONE = np.uint8(255)  # in the place of a cell: the value is not known


def middle(kind: str, cell: NDArray[np.integer]) -> Floats:
    """Value at the middle of each cell: GDP as a multiple of the start's, expenditure in per cent, support 0 to 1."""
    k = KINDS.index(kind)
    value = LOW[k] + (np.asarray(cell, np.float64) + 0.5) * WIDTH[k]
    return value if kind == "support" else np.exp(value)


def at_start(world: World, fits: Fits) -> Floats:
    """`state` (K, N) as every world begins with it; NaN where a share or a poll is not known.

    A state whose latest growth is not known grows at first as its drift says (GROWTH is NaN until then).
    """
    state = np.zeros((ROWS, world.n_states))
    known = growth.starting(fits["growth"], world.states)
    spending = fits["spending"]
    state[LN_GDP], state[GROWTH] = np.log(world.gdp_musd), world.growth
    with np.errstate(invalid="ignore", divide="ignore"):
        state[LN_SHARE] = np.where(world.milex_share > 0, np.log(world.milex_share), np.nan)
    state[SUPPORT] = [logit_of(s, 1000)[0] if np.isfinite(s) else np.nan for s in world.support]
    state[SCALE_GROWTH] = known.scale
    state[SCALE_SHARE] = [spending.extra["scale"].get(s, 1.0) for s in world.states]
    state[ANCHOR] = np.where(np.isfinite(world.milex_anchor), world.milex_anchor, state[LN_SHARE])
    state[PULL] = [spending.extra["pull"].get(s, spending.by_term["pull"]) for s in world.states]
    state[GUIDELINE] = world.guideline
    state[GDP] = world.gdp_musd
    state[MILEX] = np.exp(state[LN_SHARE]) / 100.0 * world.gdp_musd
    state[TYPICAL] = np.nanmedian(world.milex_share) / 100.0
    state[WEIGHT] = np.where(np.isfinite(state[MILEX]), state[MILEX], state[TYPICAL] * world.gdp_musd)
    state[LN_WEIGHT] = np.log(state[WEIGHT])
    hostile = world.standing.rival @ np.nan_to_num(state[MILEX])
    state[RIVALS_AT_START] = np.log1p(100.0 * hostile / world.gdp_musd)
    return state
