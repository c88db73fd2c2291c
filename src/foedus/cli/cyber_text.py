"""What `foedus cyber` prints, for people and for programs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.cli.show_text import as_json, lines, table
from foedus.errors import OutputError

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.cyber import Alliance, Compared, Policy, SharedThreats
    from foedus.cyber.gains import Gain
    from foedus.cyber.incidents import Agreement
    from foedus.cyber.invocation import Answer
    from foedus.cyber.items import Imported
    from foedus.cyber.null import Null
    from foedus.cyber.sensitivity import Sensitivity
    from foedus.cyber.time_split import TimeSplit
    from foedus.cyber.variations import Point
    from foedus.record import Record

FEW_ACTORS = 5  # a pair count below this is an anecdote


@dataclass(frozen=True, slots=True)
class Shared:
    """What `foedus cyber shared` answers."""

    here: Alliance
    found: SharedThreats
    null: Null
    incidents: Mapping[str, Agreement]
    splits: Mapping[str, TimeSplit | None]


def shared_answer(here: Alliance, found: SharedThreats, null: Null, folder: Path | None) -> Shared:
    """The matrix with what it is held against: a later galaxy, and incident sources where there is a folder."""
    from foedus.cyber import agreement, before_and_after, galaxy_split, load_cfr, load_eurepoc, time_split
    from foedus.cyber.actors import origin

    versions = f"galaxy {origin('earlier').galaxy_version} to {origin().galaxy_version}"
    incidents: dict[str, Agreement] = {}
    splits = {versions: _told(galaxy_split, found.members)}
    for name, load in (("EuRepoC", load_eurepoc), ("CFR", load_cfr)) if folder else ():
        receivers, unread = load(folder)
        incidents[name] = agreement(found, receivers, unread)
        year, early, late = before_and_after(receivers, found.members)
        splits[f"{name} from {year}"] = _told(time_split, early, late, found.members)
    return Shared(here, found, null, incidents, splits)


def _told(split: Callable[..., TimeSplit], *given: object) -> TimeSplit | None:
    """The split, or None where too little was added to tell anything."""
    from foedus.cyber import NoSharedThreats

    try:
        return split(*given)
    except NoSharedThreats:
        return None


def _splits(s: Shared) -> None:
    """Whether pairs tell what comes next, beyond who is popular; said where they do not."""
    known = {name: x for name, x in s.splits.items() if x is not None}
    table(
        "Do pairs with much in common get more in common, beyond popularity?",
        ("held against", "added", "by Jaccard", "by popularity", "beyond", "p", "verdict"),
        [
            (
                name,
                str(x.added),
                f"{x.by_jaccard:+.2f}",
                f"{x.by_popularity:+.2f}",
                f"{x.beyond:+.2f}",
                f"{x.p:.3f}",
                "yes" if x.says_more else "no: popularity alone does as well",
            )
            for name, x in known.items()
        ],
        right=(1, 2, 3, 4, 5),
    )
    unknown = [name for name in s.splits if name not in known]
    if unknown:
        lines(f"Too few joint reports were added to tell: {', '.join(unknown)}.")


def _headline(s: Shared) -> dict[str, Any]:
    f = s.found
    interval = f.shared_interval
    return {
        "alliance": s.here.title,
        "day": s.here.day,
        "variant": f.variant,
        "members": len(f.members),
        "named": int((f.named > 0).sum()),
        "actors_in_data": len(f.everyone),
        "actors_naming_any": f.n_any,
        "actors_shared": len(f.shared),
        "actors_naming_three": len(f.at_least(3)),
        "shared_inside_origin": len(f.inside),
        "shared_share": round(len(f.shared) / f.n_any, 4) if f.n_any else None,
        "shared_share_interval": interval,
        "mean_jaccard": f.mean_jaccard,
    }


def shared(s: Shared) -> None:
    """The matrix in tables, with what it is not."""
    from foedus.cyber import exposures, top_actors, top_techniques
    from foedus.cyber.actors import origin
    from foedus.cyber.exposure import CAVEATS

    head, f = _headline(s), s.found
    low, high = f.shared_interval or (0.0, 0.0)
    lines(
        f"{s.here.title} on {s.here.day}: {head['members']} members, {head['named']} of them named by an actor.",
        f"Of {head['actors_in_data']} actors that name a state, {f.n_any} name a member, {len(f.shared)} two or more"
        f" ({len(f.shared) / max(f.n_any, 1):.0%}, 95% {low:.0%} to {high:.0%}), {head['actors_naming_three']}"
        f" three or more.",
    )
    if f.inside:
        lines(
            f"{len(f.inside)} of the shared actors are reported to come from a member: nothing can be pooled"
            f" against those."
        )
    place = {m: i for i, m in enumerate(f.members)}
    rows = []
    for a, b, n, j in f.top_pairs(12):
        i, k = place[a], place[b]
        few = " *" if n < FEW_ACTORS else ""
        rows.append((f"{a}-{b}", str(n), f"{j:.3f}", f"{s.null.expected[i, k]:.1f}", f"{s.null.z[i, k]:+.1f}{few}"))
    table("Pairs with most actors in common", ("pair", "actors", "Jaccard", "by chance", "z"), rows, right=(1, 2, 3, 4))
    if any(r[4].endswith("*") for r in rows):
        lines("* rests on fewer than five actors.")
    table(
        "Members, by how many actors name them",
        ("member", "actors", "with another", "95% of all actors"),
        [(m.state, str(m.named), str(m.shared), f"{m.interval[0]:.1%} to {m.interval[1]:.1%}") for m in exposures(f)],
        right=(1, 2, 3),
    )
    table(
        "Actors that name most members",
        ("actor", "members", "reported origin"),
        [(a.name, str(n), a.origin or "not reported") for a, n in top_actors(f)],
        right=(1,),
    )
    techniques, known, version = top_techniques(f)
    if techniques:
        table(
            f"Techniques of the {known} shared actors that ATT&CK {version} knows",
            ("technique", "name", "actors"),
            [(t.id, t.name, str(t.actors)) for t in techniques],
            right=(2,),
        )
    else:
        lines('Techniques need ATT&CK: pip install "foedus[cyber]"')
    for name, agreed in s.incidents.items():
        lines(
            f"{name}: rank correlation with incidents {agreed.members:+.2f} over {agreed.n} members,"
            f" {agreed.pairs:+.2f} over pairs;"
            f" {agreed.unread} receivers are no state."
        )
    _splits(s)
    came = origin()
    lines("", "What it is not:", *(f"- {c}" for c in CAVEATS))
    lines(
        "- By chance: every actor keeps its number of victims and every state its popularity; only pairs are shuffled."
    )
    lines(f"Source: MISP galaxy, threat actors, version {came.galaxy_version} ({came.package}); counts derived.")


def shared_json(s: Shared) -> None:
    """The same for programs: whole matrices."""
    from foedus.cyber import exposures, top_actors, top_techniques
    from foedus.cyber.exposure import CAVEATS

    f = s.found
    techniques, known, version = top_techniques(f)
    as_json(
        {
            **_headline(s),
            "codes": f.members,
            "pairs": f.pairs.tolist(),
            "expected": s.null.expected.round(3).tolist(),
            "z": s.null.z.round(3).tolist(),
            "exposure": [asdict(m) for m in exposures(f)],
            "actors": [
                {"name": a.name, "origin": a.origin or None, "members": n} for a, n in top_actors(f, len(f.shared))
            ],
            "techniques": [asdict(t) for t in techniques],
            "techniques_of_actors": known,
            "attack_version": version,
            "incidents": {name: asdict(a) for name, a in s.incidents.items()},
            "time_split": {name: None if x is None else asdict(x) for name, x in s.splits.items()},
            "caveats": CAVEATS,
        }
    )


def compared(here: Alliance, found: SharedThreats, answer: Sequence[Compared], *, inside: bool) -> None:
    """Policies in a table, why hits are not averted, what the numbers rest on."""
    left = "kept" if inside else "left out"
    lines(
        f"{here.title} on {here.day}: {len(found.rows)} shared actors; actors from inside are {left}.",
        "Of the hits that would succeed without sharing, the share averted; of compromise-days, the share saved.",
    )
    rows = []
    for c in answer:
        low, middle, high = c.interval()
        saved_low, _, saved_high = c.interval("saved")
        days = c.outcome.protect_quantile(0.5)
        rows.append(
            (
                c.policy.title,
                f"{c.outcome.averted:.1%}",
                f"{middle:.1%} ({low:.1%} to {high:.1%})",
                f"{c.outcome.days_saved:.0%}",
                f"{saved_low:.0%} to {saved_high:.0%}",
                "never" if days is None else f"{days:.1f} d",
            )
        )
    columns = ("policy", "averted", "over the ranges (5 to 95%)", "days saved", "over the ranges", "first item, median")
    table("Policies", columns, rows, right=(1, 2, 3, 4, 5))
    why = list(answer[0].outcome.reasons)
    table(
        "Why the rest is not averted",
        ("policy", *why),
        [(c.policy.title, *(f"{c.outcome.reasons[w]:.0%}" for w in why)) for c in answer],
        right=range(1, len(why) + 1),
    )
    for c in answer:
        alarms = break_even(c)
        if alarms:
            lines(alarms)
    _both_ways(here, found, inside)
    lines(*_read_with(answer))


def break_even(c: Compared) -> str:
    """For a policy with false alarms: from which precision on its items pay."""
    import numpy as np

    from foedus.cyber import arrays, break_even_precision

    alarms = c.policy.false_alarms
    informed = int(c.outcome.counts[:, arrays.INFORMED].sum())
    if alarms is None or not informed:
        return ""
    saved = float(np.asarray(c.outcome.days)[:, [arrays.ALONE]].sum() - c.outcome.days[:, arrays.HUNTED].sum())
    need = break_even_precision(saved / informed, alarms.outage_days, alarms.triage_days)
    verdict = "pays" if alarms.precision >= need else "does not pay"
    false = alarms.items_per_day * (1 - alarms.precision)
    return (
        f"{c.policy.title}: pays when at least {need:.1%} of items are right; at the stated {alarms.precision:.1%} it"
        f" {verdict}, with {false:.1f} false items a member and day. Costs are those of the policy's file."
    )


def _both_ways(here: Alliance, found: SharedThreats, inside: bool) -> None:
    """For an alliance that is attacked from inside: the hub with and without those actors."""
    from foedus.cyber import NoSharedThreats, played, read_policy

    everything = here.threats()
    if not everything.inside:
        return
    hub, shares = read_policy("hub"), []
    for threats in (everything, here.threats(exclude_inside_origin=True)):
        try:
            shares.append(f"{played(hub, threats, here.regions, n=50_000).averted:.1%} of {len(threats.rows)} actors")
        except NoSharedThreats:
            shares.append("nothing to share about")
    lines(
        f"{len(everything.inside)} of {len(everything.shared)} shared actors are reported to come from a"
        f" member. A hub averts"
        f" {shares[0]} with them, {shares[1]} without: nobody shares against a member."
    )


def _read_with(answer: Sequence[Compared]) -> list[str]:
    one = answer[0]
    return [
        "",
        f"Default parameters: {one.outcome.campaigns:,} campaigns, standard error at most"
        f" {max(c.outcome.averted_error for c in answer):.2%}. Everybody takes part and passes everything on: a"
        f" best case.",
        f"Ranges: {len(one.averted)} draws of ten parameters and of the actors (foedus cyber policy lists"
        f" them). Most are"
        " assumed; the range is the answer, not the single number.",
        "Dwell is cut at 365 days. Not modelled: adaptation of attackers unless set, deception, retaliation.",
    ]


def compared_json(here: Alliance, found: SharedThreats, answer: Sequence[Compared], seed: int) -> None:
    """The comparison for programs, with ranges and sources of every parameter."""
    import msgspec

    from foedus.cyber import RANGES
    from foedus.cyber.results import policy_result

    as_json(
        {
            "alliance": here.title,
            "day": here.day,
            "seed": seed,
            "members": found.members,
            "shared_actors": len(found.rows),
            "policies": [msgspec.to_builtins(policy_result(c)) for c in answer],
            "ranges": [asdict(r) for r in RANGES],
        }
    )


def gains(
    here: Alliance,
    found: SharedThreats,
    policy: Policy,
    rows: Sequence[Gain],
    worth: NDArray[Any] | None,
    newcomer: tuple[str, float, float, float] | None,
    *,
    json: bool,
) -> None:
    """Members' gains in a table; those of whom nothing is reported are told apart from those who gain nothing."""
    fair = {} if worth is None else dict(zip(found.members, (1000 * worth).tolist(), strict=True))
    if json:
        named = None if newcomer is None else dict(zip(("state", "without", "with", "own"), newcomer, strict=True))
        as_json(
            {
                "policy": policy.title,
                "members": [asdict(g) | {"shapley": fair.get(g.state)} for g in rows],
                "joining": named,
            }
        )
        return
    silent = [g.state for g in rows if g.averted is None]
    columns = ["member", "hits", "averted", "gives", "gets", "worth to others", "first to know"] + (
        ["fair share"] if fair else []
    )
    table(
        f"{here.title}: {policy.title}; per 1,000 campaigns",
        columns,
        [
            (
                g.state + (" (free rider)" if g.is_free_rider else ""),
                f"{g.hits:.0f}",
                f"{g.averted:.1%}",
                f"{g.given:.1f}",
                f"{g.received:.1f}",
                f"{g.for_others:+.1f}",
                f"{g.first_to_know:.0f}",
                *([f"{fair[g.state]:.1f}"] if fair else []),
            )
            for g in rows
            if g.averted is not None
        ],
        right=range(1, 8),
    )
    if silent:
        lines(f"Nothing is known of {', '.join(silent)}: no actor names them together with another member.")
    lines(
        "Worth to others: compromises of the others that its taking part averts. Members differ here only in"
        " who attacks them."
    )
    if newcomer:
        code, before, after, own = newcomer
        lines(f"With {code}: members' averted share {before:.1%} -> {after:.1%}; its own {own:.1%}.")


