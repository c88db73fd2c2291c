"""Options and inputs that every command reads in the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from foedus.errors import DateOutsideRecord
from foedus.record import Record, load

On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day to read the record on, YYYY-MM-DD; today by default."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Own = Annotated[
    Path | None, typer.Option("--record", metavar="DIR", help="Your own record files, added to the embedded ones.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write.")]
Form = Annotated[
    str | None, typer.Option("--format", metavar="html|pdf", help="By the file's suffix if not given; else html.")
]


def application(command: Callable[..., Any], example: str) -> typer.Typer:
    """A Typer application of one command whose help ends with `example`."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(
        help=command.__doc__, epilog=f"Example: {example}", context_settings={"help_option_names": ["-h", "--help"]}
    )(command)
    return app


def day_of(text: str | None) -> date:
    """The day that `text` names, today for None. Raises DateOutsideRecord with what to write."""
    if text is None or text == "today":
        return date.today()
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # week dates and dates without hyphens are read too, and often by mistake
            raise ValueError
    except ValueError:
        says = (
            f'"{text}" is not a day. Write YYYY-MM-DD, as in 1914-06-28; a year alone is not enough, since members'
            " change within it."
        )
        raise DateOutsideRecord(says) from None
    if not date(1814, 1, 1) <= day <= date(2100, 1, 1):
        raise DateOutsideRecord(f"{day} lies outside the record, which begins in 1814 and is of no use after 2100.")
    return day


def opened(own: Path | None) -> Record:
    """The embedded record, with the user's own files if a folder is given."""
    return load(str(own) if own else None)
