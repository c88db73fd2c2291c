"""`foedus atlas`: one file on the whole system of alliances."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import On, Out, Own, application, day_of, opened
from foedus.cli.writing import Progress, form_of, make_file

if TYPE_CHECKING:
    from foedus.view.document import Document


def atlas(
    out: Out = None,
    on: On = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="html|pdf", help="By the file's suffix if not given; else html.")
    ] = None,
    own: Own = None,
) -> None:
    """One self-contained HTML or PDF file on the whole system: its growth since 1815, the map, who is bound to whom."""
    kind = form_of(form, out)
    day = day_of(on)
    path = out or Path(f"atlas.{kind}")

    def compose(progress: Progress) -> Document:
        from foedus.view.atlas import compose as compose_atlas

        return compose_atlas(opened(own), day, progress=progress)

    make_file(compose, path, kind)


app = application(atlas, "foedus atlas --on 1914-06-28 -o atlas-1914.html")
