"""A treaty's page while the run that its outlook rests on is made elsewhere: the page is there, the outlook follows."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from foedus.view.brief import outlook
from foedus.view.document import Section, Text
from foedus.web import library
from foedus.web.settings import Limits

MADE = [Section("outlook", outlook.TITLE, (Text(("Forty-two worlds.",)),))]


@pytest.fixture
def end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], object]:
    """`end(code)`: the process that makes the run, which waits until then, ends with this exit code."""
    file = tmp_path / "code"
    waits = f"import os, time\nwhile not os.path.exists({str(file)!r}): time.sleep(.02)\ntime.sleep(.1)\n"
    monkeypatch.setattr(library, "BASELINE", f"{waits}raise SystemExit(int(open({str(file)!r}).read()))")
    monkeypatch.setattr(outlook, "sections", lambda m, progress: MADE)
    return lambda code: file.write_text(str(code))


def shown(client: httpx.Client, says: str) -> httpx.Response:
    """The page once it `says` this."""
    last = time.monotonic() + 60
    while says not in (answer := client.get("/treaties/anzus-1951")).text:
        assert time.monotonic() < last, answer.text[:2000]
        time.sleep(0.05)
    return answer


def test_the_outlook_follows(end: Callable[[int], object], served: Callable[..., httpx.Client]) -> None:
    client = served(limits=Limits(patience=0.4))
    waiting = shown(client, 'id="outlook-to-come"')
    assert waiting.status_code == 200 and "etag" not in waiting.headers
    assert "Who is in it" in waiting.text and "/static/await.js" in waiting.text
    assert "is being made" in client.get("/futures?treaty=anzus").text
    end(0)
    assert "etag" in shown(client, "Forty-two worlds.").headers
    assert "Forty-two worlds." in client.get("/futures?treaty=anzus").text


def test_a_run_that_fails_is_told(end: Callable[[int], object], served: Callable[..., httpx.Client]) -> None:
    client = served(limits=Limits(patience=0.4))
    end(1)
    assert "could not be made" in shown(client, "No outlook could be computed").text
