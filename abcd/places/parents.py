"""Which larger places hold a place, worked out from their shapes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

MOSTLY = 0.5
"""A place belongs to a larger one that holds at least this share of its area."""

# The point decides cheaply which pairs are worth an intersection; a parent that covers needs none.
STATEMENT = """
with wanted as materialized (
  select child.id as place_id, held.id as parent_id, held.share
  from core.place child
  cross join lateral (
    select larger.id,
      case when ST_Covers(larger.geom, child.geom) then 1
           else ST_Area(ST_Intersection(larger.geom, child.geom)) / ST_Area(child.geom) end as share
    from core.place larger
    where larger.geom && child.point and ST_Covers(larger.geom, child.point)
      and larger.kind <> child.kind and larger.end_date is null and ST_Area(larger.geom) > ST_Area(child.geom)
      and {either}
    offset 0
  ) held
  where child.end_date is null and held.share >= :mostly
),
gone as (
  delete from core.place_parent old
  where {old} and not exists (
    select from wanted
    where (wanted.place_id, wanted.parent_id, wanted.share) = (old.place_id, old.parent_id, old.share))
  returning 1
),
come as (
  insert into core.place_parent (place_id, parent_id, share) select place_id, parent_id, share from wanted
  on conflict (place_id, parent_id) do update set share = excluded.share where place_parent.share <> excluded.share
  returning 1
)
select (select count(*) from gone) + (select count(*) from come)"""


def relate(s: Session, place_ids: Sequence[UUID] | None = None) -> int:
    """Rewrite the parents and children of the named places (of all, when none are named); returns the rows changed."""
    named = place_ids is not None
    either = "(child.id = any(:place_ids) or larger.id = any(:place_ids))" if named else "true"
    old = "(old.place_id = any(:place_ids) or old.parent_id = any(:place_ids))" if named else "true"
    given = {"mostly": MOSTLY} | ({"place_ids": list(place_ids)} if place_ids is not None else {})
    return int(s.execute(text(STATEMENT.format(either=either, old=old)), given).scalar_one())
