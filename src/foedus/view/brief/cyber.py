"""Cyber cooperation: attackers in common, what faster sharing buys, which assumptions matter most."""

from __future__ import annotations

from collections.abc import Sequence

import foedus
from foedus.cyber import RANGES, Alliance, Compared, CyberError, SharedThreats, alliance, read_policy, varied
from foedus.cyber.actors import origin
from foedus.cyber.alliance import FIRST_YEAR
from foedus.cyber.exposure import CAVEATS
from foedus.cyber.results import AllianceResult, PolicyResult, policy_result, shipped_for
from foedus.cyber.variations import RELEASE_DAYS
from foedus.record import Record
from foedus.view import words
from foedus.view.brief import cyber_charts as charts
from foedus.view.brief import cyber_member_charts as member_charts
from foedus.view.brief.moment import Moment
from foedus.view.document import Block, Document, Picture, Section, Table, Text

TITLE = "Cyber cooperation"
FEW_SHARED = 5  # with fewer shared actors the section would say nothing
TOP_PAIRS = 8
_SAYS = {r.name: r.says for r in RANGES}


def sections(m: Moment) -> list[Section]:
    """The section of a brief; none for a treaty that is not in force, too early, universal, or without reports."""
    if not m.is_alive or m.treaty.universal or m.day.year < FIRST_YEAR:
        return []
    try:
        here = alliance(m.record, m.treaty.id, m.day)
    except CyberError:
        return []
    found = here.threats()
    if len(found.shared) < FEW_SHARED:
        return []
    blocks = _threats(m.record, here, found)
    outside = here.threats(exclude_inside_origin=True)
    result = shipped_for(m.treaty.id, outside)
    if result is None:
        say = f"What sharing would buy is not computed ahead for this treaty: foedus cyber compare {m.treaty.id}"
        return [Section("cyber", TITLE, (*blocks, Text((say,), quiet=True)))]
    return [Section("cyber", TITLE, (*blocks, *_sharing(outside, result), _weak()))]


def _threats(record: Record, here: Alliance, found: SharedThreats) -> list[Block]:
    """What is reported of attackers in common: sentence, matrix, pairs."""
    names = {s: record.state_name(s, here.day) for s in found.members}
    low, high = found.shared_interval or (0.0, 1.0)
    silent = [names[s] for s, n in zip(found.members, found.named, strict=True) if n == 0]
    text = (
        f"Of {len(found.everyone)} threat actors whose victims are reported by state, {found.n_any} name a member and"
        f" {len(found.shared)} two or more ({len(found.shared) / found.n_any:.0%}; 95% {low:.0%} to {high:.0%})."
    )
    if found.inside:
        many = words.counted(len(found.inside), "shared actor is", "shared actors are")
        text += f" {words.sentence(many)[:-1]} reported to come from a member; nothing can be pooled against those."
    if silent:
        text += f" No actor names {words.listed(silent)}: not reported, which is not the same as not attacked."
    came = origin()
    shown = charts.shown_members(found)
    picture = Picture(
        "cyber-matrix",
        "Attackers in common",
        "Actors in common: "
        + "; ".join(f"{names[a]} and {names[b]} {n}" for a, b, n, _ in found.top_pairs(TOP_PAIRS))
        + ".",
        lambda width: charts.matrix_chart(found, names, width),
        note=f"Number of actors said to have attacked both; grey: the member itself. The {len(shown)} members"
        f" most named."
        f" Counted from the MISP galaxy, threat actors, version {came.galaxy_version}. " + " ".join(CAVEATS[:2]),
        print_share=0.75,
    )
    return [Text((text,)), picture]


def _sharing(found: SharedThreats, result: AllianceResult) -> list[Block]:
    """What faster sharing buys, and which two assumptions matter most."""
    by = {p.name: p for p in result.policies}
    hub, machine, pairs = by["hub"], by["machine"], by["bilateral"]
    first, second = result.sensitivity[:2]
    text = (
        f"In a simulation of campaigns against these members, a hub run by people averts {hub.averted:.0%} of"
        f" the hits that"
        f" would succeed without sharing, exchange among closest partners {pairs.averted:.0%}, a hub run by machines"
        f" {machine.averted:.0%}: with everybody taking part and everything passed on, a best case. Over the ranges of"
        f" what nobody has measured the hub averts {_range(hub)}, machines {_range(machine)}."
    )
    most = (
        f"Which assumptions matter most: {_SAYS[first.parameter]} (part in the variance {first.total:.2f}) and"
        f" {_SAYS[second.parameter]} ({second.total:.2f}). That speaks of the ranges as much as of the world."
    )
    return [Text((text, most)), _policies_picture(result.policies), _policies_table(result.policies), _indices(result)]


def _range(p: PolicyResult) -> str:
    low, _, high = p.averted_range
    return f"{low:.1%} to {high:.1%}"


def _policies_picture(policies: Sequence[PolicyResult]) -> Picture:
    return Picture(
        "cyber-policies",
        "What each way of sharing averts",
        "; ".join(f"{p.title}: {p.averted:.1%}, {_range(p)} over the ranges" for p in policies) + ".",
        lambda width: charts.policies_chart(policies, width),
        note="Dot: default parameters. Bar: 5 to 95 per cent over the ranges of ten parameters and resampled"
        " actors; tick: the"
        " median. Simulated; most parameters are assumed.",
        print_share=0.8,
    )


