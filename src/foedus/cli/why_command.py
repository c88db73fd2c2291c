"""`foedus why`: where a date or a figure comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, On, Own, application, day_of, opened


def why(
    asked: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="A treaty or state, then what about it: nato sweden; nato burden_share poland; POL gdp_musd.",
        ),
    ],
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Where a date or a figure comes from, step by step back to its source."""
    from foedus.view.why import why as trail

    steps = trail(opened(own), asked, day_of(on))
    if json:
        import dataclasses

        show_text.as_json([dataclasses.asdict(s) for s in steps])
        return
    for step in steps:
        sure = f", {step.confidence}" if step.confidence else ""
        show_text.lines(f"[{step.kind}{sure}] {step.what}", *(f"    {x}" for x in (step.how, step.where) if x))


app = application(why, "foedus why nato burden_share poland")
