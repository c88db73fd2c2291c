"""Peace years: how long since the last event, without ever looking across a gap in membership."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def peace_years(unit: NDArray[np.integer], year: NDArray[np.integer], event: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Years without an event since the last one, at the beginning of each year.

    unit, year, event : shape (n,), sorted by unit and year, no row twice; event says whether one was under way in it.
    0 in the first year of each unbroken run of years, and in the year after a year with an event; else one more than in
    the year before. A run that has had no event is counted from its own beginning (left-censored). A year with an event
    keeps the count that it began with; the last run is right-censored at the last row.

    Source: Beck, Katz and Tucker 1998, American Journal of Political Science 42: 1260-1288 (the counter only).

    >>> peace_years(np.array([1, 1, 1, 1]), np.array([1, 2, 3, 5]), np.array([False, True, False, False])).tolist()
    [0, 1, 0, 0]
    """
    if not len(unit):
        return np.zeros(0, dtype=np.int16)
    restart = np.ones(len(unit), dtype=np.bool_)
    np.not_equal(np.diff(year), 1, out=restart[1:])
    restart[1:] |= unit[1:] != unit[:-1]
    restart[1:] |= event[:-1]
    row = np.arange(len(unit), dtype=np.int32)
    return (row - np.maximum.accumulate(np.where(restart, row, 0))).astype(np.int16)
