"""How far a member is from a spending guideline, in points, in money, and in years at its present pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PACE = 3  # years over which the growth of the share is averaged


@dataclass(frozen=True, slots=True)
class Gap:
    """One member, one year.

    points : guideline less share, percentage points, negative above it. money : max(0, gap) of GDP, in the unit of GDP.
    years : until the guideline at the mean growth of the last three years, 0 when it is reached. None with the reason.
    """

    points: float | None
    money: float | None
    years: float | None
    why: str


def gap(shares: Mapping[int, float], year: int, guideline: float, gdp: float | None = None) -> Gap:
    """The gap of a member in `year`.

    shares : year -> per cent of GDP, of one source and definition. guideline : per cent. gdp : any unit of money.
    Nothing is carried forward: a year without a share has no gap, and a pace needs the share of three years before.
    """
    share = shares.get(year)
    if share is None:
        return Gap(None, None, None, f"no share for {year}")
    points = guideline - share
    money = None if gdp is None else max(0.0, points) / 100 * gdp
    if points <= 0:
        return Gap(points, money, 0.0, "" if gdp is not None else f"no GDP for {year}")
    before = shares.get(year - PACE)
    if before is None:
        return Gap(points, money, None, f"no share for {year - PACE}, so no pace")
    if share <= before:
        return Gap(points, money, None, f"the share has not grown since {year - PACE}")
    return Gap(points, money, points / ((share - before) / PACE), "" if gdp is not None else f"no GDP for {year}")
