"""People by id, by place, and those a new one might be. The database shows only what this session may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.access.scope import in_own_places
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import HOME_KINDS, NOTE_KINDS, Person, PersonNote, PersonOffer, Place
from abcd.errors import NotFound
from abcd.people.drafts import PersonDraft
from abcd.people.records import NoteRecord, PersonLine, PersonRecord

#: How many gifts stand beside a name in a list.
SHOWN_GIFTS = 3
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


def people_here(
    s: Session, place_id: UUID | None = None, named: str = "", start: int = 0, limit: int = 50
) -> list[PersonLine]:
    """A page of the people of a place, or of everywhere, by place and name, each with what they have to give.

    Gifts are told to roles that read what people said. Nothing else sorts or filters them but ``named``, a part of the
    name: nobody is ranked (product rule R2).

    Raises:
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    wanted = [in_scope(s), Person.status != "anonymised"]
    wanted += [Person.place_id == place_id] if place_id else []
    wanted += [func.lower(Person.preferred_name).contains(named.strip().lower(), autoescape=True)] if named else []
    told = [_gifts()] if can(actor_of(s), "view", "person_note") else []
    found = _with_place(LINE).add_columns(*told).where(*wanted)
    ordered = found.order_by(called(Place), Place.id, func.lower(Person.preferred_name), Person.id)
    rows = (dict(row._mapping) for row in s.execute(ordered.offset(start).limit(limit)))
    return [PersonLine(**row | {"gifts": tuple(row.get("gifts", ()))}) for row in rows]


def _gifts() -> ColumnElement[Any]:
    """What a person offers, in their own words: the three said first."""
    theirs = select(PersonOffer.own_words).where(
        PersonOffer.person_id == Person.id, PersonOffer.state.in_(("waiting", "taken_up"))
    )
    first = theirs.order_by(PersonOffer.said_on, PersonOffer.created_at).limit(SHOWN_GIFTS)
    return func.array(first.scalar_subquery()).label("gifts")


def homes(s: Session) -> list[tuple[UUID, str, str]]:
    """(id, name, kind) of the patches and estates to which whoever asks may say that somebody belongs, by name."""
    standing = Place.kind.in_(HOME_KINDS) & Place.end_date.is_(None)
    rows = s.execute(select(Place.id, called(Place), Place.kind).where(standing, in_own_places(actor_of(s), Place.id)))
    return sorted(((row.id, row.name, row.kind) for row in rows), key=lambda one: (one[1].lower(), one[2], str(one[0])))


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
    return in_own_places(actor_of(s), Person.place_id)


def _countable() -> ColumnElement[bool]:
    return Person.safety_risk.is_(False) & (Person.status != "anonymised")


def _digits(words: Any) -> ColumnElement[str]:
    return func.regexp_replace(words, r"^(\+44\s*(\(0\))?|0)|\D", "", "g")


def _with_place(names: tuple[str, ...]) -> Select[Any]:
    columns = [getattr(Person, name) for name in names]
    return select(*columns, called(Place).label("place_name")).join(Place, Place.id == Person.place_id)
