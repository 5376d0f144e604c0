"""The walking ring round a place. Apart from other areas, because the search along streets brings its compiler with it:
the process for partners and the public never loads it."""

from uuid import UUID

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.db.spatial import as_geojson
from abcd.db.tables import GRID, Place
from abcd.gaps.streets.rings import ring as street_ring
from abcd.gaps.streets.rings import starts_in
from abcd.gaps.streets.walk import StreetWalk, walking
from abcd.maps.geojson import DIGITS
from abcd.places.queries import place


def ring(s: Session, reference: str, minutes: float, profile: str = "standard") -> bytes:
    """The walking ring of a place as one GeoJSON feature: what lies within ``minutes`` on foot of it.

    Along streets from everywhere inside it where a map of streets is loaded, else by straight line from its edge.

    Raises:
        NotFound: no such place.
        BadRequest: no such walking profile.
    """
    found, whole = place(s, reference), min(max(minutes, 0.0), 60.0)
    walk = walking(s, found.box, profile)
    if isinstance(walk, StreetWalk):
        shape = s.scalar(select(as_geojson(func.ST_GeomFromEWKB(along_streets(s, found.id, walk, whole)), DIGITS)))
    else:
        wide = func.ST_Buffer(Place.geom, walk.reach_metres(whole), 16)
        shape = s.scalar(select(as_geojson(wide, DIGITS)).where(Place.id == found.id))
    properties = f'{{"minutes":{minutes:g}}}'
    return f'{{"type":"Feature","id":"ring-{found.id}","geometry":{shape},"properties":{properties}}}'.encode()


def along_streets(s: Session, place_id: UUID, walk: StreetWalk, minutes: float) -> bytes:
    """The ring of a place along streets, as EWKB in metres."""
    area = shapely.from_wkb(bytes(s.scalars(select(func.ST_AsBinary(Place.geom)).where(Place.id == place_id)).one()))
    shape = street_ring(
        walk.streets, *starts_in(walk.streets, area), walk.reach_metres(minutes), is_level=walk.is_level
    )
    return shapely.to_wkb(shapely.set_srid(shapely.union(shape, area), GRID), include_srid=True)
