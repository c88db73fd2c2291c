"""What the cyber room raises on purpose.

FoedusError
└── CyberError
    ├── UnknownName         a victim, sponsor or country that the reviewed tables do not know
    ├── NoSharedThreats     an alliance of which the data name too few members together
    ├── ImportRefused       a file of one's own that is malformed, too large, too deep or wrongly marked
    ├── PolicyError         a policy that contradicts itself or the alliance; lists every problem
    └── MissingExtra        a package of the extra `cyber` that is not installed
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.errors import FoedusError


class CyberError(FoedusError):
    """Base of what the cyber room raises on purpose."""


class UnknownName(CyberError):
    """A victim, sponsor or country that the reviewed tables do not know."""


class NoSharedThreats(CyberError):
    """Fewer than two members are named together by any actor: nothing to share about, as far as the data say."""


class ImportRefused(CyberError):
    """A file of the user's own that cannot be taken in; nothing of it was."""


class MissingExtra(CyberError):
    """A package that comes with `pip install "foedus[cyber]"` is not here."""

    def __init__(self, package: str, purpose: str) -> None:
        super().__init__(f'{purpose} needs the package {package}: pip install "foedus[cyber]"')


class PolicyError(CyberError):
    """A policy that contradicts itself or the alliance; `problems` lists every one."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {p}" for p in self.problems)
        n = len(self.problems)
        super().__init__(
            f"{name}: {n} problem{'s' if n > 1 else ''}\n{lines}\nThe keys are explained in docs/cyber.md."
        )
