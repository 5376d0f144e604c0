"""What a test needs in the store, saying only what matters. Points are (easting, northing) in metres."""

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from shapely import Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func
from sqlalchemy.orm import Session

from abcd.db.tables import Asset, Group, Households, Place, SearchEffort, Term, Venue

TODAY = date(2026, 6, 1)
HERE = (380_000.0, 394_000.0)

# Written with so many digits, what is made later comes later in each list of names, whichever tests ran before.
_numbers = count(1)


def shape(geom: BaseGeometry) -> Any:
    """A shapely geometry in metres as a value to store."""
    return func.ST_SetSRID(func.ST_GeomFromWKB(geom.wkb), 27700)


def a_place(
    s: Session,
    at: tuple[float, float] = HERE,
    *,
    kind: str = "estate",
    size: float = 400,
    households: int | None = None,
    name: str = "Old Mill",
    **more: Any,
) -> UUID:
    """A square place of ``size`` metres round ``at``."""
    east, north = at
    square = box(east - size / 2, north - size / 2, east + size / 2, north + size / 2)
    place = Place(kind=kind, reference=f"P{next(_numbers):05d}", name=name, households=households,
                  geom=func.ST_Multi(shape(square)), point=shape(Point(at)), **more)  # fmt: skip
    return _added(s, place).id


def a_small_area(s: Session, at: tuple[float, float], households: int, kind: str = "oa", size: float = 20) -> UUID:
    """A census area with its households, counted in 2021."""
    area = a_place(s, at, kind=kind, size=size, name="Small area")
    s.add(Households(place_id=area, year=2021, measure="all", count=households))
    s.flush()
    return area


def a_term(s: Session, slug: str, **more: Any) -> str:
    """A category of the taxonomy, if it is not there yet."""
    if s.get(Term, slug) is None:
        _added(s, Term(slug=slug, name=slug.replace("-", " ").capitalize(), **more))
    return slug


def an_asset(
    s: Session,
    category: str = "library",
    at: tuple[float, float] | None = HERE,
    *,
    checked: date | None = TODAY,
    geom: BaseGeometry | None = None,
    kind: str = "institution",
    **more: Any,
) -> UUID:
    """An active asset of ``category`` at a point, or with a shape, checked on ``checked``."""
    where = geom or (Point(at) if at else None)
    asset = Asset(
        asset_kind=kind, category=category, name=more.pop("name", f"{category} {next(_numbers):05d}"),
        assured_on=checked, geom=shape(where) if where else None,
        point=shape(where.representative_point()) if where else None, **more,
    )  # fmt: skip
    return _added(s, asset).id


def a_group(s: Session, category: str = "gardening-group", at: tuple[float, float] = HERE, *,
            needs_room: bool = False, room_need: str = "", meets_at: UUID | None = None, run_by: str = "",
            **more: Any) -> UUID:  # fmt: skip
    """A group of people."""
    asset = an_asset(s, category, at, kind="association", **more)
    s.add(Group(asset_id=asset, needs_room=needs_room, room_need=room_need, meets_at=meets_at, run_by=run_by))
    s.flush()
    return asset


def a_venue(s: Session, category: str = "community-centre", at: tuple[float, float] = HERE, *,
            spare_grid: int | None = None, is_underused: bool = False, capacity: int | None = None,
            **more: Any) -> UUID:  # fmt: skip
    """Something with rooms."""
    asset = an_asset(s, category, at, kind="physical", **more)
    s.add(Venue(asset_id=asset, spare_grid=spare_grid, is_underused=is_underused, capacity=capacity))
    s.flush()
    return asset


def a_search(s: Session, place_id: UUID, category: str, method: str = "desk", on: date = TODAY, found: int = 0) -> UUID:
    """Somebody looked."""
    effort = SearchEffort(place_id=place_id, category=category, method=method, looked_on=on, found_n=found)
    return _added(s, effort).id


def _added(s: Session, row: Any) -> Any:
    s.add(row)
    s.flush()
    return row
