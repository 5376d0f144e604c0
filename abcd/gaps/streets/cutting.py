"""A network that hard barriers cut: where a street meets one away from its crossings, nobody goes on.

A stretch that is cut becomes two dead ends, each entered from one of its crossings alone, so nothing else of the
network has to be made again. What lies between two cuts of one stretch is shut: nobody starts or arrives there.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from scipy.spatial import cKDTree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.db.tables import GRID, Street
from abcd.gaps.streets.loaded import Streets
from abcd.gaps.streets.network import CUT, STEPPED, Floats, Network, Whole, lie_of, shut_in, ways_of
from abcd.gaps.walls import Walls

SAME_SPOT = 0.01
"""Metres within which two places are one node."""

MOST = 4
"""So many cut networks are held by a process; each is about as large as the network itself."""

Key = tuple[UUID, bool, tuple[Any, ...]]
"""A map, whether one walks without steps, and ``abcd.places.barriers.barriers_mark`` of the barriers on it."""

_held: dict[Key, Streets] = {}


def parted(s: Session, key: Key, whole: Streets, walls_on_it: Callable[[], Walls | None]) -> Streets:
    """The streets of a map without the edges that its walls cut; held until others are asked for."""
    found = _held.get(key)
    if found is None:
        walls = walls_on_it()
        found = whole if walls is None else without(whole, edges_met(s, key[0], walls), walls)
        while len(_held) >= MOST:
            _held.pop(next(iter(_held)), None)
        _held[key] = found
    return found


def edges_met(s: Session, map_id: UUID, walls: Walls) -> Floats:
    """The edges of a map that meet a wall, each as the places of its two ends, shape (e, 4)."""
    lines = func.ST_GeomFromEWKB(shapely.to_wkb(shapely.set_srid(walls.line, GRID), include_srid=True))
    wall = select(func.ST_Dump(lines).geom.label("geom")).subquery("wall")
    ends = [f(at(Street.geom)) for at in (func.ST_StartPoint, func.ST_EndPoint) for f in (func.ST_X, func.ST_Y)]
    meets = Street.geom.op("&&")(wall.c.geom) & func.ST_Intersects(Street.geom, wall.c.geom)
    rows = s.execute(select(*ends).select_from(wall).join(Street, meets).where(Street.map_id == map_id)).all()
    return np.array([tuple(row) for row in rows], dtype=float).reshape(-1, 4)


def without(whole: Streets, edges: Floats, walls: Walls) -> Streets:
    """``whole`` without ``edges`` (e, 4), each told by where its ends are; points keep to their side of ``walls``."""
    network = parted_network(whole.network, cuts_of(whole.network, edges))
    ways = ways_of(network, without=CUT)
    is_free = ~shut_in(lie_of(network), ways, whole.nodes)
    nodes = whole.nodes[is_free]
    tree = whole.tree if is_free.all() else cKDTree(network.xy[nodes])
    level = ways_of(network, without=CUT | STEPPED)
    return replace(whole, network=network, ways=ways, level=level, nodes=nodes, tree=tree, walls=walls)


def cuts_of(network: Network, edges: Floats) -> dict[int, list[tuple[float, float]]]:
    """The stretches that the ``edges`` are part of, with the metres along each between which it is cut."""
    found: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    bare = _bare(network)
    for one, other in _nodes_at(network, edges):
        for stretch, low, high in _between(network, bare, one, other):
            found[stretch].append((low, high))
    return dict(found)


def _nodes_at(network: Network, edges: Floats) -> list[tuple[int, int]]:
    """Pairs of nodes at the ends of each edge; several where nodes lie in one spot."""
    if not len(edges):
        return []
    ends = edges.reshape(-1, 2)
    low, high = ends.min(axis=0) - 1, ends.max(axis=0) + 1
    near = np.flatnonzero((network.xy >= low).all(axis=1) & (network.xy <= high).all(axis=1))
    spots: Any = cKDTree(network.xy[near]).query_ball_point(ends, SAME_SPOT)
    return [(near[a], near[b]) for k in range(0, len(spots), 2) for a in spots[k] for b in spots[k + 1]]


class Bare(NamedTuple):
    """Stretches without a node along them: ``keys`` of their two ends, sorted, and their numbers."""

    keys: Whole
    stretches: Whole


def _bare(network: Network) -> Bare:
    starts, _order = network.members
    stretches = np.flatnonzero(np.diff(starts) == 0)
    ends = np.sort(np.asarray(network.ends)[stretches].astype(np.int64), axis=1)
    keys = ends[:, 0] * network.crossings + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    return Bare(keys[order], stretches[order])


def _between(network: Network, bare: Bare, one: int, other: int) -> list[tuple[int, float, float]]:
    """The edge from node ``one`` to ``other`` as (stretch, from metres, to metres); nothing when there is none."""
    if network.crossing[one] >= 0 and network.crossing[other] >= 0:
        return _whole_stretch(network, bare, int(network.crossing[one]), int(network.crossing[other]))
    if network.crossing[one] >= 0:
        one, other = other, one
    on = int(network.stretch[one])
    starts, order = network.members
    along = np.sort(network.along[order[starts[on] : starts[on + 1]]])
    points = np.concatenate([[0.0], along, [network.metres[on]]])
    here = int(np.searchsorted(points[1:-1], network.along[one])) + 1
    if network.crossing[other] < 0:
        step = 1 if network.along[other] > network.along[one] else -1
        is_next = network.stretch[other] == on and points[here + step] == network.along[other]
        steps = [step] if is_next else []
    else:
        far = int(network.crossing[other])
        steps = [step for end, step, last in ((0, -1, 1), (1, 1, len(along)))
                 if network.ends[on, end] == far and here == last]  # fmt: skip
    cuts = ((float(points[here]), float(points[here + step])) for step in steps)
    return [(on, min(cut), max(cut)) for cut in cuts]


def _whole_stretch(network: Network, bare: Bare, one: int, other: int) -> list[tuple[int, float, float]]:
    key = min(one, other) * network.crossings + max(one, other)
    first, last = np.searchsorted(bare.keys, key, "left"), np.searchsorted(bare.keys, key, "right")
    return [(int(on), 0.0, float(network.metres[on])) for on in bare.stretches[first:last]]


def parted_network(network: Network, cuts: dict[int, list[tuple[float, float]]]) -> Network:
    """``network`` with its stretches cut: what is left of one at its second end is a stretch of its own at the end."""
    if not cuts:
        return network
    stretch, along = np.array(network.stretch), np.array(network.along)
    ends, metres, marks = np.array(network.ends), np.array(network.metres), np.array(network.marks)
    starts, order = network.members
    cut = np.array(sorted(cuts), dtype=np.int64)
    first = len(metres)
    for k, on in enumerate(cut):
        low, high = min(one for one, _ in cuts[on]), max(one for _, one in cuts[on])
        inside = order[starts[on] : starts[on + 1]]
        beyond, amid = inside[along[inside] >= high], inside[(along[inside] > low) & (along[inside] < high)]
        stretch[beyond], along[beyond] = first + 2 * k, network.metres[on] - along[beyond]
        stretch[amid] = first + 2 * k + 1
    return replace(
        network,
        stretch=_fixed(stretch),
        along=_fixed(along),
        ends=_fixed(np.vstack([_dead(ends, cut, 0), _dead(network.ends, cut, 1)[cut].repeat(2, axis=0)])),
        metres=_fixed(_endless(metres, cut)),
        marks=_fixed(np.concatenate([marks, _marks_beyond(marks, cut)])),
    )


def _dead(ends: np.ndarray, cut: Whole, end: int) -> np.ndarray:
    """``ends`` with both ends of the stretches ``cut`` at their end number ``end``."""
    changed = np.array(ends)
    changed[cut] = changed[cut][:, [end, end]]
    return changed


def _endless(metres: Floats, cut: Whole) -> Floats:
    """A dead end is infinitely long: nobody comes to a node of it from its far end."""
    changed = np.concatenate([metres, np.full(2 * len(cut), np.inf)])
    changed[cut] = np.inf
    return changed


def _marks_beyond(marks: np.ndarray, cut: Whole) -> np.ndarray:
    beyond = marks[cut].repeat(2)
    beyond[1::2] |= CUT
    return beyond


def _fixed(values: np.ndarray) -> np.ndarray:
    """Read-only, as the mapped arrays are, so that no search is compiled a second time for it."""
    values.flags.writeable = False
    return values
