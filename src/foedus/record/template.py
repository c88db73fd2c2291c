"""A treaty file to fill in: every key once, with its meaning and the words it admits, made from the schema.

What must be given stands open with a placeholder in <angle brackets>; what may be given is commented out, as `#key`
without a space, so that taking the sign away is enough.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import msgspec

from foedus.errors import FoedusError
from foedus.record.glossary import ENTRIES, STRUCTS, TABLE_MEANINGS, meaning, required, words
from foedus.record.load import EMBEDDED
from foedus.record.schema import Entry

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{4}")
_SHARED = tuple(f.name for f in msgspec.structs.fields(Entry))
_NESTED = ("practice", "condition", "absent")  # written in braces, inside the entry they belong to
_OPEN = ("member", "obligation", "source")  # tables that every file needs; the others are commented out whole
_DAY = "<YYYY-MM-DD>"
_HEAD = """\
A treaty of the record. Replace each <placeholder>, with quotes for text and without for dates and numbers.
A line that begins with # and no space is a key left out: take the sign away to use it.
docs/record.md explains every key; then run: foedus record check --record DIR, where this file is DIR/treaties/{id}.toml
"""
# What the type alone cannot show. A day is written as any day; it is an example, not a fact.
_EXAMPLES = {
    "precision": '{ since = "month" }',
    "treaty.precision": '{ signed = "month" }',
    "development.precision": '{ day = "month" }',
    "member.states": '["<code>", "<code>"]',
    "treaty.atop": "[1000]",
    "treaty.differs_from_atop": '["members: ..."]',
    "area.include": '["territory:party"]',
    "area.exclude": '["overseas:party"]',
    "obligation.max_attackers": "1",
    "obligation.within_days": "365",
    "condition.fact": '"attacker_communist"',
}


def template(treaty_id: str) -> str:
    """The file `<treaty_id>.toml` to fill in. Raises FoedusError for an id that no file of the record may bear."""
    if not ID.fullmatch(treaty_id):
        says = "write lower-case words joined by hyphens that end in the year of signature, as in nato-1949"
        raise FoedusError(f'"{treaty_id}" cannot be the id of a treaty: {says}.')
    lines = [*_comment(_HEAD.format(id=treaty_id)), *_keys("treaty", treaty_id)]
    for table in ENTRIES:
        active = table in _OPEN
        lines += ["", "", *_comment(TABLE_MEANINGS[table]), f"{'' if active else '#'}[[{table}]]"]
        lines += _keys(table, treaty_id, active=active)
    return "\n".join(lines) + "\n"


def begun(treaty_id: str) -> tuple[str, bool]:
    """The text to begin with, and whether it is a copy: of the embedded file when there is one, else the template."""
    blank = template(treaty_id)
    held = EMBEDDED / "treaties" / f"{treaty_id}.toml"
    return (held.read_text(encoding="utf-8"), True) if held.is_file() else (blank, False)


def _keys(table: str, treaty_id: str, *, active: bool = True) -> Iterator[str]:
    """The keys of one table, those that are required first; nothing stands open when the table is not `active`."""
    fields = [f for f in msgspec.structs.fields(STRUCTS[table]) if table != "treaty" or f.name not in ENTRIES]
    needed = required(table)
    for field in sorted(fields, key=lambda f: f.name not in needed):
        is_open = field.name in needed
        yield from _explained(table, field.name, field.type, "" if is_open else "Optional: ")
        value = f'"{treaty_id}"' if (table, field.name) == ("treaty", "id") else None
        yield f"{'' if is_open and active else '#'}{field.name} = {value or _value(table, field, is_open)}"
        if (table, field.name) == ("member", "state"):
            yield from _explained(table, "states", str, "")
            yield f"#states = {_EXAMPLES['member.states']}"


def _explained(table: str, key: str, kind: Any, before: str) -> Iterator[str]:
    says = meaning(table, key)
    yield from _comment(f"{before}{says}{_one_of(kind)}")
    if key in _NESTED:
        for field in _own_fields(key):
            star = "" if field.name in required(key) else " (optional)"
            yield from _comment(f"- {field.name}{star}: {meaning(key, field.name)}{_one_of(field.type)}", indent="  ")
        yield from _comment(f"and {', '.join(_SHARED)}, as above.", indent="  ")


def _own_fields(nested: str) -> list[Any]:
    return [f for f in msgspec.structs.fields(STRUCTS[nested]) if f.name not in _SHARED]


def _one_of(kind: Any) -> str:
    admitted = words(kind)
    return f" One of: {', '.join(admitted)}." if admitted else ""


def _value(table: str, field: Any, is_open: bool) -> str:
    """A placeholder for what must be filled in, else an example of the right type."""
    if field.name in _NESTED:
        inner = (f"{f.name} = {_value(field.name, f, f.name in required(field.name))}" for f in _own_fields(field.name))
        return f"[{{ {', '.join(inner)} }}]"
    example = _EXAMPLES.get(f"{table}.{field.name}") or _EXAMPLES.get(field.name)
    if example:
        return example
    types = get_args(field.type) or (field.type,)
    if field.type is date or date in types:
        return f'"{_DAY}"'
    if field.type is bool:
        return "false" if field.default else "true"
    if isinstance(field.default, (int, str)) and field.default and not is_open:
        return f'"{field.default}"' if isinstance(field.default, str) else str(field.default)
    return _asked(table, field)


def _asked(table: str, field: Any) -> str:
    """The placeholder of a value that has no default: a word, a code, an id or text, or a list of one of these."""
    first = meaning(table, field.name).split()[0]
    what = {"Code": "code", "Codes": "code", "Id": "id", "Ids": "id"}.get(first, "text")
    asked = '"<word>"' if words(field.type) else f'"<{what}>"'
    return f"[{asked}]" if _is_list(field.type) else asked


def _is_list(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) is tuple


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in text.rstrip().split("\n"):
        yield from textwrap.wrap(
            line,
            116,
            initial_indent=f"# {indent}",
            subsequent_indent=f"# {indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
