"""Adding, verifying and fetching files; the command line over them."""

import http.server
import json
import shutil
import threading
from dataclasses import replace

import pytest

import foedus.sources as sources
from foedus.cli import main
from foedus.errors import SourceError
from foedus.sources import collection, fetching
from foedus.sources.collection import recognise, sha256


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FOEDUS_SOURCES", str(tmp_path / "mine"))

    def command(*args):
        with pytest.raises(SystemExit) as stop:
            main(["sources", *args])
        return stop.value.code or 0, capsys.readouterr()

    return command


@pytest.fixture
def small(monkeypatch, world):
    """The registry, with the world's files as known versions: recognised by checksum as published files are."""
    known = {}
    for path in world.iterdir():
        if path.suffix in (".csv", ".parquet", ".dta"):
            entry = sources.data_set(path.stem)
            null = dict.fromkeys(entry.columns, 1.0)
            height = sources.read(path.stem, world).height
            made = sources.Version("test", path.name, height, None, sha256(path), "", null)
            known[path.stem] = replace(entry, versions=(made, *entry.versions))
    real = sources.data_set

    def data_set(name):
        return known.get(name) or real(name)

    for module in ("collection", "place", "fetching"):
        monkeypatch.setattr(f"foedus.sources.{module}.data_set", data_set)
    return data_set


def test_files_are_recognised_copied_and_verified(small, run, world, tmp_path):
    before = {p.name: p.read_bytes() for p in world.iterdir() if p.is_file()}
    code, said = run("add", str(world))
    assert code == 0, said
    assert "nmc.parquet: nmc, version test, by checksum" in said.out and "16 added" in said.out
    assert {p.name: p.read_bytes() for p in world.iterdir() if p.is_file()} == before
    assert run("add", str(tmp_path / "mine"))[0] == 0  # what is there already is left alone
    code, said = run("verify")
    assert code == 0 and "0 problems" in said.out
    code, said = run("list", "--here", "--json")
    listed = json.loads(said.out)["data_sets"]
    assert len(listed) == 16 and listed[0]["version"] == "test"


def test_a_changed_copy_is_found(small, run, world, tmp_path):
    run("add", str(world / "mindist.csv"))
    path = tmp_path / "mine" / "mindist.csv"
    path.write_text(path.read_text().replace("600.0", "601.0", 1))
    code, said = run("verify", "mindist")
    assert code == 1 and "differs from the copy" in said.out
    path.write_text("")
    code, said = run("verify", "--json")
    assert code == 1 and "empty" in json.loads(said.out)[0]["problem"]


def test_a_file_is_recognised_by_its_columns(shared_sources, tmp_path):
    other = tmp_path / "States2016.CSV"
    text = (shared_sources / "cow_states_v2016.csv").read_bytes()
    other.write_bytes(text.replace(b"\n", b"\r\n"))
    found = recognise(other)
    assert (found.entry.name, found.how, found.version) == ("cow_states", "columns", None)
    copied = collection.add(found, tmp_path / "mine")
    assert copied.name == "cow_states.csv" and sources.read("cow_states", tmp_path / "mine").height == 243


def test_a_file_that_fits_two_data_sets_must_be_named(small, world, tmp_path, monkeypatch):
    other = replace(small("mindist"), name="other", versions=())
    monkeypatch.setattr("foedus.sources.collection.names", lambda: ("mindist", "other"))
    monkeypatch.setattr("foedus.sources.collection.data_set", lambda n: replace(other, name=n, rows=(1, 10**6)))
    path = tmp_path / "distances.csv"
    shutil.copy(world / "mindist.csv", path)
    with pytest.raises(SourceError, match="fits mindist and other"):
        recognise(path)
    assert recognise(shutil.copy(path, tmp_path / "other.csv")).entry.name == "other"


