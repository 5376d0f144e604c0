"""A region into so many connected patches, by cutting it in two again and again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from abcd.patches.cuts import OUT, Side, Wanted, cut_by_distance, cut_by_tree
from abcd.patches.feasible import Room
from abcd.patches.net import Net, Places, Stock

#: Above this many blocks a region is cut by distance alone unless that fails: trees look at shape only by chance.
LARGE = 2_000


@dataclass
class Ground:
    """The blocks, their links and the marks that tell one region from another while it is being cut."""

    stock: Stock
    net: Net
    label: Places = field(init=False)
    tag: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.label = np.full(len(self.stock.weight), -1, dtype=np.int64)

    def mark(self, units: Places) -> int:
        """Mark ``units`` as the region to be cut; returns the mark."""
        self.tag += 1
        self.label[units] = self.tag
        return self.tag


def cut(ground: Ground, units: Places, wanted: Wanted, tries: int) -> Side:
    """0 or 1 for each of ``units``: the best cut found, by distance first, by trees where that does not do."""
    tag = ground.mark(units)
    cost, side = cut_by_distance(ground.net, ground.stock, ground.label, tag, units, wanted, tries)
    if cost >= OUT * 1e-6 or len(units) < LARGE:
        by_tree, other = cut_by_tree(ground.net, ground.stock, ground.label, tag, units, wanted, tries)
        cost, side = (by_tree, other) if by_tree < cost else (cost, side)
    if not np.isfinite(cost):
        raise ValueError("A region to be cut must be connected.")
    return side


def split(ground: Ground, units: Places, count: int, room: Room, tries: int = 12) -> Iterator[Places]:
    """The blocks of each of ``count`` connected patches that ``units`` (connected) are cut into.

    A region of fewer blocks than patches gives one patch a block.
    """
    waiting = [(units, count)]
    while waiting:
        region, number = waiting.pop()
        if number == 1 or len(region) == 1:
            yield region
            continue
        first = number // 2
        side = cut(ground, region, Wanted(first, number - first, room.target, room.tolerance), tries)
        waiting += [(region[side == 0], first), (region[side == 1], number - first)]
