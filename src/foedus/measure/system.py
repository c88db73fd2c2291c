"""The system of alliances as a whole: how many treaties, how large, how much of the system is bound."""

from __future__ import annotations

from datetime import date

import polars as pl

from foedus.panel import require
from foedus.record import Record

SYSTEM_YEAR = pl.Schema(
    {
        "year": pl.Int16,
        "n_treaties": pl.Int16,
        "n_defence": pl.Int16,
        "mean_parties_defence": pl.Float64,
        "n_states": pl.Int16,
        "n_bound": pl.Int16,
        "bound_share": pl.Float64,
    }
)


def system_year(record: Record, first: int, last: date) -> pl.DataFrame:
    """The system at the end of each year from `first` to the year of `last`; schema SYSTEM_YEAR.

    A year is read on 31 December, the last one on `last`. Universal organisations are left out. n_treaties : treaties
    in force with at least one party; n_defence : those with a defence pledge; mean_parties_defence : their mean number
    of parties (null without any). n_states : members of the inter-state system; n_bound, bound_share : those of them
    that share a defence pledge with another, as number and as a share in [0, 1] (null before 1816, when the list of
    states begins).
    """
    rows = []
    for year in range(first, last.year + 1):
        day = min(date(year, 12, 31), last)
        live = [t for t in record.in_force(day) if not t.universal and t.members_on(day)]
        defence = [t for t in live if "defence" in record.pledges(t, day)]
        system = record.system(day)
        bound = [s for s in system if record.partners(s, day, "defence")]
        rows.append(
            {
                "year": year,
                "n_treaties": len(live),
                "n_defence": len(defence),
                "mean_parties_defence": sum(len(t.members_on(day)) for t in defence) / len(defence)
                if defence
                else None,
                "n_states": len(system),
                "n_bound": len(bound) if system else None,
                "bound_share": len(bound) / len(system) if system else None,
            }
        )
    return require(pl.DataFrame(rows, schema=SYSTEM_YEAR), SYSTEM_YEAR, "system_year")
