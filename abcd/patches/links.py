"""Which blocks of homes are neighbours: along a street, or by a short walk that no hard barrier cuts.

Polygons that touch say nothing here: stock is often scattered among homes of others (product.md F.1).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from abcd.gaps.walk import PROFILES, WalkModel
from abcd.patches.chunks import APART
from abcd.patches.near import edges
from abcd.patches.net import Numbers, Places
from abcd.patches.walls import Walls

#: Homes nearer than this in a straight line are neighbours; so are those within this walk, if nobody says otherwise.
BESIDE, REACH = 80.0, 150.0
#: What cutting a street costs a plan, and what parting two sides of a soft barrier saves it.
ALONG, TROUBLE = 0.02, -0.04
#: Side of the squares in which walks are worked out together, metres.
SQUARE = 400.0


@dataclass(frozen=True)
class Links:
    """Neighbours: ``pairs`` (m, 2) of blocks, the ``bond`` (m,) of each, and pairs that a hard barrier parts.

    ``metres`` (m,) is how long the walk between two parts of the stock is, 0 inside one.
    """

    pairs: Places
    bond: Numbers
    walled: Places
    metres: Numbers

    def within(self, reach: float) -> "Links":
        """Those of at most ``reach`` metres."""
        kept = self.metres <= reach
        return replace(self, pairs=self.pairs[kept], bond=self.bond[kept], metres=self.metres[kept])


def links_of(
    points: Numbers, block: Places, street: Places, walls: Walls, walk: WalkModel, most: float = REACH
) -> Links:
    """The links between blocks: along a street, beside each other, within a walk of ``REACH``; and between parts of
    the stock that these leave apart, the walks of up to ``most`` metres that join them.

    Args:
        points: the homes, (n, 2) metres.
        block, street: of each home, (n,); a street below 0 is none.
        walls: what lies between them.
        walk: the way to walk.
        most: metres on foot beyond which nobody is a neighbour.
    """
    a, b = edges(points, max(most, APART))
    a, b = (one[block[a] != block[b]] for one in (a, b))
    metres = np.hypot(*(points[a] - points[b]).T)
    is_street = (street[a] == street[b]) & (street[a] >= 0)
    is_cut = walls.part(points[a], points[b])
    is_near = (metres < BESIDE) | (is_street & (metres <= APART))
    asked = np.flatnonzero(~is_near & (metres <= REACH))
    is_near[asked[walked(walk, points, a[asked], b[asked]) <= min(REACH, most)]] = True
    apart = parts(block, a, b, is_near & ~is_cut)
    far = np.flatnonzero(~is_near & ~is_cut & (apart[block[a]] != apart[block[b]]))
    length = np.where(is_near, 0.0, np.inf)
    length[far] = walked(walk, points, a[far], b[far])
    bond = np.where(walls.trouble(points[a], points[b]), TROUBLE, np.where(is_street, ALONG, 0.0))
    pairs = np.sort(np.column_stack([block[a], block[b]]), axis=1)
    kept = ~is_cut & (length <= most)
    return Links(pairs[kept], bond[kept], _without(pairs[is_near & is_cut], pairs[kept]), length[kept])


def parts(block: Places, a: Places, b: Places, joined: NDArray[np.bool_]) -> Places:
    """The part of the stock that each block is in, when only the pairs of homes that are ``joined`` count."""
    count = int(block.max(initial=-1)) + 1
    ends = block[a[joined]], block[b[joined]]
    graph = sparse.coo_matrix((np.ones(len(ends[0])), ends), (count, count))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _without(pairs: Places, others: Places) -> Places:
    """``pairs`` (m, 2) once each, without those that are among ``others``."""
    found = np.unique(pairs, axis=0)
    size = int(max(pairs.max(initial=0), others.max(initial=0))) + 1
    return found[~np.isin(found @ [size, 1], others @ [size, 1])]


def walked(walk: WalkModel, points: Numbers, a: Places, b: Places) -> Numbers:
    """Metres on foot from each of the homes ``a`` (m,) to that of ``b``, worked out square by square."""
    metres = np.full(len(a), np.inf)
    square = np.unique(np.floor(points[a] / SQUARE).astype(np.int64), axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(square, kind="stable")
    for asked in np.split(order, np.flatnonzero(np.diff(square[order])) + 1) if len(order) else ():
        origins, i = np.unique(a[asked], return_inverse=True)
        targets, j = np.unique(b[asked], return_inverse=True)
        minutes = walk.minutes(points[origins], points[targets])
        metres[asked] = minutes[i, j] * PROFILES["standard"]
    return metres
