"""What must hold for any event: order and names do not matter, more promises never bind less, dates and areas count."""

import copy
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.minimal import changed

from foedus.casus import MAX_DEPTH, Assumption, Event, Spot, Verdict, evaluate
from foedus.casus.event import FORCE
from foedus.casus.reading import KINDS
from foedus.casus.verdict import LEVELS, strength
from foedus.record import Record, Treaty

DAYS = st.dates(date(1850, 1, 1), date(2026, 6, 1))
ANSWERS = st.sampled_from(["yes", "no", "contested"])
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "provoked": ANSWERS,
        "request": st.sampled_from(["assist", "none"]),
        "resists": ANSWERS,
        "consent": ANSWERS,
    },
)


@st.composite
def events(
    draw: st.DrawFn, record: Record, kinds: Iterable[str] = KINDS, days: st.SearchStrategy[date] = DAYS
) -> Event:
    """An event between states of the day, now and then from a place of the record, with a few facts."""
    day = draw(days)
    states = record.system(day)
    pair = draw(st.lists(st.sampled_from(states), min_size=2, max_size=3, unique=True))
    ground: Any = draw(st.sampled_from(["own-territory", "own-territory", "overseas", "disputed", "forces", "vessels"]))
    region = draw(st.sampled_from(["", "europe", "pacific", "africa", "americas"]))
    others = draw(st.lists(st.sampled_from(states), max_size=3, unique=True))
    return Event(
        day=day,
        attackers=tuple(pair[1:]),
        targets=(pair[0],),
        spot=Spot(ground, pair[0], pair[0], frozenset({region} - {""})),
        kind=draw(st.sampled_from(sorted(kinds))),
        facts=draw(FACTS),
        mobilised=tuple(sorted(others)),
    )


@st.composite
def assumptions(draw: st.DrawFn, event: Event, record: Record) -> tuple[Assumption, ...]:
    free = [s for s in record.system(event.day) if s not in {*event.attackers, *event.targets}]
    named = draw(st.lists(st.sampled_from(free), max_size=4, unique=True))
    return tuple(Assumption(s, draw(st.sampled_from(["honours", "declines", "joins"]))) for s in named)


def levels(verdict: Verdict) -> dict[str, int]:
    return {o.state: strength(o.level) for o in verdict.overall}


@settings(max_examples=40)
@given(data=st.data())
def test_same_question_same_answer_and_nothing_is_changed(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record))
    assume = data.draw(assumptions(event, record))
    before, treaties = copy.deepcopy(event), dict(record.treaties)
    first = evaluate(record, event, assume=assume)
    assert evaluate(record, event, assume=assume) == first
    assert event == before and record.treaties == treaties
    for finding in first.findings:
        assert finding.reasons and all(r.code and r.says for r in finding.reasons), finding
        assert finding.path and finding.level in LEVELS and finding.level not in finding.accept
        assert finding.state not in event.attackers or not finding.is_direct or finding.level != "must_use_force"


@settings(max_examples=25)
@given(data=st.data())
def test_the_order_of_treaties_members_and_articles_does_not_matter(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record))
    seed = data.draw(st.integers(0, 10**6))
    shuffled = changed(record, treaties=_shuffled(record, Random(seed)))
    assert evaluate(shuffled, event) == evaluate(record, event)


def _shuffled(record: Record, random: Random) -> dict[str, Treaty]:
    ids = list(record.treaties)
    random.shuffle(ids)
    found = {}
    for treaty in (record.treaties[i] for i in ids):
        parts: dict[str, Any] = {
            k: list(getattr(treaty, k)) for k in ("member", "obligation", "suspension", "reservation")
        }
        for part in parts.values():
            random.shuffle(part)
        found[treaty.id] = msgspec.structs.replace(treaty, **{k: tuple(v) for k, v in parts.items()})
    return found


