"""Does who shared attackers before say who will share them next, beyond who is popular with attackers anyway?

Two looks at the same members: two versions of the galaxy, or incidents before and after a year. The question is put to
a null in which the earlier attackers choose victims by popularity alone (`null`): only what earlier pairs say beyond
that is the pairs' own. Where they say nothing more, a pair's Jaccard index tells no more than how often its two states
are named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.cyber.actors import actors, earlier_actors
from foedus.cyber.errors import CyberError, NoSharedThreats
from foedus.cyber.null import BURN_IN, THINNING, trade

FEWEST_ADDED = 10  # joint reports; with fewer, no order of pairs can be told from luck
FEWEST_MEMBERS = 5
FEWEST_SAMPLES = 99

Victims = Mapping[str, Collection[str]]  # attacker or incident -> states that it names
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """How well an earlier matrix orders pairs of members by the joint reports that were added later.

    members : named early and late, and so compared. added : joint reports added, over all pairs, by `n_added` attackers
    or incidents. by_jaccard, by_popularity : Spearman correlation over pairs of what was added with the earlier Jaccard
    index, and with n_x n_y, -1 to 1. beyond : partial rank correlation of Jaccard and added, n_x n_y held. p : share of
    shuffled earlier matrices, both margins kept, whose `beyond` is as large; at least 1 / (samples + 1).
    """

    members: int
    added: int
    n_added: int
    by_jaccard: float
    by_popularity: float
    beyond: float
    p: float

    @property
    def says_more(self) -> bool:
        """Whether earlier pairs predict beyond popularity: one-sided, at 5 per cent."""
        return self.p < 0.05


def time_split(
    earlier: Victims, later: Victims, members: Sequence[str], *, samples: int = 499, seed: int = 1
) -> TimeSplit:
    """Predict, from `earlier`, the pairs that an attacker names in `later` and did not name before.

    Members named only early or only late are left out: nothing predicts them. Raises CyberError for fewer than 99
    samples; NoSharedThreats for fewer than five members to compare or ten joint reports added.
    """
    if samples < FEWEST_SAMPLES:
        raise CyberError(f"{samples} shuffled matrices cannot show a level of 5 %; expected {FEWEST_SAMPLES} or more.")
    states = sorted(frozenset[str]().union(*earlier.values()))
    after = frozenset[str]().union(*later.values())
    here = [m for m in members if m in after and m in states]
    added, n_added = _added(earlier, later, here)
    n_joint = int(added.sum()) // 2
    if len(here) < FEWEST_MEMBERS or n_joint < FEWEST_ADDED:
        raise NoSharedThreats(
            f"{len(here)} members are named both early and late, and {n_joint} joint reports were added; expected"
            f" {FEWEST_MEMBERS} and {FEWEST_ADDED} or more."
        )
    mine = [states.index(m) for m in here]
    presence = np.array([[s in v for s in states] for v in earlier.values()], dtype=bool)
    named = presence[:, mine].sum(axis=0).astype(np.float64)
    popular, grown = _ranks(_pairs(np.outer(named, named))), _ranks(_pairs(added))
    jaccard = _ranks(_pairs(_jaccard(presence[:, mine], named)))
    seen = _partial(jaccard, grown, popular)
    reached = 0
    rng = np.random.Generator(np.random.Philox(seed))
    for sample in range(samples):
        for _ in range(THINNING if sample else BURN_IN):
            presence = trade(presence, rng)
        shuffled = _ranks(_pairs(_jaccard(presence[:, mine], named)))
        reached += _partial(shuffled, grown, popular) >= seen
    return TimeSplit(
        members=len(here),
        added=n_joint,
        n_added=n_added,
        by_jaccard=_correlation(jaccard, grown),
        by_popularity=_correlation(popular, grown),
        beyond=seen,
        p=(reached + 1) / (samples + 1),
    )


def galaxy_split(members: Sequence[str], *, seed: int = 1) -> TimeSplit:
    """The shipped earlier version of the galaxy against the shipped one. Raises NoSharedThreats."""
    earlier, later = ({a.uuid: a.victims for a in found if a.victims} for found in (earlier_actors(), actors()))
    return time_split(earlier, later, members, seed=seed)


def before_and_after(receivers: pl.DataFrame, members: Collection[str]) -> tuple[int, Victims, Victims]:
    """Incidents on `members` before and from a year on, from a frame with `incidents.RECEIVERS`: the first year before
    which at least half of the joint ones began. Incidents without a year are left out; year 0 when none is joint."""
    rows = receivers.drop_nulls("year").filter(pl.col("state").is_in(list(members)))
    dated = rows.group_by("incident", "year", maintain_order=True).agg("state").sort("year", maintain_order=True)
    joint = dated.filter(pl.col("state").list.len() >= 2)["year"]
    year = int(joint[(len(joint) - 1) // 2]) + 1 if len(joint) else 0
    both: tuple[dict[str, Collection[str]], dict[str, Collection[str]]] = ({}, {})
    for incident, began, states in dated.iter_rows():
        both[began >= year][incident] = frozenset(states)
    return year, *both


def _added(earlier: Victims, later: Victims, here: Sequence[str]) -> tuple[_Floats, int]:
    """(k, k) attackers that name both of a pair later and did not before, diagonal 0; and how many add a pair."""
    total, adding = np.zeros((len(here), len(here))), 0
    for who, victims in later.items():
        now = np.array([m in victims for m in here], np.float64)
        then = now * np.array([m in earlier.get(who, ()) for m in here], np.float64)
        new = np.outer(now, now) - np.outer(then, then)
        np.fill_diagonal(new, 0)
        total += new
        adding += bool(new.any())
    return total, adding


def _jaccard(presence: _Bools, named: _Floats) -> _Floats:
    """(k, k) Jaccard index of the columns; `named` : their sums, all positive."""
    block = presence.astype(np.float64)
    both = block.T @ block
    return np.asarray(both / (named[:, None] + named[None, :] - both))


def _pairs(matrix: _Floats) -> _Floats:
    above: _Floats = matrix[np.triu_indices(len(matrix), 1)]
    return above


def _ranks(values: _Floats) -> _Floats:
    """Ranks about 0, ties sharing their mean."""
    from scipy.stats import rankdata

    ranks: _Floats = rankdata(values)
    return np.asarray(ranks - ranks.mean())


def _correlation(a: _Floats, b: _Floats) -> float:
    """Of centred values; 0 where one of them does not vary."""
    length = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / length if length else 0.0


def _partial(a: _Floats, b: _Floats, given: _Floats) -> float:
    """Partial correlation of `a` and `b`, `given` held; 0 where it explains one of them wholly."""
    r, x, y = _correlation(a, b), _correlation(a, given), _correlation(b, given)
    rest = (1.0 - x * x) * (1.0 - y * y)
    return (r - x * y) / float(np.sqrt(rest)) if rest > 1e-12 else 0.0
