"""The homes of a place in blocks: what patches are drawn on, moved about and measured with."""

from collections import Counter
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np

from abcd.core.language import _
from abcd.gaps.walk import WalkModel
from abcd.patches.net import Net, Numbers, Places, Shapes, Stock

Spot = tuple[float, float]
"""Easting and northing in metres."""

FINEST = ("dwellings", "streets", "areas")
"""Where blocks may come from, the finest first."""


def source_words(finest: str) -> str:
    """What the blocks of a plan are, in words."""
    return {
        "dwellings": _("homes of the stock list, in blocks of up to ten along a street"),
        "streets": _("households of small areas spread along their streets, in blocks of up to ten"),
        "areas": _("small census areas with their households"),
    }[finest]


@dataclass(frozen=True)
class Way:
    """A crossing of a hard barrier, as a link that might be allowed: ``here`` and ``there`` are blocks on its sides."""

    crossing_id: UUID
    name: str
    barrier: str
    here: int
    there: int
    metres: float


@dataclass(frozen=True)
class Around:
    """What lies about the blocks today: the way to walk, where the coach starts from, groups and venues near each.

    Attributes:
        walk: the way to walk; ``None`` measures along the links between blocks.
        base: where the coach starts from, or ``None``.
        base_name: what that is called.
        to_base: metres on foot from each block to the base, (n,), or ``None``.
        groups: groups of people nearest to each block, (n,).
        venues: places to meet nearest to each block, (n,).
    """

    walk: WalkModel | None = None
    base: Spot | None = None
    base_name: str = ""
    to_base: Numbers | None = None
    groups: Places | None = None
    venues: Places | None = None


@dataclass(frozen=True)
class Homes:
    """The homes of a place, in n blocks.

    Attributes:
        finest: what the blocks are made of, one of ``FINEST``.
        called: the name of the street or area of each block, ``""`` for none.
        members: what each block holds: references of dwellings, or the id of its small area.
        households: households of each block, (n,).
        stock: what each weighs for a coach (households times workload), and its middle.
        net: which blocks are neighbours.
        shapes: the land of each block in EPSG:27700, (n,); no two overlap.
        middle: easting and northing from which ``stock`` is measured.
        street: number of the street of each block, (n,), -1 for none.
        walled: pairs of neighbours (m, 2) that a hard barrier parts: no link joins them.
        ways: crossings of hard barriers between blocks.
        reach: metres on foot within which blocks are neighbours.
        over: crossings whose links somebody allowed.
        around: what lies about them.
    """

    finest: str
    called: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    households: Numbers
    stock: Stock
    net: Net
    shapes: Shapes
    middle: Spot
    street: Places
    walled: Places
    ways: tuple[Way, ...] = ()
    reach: float = 0.0
    over: tuple[UUID, ...] = ()
    around: Around = field(default_factory=Around)

    @property
    def names(self) -> tuple[str, ...]:
        """What each block is called, in the reader's language: its street and, where that has several, which of them.

        Nothing of it is stored, or a plan would speak the language of whoever drew it.
        """
        named = [name or _("Block") for name in self.called]
        total, seen, several = Counter(named), Counter[str](), _("{street}, part {n}")
        told = []
        for name in named:
            seen[name] += 1
            told.append(several.format(street=name, n=seen[name]) if total[name] > 1 else name)
        return tuple(told)

    @property
    def points(self) -> Numbers:
        """The middle of each block, (n, 2), metres in EPSG:27700."""
        return np.column_stack([self.stock.x + self.middle[0], self.stock.y + self.middle[1]])

    def seen(self, around: Around) -> "Homes":
        """The same homes with what lies about them."""
        return replace(self, around=around)
