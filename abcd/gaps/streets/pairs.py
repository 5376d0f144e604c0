"""Who reaches what: all pairs of homes and things within a walk, for whole boroughs at once.

From each origin one bounded search; then only the things that lie where it came are looked at, so the work grows with
the pairs that are found.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from abcd.gaps.streets.network import Floats, Lie, Network, Small, Ways, Whole, grouped, lie_of
from abcd.gaps.streets.searching import Work, spread, start, work_for


class Pairs(NamedTuple):
    """Pairs by origin: those of origin ``i`` are ``starts[i]:starts[i + 1]`` of ``target`` and ``metres``."""

    starts: Whole
    target: Small
    metres: Floats


class Things(NamedTuple):
    """Targets by where they lie: numbers of those on each crossing, and of those along each stretch."""

    node: Whole
    at_starts: Whole
    at: Whole
    on_starts: Whole
    on: Whole


def things_on(lie: Lie, targets: Whole, crossings: int) -> Things:
    """``targets`` (nodes) sorted by crossing and by stretch."""
    at_starts, at = grouped(lie.crossing[targets], crossings)
    on_starts, on = grouped(lie.stretch[targets], len(lie.metres))
    return Things(np.asarray(targets, dtype=np.int64), at_starts, at, on_starts, on)


def pairs_within(network: Network, ways: Ways, origins: Whole, targets: Whole, limit: float) -> Pairs:
    """All pairs of ``origins`` and ``targets`` (nodes) within ``limit`` metres on foot."""
    lie = lie_of(network)
    things = things_on(lie, targets, network.crossings)
    found = _pairs(ways, lie, things, np.asarray(origins, dtype=np.int64), float(limit), work_for(ways))
    return Pairs(*found)


@njit(cache=True, nogil=True)
def _pairs(
    ways: Ways, lie: Lie, things: Things, origins: Whole, limit: float, work: Work
) -> tuple[Whole, Small, Floats]:
    starts = np.zeros(len(origins) + 1, dtype=np.int64)
    target, metres, n = np.empty(1024, dtype=np.int32), np.empty(1024), 0
    seen = np.full(len(lie.metres), -1, dtype=np.int64)
    seeds, offsets = np.empty(2, dtype=np.int64), np.empty(2)
    for i in range(len(origins)):
        origin = origins[i]
        start(ways, lie, origin, seeds, offsets)
        count = spread(ways, seeds, offsets, limit, work)
        room = n + len(things.node)
        if room > len(target):
            target, metres = _grown(target, metres, n, 2 * room)
        own = lie.stretch[origin]
        if own >= 0 and not ways.is_shut[own]:
            seen[own] = i
            n = _along(lie, things, work.cost, own, origin, limit, target, metres, n)
        for k in range(count):
            here = work.touched[k]
            for j in range(things.at_starts[here], things.at_starts[here + 1]):
                target[n], metres[n] = things.at[j], work.cost[here]
                n += 1
            for arc in range(ways.starts[here], ways.starts[here + 1]):
                on = ways.stretch[arc]
                if seen[on] != i and things.on_starts[on] < things.on_starts[on + 1]:
                    seen[on] = i
                    n = _along(lie, things, work.cost, on, -1, limit, target, metres, n)
        for k in range(count):
            work.cost[work.touched[k]] = np.inf
        starts[i + 1] = n
    return starts, target[:n].copy(), metres[:n].copy()


@njit(cache=True, nogil=True)
def _grown(target: Small, metres: Floats, n: int, room: int) -> tuple[Small, Floats]:
    more, further = np.empty(room, dtype=np.int32), np.empty(room)
    more[:n], further[:n] = target[:n], metres[:n]
    return more, further


@njit(cache=True, nogil=True)
def _along(  # noqa: PLR0917
    lie: Lie, things: Things, cost: Floats, on: int, origin: int, limit: float, target: Small, metres: Floats, n: int
) -> int:
    for j in range(things.on_starts[on], things.on_starts[on + 1]):
        thing = things.on[j]
        along = lie.along[things.node[thing]]
        far = min(cost[lie.ends[on, 0]] + along, cost[lie.ends[on, 1]] + lie.metres[on] - along)
        if origin >= 0:
            far = min(far, abs(along - lie.along[origin]))
        if far <= limit:
            target[n], metres[n] = thing, far
            n += 1
    return n
