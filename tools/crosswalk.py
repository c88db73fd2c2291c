"""Write src/foedus/sources/crosswalk.csv from the record's tables and crosswalk_extra.csv beside this file.

    python tools/crosswalk.py [--check]

The rooms `record` and `sources` do not know each other, so `sources` keeps its own copy of what it needs: which state a
COW or Gleditsch-Ward number, an ISO 3166 code or a name means. Rows: coding, key, since, until (years, both inclusive;
empty is open), code (empty: known to be no state). A row of crosswalk_extra.csv stands instead of all rows of the
record with the same coding and key. --check writes nothing and fails when the file differs.
"""

from __future__ import annotations

import csv
import io
import sys
from itertools import pairwise
from pathlib import Path

from foedus.record import Record, load
from foedus.record.names import plain

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "foedus" / "sources" / "crosswalk.csv"
FIELDS = ("coding", "key", "since", "until", "code")
Row = tuple[str, str, str, str, str]
FORMER_ISO = ("CSK", "DDR", "YMD")  # our codes of former states that ISO 3166-3 also lists


def from_record(record: Record) -> list[Row]:
    """Undated rows: numbers, ISO codes of today's and former states, names that only ever meant one state."""
    rows: list[Row] = []
    today = {spell.code for spell in record.spells if spell.until is None}
    for state in record.states.values():
        rows += [(coding, str(n), "", "", state.code) for coding, n in (("cow", state.cow), ("gw", state.gw)) if n]
        if state.code in today or state.code in FORMER_ISO:
            rows.append(("iso3", state.code, "", "", state.code))
    rows += [("iso3", n.name, "", "", n.code) for n in record.names if "iso-3166-3" in n.sources]
    means: dict[str, set[str]] = {}
    spelt: dict[str, str] = {}
    for name, code in _names(record):
        means.setdefault(plain(name), set()).add(code)
        spelt.setdefault(plain(name), name)
    return rows + [("name", spelt[p], "", "", min(codes)) for p, codes in means.items() if len(codes) == 1]


def _names(record: Record) -> list[tuple[str, str]]:
    named = [(state.name, state.code) for state in record.states.values()]
    return named + [(n.name, n.code) for n in record.names if n.kind != "former_code"]


def extra() -> list[Row]:
    """The rows written by hand: dated codes, spellings of one data set, codes that are known not to be states."""
    with (HERE / "crosswalk_extra.csv").open(encoding="utf-8", newline="") as file:
        return [(r["coding"], r["key"], r["since"], r["until"], r["code"]) for r in csv.DictReader(file)]


def merged(base: list[Row], by_hand: list[Row]) -> str:
    """The text of crosswalk.csv. Raises ValueError for a code that has two meanings at one time."""
    stands = {_key(row) for row in by_hand}
    rows = sorted({*(r for r in base if _key(r) not in stands), *by_hand}, key=lambda r: (r[0], r[1].zfill(4), r[2]))
    for row, after in pairwise(rows):
        if _key(row) == _key(after) and int(row[3] or 9999) >= int(after[2] or 0):
            raise ValueError(f"{row} and {after} overlap")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(rows)
    return out.getvalue()


def _key(row: Row) -> tuple[str, str]:
    return row[0], plain(row[1]) if row[0] == "name" else row[1]


def main() -> int:
    """Write the file, or with --check compare it."""
    text = merged(from_record(load()), extra())
    if "--check" in sys.argv[1:]:
        return int(OUT.read_text(encoding="utf-8") != text)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
