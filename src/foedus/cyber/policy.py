"""A sharing policy: who passes what on to whom, at which level, how fast. Read from TOML, checked, and set out in
arrays.

docs/cyber.md explains every key. Those that ship lie in `data/policies`; `read_policy` takes a name or a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from foedus.cyber.errors import PolicyError
from foedus.cyber.parameters import Parameters
from foedus.cyber.shared import SharedThreats
from foedus.cyber.simulate import Members
from foedus.cyber.tlp import Mix

SHIPPED = ("none", "bilateral", "hub", "federated", "machine", "nis2", "tlp", "reciprocal")
HALF_LIFE_MONTHS = 12.0  # of what an exercise teaches; assumed
MOST_BYTES = 1 << 20
Sharing = Literal["none", "bilateral", "hub", "federated"]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys that are not known are an error."""


class Delay(_Strict, frozen=True, kw_only=True):
    """A lognormal delay of people: median in days, standard deviation of the logarithm."""

    median_days: float
    sigma: float = 1.0


class Who(_Strict, frozen=True, kw_only=True):
    """What is different about one member; None: as the policy says for all."""

    state: str
    participation: float | None = None
    gives: bool = True
    receives: bool = True
    compliance: float | None = None
    automation: float | None = None
    detection_factor: float = 1.0
    weight: float = 1.0


class Group(_Strict, frozen=True, kw_only=True):
    """A federation: a hub passes on among these members; to another group it takes a second hop."""

    name: str
    members: tuple[str, ...]


class Exercise(_Strict, frozen=True, kw_only=True):
    """Training multiplies the delays of people by `factor`, an effect that halves every twelve months. No effect size
    is
    published: `evidence` says what the factor rests on."""

    factor: float
    months_since: float = 0.0
    evidence: Literal["assumed", "own logs", "published"] = "assumed"


class FalseAlarms(_Strict, frozen=True, kw_only=True):
    """Items that are wrong: how many items a member gets a day, which share is right, what one costs in
    compromise-days, to look at (people) and when a machine blocks what it should not."""

    items_per_day: float
    precision: float
    triage_days: float
    outage_days: float


class Policy(_Strict, frozen=True, kw_only=True):
    """One policy; see docs/cyber.md for the keys."""

    title: str
    sharing: Sharing
    says: str = ""
    partners: int = 0
    links: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] | Literal["region"] = ()
    release: Delay | None = None
    act: Delay | None = None
    automation: float = 0.0
    warning_within_days: float | None = None
    item_within_days: float | None = None
    participation: float = 1.0
    willingness: float = 1.0
    compliance: float = 1.0
    resight: bool = False
    reciprocal: bool = False
    tlp: Mix | None = None
    member: tuple[Who, ...] = ()
    exercise: Exercise | None = None
    false_alarms: FalseAlarms | None = None


def read_policy(asked: str) -> Policy:
    """A policy that ships, by name, or one of the user's own, by file. Raises PolicyError with every problem."""
    if asked in SHIPPED:
        text = files("foedus.cyber").joinpath("data", "policies", f"{asked}.toml").read_text(encoding="utf-8")
        return parse_policy(text, asked)
    path = Path(asked)
    if not path.is_file():
        raise PolicyError(asked, [f"there is no such file, and the policies that ship are {', '.join(SHIPPED)}."])
    if path.stat().st_size > MOST_BYTES:
        raise PolicyError(asked, ["larger than a mebibyte; no policy is."])
    try:
        return parse_policy(path.read_text(encoding="utf-8"), asked)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(asked, [f"cannot be read: {error}"]) from None


def parse_policy(text: str, name: str) -> Policy:
    """The policy in a TOML text. Raises PolicyError."""
    try:
        policy = msgspec.toml.decode(text, type=Policy)
    except msgspec.DecodeError as error:  # its subclass names the key
        raise PolicyError(name, [f"{error}."]) from None
    problems = _problems(policy)
    if problems:
        raise PolicyError(name, problems)
    return policy


