"""`foedus atlas`: one file on the whole system of alliances."""

from __future__ import annotations

from foedus.cli.system_document import system_document

app = system_document(
    "atlas",
    "One self-contained HTML or PDF file on the whole system: its growth since 1815, the map, who is bound to whom.",
    "foedus atlas --on 1914-06-28 -o atlas-1914.html",
)
