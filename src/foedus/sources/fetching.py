"""Download one file that the registry has a public address for: only when asked, checked, continued after a break.

The standard library suffices: what is downloaded is one small file with a known checksum, and the usual downloaders
cannot go on where a broken download stopped.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from foedus.errors import SourceError
from foedus.sources.collection import sha256
from foedus.sources.opening import MOST_BYTES
from foedus.sources.registry import DataSet, Version, data_set

Progress = Callable[[int, int | None], None]  # bytes here so far, bytes in all if known
_PIECE = 2**16
_TIMEOUT_S = 30.0


def source_of(name: str) -> tuple[DataSet, Version]:
    """The data set and its first version with an address. Raises SourceError that says how to get it by hand."""
    entry = data_set(name)
    for version in entry.versions:
        if version.url and version.sha256:
            return entry, version
    says = f"{name}: no public address of a checked copy is known, so it cannot be fetched. By hand:\n{by_hand(entry)}"
    raise SourceError(says)


def by_hand(entry: DataSet) -> str:
    """What to download, where, and what to do then."""
    at = f"\nPage: {entry.home}" if entry.home else ""
    return f"{entry.by_hand}{at}\nThen: foedus sources add FILE"


def fetch(name: str, to: Path, progress: Progress = lambda done, of: None) -> Path:
    """Download the data set `name` into the folder `to`, check it, give its path; one that is there is not fetched
    again.

    A download that breaks off stays as `<file>.part` and is continued by the next call. Raises SourceError.
    """
    entry, version = source_of(name)
    target, part = to / version.file, to / f"{version.file}.part"
    if target.is_file() and sha256(target) == version.sha256:
        return target
    try:
        to.mkdir(parents=True, exist_ok=True)
        _download(version.url, part, progress)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        says = f"{version.url}: cannot be fetched: {reason}. Is there a network? By hand:\n{by_hand(entry)}"
        raise SourceError(says) from None
    except OSError as error:
        raise SourceError(
            f"{part}: cannot be written: {error.strerror or error}. Name another folder: --sources DIR."
        ) from None
    if sha256(part) != version.sha256:
        part.unlink()
        says = (
            f"{version.url}: the bytes are not those of version {version.version} that were checked; nothing was kept."
        )
        raise SourceError(f"{says} By hand:\n{by_hand(entry)}")
    part.replace(target)
    return target


def _download(url: str, part: Path, progress: Progress) -> None:
    done = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not done:  # 416: nothing is left to send, the part is whole or wrong
            raise
        return
    with answer:
        goes_on = answer.status == 206
        done = done if goes_on else 0
        length = answer.headers.get("Content-Length")
        whole = done + int(length) if length and length.isdigit() else None
        if whole is not None and whole > MOST_BYTES:
            raise SourceError(f"{url}: {whole / 1e6:,.0f} MB, more than any data set that is read; it is not fetched.")
        with part.open("ab" if goes_on else "wb") as out:
            while piece := answer.read(_PIECE):
                out.write(piece)
                done += len(piece)
                if done > MOST_BYTES:
                    raise SourceError(f"{url}: more than {MOST_BYTES / 1e6:,.0f} MB; the download was stopped.")
                progress(done, whole)
    if whole is not None and done < whole:
        raise ConnectionError(f"it broke off after {done:,} of {whole:,} bytes; ask again to go on")
