"""What makes a plan good, in figures that are explained on screen (product F.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from abcd.gaps.walk import PROFILES
from abcd.patches.feasible import Room
from abcd.patches.growing import changed_share
from abcd.patches.homes import Homes
from abcd.patches.net import Net, Numbers, Places, Shapes, components, tails


@dataclass(frozen=True)
class PatchQuality:
    """One patch.

    Attributes:
        households: what it holds.
        load: what they weigh for a coach: households times workload.
        deviation: (load - target) / target.
        blocks: how many blocks.
        pieces: connected pieces; 1 when it can be walked without leaving it.
        gyration: household-weighted root mean square distance from its middle, metres.
        compactness: Polsby-Popper, 4 pi area / perimeter squared, of its outline; 1 for a circle, 0.785 for a square.
        medoid: the block from which all homes are nearest on foot.
        walk: household-weighted mean metres to the medoid, along streets where a map of them is loaded, else along
            the links between blocks.
        walk_most: metres within which nine homes in ten reach the medoid.
        to_base: household-weighted mean metres to where the coach starts from, or ``None``.
        groups: groups of people in it or near it.
        venues: places to meet in it or near it.
    """

    households: float
    load: float
    deviation: float
    blocks: int
    pieces: int
    gyration: float
    compactness: float
    medoid: int
    walk: float
    walk_most: float
    to_base: float | None
    groups: int
    venues: int


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
        walk: household-weighted mean metres to the middle home of one's patch.
        walk_most: the mean of what nine homes in ten stay within, weighted by households.
        to_base: household-weighted mean metres to where coaches start from, or ``None``.
        cut_links: links between blocks of different patches.
        hard_crossings: neighbours on two sides of a hard barrier who would have one coach. A plan that was drawn
            has them only round the barrier's end or over a crossing that somebody allowed: no other link crosses it.
        soft_crossings: links over a soft barrier, or over a crossing that was allowed, inside one patch.
        streets: how many streets there are, 0 where blocks know none.
        streets_split: streets whose homes have more than one coach.
        changed: share of the households with a patch today that get another one.
        bare: patches without any group or venue near.
    """

    patches: tuple[PatchQuality, ...]
    within: float
    worst: float
    uneven: float
    gyration: float
    compactness: float
    walk: float
    walk_most: float
    to_base: float | None
    cut_links: int
    hard_crossings: int
    soft_crossings: int
    streets: int
    streets_split: int
    changed: float
    bare: int


def polsby_popper(shape: Shapes) -> Numbers:
    """4 pi area / perimeter squared of each shape (Polsby and Popper, 1991); 0 where there is none."""
    perimeter = shapely.length(shape)
    safe = np.where(perimeter > 0, perimeter, 1.0)
    return np.asarray(np.where(perimeter > 0, 4 * np.pi * shapely.area(shape) / safe**2, 0.0))


def patch_quality(homes: Homes, part: Places, patch: int, shape: object, room: Room) -> PatchQuality:
    """The measures of one patch with the outline ``shape``; works through its own blocks alone."""
    units = np.flatnonzero(part == patch)
    stock, around = homes.stock, homes.around
    h, x, y = stock.weight[units], stock.x[units], stock.y[units]
    load = float(h.sum())
    share = h / load if load else np.full(len(units), 1 / len(units))
    spread = share @ ((x - share @ x) ** 2 + (y - share @ y) ** 2)
    metres, pieces = _ways_inside(homes.net, units)
    medoid, walk, walk_most = _walks(homes, units, metres, share)
    return PatchQuality(
        households=float(homes.households[units].sum()),
        load=load,
        deviation=(load - room.target) / room.target,
        blocks=len(units),
        pieces=pieces,
        gyration=float(np.sqrt(spread)),
        compactness=float(polsby_popper(np.array([shape], dtype=object))[0]),
        medoid=int(units[medoid]),
        walk=walk,
        walk_most=walk_most,
        to_base=None if around.to_base is None else float(share @ around.to_base[units]),
        groups=0 if around.groups is None else int(around.groups[units].sum()),
        venues=0 if around.venues is None else int(around.venues[units].sum()),
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


def _walks(homes: Homes, units: Places, metres: Numbers, share: Numbers) -> tuple[int, float, float]:
    """The medoid (a place in the patch's blocks), the mean walk to it, and what nine homes in ten stay within."""
    reached = np.where(np.isfinite(metres), metres, np.nanmax(np.where(np.isfinite(metres), metres, np.nan)))
    medoid = int(np.argmin(reached @ share))
    away = reached[medoid]
    if homes.around.walk is not None:
        points = homes.points[units]
        along = homes.around.walk.minutes(points[medoid : medoid + 1], points)[0] * PROFILES["standard"]
        away = np.where(np.isfinite(along), along, away)
    order = np.argsort(away)
    within = int(np.searchsorted(np.cumsum(share[order]), 0.9 - 1e-12))
    return medoid, float(away @ share), float(away[order[min(within, len(order) - 1)]])


def streets_split(part: Places, street: Places) -> int:
    """How many streets (``street`` (n,), -1 for none) have blocks in more than one patch."""
    known = street >= 0
    pairs = np.unique(np.column_stack([street[known], part[known]]), axis=0)
    patches_of = np.unique(pairs[:, 0], return_counts=True)[1]
    return int((patches_of > 1).sum())


def plan_quality(homes: Homes, part: Places, shapes: Shapes, room: Room, *, now: Places) -> PlanQuality:
    """The measures of a plan whose patches are numbered from 0; ``shapes`` (k,) are their outlines."""
    each = tuple(patch_quality(homes, part, k, shape, room) for k, shape in enumerate(shapes))
    return summed_up(each, homes, part, room, now=now)


def summed_up(each: Sequence[PatchQuality], homes: Homes, part: Places, room: Room, *, now: Places) -> PlanQuality:
    """The measures of a plan from those of its patches, so that moving a block works two patches out anew."""
    off = np.array([patch.deviation for patch in each])
    held = np.array([patch.load for patch in each])
    inside = part[tails(homes.net)] == part[homes.net.to]

    def mean(values: Sequence[float]) -> float:
        return float(held @ np.array(values) / held.sum()) if held.sum() else 0.0

    based = [patch.to_base for patch in each if patch.to_base is not None]
    return PlanQuality(
        patches=tuple(each),
        within=float((np.abs(off) <= room.tolerance + 1e-9).mean()) if len(off) else 1.0,
        worst=float(np.abs(off).max(initial=0.0)),
        uneven=float(np.sqrt((off**2).mean())) if len(off) else 0.0,
        gyration=float(np.sqrt(mean([patch.gyration**2 for patch in each]))),
        compactness=float(np.mean([patch.compactness for patch in each])) if each else 0.0,
        walk=mean([patch.walk for patch in each]),
        walk_most=mean([patch.walk_most for patch in each]),
        to_base=mean(based) if based else None,
        cut_links=int((~inside).sum()) // 2,
        hard_crossings=int((part[homes.walled[:, 0]] == part[homes.walled[:, 1]]).sum()),
        soft_crossings=int((inside & (homes.net.bond < 0)).sum()) // 2,
        streets=len(np.unique(homes.street[homes.street >= 0])),
        streets_split=streets_split(part, homes.street),
        changed=changed_share(part, now, homes.households),
        bare=sum(patch.groups + patch.venues == 0 for patch in each),
    )


def pieces(net: Net, part: Places) -> int:
    """How many connected pieces the patches have in all; as many as patches when every one is whole."""
    return len(np.unique(components(net, part)))
