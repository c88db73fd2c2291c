"""Who would come, and with how much: the calls of an event walked once for each draw of who honours.

A state comes in a draw when it honours a call that is live in it: one of the event itself, or of a state that came. Its
willingness is one number in each draw, so two treaties with the same victim do not count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from foedus.casus import MAX_DEPTH, Assumption, Event
from foedus.casus.calls import Call, Side, at_war_first, calls
from foedus.casus.cascade import joining
from foedus.model.envelope import Fitted
from foedus.model.reliability.honouring import Commitment, Drawing, Honouring
from foedus.model.reliability.logit import Floats
from foedus.model.reliability.rates import Rate, era_of
from foedus.model.shipped import shipped
from foedus.panel.capability import Capability, capability
from foedus.panel.figures import spending
from foedus.record import Record

INTERVAL = (0.1, 0.5, 0.9)  # 80 per cent, and the median
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Participant:
    """One state that is or could be called.

    median, low, high : of the probability that it honours the call when it comes (80 % interval); without_era,
    without_opinion : medians with that term left out. comes : share of draws in which it does come, in [0, 1].
    treaties : that call it, first those that the event itself calls. is_direct : called by the event, not by a later
    entry. is_disputed : only by disputed duties. stated : what the user assumed of it ("honours"), then nothing is
    drawn. reach : of the model, see Commitment. polled : whether its public was asked.
    """

    state: str
    side: Side
    treaties: tuple[str, ...]
    is_direct: bool
    is_disputed: bool
    median: float
    low: float
    high: float
    without_era: float
    without_opinion: float
    comes: float
    base_rate: Rate
    reach: float
    polled: bool
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """The target's side's share of both sides' capability over the draws; low, median, high : 10, 50 and 90 % points.

    alone : before anybody comes. everybody : when all called on its side come, none on the other. counts : draws in
    each of twenty equal bins of [0, 1]. stronger : share of draws with more than half. clear_only : the median when
    disputed duties bind nobody. measure : what it is and of which years. unknown : states called without a figure.
    """

    low: float
    median: float
    high: float
    alone: float
    everybody: float
    stronger: float
    clear_only: float
    counts: tuple[int, ...]
    measure: str
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """What the model of reliability makes of an event. participants : by side and by how often they come, then code.

    share : None where no measure of capability reaches both sides; then why_no_share says so. nobody : share of draws
    in which nobody comes to the targets' help. years_beyond : from the fit's last war to the event. other_duties :
    base rates of duties that send nobody.
    """

    participants: tuple[Participant, ...]
    share: Share | None
    why_no_share: str
    nobody: float
    drawing: Drawing
    years_beyond: int
    other_duties: Mapping[str, Rate]


def likely(
    record: Record,
    event: Event,
    *,
    assume: Iterable[Assumption] = (),
    depth: int = MAX_DEPTH,
    drawing: Drawing | None = None,
    cinc: pl.DataFrame | None = None,
    model: Fitted | None = None,
) -> Likely:
    """Who comes to whose help when `event` happens, by the fitted model of reliability; the same for the same seed.

    assume : what states do whatever is likely. cinc : the user's, for events before the record's own figures.
    model : another fit; the shipped one by default. The engine's findings decide who is called: where it says that a
    state is not bound, nothing is drawn.
    """
    fit, draw, stated = model or shipped("reliability"), drawing or Drawing(), tuple(assume)
    found = calls(record, event, assume=stated, depth=depth)
    chances = Honouring(record, fit, event.day, draw)
    hit = frozenset(event.targets)
    # Several articles of a treaty are one commitment; what the event itself calls comes last, so it is the one kept.
    by_call = {(c.state, c.treaty): c for c in sorted(found, key=lambda c: c.is_direct)}
    odds = {
        key: chances.of(c.state, record.treaties[c.treaty], c.toward, to_target=bool(c.toward & hit))
        for key, c in by_call.items()
    }
    does = {a.state: a.does for a in stated}
    joined = frozenset(joining(stated))
    begun = at_war_first(event, joined)
    come = _come(found, odds, does, draw, begun, depth)
    clear = _come([c for c in found if c.sure == "clear"], odds, does, draw, begun, depth)
    share, why = _share(record, event, found, come, clear, joined, cinc)
    helped = [come[c.state] for c in found if c.side == "targets"]
    return Likely(
        participants=_participants(found, odds, come, does),
        share=share,
        why_no_share=why,
        nobody=float(1 - np.any(helped, axis=0).mean()) if helped else 1.0,
        drawing=draw,
        years_beyond=event.day.year - int(fit.extra["last_war"]),
        other_duties=_other_duties(fit, event),
    )


def _come(
    found: Sequence[Call],
    odds: Mapping[tuple[str, str], Commitment],
    does: Mapping[str, str],
    draw: Drawing,
    begun: frozenset[str],
    depth: int,
) -> dict[str, Flags]:
    """In which draws each state comes, shape (n,) each: rounds of live calls, as the engine's cascade goes."""
    will = {c.state: draw.stream("will", c.state).random(draw.n) for c in found}
    honours = {c: _honours(will[c.state], odds[c.state, c.treaty].p, does.get(c.state)) for c in found}
    come = {c.state: np.zeros(draw.n, np.bool_) for c in found}
    for _ in range(depth + 1):
        before = come
        come = dict(before)
        for c in found:
            live = _in_it(before, c.toward, begun, draw.n) & _in_it(before, c.foes, begun, draw.n)
            come[c.state] = come[c.state] | (live & honours[c])
        if all(np.array_equal(before[s], come[s]) for s in come):
            break
    return come


