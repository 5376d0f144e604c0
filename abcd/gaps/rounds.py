"""In which order to go round: the shortest way on foot through a few stops that we can find."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel

Minutes = NDArray[np.float64]

UNREACHED = 4 * CUT_OFF_MINUTES
"""What a walk counts for that nobody finds a way for: it is taken last."""


def in_walking_order(stops: Sequence[tuple[float, float]], walk: WalkModel) -> tuple[list[int], float]:
    """The numbers of ``stops`` (easting, northing) in the order of a short walk, and its minutes from first to last.

    Each stop is tried as the first, the nearest one left comes next, and stretches are turned round while that makes
    the walk shorter (2-opt): right within a few percent for the dozen stops of a round, and the same every time.
    """
    if not stops:
        return [], 0.0
    points = np.array(stops, dtype=float)
    minutes = walk.minutes(points, points)
    minutes = np.where(np.isfinite(minutes), np.minimum(minutes, minutes.T), UNREACHED)
    ways = [shortened(nearest_next(minutes, first), minutes) for first in range(len(stops))]
    best = min(ways, key=lambda way: (round(length(way, minutes), 6), way))
    return best, length(best, minutes)


def nearest_next(minutes: Minutes, first: int) -> list[int]:
    """Always on to the nearest stop that is left."""
    way, left = [first], set(range(len(minutes))) - {first}
    while left:
        nearest = min(left, key=lambda stop: (minutes[way[-1], stop], stop))
        way.append(nearest)
        left.remove(nearest)
    return way


def shortened(way: list[int], minutes: Minutes) -> list[int]:
    """``way`` with stretches turned round as long as one makes it shorter."""
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for i in range(len(way) - 1):
            for j in range(i + 2, len(way) + 1):
                turned = way[:i] + way[i:j][::-1] + way[j:]
                if length(turned, minutes) < length(way, minutes) - 1e-9:
                    way, is_shorter = turned, True
    return way


def length(way: Sequence[int], minutes: Minutes) -> float:
    """Minutes from the first stop to the last."""
    return float(minutes[way[:-1], way[1:]].sum())
