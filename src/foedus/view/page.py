"""A document as one HTML file that needs no network: styles and charts are inside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup, escape

from foedus.record.schema import Source
from foedus.view import theme, words
from foedus.view.document import (
    CITATION,
    LEVEL,
    Block,
    CitedSource,
    Document,
    KeyFigures,
    Picture,
    Table,
    Text,
)

_TEMPLATES = files("foedus.view") / "templates"
Progress = Callable[[str], None]


def html(document: Document, *, progress: Progress = lambda step: None) -> str:
    """`document` as the text of one self-contained HTML file; everything that is not ours is escaped."""
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    template = env.from_string((_TEMPLATES / "document.html.jinja").read_text(encoding="utf-8"))
    style = Markup((_TEMPLATES / "document.css").read_text(encoding="utf-8"))
    sections = [
        {"id": s.id, "title": s.title, "blocks": [_block(b, progress) for b in s.blocks]} for s in document.sections
    ]
    return template.render(doc=document, sections=sections, sources=[_source(c) for c in document.sources], style=style)


def _source(cited_source: CitedSource) -> dict[str, Any]:
    source = cited_source.source
    return {
        "number": cited_source.number,
        "status": source.status,
        "text": source_line(source),
        "url": safe_url(source.url),
        "url_shown": urlsplit(source.url).netloc,
    }


def _block(block: Block, progress: Progress) -> dict[str, Any]:
    if isinstance(block, Text):
        return {"kind": "text", "paragraphs": [cited(p) for p in block.paragraphs], "quiet": block.quiet}
    if isinstance(block, KeyFigures):
        return {"kind": "figures", "figures": block.figures}
    if isinstance(block, Picture):
        return _picture(block, progress)
    return _table(block)


def _picture(picture: Picture, progress: Progress) -> dict[str, Any]:
    progress(f"chart: {picture.title}")
    wide, narrow = (drawn(picture, width) for width in (theme.WIDE, theme.NARROW))
    return {
        "kind": "picture",
        "title": picture.title,
        "description": picture.description,
        "note": picture.note,
        "wide": Markup(wide),
        "narrow": Markup(narrow),
    }


def drawn(picture: Picture, width: int) -> str:
    """The SVG of a picture at `width` px, ids made unique so that several charts can share a page."""
    svg = theme.svg(theme.dressed(picture.draw(width)))
    prefix = f"{picture.id}-{width}-"
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', svg)


_CLASSES = {"l": "", "r": "r", "d": "d"}


def _table(table: Table) -> dict[str, Any]:
    align = table.align.ljust(len(table.columns), "l")
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": table.columns,
        "rows": [[{"text": cited(cell), "is_empty": cell == "–"} for cell in row] for row in table.rows],
        "classes": [_CLASSES[a] for a in align],
        "widths": [f"{share * 100:.1f}%" for share in table.widths()],
        "note": table.note,
        "folded": table.folded,
        "quiet": table.quiet,
    }


def cited(text: str) -> Markup:
    """`text` escaped, its ⟦n⟧ turned into links to the list of sources and its ⟪level⟫ into a label."""
    linked = CITATION.sub(r'<sup><a href="#source-\1" aria-label="source \1">\1</a></sup>', str(escape(text)))
    joined = linked.replace("</sup><sup>", " ").replace("</a> <a", "</a>, <a")
    return Markup(LEVEL.sub(lambda m: f'<b class="level {m[1]}">{words.plain(m[1])}</b>', joined))


def source_line(source: Source) -> str:
    """Author, title, date and place of a source in one line."""
    parts = [p for p in (source.author, source.title, source.date, source.where) if p]
    seen = f" Seen {source.seen}." if source.seen else ""
    return ". ".join(p.rstrip(".") for p in parts) + "." + seen


def safe_url(url: str) -> str:
    """`url` when it is a web address, else "": a record may come from anybody."""
    return url if urlsplit(url).scheme in ("http", "https") else ""
