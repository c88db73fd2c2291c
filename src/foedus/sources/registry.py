"""What is known of each data set before a file of it is opened: `registry.toml` and `citations.toml`, as frozen values.

Only the section that is asked for is parsed: the whole registry would cost more time than reading a data set.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl

from foedus.errors import SourceError

Years = tuple[int, int]
_KINDS: Mapping[str, pl.DataType] = {
    "long": pl.Int64(),
    "real": pl.Float64(),
    "text": pl.String(),
    "date": pl.Date(),
    "flag": pl.Boolean(),
    "texts": pl.List(pl.String()),
}
CODINGS = ("cow", "gw", "iso3", "iso2", "name")


@dataclass(frozen=True, slots=True)
class Version:
    """One published file of a data set.

    sha256 : of the copy that was checked, or "" when none was. rows, years : what that copy holds; years are inclusive.
    url : a public address of exactly these bytes, or "" when none is known. max_null : as in DataSet, where it differs.
    """

    version: str
    file: str
    rows: int
    years: Years | None = None
    sha256: str = ""
    url: str = ""
    max_null: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set: who made it, how to cite it, on what terms, and what an honest file of it looks like.

    unit : what a row is. units : unit of a column. columns : name and type in the file. codes : column -> coding of its
    state codes. year : the column that dates a row. key : columns that together never repeat. rows : fewest and most
    rows of a version that is not listed. max_null : largest share of nulls by column; "*" stands for all others, 0
    without it. missing : column -> values that mean "missing". not_states : codes that are known not to be states.
    means : names with a meaning of their own in this data set. optional : columns that a version may lack.
    assumed_year : the year in which codes are read where rows have none.
    """

    name: str
    title: str
    producer: str
    cite: tuple[str, ...]
    terms: str
    redistribute: str
    unit: str
    home: str
    by_hand: str
    columns: Mapping[str, pl.DataType]
    rows: tuple[int, int]
    doi: str = ""
    note: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    year: str = ""
    key: tuple[str, ...] = ()
    max_null: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    not_states: frozenset[str] = frozenset()
    means: Mapping[str, str] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    assumed_year: int | None = None
    versions: tuple[Version, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """What `read` gives: each column of the file, and `<column>_state` after each column of state codes."""
        columns: dict[str, pl.DataType] = {}
        for name, kind in self.columns.items():
            columns[name] = kind
            if name in self.codes:
                columns[f"{name}_state"] = pl.String()
        return pl.Schema(columns)

    @property
    def files(self) -> tuple[str, ...]:
        """File names under which the data set is looked for, best first; the last three are names of our own."""
        ours = (f"{self.name}.parquet", f"{self.name}.csv", f"{self.name}.dta")
        return tuple(dict.fromkeys([v.file for v in self.versions] + list(ours)))


@cache
def _sections() -> Mapping[str, str]:
    text = files("foedus.sources").joinpath("registry.toml").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=\[[a-z0-9_]+\]$)", text)[1:]
    return MappingProxyType({part[1 : part.index("]")]: part for part in parts})


def names() -> tuple[str, ...]:
    """The names of all data sets, by theme as in the registry."""
    return tuple(_sections())


@cache
def data_set(name: str) -> DataSet:
    """The registry's entry `name`. Raises SourceError, with the nearest names, when there is none."""
    if name not in _sections():
        near = get_close_matches(name, names(), 3)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise SourceError(f'No data set is called "{name}".{hint} All names: foedus sources list.')
    return entry(name, tomllib.loads(_sections()[name])[name])


def entry(name: str, raw: Mapping[str, Any]) -> DataSet:
    """A DataSet from one table of a registry file. Raises SourceError for a key that is not known or is missing."""
    given = dict(raw)
    try:
        columns = _columns(given)
        codes = {c: coding for coding in CODINGS for c in _words(given.pop(coding, ""))}
        missing = {c: tuple(values) for key, values in given.pop("missing", {}).items() for c in _words(key)}
        return DataSet(
            name=name,
            columns=columns,
            codes={c: codes[c] for c in columns if c in codes},
            missing=missing,
            key=_words(given.pop("key", "")),
            optional=_words(given.pop("optional", "")),
            cite=tuple(given.pop("cite")),
            rows=_pair(given.pop("rows")),
            not_states=frozenset(str(v) for v in given.pop("not_states", ())),
            units={c: unit for key, unit in given.pop("units", {}).items() for c in _words(key)},
            versions=tuple(version(v) for v in given.pop("version", ())),
            **given,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"registry, [{name}]: {error}; compare it with another entry.") from None


def version(raw: Mapping[str, Any]) -> Version:
    """A Version from a `[[name.version]]` table."""
    given = dict(raw)
    years = given.pop("years", None)
    return Version(years=_pair(years) if years else None, **given)


def _columns(given: dict[str, Any]) -> dict[str, pl.DataType]:
    kinds = {c: kind for key, kind in _KINDS.items() for c in _words(given.pop(key, ""))}
    columns = {c: kinds.pop(c, pl.Int32()) for c in _words(given.pop("columns"))}
    if kinds:
        raise ValueError(f"{', '.join(kinds)} has a type but is not among the columns")
    return columns


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pair(values: Any) -> tuple[int, int]:
    low, high = values
    return int(low), int(high)


class _Schemas(Mapping[str, pl.Schema]):
    """Name of a data set -> the schema that `read` gives, made when it is asked for."""

    def __getitem__(self, name: str) -> pl.Schema:
        if name not in _sections():
            raise KeyError(name)
        return data_set(name).schema

    def __iter__(self) -> Iterator[str]:
        return iter(names())

    def __len__(self) -> int:
        return len(names())


SCHEMAS: Mapping[str, pl.Schema] = _Schemas()


@cache
def citations() -> Mapping[str, Mapping[str, str]]:
    """All citations by key, as in `citations.toml`."""
    text = files("foedus.sources").joinpath("citations.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
