"""The twin of the kernels: a campaign told word for word and slowly, in plain Python. The oracle of the tests."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from foedus.cyber import arrays as at
from foedus.cyber.arrays import Tally, World
from foedus.cyber.counter import SLOTS, uniform_plain


@dataclass(slots=True)
class Target:
    """One member that a campaign hits."""

    place: int
    member: int
    time: float
    generation: int
    known: float
    release: float
    act: float
    takes_part: bool
    hit: bool = True


@dataclass(frozen=True, slots=True)
class Luck:
    """The random numbers of one campaign, by slot, in two streams."""

    key: int
    other: int
    base: int

    def __call__(self, slot: int, other: bool = False) -> float:
        """The uniform number of a slot."""
        return uniform_plain(self.other if other else self.key, self.base + slot)

    def normals(self, slot: int, other: bool = False) -> tuple[float, float]:
        """Two standard normals from a slot and the next."""
        r = math.sqrt(-2.0 * math.log(self(slot, other)))
        angle = 2.0 * math.pi * self(slot + 1, other)
        return r * math.cos(angle), r * math.sin(angle)


def delay(w: World, law: int, z: float) -> float:
    """A delay in days of `law` at the standard normal `z`."""
    kind, a, b = w.laws[law].tolist()
    if kind == at.LOGNORMAL:
        return float(a * math.exp(b * z))
    if kind == at.WEIBULL:
        return float(a * (-math.log(0.5 * math.erfc(z * math.sqrt(0.5)))) ** (1.0 / b))
    return float(a)


def targets(w: World, luck: Luck) -> list[Target]:
    """Whom the campaign hits, in order, as it would go without sharing."""
    row = min(bisect_right(w.reach.tolist(), luck(at.SLOT_ROW)), len(w.sizes) - 1)
    members = w.rows[row, : w.sizes[row]].tolist()
    for i in range(len(members) - 1, 0, -1):
        j = int(luck(at.SLOT_ORDER + i) * (i + 1))
        members[i], members[j] = members[j], members[i]
    made: list[Target] = []
    for i, j in enumerate(members):
        slot = at.SLOT_TARGET + 16 * i
        z_gap, z_detect = luck.normals(slot + at.U_GAP)
        time, generation = (made[-1].time, made[-1].generation) if made else (0.0, 0)
        if made:
            gap = delay(w, at.GAP, z_gap)
            time += gap
            generation += luck(slot + at.U_ROTATE) > math.exp(-w.rho * gap)
        more = [luck.normals(1024 + 64 * i + 2 * k, other=True)[0] for k in range(1, w.networks[j])]
        dwell = min(delay(w, at.DETECT, z) for z in (z_detect, *more)) * w.slower[j]
        z_act, z_release = luck.normals(slot + at.U_ACT)
        release = at.RELEASE_MACHINE if luck(slot + at.U_OUT) < w.automation[j] else at.RELEASE
        act = at.ACT_MACHINE if luck(slot + at.U_IN) < w.automation[j] else at.ACT
        part = luck(slot + at.U_PART) < w.phi[j]
        made.append(
            Target(i, j, time, generation, time + dwell, delay(w, release, z_release), delay(w, act, z_act), part)
        )
    return made


def hop(w: World, luck: Luck, source: Target, receiver: Target) -> float:
    """Delay of the second hop between two federations."""
    there = int(w.group[receiver.member])
    if there < 0 or w.group[source.member] == there:
        return 0.0
    slot = at.SLOT_HOP + 32 * source.place + there % 32
    z = math.sqrt(-2.0 * math.log(luck(slot))) * math.cos(2.0 * math.pi * luck(slot, other=True))
    return delay(w, at.RELEASE_MACHINE if w.automation[source.member] >= 0.5 else at.RELEASE, z)


def can_tell(w: World, source: Target, receiver: Target) -> bool:
    """Whether the two take part, the one giving and the other receiving."""
    both = source.takes_part and receiver.takes_part
    return bool(both and w.gives[source.member] > 0 and w.receives[receiver.member] > 0)


def told(w: World, luck: Luck, source: Target, receiver: Target, slots: int) -> bool:
    """Whether an item gets from one to the other."""
    u = luck(slots + 32 * source.place + receiver.place)
    return can_tell(w, source, receiver) and bool(u < w.told[source.member, receiver.member])


def receive(w: World, luck: Luck, out: Tally, earlier: list[Target], me: Target) -> float:
    """Decide whether `me` is protected and write down why; gives the first arrival of an item, in time or not."""
    sources = [h for h in earlier if h.hit or w.resight > 0]
    telling = [h for h in sources if told(w, luck, h, me, at.SLOT_TOLD)]
    late = {h.place: me.act + hop(w, luck, h, me) for h in telling}
    warned = {h.place: h.known + min(h.release, w.warning_within) + late[h.place] for h in telling}
    in_time = [h for h in telling if warned[h.place] <= me.time]
    fresh = any(
        h.known + min(h.release, w.item_within) + late[h.place] <= me.time and h.generation == me.generation
        for h in telling
    )
    slot = at.SLOT_TARGET + 16 * me.place
    complied = bool(in_time) and luck(slot + at.U_COMPLY) < w.complies[me.member]
    blocked = complied and fresh and luck(slot + at.U_BLOCK) < w.block
    me.hit = not (blocked or (complied and luck(slot + at.U_BEHAVIOUR) < w.behaviour))
    count = out.counts[me.member]
    count[at.HITS] += 1
    count[at.INFORMED] += bool(in_time)
    if not me.hit:
        count[at.AVERTED] += 1
        out.credit[min(in_time, key=lambda h: warned[h.place]).member, me.member] += 1
        me.known = me.time
    elif in_time:
        count[at.NO_USE] += 1
    elif any(h.known <= me.time for h in telling):
        count[at.TOO_LATE] += 1
    elif any(h.known <= me.time for h in sources):
        count[at.NOT_TOLD] += 1
    else:
        count[at.NOT_KNOWN if earlier else at.NOBODY_YET] += 1
    return min(warned.values(), default=math.inf)


def rid_of_it(w: World, luck: Luck, all_: list[Target], me: Target) -> float:
    """When `me`, compromised, ends the intrusion: at its own detection or at a warning, if it hunts."""
    if luck(at.SLOT_TARGET + 16 * me.place + at.U_HUNT) >= w.hunt:
        return me.known
    arrivals = [
        h.known + min(h.release, w.item_within) + me.act + hop(w, luck, h, me)
        for h in all_
        if h is not me and h.hit and told(w, luck, h, me, at.SLOT_TOLD_HUNT)
    ]
    return min([me.known, *(a for a in arrivals if a >= me.time)])


def campaign(w: World, luck: Luck, out: Tally) -> None:
    """Play one campaign and add it to `out`."""
    all_ = targets(w, luck)
    alone = {t.place: min(t.known - t.time, w.cap) for t in all_}
    soonest = min([math.inf, *(receive(w, luck, out, all_[:i], t) for i, t in enumerate(all_))])
    out.counts[min((t for t in all_ if t.hit), key=lambda t: t.known).member, at.FIRST_TO_KNOW] += 1
    left = 0.0
    for t in all_:
        out.days[t.member, at.ALONE] += alone[t.place]
        if t.hit:
            hunted = min(rid_of_it(w, luck, all_, t) - t.time, w.cap)
            out.days[t.member, at.HIT] += min(t.known - t.time, w.cap)
            out.days[t.member, at.HUNTED] += hunted
            left += hunted
    m, averted, days = len(all_), sum(not t.hit for t in all_), sum(alone.values())
    saved = days - left
    out.moments[:] += [m, averted, m * m, averted**2, m * averted, days, saved, days**2, saved**2, days * saved]
    bin_ = (
        min(max(int((math.log10(max(soonest, 1e-9)) - at.FIRST_BIN) * 10.0), 0), at.BINS - 2)
        if soonest < math.inf
        else -1
    )
    out.protect[bin_] += 1


def campaigns(w: World, out: Tally, key: int, other: int, since: int, until: int) -> None:
    """Play campaigns number since..until - 1 and add what happened to `out`."""
    for c in range(since, until):
        campaign(w, Luck(int(key), int(other), c * SLOTS), out)
