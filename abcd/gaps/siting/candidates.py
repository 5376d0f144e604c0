"""Where one could be: our own rooms, then those of others, then a new place among the homes."""

from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.db.session import actor_of
from abcd.gaps.reach import widened
from abcd.gaps.siting.clusters import clusters
from abcd.gaps.siting.ground import Ground
from abcd.gaps.siting.records import KINDS, Site
from abcd.gaps.walk import Points

MANY_OF_A_CATEGORY = 40
"""Rooms of one category that are looked at, the nearest to the middle of the place."""

# What is like it already is no room for it: it is there.
ROOMS = text("""
select a.id, a.name, ST_X(a.point) as easting, ST_Y(a.point) as northing,
  coalesce(v.ha_owned, false) or a.organisation_id = :ours as is_own,
  coalesce(v.is_underused or v.spare_grid > 0, false) as is_spare
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select * from core.asset a
  where a.category = c.slug and a.status = 'active' and a.merged_into is null and not a.is_sensitive
    and a.asset_kind <> 'individual'
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_MakeEnvelope(:west, :south, :east, :north, 27700))
  order by core.shelf(a.category, a.point) <-> core.shelf(c.slug, ST_SetSRID(ST_MakePoint(:easting, :northing), 27700))
  limit :many) a
left join core.venue v on v.asset_id = a.id
where a.id <> all(:there)
order by a.name, a.id""")


def candidates(s: Session, about: Ground) -> list[Site]:
    """Every place where one could be, in the order in which they are wanted; known spare rooms before others."""
    found = [*rooms(s, about), *new_places(about)]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), not one.is_spare))


def rooms(s: Session, about: Ground) -> list[Site]:
    """Rooms within reach of some home, when a room is what the category needs or usually has."""
    if not (about.standard.needs_room or about.standard.has_room):
        return []
    slugs = [slug for slug, term in term_values(s).items() if term["has_room"] and term["parent"]]
    ours = actor_of(s).organisation_id
    values: dict[str, Any] = {
        "slugs": slugs, "ours": UUID(ours) if ours else None, "there": [row.id for row in about.rows],
        "many": MANY_OF_A_CATEGORY, "easting": about.here.easting, "northing": about.here.northing,
    }  # fmt: skip
    around = widened(about.homes.box, about.walk.reach_metres(about.standard.minutes))
    return [_room(row) for row in s.execute(ROOMS, values | around)]


def _room(row: Any) -> Site:
    kind = "own" if row.is_own else "partner"
    return Site(kind, row.easting, row.northing, row.name, row.id, bool(row.is_spare))


def new_places(about: Ground) -> list[Site]:
    """Among the homes themselves: each small area's middle, or where dwellings lie together."""
    found = clusters(about.homes.points, about.homes.households)
    return [Site("new", one.easting, one.northing, "") for one in found]


def points_of(sites: list[Site]) -> Points:
    """Where sites are, shape (sites, 2) in metres."""
    return np.array([(one.easting, one.northing) for one in sites]).reshape(-1, 2)
