"""`foedus state`: one state."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, On, Own, application, day_of, opened
from foedus.record import answers


def state(
    name: Annotated[
        str, typer.Argument(metavar="STATE", help="Code, COW number or abbreviation, or name: POL, 290, poland.")
    ],
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """One state on a day: its treaties, figures, borders, neutrality, nuclear status."""
    record, day = opened(own), day_of(on)
    answer = answers.state(record, record.state(name, day).code, day)
    if json:
        show_text.as_json(answer)
        return
    capital = answer["capital"]["name"] if answer["capital"] else "not recorded"
    spells = "; ".join(f"{s['since']} to {s['until'] or 'today'}" for s in answer["spells"])
    show_text.lines(
        f"{answer['name_on']} ({answer['code']}), COW {answer['cow'] or 'none'} {answer['abb']},"
        f" Gleditsch-Ward {answer['gw'] or 'none'}",
        f"In the inter-state system: {spells}. On {day}: {'yes' if answer['in_system'] else 'no'}. Capital:"
        f" {capital}. Region: {answer['region']}.",
        "",
    )
    show_text.table(
        f"Treaties in force on {day}: {len(answer['treaties'])}",
        ("id", "name", "role", "since", "pledges", "partners"),
        [
            (
                t["id"],
                t["title"],
                t["role"],
                str(t["since"]),
                ", ".join(t["pledges"]) or "no duty",
                show_text.few(t["partners"]),
            )
            for t in answer["treaties"]
        ],
    )
    show_text.lines(
        f"Bound by a defence pledge to {len(answer['defence_partners'])} states:"
        f" {show_text.few(answer['defence_partners'], 40)}",
        "",
    )
    if answer["figures"]:
        show_text.table(
            "Figures",
            ("indicator", "year", "value", "unit", "quality", "source", "note"),
            [
                (
                    f["indicator"],
                    str(f["year"] or ""),
                    f"{f['value']:,.10g}",
                    f["unit"].replace("_", " "),
                    f["quality"],
                    ", ".join(f["source"]),
                    f["note"],
                )
                for f in answer["figures"]
            ],
            right=(2,),
        )
    if answer["borders"]:
        show_text.lines("Land borders: " + ", ".join(f"{b['state']} {b['km']:g} km" for b in answer["borders"]))
    for n in answer["neutrality"]:
        until = n["until"] or "today"
        show_text.lines(f"Neutral by {n['kind']}, {n['since']} to {until}. {n['says']} {n['note']}".rstrip())
    for n in answer["nuclear"]:
        show_text.lines(
            f"Nuclear: {n['status'].replace('_', ' ')}, {n['since']} to {n['until'] or 'today'}. {n['note']}".rstrip()
        )


app = application(state, "foedus state POL --on 1939-08-31")
