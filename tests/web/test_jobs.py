"""Jobs: one from order to table with the real command; everything else with a small program in its place."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import httpx
import polars as pl
import pytest

from foedus.errors import FoedusError
from foedus.web import Settings
from foedus.web.jobs import Desk, processes, store
from foedus.web.jobs.desk import Busy, UnknownJob
from foedus.web.jobs.orders import DeterrenceOrder, MeasureOrder, Plan
from foedus.web.settings import Limits

Served = Callable[..., httpx.Client]
ORDER = MeasureOrder.model_validate({"kind": "measure", "treaty": "nato-1949"})
WAIT = 20.0  # seconds, far above what any of these takes


def until(true: Callable[[], object], seconds: float = WAIT) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`program(code)`: jobs run this Python instead of the command line."""
    return lambda code: monkeypatch.setattr(processes, "PROGRAM", ("-c", code))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    open_: list[Desk] = []

    def start(**limits: int) -> Desk:
        made = Desk(Settings(runs=tmp_path / "runs", limits=Limits(**limits)))
        made.open()
        open_.append(made)
        return made

    yield start
    for made in open_:
        made.close()


def plan(*arguments: str, resumes: bool = False) -> Plan:
    return Plan((arguments,), {"result": "result.parquet"}, resumes=resumes)


def test_from_order_to_table(served: Served) -> None:
    client = served()
    made = client.post("/api/v1/jobs", json={"kind": "measure", "treaty": "csto", "from": 2020, "to": 2021})
    assert made.status_code == 201
    job = made.json()
    assert made.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert job["command"] == "foedus measure csto-1992 --from=2020 --to=2021 --out=result.parquet"
    assert client.get(f"/api/v1/jobs/{job['id']}/result").status_code == 409

    with client.stream("GET", f"/api/v1/jobs/{job['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        seen = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: ")]
    assert [s["status"] for s in seen][-1] == "done" and "running" in [s["status"] for s in seen]

    result = f"/api/v1/jobs/{job['id']}/result"
    parquet = pl.read_parquet(BytesIO(client.get(f"{result}?format=parquet").content))
    assert parquet.filter(pl.col("indicator") == "n_members")["year"].to_list() == [2020, 2021]
    assert client.get(f"{result}?limit=1000").json() == parquet.to_dicts()
    assert client.get(f"{result}?offset=3&limit=2").json() == parquet.to_dicts()[3:5]
    csv = client.get(f"{result}?format=csv")
    assert pl.read_csv(csv.content).height == parquet.height and "attachment" in csv.headers["content-disposition"]
    assert client.get(f"{result}?table=other").status_code == 404
    page = client.get(f"/runs/{job['id']}").text
    assert "n_members" in page and "csto-1992" in page
    assert client.delete(f"/api/v1/jobs/{job['id']}").status_code == 204
    assert client.get(f"/api/v1/jobs/{job['id']}").status_code == 404


def test_what_an_order_becomes() -> None:
    from foedus.record import load

    record = load()
    order = MeasureOrder.model_validate({"kind": "measure", "treaty": "NATO", "from": 1990})
    assert order.plan(record).commands[0][1] == "nato-1949"
    assert MeasureOrder.model_validate({"kind": "measure", "treaty": "system"}).plan(record).commands[0][1] == "system"
    day = DeterrenceOrder.model_validate({"kind": "deterrence", "on": "1914-06-28"})
    assert "--on=1914-06-28" in day.plan(record).commands[0]


