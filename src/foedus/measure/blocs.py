"""Blocs in the graph of defence pacts: how well a division into groups follows the ties, and the best one found.

A division is an array of group numbers, one for each state. Newman and Girvan (2004), Physical Review E 69: 026113, for
modularity; Blondel and others (2008), J. Stat. Mech. P10008, for the search, which gives a lower bound of the maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Groups = NDArray[np.int64]
Ties = NDArray[np.bool_]
RUNS = 50
SEED = 1815
_GAIN = 1e-12  # below this a move gains nothing but rounding


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Group of each state, numbered from 0 by size, largest first; and its modularity, None without ties."""

    groups: Groups
    modularity: float | None


def defence_graph(ties: NDArray[np.uint8], defence: int = 3) -> Ties:
    """The undirected graph of a matrix of directed ties: an edge where either owes the other at least `defence`."""
    strong = ties >= defence
    graph = strong | strong.T
    np.fill_diagonal(graph, False)
    return graph


def modularity(graph: Ties, groups: Groups) -> float | None:
    """Q = sum over groups of e_c / m - (sum of degrees / 2m)^2; at most 1, None for a graph without edges.

    graph : bool, shape (n, n), symmetric, nothing on the diagonal. groups : shape (n,). A state without ties adds
    nothing.
    """
    degree = graph.sum(axis=1)
    twice = int(degree.sum())
    if twice == 0:
        return None
    inside = graph & (groups[:, None] == groups[None, :])
    per_group = np.bincount(groups, weights=degree) / twice
    return float(inside.sum() / twice - (per_group**2).sum())


def components(graph: Ties) -> Division:
    """The connected parts of the graph: deterministic, and coarse, since one shared member joins two alliances."""
    label = np.full(len(graph), -1, dtype=np.int64)
    for start in range(len(graph)):
        if label[start] >= 0:
            continue
        reached = np.zeros(len(graph), dtype=np.bool_)
        edge = reached.copy()
        edge[start] = True
        while edge.any():
            reached |= edge
            edge = graph[edge].any(axis=0) & ~reached
        label[reached] = start
    groups = by_size(label)
    return Division(groups, modularity(graph, groups))


def best(graph: Ties, runs: int = RUNS, seed: int = SEED) -> Division:
    """The best of `runs` searches from random orders; the same for the same seed. A lower bound of the maximum."""
    chance = np.random.default_rng(seed)
    found = components(graph)
    for _ in range(runs if found.modularity is not None else 0):
        groups = by_size(_search(graph.astype(np.float64), chance))
        value = modularity(graph, groups)
        if value is not None and found.modularity is not None and value > found.modularity + _GAIN:
            found = Division(groups, value)
    return found


def by_size(label: Groups) -> Groups:
    """The same division with groups numbered from 0, the largest first, equal ones by their first state."""
    _, first, number, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[number]


def _search(weight: NDArray[np.float64], chance: np.random.Generator) -> Groups:
    """Move nodes, then merge each group into one node and move those, until nothing gains."""
    label = np.arange(len(weight))
    while True:
        groups = by_size(_moved(weight, chance))
        label = groups[label]
        n_groups = int(groups.max(initial=-1)) + 1
        if n_groups == len(weight):
            return label
        member = np.zeros((len(weight), n_groups))
        member[np.arange(len(weight)), groups] = 1
        weight = member.T @ weight @ member


def _moved(weight: NDArray[np.float64], chance: np.random.Generator) -> Groups:
    """Each node in the neighbouring group where modularity gains most, in random order, until no node moves."""
    n, degree = len(weight), weight.sum(axis=1)
    twice = degree.sum()
    near = [np.flatnonzero(row) for row in weight]
    groups, held = np.arange(n), degree.copy()
    moving = True
    while moving:
        moving = False
        for i in chance.permutation(n):
            others = near[i][near[i] != i]
            if not len(others):
                continue
            old = groups[i]
            held[old] -= degree[i]
            gain = np.bincount(groups[others], weights=weight[i, others], minlength=n) - held * degree[i] / twice
            new = int(gain.argmax())
            if gain[new] <= gain[old] + _GAIN:
                new = int(old)
            groups[i] = new
            held[new] += degree[i]
            moving |= new != old
    return groups
