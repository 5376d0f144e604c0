"""Add, edit and confirm people, and write down what they said. The trail learns which fields, never what they say."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import places_of_place
from abcd.core.clock import today
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import Person, PersonNote
from abcd.errors import BadRequest, NotAllowed
from abcd.people.clock import review_after
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft, checked_values
from abcd.people.queries import person
from abcd.people.records import PersonRecord

GROUNDS = ("purpose", "lawful_basis", "consent_on", "source")
EDITABLE = frozenset((
    "place_id", "preferred_name", "phone", "email", "contact_route", "language", "comms_needs", "adult_confirmed",
    "safety_risk", "roles", "speaks", "access_needs", "max_walk_minutes", "wants_alike", *GROUNDS,
))  # fmt: skip


def add_person(s: Session, draft: PersonDraft, *, by: Actor, key: str | None = None) -> PersonRecord:
    """A new person of ``by``'s association; ``key`` makes a second press of the button do nothing.

    Raises:
        BadRequest: something is missing or cannot be.
        NotAllowed: ``by`` may not add people, not there, not such, or belongs to no association.
    """
    _require(s, by, "add", draft.place_id)
    if draft.safety_risk:
        require(by, "see_safety_risk", "person")
    return _saved(s, key, by, lambda: _add(s, draft, by))


def _add(s: Session, draft: PersonDraft, by: Actor) -> UUID:
    grounds = draft.grounds.checked()
    columns = {name: getattr(draft, name) for name in EDITABLE if name not in GROUNDS}
    values = checked_values(s, columns) | {name: getattr(grounds, name) for name in GROUNDS}
    new = uuid4()
    row = Person(id=new, organisation_id=association_of(by), **values, **_confirmed(today()))
    s.add(row)
    s.flush()
    record(s, "add", "person", new, by=by)
    return new


def edit_person(
    s: Session, person_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> PersonRecord:
    """Change named columns of a person.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not edit people, or not there; only a named role marks a safety risk.
    """
    _require(s, by, "edit", person(s, person_id).place_id, changes.get("place_id"))
    if "safety_risk" in changes:
        require(by, "see_safety_risk", "person")
    return _saved(s, key, by, lambda: _edit(s, person_id, dict(changes), version, by))


def _edit(s: Session, person_id: UUID, changes: dict[str, Any], version: int | None, by: Actor) -> UUID:
    unknown = set(changes) - EDITABLE
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    values = checked_values(s, changes)
    row = for_edit(s, Person, person_id, version, values)
    if row.status == "anonymised":
        raise BadRequest("This record was made anonymous. If the person comes back, add them anew.")
    for name, value in values.items():
        setattr(row, name, value)
    Grounds(row.purpose, row.lawful_basis, row.consent_on, row.source).checked()
    s.flush()
    record(s, "edit", "person", person_id, by=by, after={"changed": sorted(values)})
    return person_id


def confirm_person(
    s: Session, person_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> PersonRecord:
    """The person said today that what we keep is still right: the retention clock begins anew.

    Raises:
        BadRequest, Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person``.
    """
    _require(s, by, "edit", person(s, person_id).place_id)
    return _saved(s, key, by, lambda: _confirm(s, person_id, version, by))


def _confirm(s: Session, person_id: UUID, version: int | None, by: Actor) -> UUID:
    told = _confirmed(today()) | {"status": "active"}
    row = for_edit(s, Person, person_id, version, told)
    if row.status == "anonymised":
        raise BadRequest("This record was made anonymous. If the person comes back, add them anew.")
    for name, value in told.items():
        setattr(row, name, value)
    s.flush()
    record(s, "confirm", "person", person_id, by=by)
    return person_id


def add_note(s: Session, person_id: UUID, draft: NoteDraft, *, by: Actor, key: str | None = None) -> UUID:
    """Write down what a person said; returns the note's id.

    Raises:
        BadRequest: no words, or no grounds to keep them.
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not write notes, or not there.
    """
    require(by, "add", "person_note")
    _require(s, by, "edit", person(s, person_id).place_id)
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add_note(s, person_id, draft.checked(), by))})
    return UUID(done["id"])


def _add_note(s: Session, person_id: UUID, draft: NoteDraft, by: Actor) -> UUID:
    new, grounds = uuid4(), {name: getattr(draft.grounds, name) for name in GROUNDS}
    s.add(PersonNote(id=new, person_id=person_id, organisation_id=association_of(by), kind=draft.kind,
                     words=draft.words, said_on=draft.said_on, **grounds))  # fmt: skip
    s.flush()
    record(s, "add_note", "person", person_id, by=by)
    return new


def association_of(by: Actor) -> UUID:
    """The association that ``by`` works for.

    Raises:
        NotAllowed: none; people belong to an association, so nobody else may add or see them.
    """
    if not by.organisation_id:
        raise NotAllowed("Your account belongs to no association, so it sees no people. Ask an owner to set it.")
    return UUID(by.organisation_id)


def _confirmed(day: date) -> dict[str, Any]:
    return {"confirmed_on": day, "retention_review_on": review_after(day)}


def _require(s: Session, by: Actor, verb: str, *places: object) -> None:
    """Let ``by`` through to people of these places."""
    require(by, verb, "person")
    for place in places if by.places else ():
        if place is not None:
            require(by, verb, "person", places_of_place(s, UUID(str(place))))


def _saved(s: Session, key: str | None, by: Actor, act: Callable[[], UUID]) -> PersonRecord:
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(act())})
    return person(s, UUID(done["id"]))
