"""Write a table as a Stata file, release 118 (Stata 14 and later): numbers, text and variable labels.

Layout after Stata's own description, `help dta` (file format 118). Numbers become the smallest Stata type that holds
them with room for its missing value; true and false become 1 and 0; lists become text joined by semicolons.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.errors import OutputError

LONGEST_TEXT = 2045  # bytes of a str# variable
_CHUNK = 200_000  # rows written at a time, so that memory stays small
_SECTIONS = (
    *("stata_dta", "map", "variable_types", "varnames", "sortlist", "formats", "value_label_names", "variable_labels"),
    *("characteristics", "data", "strls", "value_labels"),
)


@dataclass(frozen=True, slots=True)
class _Variable:
    """One Stata variable: its type number, NumPy layout, display format and missing value (None for text)."""

    name: str
    code: int
    layout: str
    shown: str
    missing: float | None


# type number, layout, format, missing value, smallest and largest value
_WHOLE = (
    (65530, "<i1", "%8.0g", 101, -127, 100),
    (65529, "<i2", "%8.0g", 32_741, -32_767, 32_740),
    (65528, "<i4", "%12.0g", 2_147_483_621, -2_147_483_647, 2_147_483_620),
)
_MISSING_DOUBLE = 2.0**1023


def parts(frame: pl.DataFrame, labels: Mapping[str, str]) -> Iterator[bytes]:
    """The bytes of the file, piece by piece. labels : variable labels by column, cut to Stata's 80 characters.

    Raises OutputError for a column that Stata cannot hold: its name, its type, or a text of more than 2,045 bytes.
    """
    plain = frame.with_columns(_plain(frame))
    variables = [_variable(plain[c]) for c in plain.columns]
    row = np.dtype([(f"c{k}", v.layout) for k, v in enumerate(variables)])
    pieces = {
        "variable_types": struct.pack(f"<{len(variables)}H", *(v.code for v in variables)),
        "varnames": b"".join(_fixed(v.name, 129) for v in variables),
        "sortlist": bytes(2 * (len(variables) + 1)),
        "formats": b"".join(_fixed(v.shown, 57) for v in variables),
        "value_label_names": bytes(129 * len(variables)),
        "variable_labels": b"".join(_fixed(labels.get(v.name, "")[:80], 321) for v in variables),
        "characteristics": b"",
    }
    header = (
        b"<header><release>118</release><byteorder>LSF</byteorder>"
        + b"<K>"
        + struct.pack("<H", len(variables))
        + b"</K><N>"
        + struct.pack("<Q", len(plain))
        + b"</N>"
        + b"<label>"
        + struct.pack("<H", 0)
        + b"</label><timestamp>\x00</timestamp></header>"
    )
    sizes = {name: len(data) + 2 * len(name) + 5 for name, data in pieces.items()}
    sizes |= {"map": 14 * 8 + 11, "data": len(plain) * row.itemsize + 13, "strls": 15, "value_labels": 29}
    offsets, at = [0], len(b"<stata_dta>") + len(header)
    for name in _SECTIONS[1:]:
        offsets.append(at)
        at += sizes[name]
    offsets += [at, at + len(b"</stata_dta>")]
    yield b"<stata_dta>" + header + b"<map>" + struct.pack("<14Q", *offsets) + b"</map>"
    for name, data in pieces.items():
        yield f"<{name}>".encode() + data + f"</{name}>".encode()
    yield b"<data>"
    for begin in range(0, len(plain), _CHUNK):
        yield _rows(plain[begin : begin + _CHUNK], variables, row)
    yield b"</data><strls></strls><value_labels></value_labels></stata_dta>"


def _plain(frame: pl.DataFrame) -> list[pl.Expr]:
    """Columns as whole numbers, reals or text."""
    made = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Boolean:
            made.append(column.cast(pl.Int8))
        elif isinstance(kind, pl.List):
            made.append(column.cast(pl.List(pl.String)).list.join(";"))
        elif not (kind.is_numeric() or kind == pl.String):
            made.append(column.cast(pl.String))
    return made


def _variable(column: pl.Series) -> _Variable:
    if len(column.name) > 32 or not column.name.isidentifier():
        raise OutputError(
            f"Stata takes names of up to 32 letters and digits; {column.name} is none. Write csv or parquet."
        )
    if column.dtype == pl.String:
        longest = max(1, int(str(column.str.len_bytes().max() or 0)))
        if longest > LONGEST_TEXT:
            says = f"Column {column.name} holds a text of {longest} bytes; Stata takes {LONGEST_TEXT}"
            raise OutputError(f"{says}. Write csv or parquet.")
        return _Variable(column.name, longest, f"S{longest}", f"%-{min(longest, 80)}s", None)
    if column.dtype.is_integer():
        least, most = int(str(column.min() or 0)), int(str(column.max() or 0))
        for code, layout, shown, missing, low, high in _WHOLE:
            if low <= least and most <= high:
                return _Variable(column.name, code, layout, shown, missing)
    return _Variable(column.name, 65526, "<f8", "%10.0g", _MISSING_DOUBLE)


def _rows(frame: pl.DataFrame, variables: list[_Variable], row: np.dtype[np.void]) -> bytes:
    table: NDArray[np.void] = np.zeros(len(frame), dtype=row)
    for k, v in enumerate(variables):
        column = frame[v.name]
        if v.missing is None:
            table[f"c{k}"] = [text.encode() for text in column.fill_null("").to_list()]
        else:
            held = column.cast(pl.Float64).fill_nan(None) if v.layout == "<f8" else column
            table[f"c{k}"] = held.fill_null(pl.lit(v.missing)).to_numpy()
    return table.tobytes()


def _fixed(text: str, size: int) -> bytes:
    """UTF-8 with zeros behind it; Stata counts characters, the field bytes."""
    data = text.encode()
    while len(data) >= size:
        text = text[:-1]
        data = text.encode()
    return data.ljust(size, b"\0")
