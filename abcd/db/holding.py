"""Each asset gets every place that covers it and those it says it serves: one SQL statement.

Which side the statement walks along is spelt out with ``OFFSET 0``: the planner, left alone, has been seen to take
the slow side (26 times slower). Many assets: one index search for each place. Few assets: one for each asset.

It lies below the rooms because both use it: places when a boundary changes, assets when something is added or moved.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

FEW = 1000
"""Up to so many assets of an import, searching the places of each is cheaper than the assets of every place."""

MEMORY = "128MB"
"""So much of an assignment is sorted and compared without going to disk: a million pairs."""

# In the order of the table's key, so that it grows at its end. _ST_Covers is ST_Covers without the index condition of
# its own, which would look at every box a second time.
HELD_BY_PLACE = """
  select p.id as place_id, held.id as asset_id, 'within' as relation
  from (select p.id, p.geom from core.place p where p.end_date is null and {place} order by p.id offset 0) p
  cross join lateral (
    select a.id from core.asset a
    where p.geom && a.point and _ST_Covers(p.geom, a.point) and a.merged_into is null and {asset}
    offset 0
  ) held"""

HELD_BY_ASSET = """
  select held.id as place_id, a.id as asset_id, 'within' as relation
  from core.asset a
  cross join lateral (
    select p.id from core.place p
    where p.geom && a.point and ST_Covers(p.geom, a.point) and p.end_date is null and {place}
    offset 0
  ) held
  where a.merged_into is null and {asset}"""

# A sensitive asset has no point; its place is known here and nowhere else.
SENSITIVE = """
  select p.id, a.id, 'within'
  from core.sensitive_location hidden
  join core.asset a on a.id = hidden.asset_id and a.merged_into is null
  join core.place p on p.geom && hidden.geom and ST_Covers(p.geom, ST_PointOnSurface(hidden.geom))
  where p.end_date is null and {asset} and {place}"""

SERVED = """
  select distinct p.id, a.id, 'serves'
  from core.asset a
  cross join lateral unnest(a.serves) as said(name)
  join core.place p on lower(p.name) = lower(said.name) or p.reference = said.name or p.gss_code = said.name
  where a.serves <> '{{}}' and said.name <> '' and a.merged_into is null and p.end_date is null
    and {asset} and {place}"""

STATEMENT = """
with wanted (place_id, asset_id, relation) as materialized ({held} union all {sensitive} union all {served}),
gone as (
  delete from core.place_asset old
  where {old_asset} and {old_place} and not exists (
    select from wanted
    where (wanted.place_id, wanted.asset_id, wanted.relation) = (old.place_id, old.asset_id, old.relation))
  returning 1
),
come as (
  insert into core.place_asset (place_id, asset_id, relation)
  select place_id, asset_id, relation from wanted
  on conflict do nothing
  returning 1
)
select (select count(*) from gone) + (select count(*) from come)"""

FIRST_SEEN = "select id from core.asset where first_import_id = :import_id"
CHANGED = "select asset_id from core.import_change where import_id = :import_id"


def assign(
    s: Session,
    import_id: UUID | None = None,
    asset_ids: Sequence[UUID] | None = None,
    place_ids: Sequence[UUID] | None = None,
) -> int:
    """Rewrite ``core.place_asset`` for the named assets and places (all, when none are named).

    ``import_id`` means what that import added, and what it changed by ``core.import_change``. A point on a boundary
    counts. Only what differs is written. Returns the rows added plus the rows removed.
    """
    by_asset = asset_ids is not None or (import_id is not None and _are_few(s, import_id))
    asset, old_asset = "true", "true"
    if asset_ids is not None:
        asset, old_asset = "a.id = any(:asset_ids)", "old.asset_id = any(:asset_ids)"
    elif import_id is not None:
        asset, old_asset = _of_import(by_asset)
    named = place_ids is not None
    scope = {"asset": asset, "place": "p.id = any(:place_ids)" if named else "true"}
    held = HELD_BY_ASSET if by_asset else HELD_BY_PLACE
    wanted = {"held": held.format(**scope), "sensitive": SENSITIVE.format(**scope), "served": SERVED.format(**scope)}
    old_place = "old.place_id = any(:place_ids)" if named else "true"
    statement = text(STATEMENT.format(old_asset=old_asset, old_place=old_place, **wanted))
    s.execute(text("select set_config('work_mem', :memory, true)"), {"memory": MEMORY})
    given = {"import_id": import_id, "asset_ids": list(asset_ids or ()), "place_ids": list(place_ids or ())}
    named_here = {name: value for name, value in given.items() if f":{name}" in statement.text}
    return int(s.execute(statement, named_here).scalar_one())


def _of_import(by_asset: bool) -> tuple[str, str]:
    """The conditions on ``a`` and on ``old``; read asset by asset it must be a plain IN, so that the index leads."""
    touched = f"({FIRST_SEEN} union {CHANGED})"
    # Read place by place, OR keeps the list a hash that is filled once and not once for each place.
    asset = f"a.id in {touched}" if by_asset else f"(a.first_import_id = :import_id or a.id in ({CHANGED}))"
    return asset, f"old.asset_id in {touched}"


def _are_few(s: Session, import_id: UUID) -> bool:
    touched = text(f"select count(*) from ({FIRST_SEEN} union all {CHANGED} limit :enough) some_of_them")
    return int(s.execute(touched, {"import_id": import_id, "enough": FEW + 1}).scalar_one()) <= FEW
