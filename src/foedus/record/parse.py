"""One treaty file: TOML text in, a `Treaty` out, or every problem of the file at once.

Shape only: types, unknown and missing keys, dates, words outside the vocabulary. What needs the rest of the record
(does this state exist?) is in `check`.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar, get_args

import msgspec

from foedus.errors import Problem, RecordError
from foedus.record.schema import Member, Treaty

_Raw = dict[str, Any]
RowT = TypeVar("RowT", bound=msgspec.Struct)
_COARSE = '; if only the year is known: its first day, and precision = { <this key> = "year" }'
_TABLES = (
    "member",
    "eligible",
    "suspension",
    "area",
    "obligation",
    "reservation",
    "institution",
    "development",
    "source",
)


def parse_treaty(text: str, file: str) -> Treaty:
    """`text` of one treaty file as a `Treaty`.

    A member table may name several states (`states = [...]`) and leave out `since` (the treaty's entry into force, else
    its signature) and `until` (its end). Raises RecordError with all problems, each with its line.
    """
    raw = read_toml(text, file)
    problems = shape_problems(raw, file, text, Treaty, _TABLES)
    if problems:
        raise RecordError(problems)
    try:
        return msgspec.convert(_expanded(raw), Treaty, strict=True, builtin_types=(date,))
    except msgspec.ValidationError as error:  # a rule across fields that the walk below does not know
        raise RecordError([Problem(file, "", str(error))]) from None


def read_toml(text: str, file: str) -> _Raw:
    """`text` parsed as TOML, or RecordError with the line of the fault."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        says = re.sub(r"\s*\(at .*\)$", "", str(error))
        problem = Problem(file, "", f"not valid TOML: {says}", int(found[1]) if found else None)
        raise RecordError([problem]) from None
    except ValueError:  # Python reads no integer of more than 4300 digits
        raise RecordError([Problem(file, "", "not valid TOML: a number is far too long")]) from None
    except RecursionError:
        raise RecordError([Problem(file, "", "tables are nested too deeply to be a treaty")]) from None


def read_rows(text: str, file: str, table: str, row_type: type[RowT]) -> list[RowT]:
    """The `[[table]]` entries of a TOML file as `row_type`; RecordError with every problem, each with its line."""
    raw = read_toml(text, file)
    problems = [
        Problem(file, key, f"is not a table here. Expected only [[{table}]]", line_of(text, key))
        for key in raw
        if key != table
    ]
    entries = raw.get(table, [])
    if not isinstance(entries, list):
        raise RecordError([Problem(file, table, _says(list, entries), line_of(text, table))])
    for i, entry in enumerate(entries):
        for where, field_type, value in _walk_entry(table, i, entry, row_type):
            says = _says(field_type, value)
            if says:
                problems.append(Problem(file, where, says, line_of(text, where)))
    if problems:
        raise RecordError(problems)
    return [msgspec.convert(entry, row_type, strict=True, builtin_types=(date,)) for entry in entries]


def _expanded(raw: _Raw) -> _Raw:
    """`raw` with one member table per state, and the treaty's dates filled in where a member gives none."""
    members: list[_Raw] = []
    for entry in raw["member"]:
        rest = {k: v for k, v in entry.items() if k not in ("state", "states")}
        rest.setdefault("since", raw.get("in_force", raw["signed"]))
        if "until" not in rest and "ended" in raw:
            rest |= {"until": raw["ended"], "how_left": rest.get("how_left", "treaty_ended")}
        members += [{"state": code, **rest} for code in entry.get("states", [entry.get("state")])]
    return {**raw, "member": members}


def shape_problems(
    raw: _Raw,
    file: str,
    text: str,
    struct: type[msgspec.Struct],
    tables: tuple[str, ...],
    guide: str = "docs/record.md",
) -> list[Problem]:
    """Every problem of shape of a file of type `struct`, in the order of the file, each with its line.

    tables : the keys of `struct` that are written [[in double brackets]]; each is a tuple of structs.
    guide : the page that says what each key holds.
    """
    found = [(where, _says(field_type, value, guide)) for where, field_type, value in _walk(raw, struct, tables)]
    if struct is not Treaty:  # only the record's entries may say how coarse a date is
        found = [(where, says.removesuffix(_COARSE)) for where, says in found]
    return [Problem(file, where, says, line_of(text, where)) for where, says in found if says]


class _Unknown:
    """Stands for a key that the schema does not have; `near` is the known key spelt most like it, or ""."""

    def __init__(self, key: str, known: list[str]) -> None:
        self.known = known
        self.near = next(iter(get_close_matches(key, known, 1)), "")


class _Missing:
    """Stands for a value that is required and absent."""


