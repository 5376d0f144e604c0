"""The best choice of sites with its proof, by HiGHS: maximal covering as a mixed-integer program (product.md D.5).

Maximise ``sum a_i x_i`` with ``x_i <= sum of y_j over the sites j that reach i``, ``sum y_j <= p`` and whole ``y``. Its
linear relaxation (``y`` between 0 and 1) is mostly whole already, and then proves the answer that was found at once.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from abcd.gaps.formulas import Numbers
from abcd.gaps.siting.covering import SAME, Cover, Layout, Which, Whole, at_once, collapsed, preferred, weight_of

SECONDS = 2.0
"""How long a proof may take before the answer at once is given, and said to be no more than that."""

EXACT = 1e-7
"""The solver's sums hold to about this share."""


def best(cover: Cover, sites: int, seconds: float = SECONDS) -> Layout:
    """The ``sites`` that cover most, proven unless ``seconds`` ran out."""
    return _proven(collapsed(cover), sites, seconds)


def curve(cover: Cover, most: int = 5, seconds: float = SECONDS) -> list[Layout]:
    """The best 1, 2 … ``most`` sites; shorter when fewer already cover all that any site can.

    ``seconds`` are for all of it together.
    """
    small, until = collapsed(cover), time.monotonic() + seconds
    found: list[Layout] = []
    while len(found) < most:
        layout = _proven(small, len(found) + 1, until - time.monotonic())
        if len(layout.sites) <= len(found):
            break
        found.append(layout)
    return found


def _proven(cover: Cover, sites: int, seconds: float) -> Layout:
    quick, until = at_once(cover, sites), time.monotonic() + seconds
    if quick.is_proven:
        return quick
    if sites == 1:
        return Layout(quick.sites, quick.weight, quick.weight, is_proven=True)
    relaxed = _relaxed(cover, sites, seconds)
    if relaxed is None:
        return quick
    bound, worth = relaxed
    quick = replace(quick, bound=min(quick.bound, bound))
    if bound <= quick.weight * (1 + EXACT):
        return replace(quick, bound=quick.weight, is_proven=True)
    # A site whose reduced cost is more than there is left to gain is in no better choice.
    kept = np.flatnonzero(bound - worth >= quick.weight - SAME)
    return _solved(cover, kept, sites, quick, until - time.monotonic())


def _rows(reach: Which, sites: int) -> tuple[Any, Numbers]:
    """The conditions as a matrix over ``[y, x]``, and what each row may not exceed."""
    homes, places = reach.shape
    near = sparse.hstack([sparse.csr_array(-reach.astype(float)), sparse.eye_array(homes)])
    so_many = sparse.csr_array(np.r_[np.ones(places), np.zeros(homes)][None, :])
    return sparse.vstack([near, so_many], format="csr"), np.r_[np.zeros(homes), float(sites)]


def _relaxed(cover: Cover, sites: int, seconds: float) -> tuple[float, Numbers] | None:
    """The bound of the relaxation and what is lost by taking each site into it, (sites,); None when time ran out."""
    places = cover.reach.shape[1]
    if seconds <= 0:
        return None
    rows, most = _rows(cover.reach, sites)
    gain = np.r_[np.zeros(places), -cover.weight]
    told = linprog(gain, A_ub=rows, b_ub=most, bounds=(0, 1), method="highs-ipm", options={"time_limit": seconds})
    if told.status != 0 or told.fun is None:
        return None
    return -float(told.fun), np.asarray(told.lower.marginals[:places])


def _solved(cover: Cover, kept: Whole, sites: int, quick: Layout, seconds: float) -> Layout:
    """The program itself over the sites that are ``kept``; ``quick`` where it ends without anything better."""
    if seconds <= 0:
        return quick
    small = collapsed(Cover(cover.reach[:, kept], cover.weight))
    homes = len(small.weight)
    rows, most = _rows(small.reach, sites)
    told = milp(
        np.r_[np.zeros(len(kept)), -small.weight],
        integrality=np.r_[np.ones(len(kept)), np.zeros(homes)],
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, ub=most),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    chosen = () if told.x is None else tuple(int(j) for j in kept[told.x[: len(kept)] > 1 / 2])
    found = weight_of(cover, chosen)
    if found <= quick.weight + SAME:
        return replace(quick, bound=quick.weight if told.status == 0 else quick.bound, is_proven=told.status == 0)
    sited = tuple(preferred(cover, chosen))
    return Layout(sited, found, found if told.status == 0 else quick.bound, is_proven=told.status == 0)
