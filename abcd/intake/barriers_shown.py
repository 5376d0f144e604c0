"""A stage of barriers on a map: its lines and its crossings as GeoJSON in degrees."""

import json
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from abcd.core.geo import shapes_to_degrees
from abcd.intake.barriers_stage import waiting

MOST = 2_000
FINE = 2.0
"""Metres by which a line on the map may miss itself."""


def lines_of(s: Session, import_id: UUID) -> dict[str, Any]:
    """Up to ``MOST`` lines of a stage, as a FeatureCollection.

    Raises:
        NotFound: it waits no longer.
    """
    rows = waiting(s, import_id)[0][:MOST]
    told = [{"name": row.name, "nature": row.nature, "is_hard": row.is_hard} for row in rows]
    return _collection([row.line.simplify(FINE) for row in rows], told)


def crossings_of(s: Session, import_id: UUID) -> dict[str, Any]:
    """Up to ``MOST`` crossings of a stage, as a FeatureCollection.

    Raises:
        NotFound: it waits no longer.
    """
    rows = waiting(s, import_id)[1][:MOST]
    return _collection([row.point for row in rows], [{"name": row.name, "step_free": row.step_free} for row in rows])


def _collection(shapes: list[Any], told: list[dict[str, Any]]) -> dict[str, Any]:
    degrees = shapely.set_precision(shapes_to_degrees(np.array(shapes, dtype=object)), 1e-6)
    features = [
        {"type": "Feature", "id": n, "geometry": json.loads(shapely.to_geojson(shape)), "properties": facts}
        for n, (shape, facts) in enumerate(zip(degrees, told, strict=True), start=1)
    ]
    return {"type": "FeatureCollection", "features": features}
