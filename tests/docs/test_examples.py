"""Every example in README.md and docs/ runs.

A ```python block runs in the namespace of its page; one that starts with >>> is also compared with what it shows.
In a ```console block each line `$ foedus ...` runs and must exit 0; other commands are only shown. Both work in an
empty folder that the page has for itself. Comments on the line before a block, not seen by a reader:
`<!-- not run: reason -->` leaves the block out, `<!-- exits 2 -->` expects that exit code.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

_BLOCK = re.compile(
    r"^(?:<!--[ ]*(?P<note>[^\n]*?)[ ]*-->\n+)?```(?P<language>python|console)[^\n]*\n(?P<text>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_SHELL_SIGNS = re.compile(r"[|<>&;$*]")


@dataclass(frozen=True)
class Block:
    """One fenced example: `line` is that of its first line of code, counted from 1."""

    page: Path
    line: int
    language: str
    text: str
    skipped: str
    exit_code: int

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


@dataclass
class Session:
    """A page being read from its top: what its examples have defined, where they write, how far it got."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    done: int = 0


def blocks_of(page: Path) -> list[Block]:
    """The examples of `page` in reading order; a console block without a foedus command is none."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        note = match["note"] or ""
        if match["language"] == "console" and not _commands(match["text"]):
            continue
        exits = re.fullmatch(r"exits (\d+)", note)
        found.append(
            Block(
                page=page,
                line=text.count("\n", 0, match.start("text")) + 1,
                language=match["language"],
                text=match["text"],
                skipped=note.removeprefix("not run:").strip() if note.startswith("not run:") else "",
                exit_code=int(exits[1]) if exits else 0,
            )
        )
    return found


def _commands(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    return [line.removeprefix("$ ").strip() for line in joined.splitlines() if line.startswith("$ foedus")]


EXAMPLES = {page: blocks_of(page) for page in PAGES}
CASES = [(page, index) for page, blocks in EXAMPLES.items() for index in range(len(blocks))]


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Session]:
    return {page: Session(tmp_path_factory.mktemp(page.stem)) for page in PAGES}


@pytest.mark.parametrize(("page", "index"), CASES, ids=[EXAMPLES[page][index].name for page, index in CASES])
def test_example_runs(page: Path, index: int, sessions: dict[Path, Session], monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, session = EXAMPLES[page], sessions[page]
    if blocks[index].skipped:
        pytest.skip(blocks[index].skipped)
    monkeypatch.chdir(session.folder)
    monkeypatch.setenv("COLUMNS", "120")
    # A block alone (pytest -k, or another worker) still finds what the blocks before it defined.
    for block in blocks[session.done : index + 1]:
        session.done += 1
        if not block.skipped:
            _run(block, session, monkeypatch)


def test_the_notes_are_understood() -> None:
    one = "<!-- not run: needs a cluster -->\n```python\n1 / 0\n```\n"
    two = "<!-- exits 2 -->\n```console\n$ foedus show x\n```\n"
    first, second = _BLOCK.finditer(one + "\n" + two)
    assert (first["note"], first["language"]) == ("not run: needs a cluster", "python")
    assert (second["note"], _commands(second["text"])) == ("exits 2", ["foedus show x"])


def _run(block: Block, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    if block.language == "console":
        for command in _commands(block.text):
            code, said = _run_command(command, monkeypatch)
            shown = f"{block.name}: $ {command}\n{said}"
            assert code == block.exit_code, f"{shown}\nexit code {code}, not {block.exit_code}"
    elif block.text.lstrip().startswith(">>>"):
        _run_doctest(block, session)
    else:
        # Blank lines in front, so that a traceback shows the line of the page.
        exec(compile("\n" * (block.line - 1) + block.text, block.name, "exec"), session.names)


def _run_doctest(block: Block, session: Session) -> None:
    parser = doctest.DocTestParser()
    example = parser.get_doctest(block.text, session.names, block.name, str(block.page), block.line - 1)
    report: list[str] = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    outcome = doctest.DocTestRunner(optionflags=flags).run(example, out=report.append, clear_globs=False)
    session.names.update(example.globs)
    assert outcome.failed == 0, "".join(report)


def _run_command(command: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and what was said; in this process where the line needs no shell, since that starts faster."""
    if _SHELL_SIGNS.search(command):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env={**os.environ, "PATH": path},
            capture_output=True,
            check=False,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr
    from foedus.cli import main

    monkeypatch.setattr(sys, "argv", shlex.split(command))
    try:
        main()
    except SystemExit as end:
        code = end.code
        return (code if isinstance(code, int) else int(code is not None)), "" if code is None else str(code)
    return 0, ""
