"""Boundaries as they come in: parsed, brought to metres, repaired, always a MultiPolygon."""

import json
from typing import Any

import numpy as np
import shapely
from geoalchemy2.elements import WKBElement
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import shape as shape_of

from abcd.core.geo import shapes_to_grid
from abcd.db.spatial import DEGREES
from abcd.db.tables import GRID
from abcd.errors import BadRequest

Shapes = NDArray[np.object_]
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def drawn_boundary(geojson: str | dict[str, Any]) -> shapely.MultiPolygon:
    """A polygon drawn on the map: GeoJSON (geometry or feature) in degrees, as a MultiPolygon in metres.

    Raises:
        BadRequest: it is not a polygon with an area.
    """
    try:
        said = json.loads(geojson) if isinstance(geojson, str) else geojson
        drawn = shape_of(said.get("geometry", said))
    except (ValueError, TypeError, AttributeError, KeyError, ShapelyError) as error:
        raise BadRequest("The boundary could not be read. Draw the place on the map again.") from error
    metres = shapes_to_grid(np.array([drawn], dtype=object), DEGREES)
    boundary = as_multipolygons(metres)[0]
    if boundary is None:
        raise BadRequest("This boundary has no area. Draw at least three corners around the place.")
    found: shapely.MultiPolygon = boundary
    return found


def as_multipolygons(geoms: Shapes) -> Shapes:
    """Each geometry made valid and reduced to its areas; None where it has none. Shape (n,) in, (n,) out."""
    valid = shapely.make_valid(geoms)
    return np.array([_areas_of(geom) for geom in valid], dtype=object)


def _areas_of(geom: shapely.Geometry | None) -> shapely.MultiPolygon | None:
    if geom is None:
        return None
    parts = [part for piece in shapely.get_parts([geom]) for part in shapely.get_parts([piece])]
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(areas) if areas else None


def points_inside(boundaries: Any) -> Any:
    """One point inside each boundary (or inside the one), also where it bends around its centroid."""
    return shapely.point_on_surface(boundaries)


def stored(geom: shapely.Geometry) -> WKBElement:
    """A geometry in metres as the store takes it."""
    return WKBElement(shapely.to_wkb(geom), srid=GRID)
