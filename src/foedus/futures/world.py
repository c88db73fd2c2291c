"""`World`: everything that the simulator knows of the system at the end of one year, as plain arrays.

`start.from_record` makes one from the record, `start.from_history` from any history of alliances (a back-test hands in
what a scholarly data set says up to the origin). Nothing here moves; `step` does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.futures.errors import WorldError
from foedus.model.membership.standing import Standing

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

REGIMES = ("closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy")


@dataclass(frozen=True, eq=False)
class World:
    """The system at the end of `origin`; N states, all of them in the system, T treaties, all of them in force.

    states : N codes, sorted. treaties : T ids. titles : T short names for people.
    standing : who is a member since when, history, dyads; at the start of `origin` + 1.
    population : (N,) persons. gdp_musd : (N,) million current USD. milex_share : (N,) per cent of GDP. NaN: not known.
    milex_anchor : (N,) mean of the log of it over the years known. guideline : (N,) per cent of GDP that the state has
        agreed to spend, 0 for none.
    growth : (N,) latest yearly growth of real GDP, log points; NaN: not known.
    regime : (N,) index in REGIMES, -1 for not known. rival_since : (N, N) first year of the rivalry, 0 for none.
    support : (N,) share of the public for its main alliance, in [0, 1]; NaN: not asked.
    contiguous : (N, N) by land. state_since : (N,) year in which the state last entered the system.
    recent : (T, 8) accessions in each of the last five years, the latest first, then withdrawals in each of three.
    foundings : (5,) treaties founded in each of the last five years, the latest last.
    eligible : (T, N) who may accede by the law of the origin: the treaty's text, and for a pledge of defence the
        state's own neutrality; True for members, and where nothing is known.
    war_end : chance that a war of two states is over within a year, in [0, 1].
    helped : allies that went to war for a state attacked since 1946, and those that were bound to (`called`).
    former : (N, N) whether the two were rivals before and are no longer.
    sources : what the fields rest on: (field, mark, words); the marks are observed, derived and assumed.
    """

    origin: int
    states: tuple[str, ...]
    treaties: tuple[str, ...]
    titles: tuple[str, ...]
    standing: Standing
    population: Floats
    gdp_musd: Floats
    milex_share: Floats
    milex_anchor: Floats
    guideline: Floats
    growth: Floats
    regime: NDArray[np.int8]
    rival_since: Floats
    support: Floats
    contiguous: Flags
    state_since: Floats
    former: Flags
    recent: Floats
    foundings: Floats
    eligible: Flags
    war_end: float = 0.5
    helped: tuple[int, int] = (0, 0)
    sources: tuple[tuple[str, str, str], ...] = ()

    def __post_init__(self) -> None:
        problems = self._misshapen() or self._impossible()
        if problems:
            raise WorldError(f"The world of {self.origin} cannot be:\n" + "\n".join(f"  {p}" for p in problems))

    @property
    def n_states(self) -> int:
        """N."""
        return len(self.states)

    @property
    def n_treaties(self) -> int:
        """T."""
        return len(self.treaties)

    @property
    def member(self) -> Flags:
        """(T, N): who is a member."""
        return self.standing.member

    @property
    def defence(self) -> Flags:
        """(T,): whether members owe one another help when attacked."""
        return self.standing.treaties[:, 1] > 0.5

    def state(self, code: str) -> int:
        """Index of a state. Raises WorldError when it is not in the system."""
        if code not in self.states:
            raise WorldError(f"{code} is not in the system at the end of {self.origin}.")
        return self.states.index(code)

    def treaty(self, id_: str) -> int:
        """Index of a treaty. Raises WorldError when it is not in force."""
        if id_ not in self.treaties:
            raise WorldError(f"{id_} is not in force between two states at the end of {self.origin}.")
        return self.treaties.index(id_)

    def with_(self, **changes: Any) -> World:
        """The same world with other values for the fields named."""
        return replace(self, **changes)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every array by name, in the order declared; what the manifest hashes."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        stands = {f"standing.{f.name}": getattr(self.standing, f.name) for f in fields(self.standing)}
        return {k: v for k, v in {**own, **stands}.items() if isinstance(v, np.ndarray)}

    def _misshapen(self) -> list[str]:
        n, t = len(self.states), len(self.treaties)
        of_states = (
            "population",
            "gdp_musd",
            "milex_share",
            "milex_anchor",
            "guideline",
            "growth",
            "regime",
            "support",
            "state_since",
        )
        shapes: dict[str, tuple[int, ...]] = {
            **dict.fromkeys(of_states, (n,)),
            **dict.fromkeys(("rival_since", "contiguous", "former"), (n, n)),
            **dict.fromkeys(("standing.member", "standing.since", "standing.left"), (t, n)),
            **dict.fromkeys(("standing.joint", "standing.rival", "standing.log_distance", "standing.war"), (n, n)),
            "recent": (t, 8),
            "foundings": (5,),
            "eligible": (t, n),
            "standing.states": (n, 4),
            "standing.treaties": (t, 7),
        }
        found = self.arrays()
        wrong = [f"{k} has shape {found[k].shape}, expected {v}" for k, v in shapes.items() if found[k].shape != v]
        return wrong + ([f"{len(self.titles)} titles for {t} treaties"] if len(self.titles) != t else [])

    def _impossible(self) -> list[str]:
        s = self.standing
        joined = np.where(s.member, s.since, self.origin)
        rules = {
            f"the standing is of the start of {s.year}, expected {self.origin + 1}": s.year != self.origin + 1,
            "a code stands twice among the states": len(set(self.states)) < len(self.states),
            "an id stands twice among the treaties": len(set(self.treaties)) < len(self.treaties),
            "a state is not in the system": not s.here.all(),
            "a treaty has fewer than two members": bool((s.member.sum(axis=1) < 2).any()),
            "a member has no year of entry": bool(np.isnan(joined).any()),
            "a state joined a treaty after the origin": bool((joined > self.origin).any()),
            "a treaty was founded after the origin": bool((s.treaties[:, 0] > self.origin).any()),
            "joint is not symmetric with an empty diagonal": not _is_relation(s.joint),
            "rival is not symmetric with an empty diagonal": not _is_relation(s.rival),
            "a distance is not finite": not np.isfinite(s.log_distance).all(),
            "the history is negative or not finite": not (np.isfinite(s.joint).all() and (s.joint >= 0).all()),
            "a member is not eligible": bool((s.member & ~self.eligible).any()),
            "a regime is outside -1 to 3": bool(((self.regime < -1) | (self.regime > 3)).any()),
            "a GDP is not positive": bool((self.gdp_musd <= 0).any()),
        }
        return [says for says, broken in rules.items() if broken]


def _is_relation(values: NDArray[Any]) -> bool:
    return np.array_equal(values, values.T) and not np.diag(values).any()
