"""Barriers as patches see them: hard ones that no link crosses, soft ones that a patch should rather not straddle."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from abcd.patches.homes import Way
from abcd.patches.net import Numbers, Places
from abcd.places.barriers import BarrierRecord, CrossingRecord

#: Metres from a crossing within which homes are looked for on each of its sides, and the piece of line that says which.
NEAR, LEAN = 250.0, 10.0


@dataclass(frozen=True)
class Walls:
    """The barriers round a place."""

    barriers: tuple[BarrierRecord, ...] = ()
    hard: shapely.STRtree = field(init=False, repr=False, compare=False)
    soft: shapely.STRtree = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, is_hard in (("hard", True), ("soft", False)):
            lines = [one.line for one in self.barriers if one.is_hard == is_hard]
            object.__setattr__(self, name, shapely.STRtree(lines))

    def part(self, a: Numbers, b: Numbers) -> NDArray[np.bool_]:
        """Whether a hard barrier lies between each of ``a`` (m, 2) and that of ``b``, (m,)."""
        return crossed(self.hard, a, b)

    def trouble(self, a: Numbers, b: Numbers) -> NDArray[np.bool_]:
        """Whether a soft barrier lies between each of ``a`` (m, 2) and that of ``b``, (m,)."""
        return crossed(self.soft, a, b)


def crossed(lines: shapely.STRtree, a: Numbers, b: Numbers) -> NDArray[np.bool_]:
    """Which of the straight lines from ``a`` (m, 2) to ``b`` meet one of ``lines``, (m,)."""
    found = np.zeros(len(a), dtype=bool)
    if len(lines.geometries) and len(a):
        between = shapely.linestrings(np.stack([a, b], axis=1))
        found[lines.query(between, predicate="intersects")[0]] = True
    return found


def ways_over(barriers: Iterable[BarrierRecord], points: Numbers, block: Places) -> Iterator[Way]:
    """The crossings of hard barriers with the nearest block on each side; one without homes near on both is none.

    Args:
        points: the homes, (n, 2) metres.
        block: the block of each, (n,).
    """
    tree = cKDTree(points)
    for barrier in barriers:
        for crossing in barrier.crossings if barrier.is_hard else ():
            at = np.array([crossing.easting, crossing.northing])
            near = np.array(tree.query_ball_point(at, NEAR), dtype=np.int64)
            here, there = (_nearest(points, near[side], at) for side in _sides(barrier, crossing, points[near]))
            if here is not None and there is not None:
                metres = float(np.hypot(*(points[here] - at)) + np.hypot(*(points[there] - at)))
                yield Way(crossing.id, crossing.name, barrier.name, int(block[here]), int(block[there]), metres)


def _sides(barrier: BarrierRecord, crossing: CrossingRecord, points: Numbers) -> tuple[Places, Places]:
    """Which of ``points`` lie on the one side of the barrier, and which on the other, where the crossing is."""
    along = barrier.line.project(shapely.Point(crossing.easting, crossing.northing))
    a, b = (barrier.line.interpolate(max(0.0, along + step)) for step in (-LEAN, LEAN))
    side = (b.x - a.x) * (points[:, 1] - a.y) - (b.y - a.y) * (points[:, 0] - a.x)
    return np.flatnonzero(side > 0), np.flatnonzero(side < 0)


def _nearest(points: Numbers, some: Places, at: Numbers) -> int | None:
    """The one of ``some`` points that is nearest to ``at``."""
    if not len(some):
        return None
    return int(some[np.argmin(np.hypot(*(points[some] - at).T))])
