"""A document as plain text, for golden files and for looking for broken sentences."""

import re

from foedus.view.document import CITATION, LEVEL, Block, Document, KeyFigures, Picture, Table, Text


def plain_text(document: Document) -> str:
    """Everything a document says, without its charts and citations; a level stands in square brackets."""
    lines = [document.title, document.kicker, f"As of {document.day}"]
    for section in document.sections:
        lines += ["", f"## {section.title}"]
        for block in section.blocks:
            lines += ["", *_lines(block)]
    lines += ["", "## Sources", "", *(f"{c.source.id} ({c.source.status})" for c in document.sources), ""]
    return LEVEL.sub(r"[\1]", CITATION.sub("", "\n".join(lines)))


def _lines(block: Block) -> list[str]:
    if isinstance(block, Text):
        return list(block.paragraphs)
    if isinstance(block, KeyFigures):
        return [f"{f.value}: {f.label}" for f in block.figures]
    if isinstance(block, Picture):
        return [f"[chart] {block.title}", block.description, *([block.note] if block.note else [])]
    return [f"[table] {block.caption}", *_rows(block), *([block.note] if block.note else [])]


def _rows(table: Table) -> list[str]:
    return [" | ".join(table.columns), *(" | ".join(row) for row in table.rows)]


BROKEN = re.compile(
    r"\bNone\b(?! [a-z])|\bnan\b|[⟦⟧⟪⟫]|  |, \.|\.\.|; \.| ,|\(\)|: \.|,,|;;|:;|\.;|;\.| \.|\b(\w+) \1\b(?<!that that)"
)


def broken(text: str) -> list[str]:
    """What looks broken in `text`, each with its surroundings."""
    return [text[max(0, m.start() - 50) : m.end() + 50] for m in BROKEN.finditer(text)]
