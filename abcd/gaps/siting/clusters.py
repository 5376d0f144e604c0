"""Homes that lie together, so that hundreds of dwellings become a list that somebody can read."""

from collections.abc import Iterable
from dataclasses import replace
from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.gaps.formulas import Numbers
from abcd.gaps.siting.records import Cluster
from abcd.gaps.walk import Points
from abcd.places.records import PlaceRecord

MOST = 120
"""Homes are put together in squares until there are at most so many."""

SQUARE = 100.0
"""Metres of the smallest square."""

SHOWN = 150.0
"""Metres of the squares of a list that somebody reads."""

BESIDE = 250.0
"""A postcode further away than this says nothing of where something is."""

POSTCODES = text("""
select near.postcode
from unnest(cast(:east as float8[]), cast(:north as float8[])) with ordinality as at(east, north, number)
left join lateral (
  select p.postcode, p.point <-> ST_SetSRID(ST_MakePoint(at.east, at.north), 27700) as metres from core.postcode p
  where p.point && ST_Expand(ST_SetSRID(ST_MakePoint(at.east, at.north), 27700), :beside)
  order by p.point <-> ST_SetSRID(ST_MakePoint(at.east, at.north), 27700) limit 1) near on near.metres <= :beside
order by at.number""")


def clusters(points: Points, households: Numbers) -> list[Cluster]:
    """Homes put together once there are many, the most households first; empty ones are left out.

    Each stands at the home nearest to the middle of its households, so that it can be walked to.
    """
    points, households = _some(points, households)
    squares = np.arange(len(points)) if len(points) <= MOST else _squares(points, SQUARE)[0]
    return _sorted(_cluster(points[squares == one], households[squares == one]) for one in np.unique(squares))


def shown(points: Points, households: Numbers) -> list[Cluster]:
    """Homes for people to read: always by squares, each in the middle of its square and at nobody's door."""
    points, households = _some(points, households)
    if not len(points):
        return []
    which, size = _squares(points, SHOWN)
    middles = (np.floor(points / size) + 1 / 2) * size
    first = np.unique(which, return_index=True)[1]
    sums = np.bincount(which, weights=households)
    return _sorted(
        Cluster(float(middles[at, 0]), float(middles[at, 1]), int(homes)) for at, homes in zip(first, sums, strict=True)
    )


def _some(points: Points, households: Numbers) -> tuple[Points, Numbers]:
    """Those with households, in an order that does not depend on how they came."""
    order = np.lexsort(points.T)
    order = order[households[order] > 0]
    return points[order], households[order]


def _sorted(found: Iterable[Cluster]) -> list[Cluster]:
    return sorted(found, key=lambda one: (-one.households, one.easting, one.northing))


def _squares(points: Points, size: float) -> tuple[NDArray[np.intp], float]:
    """The number of the square of each point, and how wide squares are: so wide that there are at most ``MOST``."""
    while True:
        _kinds, which = np.unique(np.floor(points / size), axis=0, return_inverse=True)
        if which.max() < MOST:
            return np.asarray(which).ravel(), size
        size *= 1.25


def _cluster(points: Points, households: Numbers) -> Cluster:
    middle = np.average(points, axis=0, weights=households)
    nearest = points[int(np.hypot(*(points - middle).T).argmin())]
    return Cluster(float(nearest[0]), float(nearest[1]), int(households.sum()))


def homes_at(s: Session, here: PlaceRecord, points: Points, households: Numbers) -> tuple[Cluster, ...]:
    """Homes for a list and a map: put together, with words for where they are (postcode, quarter of the place)."""
    found = shown(points, households)
    at = np.array([(one.easting, one.northing) for one in found]).reshape(-1, 2)
    return tuple(replace(one, where=words) for one, words in zip(found, where_words(s, here, at), strict=True))


def where_words(s: Session, here: PlaceRecord, points: Points) -> list[str]:
    """Where each point is, for somebody who knows the place: ``round M33 2AB, in the north-east``."""
    if not len(points):
        return []
    values = {"east": points[:, 0].tolist(), "north": points[:, 1].tolist(), "beside": BESIDE}
    codes = s.scalars(POSTCODES, values)
    return [_worded(code, quarter(here, *point)) for code, point in zip(codes, points.tolist(), strict=True)]


def _worded(code: str | None, side: str) -> str:
    if not code:
        return side
    return _("round {postcode}, {side}").format(postcode=f"{code[:-3]} {code[-3:]}", side=side)


def quarter(here: PlaceRecord, easting: float, northing: float) -> str:
    """In which part of a place a point is; within a tenth of its width it is the middle."""
    west, south, east, north = here.box
    right, up = easting - (west + east) / 2, northing - (south + north) / 2
    if max(abs(right), abs(up)) < max(east - west, north - south) / 10:
        return _("in the middle")
    sides = (
        _("in the north"), _("in the north-east"), _("in the east"), _("in the south-east"), _("in the south"),
        _("in the south-west"), _("in the west"), _("in the north-west"),
    )  # fmt: skip
    return sides[round(degrees(atan2(right, up)) / 45) % 8]