def sensitivity(
    here: Alliance,
    policy: Policy,
    found: Sensitivity,
    left_out: Mapping[str, Sequence[Point]],
    *,
    json: bool,
) -> None:
    """Indices beside the ranges, and what they leave out."""
    from foedus.cyber import RANGES

    if json:
        others = {name: [asdict(p) for p in points] for name, points in left_out.items()}
        as_json({"policy": policy.title, "runs": found.runs, **asdict(found), "left_out": others})
        return
    by = {r.name: r for r in RANGES}
    cut = {i.parameter: i for i in found.indices["days_cut"]}
    table(
        f"{here.title}: {policy.title}; {found.runs} runs",
        ("parameter", "range", "total, averted", "first", "total, days of the hit", "mark"),
        [
            (
                by[i.parameter].says,
                f"{by[i.parameter].low:.3g} to {by[i.parameter].high:.3g}",
                f"{i.total:.2f} ±{i.total_half:.2f}",
                f"{i.first:.2f}",
                f"{cut[i.parameter].total:.2f} ±{cut[i.parameter].total_half:.2f}",
                by[i.parameter].mark,
            )
            for i in found.indices["averted"]
        ],
        right=(2, 3, 4),
    )
    low, middle, high = found.quantiles["averted"]
    lines(
        f"Averted share over the design: median {middle:.1%}, 5 to 95% {low:.1%} to {high:.1%}.",
        "An index speaks of the ranges as much as of the world: a wider range makes a parameter matter more.",
    )
    _left_out(left_out)


