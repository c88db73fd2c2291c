"""The record for other programs: CSV, Parquet, Excel, or the whole of it as one JSON file.

Everything here is pure, texts and bytes by file name; `folder.write_folder` puts them on a disk.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args

import msgspec
import polars as pl

import foedus
from foedus.errors import FoedusError, OutputError
from foedus.panel import export_words
from foedus.panel.export_tables import Table, tables
from foedus.record import Record
from foedus.record.exchange import encode, tables_of, to_json

Form = Literal["csv", "parquet", "json", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)
MAX_SHEET_ROWS = 1_048_576  # of an Excel sheet, its header included
MAX_CELL = 32_767  # characters of an Excel cell
MARK = "# The foedus record, exported as "
CITE = (
    "If you use these data, cite them with version and contents, and cite the sources of the single values you rest on."
)


def form_of(asked: str) -> Form:
    """The form called `asked`. Raises FoedusError with those there are."""
    for form in FORMS:
        if asked.lower() == form:
            return form
    raise FoedusError(f'"{asked}" is not a format of an export; expected {", ".join(FORMS)}. Give --format.')


def files(record: Record, form: Form, last: date) -> dict[str, bytes]:
    """The files of one export by name, README.md and CITATION.cff among them.

    csv, parquet : one file for each table. xlsx : record.xlsx, a sheet for each table. json : record.json, the whole
    record, which `foedus.record.from_json` reads back. Raises OutputError when a table does not fit an Excel sheet.
    """
    held = () if form == "json" else tables(record, last)
    return {
        **_data(record, form, held),
        "README.md": readme(record, form, held, last).encode(),
        "CITATION.cff": citation(record).encode(),
    }


def _data(record: Record, form: Form, held: Sequence[Table]) -> dict[str, bytes]:
    if form == "json":
        return {"record.json": to_json(record).encode()}
    if form == "xlsx":
        return {"record.xlsx": _xlsx(held, record)}
    return {f"{table.name}.{form}": _bytes(table.frame, form) for table in held}


def _bytes(frame: pl.DataFrame, form: Form) -> bytes:
    out = io.BytesIO()
    if form == "csv":
        frame.write_csv(out)
    else:
        frame.write_parquet(out)
    return out.getvalue()


def _xlsx(held: Sequence[Table], record: Record) -> bytes:
    """One workbook, a sheet for each table. Days stand as text: Excel has no days before 1900.

    Written row by row, which takes a tenth of the memory that Polars' own writer needs for the yearly tables.
    """
    import xlsxwriter

    for table in held:
        _fits(table)
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    checked = max((t.checked for t in record.treaties.values()), default=date(2000, 1, 1))
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {"title": "The foedus record", "created": datetime(checked.year, checked.month, checked.day)}
        )
        for table in held:
            _sheet(book.add_worksheet(table.name), table.frame.with_columns(pl.col(pl.Date).dt.to_string()))
    return out.getvalue()


def _sheet(sheet: Any, frame: pl.DataFrame) -> None:
    """A header that stays in sight, then the rows; a null is an empty cell."""
    kinds = {pl.String: sheet.write_string, pl.Boolean: sheet.write_boolean}
    writers = [kinds.get(type(kind), sheet.write_number) for kind in frame.dtypes]
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name)
    for row, values in enumerate(frame.iter_rows(), 1):
        for column, value in enumerate(values):
            if value is not None:
                writers[column](row, column, value)


def _fits(table: Table) -> None:
    """Raise OutputError when the table is too long, or a cell too wide, for Excel, which would cut it in silence."""
    if table.frame.height + 1 > MAX_SHEET_ROWS:
        says = f"has {table.frame.height:,} rows; an Excel sheet holds {MAX_SHEET_ROWS - 1:,}"
        raise OutputError(f"The table {table.name} {says}. Write --format csv or parquet instead.")
    longest = table.frame.select(pl.col(pl.String).str.len_chars().max())
    for column in longest.columns:
        if (longest[column][0] or 0) > MAX_CELL:
            says = f"holds a text of {longest[column][0]:,} characters; an Excel cell holds {MAX_CELL:,}"
            raise OutputError(f"{table.name}.{column} {says}. Write --format csv or parquet instead.")


def seal(record: Record) -> str:
    """Twelve hexadecimal digits that change with every value of the record, to cite exactly what was used."""
    return hashlib.sha256(encode(msgspec.structs.replace(tables_of(record), origin={}))).hexdigest()[:12]


def readme(record: Record, form: Form, held: Sequence[Table], last: date) -> str:
    """What the folder holds: version, tables, columns with their types, how to cite, the licence."""
    return "\n".join([*_about(record, form, last), *_held(form, held), *_cite(record)]) + "\n"


def _about(record: Record, form: Form, last: date) -> Iterator[str]:
    spells = sum(len(t.member) for t in record.treaties.values())
    duties = sum(len(t.obligation) for t in record.treaties.values())
    own = sorted(id_ for id_, file in record.origin.items() if not file.startswith("record/data/"))
    yield f"{MARK}{form}"
    yield ""
    yield "Who has promised what to whom:"
    yield f"{len(record.treaties)} treaties, {spells} membership spells, {duties} obligations."
    yield f"foedus {foedus.__version__}, contents {seal(record)}."
    if own:
        yield f"Own files took part, beside those of foedus: {', '.join(own)}."
    yield ""
    yield "Intervals are half-open: `since` is the first day, `until` the first day no longer. A day known only to the"
    yield "month or year is the first of it, and `precision` says so. States bear the codes of the table states."
    if form != "json":
        yield f"The yearly tables end on {last}."


def _held(form: Form, held: Sequence[Table]) -> Iterator[str]:
    if form == "json":
        yield ""
        yield "`record.json` holds the whole record: `treaties` and shared `sources` by id, every table under `rows` by"
        yield "its file, and under `origin` the file that each came from. docs/record.md of foedus explains the keys."
        yield "`foedus.record.from_json(text)` reads it back, value for value."
        return
    yield "Lists are joined by `;` (a semicolon inside an item is written as a comma); absent values are empty."
    yield "Treaties that never came into force have members too: the column in_force of treaties is then empty."
    if form == "xlsx":
        yield "`record.xlsx` holds a sheet for each table; days are text, since Excel has none before 1900."
    for table in held:
        file = f"sheet {table.name}" if form == "xlsx" else f"{table.name}.{form}"
        yield from ("", f"## {file}", "", f"{table.says} {table.frame.height} rows.", "", "| column | holds | type |")
        yield "| --- | --- | --- |"
        for column, says in table.columns.items():
            unit = export_words.UNITS[str(table.frame.schema[column])]
            yield f"| {column} | {says.replace('|', '/')} | {unit} |"


def _cite(record: Record) -> Iterator[str]:
    yield from ("", "## How to cite, and the licence", "")
    yield f'The foedus contributors, "The foedus record", foedus {foedus.__version__}, contents {seal(record)}.'
    yield "CITATION.cff says the same to programs. Where you rest on single values, cite their sources too."
    yield ""
    yield "The data are under the Apache License 2.0, as foedus is."


def citation(record: Record) -> str:
    """The text of CITATION.cff for the exported data."""
    held = f"{len(record.treaties)} treaties of alliance, article by article"
    return f"""\
cff-version: 1.2.0
message: "{CITE}"
type: dataset
title: "The foedus record: who has promised what to whom"
abstract: "{held}, with members by day and a source for every value; contents {seal(record)}."
authors:
  - name: "The foedus contributors"
version: {foedus.__version__}
license: Apache-2.0
keywords:
  - alliances
  - treaties
  - international relations
  - defence
"""
