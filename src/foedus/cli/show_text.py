"""Answers on the terminal: JSON for programs, tables for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec


def as_json(answer: Any) -> None:
    """Print `answer` as indented JSON; dates as YYYY-MM-DD."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print a table that fits the terminal; piped, it is as wide as it needs to be."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    drawn = Table(
        title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False, header_style="dim"
    )
    for i, column in enumerate(columns):
        drawn.add_column(column, justify="right" if i in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn)


def few(codes: Sequence[str], most: int = 8) -> str:
    """Codes in a row, those beyond `most` counted: "AND ARM and 7 more"."""
    return " ".join(codes[:most]) + (f" and {len(codes) - most} more" if len(codes) > most else "")


def lines(*texts: str) -> None:
    """Print lines of text as they are."""
    print("\n".join(texts))