def _left_out(points: Mapping[str, Sequence[Point]]) -> None:
    """What stands outside the indices, one at a time, for several policies: does their order hold?"""
    order = list(dict.fromkeys(p.policy for each in points.values() for p in each))
    rows = []
    for name, each in points.items():
        for value in dict.fromkeys(p.value for p in each):
            by = {p.policy: p for p in each if p.value == value}
            ranked = sorted(order, key=lambda w: -by[w].averted)
            rows.append((f"{name} {value:g}", *(f"{by[w].averted:.1%}" for w in order), ", ".join(ranked)))
    table(
        "Outside the indices: averted, all else at its default",
        ("assumption", *order, "order"),
        rows,
        right=range(1, len(order) + 1),
    )
    lines(
        "networks: networks in a member, of which the fastest detection counts. adaptation: how much faster attackers",
        "renew their infrastructure when every item is acted on. Both assumed; nobody has measured them.",
    )


def policies(found: Mapping[str, Policy]) -> None:
    """Each policy in words."""
    for name, p in found.items():
        how = {
            "none": "nobody shares",
            "bilateral": "pairs share",
            "hub": "one hub",
            "federated": "a hub in each group",
        }
        facts = [
            how[p.sharing],
            f"{p.participation:.0%} take part",
            f"{p.willingness:.0%} passed on",
            f"{p.automation:.0%} by machines",
        ]
        lines(f"{name}: {p.title}. {p.says}".strip(), f"  {'; '.join(facts)}.")


