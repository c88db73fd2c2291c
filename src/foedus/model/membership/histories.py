"""The history that a user names: "record" (embedded) or "atop" (ATOP 5.0 from the user's own copies)."""

from __future__ import annotations

from pathlib import Path

from foedus.model.errors import ModelError
from foedus.model.membership.from_record import history_of_record
from foedus.model.membership.history import History
from foedus.record import Record, load


def history_of(data: str, until: int | None, sources: Path | None, record: Record | None) -> History:
    """The history of `data` as it was known at the end of `until` (None: all of it).

    Raises ModelError for another name or a year outside the data; SourceError for missing files of ATOP.
    """
    embedded = record or load()
    if data == "record":
        history = history_of_record(embedded)
    elif data == "atop":
        from foedus.model.membership.from_atop import history_of_atop

        history = history_of_atop(embedded, sources)
    else:
        raise ModelError(f'no data are called "{data}"; expected record or atop.')
    if until is not None and not history.first < until <= history.last:
        raise ModelError(f"--until {until}: expected a year from {history.first + 1} to {history.last} ({data}).")
    return history.up_to(until)
