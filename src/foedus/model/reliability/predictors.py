"""What the model wants to know of a commitment, read from the record: a value, or how likely each value is.

The fit knows treaties as ATOP codes them, and the record codes some of that otherwise. So a term of the treaty is not
a number but a distribution: how often ATOP says 0, 1 or 2 where the record says what it says here, counted over every
treaty that both hold (`codings`). What nobody knows of the parties is one too, by the treaty's age (`BY_AGE`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log1p
from typing import Any, Literal

import numpy as np
import polars as pl

from foedus.model.reliability.commitments import ERA, FORM, LATER, PLEDGES
from foedus.record import Record, Treaty
from foedus.record.spell import in_force

CODED = ("milinst", "formal", *PLEDGES, *FORM[:4])  # terms of the treaty itself
BY_AGE = ("chcap2d", "dinstch2")  # what time does to the parties
HIGH = frozenset({"integrated_command", "bases"})
MID = frozenset({"staff_talks", "force", "contingents", "headquarters", "exercise", "programme"})
ORGANISED = frozenset({"organisation", "secretariat", "council", "parliament", "headquarters", "agency"})
OF_ALLIANCE = frozenset({"defence", "guarantee", "offence", "neutrality", "non_aggression", "consultation"})
_HALF = 0.5  # added to each count, so that what was never seen is not impossible


@dataclass(frozen=True, slots=True)
class Predictor:
    """One term. chance : how likely each value is, summing to 1. mark : how the value is known. says : from what."""

    term: str
    chance: Mapping[float, float]
    mark: Literal["observed", "derived", "assumed"]
    says: str

    @property
    def mean(self) -> float:
        """Expected value."""
        return sum(value * chance for value, chance in self.chance.items())


def coded(record: Record, treaty: Treaty, day: date) -> dict[str, int]:
    """The treaty's terms by the record's own words on `day`; keys CODED.

    milinst : 2 with an integrated command or bases, 1 with other standing military cooperation. formal : one for a
    published text, one for an organ. asymm : a promise that not every party owes, or not to every party. conditio : it
    depends on who attacks, on how many, or on a fact. bilat : two founders. wartime : signed while a party was at war.
    """
    kinds = {i.kind for i in treaty.institution if in_force(i.since, i.until, day)}
    core = [o for o in treaty.obligation if o.pledge in OF_ALLIANCE]
    pledged = {o.pledge for o in core}
    founders = {m.state for m in treaty.member if m.how == "founding"}
    return {
        "milinst": 2 if kinds & HIGH else 1 if kinds & MID else 0,
        "formal": int(treaty.text == "public") + int(bool(kinds & ORGANISED)),
        "defense": int(bool(pledged & {"defence", "guarantee"})),
        "offense": int("offence" in pledged),
        "neutral": int("neutrality" in pledged),
        "nonagg": int("non_aggression" in pledged),
        "consul": int(any(o.pledge == "consultation" and o.trigger != "standing" for o in core)),
        "asymm": int(any(isinstance(o.owes, tuple) or isinstance(o.to, tuple) for o in core)),
        "conditio": int(
            any(
                o.attackers or o.attacker not in ("any", "non_party") or o.min_attackers > 1 or o.condition
                for o in core
            )
        ),
        "bilat": int(len(founders) == 2),
        "wartime": int(_at_war(record, founders, treaty.signed)),
    }


def _at_war(record: Record, states: Iterable[str], day: date) -> bool:
    among = set(states)
    return any(p.state in among and in_force(p.since, p.until, day) for p in record.war_parties)


def codings(record: Record, alliances: pl.DataFrame) -> dict[str, dict[str, dict[str, int]]]:
    """How ATOP codes what the record codes: term -> the record's value -> ATOP's value -> number of treaties.

    alliances : the user's `atop_alliances_v4_01`, whose columns milinst and formal follow Leeds and Anac. A treaty of
    the record that is several there is compared with each; terms that ATOP does not know are left out.
    """
    known = {row["atopid"]: row for row in alliances.iter_rows(named=True)}
    out: dict[str, dict[str, dict[str, int]]] = {term: {} for term in CODED}
    for treaty in record.treaties.values():
        ours = coded(record, treaty, _last_day(treaty))
        for atop in treaty.atop:
            for term, value in ours.items():
                theirs = known.get(atop, {}).get(term)
                if theirs is not None:
                    row = out[term].setdefault(str(value), {})
                    row[str(int(theirs))] = row.get(str(int(theirs)), 0) + 1
    return {t: {v: dict(sorted(row.items())) for v, row in sorted(rows.items())} for t, rows in out.items()}


def _last_day(treaty: Treaty) -> date:
    """A day on which whatever was built still stood: the last of the treaty, today's for a live one."""
    from datetime import timedelta

    return treaty.ended - timedelta(days=1) if treaty.ended else treaty.checked


