"""The text of a scenario to begin with: every block explained, or a copy of another scenario."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from foedus.futures.errors import FuturesError
from foedus.futures.scenario import located, text_of

TEMPLATE = Path(__file__).with_name("scenario_template.toml")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def begun(name: str, like: str | None = None, today: date | None = None) -> str:
    """The file `name`.toml to fill in; `like` : a file or shipped scenario to copy, with its id and day changed.

    Raises FuturesError for a name that no scenario may bear, UnknownScenario for an unknown `like`.
    """
    if not _ID.fullmatch(name):
        raise FuturesError(f'"{name}" cannot be the id of a scenario: write lower-case words joined by hyphens.')
    day = str(today or date.today())
    if like is None:
        text = TEMPLATE.read_text(encoding="utf-8")
        title = name.replace("-", " ").capitalize()
        return text.replace("{id}", name).replace("{title}", title).replace("{today}", day)
    copied = text_of(located(like))
    copied = re.sub(r'(?m)^id = ".*"', f'id = "{name}"', copied, count=1)
    return re.sub(r"(?m)^checked = .*$", f"checked = {day}", copied, count=1)