def _problems(p: Policy) -> list[str]:
    """Whatever contradicts itself, whichever alliance it is for."""
    found = [*_shares(p), *_roles(p)]
    two = [s for s in {w.state for w in p.member} if sum(w.state == s for w in p.member) > 1]
    found += [f"member: {s} is described twice." for s in sorted(two)]
    early, late = p.warning_within_days, p.item_within_days
    found += [
        f"{n}: {v} days; expected 0 or more."
        for n, v in (("warning_within_days", early), ("item_within_days", late))
        if v is not None and not v >= 0
    ]
    if early is not None and late is not None and early > late:
        found.append(f"warning_within_days {early} is after item_within_days {late}; a warning comes first.")
    if p.exercise and not (0.5 <= p.exercise.factor <= 1.0 and p.exercise.months_since >= 0):
        found.append(f"exercise.factor {p.exercise.factor}: expected 0.5 to 1, months_since 0 or more.")
    if (
        p.false_alarms
        and not min(p.false_alarms.items_per_day, p.false_alarms.triage_days, p.false_alarms.outage_days) >= 0
    ):
        found.append("false_alarms: numbers must not be negative.")
    for n, d in (("release", p.release), ("act", p.act)):
        if d and not (0 < d.median_days < math.inf and 0 <= d.sigma < math.inf):
            found.append(f"{n}: median_days must be positive and sigma not negative.")
    return found


def _shares(p: Policy) -> list[str]:
    named: list[tuple[str, float | None]] = [
        (n, getattr(p, n)) for n in ("automation", "participation", "willingness", "compliance")
    ]
    for w in p.member:
        named += [(f"member {w.state}.{n}", getattr(w, n)) for n in ("automation", "participation", "compliance")]
    if p.false_alarms:
        named.append(("false_alarms.precision", p.false_alarms.precision))
    found = [f"{n}: {v}; expected 0 to 1." for n, v in named if v is not None and not 0.0 <= v <= 1.0]
    found += [
        f"member {w.state}: detection_factor and weight must be positive."
        for w in p.member
        if not (0 < w.detection_factor < math.inf and 0 <= w.weight < math.inf)
    ]
    return found + (p.tlp.problems(p.automation) if p.tlp else [])


def _roles(p: Policy) -> list[str]:
    """Keys that belong to another kind of sharing, and members in two groups."""
    found = []
    if (p.partners or p.links) and p.sharing != "bilateral":
        found.append(f'partners and links belong to sharing = "bilateral", not "{p.sharing}".')
    if p.sharing == "bilateral" and bool(p.partners) == bool(p.links):
        found.append("bilateral sharing needs either partners (how many each chooses) or links, not both.")
    if p.partners < 0:
        found.append(f"partners: {p.partners}; expected 1 or more.")
    if (p.sharing == "federated") != bool(p.groups):
        found.append('groups belong to sharing = "federated", which needs them.')
    if p.sharing == "none" and (p.reciprocal or p.tlp or p.release or p.automation or p.resight or p.exercise):
        found.append('sharing = "none" contradicts reciprocal, tlp, release, automation, resight or exercise.')
    if not isinstance(p.groups, str):
        everybody = [s for g in p.groups for s in g.members]
        twice = sorted({s for s in everybody if everybody.count(s) > 1})
        found += [f"group: {s} is in two groups." for s in twice]
    for a, b in p.links:
        if a == b:
            found.append(f"links: {a} is linked with itself.")
    silent = [w.state for w in p.member if not w.gives and not w.receives and (w.participation or 0) > 0]
    return found + [f"member {s}: neither gives nor receives, yet takes part." for s in silent]


