"""`foedus powers`: one file on the powers outside the old Atlantic core."""

from __future__ import annotations

from foedus.cli.system_document import system_document

app = system_document(
    "powers",
    "One self-contained HTML or PDF file on China, India, Russia and others: capability, bonds, rivals, who hedges.",
    "foedus powers --on 1985-01-01 -o powers-1985.html",
)