@settings(max_examples=40)
@given(data=st.data())
def test_one_more_treaty_never_binds_anybody_less(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record, kinds=FORCE))
    states = record.system(event.day)
    members = data.draw(st.lists(st.sampled_from(states), min_size=2, max_size=6, unique=True))
    level = data.draw(st.sampled_from(LEVELS[:5]))
    trigger = data.draw(st.sampled_from(["attack", "war", "own_attack"]))
    more = _treaty(event.day, members, level, trigger)
    before = evaluate(record, event, universal=False)
    after = evaluate(changed(record, treaties={**record.treaties, more.id: more}), event, universal=False)
    now = levels(after)
    torn = {c.state for c in after.conflicts}
    for state, rank in levels(before).items():
        assert now[state] <= rank or state in torn, (state, event)
    if trigger == "attack" and event.targets[0] in members and not set(event.attackers) & set(members):
        assert all(now[s] <= strength(level) for s in members if s not in event.targets)


def _treaty(day: date, members: Iterable[str], level: str, trigger: str) -> Treaty:
    begun = day - timedelta(days=100)
    return msgspec.convert(
        {
            "id": "added-0001",
            "name": "An added treaty",
            "kind": "treaty",
            "signed": begun,
            "in_force": begun,
            "checked": begun,
            "according_to": "recalled",
            "member": [{"state": s, "since": begun, "source": "recalled"} for s in members],
            "obligation": [
                {
                    "id": "art1",
                    "article": "1",
                    "pledge": "defence",
                    "level": level,
                    "trigger": trigger,
                    "says": "Each helps the other.",
                    "kinds": sorted(FORCE),
                    "area": "anywhere",
                    "source": "recalled",
                }
            ],
        },
        Treaty,
    )


@settings(max_examples=40)
@given(data=st.data())
def test_more_rounds_change_nothing_once_all_have_moved(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record, kinds=FORCE))
    assume = data.draw(assumptions(event, record))
    end = evaluate(record, event, assume=assume, depth=MAX_DEPTH, universal=False)
    assert evaluate(record, event, assume=assume, depth=MAX_DEPTH + 1, universal=False) == end
    ranks = [levels(evaluate(record, event, assume=assume, depth=n, universal=False)) for n in (0, 1, 2)]
    for less, more in pairwise(ranks):
        assert all(more[s] <= rank for s, rank in less.items())


@settings(max_examples=40)
@given(data=st.data())
def test_an_event_outside_all_areas_binds_nobody_by_an_area(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record, kinds=["armed_attack", "invasion", "shelling"]))
    nowhere = Spot("disputed", "", "", frozenset(), name="nowhere")
    away = Event(event.day, event.attackers, event.targets, nowhere, event.kind, event.facts)
    for finding in evaluate(record, away, universal=False).findings:
        treaty = record.treaties[finding.treaty]
        article = next((o for o in treaty.obligation if o.id == finding.obligation), None)
        if article is None or article.trigger != "attack" or article.area in ("", "anywhere"):
            continue
        tokens = [t for a in treaty.area if a.id == article.area for t in a.include]
        if not any(t.startswith("interests:") or t == "region:world" for t in tokens):
            assert finding.level == "not_bound", finding


def test_the_day_before_it_comes_into_force_a_treaty_binds_nobody(record: Record) -> None:
    checked = 0
    for treaty in record.treaties.values():
        if treaty.universal or treaty.in_force is None or treaty.in_force == treaty.signed:
            continue
        if not any(o.level not in ("no_duty", "must_not_attack") for o in treaty.obligation):
            continue
        day = treaty.in_force - timedelta(days=1)
        parties = [
            m.state
            for m in treaty.member
            if m.role == "party" and m.since == treaty.in_force and record.in_system(m.state, day)
        ]
        outside = [s for s in record.system(day) if s not in {m.state for m in treaty.member}]
        if len(set(parties)) < 2 or not outside:
            continue
        spot = Spot("own-territory", parties[0], parties[0], frozenset())
        verdict = evaluate(record, Event(day, (outside[0],), (parties[0],), spot, "invasion"), universal=False)
        mine = [f for f in verdict.findings if f.treaty == treaty.id]
        assert mine and all(f.level == "not_bound" for f in mine), treaty.id
        assert {r.code for f in mine for r in f.reasons} <= {"not_in_force", "too_early", "not_member"}, treaty.id
        codes = {r.code for f in mine if f.state == parties[1] for r in f.reasons}
        assert codes & {"not_in_force", "too_early"}, (treaty.id, codes)
        checked += 1
    assert checked > 50


