"""One test for each thing the workbench refuses, and for what it does not let a text do."""

import socket
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import FoedusError
from foedus.web import Settings
from foedus.web.guard import Pace
from foedus.web.settings import Limits, new_token

Served = Callable[..., httpx.Client]
ORDER = {"kind": "measure", "treaty": "nato", "from": 2020}


def test_only_this_machine_without_a_token() -> None:
    assert Settings().is_local and Settings(host="::1").is_local
    for host in ("0.0.0.0", "192.168.1.5", "example.org", "::"):
        with pytest.raises(FoedusError, match="token"):
            Settings(host=host)
        assert not Settings(host=host, token=new_token()).is_local


def test_a_token_is_asked_for(served: Served) -> None:
    token = new_token()
    client = served(host="192.0.2.1", token=token, names=("127.0.0.1",))
    for path in ("/", "/api/v1/treaties", "/static/style.css", "/charts/brief/nato-1949/map.svg"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"authorization": "Bearer " + "x" * 32}).status_code == 401
    assert client.get("/api/v1/sources", headers={"authorization": f"Bearer {token}"}).status_code == 200
    welcome = client.get("/", params={"token": token})
    cookie = welcome.headers["set-cookie"]
    assert welcome.status_code == 303 and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert token not in welcome.headers["location"]
    assert client.get("/api/v1/sources").status_code == 200  # the client keeps the cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "[::2]", "localhost."]
)
def test_foreign_host_names(host: str, client: httpx.Client) -> None:
    assert client.get("/api/v1/states", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9", "LOCALHOST", "[::1]:80"])
def test_own_host_names(host: str, client: httpx.Client) -> None:
    assert client.get("/api/v1/sources", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
    ],
)
def test_pages_of_other_sites_change_nothing(headers: dict[str, str], client: httpx.Client) -> None:
    body = b'{"kind": "measure", "treaty": "nato"}'
    answer = client.post("/api/v1/jobs", content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code == 403
    assert client.delete("/api/v1/jobs/" + "0" * 16, headers=headers).status_code == 403


def test_too_large(served: Served) -> None:
    client = served(limits=Limits(url_bytes=500, body_bytes=1_000))
    assert client.get("/api/v1/search?q=" + "x" * 600).status_code == 414
    answer = client.post("/api/v1/jobs", json={"kind": "measure", "treaty": "x" * 2_000})
    assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"


def test_a_body_without_a_length_is_cut_off(served: Served) -> None:
    client = served(limits=Limits(body_bytes=1_000))

    def endless() -> object:
        for _ in range(10_000):
            yield b" " * 1_000

    try:
        answer = client.post("/api/v1/jobs", content=endless(), headers={"content-type": "application/json"})  # type: ignore[arg-type]
    except httpx.TransportError:
        return  # the server closed the connection
    assert answer.status_code >= 400


def test_too_often(served: Served) -> None:
    client = served(limits=Limits(rate=0.5, burst=5))
    codes = [client.get("/api/v1/sources/nmc").status_code for _ in range(8)]
    assert codes[:5] == [200] * 5 and codes[-1] == 429
    assert client.get("/api/v1/sources/nmc").headers["retry-after"] == "1"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60).map(sorted), st.floats(0.1, 20), st.integers(1, 20))
def test_pace_admits_no_more_than_it_says(times: list[float], rate: float, burst: int) -> None:
    pace = Pace(rate, burst)
    admitted = [t for t in times if pace.admits("a", t)]
    for i, first in enumerate(admitted):
        within = len(admitted) - i
        assert within <= burst + rate * (admitted[-1] - first) + 1e-6
    assert len(admitted) >= min(burst, len(times))


