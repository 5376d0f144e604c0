"""Every tie of some assets as one query: what somebody wrote down, and what follows from the register."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.network.records import Link

HUB_MOST = 30
"""An organisation of more assets than this ties nobody to anybody: a council's list of parks is no circle."""

# Each branch begins at the ids that are asked for, so that its work grows with them and with nothing else.
LINKS = text("""
with asked as materialized (select distinct unnest(cast(:ids as uuid[])) as id)
select * from (
  select e.a_id, e.b_id, e.relation from asked join core.edge e on e.a_id = asked.id
  union select e.a_id, e.b_id, e.relation from asked join core.edge e on e.b_id = asked.id
  union select g.asset_id, g.meets_at, 'meets_at' from asked join core.community_group g on g.asset_id = asked.id
  union select g.asset_id, g.meets_at, 'meets_at' from asked join core.community_group g on g.meets_at = asked.id
  union select t.asset_id, t.venue_id, 'held_at' from asked join core.activity t on t.asset_id = asked.id
  union select t.asset_id, t.venue_id, 'held_at' from asked join core.activity t on t.venue_id = asked.id
  union select t.asset_id, t.group_id, 'done_by' from asked join core.activity t on t.asset_id = asked.id
  union select t.asset_id, t.group_id, 'done_by' from asked join core.activity t on t.group_id = asked.id
) every where b_id is not null and a_id <> b_id
limit :most""")

BELONGING = text("""
with asked as materialized (select distinct unnest(cast(:ids as uuid[])) as id),
bodies as materialized (
  select distinct a.organisation_id as id from asked join core.asset a on a.id = asked.id
  where a.organisation_id is not null)
select held.id as asset_id, bodies.id as organisation_id
from bodies cross join lateral (
  select a.id from core.asset a where a.organisation_id = bodies.id and a.merged_into is null
    and a.status in ('active', 'temporarily closed', 'planned') and not a.is_sensitive
    and a.asset_kind <> 'individual' limit :most) held""")


def links_of(s: Session, ids: Collection[UUID], most: int) -> list[Link]:
    """The ties that touch ``ids``, whatever stands at the other end; of more than ``most`` rows the first ones."""
    rows = s.execute(LINKS, {"ids": list(ids), "most": most}) if ids else ()
    found: dict[tuple[UUID, UUID], set[str]] = {}
    for row in rows:
        a, b = sorted((row.a_id, row.b_id))
        found.setdefault((a, b), set()).add(row.relation)
    return [Link(a, b, tuple(sorted(relations))) for (a, b), relations in sorted(found.items())]


def belonging_of(s: Session, ids: Collection[UUID]) -> list[Link]:
    """What belongs to the organisations of ``ids``, those beyond ``HUB_MOST`` assets and of a single one left out."""
    rows: list[Any] = list(s.execute(BELONGING, {"ids": list(ids), "most": HUB_MOST + 1})) if ids else []
    held: dict[UUID, list[UUID]] = {}
    for row in rows:
        held.setdefault(row.organisation_id, []).append(row.asset_id)
    return [
        Link(min(asset, body), max(asset, body), ("part_of",))
        for body, assets in held.items()
        if 2 <= len(assets) <= HUB_MOST
        for asset in sorted(assets)
    ]
