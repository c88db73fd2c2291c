"""Every example of docs/api.md runs against a served workbench: the Python as it is, each curl address."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import serving, web_folder  # noqa: F401  a fixture

from foedus.web import Settings
from foedus.web.settings import Limits

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def base(web_folder: Path) -> Iterator[str]:  # noqa: F811
    with serving(Settings(runs=web_folder / "docs-runs", limits=Limits(jobs=2, waiting=64))) as address:
        yield address


def test_python(base: str) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block.replace(SHOWN, base), "docs/api.md", "exec"), names)
    assert names["members"] == [6.0, 6.0] and names["found"] == "warsaw-pact-1955" and names["status"] == "done"
    assert len(names["rows"]) > 20 and names["parquet"][:4] == b"PAR1"  # type: ignore[arg-type, index]
    assert names["events_parquet"][:4] == b"PAR1"  # type: ignore[index]
    assert b"AUS" in names["named"] and b"tripwire" in names["doctrines"]  # type: ignore[operator]
    assert all(names[n] for n in ("differences", "ways", "shares", "plan"))


def test_curl(base: str) -> None:
    lines = re.findall(r"^\$ (curl .*)$", PAGE.replace("\\\n", " "), re.MULTILINE)
    assert len(lines) > 12
    for line in lines:
        words = shlex.split(line)
        address = words[-1].replace(SHOWN, base)
        if "-d" in words:
            answer = httpx.post(address, json=json.loads(words[words.index("-d") + 1]), timeout=60)
        else:
            answer = httpx.get(address, timeout=60)
        assert answer.status_code in (200, 201) or "id = 3" in line, (line, answer.text[:200])


def test_every_address_is_named(base: str) -> None:
    for path in httpx.get(f"{base}/api/v1/openapi.json").json()["paths"]:
        stem = re.sub(r"/\{[^}]*\}", "", path.removeprefix("/api/v1"))
        assert stem.split("/")[1] in PAGE, path
    for kind in httpx.get(f"{base}/api/v1/jobs/kinds").json():
        assert f"`{kind['kind']}`" in PAGE
