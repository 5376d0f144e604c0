"""What a person sees of a stage before confirming: the rows, and their points on a map."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.errors import NotFound
from abcd.intake.stage import names_of

SHOWN_ROWS = 200
SHOWN_POINTS = 2_000

_ROWS = """
select row, name, category, address, postcode, located_by, precision_m, phone, email, website, opening_hours, reject
from {rows} where into_row is null order by reject = '', row limit :shown
"""

# Spread over the whole file, so that the map shows its extent whatever the order of its rows.
_POINTS = """
select json_build_object('type', 'Feature', 'id', row,
         'geometry', ST_AsGeoJSON(ST_Transform(point, 4326), 6)::json,
         'properties', json_build_object('row', row, 'name', name, 'category', category, 'asset_kind', asset_kind,
                                         'located_by', located_by))
from {rows} where point is not null and not is_sensitive and into_row is null and reject = ''
order by hashint8(row) limit :shown
"""


@dataclass(frozen=True)
class Preview:
    """Some rows (a frame, as they would be loaded) and some points (a GeoJSON FeatureCollection in degrees)."""

    rows: pd.DataFrame
    points: dict[str, Any]

    def points_json(self) -> str:
        """The points as text."""
        return json.dumps(self.points)


def preview(s: Session, import_id: UUID, rows: int = SHOWN_ROWS, points: int = SHOWN_POINTS) -> Preview:
    """The first rows of a stage, those that cannot be used before the others, and up to ``points`` of its points.

    Raises:
        NotFound: there is no such import, or it waits no longer.
    """
    names = names_of(import_id)
    if s.scalar(text("select to_regclass(:name)"), {"name": names["rows"]}) is None:
        raise NotFound("This import is not waiting any more. Look at the list of imports, or bring the file again.")
    shown = s.execute(text(_ROWS.format(**names)), {"shown": rows})
    frame = pd.DataFrame(shown.fetchall(), columns=list(shown.keys()))
    features = list(s.scalars(text(_POINTS.format(**names)), {"shown": points}))
    return Preview(frame, {"type": "FeatureCollection", "features": features})
