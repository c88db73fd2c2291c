"""Runs on disk: the same bytes however made and after any interruption; what is damaged is found and made again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from tests.futures.small import world
from tests.futures.test_worlds import BUSY

from foedus.errors import OutputError
from foedus.futures import RunError, StoreError
from foedus.futures.chunk import CHUNK, Job
from foedus.futures.ensemble import job_of, run, run_to
from foedus.futures.query import sql
from foedus.futures.store import Store, create, manifest_of, open_run
from foedus.futures.summary import compare, likely, members_fan, states_fan, system, ties

START = world()
WORLDS = 3 * CHUNK + 20


def _job(seed: int = 1) -> Job:
    return job_of(START, fits=BUSY, until=2006, seed=seed)


def _made(folder: Path, **how: object) -> Store:
    job = _job()
    store = create(folder, manifest_of(job, WORLDS, {}))
    run_to(store, job, **how)  # type: ignore[arg-type]
    return store


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _made(tmp_path_factory.mktemp("runs") / "whole")


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_gives_the_same_bytes(whole: Store, tmp_path: Path, workers: int) -> None:
    assert _bytes(_made(tmp_path / "run", workers=workers).folder) == _bytes(whole.folder)


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes(whole: Store, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        made = _made(tmp_path / "run", on=cluster.scheduler_address)
    assert _bytes(made.folder) == _bytes(whole.folder)


def test_a_cluster_that_does_not_answer_is_named(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(RunError, match="no Dask scheduler"):
        _made(tmp_path / "run", on="nonsense://nowhere")


KILLED = """
import sys
from tests.futures.test_store import _made
from pathlib import Path
print("ready", flush=True)
_made(Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_with_the_same_bytes(whole: Store, tmp_path: Path) -> None:
    folder, chance = tmp_path / "run", random.Random(1)
    for _ in range(10):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 1.5))
        process.kill()
        process.wait()
        process.stdout.close()
    _made(folder)
    left = {k: v for k, v in _bytes(folder).items() if not k.endswith(".part")}
    assert left == _bytes(whole.folder)


def test_what_is_damaged_is_found_and_made_again(whole: Store, tmp_path: Path) -> None:
    store = _made(tmp_path / "run")
    broken = store.file("events", 1)
    broken.write_bytes(broken.read_bytes()[:-7] + b"garbage")
    store.file("ties", 2).unlink()
    assert run_to(store, _job()) == [1, 2]
    assert _bytes(store.folder) == _bytes(whole.folder)


def test_what_is_complete_is_not_run_again(whole: Store) -> None:
    before = {p: p.stat().st_mtime_ns for p in whole.folder.rglob("*")}
    told: list[tuple[int, int]] = []
    run_to(whole, _job(), progress=lambda done, total: told.append((done, total)))
    assert told == [(WORLDS, WORLDS)]
    assert {p: p.stat().st_mtime_ns for p in whole.folder.rglob("*")} == before


def test_another_run_is_not_mixed_in(whole: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"another run.*seed"):
        create(whole.folder, manifest_of(_job(seed=2), WORLDS, {}))
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="not empty"):
        create(tmp_path, manifest_of(_job(), WORLDS, {}))
    with pytest.raises(StoreError, match="not the folder of a run"):
        open_run(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        open_run(tmp_path)


def test_a_full_disk_loses_nothing(whole: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _job()
    store = create(tmp_path / "run", manifest_of(job, WORLDS, {}))
    calls = iter(range(100))
    real = os.fsync

    def full(handle: int) -> None:
        if next(calls) == 9:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr("foedus.futures.store.os.fsync", full)
    with pytest.raises(OutputError, match=r"No space left.*run the same command again"):
        run_to(store, job)
    assert store.complete(0) and not store.complete(1)
    assert not list(store.folder.rglob("*.part"))
    run_to(store, job)
    assert _bytes(store.folder) == _bytes(whole.folder)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        create(tmp_path / "file" / "run", manifest_of(_job(), WORLDS, {}))


def test_frames_in_memory_are_those_of_the_folder(whole: Store) -> None:
    frames = run(START, fits=BUSY, worlds=WORLDS, until=2006)
    assert frames["events"].equals(whole.scan("events").collect())
    total = whole.scan("members").group_by("year", "treaty", "state").agg(pl.col("worlds").sum())
    assert total.collect().height == frames["members"].height


def test_states_have_a_fan_of_what_is_known_of_them(whole: Store) -> None:
    fan = states_fan(whole, ["S01"])
    assert fan["what"].unique().sort().to_list() == ["gdp", "milex_share"] and fan.height == 12
    assert ((fan["low"] <= fan["median"]) & (fan["median"] <= fan["high"])).all()
    with pytest.raises(StoreError, match="XYZ is not a state of the run"):
        states_fan(whole, ["XYZ"])


def test_summaries_are_shares_of_worlds(whole: Store) -> None:
    fan = members_fan(whole)
    assert fan.height == START.n_treaties * 6 and ((fan["low"] <= fan["median"]) & (fan["median"] <= fan["high"])).all()
    assert fan["in_force"].is_between(0, 1).all()
    assert ties(whole)["share"].is_between(0, 1).all() and (ties(whole)["a"] < ties(whole)["b"]).all()
    assert likely(whole)["share"].is_sorted(descending=True)
    assert system(whole)["indicator"].n_unique() == 14
    with pytest.raises(StoreError, match="not a year of the run"):
        ties(whole, 1999)


def test_a_run_does_not_differ_from_itself(whole: Store) -> None:
    found = compare(whole, whole)
    assert all(r["difference"] == 0 and r["low"] <= 0 <= r["high"] for r in found["treaties"] + found["system"])


def test_sql_reads_the_run_and_nothing_else(whole: Store, tmp_path: Path) -> None:
    n = sql(whole, "select count(*) as n from events")["n"][0]
    assert n == whole.scan("events").collect().height
    assert sql(whole, "select id from treaties where number = 1")["id"].to_list() == ["T1"]
    assert sql(whole, "select * from events where year = 1800").height == 0
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for query in (
        f"select * from read_csv('{secret}')",
        "drop view events",
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        "select 1; select 2",
        "set enable_external_access = true",
        "select nothing from events",
        "install httpfs",
    ):
        with pytest.raises(StoreError):
            sql(whole, query)
    assert not (tmp_path / "out.csv").exists()


def test_the_manifest_names_every_input(whole: Store) -> None:
    manifest = json.loads((whole.folder / "manifest.json").read_text())
    assert manifest["inputs"].keys() >= {"world", "plan", "fit accession", "fit founding", "fit regime"}
    assert all(len(h) == 64 for h in manifest["inputs"].values())
