"""The embedded record, loaded once, with a cache of its own."""

from collections.abc import Iterator

import pytest

from foedus.record import Record, load


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield load()
