"""Talks with residents: how long, of which kind, in which way, and what both agreed comes next.

A talk is never late: ``next_on`` is a day that two people agreed on, and no clock runs against it. What was said is for
the casework roles alone, and goes when the retention clock says so.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import places_of_place
from abcd.core.clock import today
from abcd.db.audit import for_edit, once, record
from abcd.db.naming import called
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Conversation, Person, Place
from abcd.errors import BadRequest, NotFound
from abcd.people.actions import GROUNDS, association_of
from abcd.people.drafts import Grounds
from abcd.people.queries import in_scope, person
from abcd.people.records import PersonRecord
from abcd.people.talks import EDITABLE, ConversationDraft, ConversationRecord, NextConversation, checked

__all__ = [
    "ConversationDraft", "ConversationRecord", "NextConversation", "add_conversation", "conversations_of",
    "edit_conversation", "next_conversations",
]  # fmt: skip

RECORD = tuple(ConversationRecord.__dataclass_fields__)
#: With whom nobody talks any more.
GONE = ("anonymised", "withdrawn")


def conversations_of(s: Session, person_id: UUID) -> list[ConversationRecord]:
    """The talks with one person, the latest first.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not read what was talked about.
    """
    require(actor_of(s), "view", "conversation")
    person(s, person_id)
    wanted = select(*(getattr(Conversation, name) for name in RECORD)).where(Conversation.person_id == person_id)
    latest = wanted.order_by(Conversation.held_on.desc(), Conversation.created_at.desc())
    return [ConversationRecord(**{**row._mapping, "themes": tuple(row.themes)}) for row in s.execute(latest)]


def next_conversations(s: Session, place_ids: Sequence[UUID]) -> list[NextConversation]:
    """Whom somebody agreed to talk with next in these places, by that day.

    It is the latest talk with each that counts: whoever was met since and agreed on nothing is not in the list.

    Raises:
        NotAllowed: whoever asks may not see talks.
    """
    require(actor_of(s), "view", "conversation")
    talks = select(Conversation.held_on, Conversation.next_on).where(Conversation.person_id == Person.id)
    last = talks.order_by(Conversation.held_on.desc(), Conversation.created_at.desc()).limit(1).lateral("last")
    here = (Person.place_id.in_(place_ids), in_scope(s), Person.status.not_in(GONE), last.c.next_on.is_not(None))
    columns = (Person.id, Person.preferred_name, called(Place), last.c.next_on, last.c.held_on)
    wanted = select(*columns).join(Place, Place.id == Person.place_id).join(last, true()).where(*here)
    by_day = wanted.order_by(last.c.next_on, func.lower(Person.preferred_name), Person.id)
    return [NextConversation(*row) for row in s.execute(by_day)]


def add_conversation(
    s: Session, person_id: UUID, draft: ConversationDraft, *, by: Actor, key: str | None = None
) -> UUID:
    """Write down a talk; its id. ``key`` makes a second press of the button do nothing.

    Raises:
        BadRequest: something is missing or cannot be.
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not write talks down, or not there.
    """
    someone = _require(s, by, "add", person_id)
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add(s, someone, draft, by))})
    return UUID(done["id"])


def _add(s: Session, someone: PersonRecord, draft: ConversationDraft, by: Actor) -> UUID:
    told = {name: value for name, value in asdict(draft).items() if name in EDITABLE}
    values = checked(told | {"held_on": draft.held_on or today()})
    grounds = (draft.grounds or _own_grounds(someone)).checked()
    new = uuid4()
    s.add(Conversation(id=new, person_id=someone.id, organisation_id=association_of(by), held_by=by.name,
                       **values, **{name: getattr(grounds, name) for name in GROUNDS}))  # fmt: skip
    s.flush()
    record(s, "add_conversation", "person", someone.id, by=by)
    return new


def edit_conversation(
    s: Session,
    conversation_id: UUID,
    changes: dict[str, Any],
    *,
    version: int | None,
    by: Actor,
    key: str | None = None,
) -> None:
    """Mend what was written down of a talk.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not mend talks, or not there.
    """
    require(by, "edit", "conversation")
    whose = s.scalar(select(Conversation.person_id).where(Conversation.id == conversation_id))
    if whose is None:
        raise NotFound("There is no such conversation.")
    _require(s, by, "edit", whose)
    once(s, key or str(uuid4()), by, lambda: _edit(s, conversation_id, changes, version, by))


def _edit(s: Session, conversation_id: UUID, changes: dict[str, Any], version: int | None, by: Actor) -> dict[str, Any]:
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    row = for_edit(s, Conversation, conversation_id, version, changes)
    whole = {name: getattr(row, name) for name in EDITABLE} | changes
    for name, value in checked(whole).items():
        setattr(row, name, value)
    s.flush()
    record(s, "edit_conversation", "person", row.person_id, by=by, after={"changed": sorted(changes)})
    return {"id": str(conversation_id)}


def _own_grounds(someone: PersonRecord) -> Grounds:
    kept = Grounds(someone.purpose, someone.lawful_basis, someone.consent_on, someone.source)
    return replace(kept, source="the person, in conversation")


def _require(s: Session, by: Actor, verb: str, person_id: UUID) -> PersonRecord:
    """The person, for whoever may do this where they belong."""
    require(by, verb, "conversation")
    someone = person(s, person_id)
    if by.places:
        require(by, verb, "conversation", places_of_place(s, someone.place_id))
    return someone
