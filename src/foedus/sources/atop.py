"""Alliance Treaty Obligations and Provisions (Leeds, Ritter, Mitchell and Long 2002), versions 4.01 and 5.0.

ATOP dates a founding and an accession at signature, splits members by phase, and closes at the end of 2018.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from foedus.sources.reading import day, table

LAST_DAY = date(2018, 12, 31)  # version 5.0; what begins later is not in it
PLEDGES = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non_aggression",
    "consul": "consultation",
}
ALLIANCES = pl.Schema({"atopid": pl.Int32, "begin": pl.Date, "end": pl.Date, **dict.fromkeys(PLEDGES.values(), pl.Boolean())})
MEMBERS = pl.Schema({"atopid": pl.Int32, "cow": pl.Int32, "entry": pl.Date, "exit": pl.Date})


def alliances(folder: Path, file: str = "atop_v5_0_alliance.csv") -> pl.DataFrame:
    """Alliances, one row each; schema ALLIANCES. end is null for those open at the close of the data."""
    columns = ("atopid", "begyr", "begmo", "begday", "endyr", "endmo", "endday", *PLEDGES)
    raw = table(folder, file, columns, rows=(700, 900))
    return raw.select(
        "atopid",
        begin=day("begyr", "begmo", "begday"),
        end=day("endyr", "endmo", "endday"),
        **{ours: pl.col(theirs) == 1 for theirs, ours in PLEDGES.items()},
    )


def members(folder: Path, file: str = "atop_v5_0_member_derived.csv") -> pl.DataFrame:
    """Membership spells, phases of one state that touch (within a month) joined into one; schema MEMBERS.

    entry is the day of signature, as in the file; exit is null for those open at the close of the data.
    """
    columns = ("atopid", "member", "phase", "yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
    raw = table(folder, file, columns, rows=(2000, 3500))
    spells = raw.select(
        "atopid",
        cow="member",
        entry=day("yrent", "moent", "dayent"),
        exit=day("yrexit", "moexit", "dayexit"),
    ).sort("atopid", "cow", "entry")
    before = pl.col("exit").shift(1).over("atopid", "cow")
    is_new = (pl.col("entry") - before).dt.total_days().fill_null(0) > _MONTH
    numbered = spells.with_columns(spell=is_new.cast(pl.Int32).cum_sum().over("atopid", "cow"))
    joined = numbered.group_by("atopid", "cow", "spell", maintain_order=True).agg(
        entry=pl.col("entry").min(),
        exit=pl.when(pl.col("exit").is_null().any()).then(None).otherwise(pl.col("exit").max()),
    )
    return joined.drop("spell").cast(dict(MEMBERS))


_MONTH = 31