def _honours(will: Floats, p: Floats, said: str | None) -> Flags:
    if said is None:
        return will < p
    return np.full(len(p), said == "honours", np.bool_)


def _in_it(come: Mapping[str, Flags], states: frozenset[str], begun: frozenset[str], n: int) -> Flags:
    """Draws in which one of `states` is in the war; always when the event brought one in, or the clause names none."""
    if states & begun or not states:
        return np.ones(n, np.bool_)
    return np.asarray(np.any([come.get(s, np.zeros(n, np.bool_)) for s in sorted(states)], axis=0))


def _participants(
    found: Sequence[Call],
    odds: Mapping[tuple[str, str], Commitment],
    come: Mapping[str, Flags],
    does: Mapping[str, str],
) -> tuple[Participant, ...]:
    rows = []
    for state in sorted(come):
        own = [c for c in found if c.state == state]
        direct = [c for c in own if c.is_direct] or own
        best = max((odds[c.state, c.treaty] for c in direct), key=lambda o: (float(np.median(o.p)), o.treaty))
        low, median, high = (float(q) for q in np.quantile(best.p, INTERVAL))
        rows.append(
            Participant(
                state=state,
                side=direct[0].side,
                treaties=tuple(dict.fromkeys(c.treaty for c in (*direct, *own))),
                is_direct=direct[0].is_direct,
                is_disputed=all(c.sure == "disputed" for c in own),
                median=median,
                low=low,
                high=high,
                without_era=float(np.median(best.without_era)),
                without_opinion=float(np.median(best.without_opinion)),
                comes=float(come[state].mean()),
                base_rate=best.base_rate,
                reach=best.reach,
                polled=best.opinion is not None,
                stated=does.get(state, ""),
            )
        )
    return tuple(sorted(rows, key=lambda r: (r.side != "targets", -r.comes, r.state)))


def _share(
    record: Record,
    event: Event,
    found: Sequence[Call],
    come: Mapping[str, Flags],
    clear: Mapping[str, Flags],
    joined: frozenset[str],
    cinc: pl.DataFrame | None,
) -> tuple[Share | None, str]:
    """The distribution of the targets' side's share, or why there is none."""
    attackers, targets = frozenset(event.states_attacking), frozenset(event.targets) | joined
    known = capability(record, record.system(event.day), event.day, cinc)
    if not known.shares:
        return None, f"no measure of capability reaches {event.day.year}; from 1816 to 2022 your copy of NMC does"
    lacking = sorted((attackers | targets) - known.shares.keys())
    if lacking or not attackers:
        return None, f"no figure for {', '.join(lacking)}" if lacking else "the attacker is no state"
    side = {c.state: c.side for c in found}
    own = sum(known.shares[s] for s in sorted(targets))
    against = sum(known.shares[s] for s in sorted(attackers))

    def shares(who: Mapping[str, Flags]) -> Floats:
        n = len(next(iter(who.values()))) if who else 1
        ours, theirs = np.full(n, own), np.full(n, against)
        for state, flags in sorted(who.items()):
            if state not in targets | attackers:
                (ours if side[state] == "targets" else theirs)[flags] += known.shares.get(state, 0.0)
        return np.asarray(ours / (ours + theirs))

    drawn = shares(come)
    low, median, high = (float(q) for q in np.quantile(drawn, INTERVAL))
    all_come = own + sum(known.shares.get(s, 0.0) for s in sorted(come) if side[s] == "targets" and s not in targets)
    concerned = sorted({*attackers, *targets, *come})
    share = Share(
        low=low,
        median=median,
        high=high,
        alone=own / (own + against),
        everybody=all_come / (all_come + against),
        stronger=float((drawn > 0.5).mean()),
        clear_only=float(np.median(shares(clear))),
        counts=tuple(int(c) for c in np.histogram(drawn, bins=20, range=(0, 1))[0]),
        measure=_measure(record, known, concerned),
        unknown=tuple(s for s in concerned if s not in known.shares),
    )
    return share, ""


def _measure(record: Record, known: Capability, states: Sequence[str]) -> str:
    """The measure in words, with the years of the figures where each state has its own."""
    if not known.measure.startswith("military expenditure"):
        return known.measure
    years = sorted({found[0] for s in states if (found := spending(record, s))})
    span = f"{years[0]} to {years[-1]}" if years[0] != years[-1] else str(years[0])
    return f"{known.measure}; figures of {span}"


def _other_duties(model: Fitted, event: Event) -> dict[str, Rate]:
    """Duties that send nobody, by level: the base rate of their pledge in the era."""
    pledges = {"must_consult": "consultation", "must_stay_neutral": "neutrality"}
    return {level: Rate(*model.extra["base_rates"][pledge][era_of(event.day)]) for level, pledge in pledges.items()}
