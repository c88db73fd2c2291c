"""The HTTP interface gives the answers of the command line, in pages, with ETags and clear problems."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from foedus.cli import main
from foedus.web.settings import Limits

SAME = [
    ("list --on 1914-06-28", "treaties?on=1914-06-28"),
    ("list --on 2020-01-01 --state POL --pledge defence", "treaties?on=2020-01-01&state=poland&pledge=defence"),
    ("list --all --state AUH", "treaties?all=true&state=AUH"),
    ("show nato --on 1990-10-03", "treaties/nato?on=1990-10-03"),
    ("show 'warsaw pact' --on 1968-08-20", "treaties/warsaw%20pact?on=1968-08-20"),
    ("state POL --on 1939-08-31", "states/290?on=1939-08-31"),
    ("casus --attacker RUS --target EST --on 2024-01-01", "casus?attacker=RUS&target=EST&on=2024-01-01"),
    (
        "casus --attacker AUH --target YUG --kind declaration_of_war --on 1914-07-28 --fact provoked=contested"
        " --depth 2 --assume RUS=honours",
        "casus?attacker=AUH&target=YUG&kind=declaration_of_war&on=1914-07-28&fact=provoked%3Dcontested&depth=2"
        "&assume=RUS%3Dhonours",
    ),
    ("why nato sweden --on 2025-01-01", "why?asked=nato+sweden&on=2025-01-01"),
    ("measure csto --from 2020 --to 2021", "measure/csto?from=2020&to=2021"),
    ("measure --list", "indicators"),
]


@pytest.mark.parametrize(("command", "asked"), SAME, ids=[command for command, _ in SAME])
def test_same_as_the_command_line(
    command: str, asked: str, client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    with pytest.raises(SystemExit) as end:
        main([*shlex.split(command), "--json"])
    assert end.value.code == 0
    assert client.get(f"/api/v1/{asked}").json() == json.loads(capsys.readouterr().out)


def test_lists_come_in_pages(client: httpx.Client) -> None:
    whole = client.get("/api/v1/treaties?on=2020-01-01").json()
    rows, following = [], "/api/v1/treaties?on=2020-01-01&limit=50"
    while following:
        answer = client.get(following)
        assert answer.headers["x-total-count"] == str(len(whole))
        rows += answer.json()
        following = answer.links.get("next", {}).get("url", "")
    assert rows == whole and len(whole) > 100
    last = client.get("/api/v1/treaties?on=2020-01-01&limit=50&offset=60")
    assert last.links["prev"]["url"].endswith("offset=10&limit=50")


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/api/v1/treaties/nato?on=2020-01-01")
    same = client.get("/api/v1/treaties/nato?on=2020-01-01", headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    other = client.get("/api/v1/treaties/nato?on=2010-01-01", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200 and other.headers["etag"] != first.headers["etag"]


def test_packed_and_unpacked_say_the_same(client: httpx.Client) -> None:
    packed = client.get("/api/v1/states", headers={"accept-encoding": "gzip"})
    plain = client.get("/api/v1/states", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.content == plain.content
    head = client.head("/api/v1/states", headers={"accept-encoding": "identity"})
    assert head.content == b"" and head.headers["content-length"] == str(len(plain.content))


WRONG = [
    ("treaties/natoo", 404, "nato-1949"),
    ("states/Polland", 404, "Poland"),
    ("why?asked=nato+burdenshare", 404, "burden_share"),
    ("treaties?on=1914", 422, "YYYY-MM-DD"),
    ("treaties?on=1713-04-11", 422, "1814"),
    ("treaties?on=20240101", 422, "YYYY-MM-DD"),
    ("treaties?limit=0", 422, "limit"),
    ("treaties?pledge=love", 422, "pledge"),
    ("casus?attacker=RUS", 422, "target: missing"),
    ("casus?attacker=RUS&target=RUS", 422, "cannot attack itself"),
    ("casus?attacker=RUS&target=EST&kind=quarrel", 422, "kind"),
    ("casus?attacker=RUS&target=EST&fact=provoked", 422, "key=value"),
    ("measure/nato?from=1950&to=2020", 422, "job"),
    ("atlas/1700", 422, "1815"),
    ("sources/nothing", 404, "nothing"),
    ("nowhere", 404, "nothing at this address"),
]


@pytest.mark.parametrize(("asked", "status", "says"), WRONG, ids=[a for a, _, _ in WRONG])
def test_problems_say_what_to_do(asked: str, status: int, says: str, client: httpx.Client) -> None:
    answer = client.get(f"/api/v1/{asked}")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (status, status)
    assert says in json.dumps(problem, ensure_ascii=False)


def test_the_atlas_of_a_year(client: httpx.Client) -> None:
    atlas = client.get("/api/v1/atlas/1914").json()
    assert atlas["on"] == "1914-12-31" and "RUS" in atlas["partners"]["FRA"]
    assert atlas["ground"]["EST"] == "RUS" and atlas["names"]["RUS"] == "Russian Empire"
    assert all(a in atlas["partners"][b] for a, others in atlas["partners"].items() for b in others)
    assert sum("defence" in t["pledges"] for t in atlas["treaties"]) == atlas["n_defence"]


@pytest.mark.parametrize(
    ("asked", "kind", "best"),
    [
        ("pol", "states", "Poland"),
        ("NATO", "treaties", "NATO"),
        ("ottoman", "states", "Turkey"),
        ("goa", "places", "Goa"),
    ],
)
def test_search(asked: str, kind: str, best: str, client: httpx.Client) -> None:
    first = client.get(f"/api/v1/search?q={quote(asked)}&on=2020-01-01").json()[kind][0]
    assert best in (first.get("title") or first["name"])


def test_every_page_of_reading_answers(client: httpx.Client) -> None:
    """And none says more than one first heading, or holds what the policy forbids."""
    for page in (
        "/",
        "/?year=1815",
        "/?year=1900&state=FRA",
        "/treaties",
        "/treaties?q=zzz",
        "/treaties/nato-1949?on=2020-01-01",
        "/treaties/un-charter-1945?on=2020-01-01",
        "/states",
        "/states?on=1815-06-01",
        "/states/POL",
        "/states/AUH?on=1900-01-01",
        "/casus",
        "/casus?attacker=RUS&target=EST",
        "/casus?attacker=RUS&target=Atlantis",
        "/data",
        "/why",
        "/why?q=nato+sweden",
        "/why?q=nato+nothing",
        "/model",
        "/api",
        "/runs",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert answer.text.count("<h1") == 1 and " style=" not in answer.text and "onclick" not in answer.text, page


def test_the_page_on_the_model_shows_the_back_test_and_what_is_assumed(client: httpx.Client) -> None:
    from foedus.futures.assumptions import ASSUMPTIONS
    from foedus.futures.backtest.result import shipped

    page, found = unescape(client.get("/model").text), shipped("atop")
    assert found is not None
    for assumption in ASSUMPTIONS:
        assert assumption.says in page
    skill = found.skill_of("new ties", 5, "temporal ERGM")
    assert skill is not None and skill.skill is not None and f"{skill.skill:+.2f} (" in page


def test_names_lead_to_the_one_address(client: httpx.Client) -> None:
    moved = client.get("/treaties/nato?on=1990-01-01")
    assert (moved.status_code, moved.headers["location"]) == (308, "/treaties/nato-1949?on=1990-01-01")
    data = client.get("/treaties/nato-1949.json?on=1990-01-01", follow_redirects=True)
    assert data.json()["id"] == "nato-1949"
    assert (
        client.get("/casus.json?attacker=RUS&target=EST", follow_redirects=True).json()["event"]["kind"]
        == "armed_attack"
    )


def test_charts_are_drawn_at_addresses_of_their_own(client: httpx.Client) -> None:
    svg = client.get("/charts/brief/csto-1992/map.svg?on=2020-01-01&width=344")
    assert svg.headers["content-type"] == "image/svg+xml" and "prefers-color-scheme:dark" in svg.text
    assert client.get("/charts/brief/csto-1992/nothing.svg?on=2020-01-01").status_code == 404
    assert "new ties, 5 years" in client.get("/charts/model/skill.svg").text
    assert client.get("/charts/run/0123456789abcdef/fan.svg").status_code == 404
    assert client.get("/charts/brief/csto-1992/map.svg?width=99999").status_code == 422


def test_the_interface_is_described(client: httpx.Client, served: Callable[..., httpx.Client]) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    page = client.get("/api").text
    assert len(paths) > 15
    for path in paths:
        assert path in page


def test_a_page_that_takes_long_says_how_far_it_is(
    served: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from foedus.view import powers

    go, real = threading.Event(), powers.compose

    def slow(record: Any, day: Any, *, progress: Any) -> Any:
        progress("counting the rivals")
        go.wait(20)
        return real(record, day, progress=progress)

    monkeypatch.setattr(powers, "compose", slow)
    client = served(limits=Limits(patience=0.3))
    waiting = client.get("/powers?on=2019-01-01")
    assert waiting.status_code == 202 and "Counting the rivals" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text and "etag" not in waiting.headers
    chart = client.get("/charts/powers/all/map.svg?on=2019-01-01")
    assert chart.status_code == 503 and chart.headers["retry-after"] == "3"
    go.set()
    for _ in range(60):
        if client.get("/powers?on=2019-01-01").status_code == 200:
            return
    pytest.fail("the page was never made")
