"""Which state a name in the galaxy means: two small reviewed tables, and a refusal of every name not in them.

A converter by pattern would read "US Bancorp" as a state. So each string of the galaxy was looked at once; a newer
galaxy with a new string stops here until somebody has looked at that too.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import polars as pl

from foedus.cyber.errors import UnknownName

Kind = Literal["state", "org", "bloc"]
VICTIMS = pl.Schema({"raw": pl.String, "kind": pl.String, "iso3": pl.String, "cow": pl.Int16, "note": pl.String})


@dataclass(frozen=True, slots=True)
class Victim:
    """What one string means. iso3 of an org: the state that a converter by pattern would take it for, or ""."""

    raw: str
    kind: Kind
    iso3: str
    note: str


@cache
def _victims() -> dict[str, Victim]:
    return {
        row["raw"]: Victim(row["raw"], cast(Kind, row["kind"]), row["iso3"], row["note"])
        for row in _rows("victims.csv")
    }


@cache
def _sponsors() -> dict[str, str]:
    return {row["raw"]: row["iso3"] for row in _rows("sponsors.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("foedus.cyber").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def victim(raw: str, actor: str) -> Victim:
    """What the string `raw` among the victims of `actor` means. Raises UnknownName for one that nobody reviewed."""
    found = _victims().get(raw.strip())
    if found is None:
        raise UnknownName(
            f'"{raw}", a victim of {actor}, is not in the reviewed table of names (src/foedus/cyber/data/victims.csv).'
            " Add a row that says whether it is a state, an org or a bloc; nothing is guessed from the spelling."
        )
    return found


def sponsor(raw: str, actor: str) -> str:
    """ISO 3166 alpha-3 of a suspected sponsor, "" when the galaxy says Unknown. Raises UnknownName."""
    if raw not in _sponsors():
        raise UnknownName(f'"{raw}", the sponsor of {actor}, is not in src/foedus/cyber/data/sponsors.csv. Add a row.')
    return _sponsors()[raw]


def victims_table() -> pl.DataFrame:
    """The reviewed table of victims' names: 170 rows with schema VICTIMS.

    kind : state (or territory), org (organisation, people or part of a state), bloc (region or group of states).
    iso3 : of a state; of an org the state that a converter by pattern would take it for. cow : null for territories.
    """
    rows = [{**row, "cow": int(row["cow"]) if row["cow"] else None} for row in _rows("victims.csv")]
    return pl.DataFrame(rows, schema=VICTIMS).with_columns(pl.col("iso3").replace("", None))
