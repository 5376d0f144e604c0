"""The network: every node of the ways, and the same shortened to crossings with the stretches between them.

A walk through a node with two neighbours has no choice, so such nodes are only remembered as points along a stretch:
a fifth of the nodes is left to search through, and distances stay exact.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Small = NDArray[np.int32]

STEPPED = 1
"""Mark of an edge that is steps, or that a wheelchair cannot use."""

CUT = 2
"""Mark of what lies between two places where a barrier cuts a stretch."""


@dataclass(frozen=True)
class Edges:
    """What a network is made of: ``xy`` (n, 2) metres of nodes, ``pairs`` (m, 2), ``metres`` and ``marks`` (m,)."""

    xy: Floats
    pairs: Whole
    metres: Floats
    marks: Small


@dataclass(frozen=True)
class Network:
    """A walkable network; n nodes, j crossings, c stretches.

    Attributes:
        xy: (n, 2) easting and northing of each node in metres.
        piece: (n,) number of the connected piece, 0 the one with most nodes.
        crossing: (n,) number of the crossing that a node is, -1 along a stretch.
        stretch: (n,) the stretch that a node lies along, -1 for a crossing.
        along: (n,) metres from the stretch's first end.
        ends: (c, 2) crossings at the two ends of each stretch.
        metres: (c,) length of each stretch.
        marks: (c,) ``STEPPED``, ``CUT``, both or 0.

    A stretch of infinite ``metres`` is a dead end: it is entered from its first end alone.
    """

    xy: Floats
    piece: Small
    crossing: Small
    stretch: Small
    along: Floats
    ends: Small
    metres: Floats
    marks: Small

    @cached_property
    def members(self) -> tuple[Whole, Whole]:
        """The nodes along each stretch, as ``grouped`` gives them."""
        return grouped(self.stretch, len(self.metres))

    @cached_property
    def at_crossing(self) -> Whole:
        """The node that each crossing is, shape (j,)."""
        found = np.empty(self.crossings, dtype=np.int64)
        ones = np.flatnonzero(self.crossing >= 0)
        found[self.crossing[ones]] = ones
        return found

    @cached_property
    def crossings(self) -> int:
        """How many crossings there are."""
        return int(self.crossing.max(initial=-1)) + 1

    def save(self, folder: Path) -> None:
        """Write each array as a file of its own in ``folder``, which is made."""
        folder.mkdir(parents=True)
        for one in fields(self):
            np.save(folder / f"{one.name}.npy", getattr(self, one.name))

    @classmethod
    def open(cls, folder: Path) -> "Network":
        """What ``save`` wrote, mapped and not read: only what a search touches comes into memory."""
        return cls(**{one.name: np.load(folder / f"{one.name}.npy", mmap_mode="r") for one in fields(cls)})


class Ways(NamedTuple):
    """Arcs of the shortened network by the crossing they start from.

    Attributes:
        starts: (j + 1,) where the arcs of each crossing begin.
        to: crossing at the far end of each arc.
        metres: length of each arc.
        stretch: the stretch that each arc is.
        is_shut: (c,) stretches that are left out: who stands along one cannot leave it, and nobody comes there.
    """

    starts: Whole
    to: Small
    metres: Floats
    stretch: Small
    is_shut: NDArray[np.bool_]


class Lie(NamedTuple):
    """How nodes lie on crossings and stretches: the fields of ``Network`` of these names."""

    crossing: Small
    stretch: Small
    along: Floats
    ends: Small
    metres: Floats


def lie_of(network: Network) -> Lie:
    """What a search needs to know of where nodes lie."""
    return Lie(network.crossing, network.stretch, network.along, network.ends, network.metres)


def grouped(where: Small | Whole, count: int) -> tuple[Whole, Whole]:
    """Positions by the group, 0 to ``count``, that stands at them: where each group's begin, and the positions.

    What is below 0 belongs to no group.
    """
    some = np.flatnonzero(where >= 0)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(where[some], minlength=count), out=starts[1:])
    return starts, some[np.argsort(where[some], kind="stable")]


def ways_of(network: Network, without: int = 0) -> Ways:
    """The arcs of ``network`` both ways, without stretches that have one of the marks ``without``."""
    is_shut = np.asarray((network.marks & without) != 0)
    kept = np.flatnonzero(~is_shut).astype(np.int32)
    ends, metres = network.ends[kept], network.metres[kept]
    origin, to = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    starts, order = grouped(origin, network.crossings)
    return Ways(starts, to[order].astype(np.int32), np.tile(metres, 2)[order], np.tile(kept, 2)[order], is_shut)


def shut_in(lie: Lie, ways: Ways, nodes: Whole | slice) -> NDArray[np.bool_]:
    """Which of ``nodes`` lie along a stretch that is left out."""
    stretch = lie.stretch[nodes]
    return np.asarray((stretch >= 0) & ways.is_shut[stretch])
