"""A command that writes one file on the whole system: `foedus atlas`, `foedus powers`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from foedus.cli.options import Form, On, Out, Own, application, day_of, opened
from foedus.cli.writing import Progress, form_of, make_file

if TYPE_CHECKING:
    from foedus.view.document import Document


def system_document(name: str, says: str, example: str) -> typer.Typer:
    """The command `foedus NAME`, which writes what `foedus.view.NAME.compose` makes; `says` is its help."""

    def command(out: Out = None, on: On = None, form: Form = None, own: Own = None) -> None:
        kind = form_of(form, out)
        day = day_of(on)

        def compose(progress: Progress) -> Document:
            document: Document = import_module(f"foedus.view.{name}").compose(opened(own), day, progress=progress)
            return document

        make_file(compose, out or Path(f"{name}.{kind}"), kind)

    command.__name__, command.__doc__ = name, says
    return application(command, example)
