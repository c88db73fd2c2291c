"""What a job that is done says, as a document with charts: for the kinds that have one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.record import Record
from foedus.web.jobs import tables

if TYPE_CHECKING:
    from foedus.view.document import Document

LARGEST = 12  # alliances whose members are drawn


def futures(record: Record, folder: Path) -> Document:
    """A run: members of its largest alliances, likely events, pairs, the system. Raises StoreError."""
    from foedus.futures.store import open_run
    from foedus.view.futures_run import compose

    store = open_run(folder / "run")
    ids, start = store.manifest["treaties"], store.manifest["members_at_start"]
    largest = sorted(range(len(start)), key=lambda k: (-start[k], ids[k]))[:LARGEST]
    return compose(store, record, [ids[k] for k in largest])


def scenario_of(folder: Path) -> str:
    """The title of the scenario of a run that is done; "Run" when its manifest is gone."""
    from foedus.futures.errors import StoreError
    from foedus.futures.store import open_run

    try:
        return str(open_run(folder / "run").manifest["scenario_title"])
    except StoreError:
        return "Run"


def compared(record: Record, folder: Path) -> Document:
    """Two runs: what differs at the end, with intervals. Raises OutputError."""
    from foedus.view.futures_compare import compose

    return compose(tables.answer(folder), {id_: treaty.title for id_, treaty in record.treaties.items()})


MAKERS: Mapping[str, Callable[[Record, Path], Document]] = {"futures": futures, "compare": compared}
