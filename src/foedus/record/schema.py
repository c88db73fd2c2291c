"""The types of one treaty file: what a lawyer writes in TOML, as frozen data.

Vocabulary and meaning of every key are explained in docs/record.md; the words follow the treaties and ATOP
(Leeds, Ritter, Mitchell and Long 2002). Intervals are half-open: `since` is the first day, `until` the first day no
longer.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from foedus.record.spell import in_force

Pledge = Literal[
    "defence",
    "offence",
    "neutrality",
    "non_aggression",
    "consultation",
    "guarantee",
    "internal_order",
    "cooperation",
]
Level = Literal[
    "must_use_force",
    "must_mobilise",
    "must_assist",
    "must_consult",
    "must_stay_neutral",
    "must_not_attack",
    "may_act",
    "no_duty",
]
Trigger = Literal[
    "attack",
    "war",
    "own_attack",
    "joint_war",
    "mobilisation",
    "threat",
    "breach",
    "internal",
    "standing",
    "organ",
]
Kind = Literal[
    "armed_attack",
    "aggression",
    "invasion",
    "declaration_of_war",
    "shelling",
    "blockade",
    "attack_on_forces",
    "attack_on_vessels",
    "terrorism",
    "cyber",
    "hybrid",
    "space",
    "airspace_violation",
    "subversion",
    "threat",
    "ultimatum",
    "nuclear_threat",
    "economic_pressure",
    "mobilisation",
    "coup",
    "internal_unrest",
    "breach_of_settlement",
    "war",
    "disaster",
]
Action = Literal[
    "consult", "diplomatic", "economic", "materiel", "facilities", "mobilise", "military", "all_forces", "neutrality"
]
Discretion = Literal["none", "deems_necessary", "constitutional", "by_agreement", "organ", "each_decides"]
TreatyKind = Literal[
    "treaty",
    "protocol",
    "exchange_of_notes",
    "declaration",
    "guarantee",
    "charter",
    "convention",
    "memorandum",
    "informal",
    "unilateral",
]
TextLayer = Literal["public", "secret", "partly_secret", "unpublished"]
EndMode = Literal[
    "expired", "denounced", "replaced", "violated", "dissolved", "obsolete", "defeat", "state_ended", "terminated"
]
How = Literal["founding", "accession", "succession", "unification", "readmission", "ratification"]
HowLeft = Literal[
    "treaty_ended",
    "withdrawal",
    "expulsion",
    "denunciation",
    "state_ended",
    "succession",
    "unification",
    "defeat",
    "lapse",
    "release",
]
Role = Literal["party", "protected", "guarantor", "associate", "observer", "candidate"]
Precision = Literal["month", "year", "circa", "signature_used", "by_conduct"]
Confidence = Literal["text", "secondary", "recalled"]
SourceIds = str | tuple[str, ...]
Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Day = date  # for classes that have a field called date
SIGNATORIES: tuple[Role, ...] = ("party", "guarantor")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry may carry: where it is from, how sure we are, which of its dates are coarse."""

    source: SourceIds = ()
    confidence: Confidence | None = None
    precision: dict[str, Precision] = {}
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources, always as a tuple."""
        return (self.source,) if isinstance(self.source, str) else self.source


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text, a book or a data set that a value rests on; `status` says how closely anybody looked."""

    id: str
    title: str
    status: Confidence
    author: str = ""
    date: str = ""
    where: str = ""
    url: str = ""
    seen: Day | None = None
    note: str = ""


class Member(Entry, frozen=True, kw_only=True):
    """One state's spell in one treaty, in force on [since, until)."""

    state: str
    since: date
    until: date | None = None
    signed: date | None = None
    how: How = "founding"
    how_left: HowLeft | None = None
    role: Role = "party"

    def on(self, day: date) -> bool:
        """Whether the spell covers `day`; the day of leaving is already out."""
        return in_force(self.since, self.until, day)


class Suspension(Entry, frozen=True, kw_only=True):
    """A time in which promises rest: for `states`, for the pair `between`, or (neither given) for everybody."""

    since: date
    until: date | None = None
    states: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    what: Literal["obligations", "participation", "dormant"] = "obligations"


class Area(Entry, frozen=True, kw_only=True):
    """Where an attack counts. Tokens of `include` and `exclude` are explained in docs/record.md."""

    id: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    control: Literal["sovereign", "administered", "recognised", "interest"] = "sovereign"
    says: str = ""


class Practice(Entry, frozen=True, kw_only=True):
    """A kind of event that later practice admitted, from a day on."""

    kind: Kind
    since: date
    threshold: Literal["none", "organ", "each_decides"] = "none"


class Condition(Entry, frozen=True, kw_only=True):
    """A fact that must hold for the duty to arise; for the states of `applies_to` only, when given."""

    fact: str
    holds: bool = True
    says: str
    applies_to: tuple[str, ...] = ()
    otherwise: Level | None = None
    judged_by: Literal["obligor", "organ", "parties", "anyone"] = "anyone"


