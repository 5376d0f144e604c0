"""Metres on foot from one place to everything near it, without a compiler.

A page or a shared map asks for one start at a time. scipy's search on the shortened network answers that as fast as our
own compiled one, and brings far less into a process than the compiler would.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from abcd.gaps.streets.network import Floats, Lie, Network, Ways, Whole, lie_of, shut_in


def reached(network: Network, ways: Ways, nodes: Whole, extra: Floats, limit: float) -> Floats:
    """Metres from every node of the network to the nearest of ``nodes``, infinite beyond ``limit``.

    ``extra`` (len(nodes),) is how far one is from each node at the start.
    """
    lie = lie_of(network)
    is_free = ~shut_in(lie, ways, nodes) & np.isfinite(extra)
    nodes, extra = np.asarray(nodes)[is_free], np.asarray(extra)[is_free]
    found = np.full(len(lie.crossing), np.inf)
    if not len(nodes):
        return found
    cost = at_crossings(network, ways, *seeds_of(lie, nodes, extra), limit)
    spread_out(network, lie, ways, cost, found)
    along_own_stretch(network, lie, nodes, extra, found)
    found[found > limit] = np.inf
    return found


def seeds_of(lie: Lie, nodes: Whole, extra: Floats) -> tuple[Whole, Floats]:
    """The crossings from which ``nodes`` are entered, and how far each is from its node, ``extra`` included."""
    is_one = lie.crossing[nodes] >= 0
    inner, onward = lie.stretch[nodes[~is_one]], lie.along[nodes[~is_one]]
    ends, more = lie.ends[inner], extra[~is_one]
    seeds = np.concatenate([lie.crossing[nodes[is_one]], ends[:, 0], ends[:, 1]]).astype(np.int64)
    return seeds, np.concatenate([extra[is_one], more + onward, more + lie.metres[inner] - onward])


def at_crossings(network: Network, ways: Ways, seeds: Whole, offsets: Floats, limit: float) -> Floats:
    """Metres to every crossing, infinite beyond ``limit``.

    Only the crossings that lie near enough are searched; the search starts from one more node, which leads to each of
    ``seeds``.
    """
    cost = np.full(network.crossings, np.inf)
    is_within = offsets <= limit
    seeds, offsets = seeds[is_within], offsets[is_within]
    if not len(seeds):
        return cost
    near = crossings_round(network, seeds, limit)
    starts, to, metres = among(ways, near, len(cost))
    count = len(near)
    starts = np.append(starts, starts[-1] + len(seeds))
    to = np.concatenate([to, np.searchsorted(near, seeds)])
    graph: Any = csr_array((np.concatenate([metres, offsets]), to, starts), shape=(count + 1, count + 1))
    cost[near] = dijkstra(graph, indices=[count], limit=limit)[0, :count]
    return cost


def crossings_round(network: Network, seeds: Whole, limit: float) -> Whole:
    """The crossings that a walk of ``limit`` metres from one of ``seeds`` may come to, by number."""
    reach = limit * network.straightest
    if not np.isfinite(reach):
        return np.arange(network.crossings)
    at = network.crossings_at
    low, high = at[seeds].min(axis=0) - reach - 1, at[seeds].max(axis=0) + reach + 1
    return np.flatnonzero((at[:, 0] >= low[0]) & (at[:, 0] <= high[0]) & (at[:, 1] >= low[1]) & (at[:, 1] <= high[1]))


def among(ways: Ways, near: Whole, crossings: int) -> tuple[Whole, Whole, Floats]:
    """The arcs between the crossings ``near`` (sorted), numbered by their order there: starts, far ends, metres."""
    number = np.full(crossings, -1, dtype=np.int64)
    number[near] = np.arange(len(near))
    arcs = ranges(ways.starts, near)
    to = number[ways.to[arcs]]
    origin = np.repeat(np.arange(len(near)), ways.starts[near + 1] - ways.starts[near])
    is_among = to >= 0
    starts = np.zeros(len(near) + 1, dtype=np.int64)
    np.cumsum(np.bincount(origin[is_among], minlength=len(near)), out=starts[1:])
    return starts, to[is_among], ways.metres[arcs][is_among]


def spread_out(network: Network, lie: Lie, ways: Ways, cost: Floats, found: Floats) -> None:
    """Write metres to the nodes at and round the crossings that were reached; the others are left as they are."""
    near = np.flatnonzero(np.isfinite(cost))
    is_met = np.zeros(len(lie.metres), dtype=bool)
    is_met[ways.stretch[ranges(ways.starts, near)]] = True
    starts, members = network.members
    inner = members[ranges(starts, np.flatnonzero(is_met))]
    ends, along, on = lie.ends[lie.stretch[inner]], lie.along[inner], lie.stretch[inner]
    found[inner] = np.minimum(cost[ends[:, 0]] + along, cost[ends[:, 1]] + lie.metres[on] - along)
    found[network.at_crossing[near]] = cost[near]


def along_own_stretch(network: Network, lie: Lie, nodes: Whole, extra: Floats, found: Floats) -> None:
    """Who starts along a stretch also reaches what lies on it without coming to its ends."""
    starts, members = network.members
    for node, more in zip(nodes, extra, strict=True):
        on = lie.stretch[node]
        if on >= 0:
            same = members[starts[on] : starts[on + 1]]
            found[same] = np.minimum(found[same], more + np.abs(lie.along[same] - lie.along[node]))


def ranges(starts: Whole, some: Whole) -> Whole:
    """All positions of the groups ``some``, where those of a group begin at ``starts``."""
    low, count = starts[some], starts[some + 1] - starts[some]
    before = np.cumsum(count) - count
    return np.repeat(low - before, count) + np.arange(count.sum())
