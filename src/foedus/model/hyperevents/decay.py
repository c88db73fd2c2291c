"""How fast history fades: a half-life, in the unit of time."""

from __future__ import annotations

import math

from foedus.model.errors import ModelError

DAYS_PER_YEAR = 365.25


def half_life_of(asked: str | float | None) -> float | None:
    """A half-life from a number, or from text: "7305", or "20y" for years where times are days. None: no decay.

    Raises ModelError for what is not a finite number above 0.

    >>> half_life_of("20y")
    7305.0
    """
    if asked is None:
        return None
    text = str(asked).strip().lower()
    in_years = text.endswith("y")
    try:
        value = float(text.removesuffix("y")) * (DAYS_PER_YEAR if in_years else 1.0)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ModelError(f'half-life "{asked}": expected a number above 0 in the unit of time, or years as in 20y.')
    return value
