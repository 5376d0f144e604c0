"""How far it is on foot: searches from one place or from many at once, that end where it gets too far.

Dijkstra's method (1959) over the shortened network. A node along a stretch is reached from both ends of it, and from
another node of the same stretch also straight along.
"""

import numpy as np
from numba import njit

from abcd.core.heap import drop_first, push
from abcd.gaps.streets.network import Floats, Network, Ways, Whole

FAR = np.inf


@njit(cache=True, nogil=True)
def spread(starts, to, metres, cost, keys, items, size, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Go on from what lies on the heap until ``limit``; ``cost`` (crossings,) is lowered where a way is found."""
    while size:
        far, here = keys[0], items[0]
        size = drop_first(keys, items, size)
        if far > cost[here]:
            continue
        for arc in range(starts[here], starts[here + 1]):
            there, reached = to[arc], far + metres[arc]
            if reached <= limit and reached < cost[there]:
                cost[there] = reached
                size = push(keys, items, size, reached, there)


@njit(cache=True, nogil=True)
def nearest_crossings(starts, to, metres, seeds, offsets, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Metres from the nearest of ``seeds`` (crossings, each already ``offsets`` away) to every crossing."""
    cost = np.full(len(starts) - 1, np.inf)
    keys, items = np.empty(len(to) + len(seeds) + 1), np.empty(len(to) + len(seeds) + 1, dtype=np.int64)
    size = 0
    for i in range(len(seeds)):
        if offsets[i] <= limit and offsets[i] < cost[seeds[i]]:
            cost[seeds[i]] = offsets[i]
            size = push(keys, items, size, offsets[i], seeds[i])
    spread(starts, to, metres, cost, keys, items, size, limit)
    return cost


def seeds_of(network: Network, nodes: Whole, extra: Floats) -> tuple[Whole, Floats]:
    """The crossings from which ``nodes`` are entered, and how far each is from its node, ``extra`` included."""
    crossing, stretch = network.crossing[nodes], network.stretch[nodes]
    is_one = crossing >= 0
    inner, onward = stretch[~is_one], network.along[nodes[~is_one]]
    ends = network.ends[inner]
    back = network.metres[inner] - onward
    seeds = np.concatenate([crossing[is_one], ends[:, 0], ends[:, 1]]).astype(np.int64)
    more = extra[~is_one]
    return seeds, np.concatenate([extra[is_one], onward + more, back + more])


def to_nearest(network: Network, ways: Ways, nodes: Whole, extra: Floats, limit: float) -> Floats:
    """Metres from every node of the network to the nearest of ``nodes``, infinite beyond ``limit``.

    ``extra`` (len(nodes),) is how far each thing stands from its node.
    """
    seeds, offsets = seeds_of(network, nodes, extra)
    cost = nearest_crossings(ways.starts, ways.to, ways.metres, seeds, offsets, limit)
    return spread_along(network, cost, nodes, extra, limit)


def spread_along(network: Network, cost: Floats, nodes: Whole, extra: Floats, limit: float) -> Floats:
    """The cost of every node from that of the crossings and of the ``nodes`` on its own stretch."""
    reached = np.full(len(network.crossing), FAR)
    is_one = network.crossing >= 0
    reached[is_one] = cost[network.crossing[is_one]]
    inner = np.flatnonzero(~is_one)
    ends, onward = network.ends[network.stretch[inner]], network.along[inner]
    back = network.metres[network.stretch[inner]] - onward
    reached[inner] = np.minimum(cost[ends[:, 0]] + onward, cost[ends[:, 1]] + back)
    _straight(network.stretch, network.along, np.asarray(nodes), extra, *stretch_members(network), reached)
    reached[reached > limit] = FAR
    return reached


def stretch_members(network: Network) -> tuple[Whole, Whole]:
    """Nodes by stretch: where each stretch's begin, and the nodes."""
    inner = np.flatnonzero(network.stretch >= 0)
    order = inner[np.argsort(network.stretch[inner], kind="stable")]
    starts = np.zeros(len(network.metres) + 1, dtype=np.int64)
    np.cumsum(np.bincount(network.stretch[inner], minlength=len(network.metres)), out=starts[1:])
    return starts, order


@njit(cache=True, nogil=True)
def _straight(stretch, along, nodes, extra, starts, members, reached):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    for i in range(len(nodes)):
        on = stretch[nodes[i]]
        if on < 0:
            continue
        for at in range(starts[on], starts[on + 1]):
            other = members[at]
            far = extra[i] + abs(along[other] - along[nodes[i]])
            if far < reached[other]:
                reached[other] = far


@njit(cache=True, nogil=True)
def between(starts, to, metres, crossing, stretch, along, ends, lengths, origins, targets, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Metres from each of ``origins`` to each of ``targets`` (nodes), shape (origins, targets), infinite beyond."""
    found = np.full((len(origins), len(targets)), np.inf)
    cost = np.full(len(starts) - 1, np.inf)
    keys, items = np.empty(len(to) + 2), np.empty(len(to) + 2, dtype=np.int64)
    touched = np.empty(len(to) + 2, dtype=np.int64)
    for i in range(len(origins)):
        count = _one(starts, to, metres, crossing, stretch, along, ends, lengths, origins[i], limit,
                     cost, keys, items, touched)  # fmt: skip
        for j in range(len(targets)):
            found[i, j] = _reached(crossing, stretch, along, ends, lengths, cost, origins[i], targets[j], limit)
        for k in range(count):
            cost[touched[k]] = np.inf
    return found


@njit(cache=True, nogil=True)
def _one(starts, to, metres, crossing, stretch, along, ends, lengths, origin, limit, cost, keys, items, touched):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    size, count = 0, 0
    if crossing[origin] >= 0:
        seeds, offsets = (crossing[origin], crossing[origin]), (0.0, 0.0)
    else:
        on = stretch[origin]
        seeds, offsets = (ends[on, 0], ends[on, 1]), (along[origin], lengths[on] - along[origin])
    for k in range(2):
        if offsets[k] <= limit and offsets[k] < cost[seeds[k]]:
            if cost[seeds[k]] == np.inf:
                touched[count] = seeds[k]
                count += 1
            cost[seeds[k]] = offsets[k]
            size = push(keys, items, size, offsets[k], seeds[k])
    while size:
        far, here = keys[0], items[0]
        size = drop_first(keys, items, size)
        if far > cost[here]:
            continue
        for arc in range(starts[here], starts[here + 1]):
            there, reached = to[arc], far + metres[arc]
            if reached <= limit and reached < cost[there]:
                if cost[there] == np.inf:
                    touched[count] = there
                    count += 1
                cost[there] = reached
                size = push(keys, items, size, reached, there)
    return count


@njit(cache=True, nogil=True)
def _reached(crossing, stretch, along, ends, lengths, cost, origin, target, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    if crossing[target] >= 0:
        far = cost[crossing[target]]
    else:
        on = stretch[target]
        far = min(cost[ends[on, 0]] + along[target], cost[ends[on, 1]] + lengths[on] - along[target])
        if crossing[origin] < 0 and stretch[origin] == on:
            far = min(far, abs(along[target] - along[origin]))
    return far if far <= limit else np.inf


def metres_between(network: Network, ways: Ways, origins: Whole, targets: Whole, limit: float) -> Floats:
    """Metres on foot from each origin to each target (nodes), shape (origins, targets), infinite beyond ``limit``."""
    return between(
        ways.starts, ways.to, ways.metres, network.crossing, network.stretch, network.along, network.ends,
        network.metres, np.asarray(origins, dtype=np.int64), np.asarray(targets, dtype=np.int64), float(limit),
    )  # fmt: skip

