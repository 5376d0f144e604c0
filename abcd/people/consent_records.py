"""How consents stand: every yes of a person and what became of it, and whom to ask again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from abcd.access import require
from abcd.core.clock import today
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import Consent, ConsentWithdrawn, Conversation, Person, Place
from abcd.errors import NotFound
from abcd.people.queries import in_scope, person

ASK_AGAIN_DAYS = 60
"""So long before its end a yes is on the list of those to ask again."""
LEFT_ON_LIST_DAYS = 180
"""So long after its end it stays there; then silence was the answer."""


@dataclass(frozen=True, repr=False)
class ConsentRecord:
    """A yes as it was said, and what became of it; ``told`` are the words they heard, in the language in use."""

    id: UUID
    person_id: UUID
    purpose: str
    controllers: tuple[str, ...]
    wording_version: int
    given_on: date
    how: str
    recorded_by: str
    expires_on: date
    withdrawn_on: date | None
    withdrawn_how: str | None
    by_self: bool | None

    def __repr__(self) -> str:
        return f"ConsentRecord({self.id})"

    @property
    def holds(self) -> bool:
        """Whether it holds today."""
        return self.withdrawn_on is None and self.given_on <= today() < self.expires_on


@dataclass(frozen=True, repr=False)
class Expiring:
    """A yes that ends soon or has ended, of somebody who has not been asked again; ``next_on`` is the next talk."""

    consent_id: UUID
    person_id: UUID
    preferred_name: str
    place_name: str
    purpose: str
    controllers: tuple[str, ...]
    expires_on: date
    next_on: date | None

    def __repr__(self) -> str:
        return f"Expiring({self.consent_id})"

    @property
    def is_over(self) -> bool:
        """Whether it has ended, so that nothing is done with it any more."""
        return self.expires_on <= today()


def consent(s: Session, consent_id: UUID) -> ConsentRecord:
    """One yes.

    Raises:
        NotFound: there is none, or not for whoever asks.
        NotAllowed: whoever asks may not look at what people agreed to.
    """
    require(actor_of(s), "view", "consent")
    found = s.execute(_records().where(Consent.id == consent_id)).one_or_none()
    if found is None:
        raise NotFound("This consent is not on record.")
    person(s, found.person_id)
    return _record(found)


def consents_of(s: Session, person_id: UUID) -> list[ConsentRecord]:
    """Everything that a person ever agreed to, the latest first.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not look at what people agreed to.
    """
    require(actor_of(s), "view", "consent")
    person(s, person_id)
    of_person = _records().where(Consent.person_id == person_id)
    rows = s.execute(of_person.order_by(Consent.given_on.desc(), Consent.created_at.desc(), Consent.id))
    return [_record(row) for row in rows]


def holding(found: Sequence[ConsentRecord]) -> dict[str, ConsentRecord]:
    """Of these the yes that holds longest today, by purpose; ``sharing`` has one for each set of names, not here."""
    held = sorted((one for one in found if one.holds and one.purpose != "sharing"), key=lambda one: one.expires_on)
    return {one.purpose: one for one in held}


def expiring(
    s: Session, within_days: int = ASK_AGAIN_DAYS, limit: int | None = None, place_ids: Sequence[UUID] | None = None
) -> list[Expiring]:
    """Whose yes ends within so many days or ended in the last half year, the earliest end first: whom to ask again.

    Not whoever took it back, and not whoever has said the same yes again for longer. ``limit`` is how many at most,
    ``place_ids`` whose people (default: all that whoever asks has).

    Raises:
        NotAllowed: whoever asks may not look at what people agreed to.
    """
    require(actor_of(s), "view", "consent")
    day = today()
    is_due = Consent.expires_on.between(day - timedelta(LEFT_ON_LIST_DAYS), day + timedelta(within_days))
    talk = select(Conversation.next_on).where(Conversation.person_id == Person.id, Conversation.next_on >= day)
    wanted = (
        select(
            Consent.id.label("consent_id"), Consent.person_id, Person.preferred_name, called(Place).label("place_name"),
            Consent.purpose, Consent.controllers, Consent.expires_on,
            talk.order_by(Conversation.next_on).limit(1).correlate(Person).scalar_subquery().label("next_on"),
        )
        .join(Person, Person.id == Consent.person_id)
        .join(Place, Place.id == Person.place_id)
        .where(is_due, ~_is_withdrawn(), ~_said_again(), Person.status != "anonymised", in_scope(s))
    )  # fmt: skip
    wanted = wanted if place_ids is None else wanted.where(Person.place_id.in_(place_ids))
    rows = s.execute(wanted.order_by(Consent.expires_on, Person.preferred_name, Consent.id).limit(limit))
    return [Expiring(**dict(row._mapping) | {"controllers": tuple(row.controllers)}) for row in rows]


def _is_withdrawn() -> ColumnElement[bool]:
    return exists().where(ConsentWithdrawn.consent_id == Consent.id)


def _said_again() -> ColumnElement[bool]:
    """Whether a later answer stands beside this one: a yes that lasts longer, or a no after it."""
    later = aliased(Consent)
    same = and_(later.person_id == Consent.person_id, later.purpose == Consent.purpose, later.id != Consent.id)
    covers = later.controllers.contains(Consent.controllers)
    return exists().where(same, covers, later.expires_on > Consent.expires_on)


def _records() -> Select[Any]:
    names = ("id", "person_id", "purpose", "controllers", "wording_version", "given_on", "how", "recorded_by",
             "expires_on")  # fmt: skip
    taken = (ConsentWithdrawn.withdrawn_on, ConsentWithdrawn.how.label("withdrawn_how"), ConsentWithdrawn.by_self)
    columns = [getattr(Consent, name) for name in names]
    return select(*columns, *taken).outerjoin(ConsentWithdrawn, ConsentWithdrawn.consent_id == Consent.id)


def _record(row: Any) -> ConsentRecord:
    return ConsentRecord(**dict(row._mapping) | {"controllers": tuple(row.controllers)})
