"""Assets whose place must not be known (refuge, recovery, asylum support): it lies apart, and few may read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Float, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Asset, SensitiveLocation
from abcd.errors import NotFound

NOWHERE: dict[str, Any] = {"geom": None, "point": None, "address": "", "postcode": ""}


@dataclass(frozen=True)
class HiddenPlace:
    """Where a sensitive asset is, in metres (EPSG:27700); None when nobody wrote it down."""

    easting: float | None
    northing: float | None
    address: str
    postcode: str


def hide(s: Session, row: Asset) -> None:
    """Move where ``row`` is to the room that no output reads."""
    where = {"geom": row.geom if row.geom is not None else row.point, "address": row.address, "postcode": row.postcode}
    statement = insert(SensitiveLocation).values(asset_id=row.id, **where)
    for column, value in NOWHERE.items():
        setattr(row, column, value)
    row.is_sensitive = True
    s.flush()
    s.execute(statement.on_conflict_do_update(index_elements=[SensitiveLocation.asset_id], set_=where))


def reveal(s: Session, row: Asset) -> None:
    """Give ``row`` its place back: it is no longer sensitive."""
    hidden = s.get(SensitiveLocation, row.id)
    row.is_sensitive = False
    if hidden is not None:
        row.geom, row.address, row.postcode = hidden.geom, hidden.address, hidden.postcode
        row.point = None if hidden.geom is None else func.ST_PointOnSurface(hidden.geom)
        s.flush()
        s.execute(delete(SensitiveLocation).where(SensitiveLocation.asset_id == row.id))


def hidden_place(s: Session, asset_id: UUID, *, by: Actor) -> HiddenPlace:
    """Where a sensitive asset is; that it was looked at is written down.

    Raises:
        NotAllowed: ``by`` is not among the few who may know.
        NotFound: the asset is not a sensitive one.
    """
    require(by, "see_sensitive_location", "asset")
    point = func.ST_PointOnSurface(SensitiveLocation.geom)
    where = cast(func.ST_X(point), Float), cast(func.ST_Y(point), Float)
    rows = select(*where, SensitiveLocation.address, SensitiveLocation.postcode)
    found = s.execute(rows.where(SensitiveLocation.asset_id == asset_id)).first()
    if found is None:
        raise NotFound("Nothing is hidden about this asset.")
    record(s, "see_sensitive_location", "asset", asset_id, by=by)
    return HiddenPlace(*found)
