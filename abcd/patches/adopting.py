"""A plan becomes the patches of a place from a day on: at once, or when a day ahead has come."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import for_edit, record
from abcd.db.session import Actor
from abcd.db.tables import PatchPlan
from abcd.errors import BadRequest
from abcd.patches.beginning import begin, held, require_later
from abcd.patches.plans import plan_row
from abcd.places.records import PlaceRecord


def adopt(s: Session, plan_id: UUID, *, first_day: date, version: int | None, by: Actor) -> list[UUID]:
    """Make the patches of a plan those of its place from ``first_day`` (``abcd.patches.beginning``).

    A day ahead is waited for: until then the patches of today hold, and on that day the plan begins by itself
    (``abcd.patches.due``).

    Returns:
        The ids of the new places, in the order of their numbers; none while the day lies ahead.

    Raises:
        NotFound, Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        BadRequest: it was adopted before, a plan of its place holds from a later day, or one waits for the same day.
        NotAllowed: ``by`` may not adopt plans, or not there.
    """
    require_at(s, by, "adopt", "patch", plan_row(s, plan_id).place_id)
    row = for_edit(s, PatchPlan, plan_id, version, {"adopted_from": first_day})
    if row.adopted_from is not None:
        raise BadRequest(_("This plan was adopted already. Draw a new one to change the patches."))
    if first_day > today():
        held(s, row.place_id)
        _require_free(s, row.place_id, first_day)
        row.adopted_from = first_day
        record(s, "adopt", "patch_plan", row.id, by=by, after={"from": str(first_day), "patches": len(set(row.part))})
        return []
    row.adopted_from = first_day
    done = begin(s, row, by=by)
    after = {"from": str(first_day), "patches": len(done.new), "ended": done.ended, "people": done.people}
    record(s, "adopt", "patch_plan", row.id, by=by, after=after)
    return list(done.new)


def take_back(s: Session, plan_id: UUID, *, version: int | None, by: Actor) -> None:
    """Let a plan that waits for its day be a draft again.

    Raises:
        NotFound, Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        BadRequest: it holds already, or was never adopted.
        NotAllowed: ``by`` may not adopt plans, or not there.
    """
    require_at(s, by, "adopt", "patch", plan_row(s, plan_id).place_id)
    row = for_edit(s, PatchPlan, plan_id, version, {"adopted_from": None})
    if row.adopted_from is None or row.begun_at is not None:
        raise BadRequest(_("Only a plan that waits for its day can be taken back."))
    before = {"from": str(row.adopted_from)}
    row.adopted_from = None
    record(s, "take_back", "patch_plan", row.id, by=by, before=before)


def is_patch_of(place: PlaceRecord, patch: PlaceRecord) -> bool:
    """Whether a patch came from a plan of ``place``, as its reference tells: LEA-P01 is of LEA, LEA-PARK-P01 is not."""
    before, dash, number = patch.reference.rpartition("-P")
    return bool(dash) and before == place.reference and number.isdigit()


def _require_free(s: Session, place_id: UUID, day: date) -> None:
    """A day ahead must come after the patches of today and be no other plan's."""
    require_later(s, place_id, day)
    same = select(PatchPlan.id).where(PatchPlan.place_id == place_id, PatchPlan.adopted_from == day)
    if s.scalar(same.where(PatchPlan.begun_at.is_(None)).limit(1)):
        raise BadRequest(_("Another plan of this place waits for that day. Take it back first, or choose another day."))
