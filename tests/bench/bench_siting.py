"""Where one more would reach most homes: ours against spopt's maximal covering (CBC), on the same matrix of walks.

The demand is what the sizes say: points with households in a town of 4 by 4 km, 500 candidate sites, walks 1.3 times
the straight line, thresholds of 400 and 800 metres, one to five sites. ``at_once_s`` is greedy and
swap, ``gap`` how far it stays below the optimum, ``ours_s`` the proof.
"""

import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pulp
from spopt.locate import MCLP

from abcd.gaps.siting.covering import Cover, at_once, collapsed
from abcd.gaps.siting.proving import best

SIZES = [1_942]
SITES, WIDE, DETOUR = 500, 4_000.0, 1.3
LIMITS = (400.0, 800.0)
#: spopt takes seconds to minutes each.
PEER_COUNTS = (2, 3, 5)


def a_town(size: int, seed: int = 1) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Metres on foot (homes, sites) and the households of each home."""
    rng = np.random.default_rng(seed)
    homes = rng.random((size, 2)) * WIDE
    sites = homes[rng.choice(size, SITES, replace=False)]
    return DETOUR * np.hypot(*(homes[:, None] - sites[None]).T).T, rng.integers(80, 180, size).astype(float)


def rows(size: int) -> Iterator[dict[str, Any]]:
    """A row for each threshold and number of sites."""
    costs, households = a_town(size)
    best(Cover(costs <= 300.0, households), 2)  # libraries are loaded before the clock starts
    for limit in LIMITS:
        cover = Cover(costs <= limit, households)
        for count in range(1, 6):
            ours = _ours(cover, count)
            peer = _spopt(costs, households, limit, count) if count in PEER_COUNTS else {}
            yield {"name": "siting", "size": size, "limit_m": limit, "sites": count, **ours, **peer}


def _ours(cover: Cover, count: int) -> dict[str, Any]:
    start = time.perf_counter()
    quick = at_once(collapsed(cover), count)
    between = time.perf_counter()
    proven = best(cover, count, seconds=60)
    return {
        "at_once_s": round(between - start, 4), "gap": round(1 - quick.weight / proven.weight, 6),
        "ours_s": round(time.perf_counter() - between, 3), "is_proven": proven.is_proven, "households": proven.weight,
    }  # fmt: skip


def _spopt(costs: np.ndarray[Any, Any], households: np.ndarray[Any, Any], limit: float, count: int) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        start = time.perf_counter()
        theirs = MCLP.from_cost_matrix(costs, households, limit, count).solve(pulp.PULP_CBC_CMD(msg=False))
        seconds = time.perf_counter() - start
    return {"peer": "spopt", "peer_s": round(seconds, 3), "peer_households": pulp.value(theirs.problem.objective)}
