"""The cells of a release: fixed nested areas by fixed categories, each counted and rounded on its own.

Every count is of different people: in an area, of a category. A person of an area belongs to everything that holds it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from abcd.core.disclosure.arithmetic import rounded
from abcd.core.disclosure.nesting import Area, upwards

Key = tuple[Area, str]
"""A cell: the area and the category."""

Parents = Mapping[Area, Area | None]
Cells = Mapping[Key, int | None]
"""Published figures: a multiple of 5, ``None`` where masked; what was not published is not in it."""

TOTAL = "residents"
"""The category of everybody."""


@dataclass(frozen=True)
class Dimension:
    """What people are told apart by. ``exclusive``: nobody is of two of its categories, as of two languages."""

    name: str
    categories: tuple[str, ...]
    exclusive: bool = False


@dataclass(frozen=True)
class Plan:
    """Which cells a release shows: ``shows(depth, category)``, where the outermost area has depth 0."""

    name: str
    shows: Callable[[int, str], bool]


#: From the fullest to the barest. The first that withstands the attack is taken, the same for all areas: to leave out
#: single cells would tell about those.
PLANS = (
    Plan("everything", lambda _depth, _category: True),
    Plan("categories outside", lambda depth, category: depth <= 1 or category == TOTAL),
    Plan("two levels", lambda depth, _category: depth <= 1),
    Plan("residents of two levels", lambda depth, category: depth == 0 or (depth == 1 and category == TOTAL)),
    Plan("one level", lambda depth, category: depth == 1 and category == TOTAL),
    Plan("the whole", lambda depth, category: depth == 0 and category == TOTAL),
)


def published(
    counts: Mapping[Key, int], parents: Parents, categories: Iterable[str], plan: Plan
) -> dict[Key, int | None]:
    """The cells that ``plan`` shows, each rounded from its own unrounded sum.

    Args:
        counts: how many people belong to an area itself, by category; nothing stands for nobody.
        parents: the areas, each with the one that holds it.
    """
    sums = summed(counts, parents)
    depths = {area: len(upwards(parents, area)) - 1 for area in parents}
    return {
        (area, category): rounded(sums.get((area, category), 0))
        for category in categories
        for area in parents
        if plan.shows(depths[area], category)
    }


def summed(counts: Mapping[Key, int], parents: Parents) -> dict[Key, int]:
    """The unrounded counts of each area with all that lies in it."""
    sums: dict[Key, int] = {}
    for (area, category), count in counts.items():
        for holder in upwards(parents, area):
            sums[holder, category] = sums.get((holder, category), 0) + count
    return sums
