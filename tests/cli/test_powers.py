"""`foedus powers` writes one whole file or none."""

from pathlib import Path

from tests.cli.test_commands import Run, run

__all__ = ["run"]  # the fixture


def test_a_page_of_today(run: Run, tmp_path: Path) -> None:
    code, out, err = run("powers", "--on", "2026-06-01", "-o", "p.html")
    assert (code, err) == (0, "") and out.startswith(f"Wrote {tmp_path / 'p.html'} (")
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "Who hedges between blocs" in text
    assert list(tmp_path.iterdir()) == [tmp_path / "p.html"]


def test_it_names_its_file_itself(run: Run, tmp_path: Path) -> None:
    assert run("powers", "--on", "1914-06-28", "--format", "pdf")[0] == 0
    assert (tmp_path / "powers.pdf").read_bytes().startswith(b"%PDF")


def test_wrong_input_writes_nothing(run: Run, tmp_path: Path) -> None:
    for args, says in (
        (("--on", "1800-01-01"), "lies outside the record"),
        (("--format", "docx"), "not a format"),
        (("-o", "missing/x.html"), "There is no folder missing"),
    ):
        code, _, err = run("powers", *args)
        assert code == 2 and says in err
    assert list(tmp_path.iterdir()) == []
