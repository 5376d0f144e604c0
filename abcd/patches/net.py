"""Blocks of homes and how one walks from one to the next: the graph on which patches are drawn."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Shapes = NDArray[Any]
"""Geometries of shapely in EPSG:27700."""

#: Added to a link's length so that no two routes are exactly as long: ties would glue whole closes together.
TIE_BREAKER = 1e-3


class Stock(NamedTuple):
    """The blocks: ``weight`` households (or workload), ``x`` and ``y`` metres from their common middle; all (n,)."""

    weight: Numbers
    x: Numbers
    y: Numbers


class Net(NamedTuple):
    """The links, both ways, in compressed rows: the neighbours of ``u`` are ``to[start[u]:start[u + 1]]``.

    ``metres`` is a link's length; ``bond`` what it costs to cut it: more than 0 along one street, less than 0 across
    a soft barrier, which a patch should rather not straddle.
    """

    start: Places
    to: Places
    metres: Numbers
    bond: Numbers


def stock_of(weight: Numbers, easting: Numbers, northing: Numbers) -> Stock:
    """The blocks, measured from their middle so that squares of coordinates keep their digits."""
    middle = middle_of(easting, northing)
    return Stock(
        np.ascontiguousarray(weight, dtype=np.float64),
        np.ascontiguousarray(easting - middle[0], dtype=np.float64),
        np.ascontiguousarray(northing - middle[1], dtype=np.float64),
    )


def sums(where: Places, values: Numbers, count: int = 0) -> Numbers:
    """The sum of ``values`` (n,) at each number of ``where`` (n,), at least ``count`` of them."""
    found: Numbers = np.bincount(where, values, count).astype(np.float64)
    return found


def middle_of(easting: Numbers, northing: Numbers) -> tuple[float, float]:
    """Easting and northing from which a stock is measured."""
    return (float(easting.mean()), float(northing.mean())) if len(easting) else (0.0, 0.0)


def net_of(stock: Stock, links: Places, bond: Numbers | None = None) -> Net:
    """The graph of ``links`` (m, 2), given once or twice each; loops are dropped, of twins the strongest bond stays."""
    n = len(stock.weight)
    ends = np.asarray(links, dtype=np.int64).reshape(-1, 2)
    given = np.zeros(len(ends)) if bond is None else np.asarray(bond, dtype=np.float64)
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((-given, high, low))
    low, high, given = low[order], high[order], given[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    keep = first & (low != high)
    low, high, given = low[keep], high[keep], given[keep]
    metres = np.hypot(stock.x[low] - stock.x[high], stock.y[low] - stock.y[high])
    metres += TIE_BREAKER * (1 + np.random.default_rng(0).random(len(low)))
    return _both_ways(n, low, high, metres, given)


def _both_ways(n: int, low: Places, high: Places, metres: Numbers, bond: Numbers) -> Net:
    tail, head = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.lexsort((head, tail))
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=start[1:])
    return Net(start, head[order], np.concatenate([metres, metres])[order], np.concatenate([bond, bond])[order])


def tails(net: Net) -> Places:
    """The block that each entry of ``net.to`` starts from."""
    return np.repeat(np.arange(len(net.start) - 1), np.diff(net.start))


def components(net: Net, part: Places | None = None) -> Places:
    """Which connected piece each block is in (n,); with ``part``, only links inside one part count."""
    n, tail = len(net.start) - 1, tails(net)
    inside = np.ones(len(tail), dtype=bool) if part is None else part[tail] == part[net.to]
    graph = sparse.coo_matrix((np.ones(int(inside.sum())), (tail[inside], net.to[inside])), (n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def only(stock: Stock, net: Net, units: Places) -> tuple[Stock, Net]:
    """The blocks ``units`` (m,) and the links among them, numbered anew in that order."""
    place, tail = np.full(len(stock.weight), -1, dtype=np.int64), tails(net)
    place[units] = np.arange(len(units))
    inside = (place[tail] >= 0) & (place[net.to] >= 0)
    some = Stock(stock.weight[units], stock.x[units], stock.y[units])
    return some, net_of(some, place[np.column_stack([tail, net.to])[inside]], net.bond[inside])


def merged(stock: Stock, net: Net, group: Places) -> tuple[Stock, Net]:
    """The blocks of each group (numbered from 0) as one block: what is locked together cannot be parted."""
    weight = np.bincount(group, stock.weight)
    safe = np.where(weight > 0, weight, 1)
    count = np.bincount(group)
    x, y = (
        np.where(weight > 0, np.bincount(group, stock.weight * axis) / safe, np.bincount(group, axis) / count)
        for axis in (stock.x, stock.y)
    )
    one = Stock(weight.astype(np.float64), x, y)
    return one, net_of(one, np.column_stack([group[tails(net)], group[net.to]]), net.bond)
