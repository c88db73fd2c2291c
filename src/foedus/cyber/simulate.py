"""Play campaigns against an alliance under a sharing policy, and sum up what sharing averts.

Only hits that would succeed without sharing enter, so the averted share is of those, not of all attacks. Campaigns
carry numbers: no exploit, indicator or target in them is real.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from foedus.cyber import arrays as at
from foedus.cyber.arrays import MOST_TARGETS, Tally, World
from foedus.cyber.counter import key_of
from foedus.cyber.errors import CyberError, NoSharedThreats
from foedus.cyber.parameters import Law, Parameters

MOST_CAMPAIGNS = 1 << 40
Rows = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Members:
    """How the members of an alliance share, all (n,) or (n, n); a policy compiles to this (`policy.arranged`).

    phi : takes part; gives, receives : 1 or 0; complies : acts on what it gets; automation : share of its items that
    machines handle; slower : factor on its detection delay; networks, group : see `arrays.World`; told : probability
    that an item of the row reaches the column. release_factor multiplies human delays; *_within : deadlines in days.
    """

    phi: NDArray[np.float64]
    gives: NDArray[np.float64]
    receives: NDArray[np.float64]
    complies: NDArray[np.float64]
    automation: NDArray[np.float64]
    slower: NDArray[np.float64]
    weight: NDArray[np.float64]
    group: NDArray[np.int64]
    told: NDArray[np.float64]
    human_factor: float = 1.0
    warning_within: float = math.inf
    item_within: float = math.inf
    resight: bool = False


def alike(n: int, told: NDArray[np.float64] | None = None) -> Members:
    """`n` members without differences that tell each other everything, by hand."""
    one = np.ones(n)
    matrix = np.ones((n, n)) - np.eye(n) if told is None else told
    return Members(one, one, one, one, np.zeros(n), one, one, np.full(n, -1), matrix)


@dataclass(frozen=True)
class Outcome:
    """What happened in `campaigns` campaigns.

    counts (n, 9), credit (n, n), days (n, 3), moments, protect: sums, as `arrays` explains. Everything else follows.
    """

    campaigns: int
    counts: NDArray[np.int64]
    credit: NDArray[np.int64]
    days: NDArray[np.float64]
    moments: NDArray[np.float64]
    protect: NDArray[np.int64]
    weight: NDArray[np.float64]

    @property
    def averted(self) -> float:
        """Share of hits averted, 0 to 1."""
        return float(self.moments[at.S_AVERTED] / self.moments[at.S_HITS])

    @property
    def averted_error(self) -> float:
        """Standard error of `averted`: ratio of sums over independent campaigns."""
        return _ratio_error(self.moments, at.S_AVERTED, at.S_HITS, at.S_AVERTED2, at.S_BOTH, at.S_HITS2, self.campaigns)

    @property
    def days_cut(self) -> float:
        """Share of compromise-days saved among the hits that were not averted, by hunting on others' items."""
        hit, hunted = self.days[:, at.HIT].sum(), self.days[:, at.HUNTED].sum()
        return float(1.0 - hunted / hit) if hit else 0.0

    @property
    def days_saved(self) -> float:
        """Share of all compromise-days (dwell cut at `cap`) saved: averted hits and hunting together."""
        return float(self.moments[at.S_SAVED] / self.moments[at.S_DAYS]) if self.moments[at.S_DAYS] else 0.0

    @property
    def days_saved_error(self) -> float:
        """Standard error of `days_saved`."""
        m = self.moments
        return _ratio_error(m, at.S_SAVED, at.S_DAYS, at.S_SAVED2, at.S_DAYS_SAVED, at.S_DAYS2, self.campaigns)

    @property
    def damage(self) -> float:
        """Damage index: weighted compromise-days left, over those without sharing, 0 to 1."""
        whole = float(self.weight @ self.days[:, at.ALONE])
        return float(self.weight @ self.days[:, at.HUNTED]) / whole if whole else 0.0

    @property
    def by_member(self) -> NDArray[np.float64]:
        """(n,) averted share of each member; NaN where no campaign hit it: nothing is known of it, which is not 0."""
        hits = self.counts[:, at.HITS]
        return np.where(hits > 0, self.counts[:, at.AVERTED] / np.maximum(hits, 1), np.nan)

    @property
    def given(self) -> NDArray[np.int64]:
        """(n,) compromises of others averted by each member's items."""
        return np.asarray(self.credit.sum(axis=1), np.int64)

    @property
    def received(self) -> NDArray[np.int64]:
        """(n,) compromises of each member averted by items of others."""
        return np.asarray(self.credit.sum(axis=0), np.int64)

    @cached_property
    def reasons(self) -> dict[str, float]:
        """Why hits were not averted, as shares of all hits; with `averted` they sum to 1."""
        hits = self.counts[:, at.HITS].sum()
        named = {
            "first victim": at.NOBODY_YET,
            "nobody knew yet": at.NOT_KNOWN,
            "known but not told": at.NOT_TOLD,
            "told too late": at.TOO_LATE,
            "told in time, without effect": at.NO_USE,
        }
        return {says: float(self.counts[:, c].sum() / hits) for says, c in named.items()}

    def protect_quantile(self, q: float) -> float | None:
        """Days from first hit to the first usable item at another target; None when that share never gets one."""
        cumulative = np.cumsum(self.protect) / self.protect.sum()
        place = int(np.searchsorted(cumulative, q))
        return float(10.0 ** (at.FIRST_BIN + (place + 0.5) / 10.0)) if place < at.BINS - 1 else None


