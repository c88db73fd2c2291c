"""The shared-threat matrix: which actors are said to have attacked several members of an alliance, and which members.

Counting rules: every actor of the galaxy once, unweighted; its victims that are states or territories; organisations
and blocs dropped; attribution not used. An actor is shared when it names at least two members. Variants change one rule
each. The matrix counts public reporting: zero means "not reported", never "not attacked".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from foedus.cyber import names
from foedus.cyber.actors import Actor, actors
from foedus.cyber.errors import CyberError

Variant = Literal["base", "relations", "blocs", "known_origin", "organisations"]
VARIANTS: dict[str, str] = {
    "base": "victims of the CFR keys that are states or territories",
    "relations": "also states that the keys suspected-victims and targets name",
    "blocs": "European Union, European Commission and NATO stand for their members on the day",
    "known_origin": "only actors whose origin is reported",
    "organisations": "organisations stand for the state that a converter by pattern would take them for",
}
_BLOC_OF = {"European Union": "eu", "European Commission": "eu", "NATO": "nato"}
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class SharedThreats:
    """Counts for one set of members.

    members : codes, in the order of every array. actors : those that name a member, with `victims` under the variant's
    rules. pairs : int64 (k, k), actors that name both; the diagonal counts those that name one.
    everyone : all actors of the data that name a state, as counted.
    """

    members: tuple[str, ...]
    actors: tuple[Actor, ...]
    pairs: NDArray[np.int64]
    variant: str
    everyone: tuple[Actor, ...]

    @cached_property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """For each shared actor, the indices of the members it names, ascending: what the simulator draws from."""
        place = {m: i for i, m in enumerate(self.members)}
        sets = (tuple(sorted(place[v] for v in a.victims if v in place)) for a in self.actors)
        return tuple(r for r in sets if len(r) >= 2)

    @property
    def n_any(self) -> int:
        """Actors that name at least one member."""
        return len(self.actors)

    @property
    def shared(self) -> tuple[Actor, ...]:
        """Actors that name at least two members."""
        return self.at_least(2)

    def at_least(self, n: int) -> tuple[Actor, ...]:
        """Actors that name at least `n` members."""
        own = frozenset(self.members)
        return tuple(a for a in self.actors if len(a.victims & own) >= n)

    @property
    def inside(self) -> tuple[Actor, ...]:
        """Shared actors whose reported origin is itself a member: no defence can be pooled against those."""
        return tuple(a for a in self.shared if a.origin in self.members)

    @property
    def named(self) -> NDArray[np.int64]:
        """(k,) actors that name each member."""
        return np.diagonal(self.pairs)

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """(k, k) n_xy / (n_x + n_y - n_xy); NaN never: pairs that nobody names are 0."""
        n = self.named
        union = n[:, None] + n[None, :] - self.pairs
        return np.where(union > 0, self.pairs / np.maximum(union, 1), 0.0)

    @property
    def mean_jaccard(self) -> float | None:
        """Mean over pairs of members that are named at all; None with fewer than two of them."""
        here = np.flatnonzero(self.named)
        if here.size < 2:
            return None
        block = self.jaccard[np.ix_(here, here)]
        return float(block[np.triu_indices(here.size, 1)].mean())

    @property
    def shared_interval(self) -> tuple[float, float] | None:
        """95 % Wilson (1927) interval of shared over any: sampling alone, as if reports were a random sample."""
        return wilson(len(self.shared), self.n_any) if self.n_any else None

    def top_pairs(self, n: int, fewest: int = 1) -> list[tuple[str, str, int, float]]:
        """Pairs by number of common actors, then Jaccard: (code, code, n, J); only pairs with at least `fewest`."""
        k, j = len(self.members), self.jaccard
        found = [
            (min(names), max(names), int(self.pairs[a, b]), float(j[a, b]))
            for a in range(k)
            for b in range(a + 1, k)
            if self.pairs[a, b] >= fewest and (names := (self.members[a], self.members[b]))
        ]
        return sorted(found, key=lambda p: (-p[2], -p[3], p[0], p[1]))[:n]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share hits / of, of >= 1. Wilson (1927), Journal of the American Statistical Association
    22.
    """
    share, z2 = hits / of, _Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def shared_matrix(
    members: Iterable[str],
    *,
    variant: str = "base",
    exclude_inside_origin: bool = False,
    blocs: Mapping[str, Collection[str]] | None = None,
    of: tuple[Actor, ...] | None = None,
) -> SharedThreats:
    """Count the actors that name the `members` (ISO 3166 alpha-3), which keep their order.

    exclude_inside_origin : leave out actors whose reported origin is a member. blocs : members of "eu" and "nato", for
    the variant blocs. of : other actors than those that ship. Raises CyberError for a variant that is not one.
    """
    if variant not in get_args(Variant):
        raise CyberError(f'"{variant}" is not a way of counting; expected one of {", ".join(VARIANTS)}.')
    if variant == "blocs" and not blocs:
        raise CyberError('The variant "blocs" needs the members of the blocs: blocs={"eu": ..., "nato": ...}.')
    own = tuple(dict.fromkeys(members))
    counted = [c for a in (actors() if of is None else of) if (c := _counted(a, variant, blocs or {})) is not None]
    here = [a for a in counted if a.victims & set(own)]
    if exclude_inside_origin:
        here = [a for a in here if a.origin not in own]
    presence = np.array([[m in a.victims for m in own] for a in here], dtype=np.int64).reshape(len(here), len(own))
    everyone = tuple(a for a in counted if a.victims)
    return SharedThreats(own, tuple(here), presence.T @ presence, variant, everyone)


def _counted(a: Actor, variant: str, blocs: Mapping[str, Collection[str]]) -> Actor | None:
    """The actor with its victims under the variant's rule; None when the rule leaves it out."""
    victims = set(a.victims)
    if variant == "known_origin" and not a.origin:
        return None
    if variant == "relations":
        victims |= a.also
    if variant == "blocs":
        for raw in a.blocs | a.organisations:
            victims.update(blocs.get(_BLOC_OF.get(raw, ""), ()))
    if variant == "organisations":
        victims |= {names.victim(raw, a.name).iso3 for raw in a.organisations} - {""}
    return Actor(a.uuid, a.name, a.origin, frozenset(victims), a.organisations, a.blocs, a.also, a.groups)
