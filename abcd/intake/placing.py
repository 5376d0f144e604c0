"""Where staged rows are when the file does not say it in numbers: by UPRN, by postcode, by the name of a place.

Each step is a set-based statement over the whole stage. Nothing here drops a row: what cannot be located stays
without a point and becomes an issue.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.tables import GRID
from abcd.intake.frame import ASSET_FRAME
from abcd.intake.stage import names_of, note

UPRN_PRECISION_M = 5
"""A property point lies on its building."""

POSTCODE_PRECISION_M = 100
"""A postcode holds about 15 addresses; its centroid is within 100 m of nearly all of them in towns."""

NEAR_POSTCODE_M = 500
"""Further than this from its own postcode, one of the two is probably wrong."""

WIDEST_PLACE_M = 2_000
"""A place larger than this (radius of the circle of equal area) says too little about where a thing is."""

_REWORKED = {"located_by", "precision_m", "facilities", "extra"}
_AS_CAME = ", ".join(f"r.{name}" for name in ASSET_FRAME.names() if name not in _REWORKED)

# Time first, then 74 random bits (UUID version 7): as hard to guess as any, and the primary key grows at one end.
_NEW_ID = """(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
         || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"""

# Whatever can be worked out row by row is worked out here, because this statement runs on every core (so no CTE and
# no temporary table), while the insert into the register runs on one.
_PLACED = f"""
create unlogged table {{rows}} as
select {_AS_CAME}, {_NEW_ID} as asset_id, a.point, a.located_by, a.precision_m,
       coalesce(nullif(r.facilities, '')::jsonb, jsonb_build_object()) as facilities,
       coalesce(nullif(r.extra, '')::jsonb, jsonb_build_object()) as extra,
       case when r.easting is not null then ST_Distance(a.point, c.point) end as off_postcode_m,
       f.into_row,
       case when r.reference <> '' and h.reference is null then r.reference
            else '~' || md5(lower(r.name) || '|' || coalesce(nullif(r.postcode, ''),
                                                             round(r.easting) || ' ' || round(r.northing), r.address))
       end as ref
from {{arrivals}} r
left join {{folds}} f on f.row = r.row
left join {{shared}} h on h.reference = r.reference
left join core.property p on p.uprn = r.uprn and r.easting is null
left join core.postcode c on r.postcode <> '' and c.postcode = replace(r.postcode, ' ', '')
left join (
    select lower(name) as name, (array_agg(point))[1] as point, max(sqrt(ST_Area(geom) / pi())) as radius
    from core.place where kind not in ('oa', 'lsoa', 'msoa', 'lad') and end_date is null
    group by 1 having count(distinct reference) = 1 and max(sqrt(ST_Area(geom) / pi())) <= {WIDEST_PLACE_M}
) n on r.easting is null and r.place_name <> '' and n.name = lower(r.place_name)
cross join lateral (
    select case when r.easting is not null then ST_SetSRID(ST_MakePoint(r.easting, r.northing), {GRID})
                else coalesce(p.point, c.point, n.point) end::geometry(Point, {GRID}) as point,
           case when r.reject <> '' then ''
                when r.easting is not null then r.located_by
                when p.point is not null then 'uprn'
                when c.point is not null and r.postcode_by = 'address' then 'postcode in address'
                when c.point is not null then 'postcode'
                when n.point is not null then 'place name' else '' end as located_by,
           case when r.easting is not null then r.precision_m
                when p.point is not null then {UPRN_PRECISION_M}
                when c.point is not null then {POSTCODE_PRECISION_M}
                else n.radius end as precision_m
) a
"""

_TOLD_APART = """
update {rows} k set ref = k.ref || '.' || o.nth
from (
    select row, row_number() over (partition by ref order by easting, northing, row_key, row) as nth
    from {rows} where into_row is null and reject = '' and ref in (
        select ref from {rows} where into_row is null and reject = '' and ref like '~%' group by 1 having count(*) > 1)
) o where k.row = o.row and o.nth > 1
"""

_UNLOCATED = """
select 'unlocated', row, '', case when is_sensitive then name
         else concat_ws(', ', nullif(name, ''), nullif(address, ''), nullif(postcode, '')) end,
       'No place could be found for this row: it has no usable coordinates and no postcode we know.',
       'Kept without a point. Add coordinates or a full postcode, or load newer postcodes.'
from {rows} where located_by = '' and reject = ''
"""

_FAR = f"""
select 'far_from_postcode', row, 'postcode', postcode,
       'The point lies ' || round(off_postcode_m) || ' m from its own postcode.',
       'Kept where the coordinates say. Check whether the coordinates or the postcode are right.'
from {{rows}} where off_postcode_m > {NEAR_POSTCODE_M} and reject = '' and not is_sensitive
"""

_OUTSIDE = """
select 'outside_area', r.row, '', r.name,
       'This lies outside the area you work in.', 'Kept. Leave it if neighbours go there, retire it if they do not.'
from {rows} r
where r.point is not null and r.reject = '' and not exists (
    select 1 from core.place p where p.kind = :kind and p.geom && r.point and ST_Covers(p.geom, r.point))
"""


def place(s: Session, import_id: UUID) -> None:
    """Make the stage from the arrivals and their folds, every row with its point and how it was found."""
    for step in (_PLACED, _TOLD_APART):
        s.execute(text(step.format(**names_of(import_id))))


def check_places(s: Session, import_id: UUID) -> None:
    """Note rows without a place, far from their own postcode, or outside the working area, as issues."""
    statements: list[tuple[str, dict[str, object]]] = [(_UNLOCATED, {}), (_FAR, {})]
    if kind := working_area(s):
        statements.append((_OUTSIDE, {"kind": kind}))
    for statement, values in statements:
        note(s, import_id, statement.format(**names_of(import_id)), values)


def working_area(s: Session) -> str:
    """The kind of place that bounds where we work: districts, else wards, else none."""
    kinds: Sequence[str] = s.scalars(text("select distinct kind from core.place where kind in ('lad', 'ward')")).all()
    return min(kinds, default="")
