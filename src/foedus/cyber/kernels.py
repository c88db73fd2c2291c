"""The simulator, compiled: campaigns against an alliance and what sharing averts. Twin: `plain`; arrays: `arrays`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.cyber.arrays import (
    ACT,
    ACT_MACHINE,
    ALONE,
    AVERTED,
    BINS,
    DETECT,
    FIRST_BIN,
    FIRST_TO_KNOW,
    FIXED,
    GAP,
    HIT,
    HITS,
    HUNTED,
    INFORMED,
    LOGNORMAL,
    MOST_TARGETS,
    NO_USE,
    NOBODY_YET,
    NOT_KNOWN,
    NOT_TOLD,
    RELEASE,
    RELEASE_MACHINE,
    S_AVERTED,
    S_AVERTED2,
    S_BOTH,
    S_DAYS,
    S_DAYS2,
    S_DAYS_SAVED,
    S_HITS,
    S_HITS2,
    S_SAVED,
    S_SAVED2,
    SLOT_HOP,
    SLOT_ORDER,
    SLOT_ROW,
    SLOT_TARGET,
    SLOT_TOLD,
    SLOT_TOLD_HUNT,
    TOO_LATE,
    U_ACT,
    U_BEHAVIOUR,
    U_BLOCK,
    U_COMPLY,
    U_GAP,
    U_HUNT,
    U_IN,
    U_OUT,
    U_PART,
    U_ROTATE,
    Scratch,
    Tally,
    World,
)
from foedus.cyber.counter import MIX_1, MIX_2, SLOTS, STEP, ULP
from foedus.model.compiling import compiled_bare, inner_bare

_TWO_PI = 2.0 * math.pi
_ROOT_HALF = math.sqrt(0.5)
_STEP, _MIX_1, _MIX_2 = np.uint64(STEP), np.uint64(MIX_1), np.uint64(MIX_2)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@inner_bare
def uniform(key: np.uint64, counter: int) -> float:
    """Number `counter` of the stream `key`; see `counter.uniform_plain`."""
    z = key + np.uint64(counter) * _STEP
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    z = z ^ (z >> _S31)
    return float((np.float64(z >> _S11) + 0.5) * ULP)


@inner_bare
def _drawn(laws: NDArray[np.float64], law: int, z: float) -> float:
    """A delay in days of `law` at the standard normal `z`."""
    kind, a, b = laws[law, 0], float(laws[law, 1]), float(laws[law, 2])
    if kind == LOGNORMAL:
        return a * math.exp(b * z)
    if kind == FIXED:
        return a
    return a * math.pow(-math.log(0.5 * math.erfc(z * _ROOT_HALF)), 1.0 / b)


@inner_bare
def _normals(key: np.uint64, at: int) -> tuple[float, float]:
    """Two independent standard normals from positions at, at + 1 (Box and Muller 1958)."""
    r = math.sqrt(-2.0 * math.log(uniform(key, at)))
    angle = _TWO_PI * uniform(key, at + 1)
    return r * math.cos(angle), r * math.sin(angle)


@inner_bare
def _choose(w: World, s: Scratch, key: np.uint64, base: int) -> int:
    """Draw the actor's row and the order of its targets; gives how many there are."""
    u = uniform(key, base + SLOT_ROW)
    row = min(int(np.searchsorted(w.reach, u, side="right")), w.sizes.size - 1)
    m = int(w.sizes[row])
    for i in range(m):
        s.member[i] = w.rows[row, i]
    for i in range(m - 1, 0, -1):
        j = int(uniform(key, base + SLOT_ORDER + i) * (i + 1))
        s.member[i], s.member[j] = s.member[j], s.member[i]
    return m


@inner_bare
def _strike(w: World, s: Scratch, m: int, key: np.uint64, other: np.uint64, base: int) -> None:
    """Hit times, generations, own detection and delays of each target, as they would be without sharing."""
    time, generation = 0.0, 0
    for i in range(m):
        at, j = base + SLOT_TARGET + 16 * i, s.member[i]
        z_gap, z_detect = _normals(key, at + U_GAP)
        if i:
            gap = _drawn(w.laws, GAP, z_gap)
            time += gap
            generation += int(uniform(key, at + U_ROTATE) > math.exp(-w.rho * gap))
        dwell = _drawn(w.laws, DETECT, z_detect)
        for more in range(1, w.networks[j]):
            dwell = min(dwell, _drawn(w.laws, DETECT, _normals(other, base + 1024 + 64 * i + 2 * more)[0]))
        z_act, z_release = _normals(key, at + U_ACT)
        outward = RELEASE_MACHINE if uniform(key, at + U_OUT) < w.automation[j] else RELEASE
        inward = ACT_MACHINE if uniform(key, at + U_IN) < w.automation[j] else ACT
        delay = _drawn(w.laws, outward, z_release)
        s.time[i], s.generation[i] = time, generation
        s.known[i] = time + dwell * w.slower[j]
        s.warns[i] = s.known[i] + min(delay, w.warning_within)
        s.leaves[i] = s.known[i] + min(delay, w.item_within)
        s.acts[i] = _drawn(w.laws, inward, z_act)
        s.part[i] = uniform(key, at + U_PART) < w.phi[j]
        s.gives[i] = s.part[i] and w.gives[j] > 0.0
        s.part[i] = s.part[i] and w.receives[j] > 0.0


