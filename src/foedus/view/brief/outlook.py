"""What could happen to it: the baseline run, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import polars as pl

from foedus.errors import FoedusError
from foedus.futures import summary
from foedus.futures.backtest.result import Backtest, Skill, shipped
from foedus.futures.baseline import baseline
from foedus.futures.store import Store
from foedus.record import Record
from foedus.view import words
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, KeyFigure, KeyFigures, Picture, Section, Table, Text
from foedus.view.outlook import fan_chart, skill_chart

TITLE = "What could happen to it"
TO_COME = "outlook-to-come"  # id of the section while the run is made
MOST_EVENTS = 10
SEEN_OF_THE_PAST = 30  # years
ASKED = ("memberships", "exits", "new ties", "lost ties")
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Run:
    """A baseline run, and its events by `summary.likely`, which every brief reads."""

    store: Store
    likely: pl.DataFrame


def sections(m: Moment, progress: Progress = lambda step: None) -> list[Section]:
    """The outlook, for a treaty in force on a day of the present; none for a day of the past."""
    if not m.is_alive or m.day.year < date.today().year - 1:
        return []
    try:
        run = _run(m.record, progress)
    except FoedusError as error:
        return [Section("outlook", TITLE, (Text((f"No outlook could be computed: {error}",)),))]
    if m.treaty.id not in run.store.manifest["treaties"]:
        text = f"It is not simulated: the run begins at the end of {run.store.manifest['origin']}, when the treaty was"
        return [Section("outlook", TITLE, (Text((f"{text} not in force between two states, or is open to all.",)),))]
    fan = summary.members_fan(run.store, m.treaty.id)
    return [Section("outlook", TITLE, tuple(_blocks(m, run, fan)))]


def to_come(m: Moment, says: str) -> list[Section]:
    """In place of `sections` while the baseline run is made elsewhere: where the outlook will stand, and `says` why."""
    if not m.is_alive or m.day.year < date.today().year - 1:
        return []
    return [Section(TO_COME, TITLE, (Text((says,)),))]


_runs: WeakKeyDictionary[Record, Run] = WeakKeyDictionary()  # many briefs of one record read one run


def _run(record: Record, progress: Progress) -> Run:
    if record not in _runs:
        store = baseline(record, progress)
        _runs[record] = Run(store, summary.likely(store, most=10_000))
    return _runs[record]


def _blocks(m: Moment, run: Run, fan: pl.DataFrame) -> list[Block]:
    manifest, last = run.store.manifest, fan.sort("year").row(-1, named=True)
    mine = run.likely.filter(pl.col("treaty") == m.treaty.id)
    worlds, until = int(manifest["worlds"]), int(manifest["until"])
    said = (
        f"{worlds:,} simulated worlds to {until}, begun with the record at the end of {manifest['origin']}, if things"
        " go on as the fitted models say and nothing is assumed beyond. Shares are shares of worlds; they are estimates"
        " of models, not facts of the record."
    )
    blocks: list[Block] = [Text((said,)), _figures(last, until), _fan(m, fan, int(manifest["origin"]))]
    if not mine.is_empty():
        blocks.append(_events(m, mine, until))
    return [*blocks, *_trust()]


def _figures(last: dict[str, object], until: int) -> KeyFigures:
    span = f"{last['low']} to {last['high']}"
    return KeyFigures(
        (
            KeyFigure(f"{last['in_force']:.0%}", f"of worlds in which it is in force at the end of {until}"),
            KeyFigure(str(last["median"]), f"members then, in the middle world; it has {last['start']} today"),
            KeyFigure(span, "members in eight of ten worlds"),
        )
    )


def _fan(m: Moment, fan: pl.DataFrame, origin: int) -> Picture:
    begun = m.treaty.in_force or m.treaty.signed
    years = range(max(begun.year, origin - SEEN_OF_THE_PAST), origin + 1)
    past = [(y, len(m.treaty.members_on(date(y, 12, 31)))) for y in years]
    last = fan.sort("year").row(-1, named=True)
    told = f"From {past[-1][1]} at the end of {origin} to {last['low']} to {last['high']} at the end of {last['year']}."
    note = "Solid: the record. Dashed: the middle world. Band: eight of ten worlds. A treaty that has ended has none."
    return Picture("fan", "Members, and members to come", told, lambda w: fan_chart(fan, past, w), note=note)


def _events(m: Moment, likely: pl.DataFrame, until: int) -> Table:
    verbs = {"accession": "joins", "withdrawal": "leaves", "termination": "the treaty ends", "lapse": "too few remain"}
    rows = []
    for kind, state, share, year in (
        likely.select("kind", "state", "share", "median_year").head(MOST_EVENTS).iter_rows()
    ):
        who = f"{m.name(state, m.day)} {verbs[kind]}" if state else verbs[kind].capitalize()
        rows.append((who, f"{share:.1%}", str(year)))
    return Table(
        f"Likeliest single events to {until}",
        ("Event", "Share of worlds", "In the middle of those worlds"),
        tuple(rows),
        align="lrr",
        note="Each at least once. The models know ties, distance, regimes and rivalries, not plans or politics.",
    )


def _trust() -> list[Block]:
    found = shipped("atop") or shipped("record")
    if found is None:
        return []
    which = "ATOP" if found.data == "atop" else "the record"
    origins = words.listed([str(o) for o in found.origins])
    said = (
        f"How far to trust this: fitted again on what was known in {origins} and run forward {found.horizons[0]} to"
        f" {found.horizons[-1]} years, the simulator was scored on what happened ({which}). {_verdict(found)}"
    )
    picture = Picture(
        "skill",
        "Would it have been right?",
        _verdict(found),
        lambda width: skill_chart(found, ASKED, width),
        note="Brier skill over all origins with intervals of 90 %. Clipped at -1. docs/backtest.md has the rest.",
        print_share=0.8,
    )
    return [Text((said,)), picture]


def _verdict(found: Backtest) -> str:
    """Against which references it was better and worse, in a sentence for each question."""
    out = []
    for level in ASKED:
        mine = [s for s in found.skills if s.origin is None and s.level == level and s.score == "brier"]
        known = [s for s in mine if s.skill is not None]
        if known:
            better = sum(_is_above(s) for s in known)
            worse = sum(_is_below(s) for s in known)
            out.append(f"{level}: better in {better} of {len(known)} comparisons, worse in {worse}")
    return f"By the Brier score, beyond doubt of 90 %, on {'; '.join(out)}." if out else "No score could be compared."


def _is_above(s: Skill) -> bool:
    return s.low is not None and s.low > 0


def _is_below(s: Skill) -> bool:
    return s.high is not None and s.high < 0
