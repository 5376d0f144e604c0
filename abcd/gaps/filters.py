"""There, but not usable: how coverage falls when only what is known to meet one need counts (product.md D.2, 2)."""

import numpy as np

from abcd.gaps.ground import Ground
from abcd.gaps.needs import NEEDS, SPEAKS, meets
from abcd.gaps.records import Filtered, Standard

USUAL = "en"
"""The language that everything is taken to be held in, so that nobody asks for it."""


def filtered_of(ground: Ground, standard: Standard) -> tuple[Filtered, ...]:
    """Coverage of one category under each need alone, and under each language that something near is held in."""
    rows, near = ground.found[standard.category].rows, ground.near(standard)
    every = ground.share(np.asarray(near.any(axis=1)))
    if every is None or not rows:
        return ()
    tongues = sorted({code for row in rows for code in row.languages or () if code != USUAL})
    found = []
    for need in (*NEEDS, *(f"{SPEAKS}{code}" for code in tongues)):
        usable = np.array([meets(row, (need,)) for row in rows], dtype=bool)
        share = ground.share(np.asarray(near[:, usable].any(axis=1))) or 0.0
        reached = near.any(axis=0) | ground.found[standard.category].serving
        found.append(Filtered(need, int((usable & reached).sum()), share, every - share))
    return tuple(found)