def assumptions() -> None:
    """Policies that ship, and the one page of what is assumed."""
    from foedus.cyber import RANGES
    from foedus.cyber.parameters import FIXED_ASSUMPTIONS
    from foedus.cyber.policy import SHIPPED, read_policy

    table("Policies", ("name", "title", "what it says"), [(n, (p := read_policy(n)).title, p.says) for n in SHIPPED])
    table(
        "Parameters drawn from ranges",
        ("parameter", "default", "range", "mark", "source"),
        [(r.says, f"{r.default:.3g}", f"{r.low:.3g} to {r.high:.3g}", r.mark, r.source) for r in RANGES],
        right=(1,),
    )
    lines("Also:", *(f"- {says} {mark}: {source}." for says, mark, source in FIXED_ASSUMPTIONS))


def table_form(out: Path) -> None:
    """Raise OutputError for a suffix that is no table."""
    if out.suffix not in (".parquet", ".csv"):
        raise OutputError(f"{out} must end in .parquet or .csv; the suffix decides the format.")


def table_bytes(frame: pl.DataFrame, out: Path) -> bytes:
    """A table as the file's suffix asks."""
    held = io.BytesIO()
    if out.suffix == ".csv":
        frame.write_csv(held)
    else:
        frame.write_parquet(held)
    return held.getvalue()


