"""From edges between nodes to a network: pieces, an order in which neighbours lie close in memory, stretches."""

import numpy as np
from numba import njit
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from abcd.gaps.streets.network import Floats, Network, Small, Whole

#: Bits of each coordinate on the curve.
FINE = 16


def build(xy: Floats, pairs: Whole, metres: Floats, marks: Small) -> Network:
    """The network of edges ``pairs`` (m, 2) between the nodes at ``xy`` (n, 2), each with its length and mark.

    Edges may come twice and either way round; of two between the same nodes the shorter counts.
    """
    order = curve_order(xy)
    place = np.empty(len(xy), dtype=np.int64)
    place[order] = np.arange(len(xy))
    xy, pairs = xy[order], np.sort(place[pairs], axis=1)
    pairs, metres, marks = single(pairs, metres, marks)
    starts, to, edge = arcs(len(xy), pairs)
    is_crossing = crossings_of(starts, edge, marks)
    crossing = np.where(is_crossing, np.cumsum(is_crossing) - 1, -1).astype(np.int32)
    stretch, along, ends, lengths, kinds = follow(starts, to, edge, crossing, metres, marks)
    return Network(xy, pieces(len(xy), pairs), crossing, stretch, along, ends, lengths, kinds)


def curve_order(xy: Floats) -> Whole:
    """Nodes along a curve that visits a square's quarters one after another (Morton's), so neighbours stay close."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    cells = ((xy - low) / np.maximum(high - low, 1e-9).max() * (2**FINE - 1)).astype(np.uint64)
    code = np.zeros(len(xy), dtype=np.uint64)
    for bit in range(FINE):
        for axis in range(2):
            code |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def single(pairs: Whole, metres: Floats, marks: Small) -> tuple[Whole, Floats, Small]:
    """Each pair once, the shortest of its edges; a loop at one node leads nowhere and goes."""
    keep = pairs[:, 0] != pairs[:, 1]
    pairs, metres, marks = pairs[keep], metres[keep], marks[keep]
    order = np.lexsort((metres, pairs[:, 1], pairs[:, 0]))
    pairs, metres, marks = pairs[order], metres[order], marks[order]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return pairs[first], metres[first], marks[first]


def arcs(nodes: int, pairs: Whole) -> tuple[Whole, Whole, Whole]:
    """The edges by node: where each node's begin, the node at the far end, the number of the edge."""
    origin, to = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.argsort(origin, kind="stable")
    starts = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(origin, minlength=nodes), out=starts[1:])
    return starts, to[order], np.tile(np.arange(len(pairs)), 2)[order]


def crossings_of(starts: Whole, edge: Whole, marks: Small) -> np.ndarray:
    """Which nodes are crossings: not exactly two edges, or two of different kinds."""
    two = np.diff(starts) == 2
    crossing = ~two
    first = starts[:-1][two]
    crossing[np.flatnonzero(two)] = marks[edge[first]] != marks[edge[first + 1]]
    return crossing


def pieces(nodes: int, pairs: Whole) -> Small:
    """The connected piece of each node, numbered from the largest."""
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    count, label = connected_components(joined, directed=False)
    rank = np.empty(count, dtype=np.int32)
    rank[np.argsort(-np.bincount(label), kind="stable")] = np.arange(count)
    return rank[label]


def follow(
    starts: Whole, to: Whole, edge: Whole, crossing: Small, metres: Floats, marks: Small
) -> tuple[Small, Floats, Small, Floats, Small]:
    """The stretch and distance along it of each node, and ends, length and mark of each stretch.

    A ring without any crossing becomes a stretch from a node of its own to itself: that node is made a crossing.
    """
    stretch, along = np.full(len(crossing), -1, dtype=np.int32), np.zeros(len(crossing))
    ends, lengths = np.empty((len(metres), 2), dtype=np.int32), np.empty(len(metres))
    kinds, seen = np.empty(len(metres), dtype=np.int32), np.zeros(len(metres), dtype=np.bool_)
    count = _follow(starts, to, edge, crossing, metres, marks, stretch, along, ends, lengths, kinds, seen)
    return stretch, along, ends[:count].copy(), lengths[:count].copy(), kinds[:count].copy()


@njit(cache=True)
def _follow(starts, to, edge, crossing, metres, marks, stretch, along, ends, lengths, kinds, seen):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    count, crossings = 0, crossing.max() + 1 if len(crossing) else 0
    for rings in range(2):
        for node in range(len(crossing)):
            if rings and crossing[node] < 0 and stretch[node] < 0:
                crossing[node] = crossings
                crossings += 1
            elif rings or crossing[node] < 0:
                continue
            for arc in range(starts[node], starts[node + 1]):
                if seen[edge[arc]]:
                    continue
                count = _walk(
                    starts, to, edge, crossing, metres, marks, stretch, along, ends, lengths, kinds, seen,
                    node, arc, count,
                )  # fmt: skip
    return count


@njit(cache=True)
def _walk(  # type: ignore[no-untyped-def]  # noqa: PLR0913
    starts, to, edge, crossing, metres, marks, stretch, along, ends, lengths, kinds, seen, node, arc, count
):
    gone, here = 0.0, node
    while True:
        used = edge[arc]
        seen[used] = True
        gone += metres[used]
        here = to[arc]
        if crossing[here] >= 0:
            break
        stretch[here], along[here] = count, gone
        first = starts[here]
        arc = first + 1 if edge[first] == used else first
    ends[count, 0], ends[count, 1] = crossing[node], crossing[here]
    lengths[count], kinds[count] = gone, marks[used]
    return count + 1
