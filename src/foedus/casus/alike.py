"""Obligors whom an article cannot tell apart: one reading then speaks for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.record import Obligation, Treaty


def singled_out(treaty: Treaty, article: Obligation) -> set[str]:
    """States that a reservation, suspension or condition of the treaty treats apart."""
    apart = {r.state for r in treaty.reservation}
    for s in treaty.suspension:
        apart |= {*s.states, *s.between}
    for c in article.condition:
        apart |= set(c.applies_to)
    return apart


def groups(owing: Iterable[str], single: set[str]) -> list[list[str]]:
    """Obligors in groups that read alike: everybody singled out alone, the rest together."""
    alike = sorted(s for s in owing if s not in single)
    return ([alike] if alike else []) + [[s] for s in sorted(s for s in owing if s in single)]
