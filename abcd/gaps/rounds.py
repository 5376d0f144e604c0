"""In which order to go round: the shortest way on foot through a few stops."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel

Minutes = NDArray[np.float64]

UNREACHED = 4 * CUT_OFF_MINUTES
"""What a walk counts for that nobody finds a way for: it is taken last."""


def in_walking_order(stops: Sequence[tuple[float, float]], walk: WalkModel) -> tuple[list[int], float]:
    """The numbers of ``stops`` (easting, northing) in the order of the shortest walk, and its minutes first to last.

    It begins and ends anywhere. Work doubles with each stop (a few milliseconds for a dozen), so give it no more.
    """
    if not stops:
        return [], 0.0
    points = np.array(stops, dtype=float)
    minutes = walk.minutes(points, points)
    minutes = np.where(np.isfinite(minutes), np.minimum(minutes, minutes.T), UNREACHED)
    np.fill_diagonal(minutes, 0.0)
    return shortest(minutes)


def shortest(minutes: Minutes) -> tuple[list[int], float]:
    """The order with the least sum of ``minutes`` (stops, stops), by dynamic programming (Held and Karp 1962)."""
    stops = len(minutes)
    sets, bits = np.arange(1 << stops), 1 << np.arange(stops)
    sizes = ((sets[:, None] & bits) > 0).sum(axis=1)
    # cost[s, k]: the shortest walk through the stops of the set s that ends at k.
    cost = np.full((1 << stops, stops), np.inf)
    cost[bits, np.arange(stops)] = 0.0
    for size in range(1, stops):
        walked = sets[sizes == size]
        onwards = (cost[walked][:, :, None] + minutes).min(axis=1)
        for stop in range(stops):
            is_new = (walked & bits[stop]) == 0
            cost[walked[is_new] | bits[stop], stop] = onwards[is_new, stop]
    return _back(cost, minutes, bits)


def _back(cost: Minutes, minutes: Minutes, bits: NDArray[np.int64]) -> tuple[list[int], float]:
    left = len(cost) - 1
    way = [int(cost[left].argmin())]
    while left != bits[way[-1]]:
        left ^= int(bits[way[-1]])
        way.append(int((cost[left] + minutes[:, way[-1]]).argmin()))
    return way[::-1], float(cost[-1].min())
