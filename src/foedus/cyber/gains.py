"""What each member brings and gets: with and without it, a newcomer, and the fair (Shapley) division of what is
averted.

Everything is exact in who takes part: a campaign plays among the members that its actor names, so the game among all is
the sum of small games, one for each actor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import factorial

import numpy as np
from numpy.typing import NDArray

from foedus.cyber import arrays as at
from foedus.cyber.compare import played
from foedus.cyber.errors import CyberError
from foedus.cyber.parameters import Parameters
from foedus.cyber.policy import Policy, arranged, parameters_of
from foedus.cyber.shared import SharedThreats, shared_matrix
from foedus.cyber.simulate import Outcome, simulate

MOST_IN_A_GAME = 12  # members that one actor names, for exact Shapley values: 4,096 coalitions


@dataclass(frozen=True, slots=True)
class Gain:
    """One member. Shares are of its hits; counts are per 1,000 campaigns against the alliance.

    averted : share of its own hits averted, None where no actor names it together with another. given, received :
    compromises averted by its items and by those of others. for_others : how many compromises of the others its taking
    part averts. first_to_know : campaigns of which it is the first to detect. is_free_rider : has benefit, gives
    nothing.
    """

    state: str
    hits: float
    averted: float | None
    given: float
    received: float
    for_others: float
    first_to_know: float
    is_free_rider: bool


def gains(
    policy: Policy,
    threats: SharedThreats,
    regions: Mapping[str, str],
    params: Parameters | None = None,
    *,
    n: int = 20_000,
    seed: int = 1,
) -> list[Gain]:
    """Each member's part, in order of what it gives, by leaving it out once."""
    whole = played(policy, threats, regions, params, n=n, seed=seed)
    per = 1000.0 / n
    found = []
    for i, state in enumerate(threats.members):
        hits = int(whole.counts[i, at.HITS])
        others = 0.0
        if hits:
            without = played(policy, threats, regions, params, n=n, seed=seed, silent=frozenset({state}))
            others = per * float(_averted_elsewhere(whole, i) - _averted_elsewhere(without, i))
        given, received = per * float(whole.given[i]), per * float(whole.received[i])
        found.append(
            Gain(
                state,
                per * hits,
                float(whole.counts[i, at.AVERTED]) / hits if hits else None,
                given,
                received,
                others,
                per * float(whole.counts[i, at.FIRST_TO_KNOW]),
                received > 0 and given == 0,
            )
        )
    return sorted(found, key=lambda g: (-g.given, g.state))


def _averted_elsewhere(found: Outcome, i: int) -> int:
    averted = found.counts[:, at.AVERTED]
    return int(averted.sum() - averted[i])


def joining(
    newcomer: str,
    policy: Policy,
    threats: SharedThreats,
    regions: Mapping[str, str],
    params: Parameters | None = None,
    *,
    n: int = 100_000,
    seed: int = 1,
) -> tuple[float, float, float]:
    """What a newcomer changes: averted share of today's members without it and with it, and its own averted share.

    Both count the same hits on today's members: those of every actor that names two states of the larger alliance.
    Raises CyberError when it is a member already or no actor names it together with a member.
    """
    if newcomer in threats.members:
        raise CyberError(f"{newcomer} is a member already.")
    larger = shared_matrix((*threats.members, newcomer), variant=threats.variant)
    if not any(len(threats.members) in row for row in larger.rows):
        raise CyberError(f"No actor in the data names {newcomer} together with a member; nothing can be said of it.")
    with_, without = (
        played(policy, larger, regions, params, n=n, seed=seed, silent=silent)
        for silent in (frozenset[str](), frozenset({newcomer}))
    )
    return _share(without, slice(0, -1)), _share(with_, slice(0, -1)), _share(with_, slice(-1, None))


def _share(found: Outcome, part: slice) -> float:
    return float(found.counts[part, at.AVERTED].sum() / found.counts[part, at.HITS].sum())


def shapley(n: int, value: Callable[[int], float]) -> NDArray[np.float64]:
    """Shapley values of a game of `n` players; `value` of a coalition given as a bit mask. They sum to value(all).

    Shapley (1953), "A value for n-person games"; over all 2^n coalitions.
    """
    worth = [value(mask) for mask in range(1 << n)]
    weight = [factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)]
    found = np.zeros(n)
    for mask, v in enumerate(worth):
        size = mask.bit_count()
        for i in range(n):
            if not mask >> i & 1:
                found[i] += weight[size] * (worth[mask | 1 << i] - v)
    return found


def shapley_values(
    policy: Policy,
    threats: SharedThreats,
    regions: Mapping[str, str],
    params: Parameters | None = None,
    *,
    n: int = 2_000,
    seed: int = 1,
) -> NDArray[np.float64]:
    """(k,) each member's fair share of the compromises averted per campaign; they sum to what all avert together.

    n : campaigns for each coalition of the members that an actor names. Raises CyberError when one names more than 12.
    """
    members = arranged(policy, threats, regions)
    p = parameters_of(policy, params or Parameters())
    total = np.zeros(len(threats.members))
    for row in threats.rows:
        if len(row) > MOST_IN_A_GAME:
            raise CyberError(
                f"An actor names {len(row)} members; Shapley values are computed for at most {MOST_IN_A_GAME}."
            )

        def averted(mask: int, row: tuple[int, ...] = row) -> float:
            if mask.bit_count() < 2:
                return 0.0
            phi = np.zeros(members.phi.size)
            inside = [j for i, j in enumerate(row) if mask >> i & 1]
            phi[inside] = members.phi[inside]
            found = simulate(replace(members, phi=phi), p, [row], n, seed)
            return float(found.counts[:, at.AVERTED].sum()) / n

        total[list(row)] += shapley(len(row), averted)
    return total / len(threats.rows)
