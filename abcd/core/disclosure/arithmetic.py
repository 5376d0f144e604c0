"""How a count of people is shown, and which counts a shown figure may stand for.

A count of 0-9 is masked, every other is rounded to the nearest 5; whole and parts are each rounded on their own, from
the unrounded data, so that they need not add up (trust.md P4, product.md C.3).
"""

from typing import NamedTuple

THRESHOLD = 10
"""Counts below this are masked; zero too, so that nothing sensitive is told by its absence."""

BASE = 5
"""All other counts are rounded to the nearest multiple."""

LEAST_CHOICE = 3
"""Whoever knows everything that was ever shown must be left with at least so many possible counts (trust.md P6)."""

HALF = BASE // 2


class Interval(NamedTuple):
    """The whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int

    @property
    def choice(self) -> int:
        """How many numbers that are; none when ``high`` is below ``low``."""
        return max(0, self.high - self.low + 1)

    def within(self, other: "Interval") -> "Interval":
        """The numbers that are in both."""
        return Interval(max(self.low, other.low), min(self.high, other.high))


def rounded(count: int) -> int | None:
    """A count as it may leave: to the nearest 5, or ``None`` when it is masked.

    Raises:
        ValueError: there is no such number of people.
    """
    if count < 0:
        raise ValueError("a count of people is not negative")
    if count < THRESHOLD:
        return None
    return (count + HALF) // BASE * BASE


def possible(shown: int | None) -> Interval:
    """The counts that a shown figure may stand for; of a masked one (``None``) 0-9.

    Raises:
        ValueError: no count is ever shown so.
    """
    if shown is None:
        return Interval(0, THRESHOLD - 1)
    if shown < THRESHOLD or shown % BASE:
        raise ValueError("no count of people is shown so")
    return Interval(max(THRESHOLD, shown - HALF), shown + HALF)


def percentage(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in whole percent, from unrounded counts, half upwards; ``None`` below the threshold.

    Raises:
        ValueError: the part is no part of the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError("the part is no part of the whole")
    if whole < THRESHOLD:
        return None
    return (200 * part + whole) // (2 * whole)


def mean(total: int, number: int) -> int | None:
    """The mean of ``number`` people's values that add up to ``total``, as a whole number; ``None`` below the threshold.

    Raises:
        ValueError: there is no such number of people.
    """
    if number < 0:
        raise ValueError("a count of people is not negative")
    if number < THRESHOLD:
        return None
    return (2 * total + number) // (2 * number)
