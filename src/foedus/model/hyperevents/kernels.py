"""Statistics of sets from past events, compiled. The twin is `plain`; `statistics` prepares what these functions take.

Values of past events are kept scaled: an event at `u` adds `w * 2^((u - origin) / half_life - shift)`, and a row at `t`
multiplies what it reads by `2^-((t - origin) / half_life - shift)`. So time passing touches nothing; when the exponent
grows too large, everything is divided by a power of two, which is exact.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.model.compiling import compiled, inner

SIZE, SUBSETS, CLOSURE_MIN, CLOSURE_PROD, OUTSIDE_MIN, OUTSIDE_PROD, EXACT, SUPERSET, GEOMETRIC = range(9)
MEAN, SUM, MIN, MAX, RANGE, SD_POP, SD_SAMPLE, ABSDIFF = range(8)

# Squares of scaled values must stay finite (closure by products): 2^(2 * 400) leaves room for weights and sums.
_REBASE_AT = 400.0

# A statistic's numbers are whole: kappa of the geometric weights stands as k, in units of 1 / KAPPA_UNIT.
KAPPA_UNIT = 1000.0

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


class History(NamedTuple):
    """Events in order of time, and who ever met whom. E events, N actors.

    time, weight (E,); start (E + 1,), member (total,): members of event e are member[start[e]:start[e + 1]], sorted.
    post_start (N + 1,), post_event: the events of each actor, in order. near_start (N + 1,), near: whom an actor
    meets in any event, sorted.
    """

    time: _Floats
    weight: _Floats
    start: _Ints
    member: _Ints
    post_start: _Ints
    post_event: _Ints
    near_start: _Ints
    near: _Ints


class State(NamedTuple):
    """What is known just before a time; changed in place by `advance`.

    degree (N,) and pair (N, N) or (0, 0): scaled d({i}) and d({i, j}); near_value: the same per entry of `near` where
    there is no matrix. closure_min, closure_prod (N, N) or (0, 0). value (E,): scaled weight of applied events.
    used (N,): how many of an actor's events are applied. The rest is scratch. cursor: next event, actors changed, last
    stamp. base: origin, shift.
    """

    degree: _Floats
    pair: _Floats
    near_value: _Floats
    closure_min: _Floats
    closure_prod: _Floats
    value: _Floats
    used: _Ints
    seen: _Ints
    inside: _Ints
    skipped: _Ints
    changed: _Ints
    is_changed: NDArray[np.bool_]
    sum_min: _Floats
    sum_prod: _Floats
    touched: _Ints
    cursor: _Ints
    base: _Floats


@inner
def _sort(values: NDArray[Any]) -> None:
    """Sort in place, by Shell's gaps: short to compile, and the arrays are short."""
    gap = 1
    while gap < values.size // 3:
        gap = 3 * gap + 1
    while gap >= 1:
        for a in range(gap, values.size):
            x, b = values[a], a
            while b >= gap and values[b - gap] > x:
                values[b] = values[b - gap]
                b -= gap
            values[b] = x
        gap //= 3


@compiled
def sort_each(start: _Ints, member: _Ints) -> int:
    """Sort the members of every set in place; returns the place of a member that repeats the one before it, or -1."""
    for r in range(start.size - 1):
        low, high = start[r], start[r + 1]
        in_order = True
        for a in range(low + 1, high):
            in_order = in_order and member[a - 1] < member[a]
        if in_order:
            continue
        _sort(member[low:high])
        for a in range(low + 1, high):
            if member[a - 1] == member[a]:
                return a
    return -1


