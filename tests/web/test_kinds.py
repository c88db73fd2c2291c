"""Every kind of long run from order to result: the real commands with small numbers, ordered and read by the API."""

import json
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from tests.web.conftest import serving

from foedus.futures.chunk import CHUNK
from foedus.web import Settings
from foedus.web.settings import Limits

LONGEST = 300.0  # seconds; the first run of futures on a machine compiles the simulator


@pytest.fixture(scope="module")
def client(web_folder: Path) -> Iterator[httpx.Client]:
    settings = Settings(runs=web_folder / "kinds", limits=Limits(jobs=2, patience=120))
    with serving(settings) as base, httpx.Client(base_url=base, timeout=120) as found:
        yield found


def ordered(client: httpx.Client, **order: object) -> dict[str, Any]:
    """The job of an order, once it is over."""
    made = client.post("/api/v1/jobs", json=order)
    assert made.status_code == 201, made.text
    job: dict[str, Any] = made.json()
    end = time.monotonic() + LONGEST
    while job["status"] in ("waiting", "running"):
        assert time.monotonic() < end, job
        time.sleep(0.1)
        job = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert (job["status"], job["progress"]) == ("done", 1.0), job
    return job


def check_forms(client: httpx.Client, job: dict[str, Any], table: str) -> pl.DataFrame:
    """The same rows as Parquet, csv and JSON."""
    result = f"/api/v1/jobs/{job['id']}/result?table={table}"
    frame = pl.read_parquet(BytesIO(client.get(f"{result}&format=parquet").content))
    csv = pl.read_csv(client.get(f"{result}&format=csv").content, infer_schema_length=None)
    rows = client.get(f"{result}&limit=1000").json()
    assert frame.height == csv.height > 0 and csv.columns == frame.columns
    assert rows == json.loads(frame.head(1000).write_json())
    return frame


def test_futures_and_two_compared(client: httpx.Client) -> None:
    text = next(s["text"] for s in client.get("/api/v1/scenarios").json() if s["id"] == "us-leaves-nato")
    few = {"kind": "futures", "until": 2028, "worlds": 10}
    plain, leaves = ordered(client, **few), ordered(client, **few, text=text)
    events = check_forms(client, leaves, "events")
    left = events.filter(pl.col("kind") == "withdrawal", pl.col("treaty") == "nato-1949", pl.col("by_scenario"))
    assert left["state"].to_list() == ["USA"] * 10
    assert {"members", "ties", "system", "likely"} < set(leaves["tables"])
    page = client.get(f"/runs/{leaves['id']}").text
    assert "Likely events" in page and "The United States leaves NATO" in client.get("/futures").text
    both = ordered(client, kind="compare", a=plain["id"], b=leaves["id"])
    nato = check_forms(client, both, "treaties").row(by_predicate=pl.col("treaty") == "nato-1949", named=True)
    assert nato["low"] <= nato["difference"] <= nato["high"]
    page = client.get(f"/runs/{both['id']}").text
    assert "What is compared" in page
    for picture in set(page.split('srcset="')[1:]):
        drawn = client.get(picture.split('"')[0].replace("&amp;", "&"))
        assert drawn.status_code == 200 and "Second run less first" in drawn.text


ANSWERS = [
    pytest.param({"kind": "cyber", "treaty": "anzus", "runs": 10}, "policies", "name", "hub", id="cyber"),
    pytest.param({"kind": "shares", "treaty": "anzus"}, "members", "state", "AUS", id="shares"),
    pytest.param(
        {"kind": "threats", "treaty": "anzus"},
        "exposure", "state", "AUS", id="threats", marks=pytest.mark.slow,
    ),
    pytest.param({"kind": "allocate"}, "members", "state", "SAU", id="allocate", marks=pytest.mark.slow),
    pytest.param(
        {"kind": "doctrines", "treaty": "csto", "draws": 10},
        "result", "doctrine", "tripwire", id="doctrines", marks=pytest.mark.slow,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("order", "table", "column", "value"), ANSWERS)
def test_an_answer_and_its_tables(
    order: dict[str, object], table: str, column: str, value: str, client: httpx.Client
) -> None:
    job = ordered(client, **order)
    assert value in check_forms(client, job, table)[column].to_list()
    page = client.get(f"/runs/{job['id']}")
    assert page.status_code == 200 and value in page.text


def test_a_run_of_futures_tells_how_far_it_is(
    served: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the parts that are there, since the command says nothing to a file."""
    from foedus.web.jobs import processes

    code = (
        "import pathlib, time; parts = pathlib.Path('run/parts'); parts.mkdir(parents=True);"
        "(parts / '00000.json').write_text('{}'); (parts / 'events-00000.parquet').write_text(''); time.sleep(60)"
    )
    monkeypatch.setattr(processes, "PROGRAM", ("-c", code))
    client = served()
    id_ = client.post("/api/v1/jobs", json={"kind": "futures", "worlds": 4 * CHUNK}).json()["id"]
    with client.stream("GET", f"/api/v1/jobs/{id_}/events") as stream:
        for line in stream.iter_lines():
            job = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if job.get("progress"):
                break
    assert (job["progress"], job["said"]) == (0.25, "1 of 4 parts")
    assert client.post(f"/api/v1/jobs/{id_}/cancel").json()["can_resume"]
    assert client.get(f"/api/v1/jobs/{id_}/result").status_code == 409
