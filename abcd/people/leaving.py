"""Somebody takes everything back: gone from every page at once, erased to the last byte by the next hourly chore.

From the moment of the deed the database shows the person to nobody. They are put on the list of the erased before it is
committed, so that a backup that is restored in between erases them too.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db import erasures
from abcd.db.audit import once, record
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Person
from abcd.errors import BadRequest
from abcd.people.associations import associations
from abcd.people.consents import consents_of, require_there, require_way, take_back
from abcd.people.erasing import clear_elsewhere, erase_rows, seeing_withdrawn, sweep
from abcd.people.files import remove_given
from abcd.people.introductions_end import hold, stop_introductions
from abcd.people.queries import person
from abcd.people.resident_links import end_links
from abcd.people.traces import traces_of
from abcd.people.whereabouts import PEOPLE, delete_rows

#: Whoever erases on behalf of those who left.
CHORE = "leaving"


def withdraw_everything(s: Session, person_id: UUID, how: str, *, by: Actor, key: str | None = None) -> None:
    """A resident wants to be forgotten: every yes is taken back, links and introductions end, and they are gone.

    Raises:
        BadRequest: a way we do not know, or the person was made anonymous.
        NotFound: there is no such person for ``by``; so also when it is done already.
        NotAllowed: ``by`` may not record that, or not there.
    """
    require_way(how)
    require(by, "withdraw", "consent")

    def act() -> dict[str, str]:
        require_there(s, by, "withdraw", person_id)
        leave(s, person_id, how, by=by)
        return {}

    once(s, key or str(uuid4()), by, act)


def leave(s: Session, person_id: UUID, how: str, *, by: Actor, by_self: bool = False) -> None:
    """As ``withdraw_everything``, for whoever has been let in already: a resident by their own link."""
    hold(s, person_id)
    if person(s, person_id).status == "anonymised":
        raise BadRequest("This record was made anonymous already.")
    seeing_withdrawn(s)
    given = [one for one in consents_of(s, person_id) if one.holds]
    take_back(s, given, how, by=by, by_self=by_self)
    stop_introductions(s, person_id)
    end_links(s, person_id)
    delete_rows(s, PEOPLE[0], person_id, traces_of(s, person_id))
    row = s.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    row.status, row.version = "withdrawn", row.version + 1
    record(s, "withdraw_everything", "person", person_id, by=by)
    s.flush()
    erasures.remember(person_id)
    s.execute(text("select set_config('abcd.sees_withdrawn', '', true)"))


@dataclass(frozen=True)
class Left:
    """What the chore did: so many people erased, and whether their bytes were written over."""

    people: int
    is_swept: bool


def erase_withdrawn() -> Left:
    """Erase everybody who took everything back, in every association; then write over what held them, once.

    Raises:
        StoreUnavailable: the store does not answer; what is done is done, and the next time goes on from there.
    """
    with session(SYSTEM) as s:
        actors = associations(s, CHORE)
    words: list[str] = []
    touched: set[str] = set()
    gone = [(actor, person_id) for actor in actors for person_id in _left_in(actor)]
    for actor, person_id in gone:
        told, tables = _erase(person_id, actor)
        words += told
        touched |= set(tables)
    return Left(len(gone), bool(gone) and sweep(words, touched).is_done)


def _left_in(actor: Actor) -> list[UUID]:
    """Who left this association and is still in the store."""
    with session(actor, patient=True) as s:
        seeing_withdrawn(s)
        return list(s.scalars(select(Person.id).where(Person.status == "withdrawn").order_by(Person.id)))


def _erase(person_id: UUID, actor: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Erase one person but for the writing over; their words, and the tables out of which they were taken."""
    with session(actor, patient=True) as s:
        seeing_withdrawn(s)
        traces = traces_of(s, person_id)
    cleared = clear_elsewhere(traces, actor)
    remove_given(person_id)
    with session(actor, patient=True) as s:
        seeing_withdrawn(s)
        erase_rows(s, person_id, "withdrew", traces, by=actor)
    return traces.words, cleared.tables
