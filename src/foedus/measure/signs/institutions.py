"""What the allies have built: what the text promises, what was set up since, and whether they exercise together."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.measure.depth import institutions
from foedus.measure.exercises import exercise_pairs, mean_jointness
from foedus.measure.signs.moment import Moment, Reading

_TEXT = ("milinst", "formal", "practices")


def readings(moment: Moment) -> Iterator[Reading]:
    """institutions_n from the record, text_* from ATOP's coding of the text, exercises_mean from joint exercises."""
    built = institutions(moment.treaty, moment.day)
    kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in built.items())
    yield Reading("institutions_n", float(sum(built.values())), "record", kinds or "none in the record")
    yield from _text(moment)
    yield _exercises(moment)


def _text(moment: Moment) -> Iterator[Reading]:
    evidence = moment.evidence
    source = evidence.cited("atop_alliances_v4_01")
    ids = [i for i in moment.treaty.atop if i in evidence.texts]
    why = evidence.why.get("atop_alliances_v4_01") or "ATOP has no such alliance"
    values = evidence.texts[ids[0]] if ids else (None, None, None)
    for name, value in zip(_TEXT, values, strict=True):
        note = f"the text at signature, ATOP {ids[0]}" if ids else why
        known = value is not None or not ids
        yield Reading(f"text_{name}", value, source, note if known else f"not coded in ATOP {ids[0]}")


def _exercises(moment: Moment) -> Reading:
    evidence = moment.evidence
    source = evidence.cited("exercises")
    why = evidence.why.get("exercises") or evidence.why.get("exercise_participants")
    if why:
        return Reading("exercises_mean", None, source, why)
    pairs = exercise_pairs(evidence.frames["exercises"], evidence.frames["exercise_participants"], moment.year)
    if pairs is None:
        return Reading("exercises_mean", None, source, f"the data do not cover the three years to {moment.year}")
    value = mean_jointness(pairs, moment.members)
    return Reading("exercises_mean", value, source, "" if value is not None else "fewer than two members")
