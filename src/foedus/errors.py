"""Everything foedus raises on purpose.

FoedusError                 base; the command line shows its text and exits with 2
├── RecordError             a file of the record is wrong; carries every problem found
├── NotFound                a name that matches nothing; carries the nearest names
│   ├── UnknownState
│   ├── UnknownTreaty
│   └── UnknownFigure
├── DateOutsideRecord       a date before the record begins or that is not a date
├── EventError              an event that cannot be: unknown kind, attacker equal to target, contradictory facts
├── SourceError             a scholarly data set's file is missing, cut short or not what it should be
├── SchemaError             a table lacks a declared column or has another type
└── OutputError             an answer could not be written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class FoedusError(Exception):
    """Base of every error that foedus raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file of the record.

    where : the entry and field, for instance "member[3].since".
    line : 1-based line of that entry in the file, or None when it is not known.
    says : what was found, what was expected, what to do.
    """

    file: str
    where: str
    says: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, " if self.line else ""
        return f"{place}{self.where}: {self.says}" if self.where else f"{place}{self.says}"


class RecordError(FoedusError):
    """One or more files of the record do not validate; `problems` lists all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_by_file(self.problems))


def _by_file(problems: Sequence[Problem]) -> str:
    lines: list[str] = []
    for file in dict.fromkeys(p.file for p in problems):
        mine = [p for p in problems if p.file == file]
        lines.append(f"{file}: {len(mine)} problem{'s' if len(mine) > 1 else ''}")
        lines += [f"  {p}" for p in mine]
    lines.append("Correct them, then run: foedus record check")
    return "\n".join(lines)


class NotFound(FoedusError):
    """A name that matches nothing in the record, or (`says` tells) more than one thing."""

    what = "entry"

    def __init__(self, asked: str, nearest: Sequence[str] = (), hint: str = "", *, says: str = "") -> None:
        self.asked, self.nearest = asked, tuple(nearest)
        near = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        super().__init__(says or f'No {self.what} is called "{asked}".{near}{" " + hint if hint else ""}')


class UnknownState(NotFound):
    """A state that is neither a code, a COW number or abbreviation, nor a name in the record."""

    what = "state"


class UnknownTreaty(NotFound):
    """A treaty that is neither an id, a name nor an alias in the record."""

    what = "treaty"


class UnknownFigure(NotFound):
    """A figure or date that `foedus why` cannot find."""

    what = "figure"


class DateOutsideRecord(FoedusError):
    """A date that is not one, or lies outside what the record covers."""


class EventError(FoedusError):
    """An event that cannot be read or cannot be: names the field, what was expected and what is near."""


class SourceError(FoedusError):
    """A file of a scholarly data set is missing, cut short, or of another version or shape."""


class SchemaError(FoedusError):
    """A frame lacks a declared column or has one of another type."""


class OutputError(FoedusError):
    """An answer could not be written; nothing half-written is left behind."""
