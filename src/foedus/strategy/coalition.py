"""What a coalition of states is worth: how its members' capabilities add up, and what that sum protects.

v(S) = worth(technology(capabilities of S)), v of nobody 0. The technologies of aggregation are Hirshleifer's (1983,
From weakest-link to best-shot: the voluntary provision of public goods, Public Choice 41: 371-386).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from foedus.strategy.errors import GameError

Real = NDArray[np.float64]
Orders = NDArray[np.int64]
EXACT_TO = 20  # members; 2^20 coalitions take 8 MB
_ROUNDING = 1e-12  # a sum that equals a quota but for rounding reaches it
_BLOCK = 1 << 15  # coalitions looked at together


def summed(ordered: Real) -> Real:
    """Summation: the level of each prefix of `ordered` (shape (..., n)) is the sum of its capabilities."""
    return np.cumsum(ordered, axis=-1)


def best(ordered: Real) -> Real:
    """Best shot: the level of each prefix is its largest capability."""
    return np.maximum.accumulate(ordered, axis=-1)


def weakest(ordered: Real) -> Real:
    """Weakest link: in a shared network everybody has the level of its weakest member, so a coalition picks the circle
    for which members times level is largest; the level of a prefix is that largest product.

    [choice] Hirshleifer's bare minimum would make a weak member's arrival a loss that nobody could decline.
    """
    places = np.ascontiguousarray(
        np.moveaxis(np.atleast_2d(ordered), -1, 0)
    )  # place in the order first: each step is one pass
    level = np.zeros_like(places)
    for floor in range(len(places)):
        count = (places[:floor] >= places[floor]).sum(axis=0, dtype=np.float64)
        # A floor later in the order than the prefix only understates what the prefix itself reaches.
        for end in range(floor, len(places)):
            count += places[end] >= places[floor]
            np.maximum(level[end], places[floor] * count, out=level[end])
    return np.moveaxis(level, 0, -1).reshape(ordered.shape)


TECHNOLOGIES: Mapping[str, Callable[[Real], Real]] = {"sum": summed, "weakest-link": weakest, "best-shot": best}


def _widest(held: Real) -> Real:
    """`weakest` of whole sets, shape (sets, n): with members in falling order the j-th level counts j members."""
    return np.asarray((-np.sort(-held, axis=-1) * np.arange(1, held.shape[-1] + 1)).max(axis=-1))


_OF_SETS: Mapping[str, Callable[[Real], Real]] = {
    "sum": lambda held: np.asarray(held.sum(axis=-1)),
    "weakest-link": _widest,
    "best-shot": lambda held: np.asarray(held.max(axis=-1)),
}


@dataclass(frozen=True, slots=True)
class Power:
    """level ** exponent, exponent > 0. Below 1 each further unit protects less; 1: everyone keeps his own."""

    exponent: float = 0.5

    def __call__(self, level: Real) -> Real:
        """Worth of each level, in the unit of capability to the power of the exponent."""
        return np.power(level, self.exponent)

    def __str__(self) -> str:
        return f"level to the power of {self.exponent:g}"


@dataclass(frozen=True, slots=True)
class Contest:
    """Probability of prevailing against `threat`: C^m / (C^m + T^m), m = steepness (Tullock's contest)."""

    threat: float
    steepness: float = 0.4272  # winner's capability ratio, COW inter-state wars 4.0, n = 74, se 0.1405

    def __call__(self, level: Real) -> Real:
        """Worth of each level, a probability."""
        ours = np.power(level, self.steepness)
        return np.asarray(ours / (ours + self.threat**self.steepness))

    def __str__(self) -> str:
        return f"probability of prevailing against {self.threat:g}, steepness {self.steepness:g}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """1 when the level reaches `quota`, else 0: who can stop a given threat (Shapley and Shubik 1954)."""

    quota: float

    def __call__(self, level: Real) -> Real:
        """Worth of each level, 0 or 1."""
        return (level >= self.quota * (1 - _ROUNDING)).astype(np.float64)

    def __str__(self) -> str:
        return f"1 from a level of {self.quota:g} on, else 0"


Worth = Power | Contest | Threshold


@dataclass(frozen=True, slots=True)
class Game:
    """A coalition function made of capabilities; it never falls when a member joins.

    members : n >= 1 names. capability : n numbers >= 0, one unit for all. technology : a key of TECHNOLOGIES.
    Raises GameError for capabilities that are not such numbers and for a worth with a parameter that is not above 0.
    """

    members: tuple[str, ...]
    capability: tuple[float, ...]
    technology: str = "sum"
    worth: Worth = Power()

    def __post_init__(self) -> None:
        _named_once(self.members)
        if len(self.capability) != len(self.members):
            raise GameError(f"{len(self.members)} members but {len(self.capability)} capabilities.")
        for member, c in zip(self.members, self.capability, strict=True):
            if not (math.isfinite(c) and c >= 0):
                raise GameError(f"{member}: a capability is a number of 0 or more, found {c}.")
        if self.technology not in TECHNOLOGIES:
            raise GameError(f'"{self.technology}" is not a technology; known: {", ".join(TECHNOLOGIES)}.')
        parameters = [getattr(self.worth, name) for name in self.worth.__slots__]
        if not all(math.isfinite(p) and p > 0 for p in parameters):
            raise GameError(f"{self.worth}: each parameter must be a number above 0.")

    def along(self, orders: Orders) -> Real:
        """Value of each prefix of `orders`, indices of members, shape (..., n); so is the result."""
        held = np.asarray(self.capability, dtype=np.float64)[orders]
        return self.worth(TECHNOLOGIES[self.technology](held))

    def table(self) -> Real:
        """Value of each of the 2^n coalitions; bit i of the index says whether member i is in."""
        n = _few(self.members)
        capability, values = np.asarray(self.capability, dtype=np.float64), np.zeros(1 << n)
        for begin in range(0, 1 << n, _BLOCK):
            masks = np.arange(begin, min(begin + _BLOCK, 1 << n))
            held = capability * ((masks[:, None] >> np.arange(n)) & 1)  # who is absent brings nothing
            values[masks] = self.worth(_OF_SETS[self.technology](held))
        values[0] = 0.0
        return values


@dataclass(frozen=True, slots=True)
class Listed:
    """A coalition function given value by value. values : 2^n numbers, bit i of the index: member i; the first 0."""

    members: tuple[str, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        _named_once(self.members)
        if len(self.values) != 1 << _few(self.members):
            raise GameError(f"{len(self.members)} members have {1 << len(self.members)} coalitions, not as given.")
        if self.values[0] != 0 or not all(map(math.isfinite, self.values)):
            raise GameError("Every value must be a number, and that of nobody 0.")

    def table(self) -> Real:
        """The values."""
        return np.asarray(self.values, dtype=np.float64)

    @classmethod
    def of(cls, members: tuple[str, ...], value: Mapping[frozenset[str], float]) -> Listed:
        """From the value of each coalition but the empty one. Raises GameError that names those left out."""
        n = _few(members)
        every = [frozenset(s) for size in range(1, n + 1) for s in combinations(members, size)]
        missing, unknown = [s for s in every if s not in value], [s for s in value if s not in set(every)]
        for what, some in (("without a value", missing), ("not of these members", unknown)):
            if some:
                shown = "; ".join("|".join(sorted(s)) or "nobody" for s in some[:5])
                raise GameError(f"{len(some)} coalitions {what}: {shown}{' ...' if len(some) > 5 else ''}")
        subset = (frozenset(m for i, m in enumerate(members) if mask >> i & 1) for mask in range(1, 1 << n))
        return cls(members, (0.0, *(float(value[s]) for s in subset)))


def _named_once(members: tuple[str, ...]) -> None:
    if not members or len({*members}) != len(members):
        raise GameError("A game needs members, each named once.")


def _few(members: tuple[str, ...]) -> int:
    if len(members) > EXACT_TO:
        raise GameError(f"{len(members)} members have too many coalitions to list; at most {EXACT_TO}.")
    return len(members)
