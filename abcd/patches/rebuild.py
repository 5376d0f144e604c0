"""Mending what moving single blocks cannot: a patch that is off is thrown together with its neighbours and cut anew."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcd.patches.anneal import Heat, Play, Taste, anneal, tally_of, worth
from abcd.patches.feasible import Room
from abcd.patches.growing import named_within
from abcd.patches.net import Numbers, Places
from abcd.patches.split import Ground, split


@dataclass
class Draft:
    """A plan in the making: the patch of each block, and the sums of each patch. A patch may have been emptied.

    ``apart`` (n,) are the blocks of parts that no whole number of patches fits: nothing can mend those.
    """

    ground: Ground
    part: Places
    now: Places
    tally: Numbers
    apart: NDArray[np.bool_]

    @classmethod
    def of(cls, ground: Ground, part: Places, now: Places, apart: NDArray[np.bool_] | None = None) -> "Draft":
        """The draft of ``part`` (n,); ``now`` is the present patch of each block, -1 for none."""
        tally = tally_of(ground.stock, part, int(part.max(initial=-1)) + 1)
        return cls(ground, part, now, tally, np.zeros(len(part), dtype=bool) if apart is None else apart)

    def anneal(self, taste: Taste, steps: int, heat: Heat) -> None:
        """Move blocks across borders."""
        n, ground = len(self.part), self.ground
        scratch = np.zeros(n, np.int64), np.empty(n, np.int64)
        anneal(Play(ground.net, ground.stock, self.part, self.tally, self.now, taste, *scratch), steps, heat)

    def off(self, target: float) -> Numbers:
        """How far each patch is from the target, as a share of it; an emptied one, or one apart, is not off."""
        off = np.where(self.tally[:, 4] > 0, np.abs(self.tally[:, 0] - target) / target, 0.0)
        off[self.part[self.apart]] = 0.0
        return off

    def neighbours(self, patch: int) -> Places:
        """The patches that border on ``patch``."""
        net = self.ground.net
        inside = np.flatnonzero(self.part == patch)
        beside = np.concatenate([np.empty(0, np.int64), *(net.to[net.start[u] : net.start[u + 1]] for u in inside)])
        return np.setdiff1d(self.part[beside], [patch])

    def around(self, patch: int, count: int, rng: np.random.Generator) -> Places:
        """``patch`` and up to ``count - 1`` patches about it, found by going from neighbour to neighbour."""
        found, edge = [patch], set(self.neighbours(patch).tolist())
        while edge and len(found) < count:
            found.append(int(rng.choice(sorted(edge))))
            edge = (edge | set(self.neighbours(found[-1]).tolist())) - set(found)
        return np.array(found)

    def give(self, units: Places, patches: Places) -> None:
        """Put each of ``units`` into its patch of ``patches`` (one for each unit) and keep the sums right."""
        stock = self.ground.stock
        h, x, y = stock.weight[units], stock.x[units], stock.y[units]
        for column, value in enumerate((h, h * x, h * y, h * (x * x + y * y), np.ones(len(units)))):
            np.subtract.at(self.tally[:, column], self.part[units], value)
            np.add.at(self.tally[:, column], patches, value)
        self.part[units] = patches
        self.tally[self.tally[:, 4] < 0.5] = 0.0

    def named(self, count: int, patches: Places) -> Places:
        """``count`` patch numbers: those of ``patches``, and new ones where they are too few."""
        new = len(self.tally) + np.arange(max(0, count - len(patches)))
        self.tally = np.vstack([self.tally, np.zeros((len(new), self.tally.shape[1]))])
        return np.concatenate([patches, new])[:count]

    def cost(self, units: Places, patches: Places, taste: Taste) -> float:
        """What these patches cost by size and shape (the emptied ones nothing) and ``units`` by changing patch."""
        shape = sum(worth(self.tally[each], taste) for each in patches if self.tally[each, 4] > 0)
        moved = (self.now[units] >= 0) & (self.now[units] != self.part[units])
        return shape + taste.change * float(self.ground.stock.weight[units][moved].sum())


def worst_first(draft: Draft, taste: Taste, limit: float) -> list[int]:
    """The patches that are off by more than ``limit`` (a share of the target), the worst first."""
    off = draft.off(taste.target)
    return [int(each) for each in np.argsort(-off, kind="stable") if off[each] > limit]


def rebuild(draft: Draft, patches: Places, taste: Taste, room: Room) -> bool:
    """Cut the region of ``patches`` anew, into as many as suit it, and keep what costs less; whether anything did.

    The number may change: six patches that are all too large become seven.
    """
    units = np.flatnonzero(np.isin(draft.part, patches))
    count = room.nearest(float(draft.ground.stock.weight[units].sum()))
    pieces = list(split(draft.ground, units, count, room, tries=4))
    old, before = draft.part[units].copy(), draft.cost(units, patches, taste)
    names = draft.named(len(pieces), patches)
    draft.give(units, _alike(draft, units, pieces, names, keep=taste.change > 0))
    if draft.cost(units, np.union1d(patches, names), taste) < before - 1e-9:
        return True
    draft.give(units, old)
    return False


def _alike(draft: Draft, units: Places, pieces: list[Places], names: Places, *, keep: bool) -> Places:
    """The name of each of ``units``: any of ``names`` for a piece or, to ``keep`` change small, that of its past."""
    new = np.empty_like(draft.part)
    for patch, piece in zip(names, pieces, strict=True):
        new[piece] = patch
    if not keep:
        return new[units]
    past = np.where(np.isin(draft.now[units], names), draft.now[units], -1)
    return named_within(new[units], past, draft.ground.stock.weight[units], names)
