"""What the strategy room raises on purpose.

FoedusError
└── StrategyError
    ├── GameError       a coalition function that cannot be: names the member or coalition and what to write
    ├── PlanError       a file of an allocation that is wrong; carries every problem found
    ├── Infeasible      no plan keeps all constraints; carries the fewest that cannot stand together
    └── Unbounded       a loss that could fall without end; names the number that makes it so
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.errors import FoedusError


class StrategyError(FoedusError):
    """Base of what the strategy room raises on purpose."""


class GameError(StrategyError):
    """A coalition function that cannot be."""


class PlanError(StrategyError):
    """One or more problems in the file of an allocation; `problems` lists all of them."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        n = len(self.problems)
        super().__init__("\n".join([f"{file}: {n} problem{'s' if n > 1 else ''}", *(f"  {p}" for p in self.problems)]))


class Infeasible(StrategyError):
    """No plan keeps all constraints. `conflict`: the fewest of them that cannot stand together, in words."""

    def __init__(self, conflict: Sequence[str]) -> None:
        self.conflict = tuple(conflict)
        says = "\n".join(f"  - {c}" for c in self.conflict)
        super().__init__(f"No plan keeps all constraints. These cannot stand together; relax one of them:\n{says}")


class Unbounded(StrategyError):
    """A loss that could fall without end."""
