"""Put the files of an export on a disk: all of them whole, or the folder as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from foedus.errors import OutputError
from foedus.panel.export import MARK, Form


def writable_folder(folder: Path, form: Form) -> None:
    """Raise OutputError, before any work is done, when an export cannot go to `folder`.

    It may be absent, empty, or hold an earlier export in the same form, which is then replaced file by file.
    """
    if not folder.absolute().parent.is_dir():
        raise OutputError(f"There is no folder {folder.parent}; make it first, or write elsewhere with -o.")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder with -o.")
    if not os.access(folder if folder.exists() else folder.absolute().parent, os.W_OK):
        raise OutputError(f"{folder} cannot be written: permission denied. Write elsewhere with -o.")
    if folder.exists() and any(folder.iterdir()):
        before = _exported_as(folder)
        if before is None:
            raise OutputError(f"{folder} is not empty and holds no earlier export; name a new folder with -o.")
        if before != form:
            says = f"holds an earlier export as {before}; two forms of two versions in one folder would mislead"
            raise OutputError(f"{folder} {says}. Name a new folder with -o.")


def write_folder(folder: Path, files: Mapping[str, bytes], form: Form) -> None:
    """Write `files` into a new folder beside `folder`, then move them there. Raises OutputError."""
    writable_folder(folder, form)
    folder = folder.absolute()
    temporary = ""
    try:
        temporary = tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part")
        for name, data in files.items():
            (Path(temporary) / name).write_bytes(data)
        if folder.exists():
            for name in files:
                (Path(temporary) / name).replace(folder / name)
        else:
            Path(temporary).chmod(0o755)  # mkdtemp makes it for its owner alone
            Path(temporary).rename(folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}.") from None
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


def _exported_as(folder: Path) -> str | None:
    """The form of the export that `folder` holds, from the first line of its README; None when it holds none."""
    try:
        with (folder / "README.md").open(encoding="utf-8") as readme:
            first = readme.readline().rstrip("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return first.removeprefix(MARK) if first.startswith(MARK) else None
