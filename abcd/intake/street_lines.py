"""Edges from lines that share no nodes: cut where they cross, joined where one ends close to another."""

import numpy as np
import shapely
from numpy.typing import NDArray

from abcd.core import geo
from abcd.errors import BadFile
from abcd.gaps.streets.network import STEPPED, Edges
from abcd.intake.lists import WholeFile
from abcd.intake.place_columns import epsg_of

#: A path that ends so near a road is taken to meet it: layers of two publishers are drawn apart.
NEAR = 8.0
#: Metres to which corners are rounded, so that what was drawn as meeting does meet.
FINE = 0.01
#: Metres between nodes of a straight road: a walk begins at a node, and a door may stand anywhere along it.
LONGEST_EDGE = 40.0
#: Columns of a layer and the word in each that says that a way cannot be walked without steps.
STEPS = {"highway": "steps", "stepped": "yes", "wheelchair": "no"}


def edges_of_lines(file: WholeFile) -> Edges:
    """The edges of a layer of lines.

    Raises:
        BadFile: it has no lines, or does not say in which coordinates they are.
    """
    drawn, has_steps = on_grid(file)
    lines = shapely.segmentize(joined(noded(drawn)), LONGEST_EDGE)
    corners, counts = shapely.get_coordinates(lines), shapely.get_num_coordinates(lines)
    xy, node = np.unique(np.round(corners, 2), axis=0, return_inverse=True)
    line = np.repeat(np.arange(len(counts)), counts)
    follows = line[1:] == line[:-1]
    pairs = np.sort(np.stack([node[:-1][follows], node[1:][follows]], axis=1), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    apart = xy[pairs[:, 0]] - xy[pairs[:, 1]]
    return Edges(xy, pairs, np.hypot(apart[:, 0], apart[:, 1]), marks_of(xy[pairs], drawn[has_steps]))


def on_grid(file: WholeFile) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """The lines of a file, each by itself, in metres of the British National Grid; and which of them have steps."""
    shapes, row = shapely.get_parts(shapely.from_wkb(file.rows["__geom__"].to_numpy()), return_index=True)
    is_line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    if not is_line.any():
        raise BadFile(f"“{file.path.name}” has no lines. Bring in a layer of streets or paths.")
    lines = np.asarray(geo.shapes_to_grid(shapes[is_line], epsg_of(file)))
    return lines, stepped_rows(file)[row[is_line]]


def stepped_rows(file: WholeFile) -> NDArray[np.bool_]:
    """Which rows are steps, or cannot be used with a wheelchair, by the words of OpenStreetMap (``STEPS``)."""
    found = np.zeros(file.rows.num_rows, dtype=bool)
    for name in file.rows.column_names:
        if word := STEPS.get(name.lower()):
            found |= np.array([str(value).strip().lower() == word for value in file.rows[name].to_pylist()], dtype=bool)
    return found


def marks_of(ends: NDArray[np.float64], steps: NDArray[np.object_]) -> NDArray[np.int32]:
    """``STEPPED`` for each edge (its ``ends`` (m, 2, 2)) whose middle lies on one of ``steps``."""
    marks = np.zeros(len(ends), dtype=np.int32)
    if len(steps):
        middles = shapely.points(ends.mean(axis=1))
        marks[shapely.STRtree(middles).query(steps, predicate="dwithin", distance=10 * FINE)[1]] = STEPPED
    return marks


def noded(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The lines cut wherever two of them cross or touch."""
    return np.asarray(shapely.get_parts(shapely.union_all(lines, grid_size=FINE)))


def joined(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """``lines`` with a short link from each loose end to the nearest other line within ``NEAR``, cut where it meets."""
    first, last = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    points = np.concatenate([first, last])
    _xy, which, times = np.unique(np.round(shapely.get_coordinates(points), 2), axis=0, return_inverse=True,
                                  return_counts=True)  # fmt: skip
    loose = np.flatnonzero(times[which.ravel()] == 1)
    tree = shapely.STRtree(lines)
    end, line = tree.query(points[loose], predicate="dwithin", distance=NEAR)
    other = line != loose[end] % len(lines)
    end, line = end[other], line[other]
    if not len(end):
        return lines
    links = shapely.shortest_line(points[loose[end]], lines[line])
    nearest = np.lexsort((shapely.length(links), end))
    once = nearest[np.unique(end[nearest], return_index=True)[1]]
    longer = shapely.length(links[once]) > FINE
    return noded(np.concatenate([lines, _a_little_longer(links[once][longer])]))


def _a_little_longer(links: NDArray[np.object_]) -> NDArray[np.object_]:
    """Links that pass the line they meet by a hair, so that it is cut there in spite of rounding."""
    ends = shapely.get_coordinates(links).reshape(-1, 2, 2)
    onward = ends[:, 1] - ends[:, 0]
    past = ends[:, 1] + onward / np.hypot(onward[:, 0], onward[:, 1])[:, None] * 3 * FINE
    return np.asarray(shapely.linestrings(np.stack([ends[:, 0], past], axis=1)))