def _ratio_error(m: NDArray[np.float64], a: int, b: int, aa: int, ab: int, bb: int, n: int) -> float:
    if not m[b]:
        return 0.0
    share = m[a] / m[b]
    return float(
        math.sqrt(max(m[aa] - 2 * share * m[ab] + share**2 * m[bb], 0.0)) / m[b] * math.sqrt(n / max(n - 1, 1))
    )


def world(rows: Rows, members: Members, p: Parameters, weights: Sequence[float] | None = None) -> World:
    """The arrays of one run. rows : indices of the members each actor names; weights : how active each actor is.

    Raises NoSharedThreats without rows; CyberError for a row that names too many members or one that is not there.
    """
    if not rows:
        raise NoSharedThreats("No actor is said to have attacked two of these members: there is nothing to simulate.")
    n, most = members.phi.size, max(len(r) for r in rows)
    if most > MOST_TARGETS or any(not 0 <= i < n for r in rows for i in r):
        raise CyberError(f"A row may name at most {MOST_TARGETS} of the {n} members, by index from 0.")
    padded = np.zeros((len(rows), MOST_TARGETS), np.int64)
    for i, r in enumerate(rows):
        padded[i, : len(r)] = r
    w = np.ones(len(rows)) if weights is None else np.asarray(weights, np.float64)
    if w.shape != (len(rows),) or not (w >= 0).all() or not 0 < w.sum() < math.inf:
        raise CyberError("weights must be one finite number per row, none negative, not all zero.")
    human = members.human_factor
    laws = (p.gap, p.detect, p.release.times(human), p.act.times(human), p.release_machine, p.act_machine)
    return World(  # exact types, since each other combination would be compiled anew
        rows=padded,
        sizes=np.array([len(r) for r in rows], np.int64),
        reach=np.cumsum(w / w.sum()),
        phi=members.phi * p.participation,
        gives=members.gives,
        receives=members.receives,
        complies=members.complies * p.compliance,
        automation=members.automation,
        slower=members.slower,
        networks=np.full(n, p.networks, np.int64),
        group=members.group.astype(np.int64),
        told=members.told * p.willingness,
        laws=_laws(laws),
        rho=float(p.rotation),
        block=float(p.block),
        behaviour=float(p.behaviour),
        hunt=float(p.hunt),
        warning_within=float(members.warning_within),
        item_within=float(members.item_within),
        cap=float(p.cap),
        resight=float(members.resight),
    )


def _laws(laws: Sequence[Law]) -> NDArray[np.float64]:
    return np.array([(float(x.kind), x.a, x.b) for x in laws])


def simulate(
    members: Members,
    params: Parameters,
    rows: Rows,
    n: int = 100_000,
    seed: int = 1,
    *,
    weights: Sequence[float] | None = None,
) -> Outcome:
    """Play `n` campaigns, n >= 1. The same seed meets the same campaigns, with the same luck, under every policy.

    Where `params.adaptation` is positive, rotation is raised by what a first run says of items acted upon.
    """
    if not 1 <= n <= MOST_CAMPAIGNS:
        raise CyberError(f"{n} campaigns cannot be played; expected 1 or more.")
    found = _play(world(rows, members, params, weights), n, seed)
    if params.adaptation > 0.0:
        informed = found.counts[:, at.INFORMED].sum() / found.counts[:, at.HITS].sum()
        faster = params.rotation * (1.0 + params.adaptation * float(informed))
        found = _play(world(rows, members, params.with_(rotation=faster), weights), n, seed)
    return Outcome(n, *found, weight=members.weight)


def _play(w: World, n: int, seed: int) -> Tally:
    from foedus.cyber.kernels import campaigns

    out = at.tally(w.phi.size)
    campaigns(w, at.scratch(), out, key_of(seed), key_of(seed, 1), 0, n)
    return out