@compiled
def meetings(start: _Ints, member: _Ints, post_start: _Ints, post_event: _Ints) -> tuple[_Ints, _Ints]:
    """For each actor the actors it shares any event with, as (starts, actors), in no order."""
    n_actors = post_start.size - 1
    stamp = np.empty(n_actors, np.int64)
    stamp[:] = -1
    near_start = np.zeros(n_actors + 1, np.int64)
    for i in range(n_actors):
        found = 0
        for p in range(post_start[i], post_start[i + 1]):
            e = post_event[p]
            for a in range(start[e], start[e + 1]):
                if member[a] != i and stamp[member[a]] != i:
                    stamp[member[a]] = i
                    found += 1
        near_start[i + 1] = near_start[i] + found
    near = np.empty(near_start[n_actors], np.int64)
    stamp[:] = -1
    for i in range(n_actors):
        at = near_start[i]
        for p in range(post_start[i], post_start[i + 1]):
            e = post_event[p]
            for a in range(start[e], start[e + 1]):
                if member[a] != i and stamp[member[a]] != i:
                    stamp[member[a]] = i
                    near[at] = member[a]
                    at += 1
    return near_start, near


@inner
def _find(sorted_ids: _Ints, low: int, high: int, wanted: int) -> int:
    """Position of `wanted` in sorted_ids[low:high], -1 if it is not there."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if sorted_ids[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    if low < end and sorted_ids[low] == wanted:
        return low
    return -1


@inner
def _pair(history: History, state: State, i: int, j: int) -> float:
    """Scaled d({i, j})."""
    if state.pair.shape[0] > 0:
        return state.pair[i, j]  # type: ignore[no-any-return]
    at = _find(history.near, history.near_start[i], history.near_start[i + 1], j)
    return state.near_value[at] if at >= 0 else 0.0


@inner
def _add(history: History, state: State, e: int, value: float) -> None:
    """Let event `e` count with `value`."""
    state.value[e] = value
    for a in range(history.start[e], history.start[e + 1]):
        i = history.member[a]
        state.degree[i] += value
        state.used[i] += 1
        if not state.is_changed[i]:
            state.is_changed[i] = True
            state.changed[state.cursor[1]] = i
            state.cursor[1] += 1
        for b in range(history.start[e], history.start[e + 1]):
            j = history.member[b]
            if i == j:
                continue
            if state.pair.shape[0] > 0:
                state.pair[i, j] += value
            else:
                state.near_value[_find(history.near, history.near_start[i], history.near_start[i + 1], j)] += value


@inner
def _divide(array: _Floats, by: float) -> None:
    flat = array.ravel()
    for a in range(flat.size):
        flat[a] /= by


@inner
def _rebase(state: State, exponent: float) -> None:
    """Divide all scaled values by 2^floor(exponent)."""
    whole = math.floor(exponent)
    # One step at a time: 2^whole itself may not be finite, and what it would divide by then is as good as zero.
    by = 2.0 ** min(float(whole), 1000.0)
    _divide(state.degree, by)
    _divide(state.pair, by)
    _divide(state.near_value, by)
    _divide(state.closure_min, by)
    _divide(state.closure_prod, by)
    _divide(state.closure_prod, by)
    _divide(state.value, by)
    if whole > 1000.0:
        state.degree[:] = 0.0
        state.pair[:] = 0.0
        state.near_value[:] = 0.0
        state.closure_min[:] = 0.0
        state.closure_prod[:] = 0.0
        state.value[:] = 0.0
    state.base[1] += whole


@inner
def _refresh_closure(history: History, state: State) -> None:
    """Closure rows of the actors that changed: for each u, over its partners w, over their partners v."""
    for q in range(state.cursor[1]):
        u = state.changed[q]
        n_touched = 0
        for a in range(history.near_start[u], history.near_start[u + 1]):
            w = history.near[a]
            x = state.pair[u, w]
            if x <= 0.0:
                continue
            for b in range(history.near_start[w], history.near_start[w + 1]):
                v = history.near[b]
                y = state.pair[w, v]
                if v == u or y <= 0.0:
                    continue
                if state.sum_min[v] == 0.0:
                    state.touched[n_touched] = v
                    n_touched += 1
                state.sum_min[v] += min(x, y)
                state.sum_prod[v] += x * y
        for a in range(n_touched):
            v = state.touched[a]
            if state.closure_min.shape[0] > 0:
                state.closure_min[u, v] = state.sum_min[v]
                state.closure_min[v, u] = state.sum_min[v]
            if state.closure_prod.shape[0] > 0:
                state.closure_prod[u, v] = state.sum_prod[v]
                state.closure_prod[v, u] = state.sum_prod[v]
            state.sum_min[v] = 0.0
            state.sum_prod[v] = 0.0


@inner
def advance(history: History, state: State, time: float, half_life: float) -> float:
    """Let all events strictly before `time` count; returns the factor for what is read at `time`."""
    e = state.cursor[0]
    while e < history.time.size and history.time[e] < time:
        exponent = (history.time[e] - state.base[0]) / half_life - state.base[1]
        if exponent > _REBASE_AT:
            _rebase(state, exponent)
            exponent = (history.time[e] - state.base[0]) / half_life - state.base[1]
        _add(history, state, e, history.weight[e] * 2.0**exponent)
        e += 1
    state.cursor[0] = e
    if state.cursor[1] > 0:
        if state.closure_min.shape[0] > 0 or state.closure_prod.shape[0] > 0:
            _refresh_closure(history, state)
        for q in range(state.cursor[1]):
            state.is_changed[state.changed[q]] = False
        state.cursor[1] = 0
    return 2.0 ** (state.base[1] - (time - state.base[0]) / half_life)  # type: ignore[no-any-return]


@inner
def _choose(n: int, k: int) -> float:
    """Binomial coefficient, 0 for k > n."""
    if k > n:
        return 0.0
    result = 1.0
    for a in range(k):
        result = result * (n - a) / (a + 1)
    return result


@inner
def _set_degree(history: History, state: State, chosen: _Ints, k: int, exact: bool) -> float:
    """Scaled weight of past events that contain chosen[:k], or with `exact` are equal to it."""
    if k == 1 and not exact:
        return state.degree[chosen[0]]  # type: ignore[no-any-return]
    if k == 2 and not exact:
        return _pair(history, state, chosen[0], chosen[1])
    rare = chosen[0]
    for a in range(1, k):
        if state.used[chosen[a]] < state.used[rare]:
            rare = chosen[a]
    total = 0.0
    for p in range(history.post_start[rare], history.post_start[rare] + state.used[rare]):
        e = history.post_event[p]
        low, high = history.start[e], history.start[e + 1]
        if high - low < k or (exact and high - low != k):
            continue
        n_found = 0
        while n_found < k and _find(history.member, low, high, chosen[n_found]) >= 0:
            n_found += 1
        if n_found == k:
            total += state.value[e]
    return total


@inner
def _repetition(history: History, state: State, members: _Ints, k: int) -> float:
    """Scaled sum of d(A) over the k-subsets of `members`, k >= 3, by the events that share at least k of them.

    Such an event holds one of any n - k + 1 members: the k - 1 with most events need not be looked through.
    """
    state.cursor[2] += 1
    stamp = state.cursor[2]
    for i in members:
        state.inside[i] = stamp
    for _ in range(k - 1):
        most = -1
        for i in members:
            if state.skipped[i] != stamp and (most < 0 or state.used[i] > state.used[most]):
                most = i
        state.skipped[most] = stamp
    total = 0.0
    for i in members:
        if state.skipped[i] == stamp:
            continue
        for p in range(history.post_start[i], history.post_start[i] + state.used[i]):
            e = history.post_event[p]
            if state.seen[e] == stamp:
                continue
            state.seen[e] = stamp
            shared = 0
            for a in range(history.start[e], history.start[e + 1]):
                if state.inside[history.member[a]] == stamp:
                    shared += 1
            if shared >= k:
                total += state.value[e] * _choose(shared, k)
    return total


@inner
def _geometric(history: History, state: State, members: _Ints, kappa: float) -> float:
    """Scaled sum over past events of c (1 - (1 - e^-kappa)^c) e^kappa / n, c members shared with the event."""
    state.cursor[2] += 1
    stamp = state.cursor[2]
    for i in members:
        state.inside[i] = stamp
    total, base = 0.0, 1.0 - math.exp(-kappa)
    for i in members:
        for p in range(history.post_start[i], history.post_start[i] + state.used[i]):
            e = history.post_event[p]
            if state.seen[e] == stamp:
                continue
            state.seen[e] = stamp
            shared = 0
            for a in range(history.start[e], history.start[e + 1]):
                if state.inside[history.member[a]] == stamp:
                    shared += 1
            total += state.value[e] * shared * (1.0 - base**shared)
    return total * math.exp(kappa) / members.size


@inner
def _thirds(
    near_start: _Ints,
    near: _Ints,
    near_value: _Floats,
    pair: _Floats,
    inside: _Ints,
    u: int,
    v: int,
    product: bool,
    outside: int,
) -> float:
    """Sum over third actors w of min or product of d({u, w}), d({v, w}); without those stamped `outside` > 0.

    The arrays of the history and the state that it reads: handing over all of them would take longer than the sum.
    """
    if near_start[u + 1] - near_start[u] > near_start[v + 1] - near_start[v]:
        u, v = v, u
    has_matrix = pair.shape[0] > 0
    total = 0.0
    for a in range(near_start[u], near_start[u + 1]):
        w = near[a]
        x = pair[u, w] if has_matrix else near_value[a]
        if x <= 0.0 or w == v or (outside > 0 and inside[w] == outside):
            continue
        y = 0.0
        if has_matrix:
            y = pair[v, w]
        else:
            at = _find(near, near_start[v], near_start[v + 1], w)
            if at >= 0:
                y = near_value[at]
        total += x * y if product else min(x, y)
    return total


@inner
def _closure(history: History, state: State, members: _Ints, family: int) -> float:
    """Scaled closure worked out pair by pair, averaged over the pairs of `members`; 0 for fewer than two."""
    n = members.size
    if n < 2:
        return 0.0
    product = family in (CLOSURE_PROD, OUTSIDE_PROD)
    outside = 0
    if family in (OUTSIDE_MIN, OUTSIDE_PROD):
        state.cursor[2] += 1
        outside = state.cursor[2]
        for i in members:
            state.inside[i] = outside
    near_start, near, near_value = history.near_start, history.near, state.near_value
    pair, inside, degree = state.pair, state.inside, state.degree
    total = 0.0
    for a in range(n):
        u = members[a]
        if degree[u] <= 0.0:
            continue
        for b in range(a):
            v = members[b]
            if degree[v] > 0.0:
                total += _thirds(near_start, near, near_value, pair, inside, u, v, product, outside)
    return total / (n * (n - 1) / 2.0)


@inner
def _subset_degrees(history: History, state: State, members: _Ints, k: int, found: _Floats) -> int:
    """Write d(A) of every k-subset A into `found`; returns how many there are."""
    n = members.size
    if k > n:
        return 0
    at = np.empty(k, np.int64)
    for a in range(k):
        at[a] = a
    chosen = np.empty(k, np.int64)
    count = 0
    while True:
        for a in range(k):
            chosen[a] = members[at[a]]
        found[count] = _set_degree(history, state, chosen, k, False)
        count += 1
        a = k - 1
        while a >= 0 and at[a] == n - k + a:
            a -= 1
        if a < 0:
            return count
        at[a] += 1
        for b in range(a + 1, k):
            at[b] = at[b - 1] + 1


@inner
def aggregate(values: _Floats, how: int) -> float:
    """One number for `values` (q,), which may be sorted in place; 0 when there are none (or too few for a spread)."""
    q = values.size
    if q == 0:
        return 0.0
    low, high, total = values[0], values[0], 0.0
    for x in values:
        low, high, total = min(low, x), max(high, x), total + x
    if how == MEAN:
        return total / q
    if how == SUM:
        return total
    if how == MIN:
        return low  # type: ignore[no-any-return]
    if how == MAX:
        return high  # type: ignore[no-any-return]
    if how == RANGE:
        return high - low  # type: ignore[no-any-return]
    if q < 2:
        return 0.0
    mean, total = total / q, 0.0
    if how == ABSDIFF:
        _sort(values)
        for a in range(1, q):  # each gap is crossed by a * (q - a) pairs
            total += (values[a] - values[a - 1]) * a * (q - a)
        return total / (q * (q - 1) / 2.0)
    for x in values:
        total += (x - mean) ** 2
    return math.sqrt(total / (q if how == SD_POP else q - 1))


@inner
def _subsets(history: History, state: State, members: _Ints, k: int, how: int, found: _Floats) -> float:
    """Scaled aggregate of d(A) over the k-subsets of `members`."""
    n = members.size
    if k > n:
        return 0.0
    if how in (MEAN, SUM) and k >= 3:
        total = _repetition(history, state, members, k)
        return total / _choose(n, k) if how == MEAN else total
    return aggregate(found[: _subset_degrees(history, state, members, k, found)], how)


@inner
def _slow(
    history: History, state: State, members: _Ints, family: int, k: int, how: int, linked: int, found: _Floats
) -> float:
    """Scaled statistic that needs more than sums over members and pairs."""
    n = members.size
    if family == SUBSETS:
        return _subsets(history, state, members, k, how, found)
    if family == GEOMETRIC:
        return _geometric(history, state, members, k / KAPPA_UNIT)
    if family in (EXACT, SUPERSET):
        return _set_degree(history, state, members, n, family == EXACT) if linked == n * (n - 1) // 2 else 0.0
    return _closure(history, state, members, family)


@compiled
def fill(
    history: History,
    state: State,
    half_life: float,
    order: _Ints,
    time: _Floats,
    start: _Ints,
    member: _Ints,
    columns: _Ints,
    found: _Floats,
    out: _Floats,
) -> None:
    """Write every statistic of every row into `out` (columns, rows).

    order : rows in order of time; the first is not before any row that `state` has served.
    start, member : the sets, each sorted. columns (c, 3): family, k, aggregate. found : scratch for subset degrees.
    """
    # Sums over members and pairs stand here and not in functions: handing over the state costs more than they do.
    degree, pair, near_value = state.degree, state.pair, state.near_value
    near, near_start = history.near, history.near_start
    has_matrix = pair.shape[0] > 0
    factor, last = 1.0, -np.inf
    for q in range(order.size):
        r = order[q]
        if time[r] > last:
            last = time[r]
            factor = advance(history, state, last, half_life)
        low, high = start[r], start[r + 1]
        n = high - low
        n_pairs = n * (n - 1) // 2
        activity, met, linked = 0.0, 0.0, 0
        for a in range(low, high):
            i = member[a]
            activity += degree[i]
            for b in range(low, a):
                x = 0.0
                if has_matrix:
                    x = pair[i, member[b]]
                else:
                    at = _find(near, near_start[i], near_start[i + 1], member[b])
                    if at >= 0:
                        x = near_value[at]
                if x > 0.0:
                    met += x
                    linked += 1
        for c in range(columns.shape[0]):
            family, k, how = columns[c, 0], columns[c, 1], columns[c, 2]
            x = 0.0
            if family == SIZE:
                out[c, r] = n
                continue
            if family == SUBSETS and how <= SUM and k <= 2:
                x = activity if k == 1 else met
                if how == MEAN:
                    x /= n if k == 1 else max(n_pairs, 1)
            elif family == SUBSETS and how <= SUM and linked < k * (k - 1) // 2:
                x = 0.0  # an event that shares k members links k (k - 1) / 2 pairs
            elif (family == CLOSURE_MIN and state.closure_min.shape[0] > 0) or (
                family == CLOSURE_PROD and state.closure_prod.shape[0] > 0
            ):
                known = state.closure_min if family == CLOSURE_MIN else state.closure_prod
                for a in range(low, high):
                    for b in range(low, a):
                        x += known[member[a], member[b]]
                x /= max(n_pairs, 1)
            else:
                x = _slow(history, state, member[low:high], family, k, how, linked, found)
            if family in (CLOSURE_PROD, OUTSIDE_PROD):
                x *= factor
            out[c, r] = x * factor
