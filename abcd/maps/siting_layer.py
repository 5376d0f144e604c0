"""Places where one more could stand, and the homes that would still be far from one, as the map draws them.

The places are told in the address, so that a plan and a pin that is dragged about are drawn by the same door.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.geo import to_degrees
from abcd.core.language import ngettext
from abcd.errors import BadRequest
from abcd.gaps.siting.clusters import homes_at
from abcd.gaps.siting.ground import Ground, kept_ground
from abcd.gaps.siting.records import Cluster
from abcd.gaps.siting.trying import with_sites
from abcd.maps.geojson import DIGITS
from abcd.maps.rings import point_in
from abcd.places.queries import place

MOST = 10
"""Points in one address."""

Points = Sequence[tuple[float, float]]


def siting_features(
    s: Session, reference: str, category: str, profile: str, needs: tuple[str, ...], at: str, show: str,
    without: str = "",
) -> bytes:  # fmt: skip
    """With ``show`` ``sites`` the points of ``at`` (``easting,northing;...``), numbered; else whom they leave out.

    ``without`` is an asset that would no longer stand where it does.

    Raises:
        NotFound: no such place.
        BadRequest: ``at`` is not made of points, nobody judges this category by a walk to a point, or ``without`` is
            not there.
    """
    points = points_in(at)
    if show == "sites":
        drawn = [_point(f"site {n}", *one, {"name": str(n)}) for n, one in enumerate(points, 1)]
    else:
        about = kept_ground(s, place(s, reference).id, category, profile, needs)
        drawn = [_left(one) for one in left_out(s, about, points, moved_in(without))]
    return ",".join(map(json.dumps, drawn)).encode()


def left_out(s: Session, about: Ground, points: Points, moved: UUID | None = None) -> tuple[Cluster, ...]:
    """Homes that would be near none with one at each of ``points``."""
    minutes = with_sites(about, points, moved)
    far = minutes.min(axis=1, initial=np.inf) > about.standard.minutes
    return homes_at(s, about.here, about.homes.points[far], about.homes.households[far])


def moved_in(told: str) -> UUID | None:
    """The asset of an address.

    Raises:
        BadRequest: it is no id.
    """
    try:
        return UUID(told) if told else None
    except ValueError as error:
        raise BadRequest("without is the id of an asset.") from error


def points_in(told: str) -> Points:
    """The points of an address.

    Raises:
        BadRequest: it is not ``easting,northing`` in Britain with semicolons between, or there are too many.
    """
    try:
        found = [point_in(one) for one in told.split(";") if one]
    except BadRequest as error:
        raise BadRequest("at is easting,northing in metres of the British grid, with semicolons between.") from error
    if len(found) > MOST:
        raise BadRequest(f"at is easting,northing in metres, with semicolons between: at most {MOST}.")
    return [(one.x, one.y) for one in found]


def _left(one: Cluster) -> dict[str, Any]:
    homes = ngettext("{n:,} household", "{n:,} households", one.households).format(n=one.households)
    key = f"left {one.easting:.0f} {one.northing:.0f}"
    return _point(key, one.easting, one.northing, {"name": f"{homes}, {one.where}"})


def _point(key: str, easting: float, northing: float, properties: dict[str, Any]) -> dict[str, Any]:
    lon, lat = to_degrees([easting], [northing])
    at = [round(float(lon[0]), DIGITS), round(float(lat[0]), DIGITS)]
    return {"type": "Feature", "id": key, "geometry": {"type": "Point", "coordinates": at}, "properties": properties}