class Obligation(Entry, frozen=True, kw_only=True):
    """One promise of one article: who owes what to whom, when what happens where."""

    id: str
    article: str
    pledge: Pledge
    level: Level
    trigger: Trigger
    says: str
    kinds: tuple[Kind, ...] = ()
    area: str = ""
    action: tuple[Action, ...] = ()
    discretion: Discretion = "none"
    owes: str | tuple[str, ...] = "party"
    to: str | tuple[str, ...] = "party"
    not_owed_by: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    practice: tuple[Practice, ...] = ()
    attacker: Literal["any", "non_party", "great_power", "european", "listed", "region"] = "any"
    attackers: tuple[str, ...] = ()
    attacker_region: str = ""
    exempt_attackers: tuple[str, ...] = ()
    joined_by: tuple[str, ...] = ()
    min_attackers: Count = 1
    max_attackers: Count | None = None
    attacker_not_at_war_on: date | None = None
    attacker_is_party: Literal["excluded", "included", "not_foreseen"] = "not_foreseen"
    unprovoked: bool = False
    requires_request: bool = False
    requires_organ: str = ""
    requires_war_state: bool = False
    within_days: Count | None = None
    condition: tuple[Condition, ...] = ()
    layer: Literal["public", "secret"] = "public"
    prevails_over: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()


class Reservation(Entry, frozen=True, kw_only=True):
    """What one state said of its own duty when it signed, or later: an opt-out, an understanding, a doubt."""

    state: str
    obligations: tuple[str, ...]
    effect: Literal["excluded", "weaker", "condition", "disputed"]
    says: str
    level: Level | None = None
    fact: str = ""
    holds: bool = True
    since: date | None = None
    until: date | None = None


class Absence(Entry, frozen=True, kw_only=True):
    """A member that stayed out of an institution for a time (France from the integrated command, 1966-2009)."""

    state: str
    since: date | None = None
    until: date | None = None


class Institution(Entry, frozen=True, kw_only=True):
    """What the allies built: an organisation, a headquarters, a command, a force, bases."""

    name: str
    kind: Literal[
        "organisation",
        "secretariat",
        "headquarters",
        "council",
        "parliament",
        "integrated_command",
        "force",
        "bases",
        "contingents",
        "agency",
        "programme",
        "exercise",
        "staff_talks",
    ]
    since: date | None = None
    until: date | None = None
    seat: str = ""
    states: tuple[str, ...] = ()
    absent: tuple[Absence, ...] = ()


class Development(Entry, frozen=True, kw_only=True):
    """A later agreement or decision that deepened, widened, renewed or weakened the treaty."""

    day: date
    name: str
    effect: Literal["deepened", "widened", "renewed", "amended", "weakened", "invoked", "interpreted"]
    says: str = ""


class Eligibility(Entry, frozen=True, kw_only=True):
    """Who may join by one clause: every state of its regions, members of its treaties and states named, together."""

    says: str
    article: str = ""
    regions: tuple[str, ...] = ()
    members_of: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    admits_neutrals: bool = False
    since: date | None = None
    until: date | None = None


class Treaty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One treaty, article by article; one file of the record.

    `according_to` names the sources of the head's own values (names, dates, end); each entry below names its own.
    """

    id: str
    name: str
    kind: TreatyKind
    signed: date
    checked: date
    according_to: SourceIds
    member: tuple[Member, ...]
    source: tuple[Source, ...] = ()
    short: str = ""
    aliases: tuple[str, ...] = ()
    text: TextLayer = "public"
    in_force: date | None = None
    ended: date | None = None
    end_mode: EndMode | None = None
    confidence: Confidence | None = None
    precision: dict[str, Precision] = {}
    note: str = ""
    open_to: str = ""
    # Without an entry the record does not say who may join, and nobody is held to be barred.
    eligible: tuple[Eligibility, ...] = ()
    # Open to every state (League, United Nations): left out where alliances are counted.
    universal: bool = False
    aimed_at: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    atop: tuple[Count, ...] = ()
    differs_from_atop: tuple[str, ...] = ()
    suspension: tuple[Suspension, ...] = ()
    area: tuple[Area, ...] = ()
    obligation: tuple[Obligation, ...] = ()
    reservation: tuple[Reservation, ...] = ()
    institution: tuple[Institution, ...] = ()
    development: tuple[Development, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the head's values, always as a tuple."""
        return (self.according_to,) if isinstance(self.according_to, str) else self.according_to

    def on(self, day: date) -> bool:
        """Whether the treaty is in force on `day`; one that is only signed never is."""
        return self.in_force is not None and in_force(self.in_force, self.ended, day)

    def members_on(self, day: date, roles: tuple[Role, ...] = SIGNATORIES) -> tuple[str, ...]:
        """Codes of the states with one of `roles` on `day`, sorted; empty when the treaty is not in force."""
        if not self.on(day):
            return ()
        return tuple(sorted({m.state for m in self.member if m.role in roles and m.on(day)}))

    @property
    def title(self) -> str:
        """The short name where there is one, else the name."""
        return self.short or self.name
