"""The interface, fuzzed from its own description: no answer says that the server made a mistake."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from tests.web.conftest import serving

from foedus.web import Settings
from foedus.web.jobs import processes
from foedus.web.settings import Limits

FULL = "/api/v1/jobs"  # answers 503 when as many jobs wait as may; described, with Retry-After


@pytest.fixture(scope="module")
def described(web_folder: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a workbench is described whose jobs do nothing."""
    runs = tmp_path_factory.mktemp("fuzz") / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "PROGRAM", ("-c", "pass"))
        with serving(Settings(runs=runs, limits=Limits(jobs=1, waiting=4))) as address:
            yield f"{address}/api/v1/openapi.json"


@pytest.mark.parametrize("examples", [2, pytest.param(40, marks=pytest.mark.slow)])
def test_no_server_error(examples: int, described: str) -> None:
    schema = schemathesis.openapi.from_url(described)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    operations = [o for o in operations if not o.path.endswith("/events")]
    assert len(operations) > 18
    for operation in operations:

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy())
        def fuzz(case: schemathesis.Case) -> None:
            answer = case.call(timeout=60)
            checks = [not_a_server_error, content_type_conformance, status_code_conformance]
            if answer.status_code == 503 and case.operation.path == FULL:
                assert answer.headers["retry-after"]
                checks.remove(not_a_server_error)
            case.validate_response(answer, checks=checks)

        fuzz()
