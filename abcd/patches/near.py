"""Which points are near each other, without looking at all pairs."""

import numpy as np
from scipy.spatial import Delaunay

from abcd.patches.net import Numbers, Places


def edges(points: Numbers, within: float) -> tuple[Places, Places]:
    """Pairs of points that Delaunay's triangles join and that are nearer than ``within`` metres: (m,), (m,)."""
    n = len(points)
    if n < 4:
        a, b = np.triu_indices(n, 1)
    else:
        # Homes at one spot, or in one straight row, have no triangles: a millimetre gives them some.
        moved = points - points.mean(axis=0) + np.random.default_rng(0).normal(0, 1e-3, points.shape)
        corners = Delaunay(moved).simplices.astype(np.int64)
        sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
        a, b = np.unique(sides, axis=0).T
    near = np.hypot(*(points[a] - points[b]).T) <= within
    return a[near], b[near]
