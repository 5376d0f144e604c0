"""What one asset has to do with others, as its page tells it."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.network.links import HUB_MOST
from abcd.connections.network.records import Tie

MOST_SHOWN = 60

TIES = text("""
with every as (
  select e.id as edge_id, e.version, e.a_id, e.b_id, e.relation, e.evidence, e.since, e.last_seen, e.source_kind
  from core.edge e where e.a_id = :asset_id or e.b_id = :asset_id
  union all
  select null, null, g.asset_id, g.meets_at, 'meets_at', '', null, null, '' from core.community_group g
  where g.asset_id = :asset_id or g.meets_at = :asset_id
  union all
  select null, null, t.asset_id, t.venue_id, 'held_at', '', null, null, '' from core.activity t
  where t.asset_id = :asset_id or t.venue_id = :asset_id
  union all
  select null, null, t.asset_id, t.group_id, 'done_by', '', null, null, '' from core.activity t
  where t.asset_id = :asset_id or t.group_id = :asset_id
  union all
  select null, null, g.asset_id, h.asset_id, 'same_venue', '', null, null, '' from core.community_group g
  join core.community_group h on h.meets_at = g.meets_at where g.asset_id = :asset_id
  union all
  (select null, null, m.id, a.id, 'same_organisation', '', null, null, '' from core.asset m
   join core.asset a on a.organisation_id = m.organisation_id where m.id = :asset_id limit :hub))
select every.*, o.id as other_id, o.name as other_name, o.asset_kind as other_kind, every.a_id = :asset_id as is_outward
from every join core.asset o on o.id = case when every.a_id = :asset_id then every.b_id else every.a_id end
where every.a_id <> every.b_id and o.merged_into is null and not o.is_sensitive and o.asset_kind <> 'individual'
  and o.status in ('active', 'temporarily closed', 'planned')
  and not exists (select from core.asset mine where mine.id = :asset_id and mine.is_sensitive)
order by every.edge_id is null, left(every.relation, 4) = 'same', o.name, every.relation, every.edge_id limit :most""")


def ties_of(s: Session, asset_id: UUID) -> list[Tie]:
    """What an asset has to do with others, what people wrote down first; nothing of, or with, a sensitive one."""
    # The asset itself is one of those that its organisation has.
    asked = {"asset_id": asset_id, "most": MOST_SHOWN, "hub": HUB_MOST + 1}
    rows = s.execute(TIES, asked).mappings()
    found = [Tie(**{name: row[name] for name in Tie.__dataclass_fields__}) for row in rows]
    is_circle = sum(tie.relation == "same_organisation" for tie in found) < HUB_MOST
    return [tie for tie in found if is_circle or tie.relation != "same_organisation"]
