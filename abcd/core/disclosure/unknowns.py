"""What an attacker does not know, as whole numbers under linear conditions.

The unknown numbers are, for each area and category: the people counted; those of an area that lie in none of the areas
within it; and those of an area who are not of the category. The conditions are that whole and parts add up, and that
each published figure stands for the counts that round to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from abcd.core.disclosure.arithmetic import Interval
from abcd.core.disclosure.cube import TOTAL, Dimension, Key, Parents
from abcd.core.disclosure.nesting import Area, upwards

Intervals = Mapping[Key, Interval]
Row = list[tuple["Unknown", int]]
Group = tuple[str, list[str]]
Condition = tuple[Row, int | None, int | None]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Unknown:
    """A number of people: in ``area``, of ``category``.

    ``rest``: only those who are in none of the areas within. ``other``: those who are *not* of the category, or, of an
    exclusive dimension named by ``category``, of none of its published categories.
    """

    area: Area
    category: str
    rest: bool = False
    other: bool = False


@dataclass(frozen=True)
class Share:
    """A published percentage: those of ``category`` among all of ``area``."""

    area: Area
    category: str
    percent: int


@dataclass(frozen=True)
class System:
    """``low <= x <= high`` and ``least <= matrix @ x <= most`` in whole numbers.

    Each row of ``moves`` is a change of ``x`` that leaves ``matrix @ x`` as it is: one more person somewhere, or one
    who is of a category instead of none. They find worlds near a known one without a program. There are none where
    percentages were published.
    """

    unknowns: tuple[Unknown, ...]
    low: Numbers
    high: Numbers
    matrix: csr_array
    least: Numbers
    most: Numbers
    moves: csr_array


def system(
    parents: Parents, dimensions: Sequence[Dimension], intervals: Intervals, shares: Sequence[Share] = ()
) -> System:
    """All that is known from published figures.

    Args:
        parents: the areas, nested.
        dimensions: how categories hang together; a category without a figure says nothing and is left out.
        intervals: what each published figure may stand for.
        shares: published percentages.
    """
    told = {category for _area, category in intervals} | {share.category for share in shares} | {TOTAL}
    sums = (*_areas_add_up(parents, told), *_categories_add_up(parents, dimensions, told))
    rows: list[Condition] = [
        *((row, 0, 0) for row in sums),
        *(row for share in shares for row in _rounded_share(share)),
    ]
    named = [*(Unknown(*key) for key in intervals), *(one for row, *_ in rows for one, _ in row)]
    unknowns = tuple(dict.fromkeys(named))
    at = {one: place for place, one in enumerate(unknowns)}
    low, high = np.zeros(len(unknowns)), np.full(len(unknowns), float(_cap(intervals)))
    for key, interval in intervals.items():
        low[at[Unknown(*key)]], high[at[Unknown(*key)]] = interval
    moves = [] if shares else list(_moves(parents, list(_groups(dimensions, told)), at))
    return System(unknowns, low, high, _matrix([row for row, *_ in rows], at), *_sides(rows), _matrix(moves, at))


def _cap(intervals: Intervals) -> int:
    """More people than there could be in any sum of the figures, so that what is not bounded is wide and finite."""
    return 100 + 2 * sum(interval.high for interval in intervals.values())


def _areas_add_up(parents: Parents, categories: set[str]) -> Iterator[Row]:
    """What lies in an area: each area within it, and the rest."""
    for area in parents:
        inner = [one for one, parent in parents.items() if parent == area]
        for category in sorted(categories) if inner else ():
            parts = [Unknown(area, category, rest=True), *(Unknown(one, category) for one in inner)]
            yield [(Unknown(area, category), 1), *((part, -1) for part in parts)]


def _categories_add_up(parents: Parents, dimensions: Sequence[Dimension], told: set[str]) -> Iterator[Row]:
    """Who is in an area: those of a category and the others; of an exclusive dimension all its categories at once."""
    holding = {parent for parent in parents.values() if parent is not None}
    for group, categories in _groups(dimensions, told):
        for area in parents:
            for rest in (False, True) if area in holding else (False,):
                parts = [Unknown(area, category, rest) for category in categories]
                parts.append(Unknown(area, group, rest, other=True))
                yield [(Unknown(area, TOTAL, rest), 1), *((part, -1) for part in parts)]


def _groups(dimensions: Sequence[Dimension], told: set[str]) -> Iterator[Group]:
    for dimension in dimensions:
        categories = [category for category in dimension.categories if category in told]
        if dimension.exclusive and categories:
            yield dimension.name, categories
        elif not dimension.exclusive:
            yield from ((category, [category]) for category in categories)


def _rounded_share(share: Share) -> Iterator[Condition]:
    """``percent - 1/2 <= 100 part / whole < percent + 1/2``, doubled so that all of it is whole numbers."""
    part, whole = Unknown(share.area, share.category), Unknown(share.area, TOTAL)
    yield [(part, 200), (whole, 1 - 2 * share.percent)], 0, None
    yield [(part, 200), (whole, -1 - 2 * share.percent)], None, -1


def _moves(parents: Parents, groups: Sequence[Group], at: Mapping[Unknown, int]) -> Iterator[Row]:
    """One more person in an area and in none within it, of no category or of one; and one who is of that after all."""
    holding = {parent for parent in parents.values() if parent is not None}
    for area in parents:
        rest = area in holding
        nobody = dict(_person(parents, area, rest, groups, None))
        for category in (None, *(one for _name, categories in groups for one in categories)):
            person = dict(_person(parents, area, rest, groups, category))
            yield [(one, 1) for one in person if one in at]
            changed = [(one, person.get(one, 0) - nobody.get(one, 0)) for one in {**person, **nobody} if one in at]
            if category is not None:
                yield [(one, by) for one, by in changed if by]


def _person(
    parents: Parents, area: Area, rest: bool, groups: Sequence[Group], category: str | None
) -> Iterator[tuple[Unknown, int]]:
    """The numbers that count somebody of ``category`` (of none: ``None``), each by one."""
    counted = [(one, False) for one in (TOTAL, category) if one is not None]
    counted += [(name, True) for name, categories in groups if category not in categories]
    where = [(area, True)] * rest + [(one, False) for one in upwards(parents, area)]
    yield from ((Unknown(one, name, inner, other), 1) for one, inner in where for name, other in counted)


def _matrix(rows: Sequence[Row], at: Mapping[Unknown, int]) -> csr_array:
    filled = [(number, at[one], factor) for number, row in enumerate(rows) for one, factor in row]
    lines, columns, factors = zip(*filled, strict=True) if filled else ((), (), ())
    return csr_array((np.array(factors, float), (lines, columns)), shape=(len(rows), len(at)))


def _sides(rows: Sequence[Condition]) -> tuple[Numbers, Numbers]:
    least = np.array([-np.inf if low is None else low for _row, low, _ in rows], float)
    most = np.array([np.inf if high is None else high for _row, _, high in rows], float)
    return least, most
