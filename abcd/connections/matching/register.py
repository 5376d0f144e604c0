"""Groups, venues and services near a patch, and what groups, venues and partners offer: the public side of a wish."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.others import ALL_MET, ASSET, OFFER, USUAL, Others, Tongues, blank, freshness, grids
from abcd.connections.matching.others import NEEDS as NEED_BITS
from abcd.connections.matching.terms import Levels
from abcd.connections.matching.ways import Patches, metres_as_minutes
from abcd.connections.near import RESIDENT_LED

ADULT = 18
MANY_OF_A_CATEGORY = 40

FACTS = """a.id as asset_id, a.category, a.asset_kind, ST_X(a.point) as easting, ST_Y(a.point) as northing,
  a.step_free, a.facilities, a.languages, a.open_to_new, a.cost, a.source_kind, a.assured_on, a.organisation_id,
  g.run_by, g.constituted, g.meets_at, v.asset_id is not null as is_venue, y.minimum_age, y.maximum_age,
  coalesce(y.referral_needed, '') as referral_needed"""
BEHIND = """left join core.community_group g on g.asset_id = a.id
left join core.venue v on v.asset_id = a.id
left join core.activity y on y.asset_id = a.id"""
STANDS = "a.status = 'active' and a.merged_into is null and not a.is_sensitive and a.asset_kind <> 'individual'"

NEAR = text(f"""
select {FACTS}, a.category as about, case when v.spare_grid > 0 then v.spare_grid else a.open_grid end as free_grid,
  null::uuid as offer_id, false as has_conditions, '' as owner_kind, '' as gift_kind
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select * from core.asset a
  where a.category = c.slug and {STANDS} and coalesce(a.id <> cast(:asker as uuid), true)
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_MakeEnvelope(:west, :south, :east, :north, 27700))
  order by core.shelf(a.category, a.point) <-> core.shelf(c.slug, ST_SetSRID(ST_MakePoint(:easting, :northing), 27700))
  limit :many) a
{BEHIND}""")

OFFERED = text(f"""
select {FACTS}, coalesce(o.skill, '') as about, o.theme, o.free_grid, o.id as offer_id, o.conditions <> '' as
  has_conditions, o.owner_kind, o.gift_kind, o.max_walk_minutes, o.said_on, o.place_id
from core.offer o left join core.asset a on a.id = o.asset_id
{BEHIND}
where o.state in ('waiting', 'taken_up') and (o.skill = any(:gifts) or o.theme = any(:themes))
  and (o.asset_id is null or ({STANDS})) and coalesce(o.asset_id <> cast(:asker as uuid), true)
  and (o.starts_on is null or o.starts_on <= :day) and (o.expires_on is null or o.expires_on >= :day)
  and (o.place_id is null or o.place_id = :place or exists (select from core.place_parent h
    where (h.place_id, h.parent_id) in ((:place, o.place_id), (o.place_id, :place))))""")

TIERS_OF_OWNERS = {"group": 2, "venue": 3, "partner": 4, "supplier": 4, "landlord": 5}


def assets_near(
    s: Session, levels: Levels, place_id: UUID, patches: Patches, minutes: float, categories: Mapping[str, Any],
    tongues: Tongues, day: date, asker: UUID | None = None,
) -> Others:  # fmt: skip
    """Assets of the categories of ``levels`` within a walk of a patch, the nearest forty of each."""
    here = patches.at[place_id]
    (east, north), metres = patches.middles[here], patches.reach_metres(place_id, minutes)
    values = {
        "slugs": list(levels), "many": MANY_OF_A_CATEGORY, "easting": east, "northing": north, "asker": asker,
        "west": east - metres, "south": north - metres, "east": east + metres, "north": north + metres,
    }  # fmt: skip
    rows = s.execute(NEAR, values).all()
    found = _assets(rows, ASSET, place_id, patches, tongues, day)
    found.level = np.array([levels[row.about] for row in rows], dtype=float)
    found.tier = np.array([_tier(row, categories[row.category]["tier"]) for row in rows], dtype=np.int64)
    _informal_first(found, patches, place_id)
    return found


def offered(
    s: Session, gifts: Levels, themes: Levels, place_id: UUID, patches: Patches, tongues: Tongues, day: date,
    asker: UUID | None = None,
) -> Others:  # fmt: skip
    """What groups, venues, partners, suppliers and the landlord offer here or everywhere."""
    given = {"gifts": list(gifts), "themes": list(themes), "day": day, "place": place_id, "asker": asker}
    rows = s.execute(OFFERED, given).all()
    found = _assets(rows, OFFER, place_id, patches, tongues, day)
    found.level = np.array([max(gifts.get(row.about, 0.0), themes.get(row.theme, 0.0)) for row in rows], dtype=float)
    found.tier = np.array([_tier(row, TIERS_OF_OWNERS[row.owner_kind]) for row in rows], dtype=np.int64)
    found.max_walk = np.array([np.inf if row.max_walk_minutes is None else row.max_walk_minutes for row in rows])
    return found


def _assets(
    rows: Sequence[Any], kind: int, place_id: UUID, patches: Patches, tongues: Tongues, day: date
) -> Others:  # fmt: skip
    made = blank(rows, kind)
    points = np.array([(_number(row.easting), _number(row.northing)) for row in rows]).reshape(-1, 2)
    made.minutes = patches.to_points(place_id, points)
    made.grid = grids(row.free_grid for row in rows)
    every = (1 << 63) - 1
    made.tongues = np.array(
        [every if _says(row, "interpreter") else tongues.mask(row.languages or (USUAL,)) for row in rows],
        dtype=np.int64,
    )
    made.meets = np.array([_met(row) for row in rows], dtype=np.int64)
    made.is_open = np.array([_is_open(row) for row in rows], dtype=bool)
    told = [(row.source_kind, row.assured_on) if row.source_kind else ("partner list", row.said_on) for row in rows]
    made.quality = np.array([freshness(method, checked, day) for method, checked in told], dtype=float)
    return made


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _met(row: Any) -> int:
    """The access needs that are known to be met; an offer without a venue is brought to wherever suits."""
    if row.asset_id is None:
        return ALL_MET
    step_free = NEED_BITS["step_free"] if row.step_free == "yes" else 0
    return step_free | sum(bit for need, bit in NEED_BITS.items() if _says(row, need))


def _says(row: Any, need: str) -> bool:
    """Whether a facility of this name is written down with a yes; files call them as they like."""
    said = row.facilities or {}
    return any(value in (True, "yes", "true") and _plain(name) == need for name, value in said.items())


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _is_open(row: Any) -> bool:
    """Open to new people, and to adults."""
    return row.open_to_new != "no" and not (row.maximum_age is not None and row.maximum_age < ADULT)


def _tier(row: Any, usual: int) -> int:
    """The usual tier, unless the group says who runs it."""
    if row.run_by in RESIDENT_LED:
        return min(usual, 2)
    return max(usual, 4) if row.run_by == "staff" else usual


def _informal_first(found: Others, patches: Patches, place_id: UUID) -> None:
    """A group of neighbours without a constitution, in the patch itself, stands with the neighbours."""
    radius = metres_as_minutes(patches.radii[patches.at[place_id]])
    for at, row in enumerate(found.rows):
        if row.run_by in RESIDENT_LED and row.constituted == "no" and found.minutes[at] <= radius:
            found.tier[at] = 1
