"""From where somebody looks: a postcode or a place."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Float, cast, func, or_, select
from sqlalchemy.orm import Session

from abcd.core.text import postcode_in, postcode_key
from abcd.db.tables import HOME_KINDS, Place, Postcode


@dataclass(frozen=True)
class Stand:
    """A point in metres, and the place when it stands for one."""

    easting: float
    northing: float
    name: str
    place_id: UUID | None = None
    is_home: bool = False


def stand_at(s: Session, near: str) -> Stand | None:
    """Where ``near`` is: a postcode, or the name or reference of a place; None when nobody knows it."""
    return _postcode(s, near) if postcode_in(near) else _place(s, near.strip())


def _postcode(s: Session, near: str) -> Stand | None:
    point = cast(func.ST_X(Postcode.point), Float), cast(func.ST_Y(Postcode.point), Float)
    row = s.execute(select(*point).where(Postcode.postcode == postcode_key(postcode_in(near)))).first()
    return None if row is None else Stand(row[0], row[1], postcode_in(near))


def _place(s: Session, near: str) -> Stand | None:
    named = or_(Place.reference == near, func.lower(Place.name) == near.lower())
    newest = (Place.reference == near).desc(), Place.kind.in_(HOME_KINDS).desc(), Place.vintage.desc(), Place.id
    point = cast(func.ST_X(Place.point), Float), cast(func.ST_Y(Place.point), Float)
    found = select(*point, Place.name, Place.id, Place.kind.in_(HOME_KINDS)).where(named, Place.end_date.is_(None))
    row = s.execute(found.order_by(*newest).limit(1)).first()
    return None if row is None else Stand(*row)
