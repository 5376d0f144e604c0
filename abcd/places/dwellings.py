"""Dwellings and postcodes with their households: the finest that is known of where people live."""

from uuid import UUID

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

INSIDE = text("""
select d.reference, d.kind, d.street, ST_X(d.point) as easting, ST_Y(d.point) as northing, d.households, d.workload,
  coalesce(source.name, '') as source
from core.place whole
join core.dwelling d on whole.geom && d.point and ST_Covers(whole.geom, d.point)
left join core.source on source.id = d.source_id
where whole.id = :place_id order by d.reference""")


def dwellings_in(s: Session, place_id: UUID) -> pd.DataFrame:
    """The dwellings of a place, or its postcodes where no dwelling is known; empty when neither is.

    Columns ``reference, kind, street, easting, northing`` (metres, EPSG:27700), ``households, workload, source``.
    """
    rows = s.execute(INSIDE, {"place_id": place_id})
    found = pd.DataFrame(rows.all(), columns=list(rows.keys()))
    finest = found["kind"] == "dwelling"
    return found[finest if finest.any() else ~finest].reset_index(drop=True)
