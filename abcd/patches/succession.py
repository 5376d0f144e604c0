"""When patches are drawn anew, whoever belonged to one belongs to the patch that follows it, and keeps the same coach.

Nobody's home is known, so nobody can be sorted by where they live: the patch that shares most households with the old
one takes its reference, and with it its people, until somebody who knows better moves them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import (
    HOME_KINDS,
    AccountPlace,
    Connection,
    IntroductionIn,
    Invitation,
    Offer,
    PatchCoach,
    Person,
    Place,
    Wish,
)
from abcd.patches.coaches import Coach, coaches_on
from abcd.people.associations import visiting
from abcd.places.records import PlaceRecord


def successors(s: Session, ended: Iterable[UUID], made: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each patch that ended and the one that took its reference; one that nobody follows is not among them."""
    rows = s.execute(select(Place.id, Place.reference).where(Place.id.in_([*ended, *made]))).all()
    new = {row.reference: row.id for row in rows if row.id in set(made)}
    return {row.id: new[row.reference] for row in rows if row.id not in set(made) and row.reference in new}


def follow(s: Session, successor: Mapping[UUID, UUID], day: date, *, by: Actor) -> int:
    """People, what is about them, and coaches go from each patch to the one that follows it.

    The people of every association do, whoever adopts: the store shows one association's at a time, and nobody's may
    stay behind in a patch that ended. Returns how many of them are ``by``'s own association's.
    """
    coaches = coaches_on(s, list(successor), day)
    own = sum(_move(s, old, new) for old, new in successor.items())
    for _association in visiting(s, by.name):
        for old, new in successor.items():
            _move(s, old, new)
    for old, new in successor.items():
        _hand_over(s, old, new)
        if old in coaches:
            s.add(_goes_on(coaches[old], new, day, by))
    s.flush()
    return own


def heirs(s: Session, place: PlaceRecord, without: Iterable[UUID], taken: Mapping[str, str]) -> dict[UUID, UUID]:
    """For each patch that ended ``without`` a successor the one that took most of its homes, by the references of
    ``taken``; where nobody did, the estate that was shared out, if it is one."""
    wanted = list(without)
    named = select(Place.id, Place.reference).where(Place.id.in_(wanted))
    standing = select(Place.reference, Place.id).where(Place.kind == "patch", Place.end_date.is_(None))
    made = dict(s.execute(standing.where(Place.reference.in_(taken.values()))).all())
    whole = place.id if place.kind in HOME_KINDS else None
    found = {key: made.get(taken.get(said, ""), whole) for key, said in s.execute(named)}
    return {old: new for old, new in found.items() if new is not None}


def take_in(s: Session, heir: Mapping[UUID, UUID], *, by: Actor) -> int:
    """The people of patches that nobody follows belong to their heirs, or no page of a place would know them.

    Their coach does not come along: the heir has its own. Returns how many of them are ``by``'s own association's.
    """
    own = sum(_move(s, old, new) for old, new in heir.items())
    for _association in visiting(s, by.name) if heir else ():
        for old, new in heir.items():
            _move(s, old, new)
    s.flush()
    return own


def _move(s: Session, old: UUID, new: UUID) -> int:
    """The people of one patch, and what is about them, into another; how many people."""
    moving = update(Person).where(Person.place_id == old).values(place_id=new, version=Person.version + 1)
    people = len(s.execute(moving.returning(Person.id)).all())
    for table in (Wish, Offer, Connection, IntroductionIn):
        s.execute(update(table).where(table.place_id == old).values(place_id=new))
    return people


def _goes_on(coach: Coach, patch: UUID, day: date, by: Actor) -> PatchCoach:
    """The same coach, with the same week, in the patch that follows."""
    return PatchCoach(place_id=patch, account_id=coach.account_id, from_on=day, made_by=by.name,
                      week_hours=coach.week_hours, people_hours=coach.people_hours)  # fmt: skip


def _hand_over(s: Session, old: UUID, new: UUID) -> None:
    """Accounts that were scoped to the old patch, and those that somebody was invited to, are scoped to the new one."""
    theirs = list(s.scalars(select(AccountPlace.account_id).where(AccountPlace.place_id == old)))
    for account_id in theirs:
        s.merge(AccountPlace(account_id=account_id, place_id=new))
    s.flush()
    s.execute(delete(AccountPlace).where(AccountPlace.place_id == old))
    waiting = Invitation.used_at.is_(None) & Invitation.places.contains([old])
    s.execute(update(Invitation).where(waiting).values(places=func.array_replace(Invitation.places, old, new)))
