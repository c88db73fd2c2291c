"""The workbench under load: start, answers with eight clients, weight of pages, memory while a run goes on.

The limit it is compared with is the same HTTP server that gives the same bytes from a constant: whatever is lost
against it is ours. Run: python benchmarks/serve.py [--seconds 3]
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

CLIENTS = 8
SERVE = "from foedus.cli import main; main()"
CONSTANT = """
import sys, uvicorn
body = b"x" * int(sys.argv[2])
async def app(scope, receive, send):
    if scope["type"] == "http":
        length = str(len(body)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": body})
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False, lifespan="off")
"""
ANSWERS = {
    "record: treaties/nato": "/api/v1/treaties/nato?on=2026-01-01",
    "record: states/POL": "/api/v1/states/POL?on=2026-01-01",
    "casus: Austria-Hungary, 1914": "/api/v1/casus?attacker=AUH&target=YUG&on=1914-07-28",
    "casus: Russia, Estonia": "/api/v1/casus?attacker=RUS&target=EST&on=2026-01-01",
}
PAGES = (
    "/",
    "/treaties/nato-1949?on=2026-01-01",
    "/casus?attacker=RUS&target=EST&on=2026-01-01",
    "/states/POL?on=2026-01-01",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="of load for each answer")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["PYTHONPYCACHEPREFIX"] = f"{scratch}/compiled"  # as an installer leaves it: byte code is there
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        print(f"start to first answer: {min(starting(scratch) for _ in range(4)):.2f} s, least of four")
        port = free_port()
        server = started([SERVE, "serve", f"--port={port}", f"--runs={scratch}/runs"], port, "/api/v1/jobs")
        try:
            pages(port)
            print(f"{'answer':32} {'kB':>6} {'median':>8} {'p99':>8} {'a second':>9} {'of limit':>9}")
            for name, path in ANSWERS.items():
                size = len(fetch(port, path))
                median, slow, rate = load(port, path, seconds)
                share = rate / limit(size, seconds)
                print(f"{name:32} {size / 1e3:6.0f} {median:5.1f} ms {slow:5.1f} ms {rate:9.0f} {share:9.0%}")
            memory(server.pid, port)
        finally:
            server.terminate()
            server.wait(10)


def starting(scratch: str) -> float:
    """Seconds from the start of the command to the first answer."""
    port = free_port()
    began = time.perf_counter()
    server = started([SERVE, "serve", f"--port={port}", f"--runs={scratch}/runs"], port, "/api/v1/jobs")
    took = time.perf_counter() - began
    server.terminate()
    server.wait(10)
    return took


def pages(port: int) -> None:
    """Time and weight of pages that were seen before; charts are drawn when somebody looks, so they count apart."""
    for path in PAGES:
        while b"is being made" in gzip.decompress(fetch(port, path)):  # the page, or its outlook
            time.sleep(1)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            body = fetch(port, path)
            times.append(time.perf_counter() - began)
        text = gzip.decompress(body).decode()
        parts = {*re.findall(r'(?:src|href)="(/static/[^"]+)"', text)}
        weight = len(body) + sum(len(fetch(port, p)) for p in parts)
        charts = re.findall(r'<img src="(/charts[^"]+)"', text)
        drawn = sum(len(fetch(port, c.replace("&amp;", "&"))) for c in charts)
        said = f"{len(charts)} charts {drawn / 1e3:5.0f} kB"
        print(f"{path:58} {min(times) * 1e3:6.1f} ms  {weight / 1e3:5.0f} kB, and {said}")


def load(port: int, path: str, seconds: float) -> tuple[float, float, float]:
    """(median, 99th percentile in ms, answers a second) of CLIENTS clients that ask again once they are answered."""
    fetch(port, path)
    times: list[float] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        own = []
        while time.perf_counter() < end:
            began = time.perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            own.append(time.perf_counter() - began)
        times.extend(own)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    times.sort()
    return statistics.median(times) * 1e3, times[int(len(times) * 0.99)] * 1e3, len(times) / seconds


def limit(size: int, seconds: float) -> float:
    """Answers a second of the same server when it gives `size` bytes from a constant."""
    port = free_port()
    server = started([CONSTANT, str(port), str(size)], port, "/")
    try:
        return load(port, "/", seconds)[2]
    finally:
        server.terminate()
        server.wait(10)


def memory(pid: int, port: int) -> None:
    """Resident memory of the server while a run goes on in its own process."""
    order = json.dumps({"kind": "futures", "until": 2040, "worlds": 5000}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/jobs", order, {"Content-Type": "application/json"}
    )
    job = json.loads(urllib.request.urlopen(request).read())
    time.sleep(8)
    status = json.loads(fetch(port, f"/api/v1/jobs/{job['id']}", packed=False))["status"]
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    median, slow, _ = load(port, ANSWERS["record: treaties/nato"], 2)
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/jobs/{job['id']}/cancel", b"{}", {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).read()
    print(
        f"memory with a run {status}: {resident:.0f} MB; answers meanwhile: median {median:.1f} ms, p99 {slow:.1f} ms"
    )


def fetch(port: int, path: str, *, packed: bool = True) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"} if packed else {})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    return body


def started(program: list[str], port: int, path: str) -> subprocess.Popen[bytes]:
    """A Python process that serves on `port`, once it answers at `path`."""
    src = str(Path(__file__).resolve().parents[1] / "src")
    server = subprocess.Popen(
        [sys.executable, "-c", *program], env={**os.environ, "PYTHONPATH": src}, stdout=subprocess.DEVNULL
    )
    for _ in range(600):
        try:
            fetch(port, path)
            return server
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit("the server did not answer within 30 s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
