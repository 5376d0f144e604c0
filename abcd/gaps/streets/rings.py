"""Walking rings: the ground from which, or to which, one walks within so many metres along streets and paths.

Every node has a cell, the ground that is nearer to it than to any other node (Voronoi, 1908). A ring is made of the
cells of the nodes within reach, and of them alone, no further from a street than ``STRIP``: so what lies across a river
is in it only when one can walk there.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from abcd.gaps.streets.lean import reached
from abcd.gaps.streets.loaded import Streets
from abcd.gaps.streets.network import Floats, Whole

#: Metres from the last node within reach that still belong to the ring.
STRIP = 60.0
#: Metres round the ring in which nodes beyond reach are looked at, because their cells bound it.
AROUND = 4 * STRIP
#: Straight pieces of a quarter of a circle.
ARCS = 6
#: Metres; far less than anybody can walk.
CRACK = 0.02


def starts_in(found: Streets, area: BaseGeometry) -> tuple[Whole, Floats]:
    """The nodes inside ``area``, 0 metres away each; the one nearest to it, and how far that is, when there is none."""
    west, south, east, north = area.bounds
    xy = found.network.xy[found.nodes]
    close = found.nodes[(xy >= (west, south)).all(axis=1) & (xy <= (east, north)).all(axis=1)]
    inside = close[shapely.intersects_xy(area, *found.network.xy[close].T)] if len(close) else close
    if len(inside):
        return inside, np.zeros(len(inside))
    return found.nearest(shapely.get_coordinates(shapely.point_on_surface(area)))


def ring(found: Streets, nodes: Whole, extra: Floats, metres: float, *, is_level: bool = False) -> BaseGeometry:
    """The ground within ``metres`` on foot of ``nodes``, each ``extra`` metres away already; empty for none."""
    far = reached(found.network, found.level if is_level else found.ways, nodes, extra, metres)
    within = np.flatnonzero(far <= metres)
    if not len(within):
        return shapely.Polygon()
    return ground(found.network.xy, within)


def ground(xy: Floats, within: Whole) -> BaseGeometry:
    """The cells of the nodes ``within``, cut off ``STRIP`` metres from them."""
    low, high = xy[within].min(axis=0) - AROUND, xy[within].max(axis=0) + AROUND
    near = np.flatnonzero((xy >= low).all(axis=1) & (xy <= high).all(axis=1))
    corners = shapely.box(*low, *high)
    # Two nodes in one spot have one cell: it is within reach when one of them is.
    spots, spot = np.unique(xy[near], axis=0, return_inverse=True)
    is_within = np.zeros(len(spots), dtype=bool)
    is_within[spot.ravel()[np.isin(near, within)]] = True
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=corners, ordered=True))
    return healed(clipped(np.asarray(cells)[is_within], spots[is_within]))


def clipped(cells: NDArray[np.object_], nodes: Floats) -> BaseGeometry:
    """All ``cells`` cut off ``STRIP`` metres from their ``nodes`` (n, 2), as one.

    A cell is nearer to its node than to any other, so what is too far from that one is too far from them all. Cells
    that lie within their circle touch along whole edges, which joins most of them at a fraction of the work.
    """
    corners, which = shapely.get_coordinates(cells, return_index=True)
    furthest = np.zeros(len(cells))
    np.maximum.at(furthest, which, np.hypot(*(corners - nodes[which]).T))
    is_whole = furthest < STRIP * np.cos(np.pi / (4 * ARCS))
    circles = shapely.buffer(shapely.points(nodes[~is_whole]), STRIP, quad_segs=ARCS)
    cut = shapely.intersection(cells[~is_whole], circles)
    return shapely.union_all([*cut, shapely.coverage_union_all(cells[is_whole])])


def healed(ground: BaseGeometry) -> BaseGeometry:
    """The same without cracks narrower than twice ``CRACK``, where cells that meet were cut a rounding apart."""
    wider = shapely.buffer(ground, CRACK, join_style="mitre")
    found: BaseGeometry = shapely.buffer(wider, -CRACK, join_style="mitre")
    return found
