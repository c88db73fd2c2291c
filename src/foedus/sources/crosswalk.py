"""From the codes of others (COW, Gleditsch-Ward, ISO 3166, names) to ours, by the table `crosswalk.csv`.

tools/crosswalk.py writes that table from the record; a test holds the two together. A COW number means one state at all
times. A few Gleditsch-Ward numbers and names change hands: there the code is that of 31 December of the row's year.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import polars as pl

_NUMBERS = 1100  # COW and Gleditsch-Ward numbers are below 1000
NUMBERED = ("cow", "gw")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Meaning:
    """The state that a code means in the years since..until, both inclusive; None is open.

    state "": known to be none.
    """

    state: str
    since: int | None = None
    until: int | None = None


class UnknownCode(LookupError):
    """A code that no list knows: `row` counts from 0, `value` as in the file, `year` of the row if it has one."""

    def __init__(self, row: int, value: object, year: object) -> None:
        self.row, self.value, self.year = row, value, year
        super().__init__(f"{value!r} in data row {row + 1}")


@cache
def meanings(coding: str) -> Mapping[str, tuple[Meaning, ...]]:
    """Code, or plain name, of `coding` -> what it means, in order of time."""
    table: dict[str, tuple[Meaning, ...]] = {}
    text = files("foedus.sources").joinpath("crosswalk.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["coding"] == coding:
            years = (int(row[c]) if row[c] else None for c in ("since", "until"))
            key = plain(row["key"]) if coding == "name" else row["key"]
            table[key] = (*table.get(key, ()), Meaning(row["code"], *years))
    return table


def plain(name: str) -> str:
    """`name` without accents, case, punctuation and the words "the", "of", "and"."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(w for w in re.findall(r"[a-z0-9]+", ascii_name.casefold()) if w not in ("the", "of", "and"))


def states(codes: pl.Series, coding: str, years: pl.Series | None, own: Mapping[str, str] = _NONE) -> pl.Series:
    """Our codes for `codes`: null where the code is null or known to be no state.

    years : the year of each row; a code that changed hands is unknown without it. own : text of a code -> its state,
    or "" for none, where a data set differs from the crosswalk. Raises UnknownCode.
    """
    found = _by_number(codes, coding) if coding in NUMBERED else _by_text(codes, coding, own)
    if found.null_count() > codes.null_count() and years is not None:
        found = _by_year(codes, coding, years, found)
    if found.null_count() > codes.null_count():
        unknown = found.is_null() & codes.is_not_null() & ~codes.cast(pl.String).is_in(list(own))
        if unknown.any():
            row = unknown.arg_max() or 0
            raise UnknownCode(row, codes[row], None if years is None else years[row])
    if coding in NUMBERED:
        return found
    return found.to_frame("state").select(pl.when(pl.col("state") != "").then("state").alias("state"))["state"]


def _undated(meant: tuple[Meaning, ...]) -> str | None:
    return meant[0].state if len(meant) == 1 and meant[0].since is None and meant[0].until is None else None


@cache
def _number_table(coding: str) -> pl.Series:
    table: list[str | None] = [None] * _NUMBERS
    for key, meant in meanings(coding).items():
        table[int(key)] = _undated(meant)
    return pl.Series(table, dtype=pl.String)


def _by_number(codes: pl.Series, coding: str) -> pl.Series:
    # Number 0 means no state, so it stands for whatever is not in the table. A lookup by place is several times
    # faster than a join, which counts on two columns of a million rows.
    inside = codes.fill_null(0)
    if not inside.is_between(0, _NUMBERS - 1).all():
        in_table = pl.col("code").is_between(0, _NUMBERS - 1)
        inside = inside.to_frame("code").select(pl.when(in_table).then("code").otherwise(0))["code"]
    return _number_table(coding).gather(inside)


def _by_text(codes: pl.Series, coding: str, own: Mapping[str, str]) -> pl.Series:
    table = meanings(coding)
    values = codes.drop_nulls().unique().to_list()
    means = {v: own.get(v, _undated(table.get(plain(v) if coding == "name" else v, ()))) for v in values}
    return codes.replace_strict(means, default=None, return_dtype=pl.String) if means else codes.cast(pl.String)


def _by_year(codes: pl.Series, coding: str, years: pl.Series, found: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"code": codes, "year": years, "state": found})
    state = pl.col("state")
    for value in frame.filter(pl.col("state").is_null())["code"].drop_nulls().unique().to_list():
        key = plain(value) if coding == "name" else str(value)
        for m in meanings(coding).get(key, ()):
            is_then = (pl.col("code") == value) & pl.col("year").is_between(m.since or -9999, m.until or 9999)
            state = pl.when(is_then).then(pl.lit(m.state)).otherwise(state)
    return frame.select(state.alias("state"))["state"]
