"""Answers as plain data, ready for JSON or a table: which treaties, one treaty, one state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from foedus.record.eligibility import bars, clauses, free
from foedus.record.record import Record
from foedus.record.schema import SIGNATORIES, Entry, Obligation, Pledge, Source, Treaty
from foedus.record.spell import in_force

Answer = dict[str, Any]


def treaties(
    record: Record, on: date | None = None, state: str | None = None, pledge: Pledge | None = None
) -> list[Answer]:
    """One row per treaty: in force on a day, of one state (a code), with a kind of pledge; each filter optional.

    parties : number of parties on `on`; without a day, of all that ever were.
    """
    rows = []
    for t in record.treaties.values() if on is None else record.in_force(on):
        parties = t.members_on(on) if on else tuple(sorted({m.state for m in t.member if m.role in SIGNATORIES}))
        of_state = [m for m in t.member if m.state == state and (on is None or m.on(on))]
        pledges = record.pledges(t, on)
        if (state and not of_state) or (pledge and pledge not in pledges):
            continue
        rows.append(
            {
                "id": t.id,
                "title": t.title,
                "kind": t.kind,
                "signed": t.signed,
                "in_force": t.in_force,
                "ended": t.ended,
                "parties": len(parties),
                "pledges": list(pledges),
                "confidence": record.confidence(t.according_to, t.confidence, t),
            }
        )
    return rows


def treaty(record: Record, t: Treaty, on: date) -> Answer:
    """Everything the record holds on a treaty, with its members, obligations and areas as they were on `on`."""
    return {
        "id": t.id,
        "name": t.name,
        "short": t.short,
        "kind": t.kind,
        "text": t.text,
        "signed": t.signed,
        "in_force": t.in_force,
        "ended": t.ended,
        "end_mode": t.end_mode,
        "precision": t.precision,
        "on": on,
        "is_in_force": t.on(on),
        "pledges": list(record.pledges(t, on)),
        "aimed_at": list(t.aimed_at),
        "open_to": t.open_to,
        "may_join": _may_join(record, t, on),
        "members": [_member(record, t, i, on) for i in range(len(t.member))],
        "obligations": [_obligation(record, t, o) for o in t.obligation if in_force(o.since, o.until, on)],
        "areas": [_plain(record, t, a) for a in t.area if in_force(a.since, a.until, on)],
        "suspensions": [_plain(record, t, s) for s in t.suspension],
        "reservations": [_plain(record, t, r) for r in t.reservation],
        "institutions": [_plain(record, t, i) for i in t.institution],
        "developments": [_plain(record, t, d) for d in t.development],
        "atop": list(t.atop),
        "differs_from_atop": list(t.differs_from_atop),
        "sources": [_source(s) for s in _cited(record, t)],
        "checked": t.checked,
        "note": t.note,
        "file": record.origin.get(t.id, ""),
    }


def _member(record: Record, t: Treaty, i: int, on: date) -> Answer:
    m = t.member[i]
    # The last day bound, not the day of leaving: on that one the state may already bear another name.
    last = m.until - timedelta(days=1) if m.until and m.until > m.since else on
    return {
        "state": m.state,
        "name": record.state_name(m.state, max(m.since, min(on, last))),
        "role": m.role,
        "since": m.since,
        "until": m.until,
        "signed": m.signed,
        "how": m.how,
        "how_left": m.how_left,
        "is_member": t.on(on) and m.on(on),
        "precision": m.precision,
        "confidence": record.confidence(m.source, m.confidence, t),
        "source": list(m.sources),
        "note": m.note,
    }


def _may_join(record: Record, t: Treaty, on: date) -> Answer:
    """The clauses on who may join that hold on `on`; the states outside that may, null where the record has no clause
    or the treaty is not in force; and those that only their own neutrality bars."""
    neutral = {s: bar.says for s, bar in bars(record, t, on).items() if bar.by == "neutrality"} if t.on(on) else {}
    states = free(record, t, on) if t.on(on) else None
    return {
        "clauses": [_plain(record, t, c) for c in clauses(t, on)],
        "states": None if states is None else list(states),
        "neutral": neutral,
    }


def _obligation(record: Record, t: Treaty, o: Obligation) -> Answer:
    return _plain(record, t, o)


def _plain(record: Record, t: Treaty, entry: Entry) -> Answer:
    """An entry without its empty fields, with its confidence spelt out."""
    fields: Answer = msgspec.to_builtins(entry, builtin_types=(date,))
    # holds = false is an answer (the fact must not hold); everywhere else false is the absence of a mark.
    kept = {k: v for k, v in fields.items() if v not in (None, "", [], {}) and (v is not False or k == "holds")}
    return {**kept, "source": list(entry.sources), "confidence": record.confidence(entry.source, entry.confidence, t)}


def _source(source: Source) -> Answer:
    fields: Answer = msgspec.to_builtins(source, builtin_types=(date,))
    return {k: v for k, v in fields.items() if v not in (None, "")}


def _cited(record: Record, t: Treaty) -> list[Source]:
    """The treaty's own sources, then the shared ones that its entries cite."""
    tables = (t.member, t.eligible, t.suspension, t.area, t.obligation, t.reservation, t.institution, t.development)
    entries: list[Entry] = [entry for table in tables for entry in table]
    entries += [e for o in t.obligation for e in (*o.practice, *o.condition)]
    entries += [e for i in t.institution for e in i.absent]
    ids = dict.fromkeys([*t.sources, *(s for entry in entries for s in entry.sources)])
    own = {s.id for s in t.source}
    return [*t.source, *(record.sources[i] for i in ids if i not in own and i in record.sources)]


