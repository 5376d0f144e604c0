"""The patches that stand today, as seen from a place: those in it, the one it lies in, their coaches, their plan."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import PatchPlan, Place, PlaceParent
from abcd.patches.coaches import Coach, coaches_on
from abcd.places.records import PlaceRecord

HALF = 0.5
"""So much of a place lies in another for it to count as part of that."""


@dataclass(frozen=True)
class StandingPatch:
    """A patch and its coach; ``is_around`` when it holds the place, else it lies in it."""

    id: UUID
    reference: str
    name: str
    is_around: bool
    coach: Coach | None


def patches_about(s: Session, place_id: UUID) -> list[StandingPatch]:
    """The patches that lie in a place, and those in which it lies, by reference; not the place itself.

    Raises:
        NotAllowed: whoever asks may not look at patches.
    """
    require(actor_of(s), "view", "patch")
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id == place_id, PlaceParent.share >= HALF)
    larger = select(PlaceParent.parent_id).where(PlaceParent.place_id == place_id, PlaceParent.share >= HALF)
    found = select(Place.id, Place.reference, called(Place), Place.id.in_(larger).label("is_around")).where(
        or_(Place.id.in_(smaller), Place.id.in_(larger)), Place.kind == "patch", Place.end_date.is_(None)
    )
    rows = sorted(s.execute(found).all(), key=lambda row: (len(row.reference), row.reference))
    held = coaches_on(s, [row.id for row in rows])
    return [StandingPatch(**row._mapping, coach=held.get(row.id)) for row in rows]


def plan_behind(s: Session, patch: PlaceRecord) -> UUID | None:
    """The plan that a patch came from, as its vintage tells; None for one that came otherwise."""
    day, _space, first = patch.vintage.partition(" ")
    if patch.start_date is None or day != patch.start_date.isoformat() or not first:
        return None
    told = cast(PatchPlan.id, Text).startswith(first, autoescape=True)
    return s.scalar(
        select(PatchPlan.id)
        .where(PatchPlan.adopted_from == patch.start_date, PatchPlan.begun_at.is_not(None), told)
        .limit(1)
    )
