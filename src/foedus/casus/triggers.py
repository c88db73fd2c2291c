"""One article, one state, one situation: is its casus foederis there? The steps and their order are in docs/casus.md.

Each step may end the reading (not bound, with the reason), lower the level, or leave a doubt: then the finding is
disputed and the other level stands among those accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from foedus.casus import facts
from foedus.casus.event import FORCE, Event, is_met_by
from foedus.casus.facts import Answer
from foedus.casus.ground import area_on, covers, states_of
from foedus.casus.situation import Situation
from foedus.casus.verdict import Level, Reason
from foedus.record import Obligation, Record, Treaty
from foedus.record.spell import in_force


@dataclass(slots=True)
class Reading:
    """What reading one article for one state gives, filled step by step."""

    level: Level
    disputed: bool = False
    accept: set[Level] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)
    hit: frozenset[str] = frozenset()
    toward: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()

    def ends(self, code: str, says: str, level: Level = "not_bound") -> Reading:
        """The reading ends at `level` for this reason."""
        self.level, self.reasons = level, [*self.reasons, Reason(code, says)]
        return self

    def doubts(self, other: Level, code: str, says: str) -> None:
        """The level stands, but `other` is defensible."""
        self.disputed = True
        self.accept.add(other)
        self.reasons.append(Reason(code, says))

    def asks(self, fact: str, says: str) -> None:
        """The level holds if a fact that nobody stated is so."""
        self.questions[fact] = says
        self.reasons.append(Reason("if", says))


@dataclass(frozen=True, slots=True)
class Scene:
    """What every step reads: the record, the event, the situation, the article."""

    record: Record
    event: Event
    now: Situation
    treaty: Treaty
    article: Obligation

    def name(self, state: str) -> str:
        """What a state was called on the day; a non-state actor by its own name."""
        return state.partition(":")[2] if ":" in state else self.record.state_name(state, self.event.day)

    def names(self, states: frozenset[str] | set[str] | tuple[str, ...]) -> str:
        """Names of states, sorted, joined."""
        return ", ".join(sorted(self.name(s) for s in states))


def read(scene: Scene, obligor: str, owed: frozenset[str]) -> Reading | None:
    """The reading of `scene.article` for `obligor`, who owes it to the states of `owed` (empty: to whoever is hit).

    None when the article has nothing to do with what happens, not even as a clause that fails.
    """
    o = scene.article
    if o.level == "no_duty" or o.level == "must_not_attack" or is_conduct(o):
        return None
    reading = Reading(level=o.level)
    hit = _beneficiaries(scene, obligor, owed)
    if hit is None:
        return None
    if not hit:
        return _nobody_hit(scene, obligor, owed, reading)
    for step in (_suspended, _kind, _severity, _area, _attacker, _count, _party, _conditions, _reserved, _as_entrant):
        ended = step(scene, obligor, hit, reading)
        if ended is not None:
            return ended
    reading.hit = hit
    reading.toward = hit if o.level == "must_stay_neutral" else frozenset()
    reading.against = _called_against(scene, hit) - {obligor}
    reading.reasons.insert(0, Reason("met", _met(scene, hit)))
    return reading


def is_conduct(o: Obligation) -> bool:
    """Duties that no event calls: to consult at all times, and to make peace together in a war that is on."""
    return o.level == "must_consult" and o.trigger in ("standing", "joint_war")


_PLURAL = {"is": "are", "has": "have", "faces": "face"}


def _met(scene: Scene, hit: frozenset[str]) -> str:
    whom, how = (
        scene.names(hit),
        {
            "attack": "is attacked",
            "war": "is at war",
            "own_attack": "has begun a war",
            "joint_war": "is in the war the treaty was made for",
            "mobilisation": "is concerned by the mobilisation",
            "threat": "is threatened",
            "breach": "is touched by the breach of the settlement",
            "internal": "faces disorder at home",
            "standing": "is concerned",
            "organ": "is the victim on which the organ decided",
        }[scene.article.trigger],
    )
    if len(hit) > 1:
        verb, _, rest = how.partition(" ")
        how = f"{_PLURAL[verb]} {rest}".replace("the victim on", "the victims on")
    return f"{whom} {how}: {scene.article.says}"


# --- who it is owed to, and is hit --------------------------------------------------------------------------------


def _beneficiaries(scene: Scene, obligor: str, owed: frozenset[str]) -> frozenset[str] | None:
    """States to whom it is owed and whom the trigger concerns; empty when none is hit; None when irrelevant."""
    o, e, now = scene.article, scene.event, scene.now
    parties = frozenset(owed) - {obligor}
    targets = frozenset(e.targets)
    if o.trigger == "internal":
        return parties & targets if e.kind in ("internal_unrest", "coup", "subversion", "terrorism") else None
    if o.trigger == "mobilisation":
        return parties if _mobilised(scene) else frozenset()
    if o.trigger == "breach":
        return _touched(scene, obligor, owed)
    if obligor in e.states_attacking or obligor in targets:
        return None if o.trigger != "own_attack" else frozenset()
    if o.trigger == "attack":
        return targets if o.to == "any" else parties & (targets | now.attacked)
    if o.trigger in ("war", "joint_war"):
        return parties & now.fighting
    if o.trigger == "own_attack":
        return parties & frozenset(e.states_attacking)
    if o.trigger == "organ":
        return (targets if o.to == "any" else parties & targets) or None
    return _threatened(scene, parties)


def _threatened(scene: Scene, parties: frozenset[str]) -> frozenset[str] | None:
    """For duties to consult and standing ones: the target, and whoever says it is threatened by invoking the treaty."""
    o, e = scene.article, scene.event
    asking = facts.invokers(e, scene.record, scene.treaty)
    if o.trigger == "standing" and o.level == "must_stay_neutral":
        return frozenset(s for s in parties if scene.now.enemies_of(s))
    if o.to == "any":
        return frozenset(e.targets)
    hit = parties & frozenset(e.targets)
    if asking and _invoked_here(scene):
        hit |= asking & (parties | asking)
    return hit


def _invoked_here(scene: Scene) -> bool:
    """Whether the article said to be invoked is this one (or none was named)."""
    article = facts.invoked_article(scene.event, scene.record, scene.treaty)
    return not article or article.split("(")[0] == scene.article.article.split("(")[0].strip()


def _touched(scene: Scene, obligor: str, owed: frozenset[str]) -> frozenset[str] | None:
    """For a settlement that is broken: whom it protects, or to whom the duty is owed, when the event concerns it."""
    e, treaty = scene.event, scene.treaty
    everybody = {m.state for m in treaty.member if m.on(e.day)}
    involved = set(e.targets) | set(e.states_attacking)
    area = area_on(treaty, scene.article.area, e) if scene.article.area else None
    in_area = area is not None and covers(scene.record, treaty, area, e)
    if not in_area and not (everybody & involved):
        return None
    if obligor in (*e.targets, *e.states_attacking) and scene.article.level != "must_consult":
        return None
    return frozenset(owed) - {obligor}


def _mobilised(scene: Scene) -> frozenset[str]:
    o = scene.article
    return frozenset(o.attackers) & scene.now.mobilised if o.attacker == "listed" else scene.now.mobilised


def _nobody_hit(scene: Scene, obligor: str, owed: frozenset[str], reading: Reading) -> Reading | None:
    """A clause that fails because no ally is hit: said when an ally is the attacker or its enemy did not mobilise."""
    o, e = scene.article, scene.event
    attacking = owed & frozenset(e.states_attacking) - {obligor}
    if o.trigger == "mobilisation":
        return (
            reading.ends("condition_unmet", f"none of {scene.names(o.attackers)} has mobilised")
            if owed & {*e.targets, *e.attackers}
            else None
        )
    if attacking:
        return reading.ends(
            "ally_is_attacker", f"{scene.names(attacking)} is the attacker; the clause protects it only when attacked"
        )
    fighting = frozenset(s for s in owed - {obligor} if scene.now.enemies_of(s))
    if o.trigger == "attack" and fighting:
        return reading.ends("condition_unmet", f"{scene.names(fighting)} is at war, but nobody attacked it")
    if o.trigger == "own_attack" and owed & frozenset(e.targets):
        return reading.ends(
            "condition_unmet", "the clause asks for help in a war that an ally begins; the ally is the target here"
        )
    members = {m.state for m in scene.treaty.member if m.on(e.day)}
    is_named = bool(facts.invokers(e, scene.record, scene.treaty))
    if is_named or members & {*e.targets, *e.states_attacking} - {obligor}:
        return reading.ends("not_member", f"{scene.names(e.targets)} is not among those to whom this is owed")
    return None


# --- the steps ----------------------------------------------------------------------------------------------------


def _suspended(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    for s in scene.treaty.suspension:
        if not in_force(s.since, s.until, scene.event.day) or (s.obligations and scene.article.id not in s.obligations):
            continue
        when = f"since {s.since}" + (f" until {s.until}" if s.until else "")
        between = bool(s.between) and obligor in s.between and hit <= set(s.between)
        everybody = not s.states and not s.between
        if between or everybody or (s.what == "obligations" and (obligor in s.states or hit <= set(s.states))):
            who = " and ".join(scene.name(x) for x in (s.between or s.states)) or "everybody"
            if s.note and "disputed" in s.note.casefold():
                reading.doubts("not_bound", "suspended", f"suspended for {who} {when}, which is disputed")
                return None
            return reading.ends("suspended", f"suspended for {who} {when}")
        if s.what == "participation" and (obligor in s.states or hit & set(s.states)):
            reading.doubts(
                "not_bound",
                "suspended",
                f"participation of {scene.names(s.states)} is frozen {when}; the text still binds",
            )
    return None


def _kind(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    o, e = scene.article, scene.event
    if any(is_met_by(named, e.kind) for named in o.kinds):
        return None
    if o.trigger in ("war", "own_attack", "joint_war", "mobilisation", "organ", "standing") and not o.kinds:
        return None
    if o.trigger in ("mobilisation", "war", "own_attack", "joint_war"):
        return None
    asked = facts.invokers(e, scene.record, scene.treaty)
    threatened = e.kind in FORCE and o.trigger == "threat" and "threat" in o.kinds
    if o.level == "must_consult" and (asked or threatened):
        return None  # whoever is attacked is threatened, and whoever asks to consult says what threatens it
    practice = next((p for p in o.practice if is_met_by(p.kind, e.kind) and p.since <= e.day), None)
    kind = e.kind.replace("_", " ")
    if practice is None:
        later = next((p for p in o.practice if is_met_by(p.kind, e.kind)), None)
        if later and facts.decided(e, scene.record, scene.treaty, o) is Answer.YES:
            return None  # the decision on this very event is the practice that admits the kind
        return reading.ends(
            "wrong_kind",
            f"{kind} is not among what the clause names"
            + (f"; practice admits it only since {later.since}" if later else ""),
        )
    if practice.threshold == "none":
        return None
    answer = facts.decided(e, scene.record, scene.treaty, o)
    if practice.threshold == "each_decides":
        if answer is not Answer.YES:
            reading.doubts("not_bound", "below_threshold", f"whether {kind} counts is for each party to judge")
        return None
    if answer is Answer.NO:
        return reading.ends("organ_silent", f"{kind} counts only when the organ so decides, and it has not")
    if answer is Answer.UNKNOWN:
        reading.asks("organ", f"{kind} counts only when the organ of {scene.treaty.title} so decides")
        reading.doubts("not_bound", "organ_silent", "until the organ decides, nobody is bound")
    return None


def _severity(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    o, e = scene.article, scene.event
    below = str(e.facts.get("severity", "")).startswith("below")
    if below and o.trigger in ("attack", "war", "own_attack"):
        return reading.ends("below_threshold", "said to be below the threshold of an armed attack")
    if e.facts.get("attack_occurred") is False and o.trigger in ("attack", "war", "own_attack"):
        return reading.ends("condition_unmet", "no attack has taken place")
    return None


def _area(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    o, e = scene.article, scene.event
    if not o.area or o.area == "anywhere" or o.trigger in ("mobilisation",):
        return None
    if o.level == "must_consult" and facts.invokers(e, scene.record, scene.treaty):
        return None
    area = area_on(scene.treaty, o.area, e)
    if area is None:
        return reading.ends("wrong_area", "the area clause was not in force on the day")
    if not covers(scene.record, scene.treaty, area, e):
        where = e.spot.name or scene.name(e.spot.owner)
        return reading.ends("wrong_area", f"{where} lies outside: {area.says or ', '.join(area.include)}")
    if area.control == "recognised":
        recognised = facts.condition(e, scene.record, scene.treaty, "recognised_territory")
        if recognised is Answer.NO:
            return reading.ends("wrong_area", "the fighting is not on the ally's recognised territory")
    return None


def _opponents(scene: Scene, hit: frozenset[str]) -> frozenset[str]:
    """Those on the other side, as the trigger counts them."""
    o, now = scene.article, scene.now
    if o.trigger == "mobilisation":
        return _mobilised(scene)
    if o.trigger == "breach":
        return frozenset(scene.event.attackers)
    if o.trigger in ("war", "joint_war", "own_attack") or (o.trigger == "standing" and o.level == "must_stay_neutral"):
        return frozenset(x for s in hit for x in now.enemies_of(s))
    found = frozenset(x for s in hit for x in now.possible_attackers_of(s))
    return found or frozenset(scene.event.attackers)


def _called_against(scene: Scene, hit: frozenset[str]) -> frozenset[str]:
    """Opponents against whom the article calls: those its filter admits, and those without whom it does not apply."""
    opponents = _opponents(scene, hit)
    admitted = _matching(scene, opponents) | (opponents & frozenset(scene.article.joined_by))
    return admitted if scene.article.trigger != "mobilisation" else opponents


def _attacker(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    o = scene.article
    if o.trigger == "mobilisation":
        return None
    opponents = _opponents(scene, hit)
    states = frozenset(x for x in opponents if ":" not in x)
    if o.attacker != "any" and not states and o.level != "must_consult":
        return reading.ends("wrong_attacker", f"no state attacks ({scene.names(opponents)}); the clause names a state")
    matching = _matching(scene, opponents)
    if not matching:
        return reading.ends("wrong_attacker", f"{scene.names(opponents)} is not {_asked_attacker(scene)}")
    if o.joined_by:
        backing = (
            set(o.joined_by) & (opponents | scene.now.mobilised | set(scene.event.facts.get("assists_attacker", ())))
        ) - hit
        if not backing:
            return reading.ends("condition_unmet", f"{scene.names(o.joined_by)} neither joins nor backs the attack")
    if o.attacker_not_at_war_on and not _fresh(scene, matching):
        return reading.ends(
            "wrong_attacker", f"{scene.names(matching)} was already at war on {o.attacker_not_at_war_on}"
        )
    return None


def _matching(scene: Scene, opponents: frozenset[str]) -> frozenset[str]:
    """Opponents that the article's filter admits."""
    o = scene.article
    found = set(opponents) - set(o.exempt_attackers)
    if o.attacker == "listed":
        found &= set(o.attackers)
    elif o.attacker == "non_party":
        found -= _parties(scene)
    elif o.attacker == "great_power":
        found &= great_powers(scene.record, scene.event)
        if o.attacker_is_party == "excluded":
            found -= _parties(scene)
    elif o.attacker == "european":
        found &= states_of(scene.record, "europe")
    elif o.attacker == "region":
        found &= states_of(scene.record, o.attacker_region)
    return frozenset(found)


