"""The worked example: 12 actors, 15 invented events, every value derived from the definitions."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from foedus.model.hyperevents.events import Events, Sets, events_of, sets_of

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Example:
    """The file, its events, and its described rows in order: stratum, time, sets and expected values by name."""

    data: dict[str, Any]
    events: Events
    stratum: NDArray[np.int64]
    time: NDArray[np.float64]
    sets: Sets
    expected: dict[str, NDArray[np.float64]]

    @property
    def half_life(self) -> float:
        return float(self.data["conventions"]["half_life"])


@pytest.fixture(scope="session")
def example() -> Example:
    """From $FOEDUS_DOMAIN or ../shared/domain; skips without it (the twin then remains the oracle)."""
    folder = Path(os.environ.get("FOEDUS_DOMAIN") or ROOT.parent / "shared" / "domain")
    file = folder / "hyperevents_example.json"
    if not file.is_file():
        pytest.skip("the worked example does not ship with foedus; set FOEDUS_DOMAIN to the folder that holds it")
    data = json.loads(file.read_text(encoding="utf-8"))
    events = events_of([(e["time"], e["event"], e["set"]) for e in data["events"]], actors=data["actors"])
    rows = [(s, c["time"], r) for s, c in enumerate(data["cases"]) for r in c["rows"]]
    sets = sets_of(pl.Series([r["set"] for _, _, r in rows]), events.actors, "rows")
    expected = {
        name: np.array([np.nan if r["stats"][name] is None else r["stats"][name] for _, _, r in rows])
        for name in rows[0][2]["stats"]
    }
    return Example(
        data, events, np.array([s for s, _, _ in rows]), np.array([t for _, t, _ in rows], float), sets, expected
    )


@pytest.fixture(scope="session")
def dyads() -> dict[tuple[str, str], float]:
    """The example's distance: how far apart two letters are."""
    letters = "ABCDEFGHIJKL"
    return {(a, b): float(abs(i - j)) for i, a in enumerate(letters) for j, b in enumerate(letters) if i < j}
