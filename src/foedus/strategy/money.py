"""What a spending guideline means in money, for each member and year: the years seen, and a path to the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from foedus.measure import Evidence
from foedus.measure.guideline import gap
from foedus.record import Record, Treaty
from foedus.record.spell import in_force
from foedus.strategy.errors import StrategyError

PLEDGED = ("milex_share_gdp", "resilience_share_gdp")
FIRST_YEAR = 2014  # the first guideline with a target date

MONEY = pl.Schema(
    {
        "state": pl.String,
        "name": pl.String,
        "guideline": pl.String,
        "percent": pl.Float64,
        "year": pl.Int16,
        "mark": pl.String,
        "gdp_musd": pl.Float64,
        "share": pl.Float64,
        "due_musd": pl.Float64,
        "more_musd": pl.Float64,
        "why": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A share of GDP to be reached. target : the year by which; None: at once. is_measured : whether what members
    spend towards it today is published."""

    label: str
    percent: float
    target: int | None
    is_measured: bool = True


def aims_of(record: Record, treaty: Treaty, day: date) -> list[Aim]:
    """The guidelines on shares of GDP that the members of `treaty` had agreed by `day`, lowest first."""
    agreed = [
        g
        for g in record.guidelines
        if g.treaty == treaty.id and g.indicator in PLEDGED and in_force(g.since, g.until, day)
    ]
    found = [
        Aim(g.name, g.value, g.target_date.year if g.target_date else None, g.indicator == "milex_share_gdp")
        for g in agreed
    ]
    return sorted(found, key=lambda a: (not a.is_measured, a.percent))


def aims_asked(percents: Sequence[float]) -> list[Aim]:
    """Aims that a user names in per cent of GDP, each due at once. Raises StrategyError outside (0, 100]."""
    wrong = [p for p in percents if not 0 < p <= 100]
    if wrong:
        raise StrategyError(f"A guideline is a per cent of GDP above 0, at most 100; found {wrong[0]:g}.")
    return [Aim(f"{p:g} % of GDP", p, None) for p in percents]


def in_money(
    held: pl.DataFrame, aims: Sequence[Aim], evidence: Evidence | None = None, *, growth: float = 0.0
) -> pl.DataFrame:
    """Schema MONEY: for each member (rows of `held`, schema HELD), aim and year, what is due and how much more that is.

    due_musd : guideline times GDP, million USD of the year of `held`. more_musd : due less spent, never below 0; null
    where what is spent towards the aim is not published. Years up to that of `held` are "derived": from 2014 on where
    `evidence` has them. Later years are "assumed": the share rises by equal steps to the target, at once without one,
    and GDP grows by `growth` per cent a year from its last value (0 by default: constant GDP, constant prices).
    """
    rows = []
    for member in held.drop_nulls("milex_share_gdp").iter_rows(named=True):
        series = _seen(member, evidence)
        for aim in aims:
            rows += [_row(member, aim, *seen) for seen in _derived(aim, series)]
            rows += [_row(member, aim, *ahead) for ahead in _path(member, aim, growth)]
    return pl.DataFrame(rows, schema=MONEY, orient="row")


_Figures = tuple[int, str, float, float | None, float | None, float | None, str]


def _row(member: Mapping[str, object], aim: Aim, *figures: object) -> tuple[object, ...]:
    year, *rest = figures
    return (member["state"], member["name"], aim.label, aim.percent, year, *rest)


def _seen(member: Mapping[str, object], evidence: Evidence | None) -> dict[int, tuple[float, float]]:
    """Year -> (share of GDP in per cent, GDP in million USD), as far as both are known."""
    last, state = int(str(member["year"])), str(member["state"])
    found = {last: (float(str(member["milex_share_gdp"])), float(str(member["gdp_musd"])))}
    if evidence is not None and evidence.milex:
        for year in range(FIRST_YEAR, last):
            money, gdp = evidence.milex.get((state, year), (None, None))[0], evidence.gdp.get((state, year))
            if money is not None and gdp is not None:
                found[year] = (100 * money / (gdp / 1e6), gdp / 1e6)
    return dict(sorted(found.items()))


def _derived(aim: Aim, series: Mapping[int, tuple[float, float]]) -> list[_Figures]:
    shares = {year: share for year, (share, _) in series.items()}
    rows: list[_Figures] = []
    for year, (share, gdp) in series.items():
        due = aim.percent / 100 * gdp
        if aim.is_measured:
            rows.append((year, "derived", gdp, share, due, gap(shares, year, aim.percent, gdp).money, ""))
        else:
            rows.append((year, "derived", gdp, None, due, None, "what members spend on this is not published"))
    return rows


def _path(member: Mapping[str, object], aim: Aim, growth: float) -> list[_Figures]:
    base, share = int(str(member["year"])), float(str(member["milex_share_gdp"]))
    last = aim.target or base + 1
    rows: list[_Figures] = []
    for year in range(base + 1, last + 1):
        gdp = float(str(member["gdp_musd"])) * (1 + growth / 100) ** (year - base)
        step = (year - base) / (last - base)
        if aim.is_measured:
            wanted = share + max(0.0, aim.percent - share) * step
            rows.append((year, "assumed", gdp, wanted, wanted / 100 * gdp, (wanted - share) / 100 * gdp, ""))
        elif year == last:
            why = "the whole of it: what is spent today is not published"
            rows.append((year, "assumed", gdp, aim.percent, aim.percent / 100 * gdp, None, why))
    return rows
