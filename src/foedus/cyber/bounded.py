"""Read JSON from a stranger: bounded in size, depth and number of values, and nothing in it is executed or followed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from foedus.cyber.errors import ImportRefused

MOST_BYTES = 32 * 1024 * 1024
MOST_DEPTH = 40
MOST_VALUES = 4_000_000


def read_json(path: Path) -> Any:
    """What a JSON file holds. Raises ImportRefused naming the file and the limit or place that is wrong."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ImportRefused(
                f"{path}: {size / 1e6:.0f} MB; at most {MOST_BYTES // 1024 // 1024} MiB are read. Split it into"
                f" several."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read: {error.strerror or error}.") from None
    try:
        found = msgspec.json.decode(data)
    except RecursionError:
        raise ImportRefused(f"{path}: nested deeper than {MOST_DEPTH} levels; no STIX or MISP file is.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path}: not JSON: {error}.") from None
    _bounded(found, path)
    return found


def _bounded(whole: Any, path: Path) -> None:
    """Raise ImportRefused for what is nested too deep or holds too many values; layer by layer, without recursion."""
    layer, depth, values = [whole], 0, 0
    while layer:
        depth += 1
        values += len(layer)
        if depth > MOST_DEPTH:
            raise ImportRefused(f"{path}: nested deeper than {MOST_DEPTH} levels; no STIX or MISP file is.")
        if values > MOST_VALUES:
            raise ImportRefused(f"{path}: more than {MOST_VALUES:,} values. Split it into several.")
        layer = [
            x
            for v in layer
            if isinstance(v, dict | list)
            for x in (v.values() if isinstance(v, dict) else v)
            if not isinstance(x, str)
        ]


def moment(value: Any, where: str) -> datetime:
    """A time as ISO 8601 text with a zone, or as seconds since 1970 (MISP). Raises ImportRefused."""
    try:
        text = str(value)
        seconds = text.replace(".", "", 1).isdigit()
        found = datetime.fromtimestamp(float(text), UTC) if seconds else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise ImportRefused(
            f"{where}: {str(value)[:60]!r} is no time; expected ISO 8601 or seconds since 1970."
        ) from None
    if not 1970 <= found.year <= 2100:
        raise ImportRefused(f"{where}: {str(value)[:60]!r} lies outside 1970 to 2100.")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