def test_headers_of_every_answer(client: httpx.Client) -> None:
    for path in ("/", "/api/v1/states", "/static/page.js", "/nowhere", "/api/v1/nowhere"):
        headers = client.get(path).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" == policy["style-src"]
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert "server" not in headers or "uvicorn" in headers["server"]


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Reader(HTMLParser):
    """The scripts of a page by address, and whatever could act: inline scripts, handlers, addresses that run."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: set[str] = set()
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "script":
            self.scripts.add(given.get("src", "inline"))
        self.acting += [k for k in given if k.startswith("on") and tag != "body"]
        self.acting += [v for v in given.values() if v.lower().strip().startswith("javascript:")]
        self.acting += ["img"] if tag == "img" and not given.get("src", "").startswith("/charts/") else []


@pytest.mark.parametrize(
    "path",
    [
        "/treaties?q={}",
        "/treaties?q={}&all=true",
        "/casus?attacker={}&target=EST",
        "/casus?attacker=RUS&target=EST&place={}",
        "/casus?attacker=non-state:{}&target=USA",
        "/casus?attacker=RUS&target=EST&fact={}",
        "/why?q=nato+{}",
        "/states/{}",
        "/casus?attacker=RUS&target=EST&fact=request%3D{}",
        "/treaties/{}",
        "/{}",
        "/runs/{}",
        "/states?q={}",
        "/treaties?state={}",
    ],
)
def test_what_is_typed_is_shown_as_text(path: str, client: httpx.Client) -> None:
    page = client.get(path.format(quote(NASTY, safe="")))
    assert page.status_code < 500
    reader = Reader()
    reader.feed(page.text)
    assert reader.scripts <= {"/static/page.js", "/static/casus.js", "/static/runs.js", "/static/atlas.js"}
    assert reader.acting == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2fapp.py",
        "/static/%2fetc%2fpasswd",
        "/runs/../../etc/passwd",
        "/runs/..%2f..%2fetc%2fpasswd",
        "/api/v1/jobs/..%2f..%2fetc",
        "/api/v1/treaties/..%2f..%2fpyproject.toml",
        "/charts/brief/..%2f..%2fetc%2fpasswd/map.svg",
        "/treaties/%00",
        "/static/style.css%00.js",
        "/api/v1/sources/..%2fversions.toml",
    ],
)
def test_no_address_becomes_a_path(path: str, address: str) -> None:
    """Sent as it is: a client would tidy the dots away first."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert answer.split()[1] in (b"404", b"422", b"400"), answer[:200]
    assert b"root:" not in answer and b"dataclass" not in answer and b"[project]" not in answer


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "measure", "treaty": "--out=/tmp/evil"},
        {"kind": "measure", "treaty": "-h"},
        {"kind": "measure", "treaty": "nato; touch evil"},
        {"kind": "measure", "treaty": "nato", "out": "/tmp/evil"},
        {"kind": "measure", "treaty": "nato", "from": "1990; ls"},
        {"kind": "deterrence", "event": "--out=x"},
        {"kind": "deterrence", "on": "2020-01-01 --out=x"},
        {"kind": "shell", "command": "ls"},
        {"kind": "measure", "treaty": {"$ref": "x"}},
        [],
        "measure",
    ],
)
def test_no_order_becomes_an_option_or_a_command(order: object, client: httpx.Client) -> None:
    answer = client.post("/api/v1/jobs", json=order)
    assert answer.status_code in (404, 422)
    assert client.get("/api/v1/jobs").json() == []


def test_others_are_let_in_with_a_token_and_told_of_tls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the command says when it would listen to others; it does not listen here."""
    import foedus.web.app
    from foedus.cli import main

    asked: list[Settings] = []

    def serve(settings: Settings, *, on_start: Callable[[], None]) -> None:
        asked.append(settings)
        on_start()

    monkeypatch.setattr(foedus.web.app, "serve", serve)
    for _ in range(2):
        with pytest.raises(SystemExit) as end:
            main(["serve", "--host", "192.0.2.1"])
        assert not end.value.code
    said = capsys.readouterr()
    assert len(asked[0].token) >= 32 and asked[0].token != asked[1].token
    assert f"?token={asked[0].token}" in said.out and "TLS" in said.err


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch evil')",
        'id = "x"\ntitle = "{{ 7 * 7 }}"\nsays = "$(touch evil)"\nchecked = 2026-01-01\n\n[[exec]]\ncode = "1"',
        "!!python/object/apply:os.system ['touch evil']",
        'id = "../../evil"',
        "\x00",
    ],
)
def test_the_text_of_a_scenario_is_never_executed(text: str, client: httpx.Client, web_folder: Path) -> None:
    for address, body in (("/scenarios/check", {"text": text}), ("/jobs", {"kind": "futures", "text": text})):
        answer = client.post(f"/api/v1{address}", json=body)
        assert answer.status_code == 422 and "49" not in answer.json()["detail"], answer.text
    assert client.get("/api/v1/jobs").json() == []
    assert not [p for p in (*web_folder.rglob("evil*"), Path("evil")) if p.exists()]


def test_wrong_methods(client: httpx.Client) -> None:
    assert client.post("/api/v1/treaties", json={}).status_code == 405
    assert client.put("/api/v1/jobs", json={}).status_code == 405
    assert client.request("TRACE", "/").status_code == 405


def test_a_port_that_is_taken(web_folder: Path) -> None:
    from foedus.web import serve

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(FoedusError, match="--port"):
        serve(Settings(port=taken.getsockname()[1], runs=web_folder / "runs"))
