"""What nobody walks across: hard barriers without the gaps at their crossings, and which straight ways they cut."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from abcd.gaps.walk import Numbers, Points
from abcd.places.barriers import BarrierRecord

GAP = 30.0
"""Metres round a crossing in which a barrier can be walked across."""


@dataclass(frozen=True, eq=False)
class Walls:
    """Hard barriers as they stand for one way to walk.

    Attributes:
        key: what they were made of; equal keys are equal walls.
        line: all of them as one shapely geometry in metres, open for ``GAP`` metres round each crossing.
        segments: (w, 4) the same as straight pieces: easting and northing of either end.
        gates: (k, 2) the crossings that one may use.
    """

    key: tuple[Any, ...]
    line: Any
    segments: Numbers
    gates: Points


def walls_of(barriers: Iterable[BarrierRecord], *, is_level: bool = False) -> Walls | None:
    """The walls of those ``barriers`` that are hard, None when none is.

    ``is_level`` leaves open only the crossings that are known to be step-free.
    """
    hard = tuple(one for one in barriers if one.is_hard)
    return _walls(hard, is_level) if hard else None


@lru_cache(maxsize=32)
def _walls(hard: tuple[BarrierRecord, ...], is_level: bool) -> Walls:
    open_at = [
        [(one.easting, one.northing) for one in barrier.crossings if not is_level or one.step_free == "yes"]
        for barrier in hard
    ]
    whole = shapely.union_all([_without_gaps(one.line, at) for one, at in zip(hard, open_at, strict=True)])
    shapely.prepare(whole)
    key = tuple(
        (one.id, one.version, *((gate.id, gate.version) for gate in one.crossings)) for one in hard
    ) + (is_level,)  # fmt: skip
    gates = np.array([at for some in open_at for at in some], dtype=float).reshape(-1, 2)
    return Walls(key, whole, pieces_of(whole), gates)


def _without_gaps(line: Any, gates: list[tuple[float, float]]) -> Any:
    return line.difference(shapely.MultiPoint(gates).buffer(GAP)) if gates else line


def pieces_of(lines: Any) -> Numbers:
    """The straight pieces of ``lines``, shape (w, 4)."""
    parts = [part for part in shapely.get_parts([lines]) if part.geom_type == "LineString" and not part.is_empty]
    ends = [np.hstack([at[:-1], at[1:]]) for at in map(shapely.get_coordinates, parts)]
    return np.vstack(ends) if ends else np.empty((0, 4))


def is_cut(origins: Points, targets: Points, segments: Numbers) -> NDArray[np.bool_]:
    """Whether the straight way from each origin to each target meets one of ``segments``, shape (origins, targets).

    Who stands on a wall is on both sides of it; a way that touches the end of a piece meets it.
    """
    found = np.zeros((len(origins), len(targets)), dtype=bool)
    if not found.size:
        return found
    both = np.vstack([origins, targets])
    low, high = both.min(axis=0), both.max(axis=0)
    xs, ys = segments[:, 0::2], segments[:, 1::2]
    near = (xs.max(1) >= low[0]) & (xs.min(1) <= high[0]) & (ys.max(1) >= low[1]) & (ys.min(1) <= high[1])
    for piece in segments[near]:
        _cut_by(piece, origins, targets, found)
    return found


def _cut_by(piece: Numbers, origins: Points, targets: Points, found: NDArray[np.bool_]) -> None:
    start, end = piece[:2], piece[2:]
    from_side, to_side = _side(start, end, origins), _side(start, end, targets)
    for way in (1.0, -1.0):
        rows, columns = np.flatnonzero(way * from_side > 0), np.flatnonzero(way * to_side < 0)
        if not len(rows) or not len(columns):
            continue
        at, along = origins[rows][:, None], targets[columns][None] - origins[rows][:, None]
        one, other = (along[..., 0] * (end_[1] - at[..., 1]) - along[..., 1] * (end_[0] - at[..., 0])
                      for end_ in (start, end))  # fmt: skip
        found[np.ix_(rows, columns)] |= one * other <= 0


def _side(start: Numbers, end: Numbers, points: Points) -> Numbers:
    (east, north), off = end - start, points - start
    found: Numbers = east * off[:, 1] - north * off[:, 0]
    return found


def is_cut_off(points: Points, targets: Points, walls: Walls) -> NDArray[np.bool_]:
    """Whether the straight way from each point to the target of the same number meets a wall, shape (n,)."""
    ways = shapely.linestrings(np.stack([points, targets], axis=1))
    return np.asarray(shapely.intersects(walls.line, ways))
