"""How far it is on foot: searches from one place or from many at once, that end where it gets too far.

Dijkstra's method (1959) over the shortened network. A node along a stretch is reached from both ends of it, and from
another node of the same stretch also straight along.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from abcd.core.heap import drop_first, push
from abcd.gaps.streets.lean import seeds_of
from abcd.gaps.streets.network import Floats, Lie, Network, Ways, Whole, lie_of, shut_in

FAR = np.inf

TOGETHER = 100
"""So many starts are searched from at once."""


class Work(NamedTuple):
    """What a search writes on: metres to each crossing (infinite at first), its heap, the crossings it came to."""

    cost: Floats
    keys: Floats
    items: Whole
    touched: Whole


def work_for(ways: Ways, seeds: int = 2) -> Work:
    """Room for a search that starts from so many crossings at once."""
    room = len(ways.to) + seeds
    return Work(
        np.full(len(ways.starts) - 1, FAR), np.empty(room), np.empty(room, dtype=np.int64),
        np.empty(len(ways.starts) + seeds, dtype=np.int64),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def spread(ways: Ways, seeds: Whole, offsets: Floats, limit: float, work: Work) -> int:
    """Metres from the nearest of ``seeds``, each ``offsets`` away already, into ``work``; how many were touched."""
    size, count = 0, 0
    for k in range(len(seeds)):
        if offsets[k] <= limit and offsets[k] < work.cost[seeds[k]]:
            if work.cost[seeds[k]] == np.inf:
                work.touched[count] = seeds[k]
                count += 1
            work.cost[seeds[k]] = offsets[k]
            size = push(work.keys, work.items, size, offsets[k], seeds[k])
    while size:
        far, here = work.keys[0], work.items[0]
        size = drop_first(work.keys, work.items, size)
        if far > work.cost[here]:
            continue
        for arc in range(ways.starts[here], ways.starts[here + 1]):
            there, reached = ways.to[arc], far + ways.metres[arc]
            if reached <= limit and reached < work.cost[there]:
                if work.cost[there] == np.inf:
                    work.touched[count] = there
                    count += 1
                work.cost[there] = reached
                size = push(work.keys, work.items, size, reached, there)
    return count


@njit(cache=True, nogil=True)
def _spread_by_turns(ways: Ways, seeds: Whole, offsets: Floats, limit: float, work: Work) -> int:
    """``spread`` with ``TOGETHER`` seeds that lie close after one another: what a turn touches stays in the cache."""
    order, count = np.argsort(seeds), 0
    for first in range(0, len(seeds), TOGETHER):
        some = order[first : first + TOGETHER]
        before = work.touched[count:]
        part = Work(work.cost, work.keys, work.items, before)
        count += spread(ways, seeds[some], offsets[some], limit, part)
    return count


@njit(cache=True, nogil=True)
def start(ways: Ways, lie: Lie, origin: int, seeds: Whole, offsets: Floats) -> None:
    """The two crossings that a walk from ``origin`` comes to first, how far they are; infinite when it is shut in."""
    on = lie.stretch[origin]
    if on < 0:
        seeds[:], offsets[:] = lie.crossing[origin], 0.0
        return
    seeds[0], seeds[1] = lie.ends[on, 0], lie.ends[on, 1]
    offsets[0], offsets[1] = lie.along[origin], lie.metres[on] - lie.along[origin]
    if ways.is_shut[on]:
        offsets[:] = np.inf


def to_nearest(network: Network, ways: Ways, nodes: Whole, extra: Floats, limit: float) -> Floats:
    """Metres from every node of the network to the nearest of ``nodes``, infinite beyond ``limit``.

    ``extra`` (len(nodes),) is how far each thing stands from its node.
    """
    lie = lie_of(network)
    is_free = ~shut_in(lie, ways, nodes)
    nodes, extra = nodes[is_free], extra[is_free]
    seeds, offsets = seeds_of(lie, nodes, extra)
    work, reached = work_for(ways, len(seeds)), np.full(len(lie.crossing), FAR)
    count = _spread_by_turns(ways, seeds, offsets, limit, work)
    _spread_out(ways, lie, work, count, network.at_crossing, *network.members, limit, reached)
    _straight(lie, nodes, extra, *network.members, limit, reached)
    return reached


@njit(cache=True, nogil=True)
def _spread_out(
    ways: Ways, lie: Lie, work: Work, count: int, at: Whole, starts: Whole, members: Whole, limit: float,
    reached: Floats,
) -> None:  # fmt: skip
    """Metres to the nodes at and between the crossings that the search came to; the others are left as they are."""
    for k in range(count):
        here = work.touched[k]
        reached[at[here]] = work.cost[here]
        for arc in range(ways.starts[here], ways.starts[here + 1]):
            on = ways.stretch[arc]
            one, other, whole = work.cost[lie.ends[on, 0]], work.cost[lie.ends[on, 1]], lie.metres[on]
            if lie.ends[on, 0] != here and one < np.inf:
                continue
            for m in range(starts[on], starts[on + 1]):
                along = lie.along[members[m]]
                far = min(one + along, other + whole - along)
                if far <= limit:
                    reached[members[m]] = far


@njit(cache=True, nogil=True)
def _straight(  # noqa: PLR0917
    lie: Lie, nodes: Whole, extra: Floats, starts: Whole, members: Whole, limit: float, reached: Floats
) -> None:
    for i in range(len(nodes)):
        on = lie.stretch[nodes[i]]
        if on < 0:
            continue
        for at in range(starts[on], starts[on + 1]):
            other = members[at]
            far = extra[i] + abs(lie.along[other] - lie.along[nodes[i]])
            if far <= limit:
                reached[other] = min(reached[other], far)


@njit(cache=True, nogil=True)
def _between(ways: Ways, lie: Lie, origins: Whole, targets: Whole, limit: float, work: Work) -> Floats:
    found = np.full((len(origins), len(targets)), np.inf)
    seeds, offsets = np.empty(2, dtype=np.int64), np.empty(2)
    for i in range(len(origins)):
        start(ways, lie, origins[i], seeds, offsets)
        count = spread(ways, seeds, offsets, limit, work)
        for j in range(len(targets)):
            far = _to(ways, lie, work.cost, origins[i], targets[j])
            if far <= limit:
                found[i, j] = far
        for k in range(count):
            work.cost[work.touched[k]] = np.inf
    return found


@njit(cache=True, nogil=True)
def _to(ways: Ways, lie: Lie, cost: Floats, origin: int, target: int) -> float:
    if lie.crossing[target] >= 0:
        return float(cost[lie.crossing[target]])
    on = lie.stretch[target]
    if ways.is_shut[on]:
        return np.inf
    far = min(cost[lie.ends[on, 0]] + lie.along[target], cost[lie.ends[on, 1]] + lie.metres[on] - lie.along[target])
    if lie.crossing[origin] < 0 and lie.stretch[origin] == on:
        far = min(far, abs(lie.along[target] - lie.along[origin]))
    return float(far)


def metres_between(network: Network, ways: Ways, origins: Whole, targets: Whole, limit: float) -> Floats:
    """Metres on foot from each origin to each target (nodes), shape (origins, targets), infinite beyond ``limit``."""
    from_nodes, to_nodes = np.asarray(origins, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    found: Floats = _between(ways, lie_of(network), from_nodes, to_nodes, float(limit), work_for(ways))
    return found
