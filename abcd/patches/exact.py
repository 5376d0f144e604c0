"""Whether a small part of the stock can be shared out at all: every way is tried, what cannot end well is left out.

Sums alone do not tell: blocks may add up to whole patches, but not in one piece each. Sets of blocks are bits of one
number here, so that joining, taking away and asking what borders on what are single operations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from abcd.patches.feasible import Room, are_whole, sums_between
from abcd.patches.net import Net, Places, Stock, tails

#: Sets of blocks that are looked at before the search gives up, which takes about a fifth of a second.
LOOKED = 3_000
#: The search is begun for parts of at most so many patches and blocks: in larger ones there is nearly always a way,
#: and no time to try them all.
PATCHES, BLOCKS = 6, 150


class Undecided(Exception):  # noqa: N818 - nothing went wrong: the answer is that nobody knows
    """The search was given up before every way was tried."""


@dataclass
class Search:
    """One search among blocks counted from 0, where low numbers lie at one end of the part.

    Attributes:
        weight: households of each block.
        beside: the neighbours of each block.
        least, most: what a patch may hold.
        left: how many more sets are looked at.
        hopeless: sets that are known to have no way.
    """

    weight: tuple[float, ...]
    beside: tuple[int, ...]
    least: float
    most: float
    left: int = LOOKED
    hopeless: set[int] = field(default_factory=set)

    def shared(self, free: int) -> list[int] | None:
        """The set ``free``, shared out piece by piece into patches; ``None`` when there is no way.

        Raises:
            Undecided: there were too many ways to try them all.
        """
        pieces, found = sorted(self.pieces(free), key=int.bit_count), list[int]()
        if not all(map(self.may_share, pieces)):
            return None
        for piece in pieces:
            if (part := self.whole(piece)) is None:
                return None
            found += part
        return found

    def whole(self, piece: int) -> list[int] | None:
        """The same for a connected set: its first block belongs to some patch, and what that leaves is shared out."""
        first = piece & -piece
        for patch in self.patches(first, 0, piece):
            if (others := self.shared(piece & ~patch)) is not None:
                return [patch, *others]
        self.hopeless.add(piece)
        return None

    def patches(self, one: int, shut: int, free: int) -> Iterator[int]:
        """The connected sets of ``free`` with all of ``one`` and nothing of ``shut`` that may be a patch, once each."""
        one |= self.cut_off(one, free)
        if one & shut or self.sum(one) > self.most:
            return
        if self.sum(one) >= self.least:
            yield one
        near = self.around(one) & free & ~one & ~shut
        while near and self.may_grow(one, shut, free):
            chosen = near & -near
            yield from self.patches(one | chosen, shut, free)
            shut, near = shut | chosen, near & ~chosen

    def cut_off(self, one: int, free: int) -> int:
        """What ``one`` cuts off from the rest and is too little for a patch, so that it must belong to ``one``."""
        small = (piece for piece in self.pieces(free & ~one) if self.sum(piece) < self.least)
        return sum(small)

    def may_grow(self, one: int, shut: int, free: int) -> bool:
        """Whether ``one`` may become a patch without ``shut`` and leave the others what they need, for all that sums
        tell.

        Raises:
            Undecided: this was asked too often.
        """
        self.left -= 1
        if self.left < 0:
            raise Undecided
        reach, held = self.grown(one, free & ~shut) & ~one, self.sum(one)
        if not sums_between([self.weight[u] for u in bits(reach)], self.least - held, self.most - held):
            return False
        beyond = self.around(reach)
        return all(self.may_share(piece) for piece in self.pieces(free & ~one & ~reach) if not piece & beyond)

    def may_share(self, piece: int) -> bool:
        """Whether some number of patches fits the sum of ``piece``."""
        held = self.sum(piece)
        return held // self.least * self.most >= held and piece not in self.hopeless

    def sum(self, some: int) -> float:
        """Households of a set."""
        return sum(self.weight[u] for u in bits(some))

    def around(self, some: int) -> int:
        """All blocks that border on one of a set."""
        found = 0
        for u in bits(some):
            found |= self.beside[u]
        return found

    def grown(self, one: int, free: int) -> int:
        """``one`` and all of ``free`` that can be reached from it there."""
        edge = one
        while edge:
            edge = self.around(edge) & free & ~one
            one |= edge
        return one

    def pieces(self, some: int) -> Iterator[int]:
        """The connected pieces of a set."""
        while some:
            piece = self.grown(some & -some, some)
            yield piece
            some &= ~piece


def bits(some: int) -> Iterator[int]:
    """The blocks of a set."""
    while some:
        low = some & -some
        yield low.bit_length() - 1
        some ^= low


def shared_out(stock: Stock, net: Net, room: Room) -> Places | None:
    """The patch of each block (n,) of a connected stock, all within the tolerance; ``None`` when there is no way.

    Raises:
        Undecided: it is too large, or there were too many ways to try them all.
    """
    n, held = len(stock.weight), float(stock.weight.sum())
    if n > BLOCKS or (room.fitting(held) or 0) > PATCHES:
        raise Undecided
    order = _from_end(net)
    place = np.argsort(order)
    beside = [0] * n
    for u, v in zip(place[tails(net)].tolist(), place[net.to].tolist(), strict=True):
        beside[u] |= 1 << v
    weight = tuple(stock.weight[order].tolist())
    found = _searched(weight, tuple(beside), *room.bounds(are_whole(weight)))
    if found == ():
        raise Undecided
    if found is None:
        return None
    part = np.empty(n, dtype=np.int64)
    for number, patch in enumerate(found):
        part[order[list(bits(patch))]] = number
    return part


def _from_end(net: Net) -> Places:
    """The blocks in the order in which they are reached from an end of the stock."""
    n = len(net.start) - 1
    graph = sparse.csr_matrix((np.ones(len(net.to)), net.to, net.start), (n, n))
    last = 0
    for _again in range(2):
        order = csgraph.breadth_first_order(graph, last, directed=False, return_predecessors=False)
        last = int(order[-1])
    return csgraph.breadth_first_order(graph, last, directed=False, return_predecessors=False).astype(np.int64)


@lru_cache(maxsize=1_000)
def _searched(weight: tuple[float, ...], beside: tuple[int, ...], least: float, most: float) -> tuple[int, ...] | None:
    """The patches as sets of blocks, ``None`` when there is no way, none at all when nobody knows: a part is asked for
    each time a plan is read."""
    try:
        found = Search(weight, beside, least, most).shared((1 << len(weight)) - 1)
    except Undecided:
        return ()
    return None if found is None else tuple(found)