def _policies_table(policies: Sequence[PolicyResult]) -> Table:
    rows = tuple(
        (
            p.title,
            f"{p.averted:.1%}",
            _range(p),
            f"{p.saved:.0%}",
            "never" if p.protect_days is None else f"{p.protect_days:.0f}",
            f"{p.reasons['nobody knew yet']:.0%}",
            f"{p.reasons['known but not told']:.0%}",
            f"{p.reasons['told too late']:.0%}",
        )
        for p in policies
    )
    columns = (
        "Way of sharing",
        "Averted",
        "Over the ranges",
        "Compromise-days saved",
        "Days to first item",
        "Nobody knew yet",
        "Known, not told",
        "Too late",
    )
    return Table("Ways of sharing compared", columns, rows, align="lrrrrrrr", folded=True, quiet=True)


def _indices(result: AllianceResult) -> Picture:
    return Picture(
        "cyber-sensitivity",
        "Which assumptions move the answer",
        "; ".join(f"{_SAYS[i.parameter]} {i.total:.2f}" for i in result.sensitivity) + ".",
        lambda width: charts.sensitivity_chart(result.sensitivity, _SAYS, width),
        note=f"Sobol indices of the averted share under the hub, {result.sensitivity_runs:,} runs; lines: 95"
        f" per cent. Ranges:"
        " foedus cyber policy",
        print_share=0.75,
    )


def _weak() -> Text:
    return Text(
        (
            "Weakest points, in order. The matrix is reporting, not targeting, without dates and with a bias to"
            " English. The"
            " time between targets and the delays between people are assumed. A state is many networks, taken as one."
            " Attackers that adapt to sharing are left out. Shares are of hits that would succeed without"
            " sharing, not of all"
            " attacks.",
        ),
        quiet=True,
    )


def _delay(here: Alliance, found: SharedThreats, seed: int) -> Picture:
    """What delay costs, for people who pass items on."""
    policies = {name: read_policy(name) for name in ("hub", "bilateral")}
    points = varied(policies, found, here.regions, "release_days", RELEASE_DAYS, seed=seed)
    titles = {name: p.title for name, p in policies.items()}
    ends = {name: [p.averted for p in points if p.policy == name] for name in policies}
    return Picture(
        "cyber-delay",
        "What delay costs",
        "; ".join(f"{titles[n]}: {e[0]:.1%} at a quarter of an hour, {e[-1]:.1%} at 30 days" for n, e in ends.items())
        + ".",
        lambda width: member_charts.delay_chart(points, titles, width),
        note="Only the delay before an item leaves changes; people still take a day, at the median, to act on it."
        " Against attackers that hit the next member within hours nobody has detected anything yet, so no speed helps.",
        print_share=0.75,
    )


def _balance(compared: Compared, found: SharedThreats, names: dict[str, str]) -> Picture:
    """Who gives and who gets under one policy; members that nobody names with another are left out."""
    outcome, per = compared.outcome, 1000.0 / compared.outcome.campaigns
    hit = [i for i, n in enumerate(outcome.given + outcome.received) if n > 0]
    given = {found.members[i]: per * float(outcome.given[i]) for i in hit}
    received = {found.members[i]: per * float(outcome.received[i]) for i in hit}
    most = sorted(hit, key=lambda i: -int(outcome.given[i] + outcome.received[i]))[: charts.MOST_MEMBERS]
    shown = [found.members[i] for i in most]
    return Picture(
        "cyber-balance",
        f"Who gives and who gets: {compared.policy.title}",
        "; ".join(f"{names[s]} gives {given[s]:.1f}, gets {received[s]:.1f}" for s in shown) + ".",
        lambda width: member_charts.balance_chart({s: given[s] for s in shown}, received, names, width),
        note=f"The {len(shown)} members with most. Gives: compromises of others averted by its items. Members are alike"
        " here but for who attacks them, so that what differs is the company they keep, not effort.",
        print_share=0.75,
    )


def comparison_page(
    here: Alliance, found: SharedThreats, answer: Sequence[Compared], record: Record, seed: int
) -> Document:
    """The page of `foedus cyber compare`: attackers in common, policies side by side, every parameter with its
    range.
    """
    results = [policy_result(c) for c in answer]
    one = answer[0]
    text = (
        f"{len(found.rows)} shared actors; {one.outcome.campaigns:,} campaigns with default parameters and"
        f" {len(one.averted)} draws of what is not known, seed {seed}. Averted: share of the hits that would"
        f" succeed without"
        " sharing. Default parameters are a best case, with everybody taking part; the range is the answer."
    )
    assumed = Table(
        "What is assumed",
        ("Parameter", "Default", "Range", "Mark", "Source"),
        tuple((r.says, f"{r.default:.3g}", f"{r.low:.3g} to {r.high:.3g}", r.mark, r.source) for r in RANGES),
        align="lrlll",
    )
    names = {s: record.state_name(s, here.day) for s in found.members}
    best = max(answer, key=lambda c: c.outcome.averted)
    shared = (_balance(best, found, names),) if best.outcome.averted > 0 else ()
    who = here.id or "--members " + ",".join(here.members)
    chosen = " ".join(f"--policy {c.name}" for c in answer)
    return Document(
        title=here.title,
        kicker="Cyber cooperation compared",
        day=words.day(here.day),
        sections=(
            Section("threats", "Attackers in common", tuple(_threats(record, here, found))),
            Section(
                "policies", "Ways of sharing", (Text((text,)), _policies_picture(results), _policies_table(results))
            ),
            Section("delay", "Delay, and who gives", (_delay(here, found, seed), *shared)),
            Section("assumed", "What it rests on", (assumed, _weak())),
        ),
        sources=(),
        command=f"foedus cyber compare {who} {chosen} --runs {len(one.averted)} --seed {seed} --on {here.day}",
        version=foedus.__version__,
    )