def state(record: Record, code: str, on: date) -> Answer:
    """A state: its names and spells, its treaties on `on`, its figures, borders and nuclear status."""
    row = record.states[code]
    capital = record.capital(code, on)
    return {
        "code": code,
        "cow": row.cow,
        "abb": row.abb,
        "gw": row.gw,
        "name": row.name,
        "name_on": record.state_name(code, on),
        "kind": row.kind,
        "region": row.region,
        "on": on,
        "in_system": record.in_system(code, on),
        "spells": [{"since": s.since, "until": s.until} for s in record.spells if s.code == code],
        "names": [
            {"name": n.name, "kind": n.kind, "since": n.since, "until": n.until} for n in record.names if n.code == code
        ],
        "capital": {"name": capital.capital, "lat": capital.lat, "lon": capital.lon} if capital else None,
        "successions": [
            {"predecessor": s.predecessor, "successor": s.successor, "day": s.day, "how": s.how}
            for s in record.successions
            if code in (s.predecessor, s.successor)
        ],
        "treaties": [
            {
                "id": tie.treaty.id,
                "title": tie.treaty.title,
                "role": tie.membership.role,
                "since": tie.membership.since,
                "until": tie.membership.until,
                "pledges": list(record.pledges(tie.treaty, on)),
                "partners": [s for s in tie.treaty.members_on(on) if s != code],
            }
            for tie in record.ties(code, on)
        ],
        "defence_partners": sorted(record.partners(code, on, "defence")),
        "figures": [
            {
                "indicator": f.indicator,
                "year": f.year,
                "value": f.value,
                "unit": f.unit,
                "quality": f.quality,
                "source": list(f.sources),
                "note": f.note,
            }
            for f in record.figures_of(code)
        ],
        "borders": [{"state": b.b if b.a == code else b.a, "km": b.km} for b in record.borders if code in (b.a, b.b)],
        "nuclear": [
            {"status": n.status, "since": n.since, "until": n.until, "note": n.note}
            for n in record.nuclear
            if n.state == code
        ],
        "neutrality": [
            {"kind": n.kind, "since": n.since, "until": n.until, "says": n.says, "note": n.note}
            for n in record.neutralities
            if n.state == code
        ],
    }
