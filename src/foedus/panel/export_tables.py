"""The tables of an export: the record flattened into frames, and the yearly panels.

Lists are joined by ";" in every table, absent values are null, and the columns follow the schema of the record by
themselves: a key that is added there is exported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import msgspec
import polars as pl

from foedus.panel import export_words
from foedus.panel.memberships import memberships
from foedus.panel.pledge_dyads import pledge_dyads
from foedus.panel.treaties_by_year import treaties_by_year
from foedus.record import Record, Treaty
from foedus.record.glossary import meaning
from foedus.record.schema import (
    Absence,
    Area,
    Condition,
    Development,
    Eligibility,
    Institution,
    Obligation,
    Practice,
    Reservation,
    Source,
    Suspension,
)
from foedus.record.tables import Neutrality, Regime, Rivalry, StateRow, War, WarParty

FIRST_TREATY_YEAR = 1814  # Chaumont
FIRST_DYAD_YEAR = 1816  # the inter-state system of COW begins
_OF_TREATY: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "eligible": ("eligible", Eligibility),
    "obligations": ("obligation", Obligation),
    "areas": ("area", Area),
    "suspensions": ("suspension", Suspension),
    "reservations": ("reservation", Reservation),
    "institutions": ("institution", Institution),
    "developments": ("development", Development),
}
_ROWS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "states": ("states", StateRow),
    "rivalries": ("rivalries", Rivalry),
    "wars": ("wars", War),
    "war_parties": ("war_parties", WarParty),
    "regimes": ("regimes", Regime),
    "neutrality": ("neutralities", Neutrality),
}
# A column that other tables refer to bears the same name in all of them.
_RENAMED = {
    "treaties": {"id": "treaty", "according_to": "source"},
    "obligations": {"id": "obligation"},
    "areas": {"id": "area"},
    "sources": {"id": "source"},
    "states": {"code": "state"},
    "wars": {"id": "war"},
}


@dataclass(frozen=True, slots=True)
class Table:
    """One exported table: its name, what it holds, its frame, and the meaning of each column by name."""

    name: str
    says: str
    frame: pl.DataFrame
    columns: dict[str, str]


def tables(record: Record, last: date) -> tuple[Table, ...]:
    """Every table of the export, always the same ones in the same order; the yearly ones end on the day `last`."""
    frames: dict[str, pl.DataFrame] = {"treaties": _treaties(record), "memberships": memberships(record)}
    for name, (table, struct) in _OF_TREATY.items():
        pairs = [(t, entry) for t in record.treaties.values() for entry in getattr(t, table)]
        frames[name] = _frame(name, struct, [_with_head(record, t, e) for t, e in pairs], treaty=True)
    frames["sources"] = _sources(record)
    for name, (attribute, struct) in _ROWS.items():
        held = getattr(record, attribute)
        rows = held.values() if isinstance(held, dict) else held
        frames[name] = _frame(name, struct, [{**_asdict(row), "source": row.sources} for row in rows])
    frames["treaty_year"] = treaties_by_year(record, FIRST_TREATY_YEAR, last)
    frames["dyad_year"] = pledge_dyads(record, FIRST_DYAD_YEAR, last)
    return tuple(_table(name, frame) for name, frame in frames.items())


def _treaties(record: Record) -> pl.DataFrame:
    rows = [
        {
            **_asdict(t),
            "source": t.sources,
            "confidence": record.confidence(t.according_to, t.confidence, t),
            "pledges": record.pledges(t),
        }
        for t in record.treaties.values()
    ]
    return _frame("treaties", Treaty, rows, extra={"pledges": pl.String()})


def _sources(record: Record) -> pl.DataFrame:
    shared = [{"treaty": None, **_asdict(s)} for s in record.sources.values()]
    own = [{"treaty": t.id, **_asdict(s)} for t in record.treaties.values() for s in t.source]
    return _frame("sources", Source, [*shared, *own], treaty=True)


def _with_head(record: Record, treaty: Treaty, entry: Any) -> dict[str, Any]:
    confidence = record.confidence(entry.source, entry.confidence, treaty)
    return {**_asdict(entry), "treaty": treaty.id, "source": entry.sources, "confidence": confidence}


def _asdict(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _frame(
    name: str,
    struct: type[msgspec.Struct],
    rows: Iterable[dict[str, Any]],
    *,
    treaty: bool = False,
    extra: dict[str, pl.DataType] | None = None,
) -> pl.DataFrame:
    """`rows` with a column for each field of `struct` that is no table of its own; renamed as in other tables."""
    renamed = _RENAMED.get(name, {})
    types: dict[str, pl.DataType] = {"treaty": pl.String()} if treaty else {}
    for field in msgspec.structs.fields(struct):
        if struct is not Treaty or not _is_table(field.type):
            types[renamed.get(field.name, field.name)] = _type(field.type)
    types |= extra or {}
    for last in ("confidence", "precision", "note", "source"):  # how it is known stands behind what is known
        if last in types and last not in renamed.values():
            types[last] = types.pop(last)
    if name == "treaties":
        types["source"] = types.pop("source")
    back = {new: old for old, new in renamed.items() if name != "treaties" or new != "source"}
    cells = [{column: _cell(row[back.get(column, column)]) for column in types} for row in rows]
    return pl.DataFrame(cells, schema=pl.Schema(types))


def _is_table(kind: Any) -> bool:
    return any(isinstance(part, type) and issubclass(part, msgspec.Struct) for part in get_args(kind))


def _type(kind: Any) -> pl.DataType:
    """The column type of a field of the schema; whatever is a list, a word or a table is text."""
    for python, column in ((bool, pl.Boolean()), (date, pl.Date()), (float, pl.Float64())):
        if kind is python or python in get_args(kind):
            return column
    plain = [part for part in (kind, *get_args(kind)) if getattr(part, "__origin__", None) is int or part is int]
    numbers = getattr(kind, "__origin__", None) is Literal and all(isinstance(word, int) for word in get_args(kind))
    is_list = getattr(kind, "__origin__", None) is tuple
    return pl.Int64() if (plain or numbers) and not is_list else pl.String()


def _cell(value: Any) -> Any:
    """A value as it stands in a table: lists joined, nested entries in words, nothing as null."""
    if isinstance(value, dict):
        value = tuple(f"{key}={word}" for key, word in value.items())
    if isinstance(value, tuple):
        return ";".join(_words(item).replace(";", ",") for item in value) or None
    return None if value == "" else value


def _words(item: Any) -> str:
    match item:
        case Practice():
            decides = "" if item.threshold == "none" else f" ({item.threshold})"
            return f"{item.kind} since {item.since}{decides}"
        case Condition():
            states = f" for {' '.join(item.applies_to)}" if item.applies_to else ""
            otherwise = f" else {item.otherwise}" if item.otherwise else ""
            return f"{'' if item.holds else 'not '}{item.fact}{states}{otherwise}"
        case Absence():
            return f"{item.state} {item.since or ''}/{item.until or ''}"
    return str(item)


def _table(name: str, frame: pl.DataFrame) -> Table:
    """The frame with all its lists joined by ";", and the meaning of its columns."""
    if name == "memberships":
        frame = frame.with_columns(pl.col("source").str.replace_all("; ", ";", literal=True))
    if name == "treaty_year":
        frame = frame.with_columns(pl.col("parties", "pledges").list.join(";").replace("", None))
    if name == "dyad_year":
        frame = frame.with_columns(pl.col("treaties").str.replace_all(" ", ";", literal=True))
    return Table(name, export_words.TABLES[name], frame, {c: _column(name, c) for c in frame.columns})


def _column(name: str, column: str) -> str:
    own = export_words.COLUMNS.get(f"{name}.{column}")
    if own:
        return own
    table = {"treaties": "treaty", "sources": "source"}.get(name) or _OF_TREATY.get(name, ("",))[0]
    if table and column not in export_words.COLUMNS:
        return meaning(table, column)
    return export_words.COLUMNS[column]
