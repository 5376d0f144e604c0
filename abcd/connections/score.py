"""How well two things go together: the parts of product.md E.2, and nothing else."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from abcd.connections.records import Part
from abcd.core.language import _

Numbers = NDArray[np.float64]

WEIGHTS = {"T": 0.40, "D": 0.20, "A": 0.15, "F": 0.10, "B": 0.10, "Q": 0.05}
"""Theme, distance, times, fairness, bridging, quality of the records (our own judgement, product.md E.2)."""

HALF_MINUTES = 10.0

SAME_CATEGORY, SAME_THEME, SAME_GROUP = 1.0, 0.7, 0.3


def theme_match(one: tuple[str, str, str], other: tuple[str, str, str]) -> float:
    """1 for the same category, 0.7 for the same theme, 0.3 for the same group of categories, else 0.

    Each side is ``(category, theme, group)``; an empty word matches nothing.
    """
    levels = zip((SAME_CATEGORY, SAME_THEME, SAME_GROUP), one, other, strict=True)
    return next((value for value, ours, theirs in levels if ours and ours == theirs), 0.0)


def room_match(known: NDArray[np.int64]) -> Numbers:
    """1 when both the need and the room are on record, 0.7 when one is and the other is usual, 0.3 when both are."""
    return np.asarray(np.array([SAME_GROUP, SAME_THEME, SAME_CATEGORY])[known])


def decay(minutes: Numbers, half: float = HALF_MINUTES) -> Numbers:
    """``exp(-ln 2 * t / half)``: half at a walk of ten minutes, unless told otherwise."""
    return np.asarray(np.exp2(-minutes / half))


def overlap(needed: NDArray[np.int64], offered: NDArray[np.int64]) -> Numbers:
    """The share of the needed cells of the 7 x 3 grid that are offered: ``min(1, overlap / needed)``; 1 for no need."""
    cells = np.bitwise_count(needed)
    shared = np.bitwise_count(needed & offered)
    return np.asarray(np.divide(shared, cells, out=np.ones(np.shape(cells)), where=cells > 0))


def bridging(ours: Collection[object], theirs: Collection[object]) -> float | None:
    """1 - Jaccard of the groups each side already knows; None when neither is known to know any."""
    together = set(ours) | set(theirs)
    return 1 - len(set(ours) & set(theirs)) / len(together) if together else None


def part(letter: str, value: float, words: str, weight: float | None = None) -> Part:
    """One part of a score, with its weight: the usual one, when none is given."""
    names = {
        "T": _("Same theme"), "D": _("Near"), "A": _("Times fit"), "F": _("Fair share"), "B": _("New to each other"),
        "Q": _("Records are fresh"),
    }  # fmt: skip
    return Part(letter, names[letter], WEIGHTS[letter] if weight is None else weight, value, words)


def tier_name(tier: int) -> str:
    """The five tiers, community first (product.md E.2)."""
    return {
        1: _("Neighbours and informal groups"),
        2: _("Resident-led groups and associations"),
        3: _("Spaces and things residents can use"),
        4: _("Voluntary organisations and partners with paid staff"),
        5: _("Landlord and statutory services"),
    }[tier]
