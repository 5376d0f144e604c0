"""People by id, by place, and those a new one might be. The database shows only what this session may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.session import actor_of
from abcd.db.tables import NOTE_KINDS, Person, PersonNote, Place
from abcd.errors import NotFound
from abcd.people.drafts import PersonDraft
from abcd.people.records import NoteRecord, PersonLine, PersonRecord

UNKNOWN = "There is no such person."
RECORD = tuple(name for name in PersonRecord.__dataclass_fields__ if name != "place_name")
LINE = ("id", "preferred_name", "contact_route", "status", "retention_review_on")
NOTE = tuple(NoteRecord.__dataclass_fields__)


def person(s: Session, person_id: UUID) -> PersonRecord:
    """One person.

    Raises:
        NotFound: there is no such person, or not for whoever asks: the two look the same.
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    wanted = _with_place(RECORD).where(Person.id == person_id, in_scope(s))
    row = s.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(UNKNOWN)
    return PersonRecord(**row._mapping)


def people(s: Session, place_id: UUID | None = None) -> list[PersonLine]:
    """The people of a patch or estate, or of the whole association, by name; those made anonymous are left out.

    Raises:
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    here = Person.place_id == place_id if place_id else true()
    wanted = _with_place(LINE).where(here, in_scope(s), Person.status != "anonymised")
    return [PersonLine(**row._mapping) for row in s.execute(wanted.order_by(func.lower(Person.preferred_name)))]


def notes_of(s: Session, person_id: UUID) -> list[NoteRecord]:
    """What a person said: gifts and hopes first, worries last.

    Raises:
        NotFound: as ``person``.
        NotAllowed: whoever asks may not read what people said.
    """
    require(actor_of(s), "view", "person_note")
    person(s, person_id)
    first = case({kind: at for at, kind in enumerate(NOTE_KINDS)}, value=PersonNote.kind)
    columns = [getattr(PersonNote, name) for name in NOTE]
    wanted = select(*columns).where(PersonNote.person_id == person_id).order_by(first, PersonNote.said_on.desc())
    return [NoteRecord(**row._mapping) for row in s.execute(wanted)]


def number_of_people(s: Session, place_id: UUID | None = None) -> int:
    """How many people belong to a place, or to the association: for the team's own eyes, not to be published so.

    Nobody marked as a safety risk is counted, whoever asks, so that two people's figures never differ by one.
    """
    here = Person.place_id == place_id if place_id else true()
    counted = select(func.count()).select_from(Person).where(here, in_scope(s), _countable())
    return int(s.scalar(counted) or 0)


def might_be_same(s: Session, draft: PersonDraft) -> list[PersonLine]:
    """People whom ``draft`` might mean: the same telephone, the same e-mail, or the same name in the same place.

    Nobody marked as a safety risk is ever among them.
    """
    require(actor_of(s), "view", "person")
    same = [
        (Person.place_id == draft.place_id)
        & (func.lower(Person.preferred_name) == draft.preferred_name.strip().lower()),
        func.lower(Person.email) == draft.email.strip().lower() if draft.email.strip() else false(),
        _digits(Person.phone) == _digits(draft.phone) if draft.phone.strip() else false(),
    ]
    found = s.execute(_with_place(LINE).where(or_(*same), in_scope(s), _countable()))
    return [PersonLine(**row._mapping) for row in found]


def in_scope(s: Session) -> ColumnElement[bool]:
    """The people of the places that whoever asks is scoped to; all of them for an account without places."""
    places = actor_of(s).places
    return Person.place_id.in_([UUID(place) for place in places]) if places else true()


def _countable() -> ColumnElement[bool]:
    return Person.safety_risk.is_(False) & (Person.status != "anonymised")


def _digits(words: Any) -> ColumnElement[str]:
    return func.regexp_replace(words, r"^(\+44\s*(\(0\))?|0)|\D", "", "g")


def _with_place(names: tuple[str, ...]) -> Select[Any]:
    columns = [getattr(Person, name) for name in names]
    return select(*columns, Place.name.label("place_name")).join(Place, Place.id == Person.place_id)
