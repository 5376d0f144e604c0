"""How many households a place has, and where they are: the demand side of every gap."""

from uuid import UUID

import pandas as pd
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import NotFound
from abcd.places.records import HouseholdCount

SMALL_AREA_KINDS = ("oa", "lsoa")
"""Census areas that are added up, the finest first."""

OWN = """
select kind, households, denominators_source, denominators_year, ST_X(point) as easting, ST_Y(point) as northing
from core.place where id = :place_id"""

# A point on the surface says whether an area lies within (a centroid may lie next door); the centroid is where its
# households are taken to be. The finest kind with figures decides, then its newest census:
# kinds and years overlap and must not be added together.
SMALL_AREAS = """
with inside as materialized (
  select area.id, area.kind, ST_Centroid(area.geom) as middle, h.year, h.count, h.source_id
  from core.place whole
  join core.place area on whole.geom && area.point and ST_Covers(whole.geom, area.point)
    and area.kind = any(:kinds) and area.end_date is null
  join core.households h on h.place_id = area.id and h.measure = :measure
  where whole.id = :place_id
),
chosen as (select kind, year from inside order by array_position(:kinds, kind), year desc limit 1)
select inside.id as place_id, kind, year, ST_X(middle) as easting, ST_Y(middle) as northing, count as households,
  coalesce(source.name, '') as source
from inside join chosen using (kind, year) left join core.source on source.id = inside.source_id
order by place_id"""


def small_areas(s: Session, place_id: UUID, measure: str = "all") -> pd.DataFrame:
    """Census areas whose point lies in the place: ``place_id, kind, year, easting, northing, households, source``.

    One kind (output areas before LSOAs) and one year (the newest); empty when none has a figure.
    """
    rows = s.execute(text(SMALL_AREAS), {"place_id": place_id, "measure": measure, "kinds": list(SMALL_AREA_KINDS)})
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def households_in(s: Session, place_id: UUID, measure: str = "all") -> HouseholdCount:
    """Households of a place: its own figure if it was given one, else the census areas within it.

    A place's own figure was counted for exactly this boundary, so it goes before a sum of areas that nearly fit it.

    Raises:
        NotFound: no such place.
    """
    own = _own(s, place_id)
    if measure == "all" and own["households"] is not None:
        source = own["denominators_source"] or _("its own figure")
        return HouseholdCount(own["households"], source, own["denominators_year"])
    areas = small_areas(s, place_id, measure)
    if areas.empty:
        return HouseholdCount(None, _("nobody has given a figure"), None)
    kind, year, source = areas.iloc[0][["kind", "year", "source"]]
    return HouseholdCount(int(areas["households"].sum()), source, int(year), len(areas), kind)


def demand_points(s: Session, place_id: UUID) -> pd.DataFrame:
    """Where the households of a place are: columns ``easting, northing, households``, metres in EPSG:27700.

    The centroids of the census areas within; else the place's own point with its own figure; else no row.

    Raises:
        NotFound: no such place.
    """
    areas = small_areas(s, place_id)
    if not areas.empty:
        return areas[["easting", "northing", "households"]]
    own = _own(s, place_id)
    points = pd.DataFrame([own])[["easting", "northing", "households"]]
    return points[points["households"].notna()].reset_index(drop=True)


def _own(s: Session, place_id: UUID) -> RowMapping:
    row = s.execute(text(OWN), {"place_id": place_id}).mappings().first()
    if row is None:
        raise NotFound("This place is no longer there.")
    return row
