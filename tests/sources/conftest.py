"""The small world: eight states, twenty years, invented values; see world/make.py."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def world() -> Path:
    return Path(__file__).resolve().parent / "world"
