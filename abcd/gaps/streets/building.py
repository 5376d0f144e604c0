"""From edges between nodes to a network: pieces, an order in which neighbours lie close in memory, stretches."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from abcd.gaps.streets.network import Edges, Floats, Network, Small, Whole, grouped

#: Bits of each coordinate on the curve.
FINE = 16


def build(edges: Edges) -> Network:
    """The network of ``edges``, which may come twice and either way round; of two between two nodes the shorter."""
    xy, pairs, metres, marks = edges.xy, edges.pairs, edges.metres, edges.marks
    order = curve_order(xy)
    place = np.empty(len(xy), dtype=np.int64)
    place[order] = np.arange(len(xy))
    xy, pairs = xy[order], np.sort(place[pairs], axis=1)
    pairs, metres, marks = single(pairs, metres, marks)
    starts, to, edge = arcs(len(xy), pairs)
    is_crossing = crossings_of(starts, edge, marks)
    crossing = np.where(is_crossing, np.cumsum(is_crossing) - 1, -1).astype(np.int32)
    found = followed(Graph(starts, to, edge, metres, marks), crossing)
    return Network(xy, pieces(len(xy), pairs), *found[:6])


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
    starts, order = grouped(origin, nodes)
    return starts, to[order], np.tile(np.arange(len(pairs)), 2)[order]


def crossings_of(starts: Whole, edge: Whole, marks: Small) -> NDArray[np.bool_]:
    """Which nodes are crossings: not exactly two edges, or two of different kinds."""
    two = np.diff(starts) == 2
    crossing = ~two
    first = starts[:-1][two]
    crossing[np.flatnonzero(two)] = marks[edge[first]] != marks[edge[first + 1]]
    return np.asarray(crossing)


def pieces(nodes: int, pairs: Whole) -> Small:
    """The connected piece of each node, numbered from the largest."""
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    count, label = connected_components(joined, directed=False)
    rank = np.empty(count, dtype=np.int32)
    rank[np.argsort(-np.bincount(label), kind="stable")] = np.arange(count)
    found: Small = rank[label]
    return found


class Graph(NamedTuple):
    """Edges by node, as ``arcs`` gives them, with the length and mark of each edge."""

    starts: Whole
    to: Whole
    edge: Whole
    metres: Floats
    marks: Small


class Followed(NamedTuple):
    """What following the stretches finds: of each node, of each stretch, and which edges were walked."""

    crossing: Small
    stretch: Small
    along: Floats
    ends: Small
    lengths: Floats
    kinds: Small
    seen: NDArray[np.bool_]


def followed(graph: Graph, crossing: Small) -> Followed:
    """The stretches between crossings.

    A ring without any crossing becomes a stretch from a node of its own to itself: that node is made a crossing.
    """
    nodes, edges = len(crossing), len(graph.metres)
    found = Followed(
        crossing, np.full(nodes, -1, dtype=np.int32), np.zeros(nodes), np.empty((edges, 2), dtype=np.int32),
        np.empty(edges), np.empty(edges, dtype=np.int32), np.zeros(edges, dtype=np.bool_),
    )  # fmt: skip
    count = _follow(graph, found)
    return found._replace(ends=found.ends[:count], lengths=found.lengths[:count], kinds=found.kinds[:count])


@njit(cache=True)
def _follow(graph: Graph, found: Followed) -> int:
    count, crossings = 0, found.crossing.max() + 1
    for rings in range(2):
        for node in range(len(found.crossing)):
            if rings and found.crossing[node] < 0 and found.stretch[node] < 0:
                found.crossing[node] = crossings
                crossings += 1
            elif rings or found.crossing[node] < 0:
                continue
            for arc in range(graph.starts[node], graph.starts[node + 1]):
                if not found.seen[graph.edge[arc]]:
                    _walk(graph, found, node, arc, count)
                    count += 1
    return count


@njit(cache=True)
def _walk(graph: Graph, found: Followed, node: int, arc: int, count: int) -> None:
    gone, here = 0.0, node
    while True:
        used = graph.edge[arc]
        found.seen[used] = True
        gone += graph.metres[used]
        here = graph.to[arc]
        if found.crossing[here] >= 0:
            break
        found.stretch[here], found.along[here] = count, gone
        first = graph.starts[here]
        arc = first + 1 if graph.edge[first] == used else first
    found.ends[count, 0], found.ends[count, 1] = found.crossing[node], found.crossing[here]
    found.lengths[count], found.kinds[count] = gone, graph.marks[used]
