"""What would mend a part of the stock that no whole number of patches fits: a crossing, or a longer walk."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from abcd.patches.design import misfits_of
from abcd.patches.feasible import Mend, Misfit, Room
from abcd.patches.homes import Homes
from abcd.patches.net import Numbers, Places, components, sums

#: Metres beyond which homes of another part are not proposed, and how many proposals are made.
FARTHEST, MOST = 1_000.0, 3


def misfits_in(homes: Homes, room: Room) -> tuple[Misfit, ...]:
    """The parts of the stock that no whole number of patches fits, each with what would join it to one it fits with."""
    piece = components(homes.net)
    held = sums(piece, homes.stock.weight)
    found = []
    for misfit in misfits_of(homes.stock, homes.net, piece, room):
        ways = [*_over(homes, piece, misfit, held, room), *_on_foot(homes, piece, misfit, held, room)]
        ways.sort(
            key=lambda mend: (not room.fitting(misfit.households + mend.households), not mend.barrier, mend.metres)
        )
        found.append(replace(misfit, mends=tuple(ways[:MOST]), streets=streets_of(homes, misfit)))
    return tuple(found)


def streets_of(homes: Homes, misfit: Misfit) -> tuple[str, ...]:
    """The streets or areas that hold most of a part's households, by name."""
    held: Counter[str] = Counter()
    for block in misfit.blocks:
        held[homes.called[block]] += homes.households[block]
    return tuple(name for name, _households in held.most_common() if name)[:MOST]


def gains(room: Room, one: float, other: float) -> bool:
    """Whether two parts together come nearer to whole patches than apart."""
    return room.excess(one + other) < room.excess(one) + room.excess(other)


def _over(homes: Homes, piece: Places, misfit: Misfit, held: Numbers, room: Room) -> Iterator[Mend]:
    """The crossings of hard barriers that lead to a part with which this one fits."""
    own = piece[misfit.blocks[0]]
    for way in homes.ways:
        ends = {int(piece[way.here]), int(piece[way.there])}
        if own in ends and len(ends) == 2:
            other = float(held[(ends - {own}).pop()])
            if gains(room, misfit.households, other):
                yield Mend(way.name, way.barrier, way.metres, other, way.crossing_id)


def _on_foot(homes: Homes, piece: Places, misfit: Misfit, held: Numbers, room: Room) -> Iterator[Mend]:
    """The nearest homes of another part, where no hard barrier lies between the two."""
    own = piece[misfit.blocks[0]]
    others = np.flatnonzero(piece != own)
    if homes.finest == "areas" or not len(others):
        return
    points = homes.points
    found = cKDTree(points[others]).query(points[list(misfit.blocks)], distance_upper_bound=FARTHEST)
    away, at = np.asarray(found[0]), np.asarray(found[1])
    apart = {frozenset((int(piece[a]), int(piece[b]))) for a, b in homes.walled.tolist()}
    for i in np.argsort(away, kind="stable").tolist():
        if not np.isfinite(away[i]):
            return
        there = int(others[at[i]])
        other = float(held[piece[there]])
        if frozenset((int(own), int(piece[there]))) not in apart and gains(room, misfit.households, other):
            yield Mend(homes.names[there], "", float(away[i]), other, None)
            return
