"""Which of the others may be suggested at all, and how well each goes with a wish: product.md E.2, and nothing else."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from abcd.connections.matching.others import Flags, Numbers, Others, Tongues, Whole, freshness, needs_mask
from abcd.connections.matching.records import UNKNOWN_GRID, Sought
from abcd.connections.score import bridging
from abcd.connections.weights import LETTERS, Weights

#: The filters by name, in the order of product.md E.2.
FILTERS = ("theme", "times", "walk", "language", "access", "open_to_new", "capacity", "please_not", "regulated")


@dataclass(frozen=True, repr=False)
class Asking:
    """The side that wishes, in figures: its languages and needs as bits, and what it was offered of late."""

    wish: Sought
    tongues: int
    needs: int
    quality: float
    recent: int
    knows: frozenset[UUID]


def overlap_hours(ours: int, theirs: Whole, hours_in_a_part: float) -> Numbers:
    """Hours a week that suit both; NaN where one side's are not known."""
    if ours == UNKNOWN_GRID:
        return np.full(len(theirs), np.nan)
    shared = np.bitwise_count(np.where(theirs == UNKNOWN_GRID, 0, theirs) & ours) * hours_in_a_part
    return np.where(theirs == UNKNOWN_GRID, np.nan, shared)


def times(wish: Sought, others: Others, weights: Weights) -> Numbers:
    """A: ``min(1, overlap_hours / needed_hours)``; one part of a day is needed when the wish does not say."""
    needed = wish.hours or weights.hours_in_a_part
    return np.minimum(1.0, overlap_hours(wish.grid, others.grid, weights.hours_in_a_part) / needed)


def nearness(minutes: Numbers, half: float) -> Numbers:
    """D: ``exp(-ln 2 * t / half)``; NaN where the walk is not known."""
    return np.asarray(np.exp2(-minutes / half))


def fairness(recent: int, theirs: Whole) -> Numbers:
    """F: ``1 / (1 + introductions offered in the last days)`` for the side that was offered fewer."""
    return np.asarray(1 / (1 + np.minimum(recent, theirs)))


def bridges(asking: Asking, others: Others) -> Numbers:
    """B: 1 - Jaccard of whom the two sides know; NaN where neither is known to know any, or nobody wants to know."""
    found = np.full(len(others), np.nan)
    if asking.wish.wants_alike:
        return found
    if asking.knows:
        found[:] = 1.0
    for at in np.flatnonzero(others.knows != None):  # noqa: E711 - element by element
        value = bridging(asking.knows, others.knows[at])
        found[at] = np.nan if value is None else value
    return found


def parts(asking: Asking, others: Others, weights: Weights) -> dict[str, Numbers]:
    """The parts of the score by letter, NaN where not known."""
    return {
        "T": others.level,
        "D": nearness(others.minutes, weights.half_minutes),
        "A": times(asking.wish, others, weights),
        "F": fairness(asking.recent, others.recent),
        "B": bridges(asking, others),
        "Q": np.minimum(asking.quality, others.quality),
    }


def scores(values: dict[str, Numbers], weights: Weights) -> Numbers:
    """The weighted mean of the parts that are known, 0-1: with all six it is the sum of product.md E.2."""
    total = np.zeros(len(values["T"]))
    weight = np.zeros(len(values["T"]))
    for letter in LETTERS:
        known = ~np.isnan(values[letter])
        total += weights.of(letter) * np.where(known, values[letter], 0.0)
        weight += weights.of(letter) * known
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)


def passed(asking: Asking, others: Others, fit: Numbers, weights: Weights) -> dict[str, Flags]:
    """Each hard filter by name: who passes it. ``fit`` is A.

    Unknown times, an unknown place and an unknown longest walk pass and are told; an access need passes by a known yes
    alone.
    """
    wish = asking.wish
    ours = weights.furthest_minutes if wish.max_walk is None else wish.max_walk
    theirs = np.where(np.isinf(others.max_walk), weights.furthest_minutes, others.max_walk)
    with np.errstate(invalid="ignore"):
        return {
            "theme": others.level > 0,
            "times": np.isnan(fit) | ((fit >= weights.times_met) & (fit > 0)),
            "walk": np.isnan(others.minutes) | (others.minutes <= np.minimum(ours, theirs)),
            "language": (others.tongues & asking.tongues) != 0,
            "access": (others.meets & asking.needs) == asking.needs,
            "open_to_new": others.is_open,
            "capacity": others.open_now < weights.most_open,
            "please_not": others.is_wanted,
            "regulated": others.is_cleared,
        }


@dataclass(frozen=True)
class Weighed:
    """Every one of the others with its parts, its score, and whether it may be suggested."""

    values: dict[str, Numbers]
    scores: Numbers
    may: Flags

    def best_first(self, tiers: Whole) -> NDArray[np.intp]:
        """Positions of those that may be suggested: tier by tier, the best of a tier first."""
        at = np.flatnonzero(self.may)
        return at[np.lexsort((-self.scores[at], tiers[at]))]


def weigh(asking: Asking, others: Others, weights: Weights) -> Weighed:
    """Filter, weigh, and hold back what is below the least score."""
    values = parts(asking, others, weights)
    filters = passed(asking, others, values["A"], weights)
    found = scores(values, weights)
    may = np.logical_and.reduce(list(filters.values())) & (found >= weights.least)
    return Weighed(values, found, may)


def asking_side(
    wish: Sought, tongues: Tongues, on: date, *, recent: int = 0, knows: frozenset[UUID] = frozenset()
) -> Asking:
    """The side that wishes, in figures."""
    quality = freshness("resident" if wish.person_id else "group", wish.confirmed_on, on)
    return Asking(wish, tongues.mask(wish.languages), needs_mask(wish.needs), quality, recent, knows)
