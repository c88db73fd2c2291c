"""A document as one PDF, set by Typst with the fonts that Typst itself carries; charts are vector drawings."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from foedus.errors import OutputError
from foedus.view import theme
from foedus.view.document import CITATION, Block, Document, KeyFigures, Picture, Table, Text
from foedus.view.page import safe_url, source_line

PRINT_WIDTH = 760  # px at which charts are drawn for the page
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
        return "\n\n".join(_inline(p) for p in block.paragraphs)
    if isinstance(block, KeyFigures):
        return f"#key-figures({', '.join(f'({_text(f.value)}, {_text(f.label)})' for f in block.figures)})"
    if isinstance(block, Picture):
        return _picture(block, room, progress)
    return _table(block)


def _picture(picture: Picture, room: Path, progress: Progress) -> str:
    progress(f"chart: {picture.title}")
    name = f"{picture.id}.pdf"
    (room / name).write_bytes(theme.pdf(theme.dressed(picture.draw(PRINT_WIDTH))))
    return f"#picture({_text(picture.title)}, {_text(name)}, {_text(picture.description)}, {_text(picture.note)})"


def _table(table: Table) -> str:
    align = (table.align or "").ljust(len(table.columns), "l")
    sides = ", ".join("right" if a == "r" else "left" for a in align)
    head = ", ".join(_text(c) for c in table.columns)
    rows = ", ".join(f"({', '.join(f'[{_inline(cell)}]' for cell in row)},)" for row in table.rows)
    widths = ", ".join(f"{w}fr" for w in _widths(table))
    return f"#data-table({_text(table.caption)}, ({widths},), ({sides},), ({head},), ({rows},), {_text(table.note)})"


def _widths(table: Table) -> list[int]:
    """Column widths in proportion to what stands in them, between bounds so that no column is starved."""
    typical = []
    for i, column in enumerate(table.columns):
        lengths = sorted(len(CITATION.sub("", row[i])) for row in table.rows) or [0]
        typical.append(max(len(column) * 0.7, lengths[int(len(lengths) * 0.8)]))
    return [round(min(max(t, 9), 60) ** 0.75 * 10) for t in typical]


def _sources(document: Document) -> list[str]:
    lines = ['#heading(level: 2, "Sources")', "#set text(size: 8.5pt)"]
    for c in document.sources:
        url = safe_url(c.source.url)
        link = f" #link({_text(url)})" if url else ""
        lines.append(
            f"{c.number}. #badge({_text(c.source.status)}) #{_text(source_line(c.source))}{link} #metadata(none) <source-{c.number}>"
        )
    return lines


def _inline(text: str) -> str:
    """`text` as Typst content: every piece a string literal, citations as marks; nothing in it can be code."""
    pieces = re.split(r"(⟦\d+⟧)", text)
    said = []
    for piece in pieces:
        mark = CITATION.fullmatch(piece)
        if mark:
            said.append(f"#cite-mark({mark[1]})")
        elif piece:
            said.append(f"#{_text(piece)}")
    return ";".join(said).replace(";#cite-mark", ";#h(0.5pt);#cite-mark")


def _text(value: str) -> str:
    """A Typst string literal."""
    return json.dumps(value, ensure_ascii=False).replace("\\u2028", " ")
