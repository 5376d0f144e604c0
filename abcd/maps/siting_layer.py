"""Places where one more could stand, and the homes that would still be far from one, as the map draws them.

The places are told in the address, so that a plan and a pin that is dragged about are drawn by the same door.
"""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.geo import to_degrees
from abcd.core.language import ngettext
from abcd.errors import BadRequest
from abcd.gaps.siting.clusters import clusters, named
from abcd.gaps.siting.ground import kept_ground
from abcd.gaps.siting.records import Cluster
from abcd.maps.geojson import DIGITS
from abcd.places.queries import place

MOST = 10
"""Points in one address."""

Points = Sequence[tuple[float, float]]


def siting_features(
    s: Session, reference: str, category: str, profile: str, needs: tuple[str, ...], at: str, show: str
) -> bytes:
    """With ``show`` ``sites`` the points of ``at`` (``easting,northing;...``), numbered; else whom they leave out.

    Raises:
        NotFound: no such place.
        BadRequest: ``at`` is not made of points, or nobody judges this category by a walk to a point.
    """
    points = points_in(at)
    if show == "sites":
        drawn = [_point(f"site {n}", *one, {"name": str(n)}) for n, one in enumerate(points, 1)]
    else:
        drawn = [_left(one) for one in left_out(s, reference, category, profile, needs, points)]
    return ",".join(map(json.dumps, drawn)).encode()


def left_out(
    s: Session, reference: str, category: str, profile: str, needs: tuple[str, ...], points: Points
) -> tuple[Cluster, ...]:
    """Homes that are near none today, nor would be with one at each of ``points``."""
    here = place(s, reference)
    about = kept_ground(s, here.id, category, profile, needs)
    walks = about.walks_to(np.array(points, dtype=np.float64).reshape(-1, 2))
    far = ~about.is_near & (walks.min(axis=1, initial=np.inf) > about.standard.minutes)
    return named(s, here, clusters(about.homes.points[far], about.homes.households[far]))


def points_in(told: str) -> Points:
    """The points of an address.

    Raises:
        BadRequest: it is not ``easting,northing`` with semicolons between, or there are too many.
    """
    try:
        pairs = [tuple(map(float, one.split(","))) for one in told.split(";") if one]
    except ValueError as error:
        raise BadRequest("at is easting,northing in metres, with semicolons between.") from error
    if len(pairs) > MOST or not all(len(one) == 2 and all(map(isfinite, one)) for one in pairs):
        raise BadRequest(f"at is easting,northing in metres, with semicolons between: at most {MOST}.")
    return [(one[0], one[1]) for one in pairs]


def _left(one: Cluster) -> dict[str, Any]:
    homes = ngettext("{n:,} household", "{n:,} households", one.households).format(n=one.households)
    key = f"left {one.easting:.0f} {one.northing:.0f}"
    return _point(key, one.easting, one.northing, {"name": f"{homes}, {one.where}"})


def _point(key: str, easting: float, northing: float, properties: dict[str, Any]) -> dict[str, Any]:
    lon, lat = to_degrees([easting], [northing])
    at = [round(float(lon[0]), DIGITS), round(float(lat[0]), DIGITS)]
    return {"type": "Feature", "id": key, "geometry": {"type": "Point", "coordinates": at}, "properties": properties}
