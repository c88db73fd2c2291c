"""A document as one PDF, set by Typst with the fonts that Typst itself carries; charts are vector drawings."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from foedus.errors import OutputError
from foedus.view import theme, words
from foedus.view.document import CITATION, LEVEL, Block, Document, KeyFigures, Picture, Table, Text
from foedus.view.page import safe_url, source_line

PRINT_WIDTH = 760  # px at which charts are drawn for the page
_NO_BREAK = "\u00a0"
Progress = Callable[[str], None]


def pdf(document: Document, *, progress: Progress = lambda step: None) -> bytes:
    """`document` as the bytes of a PDF. Raises OutputError with Typst's words when it cannot be set."""
    import typst

    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        room = Path(folder)
        template = (files("foedus.view") / "templates" / "document.typ").read_text(encoding="utf-8")
        (room / "document.typ").write_text(template, encoding="utf-8")
        (room / "main.typ").write_text(_source(document, room, progress), encoding="utf-8")
        progress("setting the pages")
        try:
            pages: bytes = typst.compile(str(room / "main.typ"), root=str(room))
        except RuntimeError as error:
            raise OutputError(f"The PDF could not be set: {error}") from None
        return pages


def _source(document: Document, room: Path, progress: Progress) -> str:
    lines = ['#import "document.typ": *']
    head = ", ".join(
        _text(x) for x in (document.title, document.kicker, document.day, document.version, document.command)
    )
    lines.append(f"#document-page({head})[")
    for section in document.sections:
        lines.append(f"#heading(level: 2, {_text(section.title)})")
        lines += [_block(b, room, progress) for b in section.blocks]
    lines += _sources(document)
    lines.append("]")
    return "\n\n".join(lines)


def _block(block: Block, room: Path, progress: Progress) -> str:
    if isinstance(block, Text):
        said = "\n\n".join(_inline(p) for p in block.paragraphs)
        return f"#note[{said}]" if block.quiet else said
    if isinstance(block, KeyFigures):
        return f"#key-figures({', '.join(f'({_text(f.value)}, {_text(f.label)})' for f in block.figures)})"
    if isinstance(block, Picture):
        return _picture(block, room, progress)
    return _table(block)


def _picture(picture: Picture, room: Path, progress: Progress) -> str:
    progress(f"chart: {picture.title}")
    name = f"{picture.id}.pdf"
    (room / name).write_bytes(theme.pdf(theme.dressed(picture.draw(PRINT_WIDTH))))
    said = ", ".join(_text(x) for x in (picture.title, name, picture.description, picture.note))
    return f"#picture({said}, {picture.print_share * 100:.0f}%)"


def _table(table: Table) -> str:
    align = table.align.ljust(len(table.columns), "l")
    sides = ", ".join("right" if a == "r" else "left" for a in align)
    head = ", ".join(_text(c) for c in table.columns)
    rows = ", ".join(
        f"({', '.join(_cell(cell, a) for cell, a in zip(row, align, strict=True))},)" for row in table.rows
    )
    widths = ", ".join(f"{share * 100:.1f}fr" for share in table.widths())
    quiet = ", quiet: true" if table.quiet else ""
    return (
        f"#data-table({_text(table.caption)}, ({widths},), ({sides},), ({head},), ({rows},),"
        f" {_text(table.note)}{quiet})"
    )


def _cell(text: str, align: str) -> str:
    """A cell; a date is never broken."""
    return f"[{_inline(text.replace(' ', _NO_BREAK) if align == 'd' else text)}]"


def _sources(document: Document) -> list[str]:
    lines = ['#heading(level: 2, "Sources")', "#set text(size: 8.5pt)"] if document.sources else []
    for c in document.sources:
        url = safe_url(c.source.url)
        link = f" #link({_text(url)}, {_text(urlsplit(url).netloc)})" if url else ""
        label = f"#metadata(none) <source-{c.number}>"
        lines.append(
            f"#source-item({c.number}, {_text(c.source.status)})[#{_text(source_line(c.source))}{link} {label}]"
        )
    return lines


def _inline(text: str) -> str:
    """`text` as Typst content: every piece a string literal, citations and levels as marks; nothing in it is code."""
    said = []
    for piece in re.split(r"(⟦\d+⟧|⟪\w+⟫)", text):
        mark, level = CITATION.fullmatch(piece), LEVEL.fullmatch(piece)
        if mark:
            said.append(f"#cite-mark({mark[1]})")
        elif level:
            said.append(f"#level-label({_text(words.plain(level[1]))}, {_text(level[1])})")
        elif piece:
            said.append(f"#{_text(piece.lstrip() if said and said[-1].startswith('#level') else piece)}")
    return ";".join(said)


def _text(value: str) -> str:
    """A Typst string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() or c == _NO_BREAK else " " for c in escaped) + '"'
