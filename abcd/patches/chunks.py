"""Homes into blocks: a street whole where it holds up to ten households, else cut along its length."""

import math

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from abcd.patches.near import edges
from abcd.patches.net import Numbers, Places
from abcd.patches.walls import Walls

MOST = 10.0
"""Households of a block at most; a building that holds more is a block of its own."""
APART, FULL = 150.0, 300
"""Metres between two homes of one street name beyond which it is another street of that name, and homes of one name
above which not all pairs are looked at."""


def streets_of(points: Numbers, called: Places, walls: Walls) -> Places:
    """The street of each home, (n,), numbered from 0: homes of one name (``called``) that lie together.

    Two streets of one name far apart are two, and so are the parts of one that a hard barrier cuts.
    """
    pairs = [np.empty((0, 2), dtype=np.int64)]
    order = np.argsort(called, kind="stable")
    for homes in np.split(order, np.flatnonzero(np.diff(called[order])) + 1):
        pairs.append(homes[np.column_stack(_beside(points[homes]))])
    together = np.concatenate(pairs)
    together = together[~walls.part(points[together[:, 0]], points[together[:, 1]])]
    n = len(points)
    graph = sparse.coo_matrix((np.ones(len(together)), (together[:, 0], together[:, 1])), (n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _beside(points: Numbers) -> tuple[Places, Places]:
    """Pairs of homes that lie together; of very many only those that nobody stands between."""
    if len(points) > FULL:
        return edges(points, APART)
    found = cKDTree(points).query_pairs(APART, output_type="ndarray").reshape(-1, 2)
    return found[:, 0], found[:, 1]


def blocks_of(points: Numbers, households: Numbers, street: Places) -> Places:
    """The block of each home, (n,), numbered from 0 street by street."""
    block, count = np.full(len(points), -1, dtype=np.int64), 0
    order = np.argsort(street, kind="stable")
    for homes in np.split(order, np.flatnonzero(np.diff(street[order])) + 1) if len(order) else ():
        waiting = [homes]
        while waiting:
            units = waiting.pop()
            wanted = math.ceil(float(households[units].sum()) / MOST - 1e-9)
            if wanted <= 1 or len(units) == 1:
                block[units], count = count, count + 1
                continue
            first, second = _halves(units, points, households, wanted)
            waiting += [second, first]
    return block


def _halves(units: Places, points: Numbers, households: Numbers, wanted: int) -> tuple[Places, Places]:
    """``units`` cut across their length where the sums come nearest to ``wanted`` even blocks."""
    order = units[np.argsort(along(points[units]), kind="stable")]
    run = np.cumsum(households[order])
    at = int(np.argmin(np.abs(run[:-1] - run[-1] * (wanted // 2) / wanted))) + 1
    return order[:at], order[at:]


def along(points: Numbers) -> Numbers:
    """How far along their longest direction (first principal axis) each of ``points`` (n, 2) lies, (n,)."""
    off = points - points.mean(axis=0)
    xx, yy, xy = (off[:, 0] ** 2).sum(), (off[:, 1] ** 2).sum(), (off[:, 0] * off[:, 1]).sum()
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    lean: Numbers = off[:, 0] * math.cos(angle) + off[:, 1] * math.sin(angle)
    return lean
