"""A verdict as tables for people: who must do what, who stays out, what is broken, what would change the answer."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from foedus.casus.plain import sentence, why
from foedus.casus.score import Score
from foedus.casus.verdict import LEVELS, Finding, Level, Verdict, strength
from foedus.cli import show_text
from foedus.record import Record

MANY = 6  # more states than this under one treaty, article, level and reason share a row

_SAYS: dict[Level, str] = {
    "must_use_force": "must use force",
    "must_mobilise": "must mobilise",
    "must_assist": "must assist",
    "must_consult": "must consult",
    "must_stay_neutral": "must stay neutral",
    "may_act": "may act",
    "not_bound": "not bound",
}


def show(record: Record, verdict: Verdict, everything: bool = False) -> None:
    """Print the verdict; `everything` adds who is not bound, and each state under the universal organisations."""
    show_text.lines(*_head(record, verdict), "")
    acting = [f for f in verdict.findings if f.level not in ("must_stay_neutral", "not_bound")]
    _duties(record, "Who must do what", [f for f in acting if f.is_direct], everything)
    later = [f for f in acting if not f.is_direct]
    _duties(record, "What follows once those who are bound to fight have entered", later, everything)
    _neutrals(record, verdict)
    _breaches(record, verdict)
    _conflicts(record, verdict)
    _steps(verdict)
    _questions(record, verdict, everything)
    _not_bound(record, verdict, everything)
    show_text.lines("Bound is a reading of texts: no prediction of what states do, and no legal advice.", "")


def _head(record: Record, v: Verdict) -> list[str]:
    e = v.event
    what = e.kind.replace("_", " ")
    where = e.spot.name or f"home land of {record.state_name(e.spot.owner, e.day)}"
    where += ", taken for want of a place" if e.spot.is_default else f" ({e.spot.ground.replace('-', ' ')})"
    title = f"{e.title} ({e.id})" if e.title else ""
    sides = f"{_names(record, v, e.attackers)} against {_names(record, v, e.targets)}"
    facts = ", ".join(f"{k} = {_plain(x)}" for k, x in e.facts.items() if not k.startswith("_"))
    return [
        line
        for line in (title, f"{e.day}: {sides}; {what}; {where}.", facts and f"Stated: {facts}.", _sum(record, v))
        if line
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(x) for x in value) if isinstance(value, list | tuple) else str(value)


def _sum(record: Record, v: Verdict) -> str:
    """The answer in one line: how many states the event itself calls, by level; universal organisations left out."""
    best: dict[str, Level] = {}
    for f in (f for f in v.findings if f.is_direct):
        if not record.treaties[f.treaty].universal and strength(f.level) < strength(best.get(f.state, "not_bound")):
            best[f.state] = f.level
    counted = Counter(best.values())
    parts = [f"{counted[level]} {_SAYS[level]}" for level in LEVELS if counted[level]]
    return f"Answer: {', '.join(parts)}." if parts else "Answer: no alliance binds anybody to anything here."


def _names(record: Record, v: Verdict, states: Iterable[str]) -> str:
    return ", ".join(
        s.partition(":")[2].replace("-", " ") + " (no state)" if ":" in s else f"{record.state_name(s, v.day)} ({s})"
        for s in states
    )


def _grouped(record: Record, findings: Sequence[Finding], everything: bool) -> list[tuple[list[str], Finding]]:
    """Findings of one treaty, article, level and reason together, in the order of the first of them."""
    groups: dict[tuple[object, ...], tuple[list[str], Finding]] = {}
    for f in findings:
        folded = record.treaties[f.treaty].universal and not everything
        key = (
            (f.level, f.treaty)
            if folded
            else (f.level, f.treaty, f.article, f.obligation, f.sure, f.accept, why(f), f.path)
        )
        states = groups.setdefault(key, ([], f))[0]
        if f.state not in states:
            states.append(f.state)
    rows: list[tuple[list[str], Finding]] = []
    for states, f in groups.values():
        folded = record.treaties[f.treaty].universal and not everything
        rows += [(states, f)] if folded or len(states) > MANY else [([s], f) for s in states]
    return sorted(rows, key=lambda row: (strength(row[1].level), record.treaties[row[1].treaty].universal))


def _who(record: Record, states: Sequence[str], f: Finding, everything: bool) -> str:
    if record.treaties[f.treaty].universal and not everything:
        return f"{len(states)} members"
    if len(states) == 1:
        return f"{record.states[states[0]].name} ({states[0]})" if states[0] in record.states else states[0]
    return f"{len(states)} states: {' '.join(states)}"


def _duties(record: Record, title: str, findings: Sequence[Finding], everything: bool) -> None:
    rows, level_before, clause_before = [], "", ("", "")
    for states, f in _grouped(record, findings, everything):
        level, clause = _SAYS[f.level], (f.treaty, f.obligation)
        says = why(f) if clause != clause_before else _further(f)
        after = "" if f.is_direct else f" After: {' > '.join(f.path[1:])}."
        rows.append(
            (
                "" if level == level_before else level,
                _who(record, states, f, everything),
                _by(f),
                _sure(f),
                says + after,
            )
        )
        level_before, clause_before = level, clause
    if rows:
        show_text.table(title, ("level", "who", "by", "sure", "why"), rows)


def _further(f: Finding) -> str:
    """What a finding adds to the one above it, whose clause it shares."""
    rest = dataclasses.replace(f, reasons=f.reasons[1:])
    return f"The same. {why(rest)}" if rest.reasons else "The same."


def _by(f: Finding) -> str:
    article = f"{f.treaty}, {f.article}" if f.article != "-" else f.treaty
    return article + (" (from memory)" if f.confidence == "recalled" else "")


def _sure(f: Finding) -> str:
    return "clear" if f.sure == "clear" else "disputed: or " + ", ".join(_SAYS[a] for a in f.accept)


def _neutrals(record: Record, v: Verdict) -> None:
    found = [f for f in v.findings if f.level == "must_stay_neutral"]
    rows = [
        (_who(record, states, f, True), ", ".join(f.toward), _by(f), _sure(f), why(f))
        for states, f in _grouped(record, found, True)
    ]
    if rows:
        show_text.table("Who must stay neutral", ("who", "toward", "by", "sure", "why"), rows)


def _breaches(record: Record, v: Verdict) -> None:
    rows = [
        (record.state_name(b.state, v.day), " ".join(b.toward), f"{b.treaty}, {b.article}", sentence(b.says))
        for b in v.breaches
    ]
    if rows:
        show_text.table("Promises the attack breaks", ("by", "toward", "promise", "what it says"), rows)


def _conflicts(record: Record, v: Verdict) -> None:
    rows = [(record.state_name(c.state, v.day), sentence(c.says), sentence(c.hint)) for c in v.conflicts]
    if rows:
        show_text.table("Duties that pull apart", ("who", "what", "what may settle it"), rows)


def _steps(v: Verdict) -> None:
    if v.steps:
        steps = [f"  {i}. {s}" for i, s in enumerate(v.steps, 1)]
        show_text.lines(
            "Cascade, if everybody clearly bound to fight does", *steps, *(f"  Again: {c}" for c in v.cycles), ""
        )


def _questions(record: Record, v: Verdict, everything: bool) -> None:
    """Facts nobody stated, with the articles that turn on each and for how many states."""
    rows, left_out = [], 0
    for q in v.questions:
        by = Counter(w.partition(" ")[2].strip("()") for w in q.matters_for)
        universal = all(record.treaties[clause.partition(",")[0]].universal for clause in by)
        if universal and not everything:
            left_out += 1
            continue
        alone = {w.partition(" ")[2].strip("()"): w.partition(" ")[0] for w in q.matters_for}
        who = "; ".join(f"{alone[c] if n == 1 else f'{n} states'} by {c}" for c, n in by.items())
        rows.append((q.fact, sentence(q.says), who))
    if rows:
        show_text.table("Nobody said, and the answer would change the result", ("--fact", "question", "for"), rows)
    if left_out:
        show_text.lines(f"Questions on universal organisations: {left_out}, shown with --all", "")


def _not_bound(record: Record, v: Verdict, everything: bool) -> None:
    found = [
        f for f in v.findings if f.level == "not_bound" and (everything or not record.treaties[f.treaty].universal)
    ]
    if not found:
        return
    if not everything:
        counted = Counter(f.reasons[-1].code for f in found).most_common()
        codes = ", ".join(f"{code} {n}" for code, n in counted)
        show_text.lines(f"Not bound: {len(found)} findings ({codes}). With reasons: --all", "")
        return
    rows = [
        (_who(record, states, f, True), f"{f.treaty}, {f.article}", f.reasons[-1].code, why(f))
        for states, f in _grouped(record, found, True)
    ]
    show_text.table(f"Not bound: {len(found)} findings", ("who", "by", "reason", "why"), rows)


# --- the score ----------------------------------------------------------------------------------------------------


def _shares(score: Score) -> list[tuple[str, int, int]]:
    disputed = score.share(sure="disputed")
    return [
        ("clear rows, exact level", *score.share(sure="clear")),
        ("clear rows that are not not_bound", *score.share(sure="clear", bound_only=True)),
        ("disputed rows, level or an accepted one", *disputed),
        ("breaches found", score.breaches_found, score.breaches_expected),
    ]


def score_data(score: Score) -> dict[str, Any]:
    """The score as plain data: counts and shares by line, and the rows that differ."""
    return {
        "score": [
            {"what": what, "right": right, "all": n, "share": round(right / n, 4) if n else None}
            for what, right, n in _shares(score)
        ],
        "differ": [dataclasses.asdict(r) for r in score.rows if not r.right],
    }


def show_score(score: Score, file: str) -> None:
    """Print the score, then each row that differs with our reason."""
    show_text.table(
        f"Score of {file}",
        ("what", "right", "of", "share"),
        [(what, str(right), str(n), f"{right / n:.1%}" if n else "none") for what, right, n in _shares(score)],
        right=(1, 2, 3),
    )
    rows = [
        (r.case, r.state, f"{r.treaty}, {r.article}", r.sure, f"{r.expected}, not {r.ours}", r.why)
        for r in score.rows
        if not r.right
    ]
    if rows:
        columns = ("case", "state", "by", "sure", "expected, not ours", "our reason")
        show_text.table(f"Rows that differ: {len(rows)}", columns, rows)
