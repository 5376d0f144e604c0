"""Figures of introductions as they may be shown: raw inside casework, small numbers protected for everybody else.

The protection is ``core.disclosure``'s own: counts below 10 are masked and others rounded to 5; a percentage needs that
many on both of its sides, and its interval is worked out from what is shown, so that it tells nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from abcd.core.disclosure.arithmetic import percentage, rounded

LEVEL = 0.95
"""Of the intervals."""


@dataclass(frozen=True)
class Share:
    """So much of a whole in whole percent, with the ends of its Wilson interval; ``percent`` none when masked.

    ``part`` and ``whole`` are none where they may not be shown.
    """

    percent: int | None
    low: int | None = None
    high: int | None = None
    part: int | None = None
    whole: int | None = None


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share (Wilson 1927), as fractions.

    Raises:
        ValueError: the part is no part of the whole, or there is nothing.
    """
    interval = binomtest(part, whole).proportion_ci(LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def share(part: int, whole: int, *, protect: bool) -> Share:
    """``part`` of ``whole`` as it may be shown."""
    if protect:
        return _protected(part, whole)
    if whole == 0:
        return Share(None, part=0, whole=0)
    return Share(round(100 * part / whole), *_ends(part, whole), part, whole)


def _protected(part: int, whole: int) -> Share:
    shown, of = rounded(part), rounded(whole)
    if shown is None or of is None or rounded(whole - part) is None:
        return Share(None)
    return Share(percentage(part, whole), *_ends(min(shown, of), of))


def _ends(part: int, whole: int) -> tuple[int, int]:
    low, high = wilson(part, whole)
    return round(100 * low), round(100 * high)


def count(number: int, *, protect: bool) -> int | None:
    """A count of people as it may be shown; none when it is masked."""
    return rounded(number) if protect else number


def per_hundred(number: int | None, homes: int | None) -> float | None:
    """So many to each hundred homes, of a number as it is shown."""
    return None if number is None or not homes else round(100 * number / homes, 1)


def median(values: Sequence[int], *, protect: bool) -> int | None:
    """The median as a whole number; none for nothing, and where it may not be shown."""
    if not values or (protect and rounded(len(values)) is None):
        return None
    return round(float(np.median(values)))


def gini(counts: Sequence[int]) -> float | None:
    """How unevenly something is spread over people: 0 the same for each, near 1 all for one; none for nothing.

    ``sum((2 i - n - 1) x_i) / (n sum x)`` over the sorted values (Dixon and others 1987).
    """
    values = np.sort(np.asarray(counts, dtype=float))
    if not len(values) or values.sum() == 0:
        return None
    ranks = 2 * np.arange(1, len(values) + 1) - len(values) - 1
    return float((ranks * values).sum() / (len(values) * values.sum()))


def spread(counts: Sequence[int], *, protect: bool) -> float | None:
    """``gini`` as it may be shown: to two places, to one where small numbers are protected."""
    found = gini(counts)
    if found is None or (protect and rounded(sum(1 for one in counts if one)) is None):
        return None
    return round(found, 1 if protect else 2)
