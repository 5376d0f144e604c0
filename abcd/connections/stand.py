"""From where somebody looks: a postcode or a place, and how far it is from there to where people are at home.

Residents belong to a patch and to nothing finer, so that a walk to somebody is a band (product.md C.3).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import Float, cast, func, or_, select
from sqlalchemy.orm import Session

from abcd.connections.matching.ways import patches_of
from abcd.core.text import postcode_in, postcode_key
from abcd.db.spatial import grid_point, within_metres
from abcd.db.tables import HOME_KINDS, Place, Postcode
from abcd.gaps.onfoot import OnFoot, on_foot


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


def homes_within(s: Session, stand: Stand, minutes: float) -> list[UUID]:
    """Patches and estates that a walk of ``minutes`` from here may reach."""
    metres = walks_from(s, stand).walk.reach_metres(minutes)
    here = grid_point(stand.easting, stand.northing)
    near = Place.kind.in_(HOME_KINDS), Place.end_date.is_(None), within_metres(Place.geom, here, metres)
    return list(s.scalars(select(Place.id).where(*near)))


def walks_to(s: Session, stand: Stand, homes: Collection[UUID]) -> dict[UUID, float]:
    """Minutes from here to the homes of each of these patches and estates."""
    if not homes:
        return {}
    own = stand.place_id if stand.is_home else None
    patches = patches_of(s, {*homes, own} if own else set(homes), {own} if own else set())
    is_own = own is not None and own in patches.at
    minutes = patches.between(own) if is_own and own else patches.from_point(walks_from(s, stand))
    return {home: float(minutes[at]) for home, at in patches.at.items()}


def minutes_to(
    s: Session, stand: Stand | None, spots: Sequence[tuple[float | None, float | None]]
) -> list[float | None]:
    """Minutes from here to each spot in metres: None where nobody knows it, infinite where there is no way."""
    if stand is None or not spots:
        return [None] * len(spots)
    points = np.array([[np.nan if one is None else one for one in spot] for spot in spots], dtype=float)
    is_known = np.isfinite(points).all(axis=1)
    walked = iter(walks_from(s, stand).minutes(points[is_known]).tolist())
    return [next(walked) if known else None for known in is_known]


def walks_from(s: Session, stand: Stand) -> OnFoot:
    """Walks from where somebody stands, along streets and round barriers where they are loaded."""
    return on_foot(s, shapely.Point(stand.easting, stand.northing))
