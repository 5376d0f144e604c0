"""Small census areas as blocks: those of a place, with their households, linked where they share a border."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import BadRequest
from abcd.patches.net import Net, Places, Stock, net_of, stock_of
from abcd.patches.quality import Shapes
from abcd.places.households import small_areas
from abcd.places.records import PlaceRecord

#: Metres of border that two areas must share to be neighbours: corners do not count.
BORDER = 5.0

SHAPES = "select id, ST_AsBinary(geom) from core.place where id = any(:ids)"


@dataclass(frozen=True)
class Areas:
    """The blocks of a place.

    Attributes:
        ids: the place of each block, (n,).
        stock: households and middles.
        net: which blocks are neighbours.
        shapes: their boundaries in EPSG:27700, (n,).
    """

    ids: tuple[UUID, ...]
    stock: Stock
    net: Net
    shapes: Shapes


def areas_of(s: Session, place: PlaceRecord) -> Areas:
    """The small areas whose point lies in ``place``, in the order of their ids.

    Raises:
        BadRequest: the place holds no small area with households.
    """
    found = small_areas(s, place.id)
    if found.empty:
        raise BadRequest(
            _(
                "{place} holds no small areas with households. Import their boundaries (abcd import places FILE "
                "--kind oa) and their households (abcd import households FILE), then try again."
            ).format(place=place.name)
        )
    ids = tuple(found["place_id"])
    wkb = {row.id: row[1] for row in s.execute(text(SHAPES), {"ids": list(ids)})}
    shapes: Shapes = np.asarray(shapely.from_wkb([bytes(wkb[each]) for each in ids]))
    stock = stock_of(*(found[name].to_numpy(dtype=np.float64) for name in ("households", "easting", "northing")))
    return Areas(ids, stock, net_of(stock, neighbours(shapes)), shapes)


def neighbours(shapes: Shapes) -> Places:
    """Pairs of shapes (m, 2) that share more than ``BORDER`` metres of their edges, or overlap."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = a < b
    a, b = a[once], b[once]
    shared = shapely.length(shapely.intersection(shapes[a], shapes[b]))
    pairs: Places = np.column_stack([a, b])[shared > BORDER]
    return pairs
