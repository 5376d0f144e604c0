"""Shapes from GeoJSON coordinates, strict about numbers and forgiving about rings left open."""

from typing import Any

import numpy as np
import shapely

from abcd.intake.read.rows import Shape
from abcd.intake.read.tape import Number


class Unshaped(ValueError):
    """Coordinates that make no shape; the argument is the kind of fault."""


def shape_of(geometry: Any) -> tuple[Shape, bool]:
    """The shape of a GeoJSON geometry, a point as (x, y), and whether a ring had to be closed.

    Raises:
        Unshaped: with ``bad_geometry`` or ``bad_coordinates``.
    """
    if geometry is None:
        return None, False
    if type(geometry) is not dict:
        raise Unshaped("bad_geometry")
    if geometry.get("type") == "Point":
        return _position(geometry.get("coordinates")), False
    try:
        built, rings = _built(geometry)
    except (shapely.GEOSException, TypeError, KeyError, IndexError):
        raise Unshaped("bad_geometry") from None
    return built, rings


def _built(geometry: dict[str, Any]) -> tuple[Any, bool]:
    if geometry["type"] == "GeometryCollection":
        parts = [shape_of(part) for part in geometry["geometries"]]
        return shapely.geometrycollections([_solid(part) for part, _ in parts]), any(closed for _, closed in parts)
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "MultiPoint":
            return shapely.multipoints(_positions(coordinates)), False
        case "LineString":
            return shapely.linestrings(_positions(coordinates)), False
        case "MultiLineString":
            return shapely.multilinestrings(
                [shapely.LineString(_positions(line)) for line in _list(coordinates)]
            ), False
        case "Polygon":
            return _polygon(coordinates)
        case "MultiPolygon":
            polygons = [_polygon(part) for part in _list(coordinates)]
            return shapely.multipolygons([polygon for polygon, _ in polygons]), any(closed for _, closed in polygons)
    raise Unshaped("bad_geometry")


def _solid(shape: Shape) -> Any:
    return shapely.Point(shape) if type(shape) is tuple else shape


def _polygon(rings: Any) -> tuple[Any, bool]:
    lines = [_positions(ring) for ring in _list(rings)]
    open_rings = [bool((line[0] != line[-1]).any()) for line in lines]
    closed = [np.vstack([line, line[:1]]) if is_open else line for line, is_open in zip(lines, open_rings, strict=True)]
    if any(len(line) < 4 for line in closed):
        raise Unshaped("bad_geometry")
    shell, *holes = [shapely.LinearRing(line) for line in closed]
    return shapely.Polygon(shell, holes), any(open_rings)


def _list(value: Any) -> list[Any]:
    if type(value) is not list or not value:
        raise Unshaped("bad_coordinates")
    return value


def _positions(value: Any) -> np.ndarray:
    """(n, 2) float64."""
    return np.array([_position(position) for position in _list(value)])


def _position(value: Any) -> tuple[float, float]:
    """Numbers only: text that looks like one is a fault of the file."""
    if type(value) is not list or len(value) < 2 or type(value[0]) is not Number or type(value[1]) is not Number:
        raise Unshaped("bad_coordinates")
    return float(value[0]), float(value[1])