def test_an_unknown_or_wrong_file_is_not_added(small, run, world, tmp_path):
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n")
    cut = tmp_path / "nmc.csv"
    cut.write_text(",".join(sources.data_set("nmc").columns) + "\n")
    code, said = run("add", str(strange), str(cut), str(tmp_path / "none.csv"))
    assert code == 1 and "no data set has these columns (a, b" in said.out
    assert "the columns fit, the content does not" in said.out and "there is no such file" in said.out
    assert not (tmp_path / "mine").exists()
    assert run("add", str(tmp_path / "mine" / ".."))[0] == 1
    code, said = run("add", str(world / "nmc.parquet"), "--sources", "/proc/nowhere")
    assert code == 1 and "cannot be written" in said.out


def test_cite_show_list(run):
    code, said = run("cite", "nmc", "gdp_pop")
    assert code == 0 and said.out.count("@") == 3
    assert run("cite", "nmc", "--format", "word")[0] == 2
    code, said = run("show", "nmc")
    assert code == 0 and "thousand tons" in said.out and "correlatesofwar.org" in said.out
    assert json.loads(run("show", "nmc", "--json")[1].out)["columns"]["cinc"] == "Float64"
    code, said = run("list")
    assert code == 0 and "None is here" in said.out
    code, said = run("show", "nmcc")
    assert code == 2 and "Nearest: nmc" in said.err


def test_what_has_no_address_is_told_by_hand(run):
    code, said = run("fetch", "nmc")
    assert code == 2 and "By hand" in said.err and "https://correlatesofwar.org" in said.err


class Server(http.server.BaseHTTPRequestHandler):
    """Serves `content`, in part when asked, and breaks off after `stop` bytes of an answer."""

    content = b""
    stop: int | None = None
    asked: list[str | None] = []  # noqa: RUF012

    def do_GET(self):
        asked = self.headers.get("Range")
        Server.asked.append(asked)
        start = int(asked.split("=")[1].rstrip("-")) if asked else 0
        if start >= len(Server.content):
            self.send_error(416)
            return
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(Server.content) - start))
        self.end_headers()
        end = start + Server.stop if Server.stop else None
        self.wfile.write(Server.content[start:end])

    def log_message(self, *args):
        pass


@pytest.fixture
def served(small, monkeypatch, world):
    Server.content, Server.stop, Server.asked = (world / "mindist.csv").read_bytes(), None, []
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def data_set(name):
        entry = small(name)
        first = replace(entry.versions[0], url=f"http://127.0.0.1:{server.server_port}/mindist.csv")
        return replace(entry, versions=(first, *entry.versions[1:]))

    monkeypatch.setattr("foedus.sources.fetching.data_set", data_set)
    yield server
    server.shutdown()
    server.server_close()


def test_fetch_checks_and_keeps(served, run, tmp_path, world):
    code, said = run("fetch", "mindist")
    assert code == 0 and "the checksum is right" in said.out, said
    assert (tmp_path / "mine" / "mindist.csv").read_bytes() == Server.content
    assert run("fetch", "mindist")[0] == 0 and len(Server.asked) == 1


def test_a_broken_download_is_continued(served, tmp_path):
    Server.stop = 3000
    with pytest.raises(SourceError, match=r"cannot be fetched.*broke off"):
        fetching.fetch("mindist", tmp_path)
    assert not (tmp_path / "mindist.csv").exists() and (tmp_path / "mindist.csv.part").stat().st_size == 3000
    Server.stop = None
    seen = []
    assert fetching.fetch("mindist", tmp_path, lambda done, of: seen.append((done, of))).is_file()
    assert Server.asked == [None, "bytes=3000-"] and seen[-1] == (len(Server.content),) * 2
    assert [p.name for p in tmp_path.iterdir()] == ["mindist.csv"]


def test_other_bytes_are_not_kept(served, tmp_path):
    Server.content = b"something else\n"
    with pytest.raises(SourceError, match="not those of version test"):
        fetching.fetch("mindist", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_network_says_what_to_do(small, served, tmp_path):
    served.shutdown()
    served.server_close()
    with pytest.raises(SourceError, match=r"Is there a network\? By hand:"):
        fetching.fetch("mindist", tmp_path)


def test_a_copy_is_whole_or_not_there(small, world, tmp_path, monkeypatch):
    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fails)
    with pytest.raises(SourceError, match="No space left"):
        collection.add(recognise(world / "nmc.parquet"), tmp_path)
    assert list(tmp_path.iterdir()) == []