def imported(found: Imported, written: int, out: Path | None, *, json: bool) -> None:
    """What a file held and what its delays are."""
    from foedus.cyber import latency_report

    report = latency_report(found.items)
    if json:
        pairs = [{"one": a, "other": b, "overlap": x} for (a, b), x in report.overlap.items()]
        as_json(
            {
                "items": len(found.items),
                "levels": found.levels,
                "actors": len(found.actors),
                "passed_by": found.passed_by,
                "delays": [asdict(d) for d in report.delays],
                "missing": report.missing,
                "exclusive": report.exclusive,
                "overlap": pairs,
            }
        )
        return
    told = ", ".join(f"{n} {level}" for level, n in found.levels.items()) or "none"
    lines(
        f"{len(found.items)} items ({told}), {len(found.actors)} actors with targets; {found.passed_by} other objects."
    )
    if report.delays:
        table(
            "Delays, in days",
            ("delay", "items", "quarter below", "median", "quarter above"),
            [(d.what, str(d.n), f"{d.low:.2f}", f"{d.median:.2f}", f"{d.high:.2f}") for d in report.delays],
            right=(1, 2, 3, 4),
        )
    lines(*report.missing)
    if len(report.balance) > 1:
        rows = [(c[:8], str(report.balance[c]), f"{report.exclusive[c]:.0%}") for c in report.balance]
        table("Contributors, by hash", ("contributor", "items", "only here"), rows, right=(1, 2))
    if out:
        lines(f"Wrote {out.resolve()}: {written} items; {len(found.items) - written} are too restricted to write.")


def called(record: Record, answer: Answer, *, json: bool) -> None:
    """Articles, deciders and precedents."""
    if json:
        as_json({"calls": [asdict(c) for c in answer.calls], "precedents": answer.precedents, "notes": answer.notes})
        return
    event = answer.verdict.event
    lines(f"{event.day}: cyber attack of {', '.join(event.attackers)} on {', '.join(event.targets)}.")
    table(
        "Articles that could be called",
        ("article", "asks", "sure", "who decides", "cyber counts", "states"),
        [
            (
                f"{c.treaty}, {c.article}",
                c.level.replace("_", " "),
                c.sure,
                c.decides,
                c.practice or "by the text",
                c.states[0] if len(c.states) == 1 else f"{len(c.states)} states",
            )
            for c in answer.calls
        ],
    )
    if not answer.calls:
        lines("No article in the record could be called.")
    day = event.day
    table(
        "What was done before, nearest case first",
        ("day", "victims", "attributed to", "severity", "what followed", "source"),
        [
            (
                p.day.isoformat(),
                ", ".join(p.victims),
                record.state_name(p.attributed, day) if p.attributed else "nobody",
                p.severity,
                p.done,
                f"{p.source} ({p.status})",
            )
            for p in answer.precedents
        ],
    )
    lines(*answer.notes, "A reading of texts, not legal advice. The full reading: foedus casus --kind cyber")
