"""The spatial words of our queries: each trap of PostGIS is solved once, here.

Everything stored is in metres (EPSG:27700); degrees appear only where something comes in or goes out.
"""

from typing import Any

from sqlalchemy import ColumnElement, Float, String, and_, cast, func

from abcd.db.tables import GRID

DEGREES = 4326


def covers(area: Any, point: Any) -> ColumnElement[bool]:
    """``area`` holds ``point``, its boundary included; ``&&`` is spelt out so that the index is used."""
    return and_(area.op("&&")(point), func.ST_Covers(area, point))


def within_metres(shape: Any, other: Any, metres: Any) -> ColumnElement[bool]:
    """The two are at most ``metres`` apart, by the spatial index."""
    return func.ST_DWithin(shape, other, metres)


def metres_between(shape: Any, other: Any) -> ColumnElement[float]:
    """Straight-line metres between two geometries."""
    return cast(func.ST_Distance(shape, other), Float)


def grid_point(easting: Any, northing: Any) -> ColumnElement[Any]:
    """A point of the British National Grid."""
    return func.ST_SetSRID(func.ST_MakePoint(easting, northing), GRID)


def from_degrees(lon: Any, lat: Any) -> ColumnElement[Any]:
    """A point in metres from longitude and latitude."""
    return func.ST_Transform(func.ST_SetSRID(func.ST_MakePoint(lon, lat), DEGREES), GRID)


def in_degrees(geom: Any) -> ColumnElement[Any]:
    """``geom`` in WGS84, outer rings anticlockwise: the right-hand rule of RFC 7946."""
    # ST_ForcePolygonCCW, because ST_AsGeoJSON keeps whatever winding was stored.
    return func.ST_ForcePolygonCCW(func.ST_Transform(geom, DEGREES))


def geojson_text(degrees: Any, digits: int = 6) -> ColumnElement[str]:
    """GeoJSON text of a geometry that is in WGS84 already, with ``digits`` decimals."""
    return cast(func.ST_AsGeoJSON(degrees, digits), String)


def as_geojson(geom: Any, digits: int = 6) -> ColumnElement[str]:
    """GeoJSON text of ``geom`` in WGS84 with ``digits`` decimals; rings follow the right-hand rule of RFC 7946."""
    return geojson_text(in_degrees(geom), digits)


def envelope_of_degrees(west: float, south: float, east: float, north: float) -> ColumnElement[Any]:
    """The viewport's box in metres; clipped to Britain first, because far degrees turn into nonsense metres."""
    box = (max(west, -9.0), max(south, 49.0), min(east, 3.0), min(north, 62.0))
    return func.ST_Envelope(func.ST_Transform(func.ST_MakeEnvelope(*box, DEGREES), GRID))
