"""How deep the institutions go that a treaty's text creates: Leeds and Anac's levels, and joint military practices.

All of it codes the text at signature, from ATOP's alliance file. NATO's integrated command came after 1949, so a low
value for a live alliance says little: read it beside `institutions`, which counts the record's dated institutions.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from foedus.record import Treaty
from foedus.record.spell import in_force

DEPTH = pl.Schema({"atopid": pl.Int32(), "milinst": pl.Int32(), "formal": pl.Int32(), "interoperability": pl.Float64()})
MILITARY = (1, 4)  # purposes of an organisation: military, mixed


def depth(alliances: pl.DataFrame) -> pl.DataFrame:
    """One row for each treaty of ATOP's alliance file (data set `atop_alliances_v4_01`); schema DEPTH.

    milinst : 0, 1, 2, null when nothing is known of its inputs. 2 where planning or command is common in peace, or
        there are bases; 1 where there are peacetime contacts, training or technology aid, agreed subordination, agreed
        contributions or a military organisation; a contact only in hostilities is 0.
    formal : 0 to 2, one for a published treaty, one for a named or stand-alone organisation; null where an input is.
    interoperability : share of seven joint practices that the text promises, in [0, 1], null where one is unknown; the
        equal weights are a choice of this project.
    Source: Leeds and Anac (2005), Alliance Institutionalization and Alliance Performance, International Interactions
    31: 183-202.
    """
    c = pl.col
    high = _any(c("milcon") == 3, c("intcom") == 1, c("base") > 0)
    military = _any(c("orgpurp1").is_in(MILITARY), c("orgpurp2").is_in(MILITARY))
    mid = _any(c("milcon") == 2, c("milaid").is_in((3, 4)), c("subord") > 0, c("contrib") == 1, military)
    inputs = ("milcon", "intcom", "base", "milaid", "subord", "contrib", "orgpurp1", "orgpurp2")
    unknown = pl.all_horizontal(c(i).is_null() for i in inputs)
    public = (c("estmode") == 1) & (c("pubsecr") != 2)
    organised = c("organ1").is_in((2, 3)) | c("organ2").is_in((2, 3)).fill_null(False)
    aid, subord = c("milaid") == 3, c("subord") > 0
    whole = (c("intcom"), c("base") > 0, military, subord, c("contrib"), aid)
    # Counted in thirds: a sum of thirds in floating point would part equal treaties, and move rank correlations.
    thirds = pl.sum_horizontal(c("milcon").cast(pl.Int32), *(3 * p.cast(pl.Int32) for p in whole))
    known = pl.all_horizontal(c(i).is_not_null() for i in inputs if i != "orgpurp2")
    return alliances.select(
        "atopid",
        milinst=pl.when(~unknown).then(pl.when(high).then(2).when(mid).then(1).otherwise(0)).cast(pl.Int32),
        formal=public.cast(pl.Int32) + organised.cast(pl.Int32),
        interoperability=pl.when(known).then(thirds / (3 * (1 + len(whole)))),
    )


def institutions(treaty: Treaty, day: date) -> dict[str, int]:
    """How many institutions of each kind the record knows on `day`, by kind; empty before the treaty is in force."""
    if not treaty.on(day):
        return {}
    live = [i.kind for i in treaty.institution if in_force(i.since, i.until, day)]
    return {kind: live.count(kind) for kind in sorted(set(live))}


def _any(*conditions: pl.Expr) -> pl.Expr:
    """Whether one of the conditions is known to hold."""
    return pl.any_horizontal(condition.fill_null(False) for condition in conditions)
