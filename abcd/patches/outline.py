"""The shape of a patch on a map: the land nearest to its own homes, and no more of it than lies about them."""

import numpy as np
import shapely

from abcd.patches.net import Numbers, Places, Shapes

#: Metres about a home that a patch may colour: over the street, not over other people's streets (product F.3).
ABOUT = 50.0


def outlines(easting: Numbers, northing: Numbers, part: Places, about: float = ABOUT) -> Shapes:
    """The outline of each patch in EPSG:27700, (k,) for patches numbered from 0: its blocks' Voronoi cells, dissolved
    and clipped to ``about`` metres round its blocks, so that no two outlines overlap.
    """
    points: Shapes = np.asarray(shapely.points(easting, northing))
    count = int(part.max(initial=-1)) + 1
    land = shapely.intersection(_cells(points), shapely.buffer(points, about))
    order = np.argsort(part, kind="stable")
    inside = np.split(order, np.cumsum(np.bincount(part, minlength=count))[:-1]) if count else []
    return np.array([shapely.union_all(land[which]) for which in inside], dtype=object)


def cells_of(points: Numbers, block: Places, about: float = ABOUT) -> Shapes:
    """The land of each block, (n,) for blocks numbered from 0: the Voronoi cells of its homes (``points``, (m, 2)),
    dissolved and clipped to ``about`` metres round them.
    """
    return outlines(points[:, 0], points[:, 1], block, about)


def dissolved(cells: Shapes, part: Places) -> Shapes:
    """The outline of each patch whose blocks are areas of their own (small areas): their union, (k,)."""
    count = int(part.max()) + 1 if len(part) else 0
    return np.array([shapely.unary_union(cells[part == k]) for k in range(count)], dtype=object)


def _cells(points: Shapes) -> Shapes:
    """The Voronoi cell of each point, in the order of the points; those at one spot share a cell."""
    if len(points) < 2:
        return shapely.buffer(points, 10 * ABOUT)
    together = shapely.union_all(points)
    around = shapely.buffer(shapely.envelope(together), 10 * ABOUT)
    made = shapely.get_parts(shapely.voronoi_polygons(together, extend_to=around))
    found, cell = shapely.STRtree(made).query(points, predicate="intersects")
    first = np.unique(found, return_index=True)[1]
    cells: Shapes = made[cell[first]]
    return cells
