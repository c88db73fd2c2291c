"""Alliance Treaty Obligations and Provisions (Leeds, Ritter, Mitchell and Long 2002), versions 4.01 and 5.0.

ATOP dates a founding and an accession at signature, splits members by phase, and closes at the end of 2018.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from foedus.errors import SourceError
from foedus.sources.whole_numbers import Table, day, flag, table, within

LAST_DAY = date(2018, 12, 31)  # version 5.0; what begins later is not in it
PLEDGES = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non_aggression",
    "consul": "consultation",
}
ALLIANCES = pl.Schema(
    {"atopid": pl.Int32(), "begin": pl.Date(), "end": pl.Date(), **dict.fromkeys(PLEDGES.values(), pl.Boolean())}
)
MEMBERS = pl.Schema({"atopid": pl.Int32(), "cow": pl.Int32(), "entry": pl.Date(), "exit": pl.Date()})
LARGEST_COW = 9999
_MONTH = 31


def alliances(folder: Path, file: str = "atop_v5_0_alliance.csv") -> pl.DataFrame:
    """Alliances, one row each; schema ALLIANCES. end is null for those open at the close of the data.

    Raises SourceError when the file is missing, cut short or not ATOP's alliance file.
    """
    beginning, ending = ("begyr", "begmo", "begday"), ("endyr", "endmo", "endday")
    unknown = ("begmo", "begday", "endmo", "endday")  # a month or day that ATOP does not know may be empty
    raw = table(folder, file, ("atopid", *beginning, *ending, *PLEDGES), rows=(700, 900), optional=unknown)
    _once(raw, "atopid")
    return pl.DataFrame(
        {
            "atopid": within(raw, "atopid", 1, 99_999),
            "begin": _known(raw, day(raw, *beginning), "begyr"),
            "end": day(raw, *ending),
            **{ours: flag(raw, theirs) for theirs, ours in PLEDGES.items()},
        },
        schema=ALLIANCES,
    )


def members(folder: Path, file: str = "atop_v5_0_member_derived.csv") -> pl.DataFrame:
    """Membership spells, phases of one state that touch (within a month) joined into one; schema MEMBERS.

    entry is the day of signature, as in the file; exit is null for those open at the close of the data.
    Raises SourceError when the file is missing, cut short or not ATOP's member file.
    """
    entering, leaving = ("yrent", "moent", "dayent"), ("yrexit", "moexit", "dayexit")
    unknown = ("moent", "dayent", "moexit", "dayexit")
    raw = table(folder, file, ("atopid", "member", "phase", *entering, *leaving), rows=(2000, 3500), optional=unknown)
    phases = pl.DataFrame(
        {
            "atopid": within(raw, "atopid", 1, 99_999),
            "cow": within(raw, "member", 1, LARGEST_COW),
            "entry": _known(raw, day(raw, *entering), "yrent"),
            "exit": day(raw, *leaving),
        },
        schema=MEMBERS,
    )
    return joined(phases)


def joined(phases: pl.DataFrame) -> pl.DataFrame:
    """Spells of schema MEMBERS with those of one state in one alliance that touch, within a month, made one.

    An open phase (exit null) reaches to the end of the data, so whatever begins after it belongs to it.
    """
    pair = ["atopid", "cow"]
    reach = pl.col("exit").fill_null(date.max).cum_max().shift(1).over(pair)  # the latest exit of any earlier phase
    is_new = (pl.col("entry") - reach).dt.total_days().fill_null(0) > _MONTH
    numbered = phases.sort(*pair, "entry").with_columns(spell=is_new.cast(pl.Int32).cum_sum().over(pair))
    spells = numbered.group_by(*pair, "spell", maintain_order=True).agg(
        entry=pl.col("entry").min(),
        exit=pl.when(pl.col("exit").is_null().any()).then(None).otherwise(pl.col("exit").max()),
    )
    return spells.drop("spell").cast(MEMBERS)


def _known(raw: Table, days: pl.Series, column: str) -> pl.Series:
    if days.null_count():
        row = days.is_null().arg_max() or 0
        raise SourceError(f"{raw.path}: row {row + 1}, column {column}: expected the year in which it began, found 0.")
    return days


def _once(raw: Table, column: str) -> None:
    again = raw.frame[column].is_duplicated()
    if again.any():
        row = again.arg_max() or 0
        found = raw.frame[column][row]
        raise SourceError(f"{raw.path}: column {column}: {found} stands in more than one row; is it a member file?")
