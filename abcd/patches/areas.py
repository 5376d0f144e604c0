"""Small census areas as blocks: those of a place, with their households, linked where they share a border."""

from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.patches.homes import Homes
from abcd.patches.net import Places, Shapes, middle_of, net_of, stock_of
from abcd.places.households import small_areas
from abcd.places.records import PlaceRecord

#: Metres of border that two areas must share to be neighbours: corners do not count.
BORDER = 5.0

SHAPES = """
select id, reference, coalesce(nullif(name, ''), reference) as name, ST_AsBinary(geom) as wkb
from core.place where id = any(:ids)"""


def areas_of(s: Session, place: PlaceRecord) -> Homes | None:
    """The small areas whose point lies in ``place``, in the order of their references: the same seed draws the same
    plan in every store. ``None`` where none has households."""
    found = small_areas(s, place.id)
    if found.empty:
        return None
    rows = {row.id: row for row in s.execute(text(SHAPES), {"ids": list(found["place_id"])})}
    found = found.iloc[np.argsort([rows[each].reference for each in found["place_id"]], kind="stable")]
    ids: tuple[UUID, ...] = tuple(found["place_id"])
    shapes: Shapes = np.asarray(shapely.from_wkb([bytes(rows[each].wkb) for each in ids]))
    households, easting, northing = (found[name].to_numpy(dtype=np.float64)
                                     for name in ("households", "easting", "northing"))  # fmt: skip
    stock = stock_of(households, easting, northing)
    none = np.empty((0, 2), dtype=np.int64)
    return Homes(
        finest="areas", called=tuple(rows[each].name for each in ids), members=tuple((str(each),) for each in ids),
        households=households, stock=stock, net=net_of(stock, neighbours(shapes)), shapes=shapes,
        middle=middle_of(easting, northing), street=np.full(len(ids), -1, dtype=np.int64), walled=none,
    )  # fmt: skip


def neighbours(shapes: Shapes) -> Places:
    """Pairs of shapes (m, 2) that share more than ``BORDER`` metres of their edges, or overlap."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = a < b
    a, b = a[once], b[once]
    shared = shapely.length(shapely.intersection(shapes[a], shapes[b]))
    pairs: Places = np.column_stack([a, b])[shared > BORDER]
    return pairs
