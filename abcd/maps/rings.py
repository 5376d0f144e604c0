"""The walking ring round a place or a point, as one GeoJSON feature; the search for it needs no compiler."""

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from abcd.db.spatial import as_geojson
from abcd.db.tables import GRID, Place
from abcd.errors import BadRequest
from abcd.gaps.onfoot import OnFoot, on_foot
from abcd.maps.geojson import DIGITS
from abcd.places.queries import place

MOST_MINUTES = 60.0


def ring(s: Session, reference: str, minutes: float, profile: str = "standard") -> bytes:
    """The walking ring of a place as one GeoJSON feature: what lies within ``minutes`` on foot of it.

    Along streets from everywhere inside it where a map of streets is loaded, else by straight line from its edge.

    Raises:
        NotFound: no such place.
        BadRequest: no such walking profile.
    """
    found = place(s, reference)
    area = shapely.from_wkb(bytes(s.scalars(select(func.ST_AsBinary(Place.geom)).where(Place.id == found.id)).one()))
    return feature(s, f"ring-{found.id}", on_foot(s, area, profile), minutes)


def ring_at(s: Session, at: str, minutes: float, profile: str = "standard") -> bytes:
    """The walking ring of a point, told as ``easting,northing`` in metres.

    Raises:
        BadRequest: no such point or walking profile.
    """
    start = point_in(at)
    return feature(s, f"ring-{start.x:.1f}-{start.y:.1f}", on_foot(s, start, profile), minutes)


def point_in(told: str) -> shapely.Point:
    """A point of Britain's grid.

    Raises:
        BadRequest: it is none.
    """
    try:
        east, north = (float(one) for one in told.split(","))
    except ValueError as error:
        raise BadRequest("at is easting,northing in metres.") from error
    if not (0 <= east <= 700_000 and 0 <= north <= 1_300_000):
        raise BadRequest("at is easting,northing in metres of the British grid.")
    return shapely.Point(east, north)


def feature(s: Session, name: str, walks: OnFoot, minutes: float) -> bytes:
    """The ring of a start as a feature in degrees, at most an hour wide."""
    minutes = min(max(minutes, 0.0), MOST_MINUTES)
    shape = walks.ring(minutes)
    along = "true" if walks.is_along_streets else "false"
    properties = f'{{"minutes":{minutes:g},"along_streets":{along}}}'
    return f'{{"type":"Feature","id":"{name}","geometry":{in_degrees(s, shape)},"properties":{properties}}}'.encode()


def in_degrees(s: Session, shape: BaseGeometry) -> str:
    """A shape in metres as the GeoJSON text of a geometry in degrees."""
    stored = func.ST_GeomFromEWKB(literal(shapely.to_wkb(shapely.set_srid(shape, GRID), include_srid=True)))
    return str(s.scalar(select(as_geojson(stored, DIGITS))))
