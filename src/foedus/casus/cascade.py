"""From an event to a verdict: read every article for every state, let who is bound enter, read again until it rests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from foedus.casus import facts
from foedus.casus.alike import groups, singled_out
from foedus.casus.breaches import breaches
from foedus.casus.conflicts import conflicts
from foedus.casus.event import Event
from foedus.casus.never import no_clause, not_in_force
from foedus.casus.situation import Situation, opening
from foedus.casus.triggers import Reading, Scene, read
from foedus.casus.verdict import Finding, Level, Overall, Question, Sure, Verdict, strength
from foedus.record import Record, Treaty
from foedus.record.record import Record as _Record
from foedus.record.spell import in_force

MAX_DEPTH = 8  # longer chains than July 1914 do not occur; the fixed point is normally reached after two or three

Does = Literal["honours", "declines", "joins"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a state is assumed to do: `honours` enters also where means are its choice, `declines` never enters,
    `joins` goes to war beside the target whatever binds it."""

    state: str
    does: Does


def evaluate(
    record: Record,
    event: Event,
    *,
    depth: int = MAX_DEPTH,
    assume: Iterable[Assumption] = (),
    universal: bool = True,
) -> Verdict:
    """Who is bound by what when `event` happens; pure and deterministic.

    depth : how many rounds of entries to follow; 0 gives only what the event itself calls. assume : what states do;
    without it a state enters when an article clearly makes it use force, and mobilises when one makes it mobilise.
    universal : whether to read the Covenant and the Charter too. Findings are sorted, every state once per article.
    """
    does = {a.state: a.does for a in assume}
    findings, course = follow(record, event, does.get, joining(assume), depth=depth, universal=universal)
    everything = [f for f, _ in findings.values()]
    known = {(f.state, f.treaty) for f in everything}
    everything += not_in_force(record, event, known) + no_clause(record, event, known)
    everything.sort(key=lambda f: (strength(f.level), f.state, f.treaty, f.article, f.obligation))
    return Verdict(
        event=event,
        findings=tuple(everything),
        overall=_overall(everything, event),
        breaches=breaches(record, event),
        conflicts=conflicts(record, everything, event),
        questions=_questions([*findings.values()]),
        steps=course.steps,
        cycles=_cycles(everything),
    )


@dataclass(frozen=True, slots=True)
class Course:
    """How far things have gone: the situation, how each state that entered came to, and the steps in order."""

    now: Situation
    path: Mapping[str, tuple[str, ...]]
    steps: tuple[str, ...]


Found = dict[tuple[str, str, str], tuple[Finding, Reading]]  # by state, treaty and article


def joining(assume: Iterable[Assumption]) -> list[str]:
    """States assumed to join the targets at once, sorted."""
    return sorted(a.state for a in assume if a.does == "joins")


def follow(
    record: Record,
    event: Event,
    says: Callable[[str], Does | None],
    join: Iterable[str] = (),
    *,
    depth: int = MAX_DEPTH,
    universal: bool = True,
) -> tuple[Found, Course]:
    """Every article read again until nobody new enters: what was found, and how far things went.

    says : what a state is assumed to do, None for nothing. join : states that join the targets first.
    """
    course = _opening(event, join)
    findings: Found = {}
    treaties = _live(record, event, universal)
    for round_ in range(depth + 1):
        for finding, reading in _round(record, event, course.now, treaties, course.path):
            key = (finding.state, finding.treaty, finding.obligation)
            if key not in findings or _outranks(finding, findings[key][0]):
                findings[key] = (finding, reading)
        moves = [(f, r) for f, r in findings.values() if _moves(f, r, course, says(f.state), event)]
        if not moves or round_ == depth:
            break
        for f, r in sorted(moves, key=lambda m: (strength(m[0].level), m[0].state, m[0].treaty, m[0].obligation)):
            course = _step(f, r, course, event)
    return findings, course


def _opening(event: Event, join: Iterable[str]) -> Course:
    """The event itself, and whoever is assumed to join the targets at once."""
    course = Course(opening(event), {}, ())
    for state in join:
        foes = frozenset(event.states_attacking) - {state}
        says = f"{state} joins against {', '.join(sorted(foes))}, as assumed"
        course = Course(
            course.now.entered(state, foes, freely=True), {**course.path, state: (says,)}, (*course.steps, says)
        )
    return course


def _entered(course: Course, state: str, foes: frozenset[str], before: tuple[str, ...], says: str) -> Course:
    # The first way in is the one that is told; a later entry against further foes only adds its step.
    path = {state: (*before, says)} | dict(course.path)
    return Course(course.now.entered(state, foes), path, (*course.steps, says))


def _cycles(findings: Iterable[Finding]) -> tuple[str, ...]:
    """States that are called again by what their own entry brought about."""
    return tuple(
        sorted(
            {
                f"{f.state} is called by {f.treaty}, {f.article}, through its own entry"
                for f in findings
                if any(step.startswith(f"{f.state} ") for step in f.path[1:])
            }
        )
    )


def _live(record: _Record, event: Event, universal: bool) -> list[Treaty]:
    return [t for t in record.in_force(event.day) if universal or not t.universal]


