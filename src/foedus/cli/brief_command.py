"""`foedus brief`: one file on an alliance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import Form, On, Out, Own, application, day_of, opened
from foedus.cli.writing import Progress, form_of, make_file

if TYPE_CHECKING:
    from foedus.view.document import Document


def brief(
    treaty: Annotated[
        str, typer.Argument(metavar="TREATY", help="An id, a name or an alias: nato, csto, warsaw-pact-1955.")
    ],
    out: Out = None,
    on: On = None,
    form: Form = None,
    own: Own = None,
) -> None:
    """One self-contained HTML or PDF file on an alliance: members, promises, burden, other ties, sources."""
    kind = form_of(form, out)
    day = day_of(on)
    found = opened(own).treaty(treaty)
    path = out or Path(f"{found.id}.{kind}")

    def compose(progress: Progress) -> Document:
        from foedus.view.brief import compose as compose_brief

        return compose_brief(opened(own), found, day, progress=progress)

    make_file(compose, path, kind)


app = application(brief, "foedus brief nato -o nato.html")