def great_powers(record: Record, event: Event) -> set[str]:
    """Great powers on the day, by the list of the record (Correlates of War)."""
    return {g.state for g in record.great_powers if in_force(g.since, g.until, event.day)}


def _asked_attacker(scene: Scene) -> str:
    o = scene.article
    return {
        "listed": f"the attacker the clause names ({scene.names(o.attackers)})",
        "non_party": "a state outside the treaty",
        "great_power": "a great power outside the treaty",
        "european": "a European state",
        "region": f"a state of {o.attacker_region}",
    }.get(o.attacker, f"an attacker against whom it applies (not {scene.names(o.exempt_attackers)})")


def _fresh(scene: Scene, attackers: frozenset[str]) -> bool:
    """Whether some attacker was not yet in a war of the record on the day the article names."""
    day = scene.article.attacker_not_at_war_on
    if day is None:
        return True
    fighting = {p.state for p in scene.record.war_parties if in_force(p.since, p.until, day)}
    return bool(attackers - fighting)


def _count(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    o = scene.article
    n = len(_matching(scene, _opponents(scene, hit)))
    if n < o.min_attackers:
        return reading.ends(
            "too_few_attackers",
            f"{n} such {'power' if n == 1 else 'powers'} against it; the clause asks for {o.min_attackers}",
        )
    if o.max_attackers is not None and n > o.max_attackers:
        return reading.ends("condition_unmet", f"{n} powers against it; the clause speaks of at most {o.max_attackers}")
    return None


def _parties(scene: Scene) -> frozenset[str]:
    return _parties_on(scene.record, scene.treaty.id, scene.event.day)


@lru_cache(maxsize=4096)
def _parties_on(record: Record, treaty: str, day: date) -> frozenset[str]:
    return frozenset(record.treaties[treaty].members_on(day))


def _party(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    """An attack by another party: some texts exclude it, some include it, most are silent."""
    o = scene.article
    if o.trigger not in ("attack", "threat", "organ") or scene.treaty.universal:
        return None
    inside = frozenset(scene.event.states_attacking) & _parties(scene) - hit
    if not inside:
        return None
    if o.attacker_is_party == "excluded":
        return reading.ends(
            "attacker_is_party", f"{scene.names(inside)} is itself a party; the clause speaks of others"
        )
    if o.attacker_is_party == "not_foreseen" and not inside & set(o.attackers):
        reading.doubts(
            "not_bound",
            "attacker_is_party",
            f"{scene.names(inside)} is itself a party, which the text does not foresee",
        )
    return None


def _conditions(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    return (
        _provocation(scene, reading)
        or _asking(scene, reading)
        or _organ(scene, reading)
        or _further(scene, obligor, reading)
    )


def _provocation(scene: Scene, reading: Reading) -> Reading | None:
    if not scene.article.unprovoked:
        return None
    answer = facts.provoked(scene.event)
    if answer is Answer.YES:
        return reading.ends("provoked", "the ally provoked the attack, and only an unprovoked one counts")
    if answer is Answer.CONTESTED:
        reading.doubts("not_bound", "provoked", "only an unprovoked attack counts, and provocation is contested")
    elif answer is Answer.UNKNOWN:
        reading.asks("provoked", "only an unprovoked attack counts")
    return None


def _asking(scene: Scene, reading: Reading) -> Reading | None:
    o, e = scene.article, scene.event
    if o.requires_request:
        answer = facts.requested(e, scene.record, scene.treaty)
        if answer is Answer.NO:
            return reading.ends("no_request", "the victim has not asked for help, and the clause needs it to")
        if answer is Answer.UNKNOWN:
            reading.asks("request", "the victim must ask")
            if o.level == "must_consult":
                reading.doubts("not_bound", "no_request", "nobody is said to have asked")
    if o.within_days is not None and (e.day - scene.treaty.signed).days > o.within_days:
        return reading.ends("deadline_passed", f"the duty lapsed {o.within_days} days after signature")
    if o.requires_war_state and not any(e.kind == k for k in ("declaration_of_war", "invasion", "armed_attack", "war")):
        return reading.ends("condition_unmet", "a state of war must follow from the attack")
    return None


def _organ(scene: Scene, reading: Reading) -> Reading | None:
    o = scene.article
    if not o.requires_organ:
        return None
    answer = facts.decided(scene.event, scene.record, scene.treaty, o)
    if answer is Answer.NO or (answer is Answer.UNKNOWN and o.trigger == "organ"):
        if answer is Answer.UNKNOWN:
            reading.questions["organ"] = f"{scene.treaty.title}: {o.requires_organ}"
        return reading.ends("organ_silent", f"needs {o.requires_organ}, of which nothing is said")
    if answer is Answer.CONTESTED:
        reading.doubts("not_bound", "organ_silent", "the organ recommended it, which is no binding decision")
    if answer is Answer.UNKNOWN:
        reading.asks("organ", f"needs {o.requires_organ}")
        reading.doubts("not_bound", "organ_silent", "until the organ decides, nobody is bound")
    return None


def _further(scene: Scene, obligor: str, reading: Reading) -> Reading | None:
    for c in scene.article.condition:
        if c.applies_to and obligor not in c.applies_to:
            continue
        answer = facts.condition(scene.event, scene.record, scene.treaty, c.fact)
        otherwise: Level = "not_bound" if c.otherwise in (None, "no_duty", "must_not_attack") else c.otherwise  # type: ignore[assignment]
        met = Answer.YES if c.holds else Answer.NO
        if answer is met:
            continue
        if answer in (Answer.YES, Answer.NO):
            return reading.ends("excused" if c.judged_by == "obligor" else "condition_unmet", c.says, otherwise)
        if answer is Answer.CONTESTED:
            reading.doubts(otherwise, "condition_unmet", f"contested: {c.says}")
        else:
            reading.asks(c.fact, c.says)
            reading.doubts(otherwise, "condition_unmet", f"otherwise {otherwise.replace('_', ' ')}")
    return None


def _reserved(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    for r in scene.treaty.reservation:
        mine = r.state == obligor and scene.article.id in r.obligations
        if not mine or not in_force(r.since, r.until, scene.event.day):
            continue
        if r.effect == "excluded":
            return reading.ends("reservation", r.says)
        if r.effect == "weaker" and r.level and r.level not in ("no_duty", "must_not_attack"):
            reading.level = r.level  # type: ignore[assignment]  # the two that are no levels of a verdict are excluded above
            reading.reasons.append(Reason("reservation", r.says))
        elif r.effect == "disputed":
            other: Level = r.level if r.level and r.level not in ("no_duty", "must_not_attack") else "not_bound"  # type: ignore[assignment]
            reading.doubts(other, "reservation", r.says)
        elif r.effect == "condition":
            answer = facts.condition(scene.event, scene.record, scene.treaty, r.fact)
            wanted = Answer.YES if r.holds else Answer.NO
            if answer is not wanted and answer is not Answer.UNKNOWN:
                weaker: Level = r.level if r.level and r.level not in ("no_duty", "must_not_attack") else "not_bound"  # type: ignore[assignment]
                return reading.ends("reservation", r.says, weaker)
            if answer is Answer.UNKNOWN:
                reading.asks(r.fact, r.says)
    return None


def _as_entrant(scene: Scene, obligor: str, hit: frozenset[str], reading: Reading) -> Reading | None:
    """An ally that was not attacked in the event but went to war: whether it has been *attacked* is open."""
    o = scene.article
    if o.trigger == "attack" and o.to != "any" and not any(scene.now.attackers_of(s) for s in hit):
        reading.doubts("not_bound", "entered", _open(scene, hit))
    return None


def _open(scene: Scene, hit: frozenset[str]) -> str:
    began = hit & frozenset(scene.event.states_attacking)
    if began:
        against = frozenset(a for s in began for a in scene.now.possible_attackers_of(s))
        return f"{scene.names(began)} began the war; it is open whether {scene.names(against)}, entering, attacks it"
    return f"it is open whether {scene.names(hit)}, entering the war, was attacked"
