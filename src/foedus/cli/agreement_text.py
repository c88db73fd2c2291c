"""`foedus record check --against atop`: agreement in figures, open differences, what the record says of the others."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foedus.cli import show_text
from foedus.errors import SourceError
from foedus.panel.against_atop import against_atop
from foedus.panel.against_dyads import DyadAgreement, against_dyads
from foedus.panel.agreement import MULTILATERAL, Agreement, Closeness, Difference, PledgeAgreement
from foedus.record import Record
from foedus.sources import alliances, atop_dyads, cow_dyads, members

KNOWN = ("atop",)
_FIELD = {
    "signed": "day of signature",
    "ended": "end",
    "members": "members",
    "entry": "entry of a member",
    "exit": "exit of a member",
    "pledges": "pledges, all kinds",
}
_DYADS = (("ATOP 5.1", atop_dyads), ("COW 4.1", cow_dyads))


@dataclass(frozen=True, slots=True)
class Shown:
    """What to print beside the open differences."""

    everything: bool = False
    remarks: bool = False
    json: bool = False


def check(record: Record, name: str, folder: Path | None, ids: Collection[str] | None, shown: Shown) -> int:
    """Compare, print, and return the exit code: 1 when a difference of a multilateral treaty is not explained.

    ids : treaties to compare, None for all. Raises SourceError when the data set is not known, not there or not whole.
    """
    if name not in KNOWN:
        raise SourceError(f'--against "{name}": foedus compares with {", ".join(KNOWN)} only.')
    if folder is None:
        says = "say where your copies are, with --sources DIR or FOEDUS_SOURCES; docs/sources.md says how to get them."
        raise SourceError(f"--against {name}: {says}")
    found = against_atop(record, alliances(folder), members(folder), ids)
    dyads = tuple(_dyads(record, folder)) if ids is None else ()
    if shown.json:
        show_text.as_json(_as_dict(found, dyads))
    else:
        _print(found, dyads, shown)
    return 1 if found.unexplained_multilateral else 0


def _dyads(record: Record, folder: Path) -> Iterator[DyadAgreement | str]:
    """The comparisons by dyad and year; a sentence instead of one whose file the user does not have."""
    for name, read in _DYADS:
        try:
            theirs = read(folder)
        except SourceError as error:
            if "no such file" not in str(error):
                raise
            yield f"Dyads of {name} were not compared: {error}"
        else:
            yield against_dyads(record, theirs, name)


def _as_dict(found: Agreement, dyads: Sequence[DyadAgreement | str]) -> dict[str, Any]:
    return {
        **dataclasses.asdict(found),
        "n_explained": len(found.differences) - len(found.unexplained),
        "n_unexplained": len(found.unexplained),
        "n_unexplained_multilateral": len(found.unexplained_multilateral),
        "dyads": [dataclasses.asdict(d) for d in dyads if not isinstance(d, str)],
    }


def _print(found: Agreement, dyads: Sequence[DyadAgreement | str], shown: Shown) -> None:
    title = f"The record beside ATOP: {found.n_alliances} alliances that both hold"
    heads = ("", "compared", "agree", "share", "dated", "same day", "31 days", "366 days", "one open")
    show_text.table(title, heads, list(_rows(found)), right=range(1, len(heads)))
    kinds = [
        (p.pledge, *(str(n) for n in (p.n_both, p.n_only_ours, p.n_only_theirs)), _percent(*_same(p)))
        for p in found.pledges
    ]
    show_text.table("Kinds of pledge, one by one", ("", "in both", "ours", "theirs", "agree"), kinds, (1, 2, 3, 4))
    covered = [(r.kind, str(r.n_theirs), str(r.n_claimed), _percent(r.n_claimed, r.n_theirs)) for r in found.recall]
    show_text.table("ATOP's alliances that the record claims", ("", "in ATOP", "claimed", "share"), covered, (1, 2, 3))
    _print_dyads(dyads)
    show_text.lines(*_lines(found, shown))


def _rows(found: Agreement) -> Iterator[tuple[str, ...]]:
    close = {c.field: c for c in found.closeness}
    for field, name in _FIELD.items():
        n, agreed = found.compared[field], found.agreed[field]
        yield name, str(n), str(agreed), _percent(agreed, n), *_near(close.get(field))


def _same(p: PledgeAgreement) -> tuple[int, int]:
    same = p.n_both + p.n_neither
    return same, same + p.n_only_ours + p.n_only_theirs


def _near(c: Closeness | None) -> tuple[str, ...]:
    if c is None:
        return ("",) * 5
    shares = (_percent(n, c.n_dated) for n in (c.same_day, c.within_month, c.within_year))
    return str(c.n_dated), *shares, str(c.n_one_open)


def _print_dyads(dyads: Sequence[DyadAgreement | str]) -> None:
    compared = [d for d in dyads if not isinstance(d, str)]
    if compared:
        heads = ("", "years", "in both", "record only", "theirs only", "of theirs", "of ours")
        rows = [
            (
                d.name,
                f"{d.years[0]}-{d.years[1]}",
                *(str(n) for n in (d.n_both, d.n_only_ours, d.n_only_theirs)),
                _percent(d.n_both, d.n_both + d.n_only_theirs),
                _percent(d.n_both, d.n_both + d.n_only_ours),
            )
            for d in compared
        ]
        show_text.table("Directed dyad-years with a defence pledge", heads, rows, right=range(2, len(heads)))
    for d in compared:
        show_text.lines(f"Most years apart from {d.name}: {'; '.join(_gaps(d))}.")
    show_text.lines(*(d for d in dyads if isinstance(d, str)), "")


def _gaps(dyads: DyadAgreement) -> Iterator[str]:
    for gap in dyads.gaps:
        a, b = gap.states
        yield f"{a}-{b} {gap.n_only_ours} ours, {gap.n_only_theirs} theirs ({gap.first}-{gap.last})"


def _lines(found: Agreement, shown: Shown) -> Iterator[str]:
    if found.unknown_ids:
        yield f"Ids that ATOP does not have: {', '.join(map(str, found.unknown_ids))}."
    yield from (f"open: {_sentence(d)}" for d in found.unexplained)
    explained = [d for d in found.differences if d.explained]
    if shown.everything:
        yield from (f"explained: {_sentence(d)} [{d.explained}]" for d in explained)
    if shown.remarks:
        yield from (f"remark: {e.treaty}: no difference was found for [{e.says}]" for e in found.stale)
    yield _summary(found, len(explained), shown)


def _summary(found: Agreement, n_explained: int, shown: Shown) -> str:
    n_open, n_bad = len(found.unexplained), len(found.unexplained_multilateral)
    more = "" if shown.everything or not n_explained else " (--all lists them)"
    fewer = f", {n_bad} of them of treaties with {MULTILATERAL} or more members" if n_open else ""
    idle = f"; {len(found.stale)} explanations found no difference" if found.stale else ""
    return f"{n_explained} differences are explained in the record{more}, {n_open} are open{fewer}{idle}."


def _sentence(d: Difference) -> str:
    who = f" of {d.state}" if d.state else ""
    apart = f", {abs(d.days)} days {'later' if d.days > 0 else 'earlier'}" if d.days else ""
    return f"{_words(d.treaties)} (ATOP {d.atopid}), {d.field}{who}: the record has {d.ours}, ATOP {d.theirs}{apart}"


def _words(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
