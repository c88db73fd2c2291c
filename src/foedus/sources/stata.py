"""Read a Stata file (.dta): formats 113 to 115 (Stata 8 to 12) and 117 to 119 (since 13), as their documentation has
it.

Numbers and fixed-width text are read; long text (strL) is refused, since no data set here uses it. Stata's missing
values (the plain one and .a to .z) become null.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from foedus.errors import SourceError

# Type letter, greatest value that is not missing, for codes of the old and of the new formats.
_OLD = {251: ("i1", 100), 252: ("i2", 32740), 253: ("i4", 2147483620), 254: ("f4", 1.7e38), 255: ("f8", 8.9e307)}
_NEW = {65530: _OLD[251], 65529: _OLD[252], 65528: _OLD[253], 65527: _OLD[254], 65526: _OLD[255]}
_STRL = 32768


@dataclass(frozen=True, slots=True)
class Column:
    """One variable: `form` is its numpy type; greatest is the largest value that is not missing, None for text."""

    name: str
    form: str
    greatest: float | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows of a file begin, how many there are, and of which columns."""

    columns: tuple[Column, ...]
    n_rows: int
    start: int
    encoding: str


def read_stata(path: Path) -> pl.DataFrame:
    """All rows and columns of the file. Raises SourceError for a file that is not Stata's or is cut short."""
    data = path.read_bytes()
    there = _layout(path, data)
    row = np.dtype([(f"c{i}", column.form) for i, column in enumerate(there.columns)])
    if there.start + there.n_rows * row.itemsize > len(data):
        raise SourceError(f"{path}: the file is cut short: it declares {there.n_rows:,} rows; get it again.")
    table = np.frombuffer(data, dtype=row, count=there.n_rows, offset=there.start)
    return pl.DataFrame([_series(c, table[f"c{i}"], there.encoding, path) for i, c in enumerate(there.columns)])


def layout(path: Path) -> Layout:
    """The columns and the number of rows, from the header alone."""
    with path.open("rb") as file:
        return _layout(path, file.read(4 * 2**20))


def _layout(path: Path, data: bytes) -> Layout:
    try:
        if data[:11] == b"<stata_dta>":
            return _new(data)
        if data[:1] in (b"\x71", b"\x72", b"\x73"):
            return _old(data)
    except (struct.error, ValueError, IndexError, KeyError) as error:
        raise SourceError(f"{path}: the Stata header cannot be read ({error}); get the file again.") from None
    raise SourceError(f"{path}: the file is not Stata's, or older than Stata 8; expected formats 113 to 119.")


def _old(data: bytes) -> Layout:
    order = ">" if data[1] == 1 else "<"
    n_columns, n_rows = struct.unpack_from(f"{order}hi", data, 4)
    place = 109
    types = data[place : place + n_columns]
    place += n_columns
    names = [_text(data[place + 33 * i : place + 33 * (i + 1)], "latin-1") for i in range(n_columns)]
    width = 12 if data[0] == 0x71 else 49  # of a display format
    place += 33 * n_columns + 2 * (n_columns + 1) + width * n_columns + 33 * n_columns + 81 * n_columns
    while True:  # expansion fields: a byte of kind, four of length; a pair of zeros ends them
        kind, length = struct.unpack_from(f"{order}bi", data, place)
        place += 5 + length
        if kind == 0 and length == 0:
            break
        if length < 0:
            raise ValueError("a field of negative length")
    columns = tuple(_column(name, code, _OLD, order, 244) for name, code in zip(names, types, strict=True))
    return Layout(columns, _counted(n_rows, n_columns), place, "latin-1")


def _new(data: bytes) -> Layout:
    release = int(_between(data, "release"))
    order = ">" if _between(data, "byteorder") == b"MSF" else "<"
    n_columns = struct.unpack(f"{order}{'I' if release == 119 else 'H'}", _between(data, "K"))[0]
    n_rows = struct.unpack(f"{order}{'I' if release == 117 else 'Q'}", _between(data, "N"))[0]
    places = struct.unpack(f"{order}14Q", _between(data, "map"))
    width, encoding = (33, "latin-1") if release == 117 else (129, "utf-8")
    start = places[2] + len("<variable_types>")
    types = struct.unpack_from(f"{order}{n_columns}H", data, start)
    start = places[3] + len("<varnames>")
    names = [_text(data[start + width * i : start + width * (i + 1)], encoding) for i in range(n_columns)]
    columns = tuple(_column(name, code, _NEW, order, 2045) for name, code in zip(names, types, strict=True))
    return Layout(columns, _counted(n_rows, n_columns), places[9] + len("<data>"), encoding)


def _column(name: str, code: int, kinds: dict[int, tuple[str, float]], order: str, longest: int) -> Column:
    if code == _STRL:
        raise ValueError(f"column {name} is long text (strL), which is not read")
    if code in kinds:
        return Column(name, order + kinds[code][0], kinds[code][1])
    if not 1 <= code <= longest:
        raise ValueError(f"column {name} has the unknown type {code}")
    return Column(name, f"S{code}", None)


def _counted(n_rows: int, n_columns: int) -> int:
    if not (0 <= n_rows < 10**9 and 0 < n_columns < 33000):
        raise ValueError(f"{n_columns} columns and {n_rows} rows")
    return int(n_rows)


def _between(data: bytes, tag: str) -> bytes:
    """The content of a tag of the header; binary, so that its length is found from the closing tag."""
    found = re.search(f"<{tag}>(.*?)</{tag}>".encode(), data[: 2**16], re.DOTALL)
    if found is None:
        raise ValueError(f"no <{tag}>")
    return found.group(1)


def _text(cell: bytes, encoding: str) -> str:
    return cell.split(b"\0", 1)[0].decode(encoding)


def _series(
    column: Column, values: np.ndarray[tuple[int, ...], np.dtype[np.void]], encoding: str, path: Path
) -> pl.Series:
    if column.greatest is None:
        try:
            return pl.Series(column.name, [_text(bytes(v), encoding) for v in values], dtype=pl.String)
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}: column {column.name}: the text is not {encoding}: {error}") from None
    numbers = np.ascontiguousarray(values).astype(np.dtype(column.form).newbyteorder("="))
    series = pl.Series(column.name, numbers)
    return series.to_frame().select(pl.when(pl.col(column.name) <= column.greatest).then(column.name))[column.name]
