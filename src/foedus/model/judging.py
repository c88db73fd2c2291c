"""Which years a check judges on: those after `--until`, else a row of origins; every forecast is one not yet seen."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.model.errors import ModelError

LEAST_LEFT = 5  # years to judge on


def origins(until: int | None, usual: Sequence[int], first: int, last: int, name: str) -> tuple[int, ...]:
    """Last years that a fit may see: `until`, or the `usual` ones that leave years to judge on.

    first : the earliest origin that leaves enough to fit. Raises ModelError for an `until` outside first to last - 5.
    """
    if until is None:
        return tuple(o for o in usual if first <= o <= last - LEAST_LEFT)
    if not first <= until <= last - LEAST_LEFT:
        raise ModelError(
            f"{name}: --until {until}: expected a year from {first} to {last - LEAST_LEFT}, so that years are left to"
            " judge on."
        )
    return (until,)


def judged_on(until: int | None, last: int) -> str:
    """On which rows, in words."""
    if until is None:
        return f"Judged on the rows it was fitted to (to {last})."
    return f"Fitted to {until}, judged on {until + 1}-{last}."