@inner_bare
def _hop(w: World, s: Scratch, h: int, i: int, key: np.uint64, other: np.uint64, base: int) -> float:
    """Delay of the second hop when source and receiver belong to different federations, else 0."""
    there = w.group[s.member[i]]
    if there < 0 or w.group[s.member[h]] == there:
        return 0.0
    at = base + SLOT_HOP + MOST_TARGETS * h + there % MOST_TARGETS
    z = math.sqrt(-2.0 * math.log(uniform(key, at))) * math.cos(_TWO_PI * uniform(other, at))
    return _drawn(w.laws, RELEASE_MACHINE if w.automation[s.member[h]] >= 0.5 else RELEASE, z)


@inner_bare
def _receive(
    w: World, s: Scratch, out: Tally, i: int, soonest: float, key: np.uint64, other: np.uint64, base: int
) -> float:
    """Whether target `i` is protected by what earlier targets told it, and why not; gives the first arrival so far."""
    j, at = s.member[i], base + SLOT_TARGET + 16 * i
    source, first, fresh, on_the_way, was_known = -1, np.inf, False, False, False
    for h in range(i):
        if not (s.hit[h] or w.resight > 0.0):
            continue
        was_known = was_known or s.known[h] <= s.time[i]
        pair = MOST_TARGETS * h + i
        if not (s.part[i] and s.gives[h]) or uniform(key, base + SLOT_TOLD + pair) >= w.told[s.member[h], j]:
            continue
        late = s.acts[i] + _hop(w, s, h, i, key, other, base)
        on_the_way = on_the_way or s.known[h] <= s.time[i]
        soonest = min(soonest, s.warns[h] + late)
        if s.warns[h] + late <= s.time[i] and s.warns[h] + late < first:
            source, first = h, s.warns[h] + late
        fresh = fresh or (s.leaves[h] + late <= s.time[i] and s.generation[h] == s.generation[i])
    complied = source >= 0 and uniform(key, at + U_COMPLY) < w.complies[j]
    blocked = complied and fresh and uniform(key, at + U_BLOCK) < w.block
    averted = blocked or (complied and uniform(key, at + U_BEHAVIOUR) < w.behaviour)
    s.hit[i] = not averted
    out.counts[j, HITS] += 1
    out.counts[j, INFORMED] += source >= 0
    if averted:
        out.counts[j, AVERTED] += 1
        out.credit[s.member[source], j] += 1
        early = s.known[i] - s.time[i]  # seen at the door; passed on only where `resight` says so
        s.known[i] -= early
        s.warns[i] -= early
        s.leaves[i] -= early
        return soonest
    why = (
        NO_USE if source >= 0 else TOO_LATE if on_the_way else NOT_TOLD if was_known else NOT_KNOWN if i else NOBODY_YET
    )
    out.counts[j, why] += 1
    return soonest


@inner_bare
def _hunted(w: World, s: Scratch, m: int, i: int, key: np.uint64, other: np.uint64, base: int) -> float:
    """When target `i`, compromised, is rid of it: at its own detection or at a warning from another, if it hunts."""
    end, at = float(s.known[i]), base + SLOT_TARGET + 16 * i
    if not s.part[i] or uniform(key, at + U_HUNT) >= w.hunt:
        return end
    for h in range(m):
        if h == i or not (s.hit[h] and s.gives[h]):
            continue
        if uniform(key, base + SLOT_TOLD_HUNT + MOST_TARGETS * h + i) < w.told[s.member[h], s.member[i]]:
            arrival = float(s.leaves[h]) + s.acts[i] + _hop(w, s, h, i, key, other, base)
            if s.time[i] <= arrival < end:
                end = arrival
    return end


@inner_bare
def _account(
    w: World, s: Scratch, out: Tally, m: int, alone: float, key: np.uint64, other: np.uint64, base: int
) -> None:
    """Add the dwell of what was not averted, and the campaign's share in the sums for standard errors."""
    averted, whole, saved, first = 0, 0.0, 0.0, 0
    for i in range(m):
        if not s.hit[i]:
            averted += 1
            continue
        if s.known[i] < s.known[first]:  # the first target is always hit
            first = i
        own = min(s.known[i] - s.time[i], w.cap)
        left = min(_hunted(w, s, m, i, key, other, base) - s.time[i], w.cap)
        out.days[s.member[i], HIT] += own
        out.days[s.member[i], HUNTED] += left
        whole += left
    saved = alone - whole
    out.counts[s.member[first], FIRST_TO_KNOW] += 1
    mo = out.moments
    mo[S_HITS] += m
    mo[S_AVERTED] += averted
    mo[S_HITS2] += m * m
    mo[S_AVERTED2] += averted * averted
    mo[S_BOTH] += m * averted
    mo[S_DAYS] += alone
    mo[S_SAVED] += saved
    mo[S_DAYS2] += alone * alone
    mo[S_SAVED2] += saved * saved
    mo[S_DAYS_SAVED] += alone * saved


@compiled_bare
def campaigns(w: World, s: Scratch, out: Tally, key: np.uint64, other: np.uint64, since: int, until: int) -> None:
    """Play campaigns number since..until - 1 and add what happened to `out`; `s` is room to work in."""
    for c in range(since, until):
        base = c * SLOTS
        m = _choose(w, s, key, base)
        _strike(w, s, m, key, other, base)
        alone, soonest = 0.0, np.inf
        for i in range(m):
            days = min(s.known[i] - s.time[i], w.cap)
            alone += days
            out.days[s.member[i], ALONE] += days
        for i in range(m):
            soonest = _receive(w, s, out, i, soonest, key, other, base)
        _account(w, s, out, m, alone, key, other, base)
        place = BINS - 1
        if soonest < np.inf:
            place = min(max(int((math.log10(max(soonest, 1e-9)) - FIRST_BIN) * 10.0), 0), BINS - 2)
        out.protect[place] += 1
