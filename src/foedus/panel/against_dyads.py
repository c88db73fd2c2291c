"""Defence pledges by dyad and year: the record beside ATOP 5.1 or COW Formal Alliances 4.1.

The unit is a directed dyad-year: in that year, on at least one day, state1 owed state2 defence. Only members of the
inter-state system count, in the years of the other data set, since it knows no others. Theirs dates at signature, ours
at entry into force, so single years at the edges differ without any quarrel about the treaty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from foedus.panel.pledge_dyads import pledge_dyads
from foedus.panel.require import require
from foedus.record import Record

DYAD = ("state1", "state2")
# One row for each dyad-year with a defence pledge on at least one side.
BESIDE = pl.Schema(
    {
        "state1": pl.String(),
        "state2": pl.String(),
        "year": pl.Int16(),
        "ours": pl.Boolean(),
        "theirs": pl.Boolean(),
        "treaties": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class DyadGap:
    """A pair of states (in alphabetical order) and the years on which the two sides disagree.

    n_only_ours, n_only_theirs : years in which one side alone has a pledge in either direction or in both.
    treaties : ids of the record's treaties behind the first of them.
    """

    states: tuple[str, str]
    n_only_ours: int
    n_only_theirs: int
    first: int
    last: int
    treaties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DyadAgreement:
    """Directed dyad-years with a defence pledge: in both, in the record only, in the other data set only."""

    name: str
    years: tuple[int, int]
    n_both: int
    n_only_ours: int
    n_only_theirs: int
    gaps: tuple[DyadGap, ...]

    @property
    def recall(self) -> float:
        """Share of their dyad-years that the record has too; 1 when they have none."""
        theirs = self.n_both + self.n_only_theirs
        return self.n_both / theirs if theirs else 1.0

    @property
    def precision(self) -> float:
        """Share of the record's dyad-years that they have too; 1 when the record has none."""
        ours = self.n_both + self.n_only_ours
        return self.n_both / ours if ours else 1.0


def against_dyads(record: Record, dyads: pl.DataFrame, name: str, n_gaps: int = 10) -> DyadAgreement:
    """Compare the record's defence dyad-years with `dyads`, a frame with cow1, cow2, year and defence.

    n_gaps : how many pairs with the most years of disagreement to return, the worst first.
    """
    both = beside(record, dyads)
    years = dyads["year"]
    n_both, n_only_ours, n_only_theirs = both.select(
        both=(pl.col("ours") & pl.col("theirs")).sum(),
        ours=(pl.col("ours") & ~pl.col("theirs")).sum(),
        theirs=(~pl.col("ours") & pl.col("theirs")).sum(),
    ).row(0)
    span = (int(str(years.min())), int(str(years.max()))) if len(years) else (0, 0)
    return DyadAgreement(name, span, n_both, n_only_ours, n_only_theirs, _gaps(both, n_gaps))


def beside(record: Record, dyads: pl.DataFrame) -> pl.DataFrame:
    """Both sides' directed defence dyad-years in one frame of schema BESIDE, in the years of `dyads`."""
    if dyads.is_empty():
        return pl.DataFrame(schema=BESIDE)
    first, last = int(str(dyads["year"].min())), int(str(dyads["year"].max()))
    theirs = _in_codes(record, dyads.filter("defence"))
    known = pledge_dyads(record, first, date(last, 12, 31)).filter("defence")
    ours = _in_system(record, known.select(*DYAD, "year", "treaties"), first, last)
    keys = [*DYAD, "year"]
    joined = ours.with_columns(ours=True).join(
        theirs.select(keys).unique().with_columns(theirs=True), on=keys, how="full", coalesce=True
    )
    filled = joined.with_columns(pl.col("ours", "theirs").fill_null(False), pl.col("treaties").fill_null(""))
    return require(filled.sort(keys), BESIDE, "beside")


def _in_codes(record: Record, dyads: pl.DataFrame) -> pl.DataFrame:
    """COW numbers as the record's codes; dyads with a number that nobody bears are left out."""
    numbers = pl.concat([dyads["cow1"], dyads["cow2"]]).unique().to_list()
    code = {n: codes[0] for n in numbers if (codes := record.codes_of_cow(n))}
    named = {f"state{i}": pl.col(f"cow{i}").replace_strict(code, default=None, return_dtype=pl.String) for i in (1, 2)}
    return dyads.select(pl.col("year").cast(pl.Int16), **named).drop_nulls()


def _in_system(record: Record, dyads: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Dyad-years of which both states have a COW number and were in the system on some day of the year."""
    rows = [
        (spell.code, year)
        for spell in record.spells
        if record.states[spell.code].cow is not None
        for year in range(max(spell.since.year, first), min(spell.until.year if spell.until else last, last) + 1)
    ]
    present = pl.DataFrame(rows, schema={"state": pl.String, "year": pl.Int16}, orient="row").unique()
    for side in DYAD:
        dyads = dyads.join(present, left_on=[side, "year"], right_on=["state", "year"], how="semi")
    return dyads


def _gaps(both: pl.DataFrame, n_gaps: int) -> tuple[DyadGap, ...]:
    pair = [pl.min_horizontal(*DYAD).alias("a"), pl.max_horizontal(*DYAD).alias("b")]
    apart = both.filter(pl.col("ours") != pl.col("theirs")).with_columns(*pair)
    worst = (
        apart.group_by("a", "b")
        .agg(
            n_years=pl.col("year").n_unique(),
            ours=pl.col("year").filter("ours").n_unique(),
            theirs=pl.col("year").filter("theirs").n_unique(),
            first=pl.col("year").min(),
            last=pl.col("year").max(),
            treaties=pl.col("treaties").filter("ours").str.split(" ").explode(empty_as_null=False).unique().sort(),
        )
        .sort("n_years", "a", "b", descending=[True, False, False])
        .head(n_gaps)
    )
    return tuple(
        DyadGap((r["a"], r["b"]), r["ours"], r["theirs"], r["first"], r["last"], tuple(r["treaties"]))
        for r in worst.iter_rows(named=True)
    )
