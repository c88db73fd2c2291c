"""Do the members carry what they get? Shares of the burden against shares of the benefit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

EXACT_TO = 25  # members; above, or with ties, the normal approximation
FAR = 0.05  # five percentage points


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Wilcoxon's signed rank test of differences against zero.

    n : differences that are not zero, n_zero : those dropped. plus : sum of the ranks of positive ones. p : two-sided,
    None without any difference. exact : whether p is exact or the normal approximation with tie correction.
    """

    n: int
    n_zero: int
    plus: float
    p: float | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Concordance:
    """Burden against one proxy of benefit: the test, members compared, and those more than 5 points apart.

    The test has little power on shares that sum to 1, and the differences depend on each other: read n_far beside it.
    """

    proxy: str
    n: int
    n_far: int
    test: SignedRank


def signed_rank(differences: Sequence[float]) -> SignedRank:
    """Wilcoxon (1945): ranks of |difference|, zeros dropped, mid-ranks for ties; exact p for up to 25 without ties."""
    kept = sorted((d for d in differences if d != 0), key=abs)
    n = len(kept)
    n_zero = len(differences) - n
    if n == 0:
        return SignedRank(0, n_zero, 0.0, None, True)
    ranks, ties = _ranks([abs(d) for d in kept])
    plus = math.fsum(r for r, d in zip(ranks, kept, strict=True) if d > 0)
    if not ties and n <= EXACT_TO:
        return SignedRank(n, n_zero, plus, _exact(plus, n), True)
    spread = n * (n + 1) * (2 * n + 1) / 24 - sum(t**3 - t for t in ties) / 48
    z = abs(plus - n * (n + 1) / 4) / math.sqrt(spread)
    return SignedRank(n, n_zero, plus, math.erfc(z / math.sqrt(2)), False)


def concordance(burden: Sequence[float | None], benefits: Mapping[str, Sequence[float | None]]) -> list[Concordance]:
    """One test for each proxy of benefit and for the mean of each set of two or more of them.

    burden, benefits : shares of each member, None where unknown. Members are compared where all that is needed is
    known, and both sides are divided by their sums over these. The verdict is known to depend on the proxies (Solomon
    2004), so all of them are shown. Sources: Sandler and Forbes (1980) (recalled); Sandler and Shimizu (2014).
    """
    found = []
    for size in range(1, len(benefits) + 1):
        for names in combinations(benefits, size):
            rows = [r for r in zip(burden, *(benefits[name] for name in names), strict=True) if None not in r]
            columns = [_divided([float(v or 0) for v in c]) for c in zip(*rows, strict=True)]
            if len(rows) < 2 or any(c is None for c in columns):
                continue
            carried, *got = [c for c in columns if c is not None]
            differences = [b - math.fsum(g) / len(g) for b, *g in zip(carried, *got, strict=True)]
            n_far = sum(abs(d) > FAR for d in differences)
            found.append(Concordance(" + ".join(names), len(rows), n_far, signed_rank(differences)))
    return found


def _divided(values: list[float]) -> list[float] | None:
    total = math.fsum(values)
    return [v / total for v in values] if total > 0 else None


def _ranks(ordered: list[float]) -> tuple[list[float], list[int]]:
    """Mid-ranks of ascending values, and the sizes of the groups of equal ones."""
    ranks: list[float] = []
    ties = []
    while len(ranks) < len(ordered):
        size = ordered.count(ordered[len(ranks)])
        ranks += [len(ranks) + (size + 1) / 2] * size
        ties += [size] if size > 1 else []
    return ranks, ties


def _exact(plus: float, n: int) -> float:
    """Two-sided p from the number of subsets of 1..n with each sum."""
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    low = min(int(plus), n * (n + 1) // 2 - int(plus))
    return min(1.0, float(2 * sum(ways[: low + 1])) / float(2**n))
