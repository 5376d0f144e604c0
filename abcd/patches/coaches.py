"""Who is the coach of a patch, since when, and how long people have kept the same one."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.access.accounts import bound_to
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Account, AccountPlace, PatchCoach, Place
from abcd.errors import BadRequest, NotFound

CONTINUITY_MONTHS = 24
"""The span over which staying with the same coach is told (product.md 002-5)."""


@dataclass(frozen=True)
class Coach:
    """Somebody who is, was or will be the coach of a patch; ``until_on`` is the first day they are not any more.

    ``week_hours`` a week are for this patch, ``people_hours`` of them for being with people; None: nobody said so.
    """

    id: UUID
    place_id: UUID
    account_id: UUID
    name: str
    from_on: date
    until_on: date | None
    week_hours: float | None
    people_hours: float | None
    version: int


def coaches_of(s: Session, place_id: UUID) -> list[Coach]:
    """The coaches of a patch, the latest first."""
    found = _coaches().where(PatchCoach.place_id == place_id).order_by(PatchCoach.from_on.desc())
    return [Coach(**row._mapping) for row in s.execute(found)]


def coaches_on(s: Session, place_ids: list[UUID], day: date | None = None) -> dict[UUID, Coach]:
    """The coach of each of these patches on ``day`` (default today); a patch without one is not among them."""
    found = _coaches().where(PatchCoach.place_id.in_(place_ids), _holds(day or today())).order_by(PatchCoach.from_on)
    return {row.place_id: Coach(**row._mapping) for row in s.execute(found)}


def patches_of(s: Session, account_id: UUID, day: date | None = None) -> list[UUID]:
    """The patches of a coach on ``day`` (default today)."""
    held = select(PatchCoach.place_id).where(PatchCoach.account_id == account_id, _holds(day or today()))
    return list(s.scalars(held.order_by(PatchCoach.from_on)))


def can_be_coach(s: Session) -> dict[UUID, str]:
    """The accounts that may be somebody's coach, by name: of the association to which whoever asks keeps."""
    ours = bound_to(actor_of(s))
    able = select(Account.id, Account.name).where(Account.role.in_(("coach", "officer", "manager", "owner")))
    able = able.where(Account.organisation_id == UUID(ours)) if ours else able
    return dict(s.execute(able.where(Account.disabled_at.is_(None)).order_by(Account.name)).all())


def assign_coach(s: Session, place_id: UUID, account_id: UUID, *, from_on: date, by: Actor) -> UUID:
    """Make somebody the coach of a patch from a day on; whoever was it until then ends on that day.

    A coach who is scoped to places gets the patch among them, so that their page knows it. Whoever was it until then
    sees its people no more: at once, and so the day cannot lie ahead.

    Raises:
        BadRequest: it is no patch, the day lies ahead, or somebody is their coach from that day on already.
        NotFound: there is no such account.
        NotAllowed: ``by`` may not share out patches, or not there.
    """
    require_at(s, by, "adopt", "patch", place_id)
    if from_on > today():
        raise BadRequest(_("The day cannot lie ahead."))
    # Held until it is kept, so that two who share out one patch at once do not both give it away.
    if s.scalar(select(Place.kind).where(Place.id == place_id).with_for_update(key_share=True)) not in (
        "patch",
        "estate",
    ):
        raise BadRequest(_("Only a patch or an estate has a coach."))
    if account_id not in can_be_coach(s):
        raise NotFound(_("There is no such colleague."))
    _end_before(s, place_id, from_on)
    row = PatchCoach(place_id=place_id, account_id=account_id, from_on=from_on, made_by=by.name)
    s.add(row)
    knows_patch(s, account_id, place_id)
    s.flush()
    record(s, "assign_coach", "place", place_id, by=by, after={"from": from_on.isoformat()})
    return row.id


def _end_before(s: Session, place_id: UUID, day: date) -> None:
    still = or_(PatchCoach.until_on.is_(None), PatchCoach.until_on > day)
    for row in s.scalars(select(PatchCoach).where(PatchCoach.place_id == place_id, still)):
        if row.from_on >= day:
            raise BadRequest(_("Somebody is its coach from {day} on already.").format(day=f"{row.from_on:%d/%m/%Y}"))
        row.until_on, row.version = day, row.version + 1
        if day <= today():
            leaves_patch(s, row.account_id, place_id)
    s.flush()


def knows_patch(s: Session, account_id: UUID, place_id: UUID) -> None:
    """A coach who is scoped to places gets the patch among them; one who is not sees all of them anyway."""
    if s.scalar(select(AccountPlace.place_id).where(AccountPlace.account_id == account_id).limit(1)):
        s.merge(AccountPlace(account_id=account_id, place_id=place_id))


def leaves_patch(s: Session, account_id: UUID, place_id: UUID) -> None:
    """A coach who has gone sees the people of the patch no more; the last of their places stays, since none is all."""
    theirs = select(func.count()).where(AccountPlace.account_id == account_id)
    if (s.scalar(theirs) or 0) > 1:
        s.execute(delete(AccountPlace).where(AccountPlace.account_id == account_id, AccountPlace.place_id == place_id))


def _holds(day: date) -> ColumnElement[bool]:
    return (PatchCoach.from_on <= day) & or_(PatchCoach.until_on.is_(None), PatchCoach.until_on > day)


def _coaches() -> Select[Any]:
    named: list[Any] = [PatchCoach.id, PatchCoach.place_id, PatchCoach.account_id, Account.name, PatchCoach.from_on,
                        PatchCoach.until_on, PatchCoach.week_hours, PatchCoach.people_hours,
                        PatchCoach.version]  # fmt: skip
    return select(*named).join(Account, Account.id == PatchCoach.account_id)
