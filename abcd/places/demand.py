"""Where the households of places are: the points that every measure, walk and site is weighed by."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

SMALL_AREA_KINDS = ("oa", "lsoa")
"""Census areas that are added up, the finest first."""

LEAST_SHARE = 0.5
"""A list of homes stands for a place when it holds at least this share of its households: a landlord's few homes in a
ward say little of where its people live."""

MOST_POINTS = 2_000
"""A place with more homes than this is measured by its census areas, or else by squares of ``SQUARE`` metres."""

SQUARE = 100.0

COLUMNS = ("place_id", "easting", "northing", "households", "kind", "total")

# Of the lists that hold enough of a place's households the finest is taken, else the census areas as in
# places.households, else the place's own point; of small areas one kind and one census count, never two together.
DEMAND = text("""
with whole as materialized (
  select id, geom, point, households from core.place where id = any(:places)
),
home as materialized (
  select whole.id as place_id, d.kind, d.point, d.households
  from whole join core.dwelling d on whole.geom && d.point and ST_Covers(whole.geom, d.point)
),
inside as materialized (
  select whole.id as place_id, a.kind, ST_Centroid(a.geom) as middle, h.year, h.count
  from whole
  join core.place a on whole.geom && a.point and ST_Covers(whole.geom, a.point)
    and a.kind = any(:kinds) and a.end_date is null
  join core.households h on h.place_id = a.id and h.measure = 'all'
),
chosen as (
  select distinct on (place_id) place_id, kind, year from inside
  order by place_id, array_position(:kinds, kind), year desc
),
area as materialized (select * from inside join chosen using (place_id, kind, year)),
counted as (select place_id, sum(count) as n from area group by place_id),
listed as (select place_id, kind, sum(households) as n, count(*) as points from home group by 1, 2),
amount as (
  select whole.id as place_id,
    coalesce(whole.households, counted.n, (select n from listed where listed.place_id = whole.id
                                           order by listed.kind limit 1)) as total
  from whole left join counted on counted.place_id = whole.id
),
finest as (
  select distinct on (listed.place_id) listed.place_id, listed.kind
  from listed join amount using (place_id) left join counted using (place_id)
  where listed.n > 0 and listed.n >= :least * amount.total and (listed.points <= :most or counted.n is null)
  order by listed.place_id, listed.kind
)
select home.place_id, ST_X(home.point) as easting, ST_Y(home.point) as northing, home.households, home.kind,
  amount.total
from home join finest using (place_id, kind) join amount using (place_id)
union all
select area.place_id, ST_X(middle), ST_Y(middle), area.count, 'area', amount.total
from area join amount using (place_id) where not exists (select from finest where finest.place_id = area.place_id)
union all
select whole.id, ST_X(whole.point), ST_Y(whole.point), whole.households, 'place', whole.households
from whole where whole.households is not null
  and not exists (select from finest where finest.place_id = whole.id)
  and not exists (select from area where area.place_id = whole.id)
order by 1, 2, 3, 4""")


def demand_in(s: Session, places: Sequence[UUID]) -> pd.DataFrame:
    """Where the households of each of ``places`` are: one row a point, none for a place of which nothing is known.

    Columns ``place_id, easting, northing`` (metres, EPSG:27700), ``households``, ``kind`` (``dwelling``, ``postcode``,
    ``area`` for the middle of a census area, ``place`` for its own point) and ``total``, the households of the place
    as ``places.households_in`` counts them, which is what rates are for.
    """
    values = {"places": list(places), "kinds": list(SMALL_AREA_KINDS), "least": LEAST_SHARE, "most": MOST_POINTS}
    found = pd.DataFrame(s.execute(DEMAND, values).all(), columns=list(COLUMNS))
    many = found.groupby("place_id")["kind"].transform("size") > MOST_POINTS
    crowded = many & found["kind"].isin(("dwelling", "postcode"))
    return pd.concat([found[~crowded], _by_squares(found[crowded])]) if crowded.any() else found


def _by_squares(found: pd.DataFrame) -> pd.DataFrame:
    """Points put together by squares, each at the middle of its households."""
    weights = np.maximum(found["households"].to_numpy(float), 1e-9)
    parts = found.assign(
        east=found["easting"] * weights, north=found["northing"] * weights, weight=weights,
        column=found["easting"] // SQUARE, line=found["northing"] // SQUARE,
    )  # fmt: skip
    keys = ["place_id", "kind", "total", "column", "line"]
    summed = parts.groupby(keys, as_index=False)[["east", "north", "weight", "households"]].sum()
    placed = summed.assign(easting=summed["east"] / summed["weight"], northing=summed["north"] / summed["weight"])
    return placed[list(COLUMNS)]
