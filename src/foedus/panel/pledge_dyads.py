"""Who owed whom what, year by year: one row for each directed dyad and year with at least one pledge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from foedus.panel.require import require
from foedus.record import Record, Treaty
from foedus.record.record import counts
from foedus.record.schema import Member, Obligation, Pledge

PLEDGES: tuple[Pledge, ...] = (
    "defence",
    "offence",
    "neutrality",
    "non_aggression",
    "consultation",
    "guarantee",
    "internal_order",
    "cooperation",
)
DYAD_SPELL = pl.Schema(
    {
        "state1": pl.String,
        "state2": pl.String,
        "pledge": pl.String,
        "treaty": pl.String,
        "since": pl.Date,
        "until": pl.Date,
    }
)
_OWED: dict[str, pl.DataType] = {p: pl.Boolean() for p in PLEDGES}
PLEDGE_DYADS = pl.Schema(
    {
        "state1": pl.String(),
        "state2": pl.String(),
        "year": pl.Int16(),
        **_OWED,
        "n_treaties": pl.Int16(),
        "treaties": pl.String(),
    }
)


def dyad_spells(record: Record, last: date) -> pl.DataFrame:
    """Spells in which state1 owed state2 a kind of pledge under a treaty in force; schema DYAD_SPELL.

    Both are members of the treaty. Half-open; a spell that is still running ends on the day after `last`. Universal
    organisations, and what is owed to whoever is attacked, are left out. A pledge that was suspended for a time is
    still a pledge, as in ATOP.
    """
    end = last + timedelta(days=1)
    rows = [row for t in record.treaties.values() if t.in_force and not t.universal for row in _spells(t, end)]
    frame = pl.DataFrame(rows, schema=DYAD_SPELL, orient="row")
    return require(frame.unique().sort("state1", "state2", "since", "treaty", "pledge"), DYAD_SPELL, "dyad_spells")


Row = tuple[str, str, str, str, date, date]


def _spells(treaty: Treaty, end: date) -> Iterator[Row]:
    begin = treaty.in_force or treaty.signed
    stop = min(treaty.ended or end, end)
    seen: set[tuple[object, ...]] = set()
    for o in treaty.obligation:
        key = (o.pledge, o.owes, o.to, o.not_owed_by, o.since, o.until)
        if counts(o) and key not in seen:  # several articles of one pledge give the same spells
            seen.add(key)
            yield from _pairs(treaty, o, begin, stop)


def _pairs(treaty: Treaty, o: Obligation, begin: date, stop: date) -> Iterator[Row]:
    first, last = max(begin, o.since or begin), min(stop, o.until or stop)
    owed = list(_side(treaty, o.to, first, last))
    for owing, since, until in _side(treaty, o.owes, first, last):
        if owing in o.not_owed_by:
            continue
        for other, since2, until2 in owed:
            start, finish = max(since, since2), min(until, until2)
            if other != owing and start < finish:
                yield owing, other, o.pledge, treaty.id, start, finish


def _side(treaty: Treaty, side: str | tuple[str, ...], first: date, last: date) -> Iterator[tuple[str, date, date]]:
    """(state, since, until) of the members that stand on one side of an obligation, cut to [first, last)."""
    members: Iterable[Member] = treaty.member
    for m in members:
        stands = m.state in side if isinstance(side, tuple) else m.role == side
        since, until = max(m.since, first), min(m.until or last, last)
        if stands and since < until:
            yield m.state, since, until


def pledge_dyads(record: Record, first: int, last: date) -> pl.DataFrame:
    """Directed dyad-years with a pledge, from the year `first` to the year of `last`; schema PLEDGE_DYADS.

    A year counts when the pledge was in force on at least one of its days, as in ATOP and COW. Columns named after
    pledges say whether state1 owed it to state2; treaties lists the ids, joined by spaces.
    """
    alike = _alike(_year_spans(dyad_spells(record, last), first))
    frame = (
        alike.with_columns(year=pl.int_ranges("begin", "end", dtype=pl.Int16))
        .explode("year", empty_as_null=False)
        .sort("year", "state1", "state2")
        .with_columns(
            *((pl.col("bits") & (1 << i) != 0).alias(p) for i, p in enumerate(PLEDGES)),
            pl.col("state1", "state2").cast(pl.String),
        )
    )
    return require(frame, PLEDGE_DYADS, "pledge_dyads")


def _year_spans(spells: pl.DataFrame, first: int) -> pl.DataFrame:
    """`spells` in whole years [begin, end) from `first` on; names as Enums, whose order is that of the alphabet.

    Whole numbers stand for names, and one bit for each pledge, while there are many rows: grouping strings is slow.
    """
    states = pl.Enum(pl.concat([spells["state1"], spells["state2"]]).unique().sort())
    return (
        spells.select(
            pl.col("state1", "state2").cast(states),
            pl.col("treaty").cast(pl.Enum(spells["treaty"].unique().sort())),
            bit=pl.col("pledge").replace_strict({p: 1 << i for i, p in enumerate(PLEDGES)}, return_dtype=pl.UInt8),
            begin=pl.max_horizontal(pl.col("since").dt.year(), pl.lit(first)).cast(pl.Int32),
            end=(pl.col("until") - timedelta(days=1)).dt.year().cast(pl.Int32) + 1,
        )
        .filter(pl.col("begin") < pl.col("end"))
        .group_by("state1", "state2", "treaty", "begin", "end")
        .agg(bits=pl.col("bit").bitwise_or())
    )


def _alike(spans: pl.DataFrame) -> pl.DataFrame:
    """Runs of years [begin, end) in which a dyad's treaties and pledges stay the same: bits, n_treaties, treaties.

    Pledges change seldom, so there are far fewer runs than years, and only the runs need grouping.
    """
    dyad = ["state1", "state2"]
    ends = pl.concat([spans.select(*dyad, at="begin"), spans.select(*dyad, at="end")]).unique().sort(*dyad, "at")
    runs = ends.with_columns(next=pl.col("at").shift(-1).over(dyad)).drop_nulls("next")
    return (
        runs.join(spans, on=dyad)
        .filter(pl.col("begin") <= pl.col("at"), pl.col("next") <= pl.col("end"))
        .group_by(*dyad, pl.col("at").alias("begin"), pl.col("next").alias("end"))
        .agg(bits=pl.col("bits").bitwise_or(), treaties=pl.col("treaty").unique().sort())
        .with_columns(
            n_treaties=pl.col("treaties").list.len().cast(pl.Int16),
            treaties=pl.col("treaties").cast(pl.List(pl.String)).list.join(" "),
        )
    )
