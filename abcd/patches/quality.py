"""What makes a plan good, in figures that are explained on screen (product F.3)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from abcd.patches.feasible import Room
from abcd.patches.growing import changed_share
from abcd.patches.net import Net, Numbers, Places, Stock, components, tails

Shapes = NDArray[Any]


@dataclass(frozen=True)
class PatchQuality:
    """One patch.

    Attributes:
        households: what it holds.
        deviation: (households - target) / target.
        blocks: how many blocks.
        pieces: connected pieces; 1 when it can be walked without leaving it.
        gyration: household-weighted root mean square distance from its middle, metres.
        compactness: Polsby-Popper, 4 pi area / perimeter squared, of its outline; 1 for a circle, 0.785 for a square.
        medoid: the block from which all homes are nearest on foot.
        walk: household-weighted mean metres along the links to the medoid.
        walk_most: metres within which nine homes in ten reach the medoid.
    """

    households: float
    deviation: float
    blocks: int
    pieces: int
    gyration: float
    compactness: float
    medoid: int
    walk: float
    walk_most: float


@dataclass(frozen=True)
class PlanQuality:
    """A whole plan.

    Attributes:
        patches: the measures of each patch, by its number.
        within: share of the patches that are within the tolerance.
        worst: the largest deviation either way, as a share of the target.
        uneven: root mean square deviation, as a share of the target.
        gyration: household-weighted radius of gyration over all patches, metres.
        compactness: mean Polsby-Popper of the patches.
        cut_links: links between blocks of different patches.
        soft_crossings: links over a soft barrier inside one patch.
        streets_split: streets whose homes have more than one coach.
        changed: share of the households with a patch today that get another one.
    """

    patches: tuple[PatchQuality, ...]
    within: float
    worst: float
    uneven: float
    gyration: float
    compactness: float
    cut_links: int
    soft_crossings: int
    streets_split: int
    changed: float


def polsby_popper(shape: Shapes) -> Numbers:
    """4 pi area / perimeter squared of each shape (Polsby and Popper, 1991); 0 where there is none."""
    perimeter = shapely.length(shape)
    safe = np.where(perimeter > 0, perimeter, 1.0)
    return np.asarray(np.where(perimeter > 0, 4 * np.pi * shapely.area(shape) / safe**2, 0.0))


def patch_quality(stock: Stock, net: Net, part: Places, patch: int, shape: object, room: Room) -> PatchQuality:
    """The measures of one patch; works through its own blocks alone."""
    units = np.flatnonzero(part == patch)
    h, x, y = stock.weight[units], stock.x[units], stock.y[units]
    households = float(h.sum())
    share = h / households if households else np.full(len(units), 1 / len(units))
    spread = share @ ((x - share @ x) ** 2 + (y - share @ y) ** 2)
    metres, pieces = _ways_inside(net, units)
    medoid, walk, walk_most = _walks(metres, share)
    return PatchQuality(
        households=households,
        deviation=(households - room.target) / room.target,
        blocks=len(units),
        pieces=pieces,
        gyration=float(np.sqrt(spread)),
        compactness=float(polsby_popper(np.array([shape], dtype=object))[0]),
        medoid=int(units[medoid]),
        walk=walk,
        walk_most=walk_most,
    )


def _ways_inside(net: Net, units: Places) -> tuple[Numbers, int]:
    """Metres along links inside the patch between all pairs of ``units``, and in how many pieces it is."""
    place = {int(u): i for i, u in enumerate(units)}
    rows, columns, metres = [], [], []
    for i, u in enumerate(units):
        for link in range(net.start[u], net.start[u + 1]):
            j = place.get(int(net.to[link]))
            if j is not None:
                rows.append(i)
                columns.append(j)
                metres.append(net.metres[link])
    graph = sparse.csr_matrix((metres, (rows, columns)), (len(units), len(units)))
    return csgraph.dijkstra(graph, directed=False), int(csgraph.connected_components(graph, directed=False)[0])


def _walks(metres: Numbers, share: Numbers) -> tuple[int, float, float]:
    """The medoid (a place in the patch's blocks), the mean walk to it, and what nine homes in ten stay within."""
    reached = np.where(np.isfinite(metres), metres, np.nanmax(np.where(np.isfinite(metres), metres, np.nan)))
    mean = reached @ share
    medoid = int(np.argmin(mean))
    order = np.argsort(reached[medoid])
    within = int(np.searchsorted(np.cumsum(share[order]), 0.9 - 1e-12))
    farthest = order[min(within, len(order) - 1)]
    return medoid, float(mean[medoid]), float(reached[medoid][farthest])


def streets_split(part: Places, street: Places) -> int:
    """How many streets (``street`` (n,), -1 for none) have blocks in more than one patch."""
    known = street >= 0
    pairs = np.unique(np.column_stack([street[known], part[known]]), axis=0)
    patches_of = np.unique(pairs[:, 0], return_counts=True)[1]
    return int((patches_of > 1).sum())


def plan_quality(
    stock: Stock, net: Net, part: Places, shapes: Shapes, room: Room, *, street: Places, now: Places
) -> PlanQuality:
    """The measures of a plan whose patches are numbered from 0; ``shapes`` (k,) are their outlines."""
    each = tuple(patch_quality(stock, net, part, k, shape, room) for k, shape in enumerate(shapes))
    return summed_up(each, stock, net, part, room, street=street, now=now)


def summed_up(
    each: tuple[PatchQuality, ...], stock: Stock, net: Net, part: Places, room: Room, *, street: Places, now: Places
) -> PlanQuality:
    """The measures of a plan from those of its patches, so that moving a block works two patches out anew."""
    off = np.array([patch.deviation for patch in each])
    held = np.array([patch.households for patch in each])
    inertia = held @ np.array([patch.gyration for patch in each]) ** 2
    tail = tails(net)
    inside = part[tail] == part[net.to]
    return PlanQuality(
        patches=each,
        within=float((np.abs(off) <= room.tolerance + 1e-9).mean()) if len(off) else 1.0,
        worst=float(np.abs(off).max(initial=0.0)),
        uneven=float(np.sqrt((off**2).mean())) if len(off) else 0.0,
        gyration=float(np.sqrt(inertia / held.sum())) if held.sum() else 0.0,
        compactness=float(np.mean([patch.compactness for patch in each])) if each else 0.0,
        cut_links=int((~inside).sum()) // 2,
        soft_crossings=int((inside & (net.bond < 0)).sum()) // 2,
        streets_split=streets_split(part, street),
        changed=changed_share(part, now, stock.weight),
    )


def pieces(net: Net, part: Places) -> int:
    """How many connected pieces the patches have in all; as many as patches when every one is whole."""
    return len(np.unique(components(net, part)))
