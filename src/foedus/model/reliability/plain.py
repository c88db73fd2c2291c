"""Who would come, as plain data and in the sentences that every face shows beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from foedus.model.envelope import Fitted
from foedus.model.reliability.honouring import SHOCK_SD
from foedus.model.reliability.opinion import IN_THE_EVENT, LAMBDA
from foedus.model.reliability.participation import Likely, Participant
from foedus.model.reliability.rates import ERAS, Rate
from foedus.record import Record

_DIGITS = 4


def data_of(record: Record, likely: Likely, fit: Fitted) -> dict[str, Any]:
    """Keys participants, share (or null with why_no_share), nobody, draws, seed, era, opinion, model, cautions."""
    return {
        "participants": [_participant(record, p) for p in likely.participants],
        "share": {k: _rounded(v) for k, v in asdict(likely.share).items()} if likely.share else None,
        "why_no_share": likely.why_no_share,
        "nobody": _rounded(likely.nobody),
        "draws": likely.drawing.n,
        "seed": likely.drawing.seed,
        "era": likely.drawing.era,
        "opinion": likely.drawing.opinion,
        "other_duties": {level: _rate(r) for level, r in likely.other_duties.items()},
        "model": {
            "name": fit.name,
            "n": fit.n,
            "newest": fit.newest,
            "data_hash": fit.data_hash,
            "version": fit.version,
        },
        "cautions": list(cautions(likely, fit)),
    }


def _participant(record: Record, p: Participant) -> dict[str, Any]:
    found = {k: _rounded(v) for k, v in asdict(p).items()}
    row = record.states[p.state]
    return {**found, "cow": row.abb, "ccode": row.cow, "base_rate": _rate(p.base_rate)}


def _rate(rate: Rate) -> dict[str, int]:
    return {"honoured": rate.honoured, "called": rate.called}


def _rounded(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value


def percent(share: float) -> str:
    """A share in whole per cent; one that is not nought never reads 0."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def coalition(likely: Likely) -> str:
    """The capability of both sides in one paragraph."""
    s = likely.share
    if s is None:
        return f"No share of capability: {likely.why_no_share}."
    lacking = f" No figure, so counted as nothing: {' '.join(s.unknown)}." if s.unknown else ""
    return (
        f"The target's side holds {percent(s.alone)} of both sides' capability alone and {percent(s.everybody)} if all"
        f" that are called come; over the draws {percent(s.median)} (80% interval {percent(s.low)} to"
        f" {percent(s.high)}), more than half in {percent(s.stronger)} of them. With clear duties only, the median is"
        f" {percent(s.clear_only)}. In {percent(likely.nobody)} of the draws nobody comes."
        f" Measure: {s.measure}.{lacking} A state that comes counts whole; what it can send is less."
    )


def cautions(likely: Likely, fit: Fitted) -> tuple[str, ...]:
    """What a reader must know of these numbers: observed cases, what is assumed, how far they reach."""
    later, n_later = fit.extra["later"]
    reach = max((p.reach for p in likely.participants), default=0.0)
    far = ", and this case is farther from them than any that it was fitted to" if reach > 1 else ""
    beyond = (
        f"the last of them began in {fit.extra['last_war']}, {likely.years_beyond} years before this event:"
        f" an extrapolation{far}"
        if likely.years_beyond > 0
        else "the fit has seen wars of this time, perhaps this one"
    )
    early, late = (fit.extra["base_rates"]["all"][era] for era in ERAS)
    lambda_mean, lambda_sd = LAMBDA if likely.drawing.opinion else (0.0, 0.0)
    return (
        f"Fitted to {fit.n} commitments in {fit.extra['wars']} wars, {later} of {n_later} honoured since 1945;"
        f" {beyond}. On wars it had not seen: {_unseen(fit)}.",
        "A chance that a promise is kept once war has begun, not reliability in peace: an attacker picks targets whose"
        " allies look unlikely to come. No nuclear alliance with an integrated command was ever called upon so.",
        f"Assumed: allies share a shock (sd {SHOCK_SD:g}, logit scale); the era since 1945 differs as base rates do"
        f" ({late[0]} of {late[1]} against {early[0]} of {early[1]} honoured), give or take"
        f" {fit.extra['era_prior'][1]:g}, before the fit's own cases speak; opinion moves democracies whose public was"
        f" asked by {lambda_mean:g} (sd {lambda_sd:g}) per unit, with"
        f" {IN_THE_EVENT[0]:g} (sd {IN_THE_EVENT[1]:g}) more support in the event.",
    )


def _unseen(fit: Fitted) -> str:
    scores = fit.extra["unseen_wars"].get("penalty chosen inside")
    return f"Brier score {scores['brier']:.3f}, AUC {scores['auc']:.2f}" if scores else "not judged"
