"""`foedus brief` and `foedus atlas` write one whole file or none."""

import os
from pathlib import Path

import pytest
from tests.cli.test_commands import Run, run

from foedus.cli import writing
from foedus.errors import FoedusError, OutputError
from foedus.view.document import Document, Section, Text

__all__ = ["run"]  # the fixture

DOCUMENT = Document("T", "K", "1 May 2000", (Section("a", "A", (Text(("Said.",)),)),), (), "foedus", "0")


def test_brief_writes_where_it_is_told_and_says_where(run: Run, tmp_path: Path) -> None:
    code, out, err = run("brief", "quad", "--on", "2026-06-01", "-o", "q.html")
    assert (code, err) == (0, "") and out.startswith(f"Wrote {tmp_path / 'q.html'} (") and out.endswith(" s.\n")
    assert (tmp_path / "q.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [tmp_path / "q.html"]


def test_brief_names_its_file_itself(run: Run, tmp_path: Path) -> None:
    assert run("brief", "london-1839", "--format", "pdf")[0] == 0
    assert (tmp_path / "london-1839.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_atlas_of_another_day(run: Run, tmp_path: Path) -> None:
    assert run("atlas", "--on", "1900-01-01", "-o", "a.pdf")[0] == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("asked", "out", "form"),
    [
        (None, None, "html"),
        (None, "x.pdf", "pdf"),
        ("PDF", "x.dat", "pdf"),
        (None, "x", "html"),
        (None, "x.HTML", "html"),
    ],
)
def test_the_format(asked: str | None, out: str | None, form: str) -> None:
    assert writing.form_of(asked, Path(out) if out else None) == form


def test_another_format_is_refused() -> None:
    with pytest.raises(FoedusError, match='"docx" is not a format'):
        writing.form_of(None, Path("x.docx"))


def test_an_earlier_file_is_replaced_and_keeps_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("old")
    writing.make_file(lambda progress: DOCUMENT, path, "html")
    assert "Said." in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o666 & ~writing._umask()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.html"
    path.write_text("old")
    real = os.fdopen

    class Full:
        def __init__(self, handle: int, mode: str) -> None:
            self.file = real(handle, mode)

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> None:
            self.file.write(data[:10])
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", Full)
    with pytest.raises(OutputError, match="No space left on device"):
        writing.make_file(lambda progress: DOCUMENT, path, "html")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_failure_while_composing_leaves_nothing(tmp_path: Path) -> None:
    def fail(progress: writing.Progress) -> Document:
        raise FoedusError("no")

    with pytest.raises(FoedusError):
        writing.make_file(fail, tmp_path / "a.html", "html")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def compose(progress: writing.Progress) -> Document:
        progress("a step")
        return DOCUMENT

    writing.make_file(compose, tmp_path / "a.html", "html")
    assert (tmp_path / "a.html").exists()