def _round(
    record: Record,
    event: Event,
    now: Situation,
    treaties: Iterable[Treaty],
    path: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[Finding, Reading]]:
    """Every article read for everybody who owes it, in the situation as it now is."""
    first = f"{', '.join(event.attackers)} against {', '.join(event.targets)}"
    concerned = {*event.attackers, *event.targets, *path}
    for treaty in treaties:
        members = {m.state for m in treaty.member if m.on(event.day)}
        invoked = bool(event.facts.get("invoked") or event.facts.get("organ"))
        to_anybody = treaty.universal or any(o.to == "any" or o.trigger == "mobilisation" for o in treaty.obligation)
        if not (members & concerned or to_anybody or invoked or treaty.area):
            continue  # nobody it ties has anything to do with the event
        for article in treaty.obligation:
            if not in_force(article.since, article.until, event.day):
                continue
            owing, owed = record.sides(treaty, article, event.day)
            scene = Scene(record, event, now, treaty, article)
            for alike in _alike(scene, owing, concerned):
                reading = read(scene, alike[0], owed)
                if reading is not None:
                    for state in alike:
                        yield _finding(scene, state, reading, path, first), reading


def _alike(scene: Scene, owing: frozenset[str], concerned: set[str]) -> list[list[str]]:
    """Obligors for whom one reading speaks: none of them is singled out, concerned by the event, attacked or at war."""
    if scene.article.trigger in ("mobilisation", "breach"):  # there each reading names the other parties
        return [[state] for state in sorted(owing)]
    apart = singled_out(scene.treaty, scene.article) | concerned | scene.now.attacked | scene.now.fighting
    return groups(owing, apart | facts.invokers(scene.event, scene.record, scene.treaty))


def _finding(scene: Scene, state: str, reading: Reading, path: Mapping[str, tuple[str, ...]], first: str) -> Finding:
    via = sorted(reading.hit & path.keys())
    direct = not via or scene.article.to == "any" or bool(reading.hit & {*scene.event.targets, *scene.event.attackers})
    trail = (first,) if direct else (first, *path[via[0]])
    other = {x for x in reading.accept if x != reading.level}
    if reading.level == "not_bound":
        other = set() if not reading.disputed else other
    return Finding(
        state=state,
        treaty=scene.treaty.id,
        article=scene.article.article,
        obligation=scene.article.id,
        level=reading.level,
        sure="disputed" if reading.disputed and reading.level != "not_bound" else "clear",
        accept=tuple(sorted(other, key=strength)),
        reasons=tuple(reading.reasons),
        path=trail,
        toward=tuple(sorted(reading.toward)),
        confidence=scene.record.confidence(scene.article.source, scene.article.confidence, scene.treaty),
    )


def _outranks(new: Finding, old: Finding) -> bool:
    """A later reading replaces an earlier one only when it binds more, or as much and more surely."""
    return (strength(new.level), new.sure == "disputed") < (strength(old.level), old.sure == "disputed")


def _moves(f: Finding, r: Reading, course: Course, said: Does | None, event: Event) -> bool:
    """Whether a finding makes its state act now: mobilise, or enter against somebody it is not yet at war with."""
    if said == "declines" or f.state in event.attackers:
        return False
    if f.level == "must_mobilise":
        return f.sure == "clear" and f.state not in course.now.mobilised
    if said == "honours":
        return f.level in ("must_use_force", "must_assist") and bool(_foes(f, r, course.now, event))
    return f.level == "must_use_force" and f.sure == "clear" and bool(_foes(f, r, course.now, event))


def against(reading: Reading, event: Event) -> frozenset[str]:
    """States that an entry by this reading is directed against."""
    return frozenset(x for x in reading.against if ":" not in x) or frozenset(event.states_attacking)


def _foes(f: Finding, r: Reading, now: Situation, event: Event) -> frozenset[str]:
    """States against whom an entry would be new."""
    return against(r, event) - now.enemies_of(f.state) - {f.state}


def _step(f: Finding, r: Reading, course: Course, event: Event) -> Course:
    """One state enters or mobilises; each step is written down once."""
    by = f"({f.treaty}, {f.article})"
    if f.level == "must_mobilise":
        if f.state in course.now.mobilised:
            return course
        says = f"{f.state} mobilises {by}"
        path = {f.state: (*f.path[1:], says)} | dict(course.path)
        return Course(course.now.with_mobilised(f.state), path, (*course.steps, says))
    foes = _foes(f, r, course.now, event)
    if not foes:
        return course
    return _entered(course, f.state, foes, f.path[1:], f"{f.state} enters against {', '.join(sorted(foes))} {by}")


def _overall(findings: Iterable[Finding], event: Event) -> tuple[Overall, ...]:
    by_state: dict[str, list[Finding]] = {}
    for f in findings:
        by_state.setdefault(f.state, []).append(f)
    found = []
    for state, own in by_state.items():
        acting = [f for f in own if f.level != "must_stay_neutral"]
        best = min(own, key=lambda f: strength(f.level))
        level: Level = best.level
        if level == "must_stay_neutral" and any(f.level == "may_act" for f in acting):
            level = "must_stay_neutral"
        deciding = [f for f in own if f.level == level]
        toward = tuple(sorted({s for f in own if f.level == "must_stay_neutral" for s in f.toward}))
        sure: Sure = "clear" if any(f.sure == "clear" for f in deciding) else "disputed"
        found.append(Overall(state, level, sure, toward))
    return tuple(sorted(found, key=lambda o: (strength(o.level), o.state)))


def _questions(found: Iterable[tuple[Finding, Reading]]) -> tuple[Question, ...]:
    asked: dict[tuple[str, str], set[str]] = {}
    for finding, reading in found:
        for fact, says in reading.questions.items():
            asked.setdefault((fact, says), set()).add(f"{finding.state} ({finding.treaty}, {finding.article})")
    return tuple(Question(fact, says, tuple(sorted(who))) for (fact, says), who in sorted(asked.items()))
