"""The ground that straight walks reach where barriers stand in the way: what is seen from a start and a crossing."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from abcd.gaps.around import RoundBarriers
from abcd.gaps.walk import Numbers, Points
from abcd.gaps.walls import pieces_of

ROUND = 16
"""Straight pieces in a quarter of a circle."""
STEP, MOST = 60.0, 80
"""Metres between the points of an edge from which one walks, and how many of them at most."""


def starts_of(place: BaseGeometry) -> Points:
    """The points from which one walks out of ``place``: itself, or points along its edge."""
    if place.geom_type == "Point":
        return shapely.get_coordinates(place)
    edge: Any = place.boundary
    count = int(np.clip(np.ceil(edge.length / STEP), 4, MOST))
    return shapely.get_coordinates(shapely.line_interpolate_point(edge, np.arange(count) / count, normalized=True))


def ring_round(walk: RoundBarriers, place: BaseGeometry, minutes: float) -> BaseGeometry:
    """What lies within ``minutes`` of ``place`` by straight lines that cross barriers only at their crossings."""
    reach = walk.typical_metres(minutes)
    whole: BaseGeometry = place.buffer(reach, quad_segs=ROUND)
    walls = walk.walls
    if walls is None or not walls.line.intersects(whole):
        return whole
    starts = starts_of(place)
    spent = walk.metres(starts, walls.gates).min(axis=0) if len(walls.gates) else np.empty(0)
    origins = [(at, reach) for at in starts]
    origins += [(gate, reach - far) for gate, far in zip(walls.gates, spent, strict=True) if far < reach]
    found: BaseGeometry = shapely.union_all([place, *(seen_from(at, far, walls.line) for at, far in origins)])
    return found


def seen_from(at: Numbers, metres: float, walls: Any) -> BaseGeometry:
    """The part of the disc round ``at`` that no wall hides."""
    disc: BaseGeometry = shapely.Point(*at).buffer(metres, quad_segs=ROUND)
    shadows = [shadow(at, piece, 4 * metres) for piece in pieces_of(shapely.intersection(walls, disc))]
    return shapely.difference(disc, shapely.union_all([one for one in shadows if one is not None]))


def shadow(at: Numbers, piece: Numbers, far: float) -> BaseGeometry | None:
    """The ground behind a piece of a wall, as far as ``far``; None for a piece that is seen end on."""
    one, other = piece[:2] - at, piece[2:] - at
    if abs(one[0] * other[1] - one[1] * other[0]) < 1e-6:
        return None
    ways = [way / np.hypot(*way) for way in (one, one / np.hypot(*one) + other / np.hypot(*other), other)]
    return shapely.Polygon([piece[:2], *(at + far * way for way in ways), piece[2:]])
