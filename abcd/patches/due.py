"""Plans that were adopted from a day ahead, and those of them whose day has come. Light: each command asks it first."""

import logging
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.core.faults import report
from abcd.db.session import SYSTEM, actor_of, session
from abcd.db.tables import PatchPlan
from abcd.errors import AbcdError, StoreBusy, StoreUnavailable

log = logging.getLogger(__name__)

#: The plans whose defects were reported, and on which day: the chore asks again each minute.
_reported: set[tuple[UUID, date]] = set()


@dataclass(frozen=True)
class PlanAhead:
    """A plan that waits for its day; ``is_late`` when that day has come and something kept it from beginning."""

    id: UUID
    leaning: str
    first_day: date
    is_late: bool


def plans_ahead(s: Session, place_id: UUID) -> list[PlanAhead]:
    """The plans of a place that wait for their day, the nearest first.

    Raises:
        NotAllowed: whoever asks may not look at patches.
    """
    require(actor_of(s), "view", "patch")
    waiting = select(PatchPlan).where(PatchPlan.place_id == place_id, PatchPlan.begun_at.is_(None))
    rows = s.scalars(waiting.where(PatchPlan.adopted_from.is_not(None)).order_by(PatchPlan.adopted_from)).all()
    return [
        PlanAhead(row.id, row.leaning, row.adopted_from, row.adopted_from <= today())
        for row in rows
        if row.adopted_from is not None
    ]


def begin_due() -> int:
    """Let every plan whose day has come hold from that day, each by itself; returns how many began.

    A plan that cannot begin, or that somebody holds just now, waits on, and its place says so; the others are not kept
    waiting, not even by a defect of ours, which is logged under a number once a day.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    with session(SYSTEM) as s:
        due = select(PatchPlan.id).where(PatchPlan.adopted_from <= today(), PatchPlan.begun_at.is_(None))
        keys = list(s.scalars(due.order_by(PatchPlan.adopted_from, PatchPlan.made_at)))
    return sum(_begun(key) for key in keys)


def _begun(plan_id: UUID) -> bool:
    from abcd.patches.beginning import begin_in_turn  # noqa: PLC0415 - what draws is loaded when a day has come

    try:
        with session(SYSTEM, patient=True) as s:
            return begin_in_turn(s, plan_id, by=SYSTEM)
    except AbcdError as error:
        # Held by somebody else it is tried again in a minute; whoever opened the first session of the day goes on.
        if isinstance(error, StoreUnavailable) and not isinstance(error, StoreBusy):
            raise
        _waits_on(plan_id, error)
    except Exception as error:  # noqa: BLE001 - plans of other places, and whoever opened the first session, go on
        if (plan_id, today()) in _reported:
            return False
        _reported.add((plan_id, today()))
        _waits_on(plan_id, error, report(error, "patches due"))
    return False


def _waits_on(plan_id: UUID, error: Exception, number: str = "") -> None:
    told = {"plan": str(plan_id), "error": type(error).__name__} | ({"number": number} if number else {})
    log.warning("a plan of patches waits on", extra={"ids": told})