def test_a_job_that_fails_says_why(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import sys; print('half way 50%', file=sys.stderr); sys.exit('the file is missing')")
    d = desk()
    job = d.take(ORDER, plan())
    until(lambda: job.is_over)
    assert (job.status, job.exit_code, job.message) == ("failed", 1, "the file is missing")


def test_progress_is_read_from_what_is_said(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import sys, time; print('worlds  7%\\rworlds 42%', file=sys.stderr, flush=True); time.sleep(60)")
    d = desk()
    job = d.take(ORDER, plan())
    until(lambda: d.view(job)["progress"] == 0.42)
    d.cancel(job.id)
    assert job.status == "cancelled" and d.view(job)["can_resume"]


@pytest.mark.parametrize(
    ("said", "share"), [("12%", 0.12), ("99.5 %", 0.99), ("100%", 1.0), ("no", None), ("1.5 of 3", None)]
)
def test_share_done(said: str, share: float | None) -> None:
    assert store.share_done(said) == share


def test_cancel_ends_the_workers_too(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program(
        "import subprocess, sys, time, pathlib;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "pathlib.Path('worker').write_text(str(p.pid)); time.sleep(60)"
    )
    d = desk()
    job = d.take(ORDER, plan())
    file = d.folder(job) / "worker"
    until(lambda: file.exists() and file.read_text())
    worker = int(file.read_text())
    d.cancel(job.id)
    until(lambda: processes.began(worker) == "" or Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z")


def test_at_most_so_many_at_once(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import time; time.sleep(60)")
    d = desk(jobs=2, waiting=2)
    jobs = [d.take(ORDER, plan()) for _ in range(2)]
    until(lambda: all(j.status == "running" for j in jobs))
    waiting = [d.take(ORDER, plan()) for _ in range(2)]
    with pytest.raises(Busy, match="2 jobs wait"):
        d.take(ORDER, plan())
    time.sleep(0.5)
    assert [j.status for j in waiting] == ["waiting", "waiting"]
    d.cancel(jobs[0].id)
    until(lambda: waiting[0].status == "running")
    assert waiting[1].status == "waiting"


def test_time_is_bounded(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import time; time.sleep(60)")
    job = desk(job_seconds=1).take(ORDER, plan())
    until(lambda: job.is_over)
    assert job.status == "failed" and "1 seconds" in job.message


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the memory of a process is read from /proc")
def test_memory_is_bounded(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import time; held = bytearray(300_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(60)")
    job = desk(job_mb=150).take(ORDER, plan())
    until(lambda: job.is_over)
    assert job.status == "failed" and "150 MB" in job.message


def test_results_survive_a_restart(desk: Callable[..., Desk], program: Callable[[str], None]) -> None:
    program("import polars as pl; pl.DataFrame({'a': [1, 2]}).write_parquet('result.parquet')")
    first = desk()
    job = first.take(ORDER, plan())
    until(lambda: job.is_over)
    first.close()
    again = desk()
    assert again.job(job.id).status == "done"
    assert pl.read_parquet(again.folder(job) / "result.parquet").height == 2


GOES_ON = """
import pathlib, time
for i in range(6):
    part = pathlib.Path(f"part-{i}")
    if not part.exists():
        part.write_text(str(time.time_ns()))
        if i < 5:
            time.sleep(0.25)
pathlib.Path("result.parquet").write_bytes(b"whole")
"""


def test_a_killed_server_loses_nothing_that_was_finished(
    tmp_path: Path, desk: Callable[..., Desk], program: Callable[[str], None]
) -> None:
    """A server in a process of its own is killed while a job runs; the next one ends what it left and resumes it."""
    runs = tmp_path / "runs"
    code = f"""
import sys, time
from pathlib import Path
from foedus.web import Settings
from foedus.web.jobs import Desk, processes
from foedus.web.jobs.orders import MeasureOrder, Plan
processes.PROGRAM = ("-c", {GOES_ON!r})
desk = Desk(Settings(runs=Path({str(runs)!r})))
desk.open()
order = MeasureOrder.model_validate({{"kind": "measure", "treaty": "x"}})
print(desk.take(order, Plan(((),), {{"result": "result.parquet"}}, resumes=True)).id, flush=True)
time.sleep(60)
"""
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    id_ = server.stdout.readline().strip()
    until((runs / id_ / "part-1").exists)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server.stdout.close()
    program(GOES_ON)
    after = desk()
    job = after.job(id_)
    seen = after.view(job)
    assert seen["status"] == "interrupted" and seen["can_resume"]
    finished = {p.name: p.read_text() for p in (runs / id_).glob("part-*")}
    assert 2 <= len(finished) < 6
    time.sleep(0.6)
    assert len(list((runs / id_).glob("part-*"))) == len(finished), "what the killed server left still runs"
    after.resume(id_)
    until(lambda: job.is_over)
    assert job.status == "done" and job.tries == 2
    assert {n: (runs / id_ / n).read_text() for n in finished} == finished
    assert len(list((runs / id_).glob("part-*"))) == 6


def test_strange_folders_are_no_jobs(tmp_path: Path, desk: Callable[..., Desk]) -> None:
    for name, text in (("a", "{"), ("0123456789abcdef", "[]"), ("0123456789abcdee", json.dumps({"id": "../../x"}))):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "job.json").write_text(text)
    d = desk()
    assert d.all() == []
    with pytest.raises(UnknownJob):
        d.job("../../etc")


def test_a_job_that_runs_is_neither_resumed_nor_removed(
    desk: Callable[..., Desk], program: Callable[[str], None]
) -> None:
    program("import time; time.sleep(60)")
    d = desk()
    job = d.take(ORDER, plan())
    until(lambda: job.status == "running")
    for act in (d.resume, d.forget):
        with pytest.raises(FoedusError, match="running"):
            act(job.id)
    d.cancel(job.id)
    d.forget(job.id)
    assert not d.folder(job).exists()


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FoedusError, match="--runs"):
        Desk(Settings(runs=tmp_path / "file" / "runs")).take(ORDER, plan())
