"""What else binds the members, whom they fear, and what their publics say."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from foedus.measure.exposure import rivalries_of
from foedus.measure.opinion import support
from foedus.measure.overlap import overlaps
from foedus.measure.portfolio import TOP
from foedus.measure.signs.moment import Moment, Reading

RECORD = "record"


def readings(moment: Moment) -> Iterator[Reading]:
    """overlap_*, rivals_* and support_*, all from the record."""
    record, day = moment.evidence.record, moment.day
    beside = overlaps(record, moment.treaty, day)
    yield Reading("overlap_n", float(beside.filter(beside["n_shared"] >= 2).height), RECORD)
    inside = beside.filter((beside["n_shared"] >= 2) & (beside["n_outsiders"] == 0))
    yield Reading("overlap_minilateral", float(inside.height), RECORD, "; ".join(inside["treaty"].to_list()[:6]))
    found = rivalries_of(record, moment.members, day)
    yield Reading("rivals_outside", float(len({b for _, b in found.outside})), RECORD)
    yield Reading("rivals_inside", float(len(found.inside)), RECORD, "; ".join(f"{a} and {b}" for a, b in found.inside))
    near = f"{found.nearest[0]} and {found.nearest[1]}" if found.nearest else "no rivalry with an outsider"
    yield Reading("rivals_nearest_km", found.nearest_km, RECORD, near)
    yield _both_sides(moment, {b for _, b in found.outside})
    yield from _support(moment)


def _both_sides(moment: Moment, rivals: set[str]) -> Reading:
    """Members with a defence pledge to or from an outsider that is a rival of another member."""
    own, states = moment.evidence.own.get(moment.year), moment.evidence.record.states
    if own is None:
        return Reading("bound_to_rival", None, RECORD, "the list of states begins in 1816")
    place = {int(c): i for i, c in enumerate(own.cow)}
    at = {s: place[c] for s in sorted(rivals) if (c := states[s].cow or 0) in place}
    to = {
        r: [s for s, c in moment.cow.items() if c in place and max(own.ties[place[c], i], own.ties[i, place[c]]) == TOP]
        for r, i in at.items()
    }
    bound = {s for members in to.values() for s in members}
    note = "; ".join(f"{len(members)} to {r}" for r, members in to.items() if members)
    return Reading("bound_to_rival", float(len(bound)), RECORD, note)


def _support(moment: Moment) -> Iterator[Reading]:
    record = moment.evidence.record
    asked = {o.state for o in record.opinion if o.treaty == moment.treaty.id and o.family == "favour" and o.state}
    rows = []
    for state in sorted(asked.intersection(moment.members)):
        frame = support(record, moment.treaty, state, moment.year)
        year = frame.filter(frame["year"] == moment.year)
        rows += [(state, *r) for r in year.select("estimate", "low", "high", "n_polls").rows()]
    if not rows:
        why = "no poll in any member up to this year"
        yield from (Reading(f"support_{p}", None, RECORD, why) for p in ("median", "width", "n_states"))
        return
    polled = sum(1 for r in rows if r[4])
    note = f"{len(rows)} of {len(moment.members)} members ever asked, {polled} in this year"
    yield Reading("support_median", statistics.median(r[1] for r in rows), RECORD, note)
    yield Reading("support_width", statistics.median(r[3] - r[2] for r in rows), RECORD, note)
    yield Reading("support_n_states", float(polled), RECORD, note)