def institutions_changed(record: Record, states: Iterable[str], since: date, until: date) -> bool | None:
    """Whether a regime of one of `states` was of another class in the years of the two days; None if none is known."""
    pairs = [(_regime(record, s, since.year), _regime(record, s, until.year)) for s in states]
    known = [(a, b) for a, b in pairs if a and b]
    return any(a != b for a, b in known) if known else None


def _regime(record: Record, state: str, year: int) -> str | None:
    rows = (r for r in record.regimes if r.state == state)
    return next((r.regime for r in rows if r.first_year <= year and (r.last_year is None or year <= r.last_year)), None)


def predictors(
    record: Record,
    treaty: Treaty,
    state: str,
    toward: Iterable[str],
    day: date,
    *,
    to_target: bool,
    extra: Mapping[str, Any],
) -> tuple[Predictor, ...]:
    """Every term for the commitment of `state` under `treaty` toward `toward`, on `day`.

    to_target : whether one of `toward` is an original target of the war. extra : of the fitted model: codings, by_age.
    """
    parties = (state, *sorted(toward))
    joined = max(
        [treaty.signed, *(m.since for m in treaty.member if m.state in parties and m.since <= day)]
    )  # the later of the parties to come in: before it there was no promise between them
    by_treaty = [_coded_as(t, v, extra["codings"][t]) for t, v in coded(record, treaty, day).items()]
    age = max(day.year - treaty.signed.year, 0)
    return (
        *by_treaty,
        _changed("chcap2d", None, max(day.year - joined.year, 0), extra),
        _changed("dinstch2", institutions_changed(record, parties, joined, day), max(day.year - joined.year, 0), extra),
        Predictor("origtar1", {float(to_target): 1.0}, "observed", "whom the event hits first"),
        Predictor("log_age", {log1p(age): 1.0}, "observed", f"{age} years since the treaty was signed"),
        Predictor(ERA, {float(day.year >= LATER): 1.0}, "observed", f"the war begins in {day.year}"),
    )


def _coded_as(term: str, value: int, coding: Mapping[str, Mapping[str, int]]) -> Predictor:
    """ATOP's value given the record's, as often as seen."""
    values = sorted({v for row in coding.values() for v in row})
    row = coding.get(str(value), {})
    total = sum(row.values()) + _HALF * len(values)
    chance = {float(v): (row.get(v, 0) + _HALF) / total for v in values}
    return Predictor(
        term, chance, "derived", f"the record's {value}, as ATOP codes {sum(row.values())} treaties like it"
    )


def _changed(term: str, seen: bool | None, years: int, extra: Mapping[str, Any]) -> Predictor:
    """The chance of a change in the parties since they were bound: by what the record says, else by the years alone."""
    if seen is not None:
        return _coded_as(term, int(seen), extra["codings"][term])
    constant, slope = extra["by_age"][term]
    chance = float(1 / (1 + np.exp(-(constant + slope * log1p(years)))))
    return Predictor(term, {0.0: 1 - chance, 1.0: chance}, "derived", f"not known; by its share after {years} years")
