"""Lines and points of barriers as they come in: parsed, brought to metres, looked over."""

import json
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape as shape_of

from abcd.core.geo import shapes_to_grid
from abcd.db.spatial import DEGREES
from abcd.errors import BadRequest

SHORTEST, LONGEST = 5.0, 100_000.0
"""Metres that a barrier is long."""

MOST_CORNERS = 5_000

NEAR = 60.0
"""Metres that a crossing may lie from its barrier when it is put there; it is then moved onto the line."""


def drawn_line(geojson: str | dict[str, Any] | None) -> shapely.LineString:
    """A line drawn on the map: GeoJSON (geometry or feature) in degrees, in metres.

    Raises:
        BadRequest: it is no line of between 5 m and 100 km, or has too many corners.
    """
    try:
        said = json.loads(geojson) if isinstance(geojson, str) else geojson or {}
        drawn = shape_of(said.get("geometry", said))
        line = shapes_to_grid(np.array([drawn], dtype=object), DEGREES)[0]
    except (ValueError, TypeError, AttributeError, KeyError, ShapelyError) as error:
        raise BadRequest("The line could not be read. Draw the barrier on the map again.") from error
    return looked_over(shapely.force_2d(line))


def looked_over(line: Any) -> shapely.LineString:
    """``line`` (metres) when it can be a barrier.

    Raises:
        BadRequest: it cannot.
    """
    if line.geom_type != "LineString" or not np.isfinite(shapely.get_coordinates(line)).all():
        raise BadRequest("A barrier is one line. Draw it on the map, corner by corner.")
    if not SHORTEST <= line.length <= LONGEST:
        raise BadRequest("A barrier is between 5 metres and 100 kilometres long. Draw it again.")
    if len(line.coords) > MOST_CORNERS:
        raise BadRequest(f"A barrier has at most {MOST_CORNERS:,} corners. Draw it in parts.")
    found: shapely.LineString = line
    return found


def on_the_line(line: Any, east: float, north: float) -> shapely.Point:
    """Where on ``line`` a crossing is that was put at this point (metres).

    Raises:
        BadRequest: it is farther than ``NEAR`` metres from the line.
    """
    at = shapely.Point(east, north)
    away = float(shapely.distance(line, at))
    if not away <= NEAR:
        raise BadRequest("A crossing lies on its barrier. Put the pin onto the line.")
    found: shapely.Point = shapely.line_interpolate_point(line, shapely.line_locate_point(line, at))
    return found
