"""What a request may say, declared once: the day, a page of a list, an event. FastAPI checks it and documents it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, StringConstraints

FIRST, LAST = date(1814, 1, 1), date(2100, 1, 1)
MOST = 1_000


def is_day(value: object) -> object:
    """Only YYYY-MM-DD: a number would be read as seconds since 1970, a year alone as nothing anybody meant."""
    if isinstance(value, date):
        return value
    text = str(value)
    if text in ("", "today"):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f'"{text[:40]}" is not a day; write YYYY-MM-DD, as in 1914-06-28')
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day} lies outside the record, which begins in 1814 and is of no use after 2100")
    return day


On = Annotated[
    date | None,
    BeforeValidator(is_day),
    Query(description="The day to read the record on, YYYY-MM-DD; today by default.", examples=["1914-06-28"]),
]


def day_of(on: date | None) -> date:
    """The day asked for, today by default."""
    return on or date.today()


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: `limit` of them after the first `offset`."""

    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Rows to leave out at the beginning.")] = 0
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows to give at most.")] = MOST


Text = Annotated[str, Query(max_length=200)]
Word = Annotated[str, StringConstraints(max_length=200)]
Several = Annotated[tuple[Word, ...], Query(max_length=40)]
