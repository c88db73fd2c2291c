"""The page of a run: names that a reader knows, the states that are asked for, a chart as wide as its page."""

from __future__ import annotations

from pathlib import Path

from foedus.futures.ensemble import job_of, run_to
from foedus.futures.start import from_record
from foedus.futures.store import create, manifest_of
from foedus.futures.summary import members_fan
from foedus.record import load
from foedus.view.document import Document, Table
from foedus.view.futures_run import compose, fan_chart


def _tables(document: Document) -> dict[str, Table]:
    return {s.id: block for s in document.sections for block in s.blocks if isinstance(block, Table)}


def test_a_page_says_names_and_tells_of_the_states_asked_for(tmp_path: Path) -> None:
    record = load()
    job = job_of(from_record(record), until=2028)
    store = create(tmp_path / "run", manifest_of(job, 30, {}))
    run_to(store, job)
    found = _tables(compose(store, record, ["nato-1949"], states=["USA", "DEU"]))
    titles, names = set(store.manifest["titles"]), {record.state_name(code) for code in store.manifest["states"]}
    assert found["events"].rows and {row[1] for row in found["events"].rows} <= titles
    assert {row[2] for row in found["events"].rows} <= names | {"–"}
    assert {cell for row in found["bonds"].rows for cell in row[:2]} <= names
    assert {row[0] for row in found["states"].rows} == {"United States", "Germany"}
    assert len(found["start"].rows) == len(store.manifest["sources"]) > 0
    fan = members_fan(store)
    one = fan_chart(fan.filter(fan["id"] == "nato-1949"), 760).to_dict()
    assert one["spec"]["width"] > 600, "one chart takes the width"