@settings(max_examples=40)
@given(data=st.data())
def test_a_state_in_no_treaty_is_never_bound(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record))
    tied = {m.state for t in record.in_force(event.day) for m in t.member if not t.universal}
    listed = {
        s
        for t in record.in_force(event.day)
        for o in t.obligation
        for s in (o.owes if isinstance(o.owes, tuple) else ())
    }
    for overall in evaluate(record, event, universal=False).overall:
        assert overall.level == "not_bound" or overall.state in tied | listed


# --- other codes for the same states ------------------------------------------------------------------------------


@settings(max_examples=12)
@given(data=st.data())
def test_other_codes_for_the_same_states_change_nothing_else(record: Record, data: st.DataObject) -> None:
    event = data.draw(events(record))
    codes = sorted(record.states)
    other = dict(zip(codes, data.draw(st.permutations(codes)), strict=True))
    renamed = _relabelled(record, other)
    theirs = evaluate(renamed, _event(event, other))
    ours = evaluate(record, event)
    assert _facts(theirs, {}) == _facts(ours, other)
    assert {(b.state, b.treaty, b.article) for b in theirs.breaches} == {
        (other[b.state], b.treaty, b.article) for b in ours.breaches
    }


def _facts(verdict: Verdict, other: Mapping[str, str]) -> set[Any]:
    def new(state: str) -> str:
        return other.get(state, state)

    return {
        (new(f.state), f.treaty, f.obligation, f.level, f.sure, f.accept, frozenset(map(new, f.toward)))
        for f in verdict.findings
    }


def _event(e: Event, other: Mapping[str, str]) -> Event:
    spot = Spot(e.spot.ground, other[e.spot.owner], other[e.spot.holder], e.spot.regions)
    return Event(
        e.day,
        tuple(other[a] for a in e.attackers),
        tuple(other[t] for t in e.targets),
        spot,
        e.kind,
        e.facts,
        mobilised=tuple(other[m] for m in e.mobilised),
    )


_TABLES = ("names", "spells", "regions", "places", "great_powers", "wars", "war_parties", "successions", "capitals")


def _relabelled(record: Record, other: Mapping[str, str]) -> Record:
    """A record in which every code of a state is another one; ids, names and articles stay."""

    def new(value: Any) -> Any:
        if isinstance(value, str):
            if value in other:
                return other[value]
            return re.sub(r"(?<=:)[A-Z]{3}(?=@|$)", lambda m: other.get(m[0], m[0]), value)
        if isinstance(value, msgspec.Struct):
            return msgspec.structs.replace(value, **{f: new(getattr(value, f)) for f in value.__struct_fields__})
        if isinstance(value, tuple | list):
            return tuple(new(v) for v in value)
        return {k: new(v) for k, v in value.items()} if isinstance(value, dict) else value

    tables: dict[str, Any] = {name: new(getattr(record, name)) for name in _TABLES}
    states = {other[code]: new(row) for code, row in record.states.items()}
    treaties = {id_: new(t) for id_, t in record.treaties.items()}
    return changed(record, treaties=treaties, states=states, **tables)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_read(record: Record, kind: str) -> None:
    spot = Spot("own-territory", "EST", "EST", frozenset())
    verdict = evaluate(record, Event(date(2026, 6, 1), ("RUS",), ("EST",), spot, kind))  # type: ignore[arg-type]
    assert any(f.treaty == "nato-1949" for f in verdict.findings)
