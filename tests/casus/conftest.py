"""The embedded record, and the cases that stand beside the project."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from foedus.casus import Event, read_event
from foedus.record import Record, load

ROOT = Path(__file__).resolve().parents[2]
OWN_CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield load()


@pytest.fixture(scope="session")
def given_cases() -> Path:
    """The 25 given cases: $FOEDUS_DOMAIN or ../shared/domain; skips without them."""
    folder = Path(os.environ.get("FOEDUS_DOMAIN") or ROOT.parent / "shared" / "domain")
    file = folder / "casus_cases.toml"
    if not file.is_file():
        pytest.skip(f"{file.name} does not ship with foedus; set FOEDUS_DOMAIN to the folder that holds it")
    return file


def event(record: Record, attacker: str, target: str, on: date = date(2026, 6, 1), **more: Any) -> Event:
    """An event with one attacker and one target, as a user would state it."""
    return read_event(record, {"date": on, "attackers": [attacker], "targets": [target], **more})
