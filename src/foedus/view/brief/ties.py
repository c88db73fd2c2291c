"""What else binds the members, to each other and to outsiders."""

from __future__ import annotations

from foedus.measure import overlaps
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Picture, Section, Table, Text
from foedus.view.ties import outsiders_chart, partner_counts

MOST_ROWS = 20


def section(m: Moment) -> Section:
    """Other treaties in force with members of this one, and how far its members are bound beyond it."""
    found = overlaps(m.record, m.treaty, m.reference)
    when = words.day(m.reference)
    if m.treaty.in_force is None or not m.treaty.members_on(m.reference):
        return Section(
            "ties", "What else binds its members", (Text((f"Not applicable on {when}: the treaty was not in force.",)),)
        )
    if found.is_empty():
        text = f"On {when} no other treaty of the record bound any of its parties."
        return Section("ties", "What else binds its members", (Text((text,)),))
    inside = found.filter(found["n_shared"] > 1)
    closed = inside.filter(inside["n_outsiders"] == 0)
    outward = found.filter(found["n_outsiders"] > 0)
    counts = partner_counts(m.record, m.treaty, m.reference)
    bound = [r for r in counts if r["outside"]]
    text = (
        f"On {when}, {words.count(found.height, 'other treaty', 'other treaties')} of the record bound at least one of its parties: {inside.height} bound "
        f"two or more of them to each other ({closed.height} of these without any outsider), {outward.height} reached beyond them."
    )
    if bound:
        text += (
            f" {words.count(len(bound), 'party shares', 'parties share')} a defence pledge with at least one outsider; {bound[0]['name']} with most,"
            f" {words.count(int(bound[0]['outside']), 'state')}."
        )
    else:
        text += " None of them shared a defence pledge with an outsider."
    blocks: list[Block] = [Text((text,))]
    if bound:
        blocks.append(
            Picture(
                "outsiders",
                "Defence pledges that reach beyond the treaty",
                "; ".join(f"{r['name']} {r['outside']}" for r in bound[:12])
                + (" and others." if len(bound) > 12 else "."),
                lambda width: outsiders_chart(m.record, m.treaty, m.reference, width),
                note="Partners outside the treaty in any other treaty in force that holds a defence pledge, each counted once.",
            )
        )
    blocks.append(_table(m, found))
    return Section("ties", "What else binds its members", tuple(blocks))


def _table(m: Moment, found: object) -> Table:
    import polars as pl

    frame = found if isinstance(found, pl.DataFrame) else pl.DataFrame()
    rows = []
    for r in frame.head(MOST_ROWS).to_dicts():
        other = m.record.treaties[r["treaty"]]
        rows.append(
            (
                f"{r['title']} ({other.signed.year})" + m.cite.mark(other.sources, other),
                words.listed([words.plain(p) for p in r["pledges"]]) or "no duty",
                f"{r['n_shared']}: " + words.listed([m.name(s) for s in r["shared"]], 6),
                f"{r['n_outsiders']}: " + words.listed([m.name(s) for s in r["outsiders"]], 5)
                if r["n_outsiders"]
                else "none",
            )
        )
    more = frame.height - len(rows)
    note = "Universal organisations (League, United Nations) are left out."
    if more > 0:
        note += f" The {len(rows)} with most members in common; {words.count(more, 'further one is', 'further ones are')} not shown."
    return Table(
        "Other treaties in force with its members",
        ("Treaty", "Pledges", "Members of both", "Outsiders bound"),
        tuple(rows),
        align="llll",
        note=note,
    )
