"""What plans are drawn on, kept and read back: a plan stays as it was drawn when homes or streets change."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import PatchBlock, PatchGround
from abcd.patches.homes import Around, Homes, Way
from abcd.patches.net import middle_of, net_of, stock_of, tails
from abcd.places.records import PlaceRecord
from abcd.places.shapes import as_multipolygons, stored


def keep_ground(s: Session, place: PlaceRecord, homes: Homes, *, by: Actor) -> UUID:
    """Keep the homes that plans are drawn on; returns the id. It is written once and not changed."""
    tail = tails(homes.net)
    once = tail < homes.net.to
    base = homes.around.base
    row = PatchGround(
        place_id=place.id, finest=homes.finest, reach=homes.reach, base_name=homes.around.base_name,
        base=stored(shapely.Point(base)) if base else None, tail=tail[once].tolist(),
        head=homes.net.to[once].tolist(), bond=homes.net.bond[once].tolist(), walled=homes.walled.tolist(),
        ways=[_as_json(way) for way in homes.ways], over=list(homes.over), made_by=by.name,
    )  # fmt: skip
    s.add(row)
    s.flush()
    if len(homes.called):
        s.execute(insert(PatchBlock), _blocks(row.id, homes))
    return row.id


def _as_json(way: Way) -> dict[str, Any]:
    return asdict(way) | {"crossing_id": str(way.crossing_id)}


def _blocks(ground_id: UUID, homes: Homes) -> list[dict[str, Any]]:
    cells, points = as_multipolygons(homes.shapes), np.asarray(shapely.points(homes.points))
    return [
        {"ground_id": ground_id, "number": k, "name": homes.called[k], "street": int(homes.street[k]),
         "households": float(homes.households[k]), "load": float(homes.stock.weight[k]),
         "point": stored(points[k]), "cell": stored(cells[k]), "members": list(homes.members[k])}
        for k in range(len(homes.called))
    ]  # fmt: skip


def ground(s: Session, ground_id: UUID) -> Homes:
    """The homes as they were when the plans of this ground were drawn."""
    row = s.get_one(PatchGround, ground_id)
    named = [PatchBlock.name, PatchBlock.street, PatchBlock.households, PatchBlock.load, PatchBlock.members]
    at: list[Any] = [func.ST_X(PatchBlock.point).label("easting"), func.ST_Y(PatchBlock.point).label("northing"),
                     func.ST_AsBinary(PatchBlock.cell).label("wkb")]  # fmt: skip
    asked = select(*named, *at).where(PatchBlock.ground_id == ground_id).order_by(PatchBlock.number)
    found = s.execute(asked).all()
    load, easting, northing, households = (
        np.array([getattr(each, name) for each in found], dtype=np.float64)
        for name in ("load", "easting", "northing", "households")
    )
    stock = stock_of(load, easting, northing)
    return Homes(
        finest=row.finest,
        called=tuple(each.name for each in found),
        members=tuple(tuple(each.members) for each in found),
        households=households,
        stock=stock,
        net=net_of(stock, np.array([row.tail, row.head], dtype=np.int64).T, np.array(row.bond, dtype=np.float64)),
        shapes=np.asarray(shapely.from_wkb([bytes(each.wkb) for each in found])),
        middle=middle_of(easting, northing),
        street=np.array([each.street for each in found], dtype=np.int64),
        walled=np.array(row.walled, dtype=np.int64).reshape(-1, 2),
        ways=tuple(Way(**each | {"crossing_id": UUID(each["crossing_id"])}) for each in row.ways),
        reach=row.reach,
        over=tuple(row.over),
        around=_base(s, row),
    )


def _base(s: Session, row: PatchGround) -> Around:
    """Where the coach starts from, if somebody said so."""
    if row.base is None:
        return Around()
    at = s.execute(select(func.ST_X(PatchGround.base), func.ST_Y(PatchGround.base)).where(PatchGround.id == row.id))
    easting, northing = at.one()
    return Around(base=(easting, northing), base_name=row.base_name)