def _walk(raw: _Raw, struct: type[msgspec.Struct], tables: tuple[str, ...]) -> Iterator[tuple[str, Any, Any]]:
    """(where, expected type, value) for each key of the file, unknown and missing ones included."""
    types = _field_types(struct)
    yield from _walk_table({k: v for k, v in raw.items() if k not in tables}, types, struct, "", skip=tables)
    for table in (t for t in tables if t in _required(struct) and not raw.get(t)):
        yield table, types[table], _Missing()
    for table in tables:
        entries = raw.get(table, [])
        if not isinstance(entries, list):
            yield table, list, entries
            continue
        entry_type = get_args(types[table])[0]
        for i, entry in enumerate(entries):
            yield from _walk_entry(table, i, entry, entry_type)


def _walk_entry(table: str, i: int, entry: Any, entry_type: type[msgspec.Struct]) -> Iterator[tuple[str, Any, Any]]:
    where = f"{table}[{i}]"
    if not isinstance(entry, dict):
        yield where, dict, entry
        return
    types = _field_types(entry_type)
    if entry_type is Member:
        types = {**types, "states": tuple[str, ...]}
        required_elsewhere: tuple[str, ...] = ("since", "state")
        if ("state" in entry) == ("states" in entry):
            yield f"{where}.state", str, _Missing()
        elif entry.get("states") == []:
            yield f"{where}.states", str, _Missing()
    else:
        required_elsewhere = ()
    yield from _walk_table(entry, types, entry_type, f"{where}.", skip=required_elsewhere)


def _walk_table(
    entry: Mapping[str, Any], types: Mapping[str, Any], struct: type[msgspec.Struct], prefix: str, skip: tuple[str, ...]
) -> Iterator[tuple[str, Any, Any]]:
    for key, value in entry.items():
        yield f"{prefix}{key}", types[key] if key in types else _Unknown(key, sorted(types)), value
    for name in _required(struct):
        if name not in entry and name not in skip:
            yield f"{prefix}{name}", _field_types(struct)[name], _Missing()


@lru_cache(maxsize=64)
def _required(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(f.name for f in msgspec.structs.fields(struct) if f.required)


@lru_cache(maxsize=64)
def _field_types(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {f.name: f.type for f in msgspec.structs.fields(struct)}


def _says(expected: Any, value: Any, guide: str = "docs/record.md") -> str:
    """What is wrong with `value`, or "" when it is of the `expected` type."""
    if isinstance(expected, _Unknown):
        near = f" (nearest: {expected.near})" if expected.near else ""
        return f"is not a key here. Known keys: {', '.join(expected.known)}{near}"
    if isinstance(value, _Missing):
        return f"is missing. It is required; {guide} says what it holds"
    if isinstance(value, datetime):
        return f"{value} has a time of day; write the date only, as YYYY-MM-DD"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number"
    if expected is list and not isinstance(value, list):
        return "must be written in double brackets, [[...]], one table for each entry"
    try:
        msgspec.convert(value, expected, strict=True, builtin_types=(date,))
    except msgspec.ValidationError as error:
        return _in_words(expected, value, str(error))
    return ""


def _in_words(expected: Any, value: Any, error: str) -> str:
    words = _words(expected)
    if date in (expected, *get_args(expected)):
        return f'"{_shown(value)}" is not a date. Write YYYY-MM-DD without quotes{_COARSE}'
    given = value if isinstance(value, list) else [*value.values()] if isinstance(value, dict) else [value]
    wrong = [word for word in given if isinstance(word, str) and word not in words]
    if words and wrong:
        near = get_close_matches(wrong[0], words, 1)
        hint = f" (nearest: {near[0]})" if near else ""
        return f'"{", ".join(wrong)}" is not one of {", ".join(words)}{hint}'
    return f"{error[0].lower()}{error[1:]}, found {_shown(value)}"


def _shown(value: Any) -> str:
    """`value` for a message, cut short; dotted keys can nest it deeper than Python prints."""
    try:
        return f"{value if isinstance(value, str) else repr(value):.80}"
    except RecursionError:
        return "tables nested too deeply to show"


def _words(expected: Any) -> list[str]:
    """The words a Literal type, alone or inside a tuple or union, admits."""
    if isinstance(expected, str):
        return [expected]
    return [w for arg in get_args(expected) for w in _words(arg)]


def line_of(text: str, where: str) -> int | None:
    """The 1-based line of `where` ("member[3].since") in `text`: of the key if it stands there, else of the entry."""
    found = re.fullmatch(r"([\w-]+)(?:\[(\d+)\])?(?:\.([\w-]+))?", where)
    if not found:
        return None
    table, index, key = found[1], found[2], found[3]
    lines = text.split("\n")
    header = re.compile(r"\s*\[\[?\s*(\w[\w.]*)\s*\]")
    if index is None:
        tables = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := header.match(line))]
        head = lines[: tables[0][0] - 1] if tables else lines
        keys = (n for n, line in enumerate(head, 1) if re.match(rf"\s*{table}\s*[=.]", line))
        return next(keys, next((n for n, name in tables if name == table), None))
    starts = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    if int(index) >= len(starts):
        return None
    start = starts[int(index)]
    for n in range(start + 1, len(lines) + 1):
        if header.match(lines[n - 1]):
            break
        if key and re.match(rf"\s*{key}\s*[=.]", lines[n - 1]):
            return n
    return start
