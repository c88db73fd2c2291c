"""The embedded record, and a small world of a few treaties, so that a new treaty elsewhere moves no golden file."""

import copy
from collections.abc import Iterator
from functools import cached_property

import pytest

from foedus.record import Record, load

SMALL_WORLD = (
    "nato-1949",
    "anzus-1951",
    "rio-1947",
    "us-japan-1960",
    "warsaw-pact-1955",
    "soviet-dprk-1961",
    "quad-2007",
    "un-charter-1945",
    "cyprus-guarantee-1960",
    "london-1839",
)


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield load()


@pytest.fixture(scope="session")
def small_world(record: Record) -> Record:
    small = copy.copy(record)
    for name in [n for n in vars(small) if isinstance(getattr(Record, n, None), cached_property)]:
        delattr(small, name)
    small.treaties = {id_: record.treaties[id_] for id_ in record.treaties if id_ in SMALL_WORLD}
    assert len(small.treaties) == len(SMALL_WORLD)
    return small
