"""What a check is asked for, and the history that it judges on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foedus.model.errors import ModelError
from foedus.model.membership.histories import history_of
from foedus.model.membership.history import History
from foedus.record import Record

_LEAST_LEFT = 5  # years to judge on


@dataclass(frozen=True, slots=True)
class Asked:
    """The keywords of the registry."""

    data: str
    until: int | None
    spec: Mapping[str, Any]
    sources: Path | None
    record: Record | None

    def history(self) -> History:
        """All of it. Raises ModelError when too little is left after `until` to judge on."""
        whole = history_of(self.data, None, self.sources, self.record)
        if self.until is not None and not whole.first < self.until <= whole.last - _LEAST_LEFT:
            raise ModelError(
                f"--until {self.until}: expected a year from {whole.first + 1} to {whole.last - _LEAST_LEFT}, so that"
                " years are left to judge on."
            )
        return whole

    def judged(self, history: History) -> str:
        """On which years, in words."""
        if self.until is None:
            return f"Judged on the rows it was fitted to ({self.data}, to {history.last})."
        return f"Fitted to {self.data} as known at the end of {self.until}, judged on {self.until + 1}-{history.last}."
