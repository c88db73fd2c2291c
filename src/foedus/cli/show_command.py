"""`foedus show`: one treaty."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, On, Own, application, day_of, opened
from foedus.record import answers


def show(
    treaty: Annotated[
        str, typer.Argument(metavar="TREATY", help="An id, a name or an alias: nato, csto, anglo-japanese-1902.")
    ],
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """One treaty on a day: members, obligations with articles and areas, institutions, sources."""
    record = opened(own)
    answer = answers.treaty(record, record.treaty(treaty), day_of(on))
    if json:
        show_text.as_json(answer)
        return
    _head(answer)
    _may_join(answer)
    _members(answer)
    areas = {a["id"]: a.get("says", "") for a in answer["areas"]}
    show_text.table(
        "Obligations",
        ("article", "level", "when", "what", "where", "known from"),
        [
            (
                o["article"],
                o["level"],
                f"{o['trigger']}: {', '.join(o['kinds'])}" if o.get("kinds") else o["trigger"],
                o["says"],
                areas.get(o.get("area", ""), o.get("area", "")),
                o["confidence"],
            )
            for o in answer["obligations"]
        ],
    )
    _extras(answer)


def _head(a: dict[str, Any]) -> None:
    ended = f", ended {a['ended']} ({a['end_mode']})" if a["ended"] else ""
    began = f", in force {a['in_force']}" if a["in_force"] else ", not in force"
    short = f" ({a['short']})" if a["short"] else ""
    show_text.lines(
        f"{a['name']}{short}",
        f"{a['kind'].replace('_', ' ')}, signed {a['signed']}{began}{ended}; pledges:"
        f" {', '.join(a['pledges']) or 'none'}",
        f"On {a['on']}: {'in force' if a['is_in_force'] else 'not in force'}. Record: {a['file']}, checked"
        f" {a['checked']}.",
        "",
    )


def _may_join(a: dict[str, Any]) -> None:
    found = a["may_join"]
    if found["states"] is None and not found["clauses"]:
        if a["open_to"]:
            show_text.lines(f"Open to: {a['open_to']}.", "")
        return
    for clause in found["clauses"]:
        article = f" (Art. {clause['article']})" if clause.get("article") else ""
        show_text.lines(f"Who may join{article}: {clause['says']}")
    if found["states"] is not None:
        show_text.lines(f"Outside it and free to join on {a['on']}: {show_text.few(found['states'], 40) or 'nobody'}.")
    if found["neutral"]:
        barred = ", ".join(f"{s} ({says.removeprefix('it is ')})" for s, says in found["neutral"].items())
        show_text.lines(f"Barred by their own neutrality: {barred}.")
    show_text.lines("")


def _members(a: dict[str, Any]) -> None:
    now = [m for m in a["members"] if m["is_member"]]
    gone = [m for m in a["members"] if not m["is_member"]]
    columns = ("state", "code", "role", "since", "until", "how", "known from")

    def rows(members: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [
            (
                m["name"],
                m["state"],
                m["role"],
                str(m["since"]),
                str(m["until"] or ""),
                m["how"] + (f"; {m['how_left']}" if m["how_left"] else ""),
                m["confidence"],
            )
            for m in members
        ]

    if now:
        show_text.table(f"Members on {a['on']}: {len(now)}", columns, rows(now))
    if gone:
        show_text.table(f"Members before or after: {len(gone)}", columns, rows(gone))


def _extras(a: dict[str, Any]) -> None:
    if a["institutions"]:
        show_text.table(
            "Institutions",
            ("name", "kind", "since", "until", "seat"),
            [
                (i["name"], i["kind"], str(i.get("since", "")), str(i.get("until", "")), i.get("seat", ""))
                for i in a["institutions"]
            ],
        )
    for title, key in (("Suspensions", "suspensions"), ("Reservations", "reservations")):
        if a[key]:
            rows = [
                (
                    ", ".join(x.get("states") or x.get("between") or [x.get("state", "all")]),
                    str(x.get("since", "")),
                    str(x.get("until", "")),
                    x.get("says") or x.get("note", ""),
                )
                for x in a[key]
            ]
            show_text.table(title, ("who", "since", "until", "what"), rows)
    show_text.table(
        "Sources",
        ("id", "status", "title", "where"),
        [(s["id"], s["status"], s["title"], s.get("where", "")) for s in a["sources"]],
    )


app = application(show, "foedus show nato --on 1990-10-03")
