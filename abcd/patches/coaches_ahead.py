"""Who is to be the coach of a patch of a plan that waits for its day: named now, and from that day its coach."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.language import _
from abcd.db.audit import for_edit, record
from abcd.db.session import Actor
from abcd.db.tables import Account, PatchCoach, PatchPlan
from abcd.errors import BadRequest, NotFound
from abcd.patches.coaches import can_be_coach, knows_patch, leaves_patch
from abcd.patches.plans import plan_row


def named_ahead(s: Session, plan_id: UUID) -> dict[int, str]:
    """The names of those who are to hold patches of a plan, by the numbers of these from 0.

    Raises:
        NotFound: no such plan.
    """
    coaches = {int(number): UUID(account) for number, account in plan_row(s, plan_id).coaches.items()}
    names = dict(s.execute(select(Account.id, Account.name).where(Account.id.in_(coaches.values()))).all())
    return {number: names[account] for number, account in sorted(coaches.items()) if account in names}


def name_ahead(
    s: Session, plan_id: UUID, number: int, account_id: UUID | None, *, version: int | None, by: Actor
) -> None:
    """Say who is to be the coach of the patch ``number`` (from 0) of a plan that waits; None: whoever follows as usual.

    Nobody sees anybody's people before the day.

    Raises:
        BadRequest: the plan does not wait for a day.
        NotFound: it has no such patch, or there is no such colleague; else as ``abcd.db.audit.for_edit``.
        Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not adopt plans, or not there.
    """
    require_at(s, by, "adopt", "patch", plan_row(s, plan_id).place_id)
    row = for_edit(s, PatchPlan, plan_id, version, {"coaches": number})
    if row.adopted_from is None or row.begun_at is not None:
        raise BadRequest(_("Coaches are named ahead for a plan that waits for its day alone."))
    if not 0 <= number < len(set(row.part)):
        raise NotFound(_("This plan has no such patch."))
    if account_id is not None and account_id not in can_be_coach(s):
        raise NotFound(_("There is no such colleague."))
    others = {key: account for key, account in row.coaches.items() if key != str(number)}
    row.coaches = others if account_id is None else others | {str(number): str(account_id)}
    record(
        s, "name_coach", "patch_plan", row.id, by=by, after={"patch": number + 1, "is_named": account_id is not None}
    )


def take_up(s: Session, row: PatchPlan, patches: Sequence[UUID], *, by: Actor) -> None:
    """Those who were named hold their patches from the day of the plan; ``patches`` are its new places by number.

    Whoever cannot be a coach any more is passed over: there the coach of before goes on, as everywhere else.
    """
    able, left = can_be_coach(s), []
    for number, account in row.coaches.items():
        if UUID(account) in able and row.adopted_from is not None:
            left += _take_over(s, patches[int(number)], UUID(account), row.adopted_from, by)
    s.flush()
    # Last of all: whoever changes patches has the other by now, so that the one before is not the last of their places.
    for account_id, patch in left:
        leaves_patch(s, account_id, patch)
    row.coaches = {}
    s.flush()


def _take_over(s: Session, patch: UUID, account_id: UUID, day: date, by: Actor) -> list[tuple[UUID, UUID]]:
    """Make somebody the coach of a new patch; whoever had gone on with it, and the patch, if somebody did."""
    went_on = s.scalar(select(PatchCoach).where(PatchCoach.place_id == patch))
    if went_on is not None and went_on.account_id == account_id:
        return []
    if went_on is not None:
        s.delete(went_on)
    s.add(PatchCoach(place_id=patch, account_id=account_id, from_on=day, made_by=by.name))
    knows_patch(s, account_id, patch)
    record(s, "assign_coach", "place", patch, by=by, after={"from": day.isoformat()})
    return [] if went_on is None else [(went_on.account_id, patch)]
