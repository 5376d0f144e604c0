"""How many households a place has, by its own figure or its census areas."""

from uuid import UUID

import pandas as pd
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import NotFound
from abcd.places.demand import SMALL_AREA_KINDS, demand_in
from abcd.places.dwellings import dwellings_in
from abcd.places.records import HouseholdCount

OWN = """
select kind, households, denominators_source, denominators_year
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
    """Households of a place: its own figure if it was given one, else the census areas within it, else listed homes.

    A place's own figure was counted for exactly this boundary, so it goes before a sum of areas that nearly fit it. A
    landlord's list of homes holds its own alone, so it comes last.

    Raises:
        NotFound: no such place.
    """
    own = _own(s, place_id)
    if measure == "all" and own["households"] is not None:
        source = own["denominators_source"] or _("its own figure")
        return HouseholdCount(own["households"], source, own["denominators_year"])
    areas = small_areas(s, place_id, measure)
    if areas.empty:
        return _listed(s, place_id) if measure == "all" else HouseholdCount(None, _("nobody has given a figure"), None)
    kind, year, source = areas.iloc[0][["kind", "year", "source"]]
    return HouseholdCount(int(areas["households"].sum()), source, int(year), len(areas), kind)


def demand_points(s: Session, place_id: UUID) -> pd.DataFrame:
    """Where the households of a place are: the rows of ``places.demand.demand_in`` for it alone."""
    return demand_in(s, [place_id])


def _listed(s: Session, place_id: UUID) -> HouseholdCount:
    """The homes of a place that somebody listed, when there are any."""
    homes = dwellings_in(s, place_id)
    if homes.empty:
        return HouseholdCount(None, _("nobody has given a figure"), None)
    return HouseholdCount(int(homes["households"].sum()), homes["source"].iloc[0] or _("a list of homes"), None)


def _own(s: Session, place_id: UUID) -> RowMapping:
    row = s.execute(text(OWN), {"place_id": place_id}).mappings().first()
    if row is None:
        raise NotFound("This place is no longer there.")
    return row
