"""Which kind of file a user's export is: a STIX bundle or MISP events."""

from __future__ import annotations

from pathlib import Path

from foedus.cyber import misp_event, stix
from foedus.cyber.bounded import read_json
from foedus.cyber.errors import ImportRefused
from foedus.cyber.items import Imported


def load_own(path: Path) -> Imported:
    """A user's own STIX 2.1 bundle or MISP event export. Raises ImportRefused; nothing is taken in by halves."""
    whole = read_json(path)
    first = whole[0] if isinstance(whole, list) and whole else whole
    if isinstance(first, dict) and first.get("type") == "bundle":
        return stix.imported(whole, str(path))
    if isinstance(first, dict) and ("Event" in first or "response" in first):
        return misp_event.imported(whole, str(path))
    raise ImportRefused(f"{path}: neither a STIX 2.1 bundle (type bundle, objects) nor a MISP export (Event).")
