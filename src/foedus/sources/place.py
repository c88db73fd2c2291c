"""Where the user's copies stand, and which file of a folder holds a data set."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

from foedus.errors import SourceError
from foedus.sources.registry import DataSet, data_set, names, version

OWN_VERSIONS = "versions.toml"


def folder(given: Path | str | None = None) -> Path:
    """The folder of the data sets: `given`, else $FOEDUS_SOURCES, else `sources` in the user's cache; may not exist."""
    if given is not None:
        return Path(given)
    asked = os.environ.get("FOEDUS_SOURCES")
    if asked:
        return Path(asked)
    from platformdirs import user_cache_path

    return Path(os.environ.get("FOEDUS_CACHE") or user_cache_path("foedus")) / "sources"


def known(name: str, where: Path) -> DataSet:
    """The data set `name`, with the versions that `versions.toml` in the folder `where` adds before those we know.

    Each `[[name]]` table there has version, file, rows and, where the file has a year axis, years. Raises SourceError.
    """
    entry = data_set(name)
    own = where / OWN_VERSIONS
    if not own.is_file():
        return entry
    try:
        tables = tomllib.loads(own.read_text(encoding="utf-8"))
        strange = [n for n in tables if n not in names()]
        if strange:
            raise ValueError(f'no data set is called "{strange[0]}"')
        added = tuple(version(raw) for raw in tables.get(name, ()))
    except (OSError, ValueError, TypeError) as error:
        says = f"{own}: {error}. Expected [[name]] tables with version, file, rows and years."
        raise SourceError(says) from None
    return replace(entry, versions=(*added, *entry.versions))


def find(entry: DataSet, where: Path) -> Path | None:
    """The best file of `entry` in the folder `where`, or None."""
    return next((where / f for f in entry.files if (where / f).is_file()), None)


def missing_file(entry: DataSet, where: Path) -> SourceError:
    """What to say when no file of `entry` stands in `where`."""
    expected = ", ".join(entry.files[:4])
    return SourceError(
        f"{where}: there is no such file of {entry.name} ({entry.title}). Expected one of: {expected}.\n"
        f"{entry.by_hand}\nThen: foedus sources add FILE; or name the folder that holds it: FOEDUS_SOURCES=DIR."
    )
