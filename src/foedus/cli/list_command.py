"""`foedus list`: which treaties."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, On, Own, application, day_of, opened
from foedus.errors import FoedusError
from foedus.record import answers
from foedus.record.schema import Pledge


def pledge_of(text: str | None) -> Pledge | None:
    """The kind of pledge that `text` names. Raises FoedusError with all kinds."""
    if text is None:
        return None
    asked = text.lower().replace("-", "_")
    kinds: tuple[Pledge, ...] = get_args(Pledge)
    for kind in kinds:
        if kind == asked:
            return kind
    raise FoedusError(f'"{text}" is not a kind of pledge. Kinds: {", ".join(kinds)}.')


def list_treaties(
    on: On = None,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="Only treaties of this state: code, COW number or name.")
    ] = None,
    pledge: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"Only with this pledge: {', '.join(get_args(Pledge))}.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Whatever the day: also the ended ones and those never in force.")
    ] = False,
    json: Json = False,
    own: Own = None,
) -> None:
    """Treaties in force on a day, of a state, with a kind of pledge."""
    record = opened(own)
    day = None if everything else day_of(on)
    code = record.state(state, day).code if state else None
    rows = answers.treaties(record, day, code, pledge_of(pledge))
    if json:
        show_text.as_json(rows)
        return
    title = "Treaties in the record" if day is None else f"Treaties in force on {day}"
    if code:
        title += f" of {record.state_name(code, day)}"
    shown = [
        (
            r["id"],
            r["title"],
            str(r["in_force"] or f"signed {r['signed']}"),
            str(r["ended"] or ""),
            str(r["parties"]),
            ", ".join(r["pledges"]),
        )
        for r in rows
    ]
    show_text.table(
        f"{title}: {len(rows)}", ("id", "name", "in force", "ended", "parties", "pledges"), shown, right=(4,)
    )


app = application(list_treaties, "foedus list --on 1914-06-28 --pledge defence")
