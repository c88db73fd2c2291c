"""The start of one world: the arrays of the start again, and what is kept of every pair by the world's coefficients.

Copies are loops: assigning one array to a part of another would make a third, which bare kernels cannot.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.futures import bonds as b
from foedus.futures.bonds import Bonds
from foedus.futures.bonds_kernels import refresh_pulls
from foedus.futures.row_kernels import exp_above
from foedus.model.compiling import inner_bare

_Floats = NDArray[np.float64]
_Singles = NDArray[np.float32]
_Flags = NDArray[np.bool_]
_NOUGHT, _HALF = np.float32(0.0), np.float32(0.5)


@inner_bare
def copy(source: NDArray[Any], target: NDArray[Any]) -> None:
    """The elements of a row to the front of another."""
    for k in range(source.size):
        target[k] = source[k]


@inner_bare
def copy_rows(source: NDArray[Any], target: NDArray[Any]) -> None:
    """The same for tables of rows."""
    for k in range(source.shape[0]):
        copy(source[k], target[k])


@inner_bare
def reset(bonds: Bonds, start: Bonds, t: int) -> None:
    """The world as it stands at the start: the first t treaties, where a world before has touched them."""
    for row in range(start.treaty.shape[0]):
        copy(start.treaty[row, :t], bonds.treaty[row])
    for a in range(t):
        if bonds.touched[a] == b.CHANGED:
            copy(start.member[a], bonds.member[a])
            copy(start.roster[a], bonds.roster[a])
            copy(start.ask[a], bonds.ask[a])
            copy(start.past[a], bonds.past[a])
            for layer in range(3):
                copy(start.entry[layer, a], bonds.entry[layer, a])
        if bonds.touched[a] >= b.RELATED:
            bonds.touched[a] = 0
            for k in range(int(start.treaty[b.SIZE, a])):
                i = start.roster[a, k]
                copy(start.relation[a, i], bonds.relation[a, i])
    copy_rows(start.state, bonds.state)
    for i in range(start.state.shape[1]):
        copy(start.ties_of[i, : start.ties_of[i, 0] + 1], bonds.ties_of[i])
        copy(start.others[b.PARTNERS, i, : int(start.state[b.N_TIED, i])], bonds.others[b.PARTNERS, i])
        copy(start.others[b.FOES, i, : int(start.state[b.N_RIVALS, i])], bonds.others[b.FOES, i])
    copy_rows(start.dyad[b.JOINT], bonds.dyad[b.JOINT])
    for layer in range(4):
        copy_rows(start.shorts[layer], bonds.shorts[layer])
        copy_rows(start.flag[layer], bonds.flag[layer])
    copy_rows(start.by_state, bonds.by_state)
    bonds.scale[0] = 1.0
    copy(start.used, bonds.used)
    bonds.used[b.TREATIES] = t


@inner_bare
def weigh(bonds: Bonds, accession: _Floats, founding: _Floats, onset: _Floats) -> None:
    """All that is kept of pairs and of treaties, by the world's coefficients: what `renew` and `refresh_feud` keep."""
    between, shorts, flag, base = bonds.between, bonds.shorts, bonds.flag, bonds.work[b.LINEAR]
    for i in range(base.size):
        base[i] = bonds.state[b.BASE, i]
    for i in range(base.size):
        rival, common, war = flag[b.RIVAL, i], flag[b.COMMON, i], flag[b.WAR, i]
        _links(
            shorts[b.SHARED, i], between[b.LOG_KM, i], rival, common, war, between[b.LINK, i], np.float32(founding[2]),
            np.float32(founding[3]), np.float32(founding[4]), np.float32(founding[5]), np.float32(founding[6]),
        )  # fmt: skip
        _links(
            shorts[b.SHARED, i], between[b.LOG_KM, i], rival, common, war, between[b.PULLS, i],
            np.float32(accession[6]), np.float32(accession[7]), np.float32(accession[9]), np.float32(accession[10]),
            np.float32(accession[11]),
        )  # fmt: skip
        copy(bonds.dyad[b.JOINT, i], bonds.work[b.TIES])
        _pairs(
            bonds.work[b.TIES], between[b.LINK, i], base, base[i], between[b.PAIR, i],
            np.float32(founding[0]), np.float32(max(founding[1], 0.0)),
        )  # fmt: skip
        _feuds(
            between[b.LN_KM, i], rival, flag[b.FORMER, i], between[b.FEUD, i], np.float32(onset[0]),
            np.float32(onset[1]), np.float32(onset[5]),
        )  # fmt: skip
        between[b.LINK, i, i] = between[b.PULLS, i, i] = between[b.PAIR, i, i] = between[b.FEUD, i, i] = 0.0
    for a in range(bonds.used[0]):
        if bonds.treaty[b.LIVE, a] > 0.5:
            refresh_pulls(bonds, a, accession)


@inner_bare
def _links(
    shared: NDArray[np.int16], far: _Singles, rival: _Flags, common: _Flags, war: _Flags, out: _Singles,
    of_shared: np.float32, of_far: np.float32, of_rival: np.float32, of_common: np.float32, of_war: np.float32,
) -> None:  # fmt: skip
    for j in range(out.size):
        eta = of_far * far[j] + (of_shared if shared[j] > 0 else _NOUGHT)
        eta += (of_rival if rival[j] else _NOUGHT) + (of_common if common[j] else _NOUGHT)
        out[j] = eta + (of_war if war[j] else _NOUGHT)


@inner_bare
def _pairs(
    joint: _Singles, link: _Singles, base: _Singles, own: np.float32, out: _Singles, of_base: np.float32,
    of_joint: np.float32,
) -> None:  # fmt: skip
    for j in range(out.size):
        eta = of_base * math.sqrt(_HALF * (own + base[j]))
        out[j] = exp_above(eta + of_joint * math.sqrt(joint[j]) + link[j])


@inner_bare
def _feuds(
    ln_km: _Singles, rival: _Flags, former: _Flags, out: _Singles, constant: np.float32, of_km: np.float32,
    of_former: np.float32,
) -> None:  # fmt: skip
    for j in range(out.size):
        bound = exp_above(constant + of_km * ln_km[j] + (of_former if former[j] else _NOUGHT))
        out[j] = _NOUGHT if rival[j] else bound
