"""The record, loaded once, and the alliances of the reference tables."""

from collections.abc import Iterator
from datetime import date

import pytest

from foedus.cyber import Alliance, alliance, of_states
from foedus.record import Record, load

DAY = date(2025, 11, 22)


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield load()


@pytest.fixture(scope="session")
def alliances(record: Record) -> dict[str, Alliance]:
    found = {t: alliance(record, t, DAY) for t in ("nato", "csto", "quad", "aukus", "sco")}
    return found | {"five-eyes": of_states(record, ["AUS", "CAN", "GBR", "NZL", "USA"], DAY)}
