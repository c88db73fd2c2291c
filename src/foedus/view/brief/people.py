"""Who is in it: the map, membership over time, and what the allies built together."""

from __future__ import annotations

from typing import Any

from foedus.record.schema import Institution
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.maps import closer_map, entry_years, members_map, near_window
from foedus.view.membership import count_chart, has_lanes, is_steady, lane_chart, lanes, last_day, member_counts


def section(m: Moment) -> Section:
    """Map, number of parties over time, lanes of membership and the table behind them."""
    blocks: list[Block] = [_map(m)]
    if near_window(m.record, m.treaty, m.day) is not None:
        blocks.append(_closer(m))
    if m.treaty.in_force is None:
        blocks.append(Text(("Membership over time is not applicable: the treaty has not come into force.",)))
    elif m.day <= m.treaty.in_force:
        blocks.append(Text((f"Membership over time is not applicable on {words.day(m.day)}: it had not begun.",)))
    else:
        blocks += _history(m)
    blocks.append(_table(m))
    return Section("members", "Who is in it", tuple(blocks))


def _map(m: Moment) -> Picture:
    years = entry_years(m.record, m.treaty, m.day)
    by_year: dict[int, list[str]] = {}
    for code, year in sorted(years.items(), key=lambda item: (item[1], item[0])):
        by_year.setdefault(year, []).append(m.name(code))
    told = "; ".join(f"{year}: {words.listed(names)}" for year, names in by_year.items())
    note = "Borders are today's, drawn as each area is actually held; paler: overseas territory of a member."
    if m.reference.year < 1992:
        note = (
            "Borders are today's, given to the state that held most of the ground then; a point marks a"
            " state without an"
            " outline of its own."
        )
    who = "Signatories" if m.treaty.in_force is None else "Parties"
    return Picture(
        "map",
        f"{who} on {words.day(m.reference)} by year of entry",
        f"World map. Entries: {told}.",
        lambda width: members_map(m.record, m.treaty, m.day, width),
        note=note,
        print_share=0.8,
    )


def _closer(m: Moment) -> Picture:
    return Picture(
        "closer",
        "The same, closer",
        "The part of the map above in which most parties lie.",
        lambda width: closer_map(m.record, m.treaty, m.day, width),
        print_share=0.62,
    )


def _history(m: Moment) -> list[Block]:
    counts = member_counts(m.treaty, m.day)
    if is_steady(m.treaty, m.day):
        span = words.span(counts[0][0], counts[-1][0])
        return [Text((f"Membership did not change {span}: {words.counted(counts[0][1], 'party', 'parties')}.",))]
    most = max(counts, key=lambda c: c[1])
    blocks: list[Block] = [
        Picture(
            "count",
            "Number of parties over time",
            f"From {counts[0][1]} on {words.day(counts[0][0])} to {counts[-1][1]} on {words.day(counts[-1][0])}; "
            f"the most were {most[1]}, from {words.day(most[0])}.",
            lambda width: count_chart(m.treaty, m.day, width),
        )
    ]
    rows = lanes(m.record, m.treaty, m.day)
    if has_lanes(rows):
        blocks.append(_lanes(m, rows))
    return blocks


def _lanes(m: Moment, rows: list[dict[str, Any]]) -> Picture:
    notes = []
    if any(r["left"] for r in rows):
        notes.append("Pale: membership that ended early.")
    if any(r["continued"] for r in rows):
        notes.append("A state that continues another's membership has a lane of its own.")
    return Picture(
        "lanes",
        "Who was in, from when to when",
        f"{words.count(len(rows), 'membership')} in order of entry, to {words.day(last_day(m.treaty, m.day))};"
        " the table below gives every date.",
        lambda width: lane_chart(m.record, m.treaty, m.day, width),
        note=" ".join(notes),
    )


def _table(m: Moment) -> Table:
    rows = []
    for s in sorted(m.treaty.member, key=lambda s: (s.since, s.state)):
        since = words.day(s.since, s.precision.get("since"))
        until = words.day(s.until, s.precision.get("until")) if s.until and s.until <= m.day else "–"
        how = words.plain(s.how) + (f"; {words.plain(s.how_left)}" if s.how_left and until != "–" else "")
        rows.append((m.name(s.state, s.since) + m.cite.mark(s.sources), words.plain(s.role), since, until, how))
    return Table(
        "Every membership in the record",
        ("State", "Role", "Since", "Until", "How"),
        tuple(rows),
        align="llddl",
        note="“Until” is the first day no longer bound.",
        folded=True,
    ).trimmed()


def institutions(m: Moment) -> Section:
    """Organisations, commands, forces and bases, and the later agreements that changed the treaty."""
    blocks: list[Block] = []
    built = [i for i in m.treaty.institution if i.since is None or i.since <= m.day]
    if built:
        rows = tuple(_institution(m, i) for i in sorted(built, key=lambda i: (str(i.since or ""), i.name)))
        columns = ("Name", "Kind", "Since", "Until", "Seat; who stays out")
        blocks.append(Table("Institutions", columns, rows, align="llddl").trimmed())
    steps = sorted((d for d in m.treaty.development if d.day <= m.day), key=lambda d: d.day)
    if steps:
        changes = tuple(
            (
                words.day(d.day, d.precision.get("day")),
                d.name + m.cite.mark(d.sources),
                words.plain(d.effect),
                words.sentence(d.says) if d.says else "–",
            )
            for d in steps
        )
        blocks.append(Table("How it changed", ("Day", "What", "Effect", "In short"), changes, align="dlll").trimmed())
    if not blocks:
        blocks.append(Text(("The record knows of no institution and no later agreement under this treaty.",)))
    return Section("institutions", "What the allies built", tuple(blocks))


def _institution(m: Moment, i: Institution) -> tuple[str, ...]:
    absent = [
        f"without {m.the(a.state, a.since)} {words.span(a.since, a.until, a.precision)}".rstrip() for a in i.absent
    ]
    return (
        i.name + m.cite.mark(i.sources),
        words.plain(i.kind),
        words.day(i.since, i.precision.get("since")) or "–",
        words.day(i.until, i.precision.get("until")) or "–",
        "; ".join(x for x in (i.seat, *absent) if x) or "–",
    )
