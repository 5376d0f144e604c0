"""How a file tells where things are: in metres, in degrees, or in words.

A way is a function from a layer to the columns that say it, and the lateral join that they read from, if any.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Numeric, cast, func, literal_column, select

from abcd.db.spatial import in_degrees
from abcd.maps.geojson import DIGITS
from abcd.maps.layer import Layer

Said = tuple[dict[str, ColumnElement[Any]], FromClause | None]
Way = Callable[[Layer], Said]
EDGES = {"xmin": func.ST_XMin, "ymin": func.ST_YMin, "xmax": func.ST_XMax, "ymax": func.ST_YMax}
SAYS = {
    "id": "Lasting id of the row.",
    "geom": "Shape in metres of the British National Grid (EPSG:27700).",
    "geometry": "Shape in longitude and latitude (WGS84).",
    "point": "A point on it as well-known text, longitude and latitude (WGS84).",
    "lon": "Longitude of that point, degrees east (WGS84).",
    "lat": "Latitude of that point, degrees north (WGS84).",
}
"""What these columns say."""


def in_metres(layer: Layer) -> Said:
    """The shape as it is stored, as one of many: a table holds one type."""
    return {"geom": func.ST_AsBinary(func.ST_Multi(layer.geom))}, None


def as_point(layer: Layer) -> Said:
    """The point as it is stored."""
    return {"geom": func.ST_AsBinary(layer.point)}, None


def in_lon_lat(layer: Layer) -> Said:
    """The shape in WGS84 with its box and its type."""
    there = _there(layer)
    edges = {name: edge(there.c.degrees) for name, edge in EDGES.items()}
    kind = func.ST_GeometryType(there.c.degrees)
    return {"geometry": func.ST_AsBinary(there.c.degrees), **edges, "geometry type": kind}, there


def in_words(layer: Layer) -> Said:
    """A point as two numbers and as text, and the shape as text, in WGS84."""
    there = _there(layer)
    said: dict[str, ColumnElement[Any]] = {
        "lon": func.round(cast(func.ST_X(there.c.at), Numeric), DIGITS),
        "lat": func.round(cast(func.ST_Y(there.c.at), Numeric), DIGITS),
        "point": func.ST_AsText(there.c.at, DIGITS),
        "geometry": func.ST_AsText(there.c.degrees, DIGITS),
    }
    return said, there


def tables(layer: Layer) -> tuple[FromClause, ...]:
    """What a layer reads from; a lateral join names these rather than reading them itself."""
    return layer.table, *(join.target for join in layer.joins.values())


def _there(layer: Layer) -> FromClause:
    drawn = in_degrees(layer.geom).label("degrees"), in_degrees(layer.point).label("at")
    # OFFSET 0 keeps the planner from writing the conversion once for each column that reads from it.
    return select(*drawn).correlate(*tables(layer)).offset(literal_column("0")).lateral("there")
