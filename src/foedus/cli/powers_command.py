"""`foedus powers`: one file on the powers outside the old Atlantic core."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import On, Out, Own, application, day_of, opened
from foedus.cli.writing import Progress, form_of, make_file

if TYPE_CHECKING:
    from foedus.view.document import Document


def powers(
    out: Out = None,
    on: On = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="html|pdf", help="By the file's suffix if not given; else html.")
    ] = None,
    own: Own = None,
) -> None:
    """One self-contained HTML or PDF file on China, India, Russia and others: capability, bonds, rivals, who hedges."""
    kind = form_of(form, out)
    day = day_of(on)
    path = out or Path(f"powers.{kind}")

    def compose(progress: Progress) -> Document:
        from foedus.view.powers import compose as compose_powers

        return compose_powers(opened(own), day, progress=progress)

    make_file(compose, path, kind)


app = application(powers, "foedus powers --on 1985-01-01 -o powers-1985.html")
