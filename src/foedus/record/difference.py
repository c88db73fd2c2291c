"""What differs between two records, in words: what a user's own files change in the embedded one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from foedus.record.exchange import ROW_TYPES, rows
from foedus.record.glossary import ENTRIES
from foedus.record.load import row_key
from foedus.record.record import Record
from foedus.record.schema import SIGNATORIES, Treaty

# What tells one entry of a table from another; entries that share it are told apart by their order.
_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "member": ("state",),
    "eligible": ("article",),
    "obligation": ("id",),
    "area": ("id",),
    "suspension": ("states", "between"),
    "reservation": ("state",),
    "institution": ("name",),
    "development": ("name",),
    "source": ("id",),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    subject : id of the treaty, "sources", or the file of a table. entry : the entry in it ("member SWE"), "" for the
    head of a treaty and for a treaty as a whole. field : "" when the whole entry is new or gone.
    before, after : the values in words, "" for none.
    """

    subject: str
    entry: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.field:
            whole = self.entry or f"treaty {self.subject}"
            says = f"{whole}: new, {self.after}" if self.after else f"{whole}: gone, was {self.before}"
            return f"{self.subject}: {says}" if self.entry else says
        place = ": ".join(part for part in (self.subject, self.entry, self.field) if part)
        return f"{place} {self.before or '(none)'} -> {self.after or '(none)'}"


def differences(before: Record, after: Record) -> tuple[Change, ...]:
    """Every difference from `before` to `after`: treaties in order of signature, then shared sources and tables.

    Only values count: an entry that moved within its file, or a file that says the same in other words, is no change.
    """
    found: list[Change] = []
    for id_ in dict.fromkeys([*before.treaties, *after.treaties]):
        found += _treaty(id_, before.treaties.get(id_), after.treaties.get(id_))
    found += _matched("sources", "", before.sources, after.sources)
    for file in ROW_TYPES:
        mine, theirs = ({row_key(row): row for row in rows(record, file)} for record in (before, after))
        found += _matched(file, "", mine, theirs)
    return tuple(found)


def _treaty(id_: str, before: Treaty | None, after: Treaty | None) -> Iterator[Change]:
    if before == after:
        return
    if before is None or after is None:
        yield Change(id_, "", "", _summary(before), _summary(after))
        return
    yield from _fields(id_, "", before, after, skip=ENTRIES)
    for table in ENTRIES:
        yield from _matched(id_, table, _named(before, table), _named(after, table))


def _summary(treaty: Treaty | None) -> str:
    """ "3 parties (A, B, C), signed 2030-01-01, defence": what a reader asks first; "" for no treaty."""
    if treaty is None:
        return ""
    parties = sorted({m.state for m in treaty.member if m.role in SIGNATORIES})
    pledges = dict.fromkeys(o.pledge for o in treaty.obligation if o.level != "no_duty")
    n = f"{len(parties)} {'party' if len(parties) == 1 else 'parties'} ({', '.join(parties)})"
    return ", ".join([n, f"signed {treaty.signed}", *pledges])


def _named(treaty: Treaty, table: str) -> dict[Hashable, msgspec.Struct]:
    """The entries of one table by what they are called; a second of that name gets a number."""
    seen: Counter[Hashable] = Counter()
    found: dict[Hashable, msgspec.Struct] = {}
    for entry in sorted(getattr(treaty, table), key=_begin):
        name = tuple(getattr(entry, key) for key in _NAMED_BY[table])
        seen[name] += 1
        found[(*name, f"({seen[name]})" if seen[name] > 1 else "")] = entry
    return found


def _begin(entry: msgspec.Struct) -> date:
    return getattr(entry, "since", None) or getattr(entry, "day", None) or date.min


def _matched(
    subject: str, table: str, before: Mapping[Any, msgspec.Struct], after: Mapping[Any, msgspec.Struct]
) -> Iterator[Change]:
    """Changes between entries of the same key, then those that only one side has."""
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        entry = f"{table} {_called(key)}".strip()
        if old is None or new is None:
            yield Change(subject, entry, "", _told(old), _told(new))
        else:
            yield from _fields(subject, entry, old, new)


def _called(key: Any) -> str:
    """A key in words."""
    return " ".join(shown for part in (key if isinstance(key, tuple) else (key,)) if (shown := _shown(part)))


def _told(entry: msgspec.Struct | None) -> str:
    """A whole entry in words: what it says that is not left at its default."""
    if entry is None:
        return ""
    said = [
        f"{f.name} {_shown(value)}"
        for f in msgspec.structs.fields(entry)
        if (value := getattr(entry, f.name)) != f.default and _shown(value)
    ]
    return ", ".join(said)


def _fields(
    subject: str, entry: str, old: msgspec.Struct, new: msgspec.Struct, skip: Sequence[str] = ()
) -> Iterator[Change]:
    for name in old.__struct_fields__:
        mine, theirs = getattr(old, name), getattr(new, name)
        if name not in skip and mine != theirs:
            yield Change(subject, entry, name, _shown(mine), _shown(theirs))


def _shown(value: Any) -> str:
    """A value in words; "" for none."""
    if value is None or value == () or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, msgspec.Struct):
        return f"({_told(value)})"
    if isinstance(value, dict):
        return ", ".join(f"{key} {word}" for key, word in value.items())
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    return str(value)
