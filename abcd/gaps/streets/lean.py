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
    cost = at_crossings(ways, *seeds_of(lie, nodes, extra), limit)
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


def at_crossings(ways: Ways, seeds: Whole, offsets: Floats, limit: float) -> Floats:
    """Metres to every crossing; the search starts from one more node, which leads to each of ``seeds``."""
    count = len(ways.starts) - 1
    starts = np.append(ways.starts, ways.starts[-1] + len(seeds)).astype(np.int32)
    to = np.concatenate([ways.to, seeds.astype(np.int32)])
    graph: Any = csr_array((np.concatenate([ways.metres, offsets]), to, starts), shape=(count + 1, count + 1))
    found: Floats = dijkstra(graph, indices=[count], limit=limit)[0, :count]
    return found


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