def parameters_of(p: Policy, params: Parameters) -> Parameters:
    """`params` with the delays of people as the policy sets them; where it is silent, as they are."""
    changes: dict[str, float] = {}
    for name, given in (("release", p.release), ("act", p.act)):
        if given:
            changes |= {f"{name}_days": given.median_days, f"{name}_sigma": given.sigma}
    return params.with_(**changes)


def arranged(p: Policy, threats: SharedThreats, regions: Mapping[str, str], name: str = "") -> Members:
    """The policy for the members of `threats`. regions : state -> region, for groups = "region".

    Raises PolicyError for a state that is no member, or members without a group.
    """
    problems = _strangers(p, threats.members)
    group = np.full(len(threats.members), -1)
    if p.sharing == "federated":
        group, lost = _groups(p, threats.members, regions)
        problems += lost
    if problems:
        raise PolicyError(name or p.title, problems)
    who = {w.state: w for w in p.member}
    each = [who.get(m, Who(state=m)) for m in threats.members]

    def column(field: str, otherwise: float) -> NDArray[np.float64]:
        given = (getattr(w, field) for w in each)
        return np.array([otherwise if g is None else float(g) for g in given])

    factor = 1.0
    if p.exercise:
        factor = 1.0 - (1.0 - p.exercise.factor) * 0.5 ** (p.exercise.months_since / HALF_LIFE_MONTHS)
    return Members(
        phi=column("participation", p.participation),
        gives=column("gives", 1.0),
        receives=column("receives", 1.0),
        complies=column("compliance", p.compliance),
        automation=column("automation", p.automation),
        slower=column("detection_factor", 1.0),
        weight=column("weight", 1.0),
        group=group,
        told=_channels(p, threats) * p.willingness * (p.tlp.reach() if p.tlp else 1.0),
        human_factor=factor,
        warning_within=math.inf if p.warning_within_days is None else p.warning_within_days,
        item_within=math.inf if p.item_within_days is None else p.item_within_days,
        resight=p.resight,
    )


def _strangers(p: Policy, members: tuple[str, ...]) -> list[str]:
    named = [(f"member {w.state}", w.state) for w in p.member]
    named += [(f"links {a}-{b}", s) for a, b in p.links for s in (a, b)]
    if not isinstance(p.groups, str):
        named += [(f"group {g.name}", s) for g in p.groups for s in g.members]
    return [f"{where}: {s} is no member of the alliance on that day." for where, s in named if s not in members]


def _groups(p: Policy, members: tuple[str, ...], regions: Mapping[str, str]) -> tuple[NDArray[np.int64], list[str]]:
    if isinstance(p.groups, str):
        of = {m: regions.get(m, "") for m in members}
    else:
        of = {s: g.name for g in p.groups for s in g.members}
    lost = [f"groups: {m} belongs to none." for m in members if not of.get(m)]
    order = sorted(set(of.values()))
    return np.array([order.index(of[m]) if of.get(m) else -1 for m in members]), lost


def _channels(p: Policy, threats: SharedThreats) -> NDArray[np.float64]:
    """(n, n) 1 where the policy lets the row's items reach the column."""
    n = len(threats.members)
    if p.sharing == "none":
        return np.zeros((n, n))
    if p.sharing != "bilateral":
        return np.ones((n, n)) - np.eye(n)
    open_ = np.zeros((n, n))
    if p.partners:
        open_[closest(threats, p.partners)] = 1.0
    for a, b in p.links:
        open_[threats.members.index(a), threats.members.index(b)] = 1.0
    return np.maximum(open_, open_.T)


def closest(threats: SharedThreats, partners: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index pairs (member, partner): each member's partners of highest Jaccard above 0, ties to the earlier member."""
    j = threats.jaccard.copy()
    np.fill_diagonal(j, 0.0)
    order = np.argsort(-j, axis=1, kind="stable")[:, :partners]
    pairs = [(i, int(k)) for i, row in enumerate(order) for k in row if j[i, k] > 0]
    return np.array([a for a, _ in pairs], np.int64), np.array([b for _, b in pairs], np.int64)
