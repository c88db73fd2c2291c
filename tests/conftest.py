"""What every test may use: the scholarly sources beside the project, golden files, hypothesis profiles."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent / "golden"
COMPILING = pytest.StashKey["subprocess.Popen[bytes]"]()

# Two workers on two cores: linear algebra on threads of its own would only wait for theirs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A brief of today makes a run of simulated worlds once for each cache; tests, each with a cache of its own, need few.
os.environ.setdefault("FOEDUS_BASELINE_WORLDS", "10")

# No deadline: a first call may import a large package. In CI the same examples are drawn every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="rewrite tests/golden/; runs only its tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that ask for `shared_sources` carry its marker; --write-golden keeps only those that ask for `golden`."""
    for item in items:
        if "shared_sources" in getattr(item, "fixturenames", ()):
            item.add_marker("needs_sources")
    if config.getoption("--write-golden"):
        kept = [item for item in items if "golden" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_sessionstart(session: pytest.Session) -> None:
    """Have the simulator compiled beside the first tests, once: each worker would do it for itself."""
    if hasattr(session.config, "workerinput") or not session.config.getoption("numprocesses", None):
        return
    say = "from foedus.futures.ensemble import job_of; from foedus.futures.chunk import run_chunk;"
    say += "from foedus.futures.start import from_record; from foedus.record import load;"
    say += "run_chunk(job_of(from_record(load()), until=2027), 0, 1)"
    session.config.stash[COMPILING] = subprocess.Popen([sys.executable, "-c", say], stderr=subprocess.DEVNULL)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing running."""
    compiling = config.stash.get(COMPILING, None)
    if compiling is not None:
        compiling.kill()
        compiling.wait()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Rewriting no golden file at all is not a failure."""
    if session.config.getoption("--write-golden") and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(scope="session")
def shared_sources() -> Path:
    """Folder of the scholarly data sets: $FOEDUS_SOURCES or ../shared/sources; skips without it."""
    folder = Path(os.environ.get("FOEDUS_SOURCES") or ROOT.parent / "shared" / "sources")
    if not folder.is_dir():
        pytest.skip("the scholarly data sets do not ship with foedus; set FOEDUS_SOURCES to the folder that holds them")
    return folder


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: text equals tests/golden/<name>; `make golden` writes it there instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--write-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        if not path.exists():
            pytest.fail(f"tests/golden/{name} does not exist; write it with: make golden")
        differs = f"tests/golden/{name} differs; if the change is meant: make golden"
        assert text == path.read_text(encoding="utf-8"), differs

    return compare
