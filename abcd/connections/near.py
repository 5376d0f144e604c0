"""The groups and venues round a place that could be brought together: one bounded search."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.freshness import confidence_of
from abcd.assets.taxonomy import term_values
from abcd.connections.records import Side
from abcd.core.language import chosen
from abcd.gaps.walk import WalkModel
from abcd.places.records import PlaceRecord

REACH_MINUTES = 15.0
"""How far from the place's edge we look."""

MANY_OF_A_CATEGORY = 12

NEAR = text("""
select a.id, a.name, a.category, a.asset_kind, ST_X(a.point) as easting, ST_Y(a.point) as northing, a.open_grid,
  a.source_kind, a.assured_on, a.step_free, a.cost, a.organisation_id,
  g.asset_id is not null as is_group, g.needs_room, g.room_need, g.meets_at, g.run_by,
  v.asset_id is not null as is_venue, v.capacity, v.is_underused, v.spare_grid
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select * from core.asset a
  where a.category = c.slug and a.status = 'active' and a.merged_into is null and not a.is_sensitive
    and a.asset_kind <> 'individual'
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_MakeEnvelope(:west, :south, :east, :north, 27700))
  order by core.shelf(a.category, a.point) <-> core.shelf(c.slug, ST_SetSRID(ST_MakePoint(:easting, :northing), 27700))
  limit :many) a
left join core.community_group g on g.asset_id = a.id
left join core.venue v on v.asset_id = a.id
order by a.id""")

RESIDENT_LED = ("residents", "members", "neighbours")


@dataclass(frozen=True)
class Thing:
    """A group or a venue near a place, with what its category says of things like it."""

    row: Any
    category_name: str
    theme: str
    group: str
    tier: int
    usually_needs_room: bool
    usually_has_room: bool

    @property
    def id(self) -> UUID:
        """The asset's id."""
        asset_id: UUID = self.row.id
        return asset_id

    @property
    def is_group(self) -> bool:
        """Whether it is a group of people."""
        return bool(self.row.is_group or self.row.asset_kind == "association")

    @property
    def has_room(self) -> bool:
        """Whether it has, or usually has, a room."""
        return bool(self.row.is_venue or self.usually_has_room)

    @property
    def seeks_room(self) -> bool:
        """Whether it says it needs a room, or usually would and nobody has said otherwise."""
        if self.row.is_group:
            return bool(self.row.needs_room)
        return self.usually_needs_room and self.row.meets_at is None

    @property
    def is_spare(self) -> bool:
        """Whether its room is known to stand empty at times."""
        return bool(self.row.is_underused or self.row.spare_grid)

    @property
    def kin(self) -> tuple[str, str, str]:
        """Category, theme and group of categories."""
        return self.row.category, self.theme, self.group

    @property
    def hosts(self) -> set[UUID]:
        """Where it meets and whom it belongs to; a venue hosts itself."""
        return {self.row.meets_at if self.is_group else self.id, self.row.organisation_id} - {None}

    def side(self) -> Side:
        """What is shown of it."""
        return Side(self.id, self.row.name, self.row.category, self.category_name, self.tier)

    def confidence(self, on: date) -> float:
        """How far its record can be trusted, 0-1."""
        return confidence_of(self.row.source_kind, self.row.assured_on, on)


def things_near(s: Session, here: PlaceRecord, walk: WalkModel) -> list[Thing]:
    """Groups that need rooms and things that have them, within a 15 minutes' walk of a place; never a sensitive one.

    At most twelve of a category, the nearest to the middle of the place.
    """
    about = {
        slug: term
        for slug, term in term_values(s).items()
        if term["parent"] and (term["needs_room"] or term["has_room"] or term["asset_kind"] == "association")
    }
    metres = walk.reach_metres(REACH_MINUTES)
    west, south, east, north = here.box
    values = {
        "slugs": list(about), "many": MANY_OF_A_CATEGORY, "easting": here.easting, "northing": here.northing,
        "west": west - metres, "south": south - metres, "east": east + metres, "north": north + metres,
    }  # fmt: skip
    return [_thing(row, about[row.category]) for row in s.execute(NEAR, values)]


def _thing(row: Any, term: dict[str, Any]) -> Thing:
    name = term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"]
    return Thing(
        row, name, term["theme"], term["parent"], _tier(row, term["tier"]),
        bool(term["needs_room"]), bool(term["has_room"]),
    )  # fmt: skip


def _tier(row: Any, usual: int) -> int:
    """The category's tier, unless the group says who runs it."""
    if row.run_by in RESIDENT_LED:
        return min(usual, 2)
    return max(usual, 4) if row.run_by == "staff" else usual
