"""What a group needs and what a venue has to spare: the words from which rooms and groups are brought together."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.clock import now
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import Asset, Group, Venue
from abcd.errors import BadRequest


@dataclass(frozen=True)
class GroupWords:
    """What a group says of itself; ``meets_at`` is the asset that it meets in, ``funded_until`` when its money ends.

    ``streets_mix`` and ``ages_mix``: whether who comes is mostly of one street or age (``db.tables.register.MIXES``).
    """

    needs_room: bool = False
    room_need: str = ""
    run_by: str = ""
    serves: str = ""
    key_holder_count: int | None = None
    meets_at: UUID | None = None
    funded_until: date | None = None
    streets_mix: str = ""
    ages_mix: str = ""


@dataclass(frozen=True)
class VenueWords:
    """What a venue has; ``spare_grid`` holds the 7 x 3 bits of ``Asset.open_grid`` for the times it stands empty."""

    is_underused: bool = False
    spare_grid: int | None = None
    capacity: int | None = None
    owner: str = ""
    hire_terms: str = ""
    ha_owned: bool = False
    lease_ends_on: date | None = None


KINDS: dict[type[GroupWords] | type[VenueWords], type[Group] | type[Venue]] = {GroupWords: Group, VenueWords: Venue}

BOTH = text("""
select g.needs_room, g.room_need, g.run_by, g.serves, g.key_holder_count, g.meets_at, g.funded_until,
  g.streets_mix, g.ages_mix, g.asset_id is not null as is_group,
  v.is_underused, v.spare_grid, v.capacity, v.owner, v.hire_terms, v.ha_owned, v.lease_ends_on,
  v.asset_id is not null as is_venue
from core.asset a left join core.community_group g on g.asset_id = a.id left join core.venue v on v.asset_id = a.id
where a.id = :asset_id""")


def words_of(s: Session, asset_id: UUID) -> tuple[GroupWords | None, VenueWords | None]:
    """What is written down of an asset as a group and as a venue; None where nothing is."""
    row = s.execute(BOTH, {"asset_id": asset_id}).mappings().one()
    group = GroupWords(**{one.name: row[one.name] for one in fields(GroupWords)}) if row["is_group"] else None
    venue = VenueWords(**{one.name: row[one.name] for one in fields(VenueWords)}) if row["is_venue"] else None
    return group, venue


def describe_rooms(
    s: Session, asset_id: UUID, told: GroupWords | VenueWords, *, version: int | None, by: Actor, key: str | None = None
) -> None:
    """Write down what a group needs, or what a venue has to spare.

    Raises:
        BadRequest: a number that counts people or keys is below zero.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not edit assets.
    """
    require_at(s, by, "edit", "asset", asset_id)
    if key is None:
        _describe(s, asset_id, told, version, by)
    else:
        once(s, key, by, lambda: _describe(s, asset_id, told, version, by))


def _describe(
    s: Session, asset_id: UUID, told: GroupWords | VenueWords, version: int | None, by: Actor
) -> dict[str, Any]:
    values = {one.name: getattr(told, one.name) for one in fields(told)}
    if any(isinstance(value, int) and value < 0 for value in values.values()):
        raise BadRequest("How many people fit in, and how many hold keys, cannot be less than none.")
    group, venue = words_of(s, asset_id)
    before = group if isinstance(told, GroupWords) else venue
    for_edit(s, Asset, asset_id, version, {}).edited_at = now()
    table = KINDS[type(told)]
    statement = insert(table).values(asset_id=asset_id, **values)
    s.execute(statement.on_conflict_do_update(index_elements=[table.asset_id], set_=values))
    record(s, "edit", "asset", asset_id, by=by, before=_plain(before) if before else {}, after=_plain(told))
    return {"id": str(asset_id)}


def _plain(told: GroupWords | VenueWords) -> dict[str, Any]:
    values = {one.name: getattr(told, one.name) for one in fields(told)}
    return {name: str(value) if isinstance(value, UUID | date) else value for name, value in values.items()}
